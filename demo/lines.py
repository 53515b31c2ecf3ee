"""What a child process says, never waited for without a limit."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import Popen


def next_line(process: Popen[str], limit_s: float) -> str:
    """The next line of its piped output, empty when that has ended.

    Raises ``TimeoutError`` when none comes in time; the process has been killed then.
    """
    pipe = process.stdout
    if pipe is None:
        message = "the output of this process is not piped"
        raise ValueError(message)
    said: list[str] = []
    # On every system a thread can be waited for with a limit; a pipe cannot.
    reader = threading.Thread(target=lambda: said.append(pipe.readline()), name="line", daemon=True)
    reader.start()
    reader.join(limit_s)
    if reader.is_alive():
        process.kill()
        reader.join()  # until the pipe's end, which its process takes along
        message = f"nothing was said within {limit_s:g} s"
        raise TimeoutError(message)
    return said[0]
