"""Plain measurements inside the lab, independent of the product: ``probes.py WHAT WORDS…``.

A program of its own, with the standard library alone; each prints one JSON value. They are what the
lab is judged by, so they read as little into an answer as possible.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import select
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Any

_IP_MTU_DISCOVER = 10
_IP_MTU = 14
_IP_PMTUDISC_DO = 2
_IP_PMTUDISC_PROBE = 3
_PRIORITY = 40
_STAMP = struct.Struct("!Id")


def echo(address: str, port: str) -> None:
    """Answer every datagram with its first bytes and the time of its arrival, until killed."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, int(port)))
        while True:
            data, sender = server.recvfrom(65535)
            server.sendto(data[: _STAMP.size] + struct.pack("!d", time.monotonic()), sender)


def stream(address: str, port: str, count: str, interval_ms: str, size: str) -> dict[str, Any]:
    """Send numbered datagrams at a steady pace; for each that came back its number and times.

    The namespaces share a clock, so the times of both ways are in seconds of the same one.
    """
    begin, interval = time.monotonic() + 0.05, float(interval_ms) / 1000
    filling = bytes(max(0, int(size) - _STAMP.size))
    back: list[tuple[int, float, float, float]] = []
    number, end = 0, begin + int(count) * interval + 1.0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        client.connect((address, int(port)))
        while len(back) < int(count):
            now = time.monotonic()
            due = begin + number * interval if number < int(count) else end
            if number == int(count) and now >= end:
                break
            if select.select([client], [], [], max(0.0, due - now))[0]:
                with contextlib.suppress(ConnectionError):
                    data = client.recv(65535)
                    their, sent = _STAMP.unpack_from(data)
                    (arrived,) = struct.unpack_from("!d", data, _STAMP.size)
                    back.append((their, sent, arrived, time.monotonic()))
            elif number < int(count):
                client.send(_STAMP.pack(number, time.monotonic()) + filling)
                number += 1
    return {"sent": number, "back": back}


def burst(address: str, port: str, count: str, size: str) -> dict[str, Any]:
    """Send datagrams as fast as the system takes them; nobody need answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        # Not connected: that nobody is there must not stop what is sent.
        for _ in range(int(count)):
            client.sendto(bytes(int(size)), (address, int(port)))
    return {"sent": int(count)}


def options(address: str, port: str) -> dict[str, Any]:
    """Ask a SIP server for its OPTIONS, once; the reply as text, or None within two seconds."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(2.0)
        client.connect((address, int(port)))
        own, own_port = client.getsockname()
        lines = (
            f"OPTIONS sip:lab@{address}:{port} SIP/2.0",
            f"Via: SIP/2.0/UDP {own}:{own_port};branch=z9hG4bKlab{own_port};rport",
            "Max-Forwards: 70",
            f"From: <sip:lab@{own}>;tag=lab",
            f"To: <sip:lab@{address}>",
            f"Call-ID: lab-{own_port}@{own}",
            "CSeq: 1 OPTIONS",
            f"Contact: <sip:lab@{own}:{own_port}>",
            "Content-Length: 0",
        )
        client.send("\r\n".join((*lines, "", "")).encode())
        try:
            reply = client.recv(65535).decode()
        except (TimeoutError, ConnectionError):
            return {"own": own, "reply": None}
    return {"own": own, "reply": reply}


def question(server: str, name: str) -> dict[str, Any]:
    """Ask a DNS server for a name's IPv4 addresses, once (RFC 1035); ``rcode`` None is silence."""
    labels = b"".join(bytes([len(part)]) + part.encode() for part in name.split("."))
    query = struct.pack("!6H", 0x5A5A, 0x0100, 1, 0, 0, 0) + labels + b"\0" + b"\0\1\0\1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(1.5)
        client.connect((server, 53))
        client.send(query)
        try:
            reply = client.recv(65535)
        except (TimeoutError, ConnectionError):
            return {"rcode": None, "addresses": []}
    answers = struct.unpack_from("!H", reply, 6)[0]
    # Every answer of this kind ends with its address, and names the question by a pointer.
    records = [reply[len(query) + 16 * n :][:16] for n in range(answers)]
    return {"rcode": reply[3] & 15, "addresses": [socket.inet_ntoa(r[12:]) for r in records]}


def packet(address: str, port: str, length: str) -> dict[str, Any]:
    """Send one UDP packet of so many bytes (IP header included) that must not be cut.

    Whether its arrival was answered, and the path MTU as the system knows it afterwards.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _IP_PMTUDISC_PROBE)
        client.settimeout(0.7)
        client.connect((address, int(port)))
        client.send(bytes(int(length) - 28))
        error, came = None, False
        try:
            came = bool(client.recv(65535))
        except TimeoutError:
            error = "silence"
        except OSError as problem:
            error = problem.strerror
        client.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _IP_PMTUDISC_DO)
        mtu = client.getsockopt(socket.IPPROTO_IP, _IP_MTU)
    return {"came": came, "error": error, "mtu": mtu}


def get(address: str, path: str) -> dict[str, Any]:
    """GET a page of a web server on port 80."""
    connection = http.client.HTTPConnection(address, 80, timeout=3)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode(errors="replace")
    except OSError as problem:
        return {"status": None, "error": str(problem)}
    finally:
        connection.close()
    return {"status": answer.status, "location": answer.getheader("Location"), "body": body}


def main() -> None:
    """Do what the command line says."""
    known: tuple[Callable[..., object], ...] = (
        echo,
        stream,
        burst,
        options,
        question,
        packet,
        get,
    )
    by_name = {probe.__name__: probe for probe in known}
    # Measured times must not be those of a busy machine; not everybody may ask for this.
    if sys.platform == "linux":
        with contextlib.suppress(PermissionError):
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
    sys.stdout.write(json.dumps(by_name[sys.argv[1]](*sys.argv[2:])))


if __name__ == "__main__":
    main()
