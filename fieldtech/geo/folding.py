"""Names without accents and capitals, for sorting and searching."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return the text in lower case, its letters bare: "Ñuñoa º" becomes "nunoa o".

    What has no Latin letter inside it disappears. Line breaks and punctuation stay.
    """
    bare = unicodedata.normalize("NFKD", text.casefold())
    return bare.encode("ascii", "ignore").decode("ascii")
