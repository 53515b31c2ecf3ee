"""Words on the command line that are read more strictly than ``argparse`` does by itself."""

from __future__ import annotations

import argparse
import ipaddress
from pathlib import Path

from fieldtech.paths import named_folder

_PORTS = 2**16
_LONGEST = 80


def folder(text: str) -> Path:
    """A folder that is named: an empty name would be the present one."""
    return Path(named_folder(text))


def port(text: str) -> int:
    """A port, 0 for a free one."""
    if not (text.isascii() and text.isdigit() and int(text[:6]) < _PORTS):
        raise argparse.ArgumentTypeError(f"not a port: {text!r}")
    return int(text)


def network(text: str) -> str:
    """An address or a network: a name would never be that of whom a request comes from."""
    try:
        ipaddress.ip_network(text)
    except ValueError as problem:
        raise argparse.ArgumentTypeError(f"not an address or a network: {text!r}") from problem
    return text


def line(text: str) -> str:
    """A name as people type it: one line that says something."""
    stripped = text.strip()
    if not (stripped and stripped.isprintable() and len(stripped) <= _LONGEST):
        raise argparse.ArgumentTypeError(f"not a name: {text!r}")
    return stripped
