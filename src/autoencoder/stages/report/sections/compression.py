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
    sentences = [_at_best(run, rows) for run in dataset.runs]
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
    measured = Text(f"Measured on {plural(counted, 'test image')}, the first of the data set.")
    return [measured, Items(tuple(sentences)), Figures((picture,)), table]


def _at_best(run: Run, rows: Sequence[Record]) -> str:
    """A run where more bytes no longer buy much, and what others reach with as many, between their settings."""
    own = [row for row in rows if row["run"] == run.name and row["codec"] != PCA]
    enough = max(map(_quality, own)) - WITHIN_DB
    ours = min((row for row in own if _quality(row) >= enough), key=_size)
    rivals = []
    for codec in dict.fromkeys(str(row["codec"]) for row in rows if row["codec"] != ours["codec"]):
        series = dict.fromkeys(row["series"] for row in rows if row["codec"] == codec)
        reached = [_quality_at([row for row in rows if row["series"] == name], _size(ours)) for name in series]
        best = max((quality for quality in reached if quality is not None), default=None)
        rivals.append(f"{codec}: no setting so small" if best is None else f"{codec}: {number(best)} dB")
    sentence = f"`{run.name}` keeps {number(ours['psnr_db'])} dB with {number(_size(ours))} bytes an image."
    return f"{sentence} With as many bytes, {'; '.join(rivals)}." if rivals else sentence


def _quality_at(series: Sequence[Record], size: float) -> float | None:
    """The PSNR of one codec at `size` bytes, between its settings (log bytes); None where all of them are larger."""
    points = np.array(sorted((math.log(_size(row)), _quality(row)) for row in series))
    if math.log(size) < points[0, 0]:
        return None
    return float(np.interp(math.log(size), points[:, 0], points[:, 1]))


def _size(row: Record) -> float:
    return float(row["bytes_per_image"])


def _quality(row: Record) -> float:
    return float(row["psnr_db"])
