"""Whatever the bytes are, they are read or refused: nothing else is raised, nothing ends."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.exports import UnreadableExport
from tests.domain.exports.files import BOOKING, SAMPLES, csv_of, read
from tests.support.examples import examples

CELLS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(("5100200304", "2026-12-19", "1/2/2026", "ok", "2", "2 x Loft, attic", "")),
)
EDITS = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 40), st.binary(max_size=40)),
    min_size=1,
    max_size=12,
)


@given(st.binary(max_size=2_000))
def test_any_bytes(data: bytes) -> None:
    with suppress(UnreadableExport):
        read(data)


@given(st.lists(st.lists(CELLS, min_size=7, max_size=7), max_size=6))
def test_any_cells_below_known_headings(rows: list[list[str]]) -> None:
    with suppress(UnreadableExport):
        export = read(csv_of(BOOKING, *rows))
        references = [row.reference for row in export.rows]
        assert len(references) == len(set(references))
        assert all(row.arrival < row.departure and row.rooms > 0 for row in export.rows)


@pytest.mark.parametrize("ending", ["csv", "xls", "xlsx"])
@examples(25)
@given(edits=EDITS)
def test_any_damage_to_a_real_file(ending: str, edits: list[tuple[float, int, bytes]]) -> None:
    data = (SAMPLES / f"booking-reservations-check-in.{ending}").read_bytes()
    for where, length, instead in edits:
        at = int(where * len(data))
        data = data[:at] + instead + data[at + length :]

    with suppress(UnreadableExport):
        read(data)
