"""Copy the icons the application uses out of an unpacked `lucide-static` package.

Run from the repository's root after `npm pack lucide-static` and unpacking the archive::

    python tools/collect_icons.py PATH/TO/package

The files in `resources/icons` are byte-for-byte copies, so that the licence notice in each
of them stays and a later release of Lucide can be compared. They keep
`stroke="currentColor"`: the theme replaces that word to colour an icon. To add an icon, put
its name in `ICONS` and run this again; a name that leaves the list leaves the folder too.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

DESTINATION = Path(__file__).resolve().parent.parent / "resources" / "icons"

ICONS = """
    list-checks map map-pin map-pinned siren chart-column chart-gantt history settings search
    inbox calendar calendar-clock calendar-days activity gauge trending-up trending-down list
    layers house route navigation locate locate-fixed target truck star tag hash

    refresh-cw refresh-cw-off rotate-ccw rotate-cw undo-2 redo-2 upload download copy copy-check
    save trash-2 pencil square-pen pen-line signature eraser paperclip printer camera image
    file-text file-down file-spreadsheet folder-open archive package database table send
    external-link link unlink filter grip-vertical ellipsis ellipsis-vertical panel-left keyboard
    scan-barcode clipboard-check clipboard-list sticky-note stamp wrench

    check x plus minus circle circle-check circle-x circle-help circle-alert circle-dot
    circle-dashed circle-minus circle-pause circle-slash octagon-alert triangle triangle-alert
    info flag ban square square-check loader-circle percent

    clock timer hourglass alarm-clock bell bell-ring play pause repeat

    phone phone-call phone-incoming phone-off voicemail mail mail-warning message-circle headset
    headphones mic megaphone contact languages globe

    wifi wifi-off router ethernet-port network cable unplug plug zap server hard-drive signal
    radio-tower laptop monitor battery battery-low power power-off stethoscope git-compare

    cloud cloud-off cloud-alert cloud-check cloud-upload

    user users user-check user-plus user-x circle-user building building-2 car scale

    log-in log-out lock lock-open key-round shield shield-alert shield-check eye eye-off
    sun moon sun-moon

    chevron-left chevron-right chevron-up chevron-down chevrons-left chevrons-right
    chevrons-up-down arrow-left arrow-right arrow-up arrow-down arrow-up-right arrow-left-right
    arrow-up-down zoom-in zoom-out maximize-2 minimize-2
""".split()


def collect(package: Path, destination: Path) -> list[str]:
    """Copy every name of `ICONS` from the package; return what is wrong, empty when all is well.

    `package` is the unpacked npm package (the folder that holds `icons/` and `LICENSE`).
    Nothing is written when a name is missing or an icon could not be recoloured.
    """
    sources = {name: package / "icons" / f"{name}.svg" for name in ICONS}
    faults = [f"{name}: not in this release" for name, path in sources.items() if not path.is_file()]
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
    faults = collect(parser.parse_args().package, DESTINATION)
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
