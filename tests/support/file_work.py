"""A technician with an incident and files, and a real central that takes them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from fieldtech.secrets import FileStore
from fieldtech.services.attachments import AttachmentService
from fieldtech.services.values import Saved
from fieldtech.sync.assembly import open_sender
from fieldtech.sync.metering import Unmetered

if TYPE_CHECKING:
    from central_process import CentralProcess
    from laptops import Laptop, Sign

    from fieldtech.sync.blobs import BlobSender, SendReport
    from fieldtech.sync.metering import Meter

SIZE = 1024 * 1024


class Work:
    """A technician with an incident and files."""

    def __init__(self, ana: Laptop, incident_id: str, central: Path) -> None:
        self.ana, self.incident_id, self.central = ana, incident_id, central
        secrets = FileStore(ana.profile.key_file)
        self.files = AttachmentService(ana.store, ana.profile, secrets, ana.clock)
        # Another one for each test: the central knows what a user has sent before.
        self.photo = hashlib.sha512(incident_id.encode()).digest() * (SIZE // 64)

    def attach(self, data: bytes = b"", name: str = "fachada.jpg") -> str:
        data = data or self.photo
        saved = self.files.attach_bytes(self.incident_id, data, name)
        assert isinstance(saved, Saved), saved
        return hashlib.sha256(data).hexdigest()

    def sender(self, meter: Meter | None = None) -> BlobSender:
        return open_sender(
            self.ana.store,
            FileStore(self.ana.profile.key_file),
            self.ana.clock,
            meter=meter or Unmetered(),
            patience=self.ana.patience,
        )

    def send(self, meter: Meter | None = None) -> SendReport:
        sender = self.sender(meter)
        try:
            return sender.run_once()
        finally:
            sender.close()

    def stored(self, sha256: str) -> bytes | None:
        path = self.central / "blobs" / sha256[:2] / sha256
        return path.read_bytes() if path.exists() else None

    def state(self) -> list[tuple[str, str, int]]:
        return [(row.state, row.code, row.sent) for row in self.files.files(self.incident_id)]


def working(sign: Sign, central: CentralProcess, url: str = "") -> Work:
    """Have a dispatcher assign an incident to Ana, who reaches the central at ``url``."""
    dora, ana = sign("dora", central.url), sign("ana", url or central.url)
    dora.sync_clean()
    incident_id = dora.register()
    dora.assign(incident_id, "ana")
    dora.sync_settled()
    ana.sync_clean()
    return Work(ana, incident_id, central.data)
