"""All use cases of one open profile; the only thing the screens ever ask."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldtech.secrets import HeldSecrets
from fieldtech.services.access import AccessService
from fieldtech.services.agenda import AgendaService
from fieldtech.services.attachments import AttachmentService
from fieldtech.services.black_box import BlackBoxService
from fieldtech.services.cases import CaseService
from fieldtech.services.dispatch import DispatchService
from fieldtech.services.drafts import DraftService
from fieldtech.services.lease import is_lock_wanted
from fieldtech.services.measuring import MeasuringService
from fieldtech.services.networks import NetworkService
from fieldtech.services.notices import NoticeService
from fieldtech.services.people import OwnProfile
from fieldtech.services.syncing import SyncService
from fieldtech.services.values import AgendaQuery, FirstLook
from fieldtech.store.opening import Store, open_store

if TYPE_CHECKING:
    from fieldtech.clock import Clock
    from fieldtech.paths import Profile
    from fieldtech.secrets import SecretStore
    from fieldtech.services.central_clock import CentralClock

FIRST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Desk:
    """The services over one store. Thread-safe as its parts are."""

    store: Store
    agenda: AgendaService
    cases: CaseService
    dispatch: DispatchService
    drafts: DraftService
    notices: NoticeService
    sync: SyncService
    black_box: BlackBoxService
    files: AttachmentService
    access: AccessService
    networks: NetworkService
    measuring: MeasuringService
    own: OwnProfile

    def first_look(self) -> FirstLook | None:
        """What the first paint shows; ``None`` while nobody is signed in."""
        user = self.store.session.get().user
        if user is None:
            return None
        return FirstLook(
            user_id=user.id,
            user_name=user.name,
            role=user.role,
            page=self.agenda.page(AgendaQuery(), offset=0, limit=FIRST_ROWS),
            status=self.sync.status(),
        )

    def sign_in(self, central: str, user: str, password: str) -> FirstLook:
        """Sign in and pull what belongs to the user; raises ``EnvironmentProblem``."""
        self.sync.sign_in(central, user, password, platform.node() or "laptop")
        self.sync.run()
        look = self.first_look()
        if look is None:
            message = "signed in, yet nobody is"
            raise RuntimeError(message)
        return look

    def close(self) -> None:
        """Stop what is under way and close the store."""
        self.files.cancel()
        self.sync.close()
        self.store.close()


def open_desk(
    profile: Profile,
    secrets: SecretStore,
    machine: Clock,
    clock: CentralClock,
    access: AccessService | None = None,
) -> Desk:
    """Open the store of a profile and put the services on it; raises ``EnvironmentProblem``."""
    store = open_store(profile, secrets, machine)
    try:
        cases = CaseService(store, clock)
        sync = SyncService(store, profile, secrets, machine, clock)
        access = access or AccessService(profile, HeldSecrets(secrets), secrets, machine)
        access.follow(lambda: is_lock_wanted(store))
        return Desk(
            store=store,
            agenda=AgendaService(store),
            cases=cases,
            dispatch=DispatchService(store, cases, clock),
            drafts=DraftService(store),
            notices=NoticeService(store, clock),
            sync=sync,
            black_box=BlackBoxService(store, profile, machine),
            files=AttachmentService(store, profile, secrets, machine),
            access=access,
            networks=NetworkService(profile, sync, clock),
            measuring=MeasuringService(store, cases),
            own=OwnProfile(store, profile.dir),
        )
    except BaseException:
        store.close()
        raise
