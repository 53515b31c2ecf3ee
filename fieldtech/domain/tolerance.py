"""What two sound clocks may differ by, where rules and screens both have to say so."""

from datetime import timedelta

CLOCK_TOLERANCE = timedelta(seconds=120)
"""How far two sound clocks may differ before a time counts as lying in the future."""
