"""Latents as a file format."""

import math
from collections.abc import Sequence

import numpy as np

from autoencoder.config.runs import Run
from autoencoder.stages.report.blocks import Block, Figures, Items, ReportSection, Table, Text
from autoencoder.stages.report.results import DataSet, StudyResults, figure
from autoencoder.stages.report.sections.by_dataset import by_dataset
from autoencoder.stages.report.wording import number, plural
from autoencoder.storage.files import Record
from autoencoder.storage.results import PCA

AUTOENCODER = "autoencoder"  # the codec in a run's rows
WITHIN_DB = 0.3  # of a run's best: what more bytes than these buy is hardly seen


def write_section(study: StudyResults) -> ReportSection | None:
    """Latents as a file format."""
    text = (
        "Latents rounded to a few bits and entropy-coded are a file format; here are the bytes an image takes, and "
        "what is left of it, beside other codecs. Every byte of a file is counted, its header too; the decoder's "
        "weights, which the receiver has, are not. Look at which curve is higher at the same number of bytes. "
        "`python src/encode.py` and `decode.py` do it with a file of yours."
    )
    return by_dataset(study, "compression", "Compression in bytes", text, _compressed)


def _compressed(dataset: DataSet, study: StudyResults) -> list[Block]:
    rows = study.plotted(dataset, "rate-distortion")
    sentences = [*(_at_best(run, rows) for run in dataset.runs), *_beside_pca(rows)]
    picture = figure(
        "curve",
        dataset.name,
        f"{dataset.name}/rate-distortion.png",
        f"Line plots of PSNR and SSIM over bytes an image, {dataset.name}. {' '.join(sentences)}",
        f"{dataset.name}: PSNR and SSIM over the bytes an image takes.",
    )
    head = ("code", "setting", "bytes an image", "PSNR (dB)", "SSIM")
    cells = tuple(
        (
            str(row["series"]),
            str(row["setting"]),
            *(number(row[key]) for key in ("bytes_per_image", "psnr_db", "ssim")),
        )
        for row in rows
    )
    table = Table(f"{dataset.name}: rate and distortion", head, cells, num_text=2)
    counted = study.read("compress", dataset.runs[0].name)[0]["num_images"]
    all_of_them = study.beside(dataset.name, "dataset", "baseline")["num_test"]
    which = (
        "all there are" if counted == all_of_them else f"the same random ones of {number(all_of_them)} for every code"
    )
    measured = Text(f"Measured on {plural(counted, 'test image')}, {which}.")
    return [measured, Items(tuple(sentences)), Figures((picture,)), table]


def _at_best(run: Run, rows: Sequence[Record]) -> str:
    """A run where more bytes no longer buy much, and what others reach with as many, as far as that was measured."""
    own = [row for row in rows if row["run"] == run.name and row["codec"] != PCA]
    enough = max(map(_quality, own)) - WITHIN_DB
    ours = min((row for row in own if _quality(row) >= enough), key=_size)
    rivals = []
    for codec in dict.fromkeys(str(row["codec"]) for row in rows if row["codec"] != ours["codec"]):
        rivals.append(f"{codec}: {_reached([row for row in rows if row['codec'] == codec], _size(ours))}")
    sentence = f"`{run.name}` keeps {number(ours['psnr_db'])} dB with {number(_size(ours))} bytes an image."
    return f"{sentence} With as many bytes, {'; '.join(rivals)}." if rivals else sentence


def _reached(rows: Sequence[Record], size: float) -> str:
    """What one codec's settings reach at `size` bytes: `28.4 dB`; or that it was not measured there."""
    best = _best_at(rows, size)
    if best is not None:
        return f"{number(best)} dB"
    largest = max(rows, key=lambda row: (_size(row), _quality(row)))
    if _size(largest) > size:
        return "no setting so small"
    return f"no setting so large (its largest, of {number(_size(largest))} bytes: {number(_quality(largest))} dB)"


def lead_over_pca(rows: Sequence[Record]) -> tuple[float, float] | None:
    """The best autoencoder's PSNR less the best PCA's at as many bytes, in dB: the least and the most of it.

    rows: a data set's table of rate and distortion. Compared at each size that a run takes and that lies within those
    of PCA; None where no size does.
    """
    ours, linear = ([row for row in rows if row["codec"] == codec] for codec in (AUTOENCODER, PCA))
    sizes = sorted({_size(row) for row in ours})
    pairs = [(_best_at(ours, size), _best_at(linear, size)) for size in sizes]
    leads = [best - others for best, others in pairs if best is not None and others is not None]
    return (min(leads), max(leads)) if leads else None


def told_lead(lead: tuple[float, float]) -> str:
    """A lead from least to most: `1.32 dB below to 0.392 dB above`."""
    least, most = (f"{number(abs(value))} dB {'below' if value < 0 else 'above'}" for value in lead)
    return least if least == most else f"from {least} to {most}"


def _beside_pca(rows: Sequence[Record]) -> list[str]:
    lead = lead_over_pca(rows)
    if lead is None:
        return []
    where = "With as many bytes, as far as both have settings of such sizes"
    return [f"{where}, the best run is {told_lead(lead)} the best PCA."]


def _best_at(rows: Sequence[Record], size: float) -> float | None:
    """The best PSNR of some codes at `size` bytes or fewer; None where none is so small, or not even one so large."""
    if not rows or size > max(map(_size, rows)):
        return None  # what more bytes would buy was not measured
    names = dict.fromkeys(row["series"] for row in rows)
    reached = [_quality_at([row for row in rows if row["series"] == name], size) for name in names]
    return max((quality for quality in reached if quality is not None), default=None)


def _quality_at(series: Sequence[Record], size: float) -> float | None:
    """The PSNR of one code at `size` bytes, between its settings (log bytes), above them all its largest's, which fits;
    None where all of them are larger.
    """
    points = np.array(sorted((math.log(_size(row)), _quality(row)) for row in series))
    if math.log(size) < points[0, 0]:
        return None
    return float(np.interp(math.log(size), points[:, 0], points[:, 1]))


def _size(row: Record) -> float:
    return float(row["bytes_per_image"])


def _quality(row: Record) -> float:
    return float(row["psnr_db"])
