"""Bodies without defaults: small, and read back as what they were."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fieldtech.domain.incident import Incident
from fieldtech.domain.reference import Customer
from fieldtech.domain.words import IncidentKind, IncidentState
from fieldtech.protocol.codec import decode_body, encode_body
from fieldtech.protocol.entities import ENTITIES

NOW = datetime(2026, 11, 4, 15, 0, tzinfo=UTC)

st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_every_entity_is_read_back_as_it_was(entity: str) -> None:
    @settings(max_examples=30, suppress_health_check=list(HealthCheck))
    @given(st.from_type(ENTITIES[entity]))
    def there_and_back(value: Any) -> None:
        assert decode_body(entity, encode_body(value)) == value

    there_and_back()


def test_defaults_are_left_out_of_the_body_and_of_what_it_holds() -> None:
    incident = Incident(
        id="i",
        number="INC-1",
        kind=IncidentKind.TECHNICAL,
        state=IncidentState.REPORTED,
        title="Sin internet",
        region_id="r",
        customer_id="c",
        site_id="s",
        service_id="v",
        reported_at=NOW,
        notified_at=NOW,
        registered_at=NOW,
    )
    body = json.loads(encode_body(incident))
    assert {"notes", "history", "closed_at", "channel", "pauses"} & set(body) == set()
    assert body["reported_at"] == "2026-11-04T15:00:00Z"


def test_plain_entities_travel_as_they_are() -> None:
    plain = {"default_policy": "clever", "list": [1, None, {"ñ": "\u2028"}]}
    assert decode_body("settings", encode_body(plain)) == plain
    assert encode_body(Customer(id="c", name="Ñandú")) == '{"id":"c","name":"Ñandú"}'


def test_a_value_of_the_wrong_shape_is_refused_when_it_is_written() -> None:
    wrong: Any = 3
    with pytest.raises(ValueError, match="Expected `str`"):
        encode_body(Customer(id="c", name=wrong))
