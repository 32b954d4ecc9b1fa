"""Pretrain, train, calibrate, export, evaluate."""
