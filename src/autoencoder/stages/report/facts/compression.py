"""Latents as a file format."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autoencoder.config.runs import Run
from autoencoder.stages.report.charts import make_chart
from autoencoder.stages.report.parts import Table
from autoencoder.stages.report.study import DataSet, StudyResults
from autoencoder.stages.report.wording import number
from autoencoder.storage.files import Record
from autoencoder.storage.results import PCA

AUTOENCODER = "autoencoder"  # the codec in a run's rows
WITHIN_DB = 0.3  # of a run's best: what more bytes than these buy is hardly seen


def gather(study: StudyResults) -> dict[str, Any] | None:
    """Nothing where the study has no run."""
    return {"datasets": [_dataset(d, study) for d in study.with_runs]} if study.with_runs else None


def _dataset(dataset: DataSet, study: StudyResults) -> dict[str, Any]:
    rows, drawn = study.plotted(dataset, "rate-distortion"), [run.name for run in study.best_of_each(dataset)]
    runs = [at_best(run, rows) for run in dataset.runs]
    each = "; ".join(
        f"{run['name']} {number(run['psnr_db'])} dB with {number(run['bytes'])} bytes"
        for run in runs
        if run["name"] in drawn
    )
    return {
        "name": dataset.name,
        "runs": runs,
        "lead": lead_over_pca(rows),
        "drawn": len(drawn),
        "counted": study.read("compress", dataset.runs[0].name)[0]["num_images"],
        "num_test": study.facts(dataset)["num_test"],
        "curve": make_chart(
            "rate-distortion",
            f"chart-{dataset.name}-rate-distortion",
            of_runs(rows, drawn),
            f"Lines of PSNR over bytes an image, {dataset.name}: {each}.",
        ),
        "table": _table(dataset.name, rows),
    }


def _table(dataset: str, rows: Sequence[Record]) -> Table:
    columns = {
        "code": [str(row["series"]) for row in rows],
        "setting": [str(row["setting"]) for row in rows],
        "bytes an image": [number(_size(row)) for row in rows],
        "PSNR (dB)": [number(_quality(row)) for row in rows],
        "SSIM": [number(row["ssim"]) for row in rows],
    }
    return Table.of_columns(f"{dataset}: rate and distortion", columns, num_text=2)


def of_runs(rows: Sequence[Record], drawn: Sequence[str]) -> list[Record]:
    """The rows of the runs that are drawn, and those of all other codecs: of all runs no line would be told apart."""
    return [row for row in rows if row["codec"] != AUTOENCODER or row["run"] in drawn]


def at_best(run: Run, rows: Sequence[Record]) -> dict[str, Any]:
    """A run where more bytes no longer buy much ({name, bytes, psnr_db}), and what the `others` reach with as many."""
    own = [row for row in rows if row["run"] == run.name and row["codec"] != PCA]
    enough = max(map(_quality, own)) - WITHIN_DB
    ours = min((row for row in own if _quality(row) >= enough), key=_size)
    codecs = dict.fromkeys(str(row["codec"]) for row in rows if row["codec"] != ours["codec"])
    others = [
        {"name": codec, "told": _reached([row for row in rows if row["codec"] == codec], _size(ours))}
        for codec in codecs
    ]
    return {"name": run.name, "bytes": _size(ours), "psnr_db": _quality(ours), "others": others}


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
