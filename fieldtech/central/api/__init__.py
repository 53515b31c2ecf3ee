"""The HTTP surface: what goes in, what comes out, and how it fails."""
