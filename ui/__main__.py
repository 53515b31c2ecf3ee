"""The ``fieldtech`` command: the window, or a subcommand without Qt."""

from __future__ import annotations

import sys

SUBCOMMANDS = frozenset(
    {"sync", "signin", "signout", "keys", "package", "blackbox", "diagnose", "voice-stream"}
)


def main() -> int:
    """Run a subcommand when the first word names one, else the application.

    Subcommands must start fast and work on a machine without a display, so Qt stays unimported.
    """
    arguments = sys.argv[1:]
    if arguments and arguments[0] in SUBCOMMANDS:
        from fieldtech.cli import main as run_subcommand

        return run_subcommand(arguments)
    from ui.app import Application

    return Application.build(arguments).run()


if __name__ == "__main__":
    sys.exit(main())
