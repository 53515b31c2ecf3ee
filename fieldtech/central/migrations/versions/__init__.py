"""Steps of the schema; names begin with their number."""
