"""One file a probe: what it asks, how it reads the answer, what it gives the checklist."""
