"""What a probe comes back with: values for the checklist's items, evidence, or why there is none.

A probe measures and never judges: its values are judged by the template's thresholds
(``judging``), the same that a value typed by hand is judged by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Why something could not be measured here, in the words that scripts read.

    ``NO_REPLY`` alone is a failure: whoever was asked should have answered. ``UNREACHED`` leaves
    that to the probe whose question it is.
    """

    NO_LINK = "no link"
    NO_ADDRESS = "no address"
    NO_GATEWAY = "no gateway"
    GATEWAY_SILENT = "the gateway does not answer"
    IGNORES_PINGS = "the gateway ignores pings"
    NO_TARGET = "no target"
    NO_REPLY = "no reply"
    UNREACHED = "the server was not reached"
    UNKNOWN = "could not be told"
    NOT_RESOLVED = "the name was not resolved"
    NOT_WIRELESS = "not a wireless interface"
    WIFI_OFF = "WiFi is switched off"
    LOCATION = "no location permission"
    NOT_PERMITTED = "needs administrator rights"
    NOT_TOLD = "the system does not tell"
    NO_TOOL = "the tool is missing"
    NO_SECOND_ADDRESS = "the STUN server has no second address"
    NO_CONTROL = "nothing to compare with"
    NO_SPEED_AGREED = "no agreed speed to compare with"
    NO_IPV6 = "IPv6 does not lead anywhere"
    NO_PAGE = "no page on the gateway"
    TRANSPORT = "this transport is not measured"
    FULL_ONLY = "only in the full run"
    CANCELLED = "cancelled"
    TIME_LIMIT = "time limit"
    CRASHED = "the probe failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one run of one probe found.

    ``values`` by the id of the item, as a person would type them; ``unmeasured`` tells of single
    items why they have none, ``reason`` of the whole probe. ``evidence`` is whatever proves it, as
    plain JSON values.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    unmeasured: Mapping[str, Reason] = field(default_factory=dict)
    reason: Reason | None = None
    evidence: Mapping[str, object] = field(default_factory=dict)


def not_measured(reason: Reason, **evidence: object) -> Outcome:
    """Return the outcome of a probe that could not measure here."""
    return Outcome(reason=reason, evidence=evidence)


def number(value: float, digits: int = 1) -> str:
    """Write a measured number as it is typed: ``12.3``, and ``12`` for ``12.0``."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
