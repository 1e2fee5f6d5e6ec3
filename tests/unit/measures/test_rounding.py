"""Significant digits against Python's decimal arithmetic."""

from decimal import Context, Decimal

import pytest

from autoencoder.measures.rounding import significant


@pytest.mark.parametrize("value", [89.20381234, 0.0290376999, 1234567.89, -3.14159265, 1e-12, 0.0, 5.0, 9.9999996])
def test_six_digits_unless_told(value: float) -> None:
    assert significant(value) == float(Context(prec=6).create_decimal(Decimal(value)))
    assert significant(value, 3) == float(Context(prec=3).create_decimal(Decimal(value)))
    assert significant(significant(value)) == significant(value)


def test_what_is_left_is_a_plain_number() -> None:
    assert significant(89.20381234) == 89.2038
    assert type(significant(7)) is float
