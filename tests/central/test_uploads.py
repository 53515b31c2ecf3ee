"""Files: up in parts, private until they belong to work, whole or not at all."""

from __future__ import annotations

import gzip
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from central_desk import register
from sending import PHOTO, attach, begin, digest, get, headers, part, send
from starlette.testclient import TestClient

from fieldtech.central.app import create_app
from fieldtech.central.blobs.folder import FolderStore
from fieldtech.central.blobs.uploads import BlobLimits
from fieldtech.central.housekeeping import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from central_desk import Desk, Laptop


def test_a_file_goes_up_in_parts_and_is_read_by_whoever_sees_the_incident(
    desk: Desk, ana: Laptop
) -> None:
    told = attach(ana)
    assert (told["status"], told["blobs_missing"]) == ("applied", [digest(PHOTO)])
    assert get(ana, "att-1").json()["code"] == "not_uploaded"
    upload = begin(ana).json()
    assert (upload["offset"], upload["epoch"]) == (0, ana.epoch)
    assert part(ana, upload["id"], 0, PHOTO[:2000]).json()["offset"] == 2000
    head = desk.client.head(f"/v1/uploads/{upload['id']}", headers=headers(ana))
    assert (head.headers["Upload-Offset"], head.headers["Upload-Length"]) == ("2000", "5120")
    assert part(ana, upload["id"], 2000, PHOTO[2000:]).json()["offset"] == 5120

    for reader in (ana, desk.laptop("dora"), desk.laptop("sol")):
        answer = get(reader, "att-1")
        assert answer.content == PHOTO
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"].startswith("attachment;")
    some = get(ana, "att-1", Range="bytes=256-511")
    assert (some.status_code, some.content) == (206, PHOTO[256:512])
    (again,) = ana.push(dict(ana_op(ana)))
    assert again["blobs_missing"] == []


def ana_op(ana: Laptop) -> dict[str, Any]:
    """The same command under a new number."""
    op = ana.envelope("incident.note", "incident:inc-1", text="con foto")
    op["blobs"] = [digest(PHOTO)]
    return op


def test_out_of_scope_nobody_learns_that_it_is_there(desk: Desk, ana: Laptop) -> None:
    attach(ana)
    send(ana)
    nora = desk.laptop("nora")
    beto = desk.laptop("beto")
    for stranger in (nora, beto):
        told = get(stranger, "att-1")
        assert (told.status_code, told.json()["code"]) == (404, "unknown_attachment")
    assert get(nora, "nowhere").json()["code"] == "unknown_attachment"
    assert desk.client.get("/v1/attachments/att-1").status_code == 401


def test_nobody_attaches_or_learns_of_anothers_file_by_its_hash(desk: Desk, ana: Laptop) -> None:
    """A hash somebody overheard opens nothing: its bytes have to be sent, all of them."""
    send(ana)
    dora = desk.laptop("dora")
    told = attach(dora, name="att-dora")
    assert told["blobs_missing"] == [digest(PHOTO)], "another's file is not here for her"
    assert get(dora, "att-dora").json()["code"] == "not_uploaded"
    upload = begin(dora).json()
    assert upload["offset"] == 0, "as if nobody had sent it before"
    assert get(dora, "att-dora").status_code == 404
    part(dora, upload["id"], 0, PHOTO)
    assert get(dora, "att-dora").content == PHOTO


def test_an_upload_is_its_users_alone(desk: Desk, ana: Laptop) -> None:
    upload = begin(ana).json()["id"]
    dora = desk.laptop("dora")
    assert part(dora, upload, 0, PHOTO).json()["code"] == "unknown_upload"
    assert desk.client.head(f"/v1/uploads/{upload}", headers=headers(dora)).status_code == 404
    assert part(ana, "nowhere", 0, PHOTO).json()["code"] == "unknown_upload"


def test_blob_resume_wrong_offset(ana: Laptop) -> None:
    upload = begin(ana).json()["id"]
    part(ana, upload, 0, PHOTO[:1000])
    for offset in (0, 999, 1001, 5120):
        told = part(ana, upload, offset, b"x" * 10)
        assert (told.status_code, told.json()["code"]) == (409, "wrong_offset")
        assert told.json()["expected"] == 1000
    assert begin(ana).json() | {"server_time": ""} == {
        "id": upload,
        "offset": 1000,
        "epoch": ana.epoch,
        "server_time": "",
    }
    assert part(ana, upload, 1000, PHOTO[1000:]).status_code == 200
    done = part(ana, upload, 5120, b"")
    assert (done.status_code, done.json()["expected"]) == (409, 5120)


def test_blob_hash_mismatch(ana: Laptop, folder: Path) -> None:
    upload = begin(ana).json()["id"]
    wrong = part(ana, upload, 0, PHOTO[::-1])
    assert (wrong.status_code, wrong.json()["code"]) == (422, "hash_mismatch")
    assert list(folder.rglob(digest(PHOTO))) == []
    assert part(ana, upload, 0, PHOTO).json()["code"] == "unknown_upload"
    again = begin(ana).json()
    assert again["offset"] == 0
    assert part(ana, again["id"], 0, PHOTO).status_code == 200


def test_the_same_bytes_are_stored_once(desk: Desk, ana: Laptop, folder: Path) -> None:
    send(ana)
    send(desk.laptop("dora"))
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1
    (stored,) = folder.rglob(digest(PHOTO))
    assert stored.read_bytes() == PHOTO
    assert stored.stat().st_mode & 0o077 == 0


def test_an_empty_file_is_a_file(ana: Laptop) -> None:
    attach(ana, b"", name="empty")
    upload = begin(ana, b"").json()["id"]
    assert part(ana, upload, 0, b"").status_code == 200
    assert get(ana, "empty").content == b""
    assert begin(ana, b"").json()["offset"] == 0
    assert part(ana, upload, 0, b"").status_code == 200, "its answer may have been lost"
    assert part(ana, upload, 0, b"x").status_code == 409
    assert get(ana, "empty").content == b""


def test_one_id_is_one_file(desk: Desk, ana: Laptop) -> None:
    attach(ana)
    register(desk.laptop("dora"), "inc-2")
    told = attach(ana, b"otra")
    assert (told["status"], told["code"]) == ("rejected", "already_exists")
    assert attach(ana)["status"] == "applied", "the same once more is no harm"


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"sha256": "x"}, "sha256"),
        ({"sha256": "A" * 64}, "sha256"),
        ({"size": -1}, "size"),
        ({"size": "1"}, "size"),
        ({"media_type": "text/html; x"}, "media_type"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "a" * 201}, "name"),
        ({"more": 1}, "more"),
    ],
)
def test_what_cannot_be_a_file_is_named(ana: Laptop, changed: dict[str, Any], where: str) -> None:
    told = begin(ana, **changed)
    assert (told.status_code, told.json()["code"]) == (400, "invalid")
    assert where in told.json()["detail"]


@pytest.mark.parametrize("offset", ["", "-1", "x", "1e3", "9" * 20, "٣"])
def test_an_offset_that_is_none_is_named(desk: Desk, ana: Laptop, offset: str) -> None:
    upload = begin(ana).json()["id"]
    told = desk.client.patch(
        f"/v1/uploads/{upload}",
        content=b"x",
        headers=headers(ana) | {"Upload-Offset": offset.encode()},  # type: ignore[arg-type]
    )
    assert (told.status_code, told.json()["detail"]) == (400, "Upload-Offset")


def test_a_part_comes_as_it_is(desk: Desk, ana: Laptop) -> None:
    upload = begin(ana).json()["id"]
    told = desk.client.patch(
        f"/v1/uploads/{upload}",
        content=gzip.compress(PHOTO),
        headers=headers(ana, **{"Upload-Offset": "0", "Content-Encoding": "gzip"}),
    )
    assert (told.status_code, told.json()["code"]) == (415, "unsupported_encoding")
    assert part(ana, upload, 0, PHOTO).status_code == 200


def test_a_part_is_no_longer_than_agreed(ana: Laptop) -> None:
    upload = begin(ana).json()["id"]
    assert part(ana, upload, 0, b"x" * 5121).status_code == 413
    assert part(ana, upload, 0, b"x" * (1024 * 1024 + 1)).status_code == 413


@contextmanager
def under(desk: Desk, folder: Path, limits: BlobLimits) -> Iterator[None]:
    """The same central with other limits."""
    before = desk.client
    app = create_app(
        desk.database,
        desk.clock,
        housekeeping=False,
        blobs=FolderStore(folder),
        blob_limits=limits,
    )
    with TestClient(app, raise_server_exceptions=False) as desk.client:
        yield
    desk.client = before


def test_limits_are_told_with_what_to_do(desk: Desk, ana: Laptop, folder: Path) -> None:
    with under(desk, folder, BlobLimits(file=6000, per_day=9000, reserve=0)):
        too_large = begin(ana, b"x" * 6001)
        assert (too_large.status_code, too_large.json()["code"]) == (413, "blob_too_large")
        assert not too_large.json()["retryable"]
        send(ana)
        enough = begin(ana, b"y" * 5000)
        assert (enough.status_code, enough.json()["code"]) == (429, "daily_limit")
        assert enough.json()["retryable"]
        assert int(enough.headers["Retry-After"]) > 0
        assert begin(desk.laptop("dora"), b"y" * 5000).status_code == 200, "each user his own"
        desk.clock.advance(25 * 3600)
        ana.sign_in()
        assert begin(ana, b"y" * 5000).status_code == 200
    with under(desk, folder, BlobLimits(reserve=2**60)):
        full = begin(ana, b"z")
        assert (full.status_code, full.json()["code"]) == (507, "storage_full")
        assert full.json()["retryable"]


def test_all_files_together_have_a_limit_that_counts_each_once(
    desk: Desk, ana: Laptop, folder: Path
) -> None:
    dora = desk.laptop("dora")
    with under(desk, folder, BlobLimits(total=12_000, reserve=0)):
        send(ana)
        send(dora)
        begin(ana, b"y" * 6000)
        full = begin(dora, b"z" * 881)
        assert (full.status_code, full.json()["code"]) == (507, "storage_full")
        assert full.json()["retryable"]
        assert int(full.headers["Retry-After"]) > 0
        send(dora, b"z" * 880)
        assert send(ana, b"y" * 6000), "what was begun goes on"


@pytest.mark.expects_log("a file could not be kept")
def test_a_disk_that_fails_is_told_and_nothing_is_counted(
    desk: Desk, ana: Laptop, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = begin(ana).json()["id"]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(FolderStore, "append", full)
        told = part(ana, upload, 0, PHOTO)
    assert (told.status_code, told.json()["code"]) == (507, "storage_full")
    head = desk.client.head(f"/v1/uploads/{upload}", headers=headers(ana))
    assert head.headers["Upload-Offset"] == "0"
    assert part(ana, upload, 0, PHOTO).status_code == 200


def test_a_central_without_a_store_says_so(desk: Desk, ana: Laptop) -> None:
    app = create_app(desk.database, desk.clock, housekeeping=False)
    before = desk.client
    with TestClient(app) as desk.client:
        assert begin(ana).json()["code"] == "no_blob_store"
    desk.client = before


def test_what_nobody_needs_is_tidied_away(desk: Desk, ana: Laptop, folder: Path) -> None:
    attach(ana)
    send(ana)
    send(ana, b"sin trabajo")
    half = begin(ana, b"a medias" * 100).json()["id"]
    part(ana, half, 0, b"a medias")
    blobs = FolderStore(folder)
    desk.clock.advance(timedelta(days=8).total_seconds())
    assert tidy(desk.database, desk.clock, blobs=blobs).failed == ()
    assert not (folder / "uploads" / half).exists()
    assert blobs.path(digest(b"sin trabajo")) is not None, "its command may be late"
    desk.clock.advance(timedelta(days=30).total_seconds())
    assert tidy(desk.database, desk.clock, blobs=blobs).failed == ()
    assert blobs.path(digest(b"sin trabajo")) is None
    assert blobs.path(digest(PHOTO)) is not None, "work refers to it"


def test_what_somebody_else_is_just_sending_is_not_tidied_away(
    desk: Desk, ana: Laptop, folder: Path
) -> None:
    """His bytes may be in their place while his upload is not yet written down as whole."""
    send(ana)
    desk.clock.advance(timedelta(days=31).total_seconds())
    dora = desk.laptop("dora")
    begin(dora)
    assert tidy(desk.database, desk.clock, blobs=FolderStore(folder)).failed == ()
    assert FolderStore(folder).path(digest(PHOTO)) is not None
    desk.clock.advance(timedelta(days=8).total_seconds())
    assert tidy(desk.database, desk.clock, blobs=FolderStore(folder)).failed == ()
    assert FolderStore(folder).path(digest(PHOTO)) is None
