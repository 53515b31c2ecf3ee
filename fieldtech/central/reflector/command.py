"""``fieldtech-central reflector``: stands at the provider, needs no database, knows nobody."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from fieldtech.central import arguments
from fieldtech.central.reflector.voice import PORT, VoiceReflector

if TYPE_CHECKING:
    from fieldtech.clock import Clock

HTTP_PORT = 8621
DRAIN_S = 1
"""A measurement that is cut short is made again: nobody's work hangs on it."""
MOST_CONNECTIONS = 512
"""Of all together; beyond them the answer is 503. What one address may hold is ``OF_ONE``."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add its arguments; port 0 takes a free one."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--voice-port", type=arguments.port, default=PORT, metavar="PORT")
    parser.add_argument("--http-port", type=arguments.port, default=HTTP_PORT, metavar="PORT")
    parser.add_argument("--verbose", action="store_true", help="log more")


def run(args: argparse.Namespace, clock: Clock) -> bool:
    """Serve until a SIGTERM or SIGINT; tell whether it started.

    The first line of standard output is ``{"url", "pid", "reflector"}`` once it does.
    """
    # Imported here: a mistake in the command line is told before the web framework is loaded.
    from fieldtech.central.reflector.connections import GuardedProtocol
    from fieldtech.central.reflector.web import create_app
    from fieldtech.central.serve import run_server

    with VoiceReflector(clock, host=args.host, port=args.voice_port) as voice:
        shown = f"[{args.host}]" if ":" in args.host else args.host
        return run_server(
            create_app(),
            host=args.host,
            port=args.http_port,
            out=sys.stdout,
            told={"reflector": f"{shown}:{voice.port}"},
            most_connections=MOST_CONNECTIONS,
            http=GuardedProtocol,
            drain_s=DRAIN_S,
        )
