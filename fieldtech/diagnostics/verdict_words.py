"""The closed words of a verdict: the links of the chain, and what can be wrong with each.

``TEXTS`` is what scripts and logs print, and what windows show in the person's language.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from fieldtech.diagnostics.marked import translate


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


PROBE_LINKS: dict[str, Link] = {
    "link": Link.CABLE,
    "wifi": Link.CABLE,
    "wifi_channels": Link.CABLE,
    "wifi_security": Link.CABLE,
    "ip_config": Link.IP,
    "duplicate_ip": Link.IP,
    "gateway": Link.LAN,
    "router_page": Link.ROUTER,
    "nat_behaviour": Link.ROUTER,
    "sip_alg": Link.ROUTER,
    "bufferbloat": Link.ROUTER,
    "double_nat": Link.WAN,
    "path_mtu": Link.PROVIDER,
    "voice": Link.PROVIDER,
    "throughput": Link.PROVIDER,
    "dns": Link.DNS,
    "captive_portal": Link.INTERNET,
    "my_ip": Link.INTERNET,
    "ipv6": Link.INTERNET,
    "sip_options": Link.SIP,
}
"""Which link each probe looks at."""


class Cause(StrEnum):
    """What the first broken link looks like."""

    HEALTHY = "healthy"
    PART_HEALTHY = "part_healthy"
    INCOMPLETE = "incomplete"
    NOBODY_ASKED = "nobody_asked"
    NOTHING_MEASURED = "nothing_measured"
    NO_LINK = "no_link"
    HALF_DUPLEX = "half_duplex"
    WEAK_SIGNAL = "weak_signal"
    OPEN_WIFI = "open_wifi"
    OWE_WIFI = "owe_wifi"
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
    NOTHING_HEARD = "nothing_heard"
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
    SIP_BLOCKED = "sip_blocked"
    UDP_BLOCKED = "udp_blocked"
    REFLECTOR_SILENT = "reflector_silent"
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
    Cause.HEALTHY: Words(
        translate("Diagnosis", "No fault found between this machine and the service."),
        translate("Diagnosis", "Nothing to do."),
    ),
    Cause.PART_HEALTHY: Words(
        translate("Diagnosis", "No fault in what was measured."),
        translate("Diagnosis", "Measure everything for a verdict."),
    ),
    Cause.INCOMPLETE: Words(
        translate("Diagnosis", "The run did not come to its end: no verdict."),
        translate("Diagnosis", "Measure again."),
    ),
    Cause.NOBODY_ASKED: Words(
        translate("Diagnosis", "No fault on this side; nobody behind the router was asked."),
        translate("Diagnosis", "Synchronise once: the policy names whom to measure against."),
    ),
    Cause.NOTHING_MEASURED: Words(
        translate("Diagnosis", "Nothing could be measured."),
        translate("Diagnosis", "Choose the interface of the customer's network and repeat."),
    ),
    Cause.NO_LINK: Words(
        translate("Diagnosis", "There is no link: the cable, its port or the WiFi association."),
        translate(
            "Diagnosis",
            "Try another cable and another port of the router; look at the link lights.",
        ),
    ),
    Cause.HALF_DUPLEX: Words(
        translate("Diagnosis", "The link is half duplex."),
        translate("Diagnosis", "Set both ends to negotiate by themselves; change the cable."),
    ),
    Cause.WEAK_SIGNAL: Words(
        translate("Diagnosis", "The WiFi signal is too weak here."),
        translate("Diagnosis", "Repeat by cable; move the access point or change its channel."),
    ),
    Cause.OPEN_WIFI: Words(
        translate(
            "Diagnosis", "The WiFi network is open, or protected by something that is broken."
        ),
        translate("Diagnosis", "Set WPA2 or WPA3 on the access point."),
    ),
    Cause.OWE_WIFI: Words(
        translate("Diagnosis", "The WiFi network asks nobody for a password (OWE)."),
        translate("Diagnosis", "Set WPA2 or WPA3 on the access point."),
    ),
    Cause.NO_ADDRESS: Words(
        translate("Diagnosis", "No DHCP server gave this machine an address."),
        translate(
            "Diagnosis",
            "Restart the router; see whether its DHCP server is on and has addresses left.",
        ),
    ),
    Cause.BAD_ADDRESS: Words(
        translate("Diagnosis", "The address of this machine is not one to reach anything with."),
        translate("Diagnosis", "Ask for a new lease; see what serves DHCP here."),
    ),
    Cause.NO_GATEWAY: Words(
        translate("Diagnosis", "This machine has an address and no gateway."),
        translate(
            "Diagnosis",
            "Ask for a new lease; see which gateway the router's DHCP server hands out.",
        ),
    ),
    Cause.DUPLICATE_GATEWAY: Words(
        translate("Diagnosis", "Two machines have the gateway's address."),
        translate(
            "Diagnosis", "Find the other one by its MAC address, unplug it and measure again."
        ),
    ),
    Cause.DUPLICATE_OWN: Words(
        translate("Diagnosis", "Another machine has the address of this one."),
        translate("Diagnosis", "Ask for a new lease; find the other one by its MAC address."),
    ),
    Cause.OTHER_DHCP: Words(
        translate("Diagnosis", "Another machine than the router serves DHCP here."),
        translate(
            "Diagnosis",
            "Look for a second router plugged in by its LAN port; unplug it, ask for a new lease.",
        ),
    ),
    Cause.GATEWAY_SILENT: Words(
        translate("Diagnosis", "The gateway does not answer, and nothing answers behind it."),
        translate(
            "Diagnosis", "Look at the router's power and lights; restart it; try another port."
        ),
    ),
    Cause.LAN_LOSS: Words(
        translate("Diagnosis", "Packets are lost between this machine and the router."),
        translate(
            "Diagnosis",
            "Change the cable and the port; take switches and extenders out; repeat by cable.",
        ),
    ),
    Cause.SIP_ALG: Words(
        translate("Diagnosis", "The router rewrites SIP messages (SIP ALG)."),
        translate("Diagnosis", "Turn SIP ALG off in the router."),
    ),
    Cause.NOTHING_BEYOND: Words(
        translate("Diagnosis", "The router answers, and nothing behind it does."),
        translate(
            "Diagnosis",
            "Look at the router's WAN light and the access device; report the access as down.",
        ),
    ),
    Cause.NOTHING_HEARD: Words(
        translate(
            "Diagnosis",
            "Nothing behind the router answers; whether the router does could not be measured.",
        ),
        translate(
            "Diagnosis", "Look at the router's lights and open its page; then measure again."
        ),
    ),
    Cause.BLACK_HOLE: Words(
        translate("Diagnosis", "Large packets vanish on the way without a word."),
        translate(
            "Diagnosis",
            "Lower the MTU of the router's WAN to what came through; report the path.",
        ),
    ),
    Cause.LOSS: Words(
        translate("Diagnosis", "Voice packets are lost behind the router."),
        translate(
            "Diagnosis", "Report the access with this measurement; repeat it at another hour."
        ),
    ),
    Cause.JITTER: Words(
        translate("Diagnosis", "Voice packets come unevenly behind the router."),
        translate(
            "Diagnosis", "Report the access with this measurement; repeat it with the line idle."
        ),
    ),
    Cause.DELAY: Words(
        translate("Diagnosis", "Voice packets take too long behind the router."),
        translate(
            "Diagnosis", "Report the access with this measurement; see which way its traffic takes."
        ),
    ),
    Cause.POOR_CALLS: Words(
        translate("Diagnosis", "Calls over this line would be poor."),
        translate("Diagnosis", "Report the access with this measurement."),
    ),
    Cause.DNS_SILENT: Words(
        translate("Diagnosis", "The DNS servers do not answer."),
        translate("Diagnosis", "Set another resolver for a try; report the one that is silent."),
    ),
    Cause.DNS_WRONG: Words(
        translate("Diagnosis", "The DNS servers answer, and not with what was asked for."),
        translate("Diagnosis", "Set another resolver for a try; report the one that errs."),
    ),
    Cause.DNS_HIJACKED: Words(
        translate(
            "Diagnosis", "Somebody answers in place of the DNS: a made-up name is given an address."
        ),
        translate(
            "Diagnosis", "Set another resolver for a try; see what the router does with DNS."
        ),
    ),
    Cause.PORTAL: Words(
        translate("Diagnosis", "A portal or a proxy answers in place of the Internet."),
        translate("Diagnosis", "Open a page in the browser and see whose portal it is."),
    ),
    Cause.NO_CHECK: Words(
        translate("Diagnosis", "The Internet check does not answer, though the provider does."),
        translate("Diagnosis", "See whether a filter of the router or the customer blocks HTTP."),
    ),
    Cause.PRIVATE_PUBLIC: Words(
        translate("Diagnosis", "The address shown to the Internet is a private one."),
        translate("Diagnosis", "See which network the test servers are asked through."),
    ),
    Cause.SIP_SILENT: Words(
        translate("Diagnosis", "The SIP server does not answer, though the Internet does."),
        translate("Diagnosis", "Report the SIP server; see whether a firewall blocks its port."),
    ),
    Cause.SIP_BLOCKED: Words(
        translate("Diagnosis", "The SIP server answers, but not on the port that phones use."),
        translate("Diagnosis", "See whether a firewall of the router or the customer blocks 5060."),
    ),
    Cause.UDP_BLOCKED: Words(
        translate("Diagnosis", "The web answers, and nothing that is asked over UDP does."),
        translate("Diagnosis", "See whether a firewall of the router or the customer blocks UDP."),
    ),
    Cause.REFLECTOR_SILENT: Words(
        translate("Diagnosis", "The voice reflector does not answer, though others do."),
        translate("Diagnosis", "Report the reflector; make a test call."),
    ),
    Cause.BUFFERBLOAT: Words(
        translate("Diagnosis", "The round trip grows while the line is full (bufferbloat)."),
        translate(
            "Diagnosis",
            "Limit the rates in the router to a little below the line's, or turn its SQM on.",
        ),
    ),
    Cause.FLAPS: Words(
        translate("Diagnosis", "The link went down and up while it was measured."),
        translate("Diagnosis", "Change the cable and the port; see that the plug holds."),
    ),
    Cause.SLOW_LINK: Words(
        translate("Diagnosis", "The link is slower than its port could be."),
        translate(
            "Diagnosis",
            "Change the cable: one of its pairs is damaged, or the other port is an old one.",
        ),
    ),
    Cause.WIFI_CHANNEL: Words(
        translate("Diagnosis", "The WiFi channel overlaps with a neighbour's."),
        translate("Diagnosis", "Choose a free one of 1, 6 and 11."),
    ),
    Cause.SLOW_GATEWAY: Words(
        translate("Diagnosis", "The router answers slowly."),
        translate("Diagnosis", "Repeat with nobody else on the LAN; restart the router."),
    ),
    Cause.SYMMETRIC_NAT: Words(
        translate(
            "Diagnosis", "The router gives each destination a port of its own (symmetric NAT)."
        ),
        translate("Diagnosis", "Turn the router's strict NAT off, or give the phones a proxy."),
    ),
    Cause.DOUBLE_NAT: Words(
        translate("Diagnosis", "There is a second NAT behind the router."),
        translate("Diagnosis", "Set the access device to bridge, or ask for a public address."),
    ),
    Cause.SMALL_MTU: Words(
        translate("Diagnosis", "Only small packets come through."),
        translate("Diagnosis", "Find the tunnel on the way; set the router's MTU."),
    ),
    Cause.DNS_SLOW: Words(
        translate("Diagnosis", "The DNS answers slowly, or one of its servers does not."),
        translate("Diagnosis", "Take the slow or silent resolver out of the router's list."),
    ),
    Cause.TWO_WAYS_OUT: Words(
        translate("Diagnosis", "The web and everything else leave by different addresses."),
        translate("Diagnosis", "See whether there is a proxy, or two lines to the Internet."),
    ),
    Cause.SLOW_LINE: Words(
        translate("Diagnosis", "The line carries less than was agreed."),
        translate(
            "Diagnosis", "Repeat by cable with nobody else on the LAN, then report the access."
        ),
    ),
}
