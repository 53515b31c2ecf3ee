"""Names without accents and capitals, for sorting and searching."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return the text in lower case, its letters bare: "Peñón Nº 2" becomes "penon no 2".

    What has no Latin letter inside it disappears. Line breaks and punctuation stay.
    """
    # Taken apart before as well: a fancy capital is a capital only then.
    folded = unicodedata.normalize("NFKD", text).casefold()
    bare = unicodedata.normalize("NFKD", folded)
    return bare.encode("ascii", "ignore").decode("ascii")
