"""What a probe comes back with: values for the checklist's items, evidence, or why there is none.

A probe measures and never judges: its values are judged by the template's thresholds
(``judging``), the same that a value typed by hand is judged by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fieldtech.diagnostics.marked import translate


class Reason(StrEnum):
    """Why something could not be measured here, in the words that scripts read.

    ``NO_REPLY`` alone is a failure: whoever was asked should have answered. ``UNREACHED`` leaves
    that to the probe whose question it is.
    """

    NO_LINK = translate("Diagnosis", "no link")
    NO_ADDRESS = translate("Diagnosis", "no address")
    NO_GATEWAY = translate("Diagnosis", "no gateway")
    GATEWAY_SILENT = translate("Diagnosis", "the gateway does not answer")
    IGNORES_PINGS = translate("Diagnosis", "the gateway ignores pings")
    NO_TARGET = translate("Diagnosis", "no target")
    NO_REPLY = translate("Diagnosis", "no reply")
    UNREACHED = translate("Diagnosis", "the server was not reached")
    UNKNOWN = translate("Diagnosis", "could not be told")
    NOT_RESOLVED = translate("Diagnosis", "the name was not resolved")
    NOT_WIRELESS = translate("Diagnosis", "not a wireless interface")
    WIFI_OFF = translate("Diagnosis", "WiFi is switched off")
    LOCATION = translate("Diagnosis", "no location permission")
    NOT_PERMITTED = translate("Diagnosis", "needs administrator rights")
    NOT_TOLD = translate("Diagnosis", "the system does not tell")
    NO_TOOL = translate("Diagnosis", "the tool is missing")
    NO_SECOND_ADDRESS = translate("Diagnosis", "the STUN server has no second address")
    NO_CONTROL = translate("Diagnosis", "nothing to compare with")
    NO_SPEED_AGREED = translate("Diagnosis", "no agreed speed to compare with")
    NOT_FILLED = translate("Diagnosis", "the line was not filled")
    SERVER_ILL = translate("Diagnosis", "the test server is out of order")
    PINGS_LIMITED = translate("Diagnosis", "the gateway answers only some pings")
    OVER_THE_AIR = translate("Diagnosis", "over the air: the limit is a cable's")
    NO_IPV6 = translate("Diagnosis", "IPv6 does not lead anywhere")
    NO_PAGE = translate("Diagnosis", "no page on the gateway")
    TRANSPORT = translate("Diagnosis", "this transport is not measured")
    FULL_ONLY = translate("Diagnosis", "only in the full run")
    CANCELLED = translate("Diagnosis", "cancelled")
    TIME_LIMIT = translate("Diagnosis", "time limit")
    CRASHED = translate("Diagnosis", "the probe failed")


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
