"""Item models over service values."""
