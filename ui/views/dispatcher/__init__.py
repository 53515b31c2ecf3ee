"""The dispatcher's screens: board by region, queue, registration, assignment."""
