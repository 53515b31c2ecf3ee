"""Paths that carry little: which size comes through, who tells of it, and what answers cost."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from lab import addresses as at
from lab import world
from lab.checklist import diagnose, measurable, reading
from lab.faults import FAULTS
from lab.waiting import LabUnavailable
from lab.world import Lab

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's"),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """A healthy lab with everything in it that the probes ask."""
    try:
        with world.lab() as built, measurable(built):
            yield built
    except LabUnavailable as problem:
        pytest.skip(f"the lab cannot be built here: {problem}")


@contextmanager
def swallowing(lab: Lab, mtu: int) -> Iterator[None]:
    """Have the line take what is larger, and nobody tell."""
    options = lab.options
    with lab.wire.changed(up=replace(options.up, mtu=mtu), down=replace(options.down, mtu=mtu)):
        yield


def path_of(lab: Lab, *arguments: str, targets: str = "targets.toml") -> dict[str, Any]:
    """Measure the path alone: its MTU, and whether it is a black hole."""
    document = diagnose(lab, "--probe", "path_mtu", *arguments, targets=targets)
    return {
        "mtu": reading(document, "internet.mtu")["value"],
        "black hole": reading(document, "internet.black_hole")["value"],
    }


@pytest.mark.parametrize("mtu", [1437, 1340, 1280, 1100, 700])
def test_a_path_that_swallows_is_a_black_hole_of_whatever_size(lab: Lab, mtu: int) -> None:
    with swallowing(lab, mtu):
        assert path_of(lab) == {"mtu": str(mtu), "black hole": "yes"}


def test_what_a_router_tells_does_not_excuse_the_tunnel_behind_it(lab: Lab) -> None:
    with FAULTS["pmtu_1492"].apply(lab):
        assert path_of(lab) == {"mtu": "1492", "black hole": "no"}
        with swallowing(lab, 1440):
            assert path_of(lab) == {"mtu": "1440", "black hole": "yes"}


def test_a_stun_server_alone_tells_the_mtu_too(lab: Lab) -> None:
    alone = lab.folder / "stun.toml"
    alone.write_text(f'stun = ["{at.STUN}:3478"]\n', encoding="utf-8")
    assert path_of(lab, targets=alone.name) == {"mtu": "1500", "black hole": "no"}
    with FAULTS["pmtu_1492"].apply(lab):
        assert path_of(lab, targets=alone.name) == {"mtu": "1492", "black hole": "no"}
    with swallowing(lab, 1440):
        assert path_of(lab, targets=alone.name) == {"mtu": "1440", "black hole": "yes"}


ASK = """
import json, socket, sys
from fieldtech.diagnostics import stun
sizes = {}
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
    asker.settimeout(5)
    asker.connect((sys.argv[1], 3478))
    for size in (172, 1472):
        asker.send(stun.binding_request(size.to_bytes(12, "big"), size=size))
        answer = asker.recv(4096)
        assert stun.decode(answer).mapped is not None
        sizes[size] = len(answer)
print(json.dumps(sizes))
"""


def test_coturn_answers_a_filled_request_by_less_than_was_asked(lab: Lab) -> None:
    """It knows RFC 5780's PADDING, by which 1604 bytes answer a packet of a call's size."""
    answers = json.loads(lab.python("laptop", ASK, at.STUN).stdout)
    assert set(answers) == {"172", "1472"}
    assert all(answer < int(asked) for asked, answer in answers.items())
