"""The lists: my visits, searched and filtered a page at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

from fieldtech.services.values import AgendaGroup, AgendaPage
from fieldtech.store.agenda import AgendaQuery as StoreQuery

if TYPE_CHECKING:
    from fieldtech.services.values import AgendaCounts, AgendaQuery, PinRow
    from fieldtech.store.opening import Store

Chip = Literal["all", "major", "expiring", "breached"]


class AgendaService:
    """Answers what the agenda screen asks; a technician sees his own visits, others everything."""

    def __init__(self, store: Store) -> None:
        self._agenda = store.agenda

    def counts(self) -> AgendaCounts:
        """The counts of the chips over the whole agenda, as of now."""
        return self._agenda.counts()

    def pins(self, query: AgendaQuery) -> tuple[PinRow, ...]:
        """Where every incident of the query lies, for the map: not only those of a page."""
        return self._agenda.pins(_asked(query))

    def page(self, query: AgendaQuery, *, offset: int = 0, limit: int = 200) -> AgendaPage:
        """One page of the query, with the counts of the chips over the whole agenda."""
        found = self._agenda.page(_asked(query), offset=offset, limit=limit)
        return AgendaPage(
            rows=found.rows,
            offset=found.offset,
            total=found.total,
            counts=self._agenda.counts(),
            groups=tuple(
                AgendaGroup(state=state, municipality=municipality, count=count, major=major)
                for state, municipality, count, major in found.groups
            ),
        )


def _asked(query: AgendaQuery) -> StoreQuery:
    return StoreQuery(chip=cast("Chip", query.chip), text=query.text)
