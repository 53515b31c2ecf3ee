"""Whose a broken link is likely to be: a suggestion, and "undetermined" where it is anybody's."""

from __future__ import annotations

from collections.abc import Callable

from fieldtech.diagnostics.probes.double_nat import is_shared
from fieldtech.diagnostics.verdict_facts import Facts
from fieldtech.domain.words import Access, Attribution, RouterOwner

Whose = Callable[[Facts], Attribution]


def customer(_facts: Facts) -> Attribution:
    """The customer's own LAN."""
    return Attribution.CUSTOMER


def nobody_yet(_facts: Facts) -> Attribution:
    """What only a person can find out."""
    return Attribution.UNDETERMINED


def router_owner(facts: Facts) -> Attribution:
    """Whose the router is."""
    owners = {
        RouterOwner.CUSTOMER: Attribution.CUSTOMER,
        RouterOwner.OPERATOR: Attribution.OWN_NETWORK,
    }
    owner = facts.site.router_owner
    return Attribution.UNDETERMINED if owner is None else owners[owner]


def access_owner(facts: Facts) -> Attribution:
    """Over whose last mile the service comes."""
    owners = {Access.OWN: Attribution.OWN_NETWORK, Access.ALLY: Attribution.ALLY}
    access = facts.site.access
    return Attribution.UNDETERMINED if access is None else owners[access]


def line_owner(facts: Facts) -> Attribution:
    """The last mile's, where it was seen that the LAN does nothing of it."""
    unseen = not facts.value("router.gateway_loss")
    poor = facts.fails("wifi.signal", "wifi.snr")
    return Attribution.UNDETERMINED if unseen or poor else access_owner(facts)


def silent_resolver_owner(facts: Facts) -> Attribution:
    """A resolver's owner, unless the access could be dead just as well.

    Where everybody else has only a name, nobody but the resolver was asked.
    """
    owner = resolver_owner(facts)
    return _unless_the_access(facts, owner) if facts.resolvers else owner


def erring_resolver_owner(facts: Facts) -> Attribution:
    """As of a silent one; of the router that asks for its LAN, errors are a dead access' too."""
    owner = resolver_owner(facts)
    return _unless_the_access(facts, owner) if facts.gateway in facts.resolvers else owner


def second_nat_owner(facts: Facts) -> Attribution:
    """The operator's own in a carrier's network; a private one may be anybody's second router."""
    shared = is_shared(facts.value("router.wan_ip"))
    return Attribution.OWN_NETWORK if shared else Attribution.UNDETERMINED


def resolver_owner(facts: Facts) -> Attribution:
    """The operator's where a resolver is his; of the router that asks for its LAN, its owner's."""
    asked = set(facts.resolvers)
    if not asked:  # whoever gives the addresses out forgot them
        return router_owner(facts)
    if asked & set(facts.targets.resolvers):
        return Attribution.OWN_NETWORK
    if facts.gateway and facts.gateway in asked:
        return router_owner(facts)
    return Attribution.THIRD_PARTY


def sip_owner(facts: Facts) -> Attribution:
    """As the policy marks the server."""
    owners = {server.owner for server in facts.targets.sip}
    return owners.pop() if len(owners) == 1 else Attribution.UNDETERMINED


def _unless_the_access(facts: Facts, owner: Attribution) -> Attribution:
    unknown = facts.only_names() and not facts.reached() and owner is not access_owner(facts)
    return Attribution.UNDETERMINED if unknown else owner
