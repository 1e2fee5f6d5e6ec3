"""Figures are written with people's own names in them."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from autoencoder.drawing import style
from autoencoder.drawing.image_rows import ImageRow, image_rows
from autoencoder.measures.colourings import Colouring
from autoencoder.stages.plot.map_figure import label_maps

NAME = "a$_$b"  # a formula to matplotlib, and none that it understands


def test_a_dollar_sign_in_a_caption_or_a_title_begins_no_formula(tmp_path: Path) -> None:
    rows = [ImageRow(NAME, np.zeros((2, 3, 4, 4)), (NAME, "b"))]
    style.save(image_rows(rows, NAME, sample=False), tmp_path / "rows.png")
    assert (tmp_path / "rows.png").stat().st_size > 0


def test_a_dollar_sign_in_a_label_of_a_map_begins_no_formula(tmp_path: Path) -> None:
    points, codes = np.zeros((4, 2)), np.array([0, 1, 0, 1])
    style.save(label_maps({NAME: points}, [Colouring(NAME, codes, [NAME, "$"])], NAME, False), tmp_path / "map.png")
    assert (tmp_path / "map.png").stat().st_size > 0


def test_powers_of_ten_on_an_axis_stay_formulas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figure = Figure()
    axes = figure.subplots()
    axes.loglog([1, 1e3], [1, 1e6])
    style.save(figure, tmp_path / "axis.png")
    labels = [label for label in axes.get_yticklabels() if "mathdefault" in label.get_text()]
    assert labels
    assert all(label.get_parse_math() for label in labels)
