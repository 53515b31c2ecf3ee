"""``netsh wlan`` in listed and unlisted languages, old and new, misread, cut and spoilt."""

from __future__ import annotations

from pathlib import Path

import pytest
import wifi_samples as samples

from fieldtech.diagnostics.tools import console_text
from fieldtech.diagnostics.wifi import netsh
from fieldtech.diagnostics.wifi.facts import OverlapKind, Refusal, Security, WifiLink


def only(text: str) -> WifiLink:
    (link,) = netsh.parse_interfaces(text)
    return link


def test_windows_11_in_english() -> None:
    assert only(samples.WINDOWS_11_EN) == WifiLink(
        interface="Wi-Fi",
        connected=True,
        ssid="Taller : planta 2",
        bssid="02:00:00:00:00:a1",
        channel=36,
        band="5",
        rssi_dbm=-57.0,
        signal_percent=84,
        security=Security.WPA3,
        authentication="WPA3-Personal  (H2E)",
        cipher="CCMP",
        rx_mbps=1201.0,
        tx_mbps=960.8,
        estimated=False,
    )


WINDOWS_10_ES = WifiLink(
    interface="Wi-Fi",
    connected=True,
    ssid="Casa García",
    bssid="02:00:00:00:00:b1",
    channel=11,
    band="2.4",
    rssi_dbm=-66.0,
    signal_percent=68,
    security=Security.WPA2,
    authentication="WPA2-Personal",
    cipher="CCMP",
    rx_mbps=144.4,
    tx_mbps=72.2,
    estimated=True,
)


def test_older_spanish_without_band_and_rssi() -> None:
    assert only(samples.WINDOWS_10_ES) == WINDOWS_10_ES


@pytest.mark.parametrize(
    ("written", "read"),
    [("cp850", "latin-1"), ("cp1252", "cp850"), ("utf-8", "cp1252"), ("utf-8", "cp850")],
)
def test_a_wrong_code_page_costs_letters_and_no_facts(written: str, read: str) -> None:
    link = only(samples.WINDOWS_10_ES.encode(written).decode(read, "replace"))
    assert (link.connected, link.security, link.channel) == (True, Security.WPA2, 11)
    assert (link.rssi_dbm, link.rx_mbps, link.tx_mbps) == (-66.0, 144.4, 72.2)


@pytest.mark.parametrize("page", ["cp850", "utf-8", "utf-16"])
def test_the_bytes_of_a_console(page: str) -> None:
    assert only(console_text(samples.WINDOWS_10_ES.encode(page))) == WINDOWS_10_ES


@pytest.mark.parametrize("lost", ["?", "\ufffd", ""])
def test_lost_letters(lost: str) -> None:
    text = "".join(c if c.isascii() else lost for c in samples.WINDOWS_10_ES)
    link = only(text)
    assert (link.signal_percent, link.authentication) == (68, "WPA2-Personal")


def test_german() -> None:
    link = only(samples.WINDOWS_10_DE)
    assert (link.connected, link.ssid, link.bssid) == (True, "Büro", "02:00:00:00:00:c1")
    assert (link.channel, link.band, link.rssi_dbm) == (13, "2.4", -50.5)
    assert (link.security, link.cipher) == (Security.WPA2, "CCMP")
    assert (link.rx_mbps, link.tx_mbps) == (866.7, 780.0)


def test_french_names_the_bssid_in_words() -> None:
    link = only(samples.WINDOWS_11_FR)
    assert (link.connected, link.bssid) == (True, "02:00:00:00:00:d1")
    assert (link.channel, link.band, link.security) == (144, "5", Security.WPA2)
    assert (link.rx_mbps, link.tx_mbps) == (310.0, 413.5)


def test_portuguese_wpa1() -> None:
    link = only(samples.WINDOWS_10_PT)
    assert (link.connected, link.channel, link.band) == (True, 44, "5")
    assert (link.security, link.cipher, link.rssi_dbm) == (Security.WPA1, "TKIP", -80.0)


def test_italian_open_with_a_wep_key_is_wep() -> None:
    link = only(samples.WINDOWS_10_IT)
    assert (link.connected, link.security) == (True, Security.WEP)
    assert (link.channel, link.band, link.rx_mbps) == (4, "2.4", 130.0)


@pytest.mark.parametrize(
    ("text", "channel", "band", "rssi", "rates"),
    [
        (samples.WINDOWS_11_ZH, 157, "5", -64.0, (390.0, 260.0)),
        (samples.WINDOWS_10_PL, 6, "2.4", -65.0, (72.2, 65.0)),
    ],
)
def test_languages_that_nobody_listed(
    text: str, channel: int, band: str, rssi: float, rates: tuple[float, float]
) -> None:
    link = only(text)
    assert (link.connected, link.security) == (True, Security.WPA2)
    assert (link.channel, link.band, link.rssi_dbm) == (channel, band, rssi)
    assert (link.rx_mbps, link.tx_mbps) == rates
    assert link.interface in {"WLAN", "Wi-Fi"}


def test_an_open_network_in_a_language_nobody_listed_is_unknown() -> None:
    link = only(samples.WINDOWS_11_ZH_OPEN)
    assert (link.ssid, link.security) == ("WPA2-Personal", Security.UNKNOWN)


def test_the_suite_tells_where_the_words_do_not() -> None:
    akm = "    Connected Akm-cipher   : [ akm = 00-0f-ac:02, cipher =  00-0f-ac:04 ]\n    网络类型"
    text = samples.WINDOWS_11_ZH.replace("    网络类型", akm).replace("WPA2 - 个人", "个人")
    assert only(text).security is Security.WPA2
    assert only(text.replace("ac:02,", "ac:99,")).security is Security.UNKNOWN
    assert only(text.replace("ac:02,", "ac:022,")).security is Security.UNKNOWN


@pytest.mark.parametrize(
    ("authentication", "cipher", "security"),
    [
        ("WPA2-Personal", "CCMP", Security.WPA2),
        ("WPA3-Enterprise", "GCMP-256", Security.WPA3),
        ("WPA2-Personal", "Ninguna", Security.UNKNOWN),
        ("WPA2-Personal", "WEP", Security.WEP),
        ("Abierta", "Ninguna", Security.OPEN),
        ("Open", "WEP", Security.WEP),
        ("Compartida", "WEP", Security.WEP),
        ("Compartida", "CCMP", Security.UNKNOWN),
        ("WPA2/WPA3-Personal", "CCMP", Security.WPA2),
        ("WPA WPA2", "TKIP", Security.WPA1),
        ("OWE", "CCMP", Security.OWE),
        ("WPA4-Personal", "CCMP", Security.UNKNOWN),
        ("WPA22", "CCMP", Security.UNKNOWN),
        ("Algo nuevo", "CCMP", Security.UNKNOWN),
        ("", "CCMP", Security.UNKNOWN),
    ],
)
def test_words_of_security(authentication: str, cipher: str, security: Security) -> None:
    text = samples.WINDOWS_10_ES.replace("CCMP", cipher).replace("WPA2-Personal", authentication)
    assert only(text).security is security


def test_disconnected_contains_connected() -> None:
    link = only(samples.DISCONNECTED_ES)
    assert (link.connected, link.ssid, link.rssi_dbm) == (False, "", None)
    reading = netsh.read(samples.DISCONNECTED_ES, "", "Wi-Fi")
    assert (reading.refused, reading.overlap) == (Refusal.NONE, None)


@pytest.mark.parametrize("state", ["desconectado", "déconnecté", "Nicht verbunden", "disconnessa"])
def test_a_state_that_is_understood_outweighs_the_proof(state: str) -> None:
    assert only(samples.WINDOWS_10_ES.replace("conectado", state)).connected is False


def test_a_state_nobody_understands_needs_the_whole_proof() -> None:
    text = samples.WINDOWS_10_ES.replace(": conectado", ": konektita")
    assert only(text).connected is True
    for gone in ("Casa García", "02:00:00:00:00:b1", "68%"):
        assert only(text.replace(gone, "")).connected is None


def test_a_radio_that_is_off() -> None:
    reading = netsh.read(samples.RADIO_OFF_ES, "", "Wi-Fi")
    assert (reading.refused, reading.link.connected) == (Refusal.OFF, False)


def test_several_interfaces_are_told_apart_by_name() -> None:
    first, second = netsh.parse_interfaces(samples.TWO_INTERFACES_EN)
    assert (first.interface, first.connected, first.ssid) == ("WLAN", False, "")
    assert (second.interface, second.connected) == ("WLAN 2", True)
    assert (second.ssid, second.channel) == ("State : disconnected", 149)
    assert netsh.read(samples.TWO_INTERFACES_EN, "", "WLAN 2").link == second
    assert netsh.read(samples.TWO_INTERFACES_EN, "", "Ethernet").refused == Refusal.ABSENT


def test_a_label_and_a_value_wrapped_by_a_narrow_console() -> None:
    text = samples.WINDOWS_10_ES.replace("transmisión (Mbps)  :", "transmisión\n(Mbps)  :")
    text = text.replace("Señal                 : 68%", "Señal                 :\n   68%")
    link = only(text)
    assert (link.tx_mbps, link.signal_percent) == (72.2, 68)


def test_what_is_said_twice_and_differently_was_not_said() -> None:
    text = samples.WINDOWS_10_ES_OPEN.replace(
        "    Cifrado", "    Autenticación         : WPA2-Personal\n    Cifrado"
    )
    link = only(text)
    assert (link.authentication, link.security) == ("", Security.UNKNOWN)


def test_a_long_line_takes_no_long_time() -> None:
    blank = " " * 500_000
    text = f"{samples.RADIO_OFF_ES}\n{blank}\n{blank}x\n" + "y\n" * 200_000
    assert netsh.read(text, text, "Wi-Fi").refused == Refusal.OFF


def test_what_contradicts_itself_is_not_decided_by_something_else() -> None:
    text = samples.WINDOWS_11_EN.replace(
        "    Cipher ", "    Authentication         : Open\n    Cipher "
    )
    assert only(text).security is Security.UNKNOWN
    text = samples.WINDOWS_10_ES.replace("    SSID", "    Estado : desconectado\n    SSID", 1)
    assert only(text).connected is None


def test_a_profile_that_moved_to_where_the_authentication_was() -> None:
    lines = samples.WINDOWS_11_ZH_OPEN.splitlines()
    radio = next(i for i, line in enumerate(lines) if "802.11" in line)
    profile = next(i for i, line in enumerate(lines) if "配置文件" in line)
    text = "\n".join([*lines[: radio + 1], *lines[profile:], "    QoS : 0"])
    assert "WPA2-Personal" in lines[profile]
    assert (only(text).authentication, only(text).security) == ("", Security.UNKNOWN)


@pytest.mark.parametrize("text", [samples.LOCATION_EN, samples.LOCATION_ES])
def test_the_permission_to_see_the_location_is_missing(text: str) -> None:
    reading = netsh.read(text, text, "Wi-Fi")
    assert (reading.link, reading.refused) == (None, Refusal.LOCATION)
    assert text in reading.raw


def test_networks_alone_may_be_refused() -> None:
    reading = netsh.read(samples.WINDOWS_10_ES, samples.LOCATION_ES, "Wi-Fi")
    assert (reading.link, reading.refused) == (WINDOWS_10_ES, Refusal.LOCATION)
    assert (reading.scanned, reading.overlap) == (False, None)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("No hay ninguna interfaz inalámbrica en el sistema.", Refusal.ABSENT),
        ("There is no wireless interface on the system.", Refusal.ABSENT),
        ("The Wireless AutoConfig Service (wlansvc) is not running.", Refusal.OFF),
        ("El servicio (wlansvc) no se está ejecutando.", Refusal.OFF),
        ("El comando no se encontró.", Refusal.NONE),
        ("", Refusal.NONE),
    ],
)
def test_one_sentence_instead_of_interfaces(text: str, refused: Refusal) -> None:
    reading = netsh.read(text, "", "Wi-Fi")
    assert (reading.link, reading.refused) == (None, refused)


def test_networks_in_spanish() -> None:
    heard = netsh.parse_networks(samples.NETWORKS_ES)
    assert [(n.ssid, n.bssid[-2:], n.channel, n.band, n.rssi_dbm, n.security) for n in heard] == [
        ("Casa García", "b1", 11, "2.4", -66.0, Security.WPA2),
        ("Casa García", "b2", 44, "5", -85.0, Security.WPA2),
        ("WPA2-Personal", "b3", 11, "2.4", -75.0, Security.OPEN),
        ("WPA2-Personal", "b4", 6, "2.4", -90.0, Security.OPEN),
        ("", "b5", 37, "6", -94.0, Security.WPA3),
    ]


def test_networks_in_a_language_nobody_listed() -> None:
    heard = netsh.parse_networks(samples.NETWORKS_ZH)
    assert [(n.bssid[-2:], n.channel, n.band, n.rssi_dbm, n.security) for n in heard] == [
        ("71", 157, "5", -60.0, Security.WPA2),
        ("72", 6, "2.4", -83.5, Security.WPA2),
        ("73", 1, "2.4", -79.5, Security.UNKNOWN),
    ]


def test_networks_whose_name_was_lost() -> None:
    lines = samples.NETWORKS_ES.splitlines()
    at = lines.index("SSID 2 : WPA2-Personal")
    unnamed = netsh.parse_networks("\n".join(lines[:at] + lines[at + 1 :]))
    assert [(n.ssid, n.security) for n in unnamed[1:4]] == [
        ("Casa García", Security.WPA2),
        ("", Security.OPEN),
        ("", Security.OPEN),
    ]
    unknown = netsh.parse_networks("\n".join(lines[:at] + lines[at + 4 :]))
    assert [(n.ssid, n.security) for n in unknown[1:4]] == [
        ("Casa García", Security.WPA2),
        ("", Security.UNKNOWN),
        ("", Security.UNKNOWN),
    ]


def test_networks_of_another_interface_do_not_count() -> None:
    other = samples.NETWORKS_ES.replace(": Wi-Fi", ": Wi-Fi 2").replace(":00:00:b", ":00:00:c")
    heard = netsh.parse_networks(samples.NETWORKS_ES + other, "Wi-Fi 2")
    assert {each.bssid[-2:] for each in heard} == {"c1", "c2", "c3", "c4", "c5"}
    assert len(netsh.parse_networks(samples.NETWORKS_ES + other, "Ethernet")) == 10


def test_a_reading_leaves_out_its_own_access_point() -> None:
    reading = netsh.read(samples.WINDOWS_10_ES, samples.NETWORKS_ES, "Wi-Fi")
    assert [each.bssid[-2:] for each in reading.neighbours] == ["b2", "b3", "b4", "b5"]
    assert reading.scanned
    assert reading.overlap.kind is OverlapKind.SAME_CHANNEL
    assert [each.bssid[-2:] for each in reading.overlap.neighbours] == ["b3"]


def test_an_access_point_that_is_alone_in_the_list_may_just_not_have_been_listened_around() -> None:
    alone = samples.NETWORKS_ES.partition("    BSSID 2")[0]
    assert [each.bssid[-2:] for each in netsh.parse_networks(alone, "Wi-Fi")] == ["b1"]
    reading = netsh.read(samples.WINDOWS_10_ES, alone, "Wi-Fi")
    assert (reading.scanned, reading.neighbours) == (False, ())


def test_the_access_point_offers_less_than_was_agreed() -> None:
    offered = samples.NETWORKS_ES.replace("WPA2-Personal\n    Cifrado", "WPA-Personal\n    Cifrado")
    assert netsh.read(samples.WINDOWS_10_ES, offered, "Wi-Fi").link.security is Security.WPA1


def test_recorded_outputs(recorded: Path) -> None:
    read = {
        name: (recorded / f"win-netsh-{name}.txt").read_text(encoding="utf-8")
        for name in ("interfaces-en", "interfaces-es", "networks-en", "networks-es")
    }
    english, spanish = only(read["interfaces-en"]), only(read["interfaces-es"])
    assert (english.connected, english.security, english.channel) == (True, Security.WPA2, 44)
    assert (english.band, english.rssi_dbm, english.rx_mbps) == ("5", -79.0, 103.0)
    assert (spanish.connected, spanish.security, spanish.channel) == (True, Security.OPEN, 11)
    assert (spanish.band, spanish.bssid, spanish.tx_mbps) == ("2.4", "fe:dc:ba:09:87:02", 206.0)
    heard = netsh.parse_networks(read["networks-es"])
    assert [(n.ssid, n.channel, n.band) for n in heard][2:4] == [
        ("SSID-1", 44, "5"),
        ("SSID-2", 4, "2.4"),
    ]
    assert [n.security for n in netsh.parse_networks(read["networks-en"])] == (
        [Security.OPEN] * 7 + [Security.WPA2]
    )
