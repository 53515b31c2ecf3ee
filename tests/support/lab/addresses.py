"""Where everything in the lab lives: documentation ranges only (RFC 5737, RFC 3849, RFC 6598)."""

from __future__ import annotations

LAN = "192.168.77.0/24"
GATEWAY = "192.168.77.1"
ROGUE_SERVER = "192.168.77.66"
ROGUE_GATEWAY = "192.168.77.254"
LAN_V6 = "2001:db8:77::"
GATEWAY_V6 = "2001:db8:77::1"

PUBLIC = "203.0.113.20"
"""What the Internet sees of the customer: the outside of the last NAT."""
PROVIDER = "203.0.113.1"
DNS = "203.0.113.53"
SIP = "203.0.113.60"
STUN = "203.0.113.78"
STUN_OTHER = "203.0.113.79"
REFLECTOR = "203.0.113.80"
PUBLIC_V6 = "2001:db8:113::20"
PROVIDER_V6 = "2001:db8:113::1"
REFLECTOR_V6 = "2001:db8:113::80"

HIJACKER = "198.51.100.10"
THIRD_PARTY_WEB = "198.51.100.80"
THIRD_PARTY_DNS = "198.51.100.99"

CARRIER = "100.64.0.1"
"""The carrier's NAT as the router sees it, where there is one."""
BEHIND_CARRIER = "100.64.0.20"

PROVIDER_HOSTS = (PROVIDER, DNS, SIP, STUN, STUN_OTHER, REFLECTOR)
THIRD_PARTIES = (HIJACKER, THIRD_PARTY_WEB, THIRD_PARTY_DNS)

NAMES = (
    ("www.example.mx", (REFLECTOR, REFLECTOR_V6)),
    ("central.example.mx", (REFLECTOR, REFLECTOR_V6)),
    ("sip.example.mx", (SIP,)),
    ("stun.example.mx", (STUN,)),
    ("www.example.com", (THIRD_PARTY_WEB,)),
)
"""Names that both DNS servers know; every other name does not exist."""
