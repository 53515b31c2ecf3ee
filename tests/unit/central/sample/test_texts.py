"""The sample's words fit the policies and the checklist that ship, and a bad file is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sample_world import world

from fieldtech.central.sample.texts import load_texts
from fieldtech.domain.checklist import judge
from fieldtech.domain.words import CheckStatus
from fieldtech.errors import DataError
from fieldtech.paths import resources_dir


def test_causes_and_solutions_are_the_policies_own() -> None:
    for policy in world().policies:
        for fault in world().texts.faults.fault:
            assert policy.cause(fault.cause), fault.title
            assert policy.solution(fault.solution), fault.title


def test_products_trades_and_faults_know_each_other() -> None:
    texts = world().texts
    products = {product.id for product in texts.products.product}
    devices = {kind.kind for kind in texts.products.equipment}

    assert {p for fault in texts.faults.fault for p in fault.products} == products
    assert {p for kind in texts.names.customer_kind for p in kind.services} <= products
    assert {d for product in texts.products.product for d in product.equipment} == devices
    assert {state.id for state in texts.names.state} == {
        region.id for region in world().regions if region.kind == "state"
    }


def test_answers_come_out_as_they_are_meant() -> None:
    template = world().templates[world().checklist]
    answers = world().texts.answers
    for item_id, values in answers.good.items():
        item = template.item(item_id)
        assert item is not None, item_id
        assert {judge(item, value) for value in values} <= {CheckStatus.PASS, None}, item_id
    for item_id, values in answers.bad.items():
        item = template.item(item_id)
        assert item is not None, item_id
        assert CheckStatus.PASS not in {judge(item, value) for value in values}, item_id
    fails = {item for fault in world().texts.faults.fault for item in fault.fails}
    assert all(template.item(item) for item in fails)


@pytest.mark.parametrize("name", ["names", "products", "faults", "answers", "day"])
@pytest.mark.parametrize("damage", ["not toml [", "[[fault]]\ntitle = 3\n"])
def test_a_bad_file_is_refused_by_name(tmp_path: Path, name: str, damage: str) -> None:
    folder = tmp_path / "sample"
    shutil.copytree(resources_dir() / "sample", folder)
    file = folder / f"{name}.toml"
    file.write_text("good = 3\nscene = 3\n" + damage, encoding="utf-8")

    with pytest.raises(DataError) as refused:
        load_texts(folder)

    assert refused.value.source == str(file)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"names\.toml"):
        load_texts(tmp_path)
