"""The main job, told in the trade's words: one day of a dispatcher and a technician.

Each scene is a function of the hands that play it, so that the tour (real processes, pictures) and
the end-to-end test (one process, no pictures) tell the same story.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

SEARCH = "San Rafael"
"""Whom the dispatcher searches: a clinic in Monterrey that every sample has."""
REGION = "Monterrey"
"""Where that clinic is."""
FAULT = "Sin tono en cuatro extensiones y WiFi intermitente"
AFFECTED = 20
AFFECTED_AFTER = 1
ITEMS_ONLINE = ("lan.cable", "lan.ip", "wifi.signal")
ITEMS_OFFLINE = ("router.state", "router.gateway_loss", "internet.speed")
CORRECT = "Correcto"
NOTE = "Cable UTP dañado en el piso dos; el cliente espera en recepción"
SOLUTION_NOTE = "Se reemplazó el patch cord y se desactivó el SIP ALG"
WAITING_ANSWERS = ["Respuesta de la lista"] * len(ITEMS_OFFLINE)
"""What waits once the checklist has been answered without the central."""
WAITING_RESOLUTION = [*WAITING_ANSWERS, "Nota", "Servicio restablecido"]
"""What waits once the incident has been resolved as well."""
WAITING_MEASURED = [
    *WAITING_ANSWERS,
    *("Nota", "Archivo adjunto", "Red medida", "Servicio restablecido"),
]
"""The same when the repair was proven by measuring before it was told."""

SENT = {
    "check.answer": len(ITEMS_ONLINE + ITEMS_OFFLINE),
    "incident.note": 1,
    "incident.register": 1,
    "incident.restore": 1,
    "visit.accept": 1,
    "visit.arrive": 1,
    "visit.assign": 1,
    "visit.start_travel": 1,
}
"""Every command of the story, and how often the central may have applied it."""
SENT_MEASURED = SENT | {"check.measure": 2, "attachment.add": 2}
"""The same when the network was measured before the repair and after it."""
RESOLVED = {
    "attribution": "customer",
    "cause": "lan_cabling",
    "solution": "cable_replaced",
    "affected": AFFECTED_AFTER,
    "by": "u-tecnico",
    "state": "restored",
    "severities": ["major", "minor"],
    "notes": [NOTE],
    "told": [SOLUTION_NOTE],
}
"""What the central knows of the incident in the end."""


class Hands(Protocol):
    """Somebody who can use the application; see ``demo.player.Player``."""

    def click(self, name: str) -> None:
        """Press a button."""

    def show(self, name: str) -> None:
        """Scroll to something."""

    def type(self, name: str, text: str) -> None:
        """Fill in a field."""

    def press(self, label: str) -> None:
        """Press the button of that label."""

    def key(self, name: str, sequence: str) -> None:
        """Press a key."""

    def choose(self, name: str, text: str) -> None:
        """Pick from a combo box."""

    def pick(self, name: str, text: str) -> None:
        """Pick a row."""

    def answer(self, name: str, label: str) -> None:
        """Answer a checklist item."""

    def tab(self, name: str, position: int) -> None:
        """Turn to a tab."""

    def read(self, name: str) -> str:
        """Read what a widget says."""

    def see(self, text: str) -> None:
        """Read a text."""

    def see_row(self, name: str, text: str) -> None:
        """Read a row."""

    def see_no_row(self, name: str, text: str) -> None:
        """Notice that a list has no such row."""

    def see_exactly(self, prefix: str, texts: list[str]) -> None:
        """Read these texts and no others."""

    def see_gone(self, name: str) -> None:
        """Notice that something is gone."""


@dataclass(frozen=True)
class Login:
    """Who signs in where."""

    central: str
    user: str
    password: str
    name: str = ""


def sign_in(hands: Hands, login: Login) -> None:
    """The sign-in screen, and the first screen after it."""
    hands.type("signin.central", login.central)
    hands.type("signin.user", login.user)
    hands.type("signin.password", login.password)
    hands.click("signin.submit")
    hands.see_gone("signin.submit")


def open_register(dispatcher: Hands) -> None:
    """A customer calls: find the service he means."""
    dispatcher.click("board.register")
    dispatcher.type("register.search", SEARCH)
    dispatcher.pick("register.results", f"{SEARCH} · Internet")


def fill_register(dispatcher: Hands) -> None:
    """What is wrong, by which channel, how many users: the rule says how grave it is."""
    dispatcher.type("register.title", FAULT)
    dispatcher.choose("register.channel", "phone")
    dispatcher.type("register.affected", str(AFFECTED))
    dispatcher.see("Falla Mayor (")


def save_register(dispatcher: Hands) -> None:
    """Saving is the acknowledgement."""
    dispatcher.click("register.submit")
    dispatcher.see_row("board.queue", FAULT)


def choose_region(dispatcher: Hands, elsewhere: str) -> None:
    """The board is about one region; a technician who works elsewhere is not offered any more."""
    dispatcher.see_row("board.technicians", elsewhere)
    dispatcher.pick("board.tree", REGION)
    dispatcher.see_no_row("board.technicians", elsewhere)
    dispatcher.see_row("board.queue", FAULT)


def assign_incident(dispatcher: Hands, technician: str) -> None:
    """The incident goes to a technician of the region."""
    dispatcher.pick("board.queue", FAULT)
    dispatcher.pick("board.technicians", technician)
    dispatcher.click("board.assign")
    dispatcher.see_row("board.assigned", FAULT)


def send_everything(hands: Hands) -> None:
    """Synchronise now and wait until nothing waits."""
    hands.click("topbar.sync")
    hands.see("Todo enviado")


def open_visit(technician: Hands) -> None:
    """Find the new visit in the agenda and open it."""
    technician.see_row("agenda.list", FAULT)
    technician.pick("agenda.list", FAULT)
    technician.see(FAULT)


def travel_and_arrive(technician: Hands) -> None:
    """The state buttons in the order of the work."""
    technician.click("action.visit.accept")
    technician.click("action.visit.start_travel")
    technician.click("action.visit.arrive")
    technician.see("En sitio")


def write_note_draft(technician: Hands) -> None:
    """Begin a note and do not save it: the draft must survive."""
    technician.tab("visit.tabs", 2)
    technician.type("note.text", NOTE)


def answer_checklist(technician: Hands, items: tuple[str, ...]) -> None:
    """Answer the given items by hand."""
    technician.tab("visit.tabs", 1)
    for item in items:
        technician.answer(f"check.{item}", CORRECT)


def measure(technician: Hands) -> None:
    """One press measures the network; what it comes to is kept with the visit."""
    technician.tab("visit.tabs", 1)
    technician.click("measure.all")
    technician.read("measure.stop")
    technician.see_gone("measure.stop")
    technician.read("measure.all")
    technician.show("measure.chain")


def save_note(technician: Hands) -> None:
    """The draft is still there; now it becomes a note."""
    technician.tab("visit.tabs", 2)
    technician.see(NOTE)
    technician.click("note.save")


def fill_resolution(technician: Hands) -> None:
    """The service works again: cause, solution, attribution, users; both deadlines are shown."""
    technician.click("action.incident.restore")
    technician.choose("restore.cause", "lan_cabling")
    technician.choose("restore.solution", "cable_replaced")
    technician.choose("restore.attribution", "customer")
    technician.type("restore.affected", str(AFFECTED_AFTER))
    technician.type("restore.note", SOLUTION_NOTE)
    technician.see("Falla Menor")


def save_resolution(technician: Hands) -> None:
    """Guardado."""
    technician.click("restore.submit")
    technician.see("Restablecido")


def choose_appearance(
    hands: Hands, theme: str, language: str, scale: str, *, settings: str = "Ctrl+4"
) -> None:
    """Colours, language and size, each at once; ``settings`` is that screen's key on the rail."""
    hands.key("mainWindow", settings)
    hands.choose("settings.theme", theme)
    hands.choose("settings.language", language)
    hands.choose("settings.scale", f"{scale} %")
    hands.key("mainWindow", "Ctrl+1")


def see_waiting(hands: Hands, work: list[str]) -> None:
    """The synchronisation screen lists exactly this work as not sent, in the order it was done."""
    hands.press("Sincronía")
    hands.see("Sin conexión")
    hands.see_exactly("sync.row.", work)
