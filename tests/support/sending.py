"""Files of a laptop of a test, sent part by part."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2
    from central_desk import Laptop

PHOTO = bytes(range(256)) * 20


def headers(laptop: Laptop, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {laptop.access}", **more}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def begin(laptop: Laptop, data: bytes = PHOTO, **changed: Any) -> httpx2.Response:
    asked = {"sha256": digest(data), "size": len(data), "media_type": "image/jpeg", "name": "a.jpg"}
    return laptop.desk.client.post("/v1/uploads", json=asked | changed, headers=headers(laptop))


def part(laptop: Laptop, upload_id: str, offset: int, data: bytes) -> httpx2.Response:
    return laptop.desk.client.patch(
        f"/v1/uploads/{upload_id}",
        content=data,
        headers=headers(laptop, **{"Upload-Offset": str(offset)}),
    )


def send(laptop: Laptop, data: bytes = PHOTO) -> str:
    told = begin(laptop, data).json()
    assert part(laptop, told["id"], told["offset"], data[told["offset"] :]).status_code == 200
    return str(told["id"])


def attach(laptop: Laptop, data: bytes = PHOTO, name: str = "att-1") -> dict[str, Any]:
    op = laptop.envelope(
        "attachment.add",
        "incident:inc-1",
        attachment_id=name,
        kind="photo",
        name="fachada.jpg",
        sha256=digest(data),
        size=len(data),
    )
    op["blobs"] = [digest(data)]
    (told,) = laptop.push(op)
    return told


def get(laptop: Laptop, attachment_id: str, **more: str) -> httpx2.Response:
    return laptop.desk.client.get(
        f"/v1/attachments/{attachment_id}", headers=headers(laptop, **more)
    )
