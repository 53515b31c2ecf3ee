"""The history of the central's schema, one file a step."""
