"""The painted map: base, pins, clusters, pan and zoom."""
