"""The black box: an append-only, sealed journal of every command beside the database."""
