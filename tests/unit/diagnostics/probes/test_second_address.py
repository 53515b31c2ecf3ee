"""An interface with a link-local address beside the one that it was given."""

from __future__ import annotations

from dataclasses import replace

import pytest
from diagnosing import LAN, a_context, a_result

from fieldtech.diagnostics.addresses.facts import AddressFacts
from fieldtech.diagnostics.outcome import Reason
from fieldtech.diagnostics.probes import ip_config
from fieldtech.domain.words import CheckStatus

GIVEN = AddressFacts(
    interface="lan0",
    ipv4=(("192.168.1.5", 24),),
    gateways=("192.168.1.1",),
    dhcp=True,
    dhcp_server="192.168.1.1",
    source="ip -j",
)


@pytest.mark.parametrize(
    "ipv4",
    [
        (("192.168.1.5", 24), ("169.254.7.7", 16)),
        (("169.254.7.7", 16), ("192.168.1.5", 24)),
    ],
)
def test_one_beside_another_is_no_fault(ipv4: tuple[tuple[str, int | None], ...]) -> None:
    found = ip_config.outcome_of(replace(GIVEN, ipv4=ipv4))
    assert found.values == {"lan.ip": "192.168.1.5", "lan.dhcp": "gateway"}
    assert a_result("ip_config", found).status is CheckStatus.PASS


def test_alone_they_are() -> None:
    alone = replace(GIVEN, ipv4=(("169.254.7.7", 16), ("169.254.7.8", 16)), dhcp_server="")
    found = ip_config.outcome_of(alone)
    assert found.values == {"lan.ip": "169.254.7.7", "lan.dhcp": "none"}
    assert a_result("ip_config", found).status is CheckStatus.FAIL


@pytest.mark.parametrize(
    ("ipv4", "reason"),
    [
        (("169.254.7.7", "192.168.1.5"), None),
        (("169.254.7.7",), Reason.NO_ADDRESS),
        ((), Reason.NO_ADDRESS),
    ],
)
def test_what_keeps_a_run_from_going_on(ipv4: tuple[str, ...], reason: Reason | None) -> None:
    assert ip_config.is_blocked(a_context(replace(LAN, ipv4=ipv4))) is reason
