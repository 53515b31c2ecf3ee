"""Bytes to records: encodings, separators, quotes, and where each record starts."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldtech.central.importing.reading import DELIMITERS, decode, read_table, split

# What csv.writer itself cannot write or a decoder would change on the way.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@given(
    rows=st.lists(st.lists(texts, min_size=2, max_size=5), min_size=1, max_size=8),
    delimiter=st.sampled_from(DELIMITERS),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_what_a_csv_writer_wrote_is_read_back(
    rows: list[list[str]], delimiter: str, ending: str
) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows(
        rows
    )

    records, problems = split(out.getvalue(), delimiter)

    assert problems == ()
    assert [list(record.cells) for record in records] == rows


@given(raw=st.binary(max_size=400))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    table = read_table(raw)

    assert all(not record.is_blank for record in table.records)
    assert all(problem.reason for problem in table.problems)


@given(text=st.text(alphabet='ab;,\t"\r\n \u00e9', max_size=60))
def test_every_record_names_the_line_it_starts_on(text: str) -> None:
    records, _ = split(text, ";")
    lines = [record.line for record in records]

    assert lines == sorted(set(lines))
    assert all(1 <= line <= 1 + text.count("\n") + text.count("\r") for line in lines)


def test_a_line_break_inside_quotes_moves_the_next_record_down() -> None:
    table = read_table(b'a;b\n"uno\ndos";2\nx;y\n')

    assert [(record.line, record.cells) for record in table.records] == [
        (1, ("a", "b")),
        (2, ("uno\ndos", "2")),
        (4, ("x", "y")),
    ]


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        ("folio;año".encode(), "utf-8"),
        ("folio;año".encode("utf-8-sig"), "utf-8-sig"),
        ("folio;año".encode("utf-16"), "utf-16"),
        ("folio;año “x” €".encode("cp1252"), "cp1252"),
    ],
)
def test_encodings_are_detected(raw: bytes, encoding: str) -> None:
    table = read_table(raw)

    assert table.encoding == encoding
    assert table.records[0].cells[1].startswith("año")


def test_bytes_of_no_encoding_are_named_with_their_line() -> None:
    table = read_table(b"a;b\nc;\x81\n")

    assert [(p.line, p.value) for p in table.problems] == [(2, "byte 0x81")]
    assert table.records == ()


def test_a_mark_that_lies_is_said() -> None:
    problem = decode(b"\xef\xbb\xbfa;b\n\xff")

    assert not isinstance(problem, tuple)
    assert problem.line == 2


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [("a;b,c;d", ";"), ("a,b;c,d", ","), ("a\tb\tc,d", "\t"), ('"a;b;c",d,e', ","), ("a", ";")],
)
def test_the_separator_that_splits_the_header_most_is_taken(header: str, delimiter: str) -> None:
    assert read_table(header.encode()).delimiter == delimiter


def test_a_separator_line_is_believed_and_is_no_record() -> None:
    table = read_table(b"sep=,\r\na;x,b\r\n1,2\r\n")

    assert table.delimiter == ","
    assert [(record.line, record.cells) for record in table.records] == [
        (2, ("a;x", "b")),
        (3, ("1", "2")),
    ]


def test_a_quote_that_is_never_closed_ends_the_reading_and_names_its_line() -> None:
    table = read_table(b'a;b\n1;2\n3;"cuatro\n5;6\n')

    assert [record.cells for record in table.records] == [("a", "b"), ("1", "2")]
    assert [problem.line for problem in table.problems] == [3]


def test_text_after_a_closing_quote_spoils_its_row_alone() -> None:
    table = read_table(b'a;b\n"x"y;2\n3;4\n')

    assert [record.cells for record in table.records] == [("a", "b"), ("3", "4")]
    assert [(p.line, p.value) for p in table.problems] == [(2, "y")]


def test_a_cell_of_a_megabyte_is_read_in_one_go() -> None:
    big = "x" * (1 << 20)
    table = read_table(f'a;b\n"{big}";2\n'.encode())

    assert table.records[1].cells == (big, "2")


def test_blank_rows_are_left_out_and_counted() -> None:
    table = read_table(b"a;b\n;\n\n1;2\n;;\n")

    assert [record.line for record in table.records] == [1, 4]


def test_a_trailing_separator_at_the_end_of_the_file_is_an_empty_cell() -> None:
    assert read_table(b"a;b\n1;").records[1].cells == ("1", "")
