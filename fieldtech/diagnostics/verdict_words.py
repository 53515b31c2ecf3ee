"""The closed words of a verdict: the links of the chain, and what can be wrong with each.

``TEXTS`` is what scripts and logs print; windows have their own texts, in the person's language.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Link(StrEnum):
    """The chain from the wall to the call, in its order."""

    CABLE = "cable"
    IP = "ip"
    LAN = "lan"
    ROUTER = "router"
    WAN = "wan"
    PROVIDER = "provider"
    DNS = "dns"
    INTERNET = "internet"
    SIP = "sip"


class Cause(StrEnum):
    """What the first broken link looks like."""

    HEALTHY = "healthy"
    NOTHING_MEASURED = "nothing_measured"
    NO_LINK = "no_link"
    HALF_DUPLEX = "half_duplex"
    WEAK_SIGNAL = "weak_signal"
    OPEN_WIFI = "open_wifi"
    NO_ADDRESS = "no_address"
    BAD_ADDRESS = "bad_address"
    NO_GATEWAY = "no_gateway"
    DUPLICATE_GATEWAY = "duplicate_gateway"
    DUPLICATE_OWN = "duplicate_own"
    OTHER_DHCP = "other_dhcp"
    GATEWAY_SILENT = "gateway_silent"
    LAN_LOSS = "lan_loss"
    SIP_ALG = "sip_alg"
    NOTHING_BEYOND = "nothing_beyond"
    BLACK_HOLE = "black_hole"
    LOSS = "loss"
    JITTER = "jitter"
    DELAY = "delay"
    POOR_CALLS = "poor_calls"
    DNS_SILENT = "dns_silent"
    DNS_WRONG = "dns_wrong"
    DNS_HIJACKED = "dns_hijacked"
    PORTAL = "portal"
    NO_CHECK = "no_check"
    PRIVATE_PUBLIC = "private_public"
    SIP_SILENT = "sip_silent"
    BUFFERBLOAT = "bufferbloat"
    FLAPS = "flaps"
    SLOW_LINK = "slow_link"
    WIFI_CHANNEL = "wifi_channel"
    SLOW_GATEWAY = "slow_gateway"
    SYMMETRIC_NAT = "symmetric_nat"
    DOUBLE_NAT = "double_nat"
    SMALL_MTU = "small_mtu"
    DNS_SLOW = "dns_slow"
    TWO_WAYS_OUT = "two_ways_out"
    SLOW_LINE = "slow_line"


class Words(NamedTuple):
    """What is broken, and what to try next."""

    text: str
    next: str


TEXTS: dict[Cause, Words] = {
    Cause.HEALTHY: Words("No fault found between this machine and the service.", "Nothing to do."),
    Cause.NOTHING_MEASURED: Words(
        "Nothing could be measured.", "Choose the interface of the customer's network and repeat."
    ),
    Cause.NO_LINK: Words(
        "There is no link: the cable, its port or the WiFi association.",
        "Try another cable and another port of the router; look at the link lights.",
    ),
    Cause.HALF_DUPLEX: Words(
        "The link is half duplex.", "Set both ends to negotiate by themselves; change the cable."
    ),
    Cause.WEAK_SIGNAL: Words(
        "The WiFi signal is too weak here.",
        "Repeat by cable; move the access point or change its channel.",
    ),
    Cause.OPEN_WIFI: Words(
        "The WiFi network is open, or protected by something that is broken.",
        "Set WPA2 or WPA3 on the access point.",
    ),
    Cause.NO_ADDRESS: Words(
        "No DHCP server gave this machine an address.",
        "Restart the router; see whether its DHCP server is on and has addresses left.",
    ),
    Cause.BAD_ADDRESS: Words(
        "The address of this machine is not one to reach anything with.",
        "Ask for a new lease; see what serves DHCP here.",
    ),
    Cause.NO_GATEWAY: Words(
        "This machine has an address and no gateway.",
        "Ask for a new lease; see which gateway the router's DHCP server hands out.",
    ),
    Cause.DUPLICATE_GATEWAY: Words(
        "Two machines have the gateway's address.",
        "Find the other one by its MAC address, unplug it and measure again.",
    ),
    Cause.DUPLICATE_OWN: Words(
        "Another machine has the address of this one.",
        "Ask for a new lease; find the other one by its MAC address.",
    ),
    Cause.OTHER_DHCP: Words(
        "Another machine than the router serves DHCP here.",
        "Look for a second router plugged in by its LAN port; unplug it and ask for a new lease.",
    ),
    Cause.GATEWAY_SILENT: Words(
        "The gateway does not answer, and nothing answers behind it.",
        "Look at the router's power and lights; restart it; try another port.",
    ),
    Cause.LAN_LOSS: Words(
        "Packets are lost between this machine and the router.",
        "Change the cable and the port; take switches and extenders out; repeat by cable.",
    ),
    Cause.SIP_ALG: Words(
        "The router rewrites SIP messages (SIP ALG).", "Turn SIP ALG off in the router."
    ),
    Cause.NOTHING_BEYOND: Words(
        "The router answers, and nothing behind it does.",
        "Look at the router's WAN light and the access device; report the access as down.",
    ),
    Cause.BLACK_HOLE: Words(
        "Large packets vanish on the way without a word.",
        "Lower the MTU of the router's WAN to what came through, and report the path.",
    ),
    Cause.LOSS: Words(
        "Voice packets are lost behind the router.",
        "Report the access with this measurement; repeat it at another hour.",
    ),
    Cause.JITTER: Words(
        "Voice packets come unevenly behind the router.",
        "Report the access with this measurement; repeat it with the line idle.",
    ),
    Cause.DELAY: Words(
        "Voice packets take too long behind the router.",
        "Report the access with this measurement; see which way its traffic takes.",
    ),
    Cause.POOR_CALLS: Words(
        "Calls over this line would be poor.", "Report the access with this measurement."
    ),
    Cause.DNS_SILENT: Words(
        "The DNS servers do not answer.",
        "Set another resolver for a try; report the one that is silent.",
    ),
    Cause.DNS_WRONG: Words(
        "The DNS servers answer, and not with what was asked for.",
        "Set another resolver for a try; report the one that errs.",
    ),
    Cause.DNS_HIJACKED: Words(
        "Somebody answers in place of the DNS: a made-up name is given an address.",
        "Set another resolver for a try; see what the router does with DNS.",
    ),
    Cause.PORTAL: Words(
        "A portal or a proxy answers in place of the Internet.",
        "Open a page in the browser and see whose portal it is.",
    ),
    Cause.NO_CHECK: Words(
        "The Internet check does not answer, though the provider does.",
        "See whether a filter of the router or the customer blocks HTTP.",
    ),
    Cause.PRIVATE_PUBLIC: Words(
        "The address shown to the Internet is a private one.",
        "See which network the test servers are asked through.",
    ),
    Cause.SIP_SILENT: Words(
        "The SIP server does not answer, though the Internet does.",
        "Report the SIP server; see whether a firewall blocks its port.",
    ),
    Cause.BUFFERBLOAT: Words(
        "The round trip grows while the line is full (bufferbloat).",
        "Limit the rates in the router to a little below the line's, or turn its SQM on.",
    ),
    Cause.FLAPS: Words(
        "The link went down and up while it was measured.",
        "Change the cable and the port; see that the plug holds.",
    ),
    Cause.SLOW_LINK: Words(
        "The link is slower than its port could be.",
        "Change the cable: one of its pairs is damaged, or the other port is an old one.",
    ),
    Cause.WIFI_CHANNEL: Words(
        "The WiFi channel overlaps with a neighbour's.", "Choose a free one of 1, 6 and 11."
    ),
    Cause.SLOW_GATEWAY: Words(
        "The router answers slowly.", "Repeat with nobody else on the LAN; restart the router."
    ),
    Cause.SYMMETRIC_NAT: Words(
        "The router gives each destination a port of its own (symmetric NAT).",
        "Turn the router's strict NAT off, or give the phones a proxy.",
    ),
    Cause.DOUBLE_NAT: Words(
        "There is a second NAT behind the router.",
        "Set the access device to bridge, or ask for a public address.",
    ),
    Cause.SMALL_MTU: Words(
        "Only small packets come through.", "Find the tunnel on the way; set the router's MTU."
    ),
    Cause.DNS_SLOW: Words(
        "The DNS answers slowly, or one of its servers does not.",
        "Take the slow or silent resolver out of the router's list.",
    ),
    Cause.TWO_WAYS_OUT: Words(
        "The web and everything else leave by different addresses.",
        "See whether there is a proxy, or two lines to the Internet.",
    ),
    Cause.SLOW_LINE: Words(
        "The line carries less than was agreed.",
        "Repeat by cable with nobody else on the LAN, then report the access.",
    ),
}
