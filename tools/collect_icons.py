#!/usr/bin/env python3
"""Copy the icons the application uses out of an unpacked `lucide-static` package.

Run from the repository's root after `npm pack lucide-static` and unpacking the archive::

    python tools/collect_icons.py PATH/TO/package

The files in `resources/icons` are byte-for-byte copies, so that the licence notice in each
of them stays and a later release of Lucide can be compared. They keep
`stroke="currentColor"`: the theme replaces that word to colour an icon. To add an icon, put
its name in `tools/icons.txt` and run this again; a name that leaves the list leaves the folder too.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
DESTINATION = HERE.parent / "resources" / "icons"


def wanted(listing: Path) -> list[str]:
    """Return the names in the listing, one a line; `#` starts a remark."""
    lines = listing.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def collect(names: list[str], package: Path, destination: Path) -> list[str]:
    """Copy each icon from the package; return what is wrong, empty when all is well.

    `package` is the unpacked npm package (the folder that holds `icons/` and `LICENSE`).
    Nothing is written when a name is missing or an icon could not be recoloured.
    """
    sources = {name: package / "icons" / f"{name}.svg" for name in names}
    faults = [
        f"{name}: not in this release" for name, path in sources.items() if not path.is_file()
    ]
    if faults:
        return faults
    faults = [
        f"{name}: has no currentColor stroke"
        for name, path in sources.items()
        if 'stroke="currentColor"' not in path.read_text(encoding="utf-8")
    ]
    if faults:
        return faults
    destination.mkdir(parents=True, exist_ok=True)
    for stale in destination.glob("*.svg"):
        if stale.stem not in sources:
            stale.unlink()
    for name, path in sources.items():
        shutil.copyfile(path, destination / f"{name}.svg")
    shutil.copyfile(package / "LICENSE", destination / "LICENSE")
    return []


def main() -> int:
    """Read the package's path from the command line; exit 1 when an icon is missing."""
    parser = argparse.ArgumentParser(description="Copy the icons used from lucide-static.")
    parser.add_argument("package", type=Path, help="the unpacked lucide-static package")
    faults = collect(wanted(HERE / "icons.txt"), parser.parse_args().package, DESTINATION)
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
