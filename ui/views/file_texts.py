"""How a file stands, as a person reads it (context ``Files``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ui.theme.tokens import Tone
from ui.views import formats

if TYPE_CHECKING:
    from fieldtech.services.attachments import FileRow

translate = QCoreApplication.translate

MEGABYTE = 1_000_000


def file_state(row: FileRow) -> tuple[str, Tone, str]:
    """Text, tint and icon of a file's way to the central."""
    if row.state == "aside":
        return aside_text(row.code), Tone.DANGER, "cloud-alert"
    if row.state == "waiting" and row.sent:
        going = translate("Files", "Sending {percent} %")
        percent = str(100 * row.sent // max(row.size, 1))
        return going.replace("{percent}", percent), Tone.INFO, "cloud-upload"
    if row.state == "waiting":
        return translate("Files", "Waiting"), Tone.WARN, "cloud-upload"
    return translate("Files", "At the central"), Tone.OK, "cloud-check"


def aside_text(code: str) -> str:
    """Why a file was put aside."""
    return {
        "hash_mismatch": translate("Files", "Changed on the way"),
        "file_damaged": translate("Files", "Damaged on this laptop"),
        "blob_too_large": translate("Files", "Too large for the central"),
    }.get(code, translate("Files", "Not accepted"))


def stands_still(code: str) -> str:
    """Why the queue of files does not go on; empty where the network's own state says it."""
    return {
        "commands_first": translate("Files", "Work goes before files; they go on by themselves."),
        "metered_cap": translate(
            "Files", "The day's allowance for files on this connection is used up."
        ),
        "storage_full": translate("Files", "The central has no room for files at present."),
        "daily_limit": translate("Files", "The central takes no more files today."),
        "no_blob_store": translate("Files", "This central keeps no files. Tell support."),
    }.get(code, "")


def size_text(size: int) -> str:
    """A file's size in kilobytes or megabytes."""
    if size < MEGABYTE:
        return f"{formats.number(max(size / 1000, 1))} kB"
    return f"{formats.decimal(size / MEGABYTE)} MB"
