"""Service sheet and reports to PDF and printer."""
