"""Measurements of a customer's network: a pure parser and a thin runner for each probe."""
