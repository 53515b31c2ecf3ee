"""The lab healthy, without root, and taken away again."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lab import addresses as at
from lab import services, world
from lab.faults import FAULTS
from lab.measuring import (
    UNKNOWN_NAME,
    Voice,
    assert_healthy,
    hop,
    measure,
    nat_mapping,
    sip_reply,
    usual_difference,
)
from lab.plan import Options
from lab.waiting import LabError, LabUnavailable, wait_until
from lab.world import Lab

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's"),
    pytest.mark.slow,
]


class TestHealthy:
    def test_everything_answers(self, up: Lab) -> None:
        assert_healthy(up)

    def test_the_lease_is_told_in_udhcpcs_words(self, lab: Lab) -> None:
        assert lab.renew()
        lease = lab.lease()
        assert lease["ip"].startswith("192.168.77.1")
        assert lease | {"ip": ""} == {
            "interface": "lan0",
            "ip": "",
            "mask": "24",
            "subnet": "255.255.255.0",
            "router": at.GATEWAY,
            "dns": at.DNS,
            "serverid": at.GATEWAY,
            "lease": "3600",
        }

    def test_the_laptop_has_a_resolver_of_its_own_and_the_machine_keeps_its_own(
        self, lab: Lab
    ) -> None:
        ours = Path("/etc/resolv.conf").read_bytes()
        assert lab.run("laptop", ["cat", "/etc/resolv.conf"]).stdout == f"nameserver {at.DNS}\n"
        found = lab.run("laptop", ["getent", "ahostsv4", "www.example.mx"]).stdout
        assert found.startswith(at.REFLECTOR)
        assert lab.run("laptop", ["getent", "hosts", UNKNOWN_NAME], check=False).returncode == 2
        assert Path("/etc/resolv.conf").read_bytes() == ours

    def test_nothing_of_it_is_seen_from_outside(self, lab: Lab) -> None:
        shown = [["ip", "netns", "list"], ["ip", "-o", "link"]]
        outside = "".join(subprocess.check_output(command, text=True) for command in shown)
        inside = "".join(lab.sandbox.run(None, command).stdout for command in shown)
        assert "laptop" in inside
        assert not {"laptop", "br-lan", "cust0"} & set(re.findall(r"[\w-]+", outside))

    def test_one_nat_and_no_private_hop_behind_it(self, lab: Lab) -> None:
        assert [hop(lab, 1), hop(lab, 2)] == [at.GATEWAY, ""]

    def test_the_nat_keeps_a_port_for_every_destination(self, up: Lab) -> None:
        assert nat_mapping(up) == "Endpoint Independent"

    def test_sip_passes_untouched_on_both_ports(self, up: Lab) -> None:
        for port in (5060, 5080):
            told = measure(up, "laptop", "options", at.SIP, port)
            assert f"X-Seen-Via: SIP/2.0/UDP {told['own']}:" in told["reply"]
            assert f"received={at.PUBLIC}" in told["reply"]
        sipsak = ["sipsak", "-s", f"sip:lab@{at.SIP}"]
        assert up.run("laptop", sipsak, check=False).returncode == 0

    def test_ipv6_reaches_the_provider_without_a_nat(self, lab: Lab) -> None:
        shown = lab.run("laptop", ["ping", "-n", "-c", "1", "-W", "2", at.REFLECTOR_V6]).stdout
        assert "1 received" in shown
        own = lab.run("laptop", ["ip", "-6", "-o", "address", "show", "lan0"]).stdout
        assert at.LAN_V6.rstrip(":") in own

    def test_the_line_is_quick_steady_and_whole(self, up: Lab) -> None:
        call = Voice(up, count=150, interval_ms=20)
        assert (call.lost, call.numbers) == (0, list(range(150)))
        assert min(call.up_ms) >= 5
        assert min(call.down_ms) >= 5
        assert usual_difference(call.down_ms) < 3

    def test_anybody_may_ping(self, lab: Lab) -> None:
        opened = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM, 1)"
        assert lab.python("laptop", opened).returncode == 0


class TestTakingItAway:
    def test_it_needs_no_root(self) -> None:
        with world.lab(Options(rootless=True)) as own:
            assert own.sandbox.rootless
            services.sip(own)
            assert f"received={at.PUBLIC}" in sip_reply(own, 5060)
            with FAULTS["sip_alg"].apply(own):
                assert f"received={at.PUBLIC}" not in sip_reply(own, 5060)

    def test_nothing_is_left_when_a_test_fails(self) -> None:
        left: dict[str, Any] = {}
        with pytest.raises(ZeroDivisionError):
            fail_in_a_lab(left)
        assert left["process"].returncode == -signal.SIGKILL
        assert not left["folder"].exists()

    def test_nothing_is_left_when_the_tests_are_killed(self) -> None:
        script = (
            "import os, signal\n"
            "from lab import services\n"
            "from lab.world import lab\n"
            "with lab() as own:\n"
            "    server = services.sip(own).process\n"
            "    print(own.folder, server.pid, flush=True)\n"
            "    os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        support = Path(world.__file__).parents[1]
        killed = subprocess.run(
            [sys.executable, "-c", script], cwd=support, capture_output=True, text=True, check=False
        )
        assert killed.returncode == -signal.SIGKILL
        folder, pid = killed.stdout.split()
        wait_until(lambda: not Path(folder).exists(), what="the folder's end")
        wait_until(lambda: not running(int(pid)), what="the SIP server's end")

    def test_a_failing_command_is_told_with_its_words(self, lab: Lab) -> None:
        with pytest.raises(LabError, match="does not exist"):
            lab.run("laptop", ["ip", "link", "show", "dev", "lan7"])

    def test_a_machine_without_the_programs_says_which(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lab.sandbox.PROGRAMS", ("no-such-program",))
        with pytest.raises(LabUnavailable, match="no-such-program"), world.lab():
            pass

    def test_a_machine_that_forbids_it_says_why(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("lab.sandbox._HOLD", "echo not on this machine >&2; exit 1")
        with pytest.raises(LabUnavailable, match="not on this machine"), world.lab():
            pass


def fail_in_a_lab(left: dict[str, Any]) -> None:
    with world.lab() as own:
        left["folder"] = own.folder
        left["process"] = own.popen("laptop", ["cat"], stdin=subprocess.PIPE)
        raise ZeroDivisionError


def running(pid: int) -> bool:
    """Whether a process is there and no mere zombie that nobody has asked for yet."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
