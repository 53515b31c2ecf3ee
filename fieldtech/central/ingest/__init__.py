"""Taking in the sealed package of a laptop that cannot synchronise any more."""
