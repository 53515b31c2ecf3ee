"""Each fault is really on the wire, as plain tools see it, and gone when it is mended."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest
from lab import addresses as at
from lab import services, world
from lab.faults import FAULTS
from lab.measuring import (
    ECHO_PORT,
    UNKNOWN_NAME,
    Voice,
    assert_healthy,
    hop,
    mean_difference,
    measure,
    nat_mapping,
    ping,
    running_jitter,
    sip_reply,
    usual_difference,
)
from lab.plan import Options
from lab.waiting import wait_until
from lab.wire import Settings
from lab.world import Lab

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's"),
    pytest.mark.slow,
]

NAMES = (
    *("cable_out", "dhcp_none", "dhcp_rogue", "gateway_duplicate", "dns_down", "dns_hijack"),
    *("captive_portal", "wan_down", "double_nat", "symmetric_nat", "sip_alg", "sip_down"),
    *("pmtu_1492", "pmtu_blackhole_1440", "loss_2", "loss_5", "loss_10", "jitter_35"),
    *("delay_150", "delay_250", "bufferbloat", "lan_loss_30", "provider_loss"),
)


@pytest.fixture(autouse=True)
def unharmed(up: Lab) -> Iterator[None]:
    """The wire is again as it was, and has carried everything it was given."""
    yield
    assert (up.wire.up, up.wire.down) == (up.options.up, up.options.down)
    assert [way["missed"] for way in up.wire.counters().values()] == [0, 0]


class TestCustomersSide:
    def test_cable_out(self, up: Lab) -> None:
        carrier = ["cat", "/sys/class/net/lan0/carrier"]
        with FAULTS["cable_out"].apply(up):
            assert up.run("laptop", carrier).stdout == "0\n"
            assert ping(up, at.GATEWAY, count=1) == []
        assert up.run("laptop", carrier).stdout == "1\n"

    def test_dhcp_none(self, up: Lab) -> None:
        with FAULTS["dhcp_none"].apply(up):
            assert not up.renew(tries=1)
            assert up.lease() == {}
            assert up.run("laptop", ["ip", "-4", "-o", "address", "show", "lan0"]).stdout == ""
            assert up.run("laptop", ["ip", "-4", "route"]).stdout == ""
            # Nothing else is wrong.
            up.run("laptop", ["ip", "address", "add", "192.168.77.9/24", "dev", "lan0"])
            assert ping(up, at.GATEWAY)

    def test_dhcp_rogue(self, up: Lab) -> None:
        with FAULTS["dhcp_rogue"].apply(up):
            for _ in range(2):
                assert up.lease()["serverid"] == at.ROGUE_SERVER
                assert up.lease()["router"] == at.ROGUE_GATEWAY
                assert up.renew()
            assert up.lease()["dns"] == at.DNS
            assert hop(up, 1) == at.ROGUE_SERVER
            # The router's own server is there as well.
            listening = up.run("router", ["ss", "-Hlun", "sport", "67"]).stdout
            assert "br-lan:67" in listening
            assert ping(up, at.GATEWAY)
            assert ping(up, at.REFLECTOR)

    def test_a_rogue_server_may_name_itself_as_the_gateway(self) -> None:
        with FAULTS["dhcp_rogue"].lab(Options(rogue_gateway=at.ROGUE_SERVER)) as own:
            assert own.lease()["serverid"] == own.lease()["router"] == at.ROGUE_SERVER
            assert ping(own, at.PROVIDER)

    def test_gateway_duplicate(self, up: Lab) -> None:
        asked = ["arping", "-b", "-c", "2", "-w", "3", "-I", "lan0", at.GATEWAY]
        with FAULTS["gateway_duplicate"].apply(up):
            said = up.run("laptop", asked, check=False).stdout
            assert len(set(re.findall(r"\[([0-9A-F:]{17})\]", said))) == 2
            first = up.neighbour(at.GATEWAY)
            wait_until(lambda: up.neighbour(at.GATEWAY) != first, what="another MAC address")
            wait_until(lambda: up.neighbour(at.GATEWAY) == first, what="the first MAC address")
            assert ping(up, at.GATEWAY)
        said = up.run("laptop", asked, check=False).stdout
        assert len(set(re.findall(r"\[([0-9A-F:]{17})\]", said))) == 1

    def test_lan_loss_30(self, up: Lab) -> None:
        with FAULTS["lan_loss_30"].apply(up):
            to_router = Voice(up, count=600, interval_ms=2, address=at.GATEWAY)
            assert 120 <= to_router.lost <= 240  # 180 ± 5 sigma
        before = up.wire.counters()
        assert before["down"]["lost"] == before["up"]["lost"] == 0


class TestRouter:
    def test_symmetric_nat(self, up: Lab) -> None:
        with FAULTS["symmetric_nat"].apply(up):
            assert nat_mapping(up) == "Address and Port Dependent"
        assert nat_mapping(up) == "Endpoint Independent"

    def test_sip_alg_rewrites_5060_and_leaves_5080(self, up: Lab) -> None:
        with FAULTS["sip_alg"].apply(up):
            told = measure(up, "laptop", "options", at.SIP, 5060)
            assert f"X-Seen-Via: SIP/2.0/UDP {at.PUBLIC}:" in told["reply"]
            assert re.search(rf"X-Seen-Contact: <sip:lab@{at.PUBLIC}:", told["reply"])
            # On the way back the helper writes the laptop's own address over the public one.
            assert f"received={told['own']}" in told["reply"]
            assert at.PUBLIC not in "".join(re.findall(r"\r\nVia: .*", told["reply"]))
            control = measure(up, "laptop", "options", at.SIP, 5080)
            assert f"X-Seen-Via: SIP/2.0/UDP {control['own']}:" in control["reply"]
            assert f"received={at.PUBLIC}" in control["reply"]

    def test_captive_portal(self, up: Lab) -> None:
        with FAULTS["captive_portal"].apply(up):
            page = measure(up, "laptop", "get", at.REFLECTOR, "/generate_204")
            assert page["status"] == 302
            assert page["location"] == "http://192.168.77.1:8080/login"
            fetch = (
                "import sys, urllib.request as u; "
                "r = u.urlopen(sys.argv[1], timeout=3); print(r.status, r.url)"
            )
            followed = up.python("laptop", fetch, f"http://{at.REFLECTOR}/").stdout
            assert followed == "200 http://192.168.77.1:8080/login\n"
            assert ping(up, at.REFLECTOR)

    def test_bufferbloat(self, up: Lab) -> None:
        idle = min(ping(up, at.REFLECTOR))
        with FAULTS["bufferbloat"].apply(up):
            before = up.wire.counters()["up"]
            # 1442 bytes a frame at 10 Mbit/s: what waits behind 900 of them waits for a second.
            measure(up, "laptop", "burst", at.REFLECTOR, 9, 900, 1400)
            loaded = ping(up, at.REFLECTOR, count=1, wait=3)
            assert loaded[0] > idle + 500
            measure(up, "laptop", "burst", at.REFLECTOR, 9, 1500, 1400)
            wait_until(
                lambda: up.wire.counters()["up"]["overflowed"] > before["overflowed"],
                what="more packets than the queue holds",
            )
            # No more than 1000 of them wait.
            assert max(ping(up, at.REFLECTOR, count=1, wait=3)) < idle + 1250
            wait_until(lambda: max(ping(up, at.REFLECTOR)) < idle + 20, what="an empty queue")


class TestProvider:
    def test_wan_down(self, up: Lab) -> None:
        with FAULTS["wan_down"].apply(up):
            assert ping(up, at.REFLECTOR, count=2) == []
            assert ping(up, at.GATEWAY)
            assert up.run("router", ["cat", "/sys/class/net/wan0/carrier"]).stdout == "1\n"

    def test_double_nat(self) -> None:
        assert FAULTS["double_nat"].at_construction
        with FAULTS["double_nat"].lab() as behind:
            assert [hop(behind, n) for n in (1, 2, 3)] == [at.GATEWAY, at.CARRIER, ""]
            services.stun(behind)
            assert nat_mapping(behind) == "Endpoint Independent"
            services.sip(behind)
            assert f"received={at.PUBLIC}" in sip_reply(behind, 5060)

    def test_pmtu_1492_is_told_by_icmp(self, up: Lab) -> None:
        with FAULTS["pmtu_1492"].apply(up):
            assert measure(up, "laptop", "packet", at.REFLECTOR, ECHO_PORT, 1492)["came"]
            too_long = measure(up, "laptop", "packet", at.REFLECTOR, ECHO_PORT, 1493)
            assert (too_long["came"], too_long["mtu"]) == (False, 1492)
            assert too_long["error"] == "Message too long"
            # To another host: the laptop has learnt about this one.
            asked = ["ping", "-n", "-c", "1", "-M", "do", "-s", "1472", at.SIP]
            said = up.run("laptop", asked, check=False).stdout
            assert f"From {at.GATEWAY} " in said
            assert "Frag needed and DF set (mtu = 1492)" in said
        assert measure(up, "laptop", "packet", at.REFLECTOR, ECHO_PORT, 1500)["came"]

    def test_pmtu_blackhole_1440_is_silent_both_ways(self, up: Lab) -> None:
        with FAULTS["pmtu_blackhole_1440"].apply(up):
            assert measure(up, "laptop", "packet", at.REFLECTOR, ECHO_PORT, 1440)["came"]
            too_long = measure(up, "laptop", "packet", at.REFLECTOR, ECHO_PORT, 1441)
            assert too_long == {"came": False, "error": "silence", "mtu": 1500}
            asked = ["ping", "-n", "-c", "1", "-W", "1", "-M", "do", "-s"]
            # 28 bytes of headers.
            assert up.run("provider", [*asked, "1413", at.PUBLIC], check=False).returncode == 1
            assert up.run("provider", [*asked, "1412", at.PUBLIC]).returncode == 0

    @pytest.mark.parametrize("percent", [2, 5, 10])
    def test_loss_is_on_the_way_down_only(self, up: Lab, percent: int) -> None:
        with FAULTS[f"loss_{percent}"].apply(up):
            before = up.wire.counters()
            call = Voice(up, count=2000, interval_ms=1)
            after = up.wire.counters()
            lost = {way: after[way]["lost"] - before[way]["lost"] for way in before}
            expected = 2000 * percent / 100
            assert abs(call.lost - expected) <= 4 * (expected * (1 - percent / 100)) ** 0.5
            assert lost["up"] == 0
            # A neighbour's question may be among the lost too.
            assert abs(lost["down"] - call.lost) <= 2
            assert Voice(up, count=300, interval_ms=1, address=at.GATEWAY).lost == 0

    def test_jitter_35(self, up: Lab) -> None:
        with FAULTS["jitter_35"].apply(up):
            call = Voice(up, count=8 * 40, interval_ms=20)
        assert call.lost == 0
        assert call.numbers == sorted(call.numbers)
        assert mean_difference(call.down_ms) == pytest.approx(35, abs=3)
        assert 30 < running_jitter(call.down_ms) < 41
        centre = sum(call.down_ms) / len(call.down_ms)
        spread = sum(abs(ms - centre) for ms in call.down_ms) / len(call.down_ms)
        assert spread == pytest.approx(40, abs=4)
        assert usual_difference(call.up_ms) < 3

    @pytest.mark.parametrize("one_way", [150, 250])
    def test_delay_is_so_long_each_way(self, up: Lab, one_way: int) -> None:
        with FAULTS[f"delay_{one_way}"].apply(up):
            call = Voice(up, count=50, interval_ms=20)
            for way in (call.up_ms, call.down_ms):
                assert one_way <= min(way) < one_way + 5
            assert min(ping(up, at.REFLECTOR)) >= 2 * one_way

    def test_provider_loss(self, up: Lab) -> None:
        before = up.wire.counters()
        with FAULTS["provider_loss"].apply(up):
            assert 50 <= Voice(up, count=1000, interval_ms=2).lost <= 150  # 100 ± 5 sigma
            assert Voice(up, count=300, interval_ms=1, address=at.GATEWAY).lost == 0
        after = up.wire.counters()
        assert [after[way]["lost"] - before[way]["lost"] for way in before] == [0, 0]


class TestNamesAndVoice:
    def test_dns_down(self, up: Lab) -> None:
        with FAULTS["dns_down"].apply(up):
            assert measure(up, "laptop", "question", at.DNS, "www.example.mx")["rcode"] is None
            other = measure(up, "laptop", "question", at.THIRD_PARTY_DNS, "www.example.mx")
            assert other == {"rcode": 0, "addresses": [at.REFLECTOR]}
            assert ping(up, at.DNS)

    def test_dns_hijack(self, up: Lab) -> None:
        with FAULTS["dns_hijack"].apply(up):
            for name in ("www.example.mx", UNKNOWN_NAME):
                hijacked = measure(up, "laptop", "question", at.DNS, name)
                assert hijacked == {"rcode": 0, "addresses": [at.HIJACKER]}
            honest = measure(up, "laptop", "question", at.THIRD_PARTY_DNS, UNKNOWN_NAME)
            assert honest["rcode"] == 3

    @pytest.mark.parametrize("resolver", [at.GATEWAY, at.THIRD_PARTY_DNS])
    def test_the_resolver_that_was_handed_out_is_the_one_that_breaks(self, resolver: str) -> None:
        with world.lab(Options(resolver=resolver)) as own:
            assert own.lease()["dns"] == resolver
            answer = measure(own, "laptop", "question", resolver, "www.example.mx")
            assert answer["addresses"] == [at.REFLECTOR]
            assert measure(own, "laptop", "question", resolver, UNKNOWN_NAME)["rcode"] == 3
            with FAULTS["dns_hijack"].apply(own):
                answer = measure(own, "laptop", "question", resolver, "a.example.mx")
                assert answer["addresses"] == [at.HIJACKER]
            with FAULTS["dns_down"].apply(own):
                assert measure(own, "laptop", "question", resolver, "b.example")["rcode"] is None

    def test_sip_down(self, up: Lab) -> None:
        with FAULTS["sip_down"].apply(up):
            assert (sip_reply(up, 5060), sip_reply(up, 5080)) == ("", "")
            assert ping(up, at.SIP)
        assert sip_reply(up, 5060).startswith("SIP/2.0 200 OK")


class TestAll:
    def test_every_fault_of_the_design_is_here(self) -> None:
        assert tuple(FAULTS) == NAMES

    @pytest.mark.parametrize("name", [name for name in NAMES if name != "double_nat"])
    def test_what_was_mended_is_healthy(self, up: Lab, name: str) -> None:
        with FAULTS[name].apply(up):
            pass
        assert_healthy(up)

    def test_frames_may_overtake_each_other_only_if_asked(self, up: Lab) -> None:
        wild = Settings(delay_ms=5.0, jitter_ms=30.0, jitter="normal")
        with up.wire.changed(down=wild):
            assert Voice(up, count=200, interval_ms=2).numbers == list(range(200))
        reordering = Settings(delay_ms=5.0, jitter_ms=30.0, reorder=True)
        with up.wire.changed(down=reordering):
            call = Voice(up, count=200, interval_ms=2)
            assert call.numbers != sorted(call.numbers)
            assert sorted(call.numbers) == list(range(200))
