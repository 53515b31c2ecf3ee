"""What Apple calls each kind of security, in ``system_profiler`` and in CoreWLAN."""

from __future__ import annotations

from typing import Final

from fieldtech.diagnostics.wifi.facts import Security

MODES: Final = {
    "none": Security.OPEN,
    "open": Security.OPEN,
    "wep": Security.WEP,
    "dynamic_wep": Security.WEP,
    "wpa_personal": Security.WPA1,
    "wpa_personal_mixed": Security.WPA1,
    "wpa_enterprise": Security.WPA1,
    "wpa_enterprise_mixed": Security.WPA1,
    "wpa2_personal_mixed": Security.WPA1,
    "wpa2_enterprise_mixed": Security.WPA1,
    "wpa2_personal": Security.WPA2,
    "wpa2_enterprise": Security.WPA2,
    "wpa3_transition": Security.WPA2,
    "wpa3_personal": Security.WPA3,
    "wpa3_enterprise": Security.WPA3,
    "owe": Security.OWE,
    "owe_transition": Security.OPEN,
}
"""The names in ``spairport_security_mode_...``."""

NUMBERS: Final = {
    0: "none",
    1: "wep",
    2: "wpa_personal",
    3: "wpa_personal_mixed",
    4: "wpa2_personal",
    6: "dynamic_wep",
    7: "wpa_enterprise",
    8: "wpa_enterprise_mixed",
    9: "wpa2_enterprise",
    11: "wpa3_personal",
    12: "wpa3_enterprise",
    13: "wpa3_transition",
    14: "owe",
    15: "owe_transition",
}
"""``CWSecurity`` (CWTypes.h) by the same names; 5 and 10 are "any" and tell nothing."""

BANDS: Final = {1: "2.4", 2: "5", 3: "6"}
"""``CWChannelBand`` (CWTypes.h)."""

REDACTED: Final = frozenset({"<redacted>", "redacted"})
"""What stands in place of a name where the permission to see the location is missing."""
