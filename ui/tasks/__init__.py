"""Where work leaves the event loop: one database worker, a pool, a change announcer."""
