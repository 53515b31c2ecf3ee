"""One PowerShell call that tells everything Windows knows of one interface, as JSON.

The JSON of Windows PowerShell 5.1 and of PowerShell 7 differ: enumerations come as numbers or
words, dates as ``/Date(ms)/``, as ISO 8601 or as WMI's own form, a list of one as its only item.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from fieldtech.diagnostics.addresses.facts import AddressFacts
from fieldtech.diagnostics.addresses.neighbours import Neighbour, parse_net_neighbor
from fieldtech.diagnostics.addresses.shapes import (
    address_of,
    addresses_of,
    bare,
    items,
    objects,
    prefix_within,
    text_of,
    whole_number,
)

if TYPE_CHECKING:
    from fieldtech.diagnostics.addresses.facts import Prefixed

LIMIT_S = 10.0
"""PowerShell alone takes a second or two to start on an old laptop."""
# MSFT_NetIPAddress, property AddressState.
_DUPLICATE, _PREFERRED = 2, 4
_STATES = {"invalid": 0, "tentative": 1, "duplicate": _DUPLICATE, "deprecated": 3}
_LONGEST = {4: 32, 6: 128}
_QUOTES = re.compile("['\u2018\u2019\u201a\u201b]")
_NET_DATE = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_WMI_DATE = re.compile(r"(\d{14})\.\d{6}([+-]\d{3})")

_PRELUDE = """$ErrorActionPreference = 'SilentlyContinue'
$ProgressPreference = 'SilentlyContinue'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
$name = {name}
$face = Get-NetIPInterface -AddressFamily IPv4 | Where-Object {{ $_.InterfaceAlias -eq $name }} |
  Select-Object -First 1 InterfaceAlias, InterfaceIndex, Dhcp, ConnectionState
$index = $face.InterfaceIndex
if ($null -eq $index) {{ exit 1 }}
"""
_ADDRESSES = """$client = Get-CimInstance Win32_NetworkAdapterConfiguration |
  Where-Object { $_.InterfaceIndex -eq $index } |
  Select-Object -First 1 DHCPEnabled, DHCPServer, DHCPLeaseObtained, DHCPLeaseExpires, DNSDomain
[pscustomobject]@{
  Interface = $face
  Addresses = @(Get-NetIPAddress -InterfaceIndex $index |
    Select-Object IPAddress, PrefixLength, AddressState)
  Routes = @(Get-NetRoute -InterfaceIndex $index -DestinationPrefix '0.0.0.0/0', '::/0' |
    Sort-Object RouteMetric | Select-Object NextHop, RouteMetric)
  Dns = @(Get-DnsClientServerAddress -InterfaceIndex $index |
    Select-Object -ExpandProperty ServerAddresses)
  Client = $client
} | ConvertTo-Json -Depth 4 -Compress
"""
_NEIGHBOURS = """@(foreach ($look in 1..{looks}) {{
  if ($look -gt 1) {{ Start-Sleep -Milliseconds {pause_ms} }}
  Get-NetNeighbor -InterfaceIndex $index | Select-Object IPAddress, LinkLayerAddress, State
}}) | ConvertTo-Json -Depth 3 -Compress
"""


def addresses_command(interface: str) -> list[str]:
    """Return the command that tells an interface's configuration; its name may be anything."""
    return _command(_PRELUDE.format(name=quoted(interface)) + _ADDRESSES)


def neighbours_command(interface: str, *, looks: int = 1, every_s: float = 0.0) -> list[str]:
    """Return the command that tells an interface's neighbour table, looked at several times.

    Only one PowerShell is started for it: that takes longer than all the looks.
    """
    script = _NEIGHBOURS.format(looks=looks, pause_ms=round(every_s * 1000))
    return _command(_PRELUDE.format(name=quoted(interface)) + script)


def quoted(text: str) -> str:
    """Return a PowerShell literal: in single quotes, of which PowerShell knows five kinds."""
    return "'" + _QUOTES.sub(lambda found: found[0] * 2, text.replace("\0", "")) + "'"


def _command(script: str) -> list[str]:
    # Encoded, so that no rule of quoting on a Windows command line touches the script.
    encoded = base64.b64encode(script.encode("utf-16-le", "replace")).decode("ascii")
    return ["powershell", "-NoProfile", "-NonInteractive", "-EncodedCommand", encoded]


def parse_addresses(text: str, interface: str) -> AddressFacts | None:
    """Return what the script printed, ``None`` when it printed nothing of that interface.

    ``lease_s`` is the time from when the lease was given to when it ends, as Windows keeps both.
    """
    told = next(iter(objects(text)), {})
    face = _first(told.get("Interface"))
    if text_of(face.get("InterfaceAlias")).casefold() != interface.casefold():
        return None
    client = _first(told.get("Client"))
    server = address_of(text_of(client.get("DHCPServer")))
    given = moment(client.get("DHCPLeaseObtained"))
    ends = moment(client.get("DHCPLeaseExpires"))
    found = _addresses(told.get("Addresses"))
    return AddressFacts(
        interface=interface,
        ipv4=tuple(prefixed for prefixed, _ in found if ":" not in prefixed[0]),
        ipv6=tuple(prefixed for prefixed, _ in found if ":" in prefixed[0]),
        gateways=_gateways(told.get("Routes")),
        dhcp=_dhcp(face.get("Dhcp"), client.get("DHCPEnabled")),
        dhcp_server=server,
        lease_s=_seconds(given, ends),
        lease_expires=ends.isoformat() if ends else "",
        dns=addresses_of([text_of(each) for each in items(told.get("Dns"))]),
        domain=text_of(client.get("DNSDomain")),
        duplicate=_verdict(found),
        source="powershell",
    )


def parse_neighbours(text: str) -> tuple[Neighbour, ...]:
    """Return the neighbour table that the other script printed."""
    return parse_net_neighbor(text)


def moment(value: object) -> datetime | None:
    """Return a date in any of the forms in which PowerShell writes one, ``None`` otherwise."""
    if isinstance(value, dict):
        value = value.get("value") or value.get("DateTime")
    text = text_of(value)
    try:
        if found := _NET_DATE.fullmatch(text):
            return datetime.fromtimestamp(int(found[1]) / 1000, UTC).replace(microsecond=0)
        if found := _WMI_DATE.fullmatch(text):
            zone = timezone(timedelta(minutes=int(found[2])))
            return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=zone)
        return datetime.fromisoformat(text) if "T" in text else None
    except (ValueError, OverflowError, OSError):
        return None


def _seconds(given: datetime | None, ends: datetime | None) -> int | None:
    if given is None or ends is None or (given.tzinfo is None) != (ends.tzinfo is None):
        return None
    seconds = int((ends - given).total_seconds())
    return seconds if seconds > 0 else None


def _first(value: object) -> dict[str, Any]:
    return next((each for each in items(value) if isinstance(each, dict)), {})


def _addresses(value: object) -> list[tuple[Prefixed, int | None]]:
    """Return each address with its state; one that Windows calls invalid is none."""
    found: list[tuple[Prefixed, int | None]] = []
    for each in items(value):
        address = bare(address_of(text_of(each.get("IPAddress")))) if isinstance(each, dict) else ""
        if not address:
            continue
        state = _state(each.get("AddressState"))
        longest = _LONGEST[6 if ":" in address else 4]
        if state != 0:
            found.append(((address, prefix_within(each.get("PrefixLength"), longest)), state))
    return found


def _state(value: object) -> int | None:
    number = whole_number(value)
    if number is not None:
        return number
    word = text_of(value).lower()
    return _PREFERRED if word == "preferred" else _STATES.get(word)


def _verdict(found: list[tuple[Prefixed, int | None]]) -> bool | None:
    states = [state for prefixed, state in found if ":" not in prefixed[0]]
    if any(state == _DUPLICATE for _, state in found):
        return True
    return False if states and all(state == _PREFERRED for state in states) else None


def _gateways(value: object) -> tuple[str, ...]:
    hops = [text_of(each.get("NextHop")) for each in items(value) if isinstance(each, dict)]
    return addresses_of(hops)


def _dhcp(of_interface: object, of_client: object) -> bool | None:
    number = whole_number(of_interface)
    word = text_of(of_interface).lower()
    if number == 1 or word == "enabled":
        return True
    if number == 0 or word == "disabled":
        return False
    return of_client if isinstance(of_client, bool) else None
