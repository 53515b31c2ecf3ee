"""The columns an export may have: their names in both languages, what each cell must be.

Capitals, accents, punctuation and spacing of a header do not matter (``Núm. de Folio`` is
``num de folio``). A column that is not listed is ignored and named in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from fieldtech.central import cells
from fieldtech.domain.words import Access, IncidentKind, IncidentState, RouterOwner, Severity

if TYPE_CHECKING:
    from enum import StrEnum

SHORT, NAME, LONG = 60, 200, 8_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """``aliases`` are header keys (``cells.key``). ``parse`` takes the cleaned text.

    ``words`` lists, for a column of closed choice, the canonical word each key stands for.
    """

    name: str
    aliases: tuple[str, ...]
    required: bool = False
    limit: int = NAME
    multiline: bool = False
    parse: Callable[[str], object] = str
    words: Mapping[str, str] | None = None


def _words(kind: type[StrEnum], **spoken: str) -> dict[str, str]:
    """Keys to canonical words: each member by its own word, and by the ones listed for it."""
    found = {cells.key(member.value): member.value for member in kind}
    for member, words in spoken.items():
        found.update({cells.key(word): kind(member).value for word in words.split("|")})
    return found


def _keys(names: str) -> tuple[str, ...]:
    return tuple(names.split("|"))


KINDS = _words(
    IncidentKind,
    technical="técnico|técnica|falla|falla técnica|incidente",
    administrative="administrativo|administrativa|admin|trámite",
)
SEVERITIES = _words(
    Severity,
    major="mayor|falla mayor|alta|crítica|high|critical",
    minor="menor|falla menor|media|baja|medium|low",
)
STATES = {
    **dict.fromkeys(("reported", "new", "nuevo", "reportado", "sin acuse"), "reported"),
    **dict.fromkeys(
        ("acknowledged", "open", "abierto", "aceptado", "registrado", "asignado", "en proceso"),
        "acknowledged",
    ),
    **dict.fromkeys(("assigned", "in progress", "en atencion", "en curso"), "acknowledged"),
}
CLOSED_WORDS = frozenset(
    cells.key(word)
    for word in (
        *(state.value for state in IncidentState if not state.is_open),
        *("restored", "resolved", "restablecido", "resuelto", "solucionado", "cerrado"),
        *("cancelado", "rechazado", "duplicado"),
    )
)
KIND_MARKS = (
    ("sip_trunk", ("sip", "troncal", "pbx", "voz", "telefonia", "conmutador", "voip")),
    ("managed_wifi", ("wifi", "wi fi", "inalambrica")),
    ("managed_lan", ("lan", "red local", "switch")),
    ("internet", ("internet", "enlace", "fibra", "dedicado", "banda ancha")),
)
"""Words in a service's name that tell its kind, the first that fits."""

SERVICE_KINDS = {
    **{cells.key(kind): kind for kind, _ in KIND_MARKS},
    **{word: kind for kind, words in KIND_MARKS for word in words},
}
OWNERS = _words(RouterOwner, customer="cliente|propio del cliente", operator="operador|nuestro")
ACCESSES = _words(Access, own="propio|propia|red propia", ally="aliado|aliada|tercero|red aliada")


COLUMNS: tuple[Column, ...] = (
    Column(
        name="external_id",
        aliases=_keys(
            "external id|id externo|folio|num de folio|numero de folio|no folio|ticket|ticket id"
            "|id ticket|id de ticket|num ticket|no ticket|numero de ticket|numero de reporte"
            "|reporte|id|case id|incident id"
        ),
        required=True,
        limit=SHORT,
    ),
    Column(
        name="kind",
        aliases=_keys("kind|type|ticket type|tipo|tipo de ticket|tipo de incidente"),
        words=KINDS,
    ),
    Column(
        name="state", aliases=_keys("status|estatus|estado del ticket|ticket state"), words=STATES
    ),
    Column(
        name="title",
        aliases=_keys("title|summary|subject|titulo|asunto|resumen|falla|fault"),
        required=True,
    ),
    Column(
        name="description",
        aliases=_keys("description|details|descripcion|detalle|detalles|observaciones"),
        limit=LONG,
        multiline=True,
    ),
    Column(name="channel", aliases=_keys("channel|source|canal|medio|via"), limit=SHORT),
    Column(
        name="reported_at",
        aliases=_keys(
            "reported at|report time|created|created at|opened|opened at|fecha"
            "|fecha de reporte|fecha reporte|fecha del reporte|hora de reporte|fecha y hora"
            "|fecha y hora de reporte|apertura|fecha de apertura|creado"
        ),
        required=True,
        limit=SHORT,
    ),
    Column(
        name="notified_at",
        aliases=_keys("notified at|notification time|aviso|fecha de aviso|hora de aviso"),
        limit=SHORT,
    ),
    Column(
        name="acknowledged_at",
        aliases=_keys(
            "acknowledged at|response time|first response|acuse|fecha de acuse"
            "|hora de acuse|fecha de respuesta|primera respuesta"
        ),
        limit=SHORT,
    ),
    Column(
        name="customer",
        aliases=_keys(
            "customer|client|account|cliente|razon social|nombre del cliente"
            "|nombre de cliente|cuenta"
        ),
        required=True,
    ),
    Column(name="contact", aliases=_keys("contact|contact name|contacto|nombre de contacto")),
    Column(
        name="phone",
        aliases=_keys("phone|telephone|contact phone|telefono|tel|telefono de contacto"),
        limit=SHORT,
        parse=cells.phone,
    ),
    Column(
        name="email",
        aliases=_keys("email|e mail|mail|correo|correo electronico|correo de contacto"),
        parse=cells.mail,
    ),
    Column(name="whatsapp", aliases=_keys("whatsapp|whats app"), limit=SHORT, parse=cells.phone),
    Column(
        name="site",
        aliases=_keys(
            "site|site name|location|branch|sitio|nombre del sitio|sucursal|sede|ubicacion"
            "|localidad|domicilio del servicio"
        ),
        required=True,
    ),
    Column(
        name="street",
        aliases=_keys("street|address|calle|direccion|domicilio|calle y numero"),
    ),
    Column(name="neighbourhood", aliases=_keys("neighbourhood|neighborhood|colonia|col")),
    Column(
        name="postcode",
        aliases=_keys("postcode|postal code|zip|zip code|cp|c p|codigo postal"),
        limit=10,
    ),
    Column(
        name="municipality",
        aliases=_keys(
            "municipality|city|town|municipio|ciudad|alcaldia|poblacion"
            "|municipio o alcaldia|delegacion"
        ),
    ),
    Column(
        name="state_name",
        aliases=_keys("state name|province|entidad|entidad federativa"),
    ),
    Column(
        name="region",
        aliases=_keys("region|region path|zona|zone|area|ruta de region|plaza"),
    ),
    Column(
        name="latitude",
        aliases=_keys("latitude|lat|latitud|y"),
        limit=SHORT,
        parse=cells.latitude,
    ),
    Column(
        name="longitude",
        aliases=_keys("longitude|lon|lng|long|longitud|x"),
        limit=SHORT,
        parse=cells.longitude,
    ),
    Column(
        name="coordinates",
        aliases=_keys(
            "coordinates|lat lon|lat lng|latlng|coordenadas|gps|geo|latitud longitud|ubicacion gps"
        ),
        limit=SHORT,
        parse=cells.coordinates,
    ),
    Column(
        name="timezone",
        aliases=_keys("timezone|time zone|tz|zona horaria|huso horario"),
        limit=SHORT,
        parse=cells.time_zone,
    ),
    Column(
        name="access_notes",
        aliases=_keys("access notes|access instructions|notas de acceso|acceso al sitio"),
        limit=LONG,
        multiline=True,
    ),
    Column(
        name="service",
        aliases=_keys("service|service name|product|servicio|nombre del servicio|producto|plan"),
        required=True,
    ),
    Column(
        name="service_kind",
        words=SERVICE_KINDS,
        aliases=_keys("service kind|service type|tipo de servicio|clase de servicio"),
        limit=SHORT,
    ),
    Column(
        name="total_users",
        aliases=_keys(
            "total users|users|usuarios|usuarios totales|total de usuarios"
            "|usuarios del servicio|extensiones|num usuarios|numero de usuarios"
        ),
        limit=SHORT,
        parse=cells.whole,
    ),
    Column(
        name="affected_users",
        aliases=_keys(
            "affected users|affected|users affected|usuarios afectados|afectados"
            "|num afectados|numero de usuarios afectados"
        ),
        limit=SHORT,
        parse=cells.whole,
    ),
    Column(
        name="severity",
        aliases=_keys("severity|priority|severidad|prioridad|gravedad|tipo de falla"),
        words=SEVERITIES,
    ),
    Column(
        name="severity_reason",
        aliases=_keys("severity reason|motivo de severidad|motivo de la severidad"),
        limit=LONG,
    ),
    Column(
        name="router_owner",
        aliases=_keys("router owner|propietario del router|dueno del router|router de"),
        words=OWNERS,
    ),
    Column(
        name="access",
        aliases=_keys("access|last mile|acceso|tipo de acceso|ultima milla"),
        words=ACCESSES,
    ),
    Column(
        name="speed_mbps",
        aliases=_keys("speed|speed mbps|bandwidth|velocidad|velocidad mbps|ancho de banda|mbps"),
        limit=SHORT,
        parse=cells.whole,
    ),
)

BY_NAME: Mapping[str, Column] = MappingProxyType({column.name: column for column in COLUMNS})
BY_ALIAS: Mapping[str, str] = MappingProxyType(
    {
        alias: column.name
        for column in COLUMNS
        for alias in (*column.aliases, cells.key(column.name))
    }
)
