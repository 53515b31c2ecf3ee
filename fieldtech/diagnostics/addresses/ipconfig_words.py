"""What ``ipconfig /all`` calls things, in the languages in which that is known.

A letter with an accent matches whatever a wrong code page made of it: ``Concesi¢n`` is
``Concesión``. Other languages are read by the shape of their values alone.
"""

from __future__ import annotations

import re
from enum import StrEnum

from fieldtech.diagnostics.tools import plain


class Field(StrEnum):
    """What a line of an adapter tells."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"
    MASK = "mask"
    GATEWAY = "gateway"
    DHCP = "dhcp"
    SERVER = "server"
    EXPIRES = "expires"
    DNS = "dns"
    DOMAIN = "domain"
    OTHER = "other"


_LABELS: dict[Field, tuple[str, ...]] = {
    Field.IPV4: (
        "IPv4 Address",
        "IP Address",
        "Autoconfiguration IPv4 Address",
        "Autoconfiguration IP Address",
        "Dirección IPv4",
        "Dirección IP",
        "Dirección IPv4 de configuración automática",
        "Dirección IP de autoconfiguración",
    ),
    Field.IPV6: (
        "IPv6 Address",
        "Temporary IPv6 Address",
        "Link-local IPv6 Address",
        "Site-local IPv6 Address",
        "Dirección IPv6",
        "Dirección IPv6 temporal",
        "Vínculo: dirección IPv6 local",
        "Dirección IPv6 local del sitio",
    ),
    Field.MASK: ("Subnet Mask", "Máscara de subred"),
    Field.GATEWAY: (
        "Default Gateway",
        "Puerta de enlace predeterminada",
        "Standardgateway",
        "Passerelle par défaut",
        "Gateway Padrão",
        "Gateway predefinito",
    ),
    Field.DHCP: ("DHCP Enabled", "DHCP habilitado"),
    Field.SERVER: ("DHCP Server", "Servidor DHCP"),
    Field.EXPIRES: (
        "Lease Expires",
        "La concesión expira",
        "Concesión expira",
        "Lease läuft ab",
        "Bail expirant",
        "Concessão Expira",
    ),
    Field.DNS: ("DNS Servers", "Servidores DNS"),
    Field.DOMAIN: (
        "Connection-specific DNS Suffix",
        "Sufijo DNS específico para la conexión",
        "Sufijo de conexión específica DNS",
        "Verbindungsspezifisches DNS-Suffix",
        "Suffixe DNS propre à la connexion",
        "Sufixo DNS específico de conexão",
    ),
    Field.OTHER: (
        "Lease Obtained",
        "Concesión obtenida",
        "DHCPv6 IAID",
        "IAID DHCPv6",
        "Primary WINS Server",
        "Secondary WINS Server",
        "Servidor WINS principal",
        "Servidor WINS secundario",
    ),
}
_KINDS = (
    r"[\w .-]{2,40}? adapter",
    r"adaptador de ethernet",
    r"adaptador de lan inal.{1,3}mbrica",
    r"adaptador de t.{1,3}nel",
    r"adaptador desconocido",
    r"adaptador ppp",
    r"ethernet-adapter",
    r"drahtlos-lan-adapter",
    r"tunneladapter",
    r"unbekannter adapter",
    r"carte ethernet",
    r"carte r.{1,3}seau sans fil",
    r"carte tunnel",
    r"carte inconnue",
    r"adaptador ethernet",
    r"adaptador de rede sem fio",
)
_YES = re.compile(r"yes|s(?:i|[^\w\s]{1,3}|\W?\w)|ja|oui|sim|tak|да|是|はい")
_NO = re.compile(r"no|nein|non|nao|n[^\w\s]{1,3}o|nie|нет|否|いいえ")
_PREFERRED = re.compile(
    r"preferred|preferido|bevorzugt|pr.{1,3}f.{1,3}r.{1,3}|preferencial|preferenziale|首选|首選|優先"
)
_DUPLICATE = re.compile(r"dup.{0,2}l.{0,2}i.*|doppelt|en double|重复|重複|дубли.*")


def _tolerant(label: str) -> str:
    return "".join(
        re.escape(letter) if letter.isascii() else ".{1,3}" for letter in label.casefold()
    )


_PATTERNS = tuple(
    (field, re.compile(rf"(?:{'|'.join(_tolerant(label) for label in labels)})"))
    for field, labels in _LABELS.items()
)
_ADAPTER = re.compile(rf"(?:{'|'.join(_KINDS)}) (?P<name>.+)", re.IGNORECASE)


def field_of(label: str) -> Field | None:
    """Return what a label stands for, ``None`` when its language is none of the known."""
    text = plain(label)
    return next((field for field, pattern in _PATTERNS if pattern.fullmatch(text)), None)


def adapter_name(header: str) -> str:
    """Return the name within an adapter's header; the whole header in an unknown language."""
    found = _ADAPTER.fullmatch(header)
    return found["name"].strip() if found else header


def yes_or_no(value: str) -> bool | None:
    """Return a Windows "yes" or "no", ``None`` for any other word."""
    word = plain(value)
    if _YES.fullmatch(word):
        return True
    return False if _NO.fullmatch(word) else None


def is_preferred(mark: str) -> bool:
    """Whether the mark behind an address says that it was checked and is in use."""
    return bool(_PREFERRED.fullmatch(plain(mark)))


def is_duplicate(mark: str) -> bool:
    """Whether the mark behind an address says that somebody else has it."""
    return bool(_DUPLICATE.fullmatch(plain(mark)))
