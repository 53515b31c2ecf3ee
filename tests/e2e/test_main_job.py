"""The main job from end to end: registered, assigned, resolved offline, at the central once."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_people import Office, a_laptop, at_the_desk
from PySide6.QtWidgets import QApplication

from demo import story
from demo.logs import complaints
from demo.records import Records

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_an_incident_is_resolved_offline_and_reaches_the_central_once(
    qapp: QApplication, office: Office, tmp_path: Path
) -> None:
    technician_name = office.users["tecnico"].name
    records = Records(office.data)
    with at_the_desk(qapp, tmp_path / "dispatcher") as dispatcher:
        story.sign_in(dispatcher, office.login("noreste"))
        story.open_register(dispatcher)
        story.fill_register(dispatcher)
        story.save_register(dispatcher)
        story.choose_region(dispatcher, elsewhere=office.users["saltillo"].name)
        story.assign_incident(dispatcher, technician_name)
        story.send_everything(dispatcher)

    with a_laptop(tmp_path / "technician") as technician:
        story.sign_in(technician, office.login("tecnico"))
        story.open_visit(technician)
        story.travel_and_arrive(technician)
        story.answer_checklist(technician, story.ITEMS_ONLINE)
        story.send_everything(technician)
        office.central.stop()
        story.answer_checklist(technician, story.ITEMS_OFFLINE)
        story.write_note_draft(technician)
        technician.pause(1000)  # the second that a crash may cost
        technician.kill()

        # The central is still off: the last person's profile opens by itself, with his draft.
        technician.start()
        story.see_waiting(technician, story.WAITING_ANSWERS)
        technician.press("Agenda")
        story.open_visit(technician)
        story.save_note(technician)
        story.fill_resolution(technician)
        story.save_resolution(technician)
        technician.kill()

        technician.start()
        story.see_waiting(technician, story.WAITING_RESOLUTION)
        assert "incident.restore" not in records.commands()
        office.central.start()
        story.send_everything(technician)
        story.send_everything(technician)

    assert complaints(technician.log) == []
    assert records.commands() == story.SENT
    assert records.resolution(story.FAULT) == story.RESOLVED

    with at_the_desk(qapp, tmp_path / "dispatcher") as dispatcher:
        story.send_everything(dispatcher)
        dispatcher.pick("board.assigned", story.FAULT)
        dispatcher.see("Restablecido")
