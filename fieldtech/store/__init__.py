"""The laptop's encrypted store: mirror, outbox, drafts, search and migrations."""
