"""What every endpoint works with; built once by ``create_app``."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldtech.central.blobs.folder import BlobStore
from fieldtech.central.blobs.uploads import BlobLimits
from fieldtech.central.database import Database
from fieldtech.central.passwords import Passwords
from fieldtech.central.sync.ground import Grounds
from fieldtech.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The composed central."""

    database: Database
    clock: Clock
    grounds: Grounds
    passwords: Passwords
    blobs: BlobStore | None = None
    blob_limits: BlobLimits = field(default_factory=BlobLimits)
