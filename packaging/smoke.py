"""Try a bundle as a stranger's machine would: ``smoke.py FOLDER``; 0 when everything holds.

Started from an empty folder with nothing of this tree in its environment: it must name its version,
open its real window off screen and leave, know its probes, and carry no web framework.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECONDS = 90
NOT_FOR_LAPTOPS = ("fastapi", "starlette", "uvicorn", "alembic", "argon2", "pydantic", "libgtk")
STREAM = '{"host": "127.0.0.1", "port": 9, "interface": "", "packets": 5}\n'
KEPT_VARIABLES = ("SYSTEMROOT", "TEMP", "TMP", "LANG")


def main(folder: Path) -> int:
    """Run every trial, print its outcome and return 0 when all of them passed."""
    program = folder / ("fieldtech.exe" if os.name == "nt" else "fieldtech")
    with tempfile.TemporaryDirectory(prefix="fieldtech perfil ñ ") as home:
        profile = Path(home) / "profile"
        outcomes = [
            trial([program, "--version"], Path(home), says="fieldtech"),
            trial([program, "--self-test", "--profile", profile], Path(home)),
            trial([program, "diagnose", "--list"], Path(home), says="voice"),
            # The process that a bundle starts of itself; nobody listens there.
            trial([program, "voice-stream"], Path(home), says="lost_there", given=STREAM),
        ]
    outcomes += [carries_no_server(folder)]
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    print(f"bundle: {megabytes:.0f} MB in {len(files)} files")
    return 0 if all(outcomes) else 1


def trial(command: list[str | Path], home: Path, *, says: str = "", given: str = "") -> bool:
    """Run the program with a bare environment; it must end well, in time and without complaint."""
    kept = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    environment = kept | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "QT_QPA_PLATFORM": "offscreen",
    }
    name = " ".join(["fieldtech", *map(str, command[1:2])])
    began = time.perf_counter()
    try:
        done = subprocess.run(
            command,
            cwd=home,
            env=environment,
            input=given,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"FAILED {name}: {error}")
        return False
    seconds = time.perf_counter() - began
    if done.returncode or says not in done.stdout or "Traceback" in done.stderr:
        print(f"FAILED {name}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return False
    print(f"ok     {name} ({seconds:.1f} s) {done.stdout.strip()}")
    return True


def carries_no_server(folder: Path) -> bool:
    """Return whether the laptop's bundle is free of the server's packages."""
    internal = folder / "_internal"
    found = [name for name in NOT_FOR_LAPTOPS if any(internal.glob(f"{name}*"))]
    print(f"FAILED the bundle carries {', '.join(found)}" if found else "ok     no server inside")
    return not found


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
