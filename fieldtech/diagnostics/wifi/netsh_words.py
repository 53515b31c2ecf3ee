"""The words of ``netsh wlan``: Spanish, English, German, French, Portuguese and Italian.

Every word is known in each spelling that a console's code page makes of it: ``Señal`` is also
``Se¤al`` (page 850 read as 1252), ``Se±al`` (the reverse), ``SeÃ±al`` (UTF-8 read as 1252) and
``Se?al``. Words are compared whole: "desconectado" contains "conectado".
"""

from __future__ import annotations

import unicodedata
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING

from fieldtech.diagnostics.tools import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_MISREADINGS = (
    ("cp850", "latin-1"),
    ("cp850", "cp1252"),
    ("cp1252", "cp850"),
    ("utf-8", "cp1252"),
    ("utf-8", "latin-1"),
    ("utf-8", "cp850"),
    ("utf-8", "cp437"),
)
_LOST = ("?", "\ufffd", "\ufffd\ufffd", "")


class Field(Enum):
    """What a line of netsh tells."""

    NAME = auto()
    LIST_NAME = auto()
    """The interface that a list of networks was heard by."""
    GUID = auto()
    STATE = auto()
    RADIO_STATE = auto()
    SSID = auto()
    BSSID = auto()
    BAND = auto()
    CHANNEL = auto()
    AKM = auto()
    AUTHENTICATION = auto()
    CIPHER = auto()
    RECEIVE = auto()
    TRANSMIT = auto()
    SIGNAL = auto()
    RSSI = auto()
    OTHER = auto()
    """Understood, and of no use here: never guessed to be anything else."""


_LABELS: dict[Field, str] = {
    Field.NAME: "Name|Nombre|Nom|Nome",
    Field.LIST_NAME: (
        "Interface name|Nombre de interfaz|Nombre de la interfaz|Schnittstellenname|"
        "Nom de l'interface|Nom de l’interface|Nome da interface|Nome interfaccia|"
        "Nome dell'interfaccia"
    ),
    Field.GUID: "GUID",
    Field.STATE: "State|Estado|Status|État|Stato",
    Field.RADIO_STATE: (
        "Radio status|Estado de radio|Estado de la radio|Estado del radio|Funkstatus|"
        "État radio|État de la radio|Status do rádio|Estado do rádio|Status de rádio|"
        "Stato radio|Stato della radio|Stato frequenza radio"
    ),
    Field.SSID: "SSID",
    Field.BSSID: "BSSID|AP BSSID|MLD AP BSSID",
    Field.BAND: "Band|Banda|Bereich|Frequenzband|Bande|Bande de fréquences|Banda di frequenza",
    Field.CHANNEL: "Channel|Canal|Kanal|Canale",
    Field.AKM: "Connected Akm-cipher",
    Field.AUTHENTICATION: (
        "Authentication|Autenticación|Authentifizierung|Authentification|Autenticação|"
        "Autenticazione"
    ),
    Field.CIPHER: (
        "Cipher|Encryption|Cifrado|Verschlüsselung|Verschlüsselungsverfahren|Chiffrement|"
        "Cryptage|Criptografia|Codificação|Cifra|Encriptação|Crittografia|Cifratura"
    ),
    Field.RECEIVE: (
        "Receive rate|Velocidad de recepción|Empfangsrate|Réception|Débit de réception|"
        "Taxa de recepção|Taxa de recebimento|Velocità ricezione|Velocità di ricezione"
    ),
    Field.TRANSMIT: (
        "Transmit rate|Velocidad de transmisión|Übertragungsrate|Senderate|Transmission|"
        "Débit de transmission|Taxa de transmissão|Velocità trasmissione|"
        "Velocità di trasmissione"
    ),
    Field.SIGNAL: "Signal|Señal|Sinal|Segnale",
    Field.RSSI: "Rssi",
    Field.OTHER: (
        "Description|Descripción|Beschreibung|Descrição|Descrizione|"
        "Physical address|Dirección|Dirección física|Physische Adresse|Adresse physique|"
        "Endereço físico|Indirizzo fisico|"
        "Interface type|Tipo de interfaz|Benutzeroberflächentyp|Schnittstellentyp|"
        "Type d'interface|Type d’interface|Tipo de interface|Tipo di interfaccia|"
        "Network type|Tipo de red|Netzwerktyp|Type de réseau|Tipo de rede|Tipo di rete|"
        "Radio type|Tipo de radio|Funktyp|Type de radio|Tipo de rádio|Tipo frequenza radio|"
        "Connection mode|Modo de conexión|Verbindungsmodus|Mode de connexion|"
        "Modo de conexão|Modalità connessione|"
        "Profile|Perfil|Profil|Profilo|"
        "Colocated APs|QoS MSCS Configured|QoS Map Configured|QoS Map Allowed by Policy"
    ),
}
_CONNECTED = (
    "connected|conectado|conectada|verbunden|connecté|connectée|ligado|ligada|connessa|connesso"
)
_NOT_CONNECTED = (
    "disconnected|not connected|disconnecting|associating|authenticating|discovering|not ready|"
    "desconectado|desconectada|no conectado|desconectando|asociando|autenticando|detectando|"
    "no está listo|getrennt|nicht verbunden|wird getrennt|verbindung getrennt|nicht bereit|"
    "authentifizierung|zuordnung|suche|"
    "déconnecté|déconnectée|non connecté|déconnexion|association|authentification|détection|"
    "não conectado|desligado|associando|não está pronto|"
    "disconnessa|disconnesso|non connessa|non connesso|disconnessione|associazione|"
    "autenticazione|non pronta"
)
_OPEN = (
    "open|abierta|abierto|offen|ouvert|ouverte|ouvrir|aberta|aberto|abrir|aperta|aperto|apri|"
    "none|ninguna|ninguno|keine|kein|aucun|aucune|nenhuma|nenhum|nessuna|nessuno"
)
_OFF = "off|desactivado|desactivada|apagado|aus|désactivé|désactivée|inactif|desligado|disattivato"


@cache
def labels() -> dict[str, Field]:
    """Every known label in its plain form, without the unit in parentheses."""
    return {
        spelling: field
        for field, words in _LABELS.items()
        for word in words.split("|")
        for spelling in spellings(word)
    }


def field_of(label: str) -> Field | None:
    """What a label stands for; a unit in parentheses after it does not matter."""
    return labels().get(plain(label).partition(" (")[0].partition("(")[0].strip())


@cache
def states() -> dict[str, bool]:
    """The words of a state: whether they mean a connection."""
    known = dict.fromkeys(_all(_NOT_CONNECTED), False)
    return known | dict.fromkeys(_all(_CONNECTED), True)


@cache
def open_words() -> frozenset[str]:
    """The words for no authentication and for no cipher."""
    return frozenset(_all(_OPEN))


@cache
def off_words() -> frozenset[str]:
    """The words for a radio that is switched off."""
    return frozenset(_all(_OFF))


def _all(words: str) -> Iterator[str]:
    for word in words.split("|"):
        yield from spellings(word)


def spellings(word: str) -> set[str]:
    """Every plain form in which a console may show a word."""
    found = {plain(word)}
    for written, read in _MISREADINGS:
        found.add(plain(word.encode(written, "replace").decode(read, "replace")))
    composed = unicodedata.normalize("NFC", word)
    for lost in _LOST:
        found.add(plain("".join(c if c.isascii() else lost for c in composed)))
    return found - {""}
