"""The folders that a study is tried on are as they are described."""

from pathlib import Path

import numpy as np

from autoencoder.tools.folder_survey import Survey, survey
from tests.folders import CUT_SIDE, cut_photographs, draw_shapes, write_cifar


def test_the_folders_can_be_studied(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (12, 3, 32, 32), dtype=np.uint8)
    np.savez(tmp_path / "test.npz", images=images)
    assert survey(draw_shapes(tmp_path / "shapes", 12)) == Survey(12, 48, 48, is_grey=False, labels=None)
    assert survey(cut_photographs(tmp_path / "cuts", 12)) == Survey(12, CUT_SIDE, CUT_SIDE, is_grey=False, labels=None)
    files = write_cifar(tmp_path / "cifar", tmp_path / "test.npz", 11)
    assert survey(files) == Survey(11, 32, 32, is_grey=False, labels=None)
