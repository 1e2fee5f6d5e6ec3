"""Numbers as words, whatever the numbers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoencoder.stages.report import wording
from autoencoder.stages.report.facts import compression

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


CURVE = st.lists(st.tuples(st.floats(1, 1e4), st.floats(5, 60)), min_size=1, max_size=5)


@given(CURVE, CURVE)
def test_a_lead_is_told_with_the_sign_that_it_has(
    ours: list[tuple[float, float]], linear: list[tuple[float, float]]
) -> None:
    rows = [
        {"codec": codec, "series": codec, "bytes_per_image": size, "psnr_db": psnr}
        for codec, points in (("autoencoder", ours), ("PCA", linear))
        for size, psnr in points
    ]
    lead = compression.lead_over_pca(rows)
    if lead is None:
        assert all(size > max(linear)[0] or size < min(linear)[0] for size, _ in ours)
        return
    least, most = lead
    assert least <= most
    text = wording.told_lead(lead)
    assert ("below" in text) == (least < 0)
    assert ("above" in text) == (most >= 0)
