"""A host that says every second where an address is: ``announcer.py INTERFACE ADDRESS PHASE``.

A program of its own, with the standard library alone. The phase is a part of the second, by a clock
that all namespaces share, so that two of them never speak at the same time.
"""

from __future__ import annotations

import socket
import sys
import threading
import time

_ETH_P_ARP = 0x0806
_BROADCAST = b"\xff" * 6
_ETHERNET_IPV4_REQUEST = bytes.fromhex("0001 0800 06 04 0001")


def announcement(mac: bytes, address: str) -> bytes:
    """Return an ARP announcement as an Ethernet frame (RFC 5227, section 2.3)."""
    own = socket.inet_aton(address)
    header = _BROADCAST + mac + _ETH_P_ARP.to_bytes(2, "big")
    return header + _ETHERNET_IPV4_REQUEST + mac + own + bytes(6) + own


def main() -> None:
    """Announce until killed."""
    interface, address, phase = sys.argv[1], sys.argv[2], float(sys.argv[3])
    if sys.platform != "linux":
        sys.exit("packet sockets need Linux")
    speaker = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ETH_P_ARP))
    speaker.bind((interface, _ETH_P_ARP))
    frame = announcement(speaker.getsockname()[4], address)
    never = threading.Event()
    while not never.wait(1.0 - (time.monotonic() - phase) % 1.0):
        speaker.send(frame)


if __name__ == "__main__":
    main()
