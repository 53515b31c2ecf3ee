"""The bytes of files that belong to work: photos, signatures, sheets."""
