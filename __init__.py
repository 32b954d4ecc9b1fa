"""gongkai: figures of Chinese information-disclosure annual reports, each with its evidence."""

__version__ = "0.1.0"
