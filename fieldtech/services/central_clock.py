"""The clock of the screens: the central's time, which no change of the laptop's clock moves."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from fieldtech.store.central_time import Moment, Sample, moment

if TYPE_CHECKING:
    from datetime import datetime

    from fieldtech.clock import Clock


class CentralClock:
    """A ``Clock`` whose wall time is the best estimate of the central's; thread-safe.

    Before the first contact it is the machine's own clock.
    """

    def __init__(self, machine: Clock) -> None:
        self._machine = machine
        self._lock = threading.Lock()
        self._sample: Sample | None = None

    def set_sample(self, sample: Sample | None) -> None:
        """Use a newer comparison with the central."""
        with self._lock:
            self._sample = sample

    def moment(self) -> Moment:
        """Now with its uncertainty and the raw values it rests on."""
        with self._lock:
            return moment(self._sample, self._machine)

    def now(self) -> datetime:
        """Now, in the central's time."""
        return self.moment().at

    def boot(self) -> float:
        """The machine's suspend-including clock."""
        return self._machine.boot()

    def boot_id(self) -> str:
        """Which start of the machine ``boot`` counts from."""
        return self._machine.boot_id()
