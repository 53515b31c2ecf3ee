"""The window: rail, top bar, banners and the screens of a role."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from fieldtech.services.first_values import SyncStatus
from ui.views import formats, labels, sync_line
from ui.views.technician.agenda_view import AgendaView
from ui.widgets.banner import BannerQueue
from ui.widgets.rail import NavRail, RailItem
from ui.widgets.topbar import TopBar

if TYPE_CHECKING:
    from fieldtech.config import Settings
    from fieldtech.services.values import AgendaCounts
    from ui.views.dispatcher.board_view import BoardView
    from ui.views.kit import Kit
    from ui.views.settings_view import SettingsView
    from ui.views.sync_view import SyncView
    from ui.widgets.banner import Banner
    from ui.widgets.toast import Toast

NARROWEST = 230
"""What a screen of one column needs."""


class MainPage(QWidget):
    """Everything a signed-in person sees; built anew when language or theme change.

    ``timezone`` is where that person works: the date of the header and the last contact are told
    on its clock, everything about an incident on the clock of its own site.
    ``sync_requested`` is the impatient button, ``settings_changed`` carries new ``Settings``.
    """

    sync_requested = Signal()
    sync_stopped = Signal()
    settings_changed = Signal(object)
    sign_in_wanted = Signal()
    sign_out_wanted = Signal()
    switch_wanted = Signal()
    shut_out = Signal()
    lock_asked = Signal()
    status_shown = Signal(object)

    def __init__(
        self,
        kit: Kit,
        settings: Settings,
        user_name: str,
        role: str,
        *,
        timezone: str = formats.FALLBACK_ZONE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kit = kit
        self._timezone = timezone
        self._user_name = user_name
        self._dispatches = role != "technician"
        self._rail = NavRail(kit.theme)
        self._rail.setObjectName("rail")
        self._topbar = TopBar(kit.theme)
        self._topbar.search.setObjectName("topbar.search")
        self._topbar.sync_button.setObjectName("topbar.sync")
        self._topbar.status.setObjectName("topbar.status")
        self.banners = BannerQueue(kit.theme)
        self._stack = QStackedWidget()
        # Its screens take the shape that fits once they know their width; before that they ask for
        # all their columns, and at double size the window would be wider than a small laptop.
        self._stack.setMinimumWidth(kit.theme.px(NARROWEST))
        self.agenda = AgendaView(kit)
        self._settings = settings
        self._status = SyncStatus()
        self._screens: dict[str, QWidget] = {"agenda": self.agenda}
        self._board: BoardView | None = None
        self._sync: SyncView | None = None
        self._settings_view: SettingsView | None = None
        self._toast: Toast | None = None
        self._stack.addWidget(self.agenda)
        self._fill_rail()
        self._lay_out()
        self._connect()
        self.show_status(self._status)
        self.go("board" if self._dispatches else "agenda")

    def _fill_rail(self) -> None:
        items = [
            RailItem("agenda", "list-checks", self._agenda_name()),
            RailItem("network", "network", self.tr("My IP")),
            RailItem("sync", "cloud", self.tr("Sync")),
        ]
        if self._dispatches:
            items.insert(0, RailItem("board", "siren", self.tr("Dispatch")))
        self._keys = [item.key for item in items] + ["settings"]
        self._rail.set_items(items, [RailItem("settings", "settings", self.tr("Settings"))])

    def _screen(self, key: str) -> QWidget:
        """A screen, built when it is first gone to: none but the first delays the start."""
        if key not in self._screens:
            self._screens[key] = self._make(key)
            self._stack.addWidget(self._screens[key])
        return self._screens[key]

    def _make(self, key: str) -> QWidget:
        if key == "board":
            from ui.views.dispatcher.board_view import BoardView

            self._board = BoardView(self._kit)
            return self._board
        if key == "network":
            from ui.views.network_view import NetworkView

            return NetworkView(self._kit)
        if key == "sync":
            from ui.views.sync_view import SyncView

            self._sync = SyncView(self._kit, self._timezone)
            self._sync.show_status(self._status)
            self._sync.interface_chosen.connect(self._choose_interface)
            self._sync.stop_wanted.connect(self.sync_stopped)
            self._sync.sync_wanted.connect(self.sync_requested)
            return self._sync
        from ui.views.settings_view import SettingsView

        view = self._settings_view = SettingsView(
            self._kit, self._settings, self._user_name, timezone=self._timezone
        )
        view.changed.connect(self.settings_changed)
        view.session.sign_out_wanted.connect(self.sign_out_wanted)
        view.session.sync_wanted.connect(self.sync_requested)
        view.session.switch_wanted.connect(self.switch_wanted)
        view.session.show_status(self._status)
        return view

    def _choose_interface(self, name: str) -> None:
        after = replace(self._settings, sync_interface=name)
        if after != self._settings:
            self._settings = after
            self.settings_changed.emit(after)

    def _agenda_name(self) -> str:
        return self.tr("Incidents") if self._dispatches else self.tr("Agenda")

    def _lay_out(self) -> None:
        work = QWidget()
        inner = labels.column(work, spacing=0)
        inner.addWidget(self._topbar)
        inner.addWidget(self.banners)
        inner.addWidget(self._stack, 1)
        layout = labels.line(self, spacing=0)
        layout.addWidget(self._rail)
        layout.addWidget(work, 1)

    def _connect(self) -> None:
        self._rail.navigated.connect(self.go)
        self._topbar.sync_requested.connect(self.sync_requested)
        self._topbar.status.clicked.connect(lambda: self.go("sync"))
        self._topbar.search.textEdited.connect(self._search)
        self._topbar.search.moved_down.connect(self._leave_search)
        self.agenda.counted.connect(self._counted)
        self.banners.covered.connect(self._tell_covered)
        for position, key in enumerate(self._keys, start=1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{position}"), self)
            shortcut.activated.connect(lambda key=key: self.go(key))
        refresh = QShortcut(QKeySequence("F5"), self)
        refresh.activated.connect(self.sync_requested)

    @property
    def shown(self) -> str:
        """The key of the screen shown."""
        return self._rail.current

    def go(self, key: str) -> None:
        """Show a screen."""
        if key not in self._keys:
            return
        self._rail.set_current(key)
        self._stack.setCurrentWidget(self._screen(key))
        titles = {
            "board": self.tr("Dispatch by region"),
            "agenda": self.tr("Incidents") if self._dispatches else self.tr("My visits"),
            "network": self.tr("My IP"),
            "sync": self.tr("Synchronisation"),
            "settings": self.tr("Settings"),
        }
        today = formats.long_day(self._kit.clock.now(), self._timezone)
        self._topbar.set_title(titles[key], f"{today} · {self._user_name}")
        searchable = key in {"agenda", "board"}
        self._topbar.search.setVisible(searchable)
        if searchable:
            self._search(self._topbar.search.text())
        self._topbar.search.set_placeholder(self.tr("Search folio, customer or street"))

    def follow(self, before: MainPage) -> None:
        """Take over from a page in another language or size: screen, case, search, banners."""
        self._topbar.search.setText(before.search_text)
        self.agenda.return_to(before.agenda.place)
        for banner in before.banners.waiting:
            self.banners.post(banner, quiet=True)
        self.go(before.shown)

    def _tell_covered(self, banner: Banner) -> None:
        """News behind a graver banner passes by at the foot, and can be looked at."""
        if self._toast is None:
            # Imported here: there is no news before the window's first paint.
            from ui.widgets.toast import Toast

            self._toast = Toast(self._kit.theme, self)
            self._toast.setObjectName("toast")
            self._toast.acted.connect(self.banners.look_at)
        self._toast.say(banner.title, action=self.tr("Show"), key=banner.key)

    @property
    def search_text(self) -> str:
        """What stands in the search field."""
        return self._topbar.search.text()

    def show_status(self, status: SyncStatus) -> None:
        """Redraw everything that says how things stand with the central."""
        self._status = status
        text, tone, icon = sync_line.line(status)
        hint = sync_line.contact_text(status, self._kit.clock.now(), self._timezone)
        self._topbar.status.show_status(text, tone, icon, hint)
        self._rail.set_badge(
            "sync",
            status.changes_kept + status.files_kept,
            urgent=status.refused + status.files_aside > 0,
        )
        if self._sync is not None:
            self._sync.show_status(status)
        if self._settings_view is not None:
            self._settings_view.session.show_status(status)
        self.status_shown.emit(status)

    def _search(self, text: str) -> None:
        if self.shown == "board" and self._board is not None:
            self._board.search(text)
        else:
            self.agenda.search(text)

    def _leave_search(self) -> None:
        """Arrow down goes from the search into the list it narrows."""
        if self.shown == "board" and self._board is not None:
            self._board.focus_list()
        else:
            self.agenda.focus_list()

    def _counted(self, counts: AgendaCounts) -> None:
        self._rail.set_badge("agenda", counts.breached, urgent=True)
