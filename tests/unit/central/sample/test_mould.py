"""A cast of a story is the story played in full, for every kind of story."""

from __future__ import annotations

import random
from functools import partial

import pytest
from sample_world import sample

from fieldtech.central.sample.bulk import mould
from fieldtech.central.sample.ids import seeded_uuid7
from fieldtech.central.sample.plots import Plot
from fieldtech.central.sample.stories import Storyteller
from fieldtech.central.sample.telling import Telling
from fieldtech.domain.case import Case


@pytest.mark.parametrize("policy", ["clever", "clever-literal"])
def test_every_cast_is_what_the_rules_give(policy: str) -> None:
    made = sample(700, policy=policy)
    director = made._director
    seen: set[Plot] = set()
    exact = 0
    for number, plan in enumerate(made._plans):
        if number % 2 and plan.course.shape.plot in seen:
            continue
        seen.add(plan.course.shape.plot)
        cast = made._cast(plan, f"INC-“{number}”", drawn(number))
        told = Telling(cast, partial(seeded_uuid7, drawn(number)))
        storyteller = Storyteller(director.texts, director.rules, drawn(3))
        storyteller.tell(told, plan.course.shape)
        played = told.play(director.rules)
        again = Storyteller(director.texts, director.rules, drawn(3))

        form = mould(plan.course, again, director.rules)
        filled = form.cast(cast, drawn(number))

        exact += form.exact
        assert not form.exact or filled == Case(incident=played.incident, visits=played.visits)
    assert len(seen) >= 20
    assert exact > 300


def drawn(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  no secret
