"""A lab for the tests of a module, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lab import addresses as at
from lab import services, world
from lab.measuring import echo_server, web_server
from lab.waiting import LabUnavailable
from lab.world import Lab


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """A healthy lab; whoever breaks it mends it."""
    try:
        with world.lab() as built:
            yield built
    except LabUnavailable as problem:
        pytest.skip(f"the lab cannot be built here: {problem}")


@pytest.fixture(scope="module")
def up(lab: Lab) -> Lab:
    """The lab with everything in it that answers."""
    services.sip(lab)
    services.stun(lab)
    web_server(lab, "provider", at.REFLECTOR)
    for namespace, address in (("provider", at.REFLECTOR), ("router", at.GATEWAY)):
        echo_server(lab, namespace, address)
    return lab
