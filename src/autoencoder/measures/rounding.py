"""How numbers are written to the results."""


def significant(value: float, digits: int = 6) -> float:
    """Rounded to `digits` significant digits: what is left is meant to be read."""
    return float(f"{value:.{digits}g}")
