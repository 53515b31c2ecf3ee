"""The words of the sample set, read from ``resources/sample``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import msgspec

from fieldtech.central.sample.plots import Plot
from fieldtech.domain.words import Attribution, Severity
from fieldtech.errors import DataError
from fieldtech.paths import resources_dir
from fieldtech.shapes import learned

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerKind:
    """A trade: how its customers are called, how large they are, what they buy."""

    id: str
    weight: int
    names: tuple[str, ...]
    users: tuple[int, int]
    sites: int
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFacts:
    """How postcodes begin in a state and the dialling code used for it."""

    id: str
    postcodes: tuple[str, ...]
    lada: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TownFacts:
    """Postcodes of one town where they are narrower than its state's."""

    geoname_id: int
    postcodes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Words for people, customers and addresses."""

    given: tuple[str, ...]
    surnames: tuple[str, ...]
    saints: tuple[str, ...]
    words: tuple[str, ...]
    streets: tuple[str, ...]
    neighbourhoods: tuple[str, ...]
    branches: tuple[str, ...]
    access_notes: tuple[str, ...]
    customer_kind: tuple[CustomerKind, ...]
    state: tuple[StateFacts, ...]
    town: tuple[TownFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A service as it is sold."""

    id: str
    kind: str
    name: str
    users: float
    router: float
    equipment: tuple[str, ...]
    speeds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EquipmentKind:
    """A kind of device; ``prefix`` starts its serial numbers."""

    kind: str
    prefix: str
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Products:
    """Everything that can stand at a site."""

    product: tuple[Product, ...]
    equipment: tuple[EquipmentKind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A plausible fault: how it is reported and what it turns out to be."""

    products: tuple[str, ...]
    title: str
    description: str
    share: tuple[float, float]
    cause: str
    solution: str
    attribution: Attribution
    evidence: str
    fails: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paperwork:
    """An administrative request."""

    title: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """What people write and give as reasons."""

    desk: tuple[str, ...]
    field: tuple[str, ...]
    decline: str
    unable: str
    followup: str
    cancel: str
    reject: str
    reassign: str
    escalated: str
    close: str
    exclude: str
    milder: str
    graver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What goes wrong."""

    channels: tuple[str, ...]
    fault: tuple[Fault, ...]
    administrative: tuple[Paperwork, ...]
    notes: Remarks


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Values by checklist item."""

    good: dict[str, tuple[str, ...]] = field(default_factory=dict)
    bad: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One incident of the fixed day; see ``day.toml`` for the fields."""

    customer: str
    trade: str
    site: str
    town: str
    state: str
    product: str
    fault: str
    plot: Plot
    severity: Severity
    technician: str = ""
    other: str = ""
    left_s: int | None = None
    ago_s: int = 0
    took_s: int = 0
    answered: int = 0
    called: bool = False
    note: str = ""
    key: str = ""
    everybody: bool = False
    repeat_of: str = ""
    duplicate_of: str = ""
    street: str = ""
    neighbourhood: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The fixed part of every sample, in the order in which a smaller one takes it."""

    scene: tuple[Scene, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """All of it."""

    names: Names
    products: Products
    faults: Faults
    answers: Answers
    day: Day

    def product(self, product_id: str) -> Product:
        """Return the product of that id; raises ``KeyError``."""
        return {product.id: product for product in self.products.product}[product_id]

    def fault(self, title: str) -> Fault | None:
        """Return the fault of that title, ``None`` for paperwork."""
        return next((fault for fault in self.faults.fault if fault.title == title), None)

    def paperwork(self, title: str) -> Paperwork | None:
        """Return the administrative request of that title, ``None`` for a fault."""
        return next((each for each in self.faults.administrative if each.title == title), None)


def load_texts(folder: Path | None = None) -> Texts:
    """Read the files, by default the ones that ship.

    Raises ``DataError`` naming the file and what is wrong with it.
    """
    place = folder or resources_dir() / "sample"
    return Texts(
        _read(place / "names.toml", Names),
        _read(place / "products.toml", Products),
        _read(place / "faults.toml", Faults),
        _read(place / "answers.toml", Answers),
        _read(place / "day.toml", Day),
    )


def _read(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), learned(kind))
    except OSError as problem:
        raise DataError(str(path), "", problem.strerror or "it cannot be read") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as problem:
        raise DataError(str(path), "", str(problem)) from problem
