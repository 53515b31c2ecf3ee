"""The core of Fieldtech: everything that is not a window. Nothing here imports Qt."""
