"""The probes in the lab: how long a run takes, how true the voice measurement is, what disturbs it.

A quick run, healthy and with a dead WAN, against the floor of its longest probe and against the
same probes in series. Loss, jitter, delay and MOS of 1000 packets against what the wire was set to.
The stream beside a window that never rests. Needs Linux and the programs of the lab.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from lab import addresses as at
from lab import world
from lab.checklist import VOICE_PORT, diagnose, measurable
from lab.faults import FAULTS
from measure.figures import Aim, Report, figure
from measure.options import read_options

from fieldtech.diagnostics import emodel
from fieldtech.diagnostics.call_quality import PACKETISING_MS, Packet, judge_stream
from fieldtech.diagnostics.depth import QUICK_PACKETS
from fieldtech.diagnostics.voice_stream import INTERVAL_S

if TYPE_CHECKING:
    from lab.wire import Settings
    from lab.world import Lab

RUNS, QUICK_RUNS = 5, 2
PACKETS, QUICK_RUN_PACKETS = 1000, 300
DRIVERS = Path(__file__).parent / "drivers"


@dataclass(frozen=True)
class Setting:
    """What the wire does to both ways, and what that makes of a call."""

    name: str
    delay_ms: float
    loss: float = 0.0
    jitter_ms: float = 0.0

    def on(self, healthy: Settings) -> Settings:
        """Return the wire's settings with these in them."""
        return replace(healthy, delay_ms=self.delay_ms, loss=self.loss, jitter_ms=self.jitter_ms)

    @property
    def mos(self) -> float:
        """The score by the E-model from what was set: no measurement has part in it.

        Jitter is uniform and without reordering: a buffer as deep as the widest of it plays all.
        """
        depth = next(d for d in (20.0, 40.0, 60.0, 80.0, 100.0) if d >= self.jitter_ms)
        delay = self.delay_ms + depth + PACKETISING_MS
        rating = emodel.voip(one_way_ms=delay, loss_percent=100 * self.loss, codec=emodel.G711_PLC)
        return emodel.mos(rating)


SETTINGS = (
    Setting("5 ms", 5.0),
    Setting("40 ms", 40.0),
    Setting("80 ms, 1 % loss", 80.0, loss=0.01),
    Setting("20 ms, 2 % loss", 20.0, loss=0.02),
    Setting("20 ms, 5 % loss", 20.0, loss=0.05),
    Setting("20 ms, 10 % loss", 20.0, loss=0.10),
    Setting("150 ms", 150.0),
    Setting("250 ms", 250.0),
    Setting("20 ms, jitter 40 ms", 20.0, jitter_ms=40.0),
    Setting("60 ms, jitter 20 ms, 1 % loss", 60.0, loss=0.01, jitter_ms=20.0),
)


def main() -> None:
    """Measure in one lab."""
    options = read_options(__doc__ or "")
    report = Report("probes")
    with world.lab() as lab, measurable(lab):
        _durations(lab, report, QUICK_RUNS if options.quick else RUNS)
        packets = QUICK_RUN_PACKETS if options.quick else PACKETS
        _truth(lab, report, packets)
        _disturbed(lab, report, packets)
    report.finish(options.json)


def _durations(lab: Lab, report: Report, runs: int) -> None:
    """A quick run at once and in series, healthy and with the WAN dead."""
    floor = (QUICK_PACKETS - 1) * INTERVAL_S + 2 * lab.options.up.delay_ms / 1000
    together, series = [], []
    for _ in range(runs):
        together.append(_seconds(diagnose(lab)))
        series.append(_seconds(diagnose(lab, "--series")))
    report.add(
        figure(
            "quick run, healthy",
            "s",
            together,
            peer="the floor of its longest probe: 299 x 20 ms + round trip",
            peer_samples=[floor] * runs,
            aim=Aim("ratio", 1.15),
        )
    )
    report.add(figure("quick run, healthy", "s", together, peer="in series", peer_samples=series))
    dead, dead_series = [], []
    with FAULTS["wan_down"].apply(lab):
        for _ in range(runs):
            dead.append(_seconds(diagnose(lab)))
            dead_series.append(_seconds(diagnose(lab, "--series")))
    report.add(
        figure(
            "quick run, WAN dead",
            "s",
            dead,
            peer="in series",
            peer_samples=dead_series,
            aim=Aim("p95", 7.0),
        )
    )


def _truth(lab: Lab, report: Report, packets: int) -> None:
    """What is measured against what was set: the score, the loss, the jitter, the delay."""
    for setting in SETTINGS:
        wire = setting.on(lab.options.up)
        with lab.wire.changed(up=wire, down=wire):
            found = _stream(lab, packets)
        quality = judge_stream(
            [Packet(**p) for p in found["packets"]], lost_there=found["lost_there"]
        )
        if quality is None or quality.there is None or quality.back is None:
            raise SystemExit(f"nothing came back: {setting.name}")
        ways = (quality.there, quality.back)
        name = f"voice, {setting.name}: "
        off = max(abs(emodel.mos(way.rating) - setting.mos) for way in ways)
        report.add(figure(f"{name}MOS off by", "MOS", [off], aim=Aim("median", 0.25)))
        loss = max(abs(way.loss - 100 * setting.loss) for way in ways)
        report.add(figure(f"{name}loss off by", "%", [loss]))
        delay = abs(quality.delay_ms - setting.delay_ms)
        report.add(figure(f"{name}delay off by", "ms", [delay]))
        report.add(figure(f"{name}jitter measured", "ms", [quality.jitter]))


def _disturbed(lab: Lab, report: Report, packets: int) -> None:
    """The same stream beside a window that never rests."""
    quiet = _spread(_stream(lab, packets))
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, DRIVERS / "busy_window.py"],
        stdout=subprocess.PIPE,
        text=True,
        env=surroundings,
    ) as window:
        try:
            if window.stdout is None or window.stdout.readline() != "ready\n":
                raise SystemExit("the busy window did not come up")
            busy = _spread(_stream(lab, packets))
        finally:
            window.kill()
    for name, place, aim in (("median round trip", 0, 1.05), ("jitter", 1, None)):
        report.add(
            figure(
                f"voice beside a busy window: {name}",
                "ms",
                [busy[place]],
                peer="without the window",
                peer_samples=[quiet[place]],
                aim=Aim("ratio", aim) if aim else Aim("median", 2.0),
            )
        )


def _stream(lab: Lab, packets: int) -> dict[str, Any]:
    """Run the product's own stream on the laptop."""
    request = {"host": at.REFLECTOR, "port": VOICE_PORT, "interface": "lan0", "packets": packets}
    done = lab.run(
        "laptop",
        [sys.executable, "-m", "fieldtech.diagnostics.voice_stream"],
        input=json.dumps(request) + "\n",
        timeout=60 + packets * INTERVAL_S,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _spread(found: dict[str, Any]) -> tuple[float, float]:
    """Return the median round trip and the jitter."""
    trips = sorted(p["rtt"] for p in found["packets"] if p["rtt"] is not None)
    quality = judge_stream([Packet(**p) for p in found["packets"]], lost_there=found["lost_there"])
    return trips[len(trips) // 2], quality.jitter if quality else 0.0


def _seconds(document: dict[str, Any]) -> float:
    return float(document["seconds"])


if __name__ == "__main__":
    main()
