"""Labels at the ends of lines: as near to them as they can be without covering each other."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoencoder.charts.end_labels import APART, spread

VALUES = st.dictionaries(st.text(max_size=3), st.floats(1.0, 1000.0), min_size=1, max_size=8)


@given(VALUES, st.booleans())
def test_they_keep_their_order_their_distance_and_their_middle_and_stay_on_the_axis(
    values: dict[str, float], log: bool
) -> None:
    placed = spread(values, 1.0, 1000.0, log=log)
    along = math.log if log else float
    span = along(1000.0) - along(1.0)
    names = sorted(values, key=lambda name: values[name])
    places = [(along(placed[name]) - along(1.0)) / span for name in names]
    assert all(b - a >= APART - 1e-6 for a, b in pairwise(places))
    assert all(-1e-6 <= place <= 1 + 1e-6 for place in places)
    if min(places) < 1e-6 or max(places) > 1 - 1e-6:  # moved by an end of the axis
        return
    lines = [(along(values[name]) - along(1.0)) / span for name in names]
    assert sum(places) == pytest.approx(sum(lines), abs=1e-6)


def test_those_that_have_room_stay_where_they_are() -> None:
    assert spread({"a": 1.0, "b": 10.0, "c": 1000.0}, 1.0, 1000.0, log=True) == pytest.approx(
        {"a": 1.0, "b": 10.0, "c": 1000.0}
    )
    assert spread({"a": 0.2, "b": 0.9}, 0, 1) == pytest.approx({"a": 0.2, "b": 0.9})


def test_two_on_one_spot_move_half_each() -> None:
    assert spread({"a": 1.0, "b": 1.0}, 0, 1, apart=0.1) == pytest.approx({"a": 0.9, "b": 1.0})  # shares end at 100 %
    assert spread({"a": 0.5, "b": 0.5}, 0, 1, apart=0.1) == pytest.approx({"a": 0.45, "b": 0.55})
    assert spread({"a": 10.0}, 10.0, 10.0, log=True) == pytest.approx({"a": 10.0})  # an axis of one value
