"""The trade's rules as pure functions and values, on the standard library alone."""
