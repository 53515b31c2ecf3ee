"""Anki's own sync server and client: a collection is fetched whole, later changes by row.

Settings: one note a document (its id and its JSON), the server's defaults but for the size limit.
The whole file travels and takes the place of the local one; there is no scope within a collection.
Started with a folder and the documents' file; each line on standard input is a task (``talk``).
"""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

from anki.collection import AddNoteRequest, Collection
from anki.sync_pb2 import SyncAuth
from talk import free_port, serve, wait_for

USER, PASSWORD = "bench", "bench"
BATCH = 1000


class Anki:
    """A server, a collection that edits, and one that is measured."""

    def __init__(self, folder: Path, documents: list[dict[str, object]]) -> None:
        self._folder = folder
        self._port = free_port()
        self._numbers = itertools.count()
        self._measured: Collection | None = None
        (folder / "server").mkdir(parents=True)
        self._server = subprocess.Popen(
            [sys.executable, "-m", "anki.syncserver"],
            env=os.environ
            | {
                "SYNC_USER1": f"{USER}:{PASSWORD}",
                "SYNC_BASE": str(folder / "server"),
                "SYNC_HOST": "127.0.0.1",
                "SYNC_PORT": str(self._port),
                "MAX_SYNC_PAYLOAD_MEGS": "2000",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self._port, self._server)
        self.address = f"http://127.0.0.1:{self._port}"
        self._editor = Collection(str(folder / "editor.anki2"))
        self._seed(documents)

    def close(self) -> None:
        """End the server."""
        self._server.terminate()
        self._server.wait()

    def first(self, url: str) -> tuple[float, int]:
        """Fetch everything into a new collection."""
        if self._measured is not None:
            self._measured.close()
        self._measured = Collection(str(self._folder / f"measured-{next(self._numbers)}.anki2"))
        auth = self._auth(self._measured, url)
        begun = time.perf_counter()
        self._measured.sync_collection(auth, sync_media=False)
        self._measured.close_for_full_sync()
        self._measured.full_upload_or_download(auth=auth, server_usn=None, upload=False)
        self._measured.reopen(after_full_sync=True)
        return time.perf_counter() - begun, self._measured.note_count()

    def change(self) -> int:
        """Change each hundredth note at the server."""
        notes = [self._editor.get_note(each) for each in self._editor.find_notes("")[::100]]
        for note in notes:
            note["Back"] += " "
        self._editor.update_notes(notes)
        self._editor.sync_collection(self._auth(self._editor, self.address), sync_media=False)
        return len(notes)

    def again(self, url: str) -> tuple[float, int]:
        """Fetch what changed."""
        if self._measured is None:
            raise LookupError("nothing was fetched yet")
        auth = self._auth(self._measured, url)
        begun = time.perf_counter()
        self._measured.sync_collection(auth, sync_media=False)
        return time.perf_counter() - begun, 0

    def _auth(self, collection: Collection, url: str) -> SyncAuth:
        endpoint = f"{url}/"
        auth = collection.sync_login(USER, PASSWORD, endpoint)
        auth.endpoint = endpoint
        return auth

    def _seed(self, documents: list[dict[str, object]]) -> None:
        kind = self._editor.models.by_name("Basic")
        deck = self._editor.decks.id("Default")
        for first in range(0, len(documents), BATCH):
            requests = []
            for document in documents[first : first + BATCH]:
                note = self._editor.new_note(kind)
                note["Front"] = str(document["id"])
                note["Back"] = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
                requests.append(AddNoteRequest(note=note, deck_id=deck))
            self._editor.add_notes(requests)
        auth = self._auth(self._editor, self.address)
        self._editor.sync_collection(auth, sync_media=False)
        self._editor.close_for_full_sync()
        self._editor.full_upload_or_download(auth=auth, server_usn=None, upload=True)
        self._editor.reopen(after_full_sync=True)


if __name__ == "__main__":
    socket.setdefaulttimeout(60)
    sys.exit(serve(Anki))
