"""A deterministic, realistic sample set: values first, written by a thin writer."""
