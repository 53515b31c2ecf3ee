"""How the WiFi is protected: the weakest of what its access point offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldtech.diagnostics.outcome import Outcome, Reason
from fieldtech.diagnostics.probes.wifi import look, why_not
from fieldtech.diagnostics.wifi.facts import Security

if TYPE_CHECKING:
    from fieldtech.diagnostics.context import Context
    from fieldtech.diagnostics.wifi.facts import WifiReading

JUDGED = frozenset(
    {Security.WPA3, Security.WPA2, Security.WPA1, Security.WEP, Security.OPEN, Security.OWE}
)


def run(context: Context) -> Outcome:
    """Read the radio."""
    return outcome_of(look(context))


def outcome_of(reading: WifiReading) -> Outcome:
    """Return the kind of protection; words that nobody knows are no protection to speak of."""
    why = why_not(reading)
    if why is not None:
        return Outcome(reason=why)
    link = reading.link
    if link is None or link.security not in JUDGED:
        return Outcome(reason=Reason.NOT_TOLD)
    evidence = {"authentication": link.authentication, "cipher": link.cipher, "ssid": link.ssid}
    return Outcome(values={"wifi.security": link.security.value}, evidence=evidence)
