"""By what vectors are compared. Apart from the search itself, whose libraries take seconds to come."""

from typing import Literal

Metric = Literal["euclidean", "cosine", "correlation"]
METRICS: tuple[Metric, ...] = ("euclidean", "cosine")  # by which images are searched
