"""What each probe makes of what came: pure, and never better than it was."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address

import pytest
from diagnosing import LAN, a_context, a_result

from fieldtech.diagnostics import stun
from fieldtech.diagnostics.addresses.facts import AddressFacts
from fieldtech.diagnostics.addresses.neighbours import Neighbour
from fieldtech.diagnostics.arp import claimant, probe
from fieldtech.diagnostics.call_quality import Packet
from fieldtech.diagnostics.icmp.facts import Echo, Hop
from fieldtech.diagnostics.load_facts import Load, Rate
from fieldtech.diagnostics.names import Reply
from fieldtech.diagnostics.outcome import Outcome, Reason
from fieldtech.diagnostics.probes import (
    bufferbloat,
    dns,
    double_nat,
    duplicate_ip,
    gateway,
    ip_config,
    link,
    my_ip,
    sip_alg,
    throughput,
    voice,
    wifi,
    wifi_channels,
    wifi_security,
)
from fieldtech.diagnostics.probes.my_ip import UNASKED, Told
from fieldtech.diagnostics.probes.nat_behaviour import Mapping, mapping_of
from fieldtech.diagnostics.probes.sip_alg import Sight
from fieldtech.diagnostics.stream_process import Streamed
from fieldtech.diagnostics.wifi.facts import Neighbour as Station
from fieldtech.diagnostics.wifi.facts import Security, WifiLink, WifiReading
from fieldtech.domain.words import CheckStatus

LEASED = AddressFacts(
    interface="lan0",
    ipv4=(("192.168.77.10", 24),),
    gateways=("192.168.77.1",),
    dhcp=True,
    dhcp_server="192.168.77.1",
    source="ip -j",
)


class TestLink:
    def test_a_cable_tells_speed_and_duplex(self) -> None:
        found = link.outcome_of(LAN, flaps=0, wireless=False)
        assert found.values == {
            "lan.link": "up",
            "lan.speed": "1000",
            "lan.duplex": "full",
            "lan.flaps": "0",
        }

    def test_a_radio_has_none_of_a_cables_facts(self) -> None:
        found = link.outcome_of(LAN, flaps=None, wireless=True)
        assert set(found.values) == {"lan.link"}
        assert set(found.unmeasured.values()) == {Reason.NOT_TOLD}

    @pytest.mark.parametrize("speed", [0, 2**32 - 1])
    def test_a_speed_that_no_driver_means_is_none(self, speed: int) -> None:
        found = link.outcome_of(replace(LAN, speed_mbps=speed), flaps=0, wireless=False)
        assert "lan.speed" not in found.values

    def test_out_is_out(self) -> None:
        found = link.outcome_of(replace(LAN, up=False), flaps=1, wireless=False)
        assert found.values == {"lan.link": "down"}
        assert a_result("link", found).status is CheckStatus.FAIL


class TestIpConfig:
    def test_the_router_gave_it(self) -> None:
        found = ip_config.outcome_of(LEASED)
        assert found.values == {"lan.ip": "192.168.77.10", "lan.dhcp": "gateway"}

    @pytest.mark.parametrize(
        ("change", "served"),
        [
            ({"dhcp_server": "192.168.77.66"}, "other"),
            ({"dhcp": False, "dhcp_server": ""}, "static"),
            ({"ipv4": (("169.254.9.9", 16),), "dhcp_server": ""}, "none"),
            ({"dhcp_server": ""}, None),
            ({"gateways": ()}, None),
        ],
    )
    def test_who_served_it(self, change: dict[str, object], served: str | None) -> None:
        found = ip_config.outcome_of(replace(LEASED, **change))  # type: ignore[arg-type]
        assert found.values.get("lan.dhcp") == served

    def test_no_address_is_nobody_who_answers(self) -> None:
        found = ip_config.outcome_of(AddressFacts(interface="lan0", source="ip -j"))
        assert found.values == {"lan.dhcp": "none"}
        assert a_result("ip_config", found).status is CheckStatus.FAIL

    def test_a_system_that_tells_nothing_is_no_fault(self) -> None:
        found = ip_config.outcome_of(AddressFacts(interface="lan0"))
        assert a_result("ip_config", found).status is CheckStatus.NOT_MEASURABLE


class TestDuplicate:
    TABLE = (Neighbour(address="192.168.77.1", mac="02:00:00:00:77:01", state="reachable"),)

    def judged(
        self,
        claims: dict[str, list[str]] | None,
        *,
        flagged: bool | None = None,
        table: tuple[Neighbour, ...] = TABLE,
    ) -> Outcome:
        return duplicate_ip.outcome_of(
            claims, own_mac=LAN.mac, flagged=flagged, gateway="192.168.77.1", table=table
        )

    def test_one_answer_is_one_machine(self) -> None:
        assert self.judged({"gateway": ["02:00:00:00:77:01"], "own": []}).values == {
            "lan.duplicate": "none"
        }

    def test_two_answers_are_two(self) -> None:
        two = {"gateway": ["02:00:00:00:77:01", "02:00:00:00:77:99"], "own": []}
        assert self.judged(two).values == {"lan.duplicate": "duplicate"}

    def test_somebody_else_with_our_address(self) -> None:
        found = self.judged({"gateway": ["x"], "own": [LAN.mac, "02:00:00:00:77:aa"]})
        assert found.values == {"lan.duplicate": "duplicate"}
        assert found.evidence["others_with_own"] == ["02:00:00:00:77:aa"]

    def test_without_the_right_to_ask_nothing_is_clean(self) -> None:
        found = self.judged(None)
        assert (found.values, found.reason) == ({}, Reason.NOT_PERMITTED)
        assert self.judged(None, flagged=True).values == {"lan.duplicate": "duplicate"}

    def test_a_table_that_changes_gives_two_away(self) -> None:
        other = replace(self.TABLE[0], mac="02:00:00:00:77:99")
        found = self.judged(None, table=(*self.TABLE, other))
        assert found.values == {"lan.duplicate": "duplicate"}

    def test_the_question_on_the_wire(self) -> None:
        """RFC 5227, section 2.1.1: from nobody's address, to everybody."""
        frame = probe("192.168.77.1", bytes.fromhex("020000007710"))
        assert frame[:6] == b"\xff" * 6
        assert frame[28:32] == bytes(4)
        assert frame[38:42] == bytes([192, 168, 77, 1])
        assert claimant(frame, "192.168.77.1") == "", "a question claims nothing"
        answer = frame[:20] + b"\0\x02" + bytes.fromhex("020000007701") + frame[38:42] + frame[32:]
        assert claimant(answer, "192.168.77.1") == "02:00:00:00:77:01"
        assert claimant(answer, "192.168.77.2") == ""
        assert claimant(b"short", "192.168.77.1") == ""


class TestGateway:
    def test_loss_and_mean(self) -> None:
        echoes = [Echo(sent_at_s=n / 20, rtt_ms=None if n < 2 else 1.5) for n in range(20)]
        found = gateway.outcome_of("192.168.77.1", echoes)
        assert found.values == {"router.gateway_loss": "10", "router.gateway_time": "1.5"}

    def test_silence_has_no_time(self) -> None:
        found = gateway.outcome_of("g", [Echo(sent_at_s=0, rtt_ms=None)])
        assert found.values == {"router.gateway_loss": "100"}
        assert found.unmeasured == {"router.gateway_time": Reason.GATEWAY_SILENT}


def reply(rcode: str = "NOERROR", *addresses: str, ms: float | None = 10.0) -> Reply:
    return Reply(resolver="r", rcode=rcode, addresses=addresses, ms=ms)


SILENT = reply("", ms=None)


class TestDns:
    NAMED = (("r", "www.example.mx", "A"), reply("NOERROR", "203.0.113.80"))
    INVENTED = (("r", "ft-1.example", "A"), reply("NXDOMAIN"))

    def test_a_sound_resolver(self) -> None:
        found = dns.outcome_of(["r"], [self.NAMED], [self.INVENTED])
        assert found.values == {
            "internet.dns_answers": "all",
            "internet.dns": "10",
            "internet.dns_hijack": "clean",
        }

    def test_nodata_is_clean_too(self) -> None:
        found = dns.outcome_of(["r"], [self.NAMED], [(self.INVENTED[0], reply("NOERROR"))])
        assert found.values["internet.dns_hijack"] == "clean"

    def test_a_resolver_that_cannot_be_asked_from_here_is_not_silent(self) -> None:
        """A link-local one where the interface has no such address of its own."""
        local = (("fe80::1", "www.example.mx", "A"), replace(SILENT, asked=False))
        found = dns.outcome_of(["r", "fe80::1"], [self.NAMED, local], [self.INVENTED])
        assert found.values["internet.dns_answers"] == "all"
        alone = dns.outcome_of(["fe80::1"], [local], [])
        assert alone.values == {}
        assert alone.unmeasured["internet.dns_answers"] is Reason.NO_ADDRESS

    def test_an_address_for_a_made_up_name(self) -> None:
        lie = (self.INVENTED[0], reply("NOERROR", "198.51.100.10"))
        found = dns.outcome_of(["r"], [self.NAMED], [lie])
        assert found.values["internet.dns_hijack"] == "hijacked"

    @pytest.mark.parametrize(
        ("named", "invented", "told"),
        [
            (SILENT, SILENT, "none"),
            (reply("SERVFAIL"), reply("SERVFAIL"), "wrong"),
            (reply("NOERROR"), reply("NXDOMAIN"), "wrong"),
            # A question that was lost says nothing of its answer.
            (SILENT, reply("NXDOMAIN"), "some"),
            # More addresses than a packet holds are not none.
            (replace(reply(), truncated=True), reply("NXDOMAIN"), "all"),
        ],
    )
    def test_what_is_not_answered(self, named: Reply, invented: Reply, told: str) -> None:
        found = dns.outcome_of(["r"], [(self.NAMED[0], named)], [(self.INVENTED[0], invented)])
        assert found.values["internet.dns_answers"] == told

    def test_the_time_is_that_of_names_in_use(self) -> None:
        """A made-up name is asked all the way up: no resolver has kept it."""
        slow = (self.INVENTED[0], reply("NXDOMAIN", ms=400.0))
        found = dns.outcome_of(["r"], [self.NAMED], [slow, slow])
        assert found.values["internet.dns"] == "10"
        alone = dns.outcome_of(["r"], [(self.NAMED[0], SILENT)], [slow, slow])
        assert alone.values["internet.dns"] == "400"

    def test_what_there_is_too_much_of_is_not_denied(self) -> None:
        lots = (self.INVENTED[0], replace(reply(), truncated=True))
        found = dns.outcome_of(["r"], [self.NAMED], [lots])
        assert found.unmeasured == {"internet.dns_hijack": Reason.UNREACHED}

    def test_one_of_two_is_silent(self) -> None:
        dead = (("s", "www.example.mx", "A"), SILENT)
        found = dns.outcome_of(["r", "s"], [self.NAMED, dead], [self.INVENTED])
        assert found.values["internet.dns_answers"] == "some"

    def test_a_system_that_names_no_resolver_is_no_fault(self) -> None:
        from fieldtech.domain.probe_targets import ProbeTargets

        targets = ProbeTargets(dns_names=("www.example.mx",))
        context = a_context(targets=targets, resolvers=())
        assert dns.run(context).values == {"internet.dns_answers": "none"}


class TestMyIp:
    def test_one_address_by_all_ways(self) -> None:
        same = Told("203.0.113.20")
        found = my_ip.outcome_of(same, same, same, {})
        assert found.values == {"internet.public_ip": "203.0.113.20", "internet.same_ip": "same"}

    def test_two_ways_out(self) -> None:
        found = my_ip.outcome_of(Told("203.0.113.20"), Told(), Told("198.51.100.9"), {})
        assert found.values["internet.same_ip"] == "differ"

    def test_what_this_machine_tells_itself_is_nothing_public(self) -> None:
        here = my_ip.outcome_of(UNASKED, UNASKED, Told("127.0.0.1"), {})
        assert (here.values, here.reason) == ({}, Reason.UNKNOWN)
        assert here.evidence["http"] == "127.0.0.1"

    def test_silence_and_no_name_are_two_things(self) -> None:
        silent = my_ip.outcome_of(Told(), Told(), UNASKED, {})
        assert a_result("my_ip", silent).status is CheckStatus.FAIL
        nameless = my_ip.outcome_of(UNASKED, UNASKED, UNASKED, {})
        assert a_result("my_ip", nameless).status is CheckStatus.NOT_MEASURABLE
        assert a_result("my_ip", nameless).reason is Reason.NOT_RESOLVED

    @pytest.mark.parametrize(
        ("body", "address"),
        [
            (b"203.0.113.20\n", "203.0.113.20"),
            (b" 2001:db8::1 ", "2001:db8::1"),
            (b"<html>203.0.113.20</html>", ""),
            (b"", ""),
            (b"\xff\xfe", ""),
        ],
    )
    def test_a_page_that_is_an_address(self, body: bytes, address: str) -> None:
        assert my_ip.address_in(body) == address


class TestDoubleNat:
    GATE = Hop(ttl=1, address="192.168.77.1")

    @pytest.mark.parametrize(
        ("hops", "value", "reason"),
        [
            ((GATE, Hop(ttl=2, address="203.0.113.1")), "203.0.113.20", None),
            ((GATE, Hop(ttl=2, address="100.64.0.1")), "100.64.0.1", None),
            ((GATE, Hop(ttl=2, address="192.168.100.1")), "192.168.100.1", None),
            ((GATE, Hop(ttl=2), Hop(ttl=3, address="100.64.9.1")), "100.64.9.1", None),
            # An operator's own core, behind a public hop, is no NAT.
            (
                (GATE, Hop(ttl=2, address="203.0.113.1"), Hop(ttl=3, address="10.0.4.1")),
                "203.0.113.20",
                None,
            ),
            ((GATE, Hop(ttl=2), Hop(ttl=3, address="203.0.113.9")), None, Reason.UNKNOWN),
            ((GATE,), None, Reason.UNKNOWN),
        ],
    )
    def test_what_stands_behind_the_router(
        self, hops: tuple[Hop, ...], value: str | None, reason: Reason | None
    ) -> None:
        found = double_nat.outcome_of(hops, "203.0.113.20")
        assert (found.values.get("router.wan_ip"), found.reason) == (value, reason)

    def test_without_the_public_address_nothing_is_good(self) -> None:
        hops = (self.GATE, Hop(ttl=2, address="203.0.113.1"))
        assert double_nat.outcome_of(hops, "").reason is Reason.UNREACHED


def test_a_mapping_by_rfc_5780() -> None:
    one, other, third = (
        stun.Endpoint(ip_address("203.0.113.20"), port) for port in (4000, 4001, 4002)
    )
    assert mapping_of(one, one, None) is Mapping.ENDPOINT
    assert mapping_of(one, other, other) is Mapping.ADDRESS
    assert mapping_of(one, other, third) is Mapping.SYMMETRIC
    assert mapping_of(one, None, None) is None
    assert mapping_of(one, other, None) is None


def seen(received: str, *, port: int = 5060, own: str = "192.168.77.10", via: str = "") -> Sight:
    return Sight(
        port=port, own=own, own_port=40000, via=via or own, via_port=40000, received=received
    )


class TestSipAlg:
    PUBLIC = "203.0.113.20"

    @pytest.mark.parametrize(
        ("sights", "public", "value", "reason"),
        [
            # A NAT alone.
            ([seen(PUBLIC), seen(PUBLIC, port=5080)], PUBLIC, "off", None),
            ([seen(PUBLIC)], PUBLIC, "off", None),
            # No NAT at all: nothing to add.
            ([seen("", own=PUBLIC)], PUBLIC, "off", None),
            # It rewrites both ways, and shows the private address for the public one.
            ([seen("192.168.77.10"), seen(PUBLIC, port=5080)], PUBLIC, "on", None),
            # So does a server on this side of the NAT: the control tells which it is.
            ([seen("192.168.77.10")], PUBLIC, None, Reason.NO_CONTROL),
            ([seen("192.168.77.10"), seen("192.168.77.10", port=5080)], PUBLIC, "off", None),
            # It rewrites the Via and does not put it back.
            ([seen(PUBLIC, via=PUBLIC)], PUBLIC, "on", None),
            # It rewrites so well that the server had nothing to add; the control shows it.
            ([seen(""), seen(PUBLIC, port=5080)], PUBLIC, "on", None),
            ([seen("")], PUBLIC, None, Reason.NO_CONTROL),
            # Another way out than STUN's: no ALG where the control is seen the same.
            ([seen("198.51.100.9"), seen("198.51.100.9", port=5080)], PUBLIC, "off", None),
            ([seen("198.51.100.9")], PUBLIC, None, Reason.NO_CONTROL),
            # Without STUN the control alone decides.
            ([seen(PUBLIC), seen(PUBLIC, port=5080)], "", "off", None),
            ([seen(PUBLIC)], "", None, Reason.NO_CONTROL),
            ([seen(PUBLIC, port=5080)], PUBLIC, None, Reason.UNREACHED),
            ([], PUBLIC, None, Reason.UNREACHED),
        ],
    )
    def test_what_the_server_saw(
        self, sights: list[Sight], public: str, value: str | None, reason: Reason | None
    ) -> None:
        found = sip_alg.outcome_of(sights, public)
        assert (found.values.get("sip.alg"), found.reason) == (value, reason)


class TestVoice:
    def test_a_stream_becomes_a_call(self) -> None:
        packets = tuple(Packet(number=n, rtt=40.0, there=20.0, back=20.0) for n in range(100))
        found = voice.outcome_of(Streamed(packets=packets, lost_there=0))
        assert found.values["sip.loss"] == "0"
        assert found.values["sip.delay"] == "20"
        assert found.evidence["codec"] == "G.711"
        assert found.evidence["plc"] is True
        assert a_result("voice", found).status is CheckStatus.PASS

    def test_silence_is_nobody_and_not_loss(self) -> None:
        packets = tuple(Packet(number=n, rtt=None) for n in range(100))
        found = voice.outcome_of(Streamed(packets=packets, lost_there=None))
        assert (found.values, found.reason) == ({}, Reason.UNREACHED)


class TestLoad:
    RATE = Rate(mbps=93.4, bytes=50_000_000, seconds=4.0, flows=4)
    NOTHING = Rate(mbps=0.0, bytes=0, seconds=4.0, flows=0, problem="HTTP 503")

    def test_rates(self) -> None:
        found = throughput.outcome_of(Load(down=self.RATE, up=self.NOTHING))
        assert found.values == {"internet.speed": "93.4"}
        assert found.unmeasured == {"internet.upload": Reason.UNREACHED}

    def test_flows_that_broke_prove_no_slow_line(self) -> None:
        broken = replace(self.RATE, problem="1 of 4 flows ended")
        assert throughput.outcome_of(Load(down=broken, up=broken), 100.0).values == {
            "internet.speed": "93.4",
            "internet.upload": "93.4",
        }
        short = throughput.outcome_of(Load(down=broken, up=self.RATE), 300.0)
        assert short.unmeasured == {"internet.speed": Reason.NOT_FILLED}
        whole = throughput.outcome_of(Load(down=self.RATE, up=self.RATE), 300.0)
        assert whole.values["internet.speed"] == "93.4"

    @pytest.mark.parametrize(
        ("loaded", "value", "grade", "status"),
        [
            (35.0, "25", "A", CheckStatus.PASS),
            (65.0, "55", "B", CheckStatus.PASS),
            (110.0, "100", "C", CheckStatus.WARN),
            (310.0, "300", "D", CheckStatus.WARN),
            (810.0, "800", "F", CheckStatus.FAIL),
        ],
    )
    def test_a_queue_that_is_too_long(
        self, loaded: float, value: str, grade: str, status: CheckStatus
    ) -> None:
        load = Load(
            down=self.RATE,
            up=self.RATE,
            idle=(10.0,) * 50,
            loaded_down=(loaded,) * 150,
            loaded_up=(12.0,) * 150,
        )
        found = bufferbloat.outcome_of(load)
        assert (found.values["internet.bufferbloat"], found.evidence["grade"]) == (value, grade)
        assert a_result("bufferbloat", found).status is status

    def test_too_few_round_trips_tell_nothing(self) -> None:
        load = Load(down=self.RATE, up=self.RATE, idle=(10.0,) * 3, loaded_down=(10.0,) * 150)
        assert bufferbloat.outcome_of(load).reason is Reason.UNREACHED


RADIO = WifiLink(
    interface="wlan0",
    connected=True,
    ssid="casa",
    bssid="aa:bb:cc:00:00:01",
    channel=6,
    band="2.4",
    rssi_dbm=-60.0,
    noise_dbm=-92.0,
    security=Security.WPA2,
)
STRANGER = Station(ssid="vecino", bssid="aa:bb:cc:11:22:33", channel=6, band="2.4", rssi_dbm=-65.0)


class TestWifi:
    def reading(self, link_: WifiLink | None = RADIO, **more: object) -> WifiReading:
        return WifiReading(link=link_, source="test", scanned=True, **more)  # type: ignore[arg-type]

    def test_signal_and_noise(self) -> None:
        found = wifi.outcome_of(self.reading())
        assert found.values == {"wifi.signal": "-60", "wifi.snr": "32"}
        quiet = wifi.outcome_of(self.reading(replace(RADIO, noise_dbm=None)))
        assert quiet.unmeasured == {"wifi.snr": Reason.NOT_TOLD}

    @pytest.mark.parametrize(
        ("reading", "reason"),
        [
            (WifiReading(source="t", refused="location"), Reason.LOCATION),
            (WifiReading(source="t", refused="off"), Reason.WIFI_OFF),
            (WifiReading(source="t", refused="absent"), Reason.NOT_WIRELESS),
            (WifiReading(source="t"), Reason.NOT_TOLD),
            (
                WifiReading(source="t", link=replace(RADIO, connected=False)),
                Reason.NO_LINK,
            ),
        ],
    )
    def test_a_radio_that_tells_nothing_is_no_fault(
        self, reading: WifiReading, reason: Reason
    ) -> None:
        for name, module in (
            ("wifi", wifi),
            ("wifi_channels", wifi_channels),
            ("wifi_security", wifi_security),
        ):
            result = a_result(name, module.outcome_of(reading))
            assert (result.status, result.reason) == (CheckStatus.NOT_MEASURABLE, reason)

    @pytest.mark.parametrize(
        ("neighbour", "value"),
        [
            (STRANGER, "overlap"),
            (replace(STRANGER, rssi_dbm=-85.0), "1-6-11"),
            (replace(STRANGER, channel=11), "1-6-11"),
        ],
    )
    def test_a_neighbour_on_the_channel(self, neighbour: Station, value: str) -> None:
        found = wifi_channels.outcome_of(self.reading(neighbours=(neighbour,)))
        assert found.values == {"wifi.channel": value}

    def test_other_peoples_networks_have_no_names_in_the_evidence(self) -> None:
        reading = self.reading(neighbours=(STRANGER,), raw="SSID vecino aa:bb:cc:11:22:33")
        told = str(wifi.outcome_of(reading).evidence) + str(
            wifi_channels.outcome_of(reading).evidence
        )
        assert "vecino" not in told
        assert "11:22:33" not in told

    @pytest.mark.parametrize(
        ("security", "status"),
        [
            (Security.WPA3, CheckStatus.PASS),
            (Security.WPA2, CheckStatus.PASS),
            (Security.OWE, CheckStatus.WARN),
            (Security.WPA1, CheckStatus.FAIL),
            (Security.WEP, CheckStatus.FAIL),
            (Security.OPEN, CheckStatus.FAIL),
            (Security.UNKNOWN, CheckStatus.NOT_MEASURABLE),
        ],
    )
    def test_protection(self, security: Security, status: CheckStatus) -> None:
        found = wifi_security.outcome_of(self.reading(replace(RADIO, security=security)))
        assert a_result("wifi_security", found).status is status
