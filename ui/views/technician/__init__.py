"""The technician's screens: agenda, visit, checklist, resolution, sync."""
