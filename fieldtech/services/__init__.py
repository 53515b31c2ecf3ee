"""Use cases of the desktop; the only door through which a window reaches the core."""
