"""A laptop without a store: signs in, fetches pages as they travel, and writes notes.

It brings what the physical limit is measured with, the very bytes of a pull, and makes changes
for the measured laptop to fetch.
"""

from __future__ import annotations

import json
import uuid
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import requests

from fieldtech.clock import SystemClock
from fieldtech.protocol.codec import body_bytes, digest, to_stamp
from fieldtech.protocol.uuid7 import uuid7
from fieldtech.protocol.wire import APPLIED, MAX_OPS, MAX_PULL_ROWS, PROTOCOL, Envelope

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GZIP_WINDOW = 31
PATIENCE_S = 120
OPEN_STATES = frozenset({"acknowledged", "in_progress"})


class BareLaptop:
    """Speaks the wire for one user; remembers its cursor and which open incidents it has seen."""

    def __init__(self, url: str, user: str) -> None:
        self._url = url
        self._clock = SystemClock()
        self._device = str(uuid.uuid4())
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers["Fieldtech-Protocol"] = str(PROTOCOL)
        self._session.headers["Fieldtech-Device"] = self._device
        told = self._post(
            "/v1/session",
            {
                "user": user,
                "password": f"{user}-demo-1",
                "device_id": self._device,
                "device_name": "bench",
            },
        )
        self._session.headers["Authorization"] = f"Bearer {told['access_token']}"
        self._epoch = told["epoch"]
        self._cursor: dict[str, int] = {}
        self._next_n = 1
        self.incidents: list[str] = []

    def fetch(self, file: Path) -> int:
        """Pull everything new; write the bodies as they came to ``file`` and return its size."""
        with file.open("wb") as kept:
            return sum(kept.write(packed) for packed in self.pages())

    def pages(self) -> Iterator[bytes]:
        """Pull everything new; yield each page as it came."""
        more = True
        while more:
            packed = self._page()
            lines = zlib.decompress(packed, GZIP_WINDOW).splitlines()
            end = json.loads(lines[-1])[1]
            self._cursor, more = end["cursor"], end["more"]
            self._note_incidents(lines[1:-1])
            yield packed

    def write_notes(self, count: int, text: str) -> None:
        """Put a note on each of ``count`` open incidents, always the same ones."""
        chosen = self.incidents[:count]
        if len(chosen) < count:
            raise LookupError(f"only {len(chosen)} open incidents")
        for first in range(0, count, MAX_OPS):
            told = self._post(
                "/v1/sync/push",
                {
                    "device_id": self._device,
                    "epoch": self._epoch,
                    "ops": [self._note(each, text) for each in chosen[first : first + MAX_OPS]],
                },
            )
            refused = [each for each in told["results"] if each["status"] != APPLIED]
            if refused:
                raise RuntimeError(f"a note was not applied: {refused[0]}")

    def _page(self) -> bytes:
        """One page, still packed; tiny ones come unpacked and are packed here."""
        body = {
            "device_id": self._device,
            "epoch": self._epoch,
            "cursor": self._cursor,
            "limit": MAX_PULL_ROWS,
        }
        with self._session.post(
            f"{self._url}/v1/sync/pull", json=body, stream=True, timeout=PATIENCE_S
        ) as reply:
            reply.raise_for_status()
            raw: bytes = reply.raw.read(decode_content=False)
            if reply.headers.get("Content-Encoding") == "gzip":
                return raw
        packer = zlib.compressobj(wbits=GZIP_WINDOW)
        return packer.compress(raw) + packer.flush()

    def _note_incidents(self, lines: list[bytes]) -> None:
        known = set(self.incidents)
        for line in lines:
            if not line.startswith(b'["put"'):
                continue
            _, _, _, entity, entity_id, _, body = json.loads(line)
            if entity == "incident" and body.get("state") in OPEN_STATES and entity_id not in known:
                self.incidents.append(entity_id)

    def _note(self, incident_id: str, text: str) -> dict[str, Any]:
        now, target, args = self._clock.now(), f"incident:{incident_id}", {"text": text}
        moment = to_stamp(now)
        envelope = Envelope(
            n=self._next_n,
            op_id=uuid7(now),
            v=1,
            cmd="incident.note",
            target=target,
            occurred_at=moment,
            sha256=digest(body_bytes("incident.note", target, moment, args)),
            args=args,
            wall=moment,
        )
        self._next_n += 1
        return asdict(envelope)

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        reply = self._session.post(self._url + path, json=body, timeout=PATIENCE_S)
        if not reply.ok:
            raise RuntimeError(f"{path}: {reply.status_code} {reply.text[:500]}")
        return reply.json()
