"""Annotated reports to and from the formats of other tools, losslessly, with every fault told."""
