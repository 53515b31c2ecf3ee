"""What laptop and central share on the wire: dataclasses, error codes, versions."""
