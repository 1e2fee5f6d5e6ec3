"""How many images are taken at once, so that large ones take no more memory than small ones."""

MAX_VALUES = 1 << 24  # numbers: 128 MB in double


def images_at_once(most: int, num_values: int, max_values: int = MAX_VALUES) -> int:
    """At most `most` images of `num_values` numbers each, and no more than together have `max_values`; one at least."""
    return min(most, max(1, max_values // num_values))
