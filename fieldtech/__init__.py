"""The core of Fieldtech: everything that is not a window. Nothing here imports Qt."""

__version__ = "0.1.0"
