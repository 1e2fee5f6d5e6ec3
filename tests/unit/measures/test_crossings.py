"""How many latents a quality needs, on curves whose crossings are known."""

import math

import pytest

from autoencoder.measures.crossings import NUM_LATENTS, PSNR_LEVELS, measure_curve, smallest_reaching


@pytest.mark.parametrize("slope", [4.0, 5.5, 11.0])
def test_the_smallest_number_is_found_as_by_trying_all(slope: float) -> None:
    def psnr(number: int) -> float:
        return slope * math.log2(number + 1)

    curve = measure_curve(psnr, 300)
    assert all(curve[number] == psnr(number) for number in curve)
    assert list(curve) == sorted(curve)
    for level in PSNR_LEVELS:
        by_trying = next((number for number in range(1, 301) if psnr(number) >= level), None)
        assert smallest_reaching(curve, level) == by_trying
    assert {number for number in NUM_LATENTS if number < 300} | {300} <= set(curve)
    assert len(curve) < 60  # not all were tried


def test_what_is_never_reached_and_what_one_number_does() -> None:
    assert smallest_reaching({1: 3.0, 2: 19.99}, 20) is None
    assert smallest_reaching(measure_curve(lambda _: 99.0, 5), 35) == 1
    assert measure_curve(float, 1) == {1: 1.0}


def test_a_level_is_reached_where_it_is_met_exactly() -> None:
    assert smallest_reaching({3: 19.0, 4: 20.0, 5: 21.0}, 20) == 4
