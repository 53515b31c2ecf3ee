from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from fieldtech.clock import Clock, FakeClock, SystemClock

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_the_boot_clock_never_goes_back() -> None:
    clock: Clock = SystemClock()
    readings = [clock.boot() for _ in range(1000)]
    assert readings == sorted(readings)
    assert readings[0] > 0


def test_the_boot_clock_counts_from_boot_and_names_it() -> None:
    if sys.platform != "linux":  # the other systems offer nothing to compare with
        return
    # /proc/uptime is read first, so the clock can only be later; both include time asleep.
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    assert SystemClock().boot() >= uptime - 1
    named = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    assert SystemClock().boot_id() == named


@pytest.mark.skipif(sys.platform != "linux", reason="time namespaces are Linux's")
def test_the_boot_clock_follows_the_kernels_own() -> None:
    """In a time namespace whose boot clock is a week ahead, as after a week asleep.

    The monotonic clock of the same process has not moved: whoever asked it would have slept too.
    """
    line = (
        "import time; from fieldtech.clock import SystemClock;"
        " print(SystemClock().boot(), time.monotonic())"
    )
    week = 7 * 86_400
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("there is no program unshare here")
    done = subprocess.run(
        [unshare, "--time", "--boottime", str(week), sys.executable, "-c", line],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"no time namespaces here: {done.stderr.strip()}")
    boot, monotonic = map(float, done.stdout.split())
    assert 0 <= boot - week - SystemClock().boot() + 60 <= 60
    assert boot - monotonic >= week - 1


def test_two_processes_of_one_boot_agree_on_its_identity() -> None:
    line = "from fieldtech.clock import SystemClock; print(SystemClock().boot_id())"
    other = subprocess.run(
        [sys.executable, "-c", line], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert SystemClock().boot_id() == other


def test_a_fake_clock_moves_only_when_told() -> None:
    clock = FakeClock(NOON)
    assert (clock.now(), clock.boot()) == (NOON, 0.0)
    clock.advance(90)
    assert (clock.now(), clock.boot()) == (NOON + timedelta(seconds=90), 90.0)


def test_setting_the_wall_clock_lets_no_time_pass() -> None:
    clock = FakeClock(NOON)
    clock.jump_wall(3 * 3600)
    assert clock.now() == NOON + timedelta(hours=3)
    assert clock.boot() == 0.0


def test_a_reboot_starts_another_boot_from_zero() -> None:
    clock = FakeClock(NOON, boot=500.0)
    first = clock.boot_id()
    clock.reboot(off_for=60)
    assert clock.now() == NOON + timedelta(seconds=60)
    assert clock.boot() == 0.0
    assert clock.boot_id() != first


def test_a_fake_clock_turns_its_start_into_utc_and_refuses_a_naive_one() -> None:
    there = timezone(timedelta(hours=-6))
    assert FakeClock(datetime(2026, 3, 2, 6, 0, tzinfo=there)).now() == NOON
    with pytest.raises(ValueError, match="aware"):
        FakeClock(NOON.replace(tzinfo=None))
