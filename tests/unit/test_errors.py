from __future__ import annotations

from fieldtech.errors import Bug, DataError, EnvironmentProblem, FieldtechError


def test_a_person_reads_what_happened_what_was_kept_and_what_to_do() -> None:
    error = EnvironmentProblem(
        "The disk is full.",
        code="disk_full",
        what_was_kept="Everything up to the last note.",
        what_to_do="Free some space.",
    )
    assert str(error) == "The disk is full."
    assert error.user_text.splitlines() == [
        "The disk is full.",
        "Everything up to the last note.",
        "Free some space.",
    ]
    assert error.code == "disk_full"


def test_what_was_not_said_leaves_no_empty_line() -> None:
    assert EnvironmentProblem("No network.", code="offline").user_text == "No network."


def test_a_bad_file_names_itself_its_key_and_the_reason() -> None:
    error = DataError("policy.toml", "sla.mayor", "must be positive")
    assert str(error) == "policy.toml: sla.mayor: must be positive"
    assert str(DataError("policy.toml", "", "not TOML")) == "policy.toml: not TOML"
    assert isinstance(error, EnvironmentProblem)


def test_our_own_mistakes_are_a_branch_of_their_own() -> None:
    bug = Bug("a visit without an incident")
    assert isinstance(bug, FieldtechError)
    assert not isinstance(bug, EnvironmentProblem)
    assert "report" in bug.user_text
