"""Service sheet and reports: data turned into HTML and CSV."""
