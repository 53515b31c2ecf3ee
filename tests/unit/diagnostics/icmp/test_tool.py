"""What ``ping`` and ``traceroute`` print, in their languages, and damaged."""

from __future__ import annotations

import network_outputs as outputs
import pytest
from damage import damaged
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.diagnostics.icmp import tool
from fieldtech.diagnostics.icmp.facts import Echo, Hop

GATEWAY = "192.168.10.1"
TRACEROUTE = """traceroute to 203.0.113.9 (203.0.113.9), 3 hops max, 60 byte packets
 1  192.168.10.1  0.512 ms
 2  *
 3  100.64.0.1  5.123 ms
"""
PING_LOST_ES = """
Haciendo ping a 192.168.10.1 con 32 bytes de datos:
Respuesta desde 192.168.10.1: bytes=32 tiempo=3ms TTL=64
Tiempo de espera agotado para esta solicitud.
Tiempo de espera agotado para esta solicitud.
Respuesta desde 192.168.10.1: bytes=32 tiempo=12ms TTL=64

Estadísticas de ping para 192.168.10.1:
    Paquetes: enviados = 4, recibidos = 2, perdidos = 2
    (50% perdidos),
"""


def times(text: str, *, count: int, address: str = GATEWAY) -> list[float | None]:
    return [each.rtt_ms for each in tool.parse_ping(text, address=address, count=count)]


def answered(text: str, *, count: int) -> int:
    return sum(each is not None for each in times(text, count=count))


def test_linux_with_a_duplicate_an_error_and_a_loss() -> None:
    found = tool.parse_ping(outputs.PING_LINUX, address=GATEWAY, count=5, interval_s=0.2)
    assert [each.rtt_ms for each in found] == [0.035, 1.5, None, None, 3.25]
    assert found[0] == Echo(sent_at_s=0.0, rtt_ms=0.035, source=GATEWAY, ttl=64)
    assert (found[2].source, found[2].error) == ("192.168.10.37", "unreachable")
    assert (found[3].source, found[3].error) == ("", "no_reply")
    assert found[4].sent_at_s == pytest.approx(0.8)


def test_macos_counts_from_zero() -> None:
    assert times(outputs.PING_MACOS, count=3) == [1.234, None, 2.345]


def test_busybox() -> None:
    text = (
        "PING 127.0.0.1 (127.0.0.1): 56 data bytes\n"
        "64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.299 ms\n"
        "64 bytes from 127.0.0.1: seq=1 ttl=64 time=0.067 ms\n"
        "\n--- 127.0.0.1 ping statistics ---\n"
        "2 packets transmitted, 2 packets received, 0% packet loss\n"
    )
    assert times(text, count=2, address="127.0.0.1") == [0.299, 0.067]


def test_windows_in_spanish() -> None:
    found = tool.parse_ping(outputs.PING_ES, address=GATEWAY, count=4)
    assert [each.rtt_ms for each in found] == [1.0, None, None, 12.0]
    assert [each.error for each in found] == ["", "no_reply", "unreachable", ""]


@pytest.mark.parametrize(
    ("line", "rtt_ms"),
    [
        ("Reply from 192.168.10.1: bytes=32 time<1ms TTL=64", 1.0),
        ("Reply from 192.168.10.1: bytes=32 time=4ms TTL=64", 4.0),
        ("Respuesta desde 192.168.10.1: bytes=32 tiempo<1m TTL=64", 1.0),
        ("Antwort von 192.168.10.1: Bytes=32 Zeit=2ms TTL=64", 2.0),
        ("Antwort von 192.168.10.1: Bytes=32 Zeit<1ms TTL=64", 1.0),
        ("Réponse de 192.168.10.1 : octets=32 temps=15 ms TTL=64", 15.0),
        ("R\u201aponse de 192.168.10.1\u00ff: octets=32 temps<1ms TTL=64", 1.0),
        ("Resposta de 192.168.10.1: bytes=32 tempo=15ms TTL=64", 15.0),
        ("Risposta da 192.168.10.1: byte=32 durata=15ms TTL=64", 15.0),
        ("Ответ от 192.168.10.1: число байт=32 время=15мс TTL=64", 15.0),
        ("来自 192.168.10.1 的回复: 字节=32 时间=15ms TTL=64", 15.0),
        ("192.168.10.1 からの応答: バイト数 =32 時間 =15ms TTL=64", 15.0),
        ("64 bytes desde 192.168.10.1: icmp_seq=1 ttl=64 tiempo=0,035 ms", 0.035),
        ("64 bytes from router.lan (192.168.10.1): icmp_seq=1 ttl=64 time=123 ms", 123.0),
    ],
)
def test_an_answer_in_every_language(line: str, rtt_ms: float) -> None:
    assert times(f"\n{line}\n", count=1) == [rtt_ms]


@pytest.mark.parametrize(
    "line",
    [
        "Request timed out.",
        "Zeitüberschreitung der Anforderung.",
        "Délai d'attente de la demande dépassé.",
        "Esgotado o tempo limite do pedido.",
        "请求超时。",
        "Reply from 192.168.10.37: Destination host unreachable.",
        "Antwort von 192.168.10.37: Zielhost nicht erreichbar.",
        "Reply from 192.168.10.1: TTL expired in transit.",
        "Reply from 192.168.10.99: bytes=32 time=4ms TTL=64",
        "Reply from 192.168.10.1: bytes=32 time=4ms",
        "PING: transmit failed. General failure.",
    ],
)
def test_everything_else_is_a_loss(line: str) -> None:
    statistics = "    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),\n"
    assert times(f"\nPinging 192.168.10.1:\n{line}\n\n{statistics}", count=1) == [None]


def test_what_the_tool_itself_denies_is_lost() -> None:
    generous = outputs.PING_LINUX.replace("5 packets transmitted, 3", "5 packets transmitted, 1")
    assert answered(generous, count=5) == 1
    text = PING_LOST_ES.replace("recibidos = 2, perdidos = 2", "recibidos = 0, perdidos = 4")
    assert answered(text, count=4) == 0


def test_all_lost_is_known_by_the_count_alone() -> None:
    text = "3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 2041ms\n"
    assert times(text, count=3) == [None, None, None]


@pytest.mark.parametrize("text", ["", "ping: bad address\n", "Access denied.\r\n"])
def test_an_output_that_tells_nothing_is_no_loss(text: str) -> None:
    assert tool.parse_ping(text, address=GATEWAY, count=3) == ()
    assert tool.parse_ping(outputs.PING_ES, address=GATEWAY, count=0) == ()


def test_the_commands_of_three_systems() -> None:
    def command(platform: str) -> str:
        return " ".join(
            tool.ping_command(
                platform,
                GATEWAY,
                interface="if0",
                source="192.168.10.37",
                count=20,
                interval_s=0.05,
                wait_s=1.0,
            )
        )

    assert command("linux") == f"ping -n -c 20 -i 0.2 -W 1 -I if0 {GATEWAY}"
    assert command("darwin") == f"ping -n -c 20 -i 0.1 -W 1000 -b if0 {GATEWAY}"
    assert command("win32") == f"ping -4 -n 20 -w 1000 -S 192.168.10.37 {GATEWAY}"
    assert tool.trace_command("win32", GATEWAY, interface="", max_ttl=3, wait_s=1.0)[-6:] == [
        "-d",
        "-h",
        "3",
        "-w",
        "1000",
        GATEWAY,
    ]
    assert (
        " ".join(tool.trace_command("linux", GATEWAY, interface="if0", max_ttl=3, wait_s=1.0))
        == f"traceroute -n -m 3 -q 1 -w 1 -i if0 {GATEWAY}"
    )


def test_a_limit_lets_the_tool_come_to_its_end() -> None:
    assert tool.ping_limit_s("win32", count=20, interval_s=0.05, wait_s=1.0) > 20
    assert tool.ping_limit_s("linux", count=20, interval_s=0.05, wait_s=1.0) > 5
    assert tool.trace_limit_s("win32", max_ttl=3, wait_s=1.0) > 9


def test_routes() -> None:
    whole = (
        Hop(ttl=1, address=GATEWAY, rtt_ms=0.512),
        Hop(ttl=2),
        Hop(ttl=3, address="100.64.0.1", rtt_ms=5.123),
    )
    assert tool.parse_trace(TRACEROUTE, address="203.0.113.9", max_ttl=3) == whole
    windows = tool.parse_trace(outputs.TRACERT_ES, address="203.0.113.9", max_ttl=3)
    assert [(hop.address, hop.rtt_ms) for hop in windows] == [
        (GATEWAY, 1.0),
        ("", None),
        ("100.64.0.1", 8.0),
    ]


def test_a_route_ends_at_its_target() -> None:
    found = tool.parse_trace(TRACEROUTE, address=GATEWAY, max_ttl=3)
    assert found == (Hop(ttl=1, address=GATEWAY, rtt_ms=0.512, reached=True),)


def test_an_error_is_no_hop() -> None:
    windows = "\n  1  192.168.10.37  informes: Host de destino inaccesible.\n"
    assert tool.parse_trace(windows, address=GATEWAY, max_ttl=3) == (
        Hop(ttl=1, error="unreachable", reporter="192.168.10.37"),
    )
    linux = " 1  192.168.10.1  0.5 ms !H\n"
    assert tool.parse_trace(linux, address="203.0.113.9", max_ttl=3)[0].address == ""


@given(st.text() | st.text(alphabet="\n .:=<,%()0123456789mstlTL*"), st.integers(-1, 9))
def test_garbage_never_raises(text: str, count: int) -> None:
    found = tool.parse_ping(text, address=GATEWAY, count=count)
    assert len(found) in {0, count}
    for number, hop in enumerate(tool.parse_trace(text, address=GATEWAY, max_ttl=3), start=1):
        assert hop.ttl == number <= 3


@given(damaged(outputs.PING_LINUX))
def test_no_damage_lowers_the_loss(text: str) -> None:
    assert answered(text, count=5) <= answered(outputs.PING_LINUX, count=5)


@given(damaged(PING_LOST_ES, at_most=1))
def test_no_damage_lowers_the_loss_of_windows(text: str) -> None:
    # Its answers carry no numbers: only its own count tells a repeated line from another answer.
    assert answered(text, count=4) <= answered(PING_LOST_ES, count=4)


@pytest.mark.parametrize("text", [TRACEROUTE, outputs.TRACERT_ES])
@given(data=st.data())
def test_damage_invents_no_hop(text: str, data: st.DataObject) -> None:
    whole = {hop.ttl: hop.address for hop in tool.parse_trace(text, address="x", max_ttl=3)}
    for hop in tool.parse_trace(data.draw(damaged(text)), address="x", max_ttl=3):
        assert hop.address in {"", whole[hop.ttl]}
