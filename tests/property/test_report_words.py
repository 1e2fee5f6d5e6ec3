"""Numbers as words, whatever the numbers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoencoder.stages.report import wording

POSITIVE = st.floats(min_value=1e-9, max_value=1e9)


@given(POSITIVE)
def test_a_number_as_text_is_right_to_three_digits(value: float) -> None:
    text = wording.number(value)
    assert float(text.replace(",", "")) == pytest.approx(value, rel=0.0051)
    assert "e" not in text.lower()


@given(POSITIVE, POSITIVE)
def test_a_comparison_never_has_the_wrong_direction(value: float, other: float) -> None:
    text = wording.than(value, other)
    if "lower" in text:
        assert value < other
    elif text != "the same as":
        assert value > other


@given(st.lists(POSITIVE, min_size=2, max_size=6))
def test_a_course_is_steady_only_where_every_step_is(values: list[float]) -> None:
    text = wording.course(values)
    falls = all(after < before for before, after in pairwise(values))
    assert (text.startswith("falls") and "but not" not in text) == falls
