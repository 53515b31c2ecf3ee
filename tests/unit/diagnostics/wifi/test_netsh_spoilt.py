"""What no spoiling of netsh's output may do: make a weak network strong, or a power impossible."""

from __future__ import annotations

import re

import wifi_samples as samples
from hypothesis import assume, given
from hypothesis import strategies as st
from spoiling import cut, mutated

from fieldtech.diagnostics.wifi import netsh
from fieldtech.diagnostics.wifi.facts import Security

STRONG = {Security.WPA2, Security.WPA3, Security.OWE}
NAMES_STRENGTH = re.compile(r"wpa[23]|owe|00-0f-ac", re.IGNORECASE)
EVERY = st.sampled_from(
    [value for name, value in vars(samples).items() if name.isupper() and isinstance(value, str)]
)


@given(st.text(), st.text())
def test_any_text_is_read_without_an_error(interfaces: str, networks: str) -> None:
    reading = netsh.read(interfaces, networks, "Wi-Fi")
    assert reading.link is None or reading.link.security not in STRONG


@given(EVERY.flatmap(mutated), EVERY.flatmap(mutated))
def test_a_power_is_always_one_that_can_be(interfaces: str, networks: str) -> None:
    links = netsh.parse_interfaces(interfaces)
    powers = [*(x.rssi_dbm for x in links), *(x.rssi_dbm for x in netsh.parse_networks(networks))]
    assert all(power is None or -120 <= power <= -1 for power in powers)


WEAK = st.sampled_from(
    [
        samples.WINDOWS_10_ES_OPEN,
        samples.WINDOWS_10_IT,
        samples.WINDOWS_10_PT,
        samples.DISCONNECTED_ES,
        samples.WINDOWS_10_ES.replace("WPA2-Personal", "Algo nuevo"),
    ]
)


@given(WEAK.flatmap(mutated))
def test_a_weak_network_never_becomes_strong(text: str) -> None:
    assume(NAMES_STRENGTH.search(text) is None)
    assert all(link.security not in STRONG for link in netsh.parse_interfaces(text))


@given(
    st.sampled_from(
        [
            samples.WINDOWS_11_ZH_OPEN,
            samples.WINDOWS_10_ES_OPEN.replace("Casa García", "WPA2-Personal"),
        ]
    ).flatmap(cut)
)
def test_a_name_never_counts_as_security(text: str) -> None:
    assert all(link.security not in STRONG for link in netsh.parse_interfaces(text))


@given(cut(samples.NETWORKS_ES))
def test_a_lost_line_gives_no_network_the_security_of_another(text: str) -> None:
    truly = {"b1": Security.WPA2, "b2": Security.WPA2, "b5": Security.WPA3}
    for each in netsh.parse_networks(text):
        assert each.security not in STRONG or each.security is truly.get(each.bssid[-2:])


@given(mutated(samples.DISCONNECTED_ES, most=2))
def test_a_spoilt_output_never_connects(text: str) -> None:
    assert all(link.connected is not True for link in netsh.parse_interfaces(text))
