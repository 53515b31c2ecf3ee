"""The black box of a laptop of a test, written record by record, and its packages taken in."""

from __future__ import annotations

import itertools
import json
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from central_desk import note
from nacl.signing import SigningKey

from fieldtech.central.ingest import command
from fieldtech.central.seal import ensure_seal_key, seal_key
from fieldtech.protocol import wire
from fieldtech.protocol.black_box import FORMAT, KeptCommand, Manifest, write_package
from fieldtech.protocol.codec import decode, encode
from fieldtech.protocol.sealing import Kind, Recipients, Record, public_text, seal, sign
from fieldtech.protocol.wire import Envelope

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest
    from central_desk import Laptop

AT = "2026-11-04T15:00:00Z"
Told = dict[str, Any]


class Journal:
    """The black box of a laptop, and the central that takes its packages in."""

    def __init__(self, laptop: Laptop, folder: Path, *, registered: bool = True) -> None:
        self.laptop, self.folder = laptop, folder
        self.signer = SigningKey.generate()
        ensure_seal_key(laptop.desk.database, folder)
        central = seal_key(laptop.desk.database, folder).public_key
        self._recipients = Recipients(b"l" * 32, central)
        self._records: list[bytes] = []
        self._names = itertools.count(1)
        if registered:
            asked = wire.HelloRequest(
                device_id=laptop.device_id,
                app="test",
                schema=1,
                next_n=laptop.next_n,
                sign_key=public_text(self.signer),
            )
            assert laptop.post("/v1/sync/hello", asked).status_code == 200

    def keep(self, op: Told, signer: SigningKey | None = None) -> Told:
        """Write a command down."""
        envelope = decode(encode(op), Envelope)
        body = KeptCommand(envelope=envelope, incident_id="inc-1", made_at=1.0)
        record = Record(
            kind=Kind.COMMAND,
            device_id=self.laptop.device_id,
            at=AT,
            n=envelope.n,
            op_id=envelope.op_id,
            sha256=envelope.sha256,
        )
        self._records.append(seal(record, encode(body), self._recipients, signer or self.signer))
        return op

    def note(self, text: str, signer: SigningKey | None = None) -> str:
        return str(self.keep(note(self.laptop, text), signer)["op_id"])

    def take_back(self, op_id: str, signer: SigningKey | None = None) -> None:
        """Write down that the database did not take a command."""
        record = Record(kind=Kind.ABORT, device_id=self.laptop.device_id, at=AT, op_ids=(op_id,))
        self._records.append(sign(record, signer or self.signer))

    def forget(self) -> None:
        """Begin an empty journal."""
        self._records.clear()

    def ingest(self, capsys: pytest.CaptureFixture[str]) -> tuple[int, Told]:
        """Pack everything so far and take it in."""
        segment = self.folder / "000001.ftj"
        segment.write_bytes(b"".join(self._records))
        package = self.folder / f"{next(self._names)}.fieldtech"
        manifest = Manifest(
            format=FORMAT,
            app="test",
            made_at=AT,
            device_ids=(self.laptop.device_id,),
            records=len(self._records),
            segments=1,
            blobs=0,
        )
        with package.open("wb") as target:
            write_package(target, manifest, [segment], [])
        parser = ArgumentParser()
        command.add_arguments(parser)
        args = parser.parse_args([str(package), "--keys", str(self.folder)])
        args.data = None
        return self._run(capsys, args, command.run)

    def review(self, capsys: pytest.CaptureFixture[str], action: str) -> tuple[int, Told]:
        """What an operator does with what waits of this laptop."""
        device = "" if action == "list" else self.laptop.device_id
        return self._run(capsys, Namespace(action=action, device=device), command.run_review)

    def _run(
        self, capsys: pytest.CaptureFixture[str], args: Namespace, work: Callable[..., int]
    ) -> tuple[int, Told]:
        capsys.readouterr()
        code = work(args, self.laptop.desk.database, self.laptop.desk.clock)
        return code, json.loads(capsys.readouterr().out)
