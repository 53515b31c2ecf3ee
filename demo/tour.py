"""The tour: one day played unattended against a real central, with pictures and ``tour.json``.

Three processes of the product take part: the central, the dispatcher's application and the
technician's. They are driven through their widgets alone (``demo.player``); the central is
switched off in the middle, and the technician's application is killed with kill -9, twice. Their
logs are kept beside the pictures; the tour fails when one of them complains.
"""

from __future__ import annotations

import json
import time
import traceback
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from demo import story
from demo.central_process import CentralProcess, make_sample
from demo.hands import ProcessHands
from demo.logs import complaints
from demo.player import NotOnScreenError
from demo.records import Records
from demo.reflector import ReflectorProcess

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SEED = 1
SIZE = (1366, 768)
BOARD_SETTINGS = "Ctrl+5"
PROCESSES = ("central", "dispatcher", "technician")


@dataclass
class Step:
    """One line of ``tour.json``."""

    n: int
    name: str
    result: str = "failed"
    seconds: float = 0.0
    screenshots: list[str] = field(default_factory=list)
    detail: str = ""


class Tour:
    """Plays the scenes, keeps the record, stops at the first scene that fails."""

    def __init__(self, out: Path, work: Path, incidents: int) -> None:
        self._out = out
        self._work = work
        self._incidents = incidents
        self._steps: list[Step] = []
        self._data = work / "central"
        self._central = CentralProcess(self._data, self._log("central"))
        self._reflector = ReflectorProcess()
        self._dispatcher = self._hands("dispatcher")
        self._technician = self._hands("technician")
        self._passwords: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def _hands(self, name: str) -> ProcessHands:
        return ProcessHands(self._work / name, "--secrets", "file", log=self._log(name))

    def _log(self, name: str) -> Path:
        return self._out / f"{name}.log"

    def play(self) -> bool:
        """Play everything; returns whether every step succeeded."""
        self._out.mkdir(parents=True, exist_ok=True)
        for name in PROCESSES:
            self._log(name).unlink(missing_ok=True)  # of an earlier tour
        scenes: list[tuple[str, Callable[[Step], None]]] = [
            ("the central starts with a sample", self._start),
            ("the dispatcher signs in and sees the board", self._dispatcher_signs_in),
            ("the dispatcher registers an incident", self._register),
            ("the dispatcher assigns it by region", self._assign),
            ("the board in dark and English", self._board_appearance),
            ("the technician signs in and sees the agenda", self._technician_signs_in),
            ("the agenda in light and dark, Spanish and English, 200 %", self._appearances),
            ("the technician opens the visit and arrives", self._arrive),
            ("the case at 200 %", self._enlarge),
            ("the technician answers the checklist", self._answer),
            ("the technician measures the network", self._measure),
            ("the central is switched off", self._switch_off),
            ("a note is begun and not saved", self._begin_note),
            ("the application is killed with kill -9 in the middle of the note", self._kill),
            ("started again offline: answers and draft are there", self._take_up_the_draft),
            ("measured again offline, beside the run before", self._measure_again),
            ("the incident is resolved offline", self._resolve),
            ("the application is killed with kill -9 once it is saved", self._kill),
            ("started again offline: the resolution waits", self._find_the_resolution),
            ("the central is back, everything is sent", self._switch_on),
            ("the resolution is at the central exactly once", self._check_central),
            ("the dispatcher sees it restored", self._check_board),
            ("everything ends when it is closed, and no log complains", self._end),
        ]
        try:
            for n, (name, scene) in enumerate(scenes, start=1):
                step = Step(n, name)
                self._steps.append(step)
                if not self._perform(step, scene):
                    return False
            return True
        finally:
            self._dispatcher.close()
            self._technician.close()
            self._central.stop()
            self._reflector.stop()
            self._write()

    def _perform(self, step: Step, scene: Callable[[Step], None]) -> bool:
        begun = time.perf_counter()
        try:
            scene(step)
            step.result = "ok"
        except KeyboardInterrupt:
            step.detail = "interrupted"
            raise
        except Exception as problem:  # noqa: BLE001  whatever goes wrong is the step's result
            step.detail = f"{type(problem).__name__}: {problem}"
            if not isinstance(problem, NotOnScreenError):
                step.detail += f"\n{traceback.format_exc()}"
            self._picture_of_failure(step)
        step.seconds = round(time.perf_counter() - begun, 2)
        print(f"{step.n:2d} {step.result:6s} {step.seconds:6.2f} s  {step.name}", flush=True)
        if step.detail and step.result == "failed":
            print(step.detail, flush=True)
        return step.result == "ok"

    def _picture_of_failure(self, step: Step) -> None:
        for who, hands in (("dispatcher", self._dispatcher), ("technician", self._technician)):
            try:
                self._picture(step, hands, f"failed-{who}")
            except (NotOnScreenError, OSError):
                continue

    def _picture(self, step: Step, hands: ProcessHands, name: str) -> None:
        number = sum(len(s.screenshots) for s in self._steps) + 1
        file = f"{number:02d}-{name}.png"
        hands.grab(str(self._out / file))
        step.screenshots.append(file)

    def _write(self) -> None:
        document = {"steps": [asdict(step) for step in self._steps]}
        (self._out / "tour.json").write_text(
            json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )

    def _login(self, user: str) -> story.Login:
        return story.Login(self._central.url, user, self._passwords[user], self._names[user])

    def _start(self, _step: Step) -> None:
        users = make_sample(self._data, self._incidents, SEED)
        self._passwords = {user.login: user.password for user in users}
        self._names = {user.login: user.name for user in users}
        self._central.options = self._reflector.start(self._work / "policies")
        self._central.start()

    def _dispatcher_signs_in(self, step: Step) -> None:
        self._dispatcher.start()
        self._dispatcher.resize(*SIZE)
        self._dispatcher.find_name("signin.submit")
        self._picture(step, self._dispatcher, "sign-in")
        story.sign_in(self._dispatcher, self._login("noreste"))
        self._dispatcher.find_name("board.tree")
        self._dispatcher.see_row("board.tree", "Noreste")
        self._picture(step, self._dispatcher, "board")

    def _register(self, step: Step) -> None:
        story.open_register(self._dispatcher)
        story.fill_register(self._dispatcher)
        self._picture(step, self._dispatcher, "register")
        story.save_register(self._dispatcher)

    def _assign(self, step: Step) -> None:
        story.choose_region(self._dispatcher, elsewhere=self._names["saltillo"])
        self._picture(step, self._dispatcher, "region")
        story.assign_incident(self._dispatcher, self._names["tecnico"])
        story.send_everything(self._dispatcher)
        self._picture(step, self._dispatcher, "assigned")

    def _board_appearance(self, step: Step) -> None:
        for theme, language in (("dark", "en"), ("light", "es")):
            story.choose_appearance(
                self._dispatcher, theme, language, "100", settings=BOARD_SETTINGS
            )
            self._dispatcher.see_row("board.assigned", story.FAULT)
            self._picture(step, self._dispatcher, f"board-{theme}-{language}")

    def _technician_signs_in(self, step: Step) -> None:
        self._technician.start()
        self._technician.resize(*SIZE)
        story.sign_in(self._technician, self._login("tecnico"))
        self._technician.see_row("agenda.list", story.FAULT)
        self._picture(step, self._technician, "agenda-light-es")

    def _appearances(self, step: Step) -> None:
        hands = self._technician
        for theme, language, scale in (
            ("dark", "es", "100"),
            ("dark", "en", "100"),
            ("light", "en", "100"),
            ("light", "es", "200"),
            ("light", "es", "100"),
        ):
            story.choose_appearance(hands, theme, language, scale)
            hands.see_row("agenda.list", story.FAULT)
            self._picture(step, hands, f"agenda-{theme}-{language}-{scale}")

    def _arrive(self, step: Step) -> None:
        story.open_visit(self._technician)
        story.travel_and_arrive(self._technician)
        self._picture(step, self._technician, "visit-on-site")

    def _enlarge(self, step: Step) -> None:
        for scale in ("200", "100"):
            story.choose_appearance(self._technician, "light", "es", scale)
            story.open_visit(self._technician)
            self._picture(step, self._technician, f"case-{scale}")

    def _answer(self, step: Step) -> None:
        story.answer_checklist(self._technician, story.ITEMS_ONLINE)
        self._picture(step, self._technician, "checklist")
        story.send_everything(self._technician)

    def _measure(self, step: Step) -> None:
        """Measures the machine's own network: what comes of it is as it may be, it is kept."""
        story.measure(self._technician)
        self._picture(step, self._technician, "measured")
        story.send_everything(self._technician)

    def _switch_off(self, step: Step) -> None:
        self._central.stop()
        self._technician.click("topbar.sync")
        self._technician.see("Sin conexión")
        self._picture(step, self._technician, "offline")
        story.answer_checklist(self._technician, story.ITEMS_OFFLINE)

    def _begin_note(self, step: Step) -> None:
        story.write_note_draft(self._technician)
        self._technician.pause(1000)  # the second that a crash may cost
        self._picture(step, self._technician, "note-draft")

    def _kill(self, _step: Step) -> None:
        self._technician.kill()

    def _start_again(self) -> None:
        self._technician.start()
        self._technician.resize(*SIZE)
        story.open_visit(self._technician)

    def _take_up_the_draft(self, step: Step) -> None:
        self._start_again()
        story.see_waiting(self._technician, story.WAITING_ANSWERS)
        self._picture(step, self._technician, "answers-wait-after-the-kill")
        self._technician.press("Agenda")
        story.open_visit(self._technician)
        story.save_note(self._technician)
        self._picture(step, self._technician, "draft-after-the-kill")

    def _measure_again(self, step: Step) -> None:
        story.measure(self._technician)
        self._technician.find_name("measure.compare")
        self._picture(step, self._technician, "measured-again")

    def _resolve(self, step: Step) -> None:
        story.fill_resolution(self._technician)
        self._picture(step, self._technician, "resolution")
        story.save_resolution(self._technician)

    def _find_the_resolution(self, step: Step) -> None:
        self._start_again()
        self._technician.see("Restablecido")
        self._picture(step, self._technician, "restored-after-the-kill")
        story.see_waiting(self._technician, story.WAITING_MEASURED)
        self._picture(step, self._technician, "resolution-waits-after-the-kill")

    def _switch_on(self, step: Step) -> None:
        self._central.start()
        story.send_everything(self._technician)
        self._picture(step, self._technician, "all-sent")

    def _check_central(self, step: Step) -> None:
        """Every command once and no other, and the incident as the technician left it."""
        records = Records(self._data)
        sent = records.commands()
        step.detail = json.dumps(sent)
        _same("the commands", sent, story.SENT_MEASURED)
        _same("the incident", records.resolution(story.FAULT), story.RESOLVED)

    def _check_board(self, step: Step) -> None:
        story.send_everything(self._dispatcher)
        self._dispatcher.pick("board.assigned", story.FAULT)
        self._dispatcher.see("Restablecido")
        self._picture(step, self._dispatcher, "board-restored")

    def _end(self, _step: Step) -> None:
        codes = {"dispatcher": self._dispatcher.close(), "technician": self._technician.close()}
        self._central.stop()
        if any(codes.values()):
            message = f"closed, the applications ended with {codes}"
            raise AssertionError(message)
        said = {name: found for name in PROCESSES if (found := complaints(self._log(name)))}
        if said:
            message = json.dumps(said, indent=2, ensure_ascii=False)
            raise AssertionError(message)


def _same(what: str, found: object, expected: object) -> None:
    if found != expected:
        message = f"{what} at the central: {found}; expected: {expected}"
        raise AssertionError(message)
