"""The tables behind the charts with the colour of each line, and where the label at its end is written."""

from collections.abc import Mapping, Sequence

from autoencoder.charts.end_labels import spread
from autoencoder.charts.palette import (
    CODECS,
    PUBLISHED,
    family_colours,
    of_records,
    pattern_colours,
    pca_colours,
    run_colours,
)
from autoencoder.storage.files import Record
from autoencoder.storage.results import PCA

PANEL_APART = 0.085  # of the axis of a small panel, from one label to the next


def error_curve(records: Sequence[Record], families: Mapping[str, Sequence[str]]) -> list[Record]:
    """`tables.error_curve`'s records; the last test error of each line has a `label_at`, an error, too, and of what is
    published the first.
    """
    published = {row["curve"]: PUBLISHED for row in records if row["run"] is None}
    coloured = of_records(records, "curve", published | family_colours(list(families)))
    drawn = [row for row in coloured if row["split"] == "test" and row["sse"] > 0]  # of a logarithm 0 has no place
    of_test = sorted(drawn, key=lambda row: int(row["latent_dim"]))
    lines = {row["curve"]: row for row in of_test if row["run"] is not None}  # the last of each stays
    points = {row["curve"]: row for row in reversed(of_test) if row["run"] is None}
    shown = [row["sse"] for row in of_test]
    for ends in (lines, points):
        values = {curve: row["sse"] for curve, row in ends.items()}
        for curve, place in spread(values, min(shown), max(shown), log=True).items():
            ends[curve]["label_at"] = place
    return coloured


def out_of_distribution(records: Sequence[Record]) -> list[Record]:
    """`tables.out_of_distribution`'s records."""
    return of_records(records, "series", pattern_colours(list(dict.fromkeys(row["series"] for row in records))))


def retrieval(records: Sequence[Record], families: Mapping[str, Sequence[str]]) -> list[Record]:
    """`tables.retrieval`'s records; in each label's panel one record of each curve has a `label_at`, a precision, too:
    where most latents are kept, by the metric that finds more.
    """
    coloured = of_records(records, "curve", family_colours(list(families)))
    counted = [row for row in coloured if row["name"] == "all" and row["queries"] == "all"]
    for label in dict.fromkeys(row["label"] for row in counted):
        panel = [row for row in counted if row["label"] == label]
        ends: dict[str, Record] = {}
        for row in panel:
            ends[row["curve"]] = max(ends.get(row["curve"], row), row, key=lambda r: (r["latent_dim"], r["precision"]))
        highest = max(row["precision"] for row in panel)
        values = {curve: row["precision"] for curve, row in ends.items()}
        places = spread(values, 0, highest, apart=PANEL_APART)
        for curve, row in ends.items():
            row["label_at"] = places[curve]
    return coloured


def rate_distortion(records: Sequence[Record], families: Mapping[str, Sequence[str]]) -> list[Record]:
    """`rate_distortion.rate_distortion`'s records."""
    linear = {row["latent_dim"]: row["series"] for row in records if row["codec"] == PCA}
    of_pca = {linear[dim]: colour for dim, colour in pca_colours(sorted(linear)).items()}
    return of_records(records, "series", {**CODECS, **of_pca, **run_colours(families)})


def learning_curves(records: Sequence[Record], families: Mapping[str, Sequence[str]]) -> list[Record]:
    """The learning curves of all runs; each run's last validation error has a `label_at`, an error, too."""
    coloured = of_records(records, "run", run_colours(families))
    ends = {row["run"]: row for row in coloured if row["split"] == "val" and row["mse"] > 0}
    shown = [row["mse"] for row in coloured if row["mse"] > 0]
    places = spread({run: row["mse"] for run, row in ends.items()}, min(shown), max(shown), log=True) if ends else {}
    for run, row in ends.items():
        row["label_at"] = places[run]
    return coloured
