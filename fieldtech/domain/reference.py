"""Where, who and what: the records that incidents refer to."""

from __future__ import annotations

from dataclasses import dataclass

from fieldtech.domain.words import Access, RegionKind, Role, RouterOwner


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A node of the tree country > region > state > municipality. ``timezone`` is IANA."""

    id: str
    parent_id: str
    kind: RegionKind
    name: str
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A way to reach the operator in a region. ``address`` is a number, mail or URL."""

    id: str
    region_id: str
    kind: str
    name: str
    address: str
    hours: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who holds the contract."""

    id: str
    name: str
    contact: str = ""
    phone: str = ""
    email: str = ""
    whatsapp: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where the service is delivered. ``region_id`` is its municipality; degrees are WGS 84."""

    id: str
    customer_id: str
    region_id: str
    name: str
    street: str
    neighbourhood: str
    postcode: str
    municipality: str
    state: str
    timezone: str
    lat: float
    lon: float
    access_notes: str = ""
    contact: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What the customer pays for at a site."""

    id: str
    site_id: str
    customer_id: str
    kind: str
    name: str
    total_users: int | None
    router_owner: RouterOwner
    access: Access
    speed_mbps: int | None = None
    active_since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """A managed device at a site."""

    id: str
    site_id: str
    service_id: str
    kind: str
    model: str
    serial: str
    mac: str
    total_users: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user as others see him: no credentials. ``region_ids`` are the granted regions."""

    id: str
    name: str
    role: Role
    region_ids: tuple[str, ...]
    phone: str = ""
    email: str = ""
    skills: tuple[str, ...] = ()
    base_lat: float | None = None
    base_lon: float | None = None
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceMonth:
    """Availability of one service in one month: a read-only projection of the central.

    ``downtime_s`` and ``active_s`` are seconds; ``month`` is ``YYYY-MM`` in the site's zone.
    """

    service_id: str
    month: str
    active_s: float
    downtime_s: float
    target_share: float
