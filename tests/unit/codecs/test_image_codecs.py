"""JPEG and WebP: whole files are counted, and what is read from them compared."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from autoencoder.codecs import image_codecs
from autoencoder.codecs.image_codecs import FORMATS, QUALITIES, read_table, tabulate_image_codecs, write, write_table
from autoencoder.measures.sampling import sample_rows
from autoencoder.storage.prepared import Manifest
from autoencoder.ui.errors import UserError

IMAGES = np.random.default_rng(0).integers(0, 256, (3, 3, 4, 4), dtype=np.uint8).repeat(8, axis=2).repeat(8, axis=3)


def test_every_format_and_quality_from_few_bytes_to_many() -> None:
    rows = tabulate_image_codecs(IMAGES)
    codecs = list(dict.fromkeys(row["codec"] for row in rows))
    assert codecs == ["JPEG", "JPEG, header not counted", "WebP", "WebP, header not counted"]
    assert [row["codec"] for row in rows] == sorted(row["codec"] for row in rows)
    for codec in codecs:
        of_codec = [row for row in rows if row["codec"] == codec]
        assert [row["quality"] for row in of_codec] == list(QUALITIES[str(codec).split(",")[0]])
        sizes = [float(row["bytes_per_image"]) for row in of_codec]
        assert sizes == sorted(sizes)
        assert float(of_codec[-1]["psnr_db"]) > float(of_codec[0]["psnr_db"])
        assert all(row["num_images"] == 3 for row in of_codec)


def test_a_seeded_part_of_many_images_stands_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    many = np.concatenate([IMAGES, 255 - IMAGES, IMAGES // 2])
    monkeypatch.setattr(image_codecs, "MAX_IMAGES", 2)
    rows = tabulate_image_codecs(many)
    assert rows == tabulate_image_codecs(many[sample_rows(9, 2)])
    assert {row["num_images"] for row in rows} == {2}


@pytest.mark.parametrize(("side", "number"), [(2, 9), (4, 5), (6, 3)])
def test_fewer_of_large_images(side: int, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"MAX_IMAGES": 9, "MAX_LARGE_IMAGES": 3, "MAX_VALUES": 5 * 48 + 47}.items():
        monkeypatch.setattr(image_codecs, name, value)
    rows = image_codecs.measured_rows(np.zeros((20, 3, side, side), dtype=np.uint8))
    assert rows.tolist() == sample_rows(20, number).tolist()
    assert len(image_codecs.measured_rows(np.zeros((2, 3, side, side), dtype=np.uint8))) == 2


def test_a_whole_file_is_counted_and_the_header_is_what_a_blank_picture_costs() -> None:
    buffer = BytesIO()
    picture = Image.fromarray(IMAGES[0].transpose(1, 2, 0))
    picture.save(buffer, "JPEG", quality=1, optimize=True, subsampling="4:2:0")
    size, shown = write(IMAGES[:1], "JPEG", FORMATS["JPEG"](1))
    assert size == len(buffer.getvalue())
    with Image.open(buffer) as read:
        assert np.array_equal(shown[0], np.asarray(read).transpose(2, 0, 1))
    whole, rest = (row for row in tabulate_image_codecs(IMAGES[:1]) if row["quality"] == 1)
    assert whole["bytes_per_image"] == size
    assert 0 < float(rest["bytes_per_image"]) < size - 200  # a JPEG header of this size has some 290 bytes


def test_a_blank_picture_costs_nothing_but_its_header() -> None:
    blank = np.full((1, 3, 32, 32), 128, dtype=np.uint8)
    smallest = {row["codec"]: row["bytes_per_image"] for row in reversed(tabulate_image_codecs(blank))}
    assert smallest["JPEG, header not counted"] == 0
    assert smallest["WebP, header not counted"] == 0


def test_a_table_of_other_images_is_refused(in_project: Path) -> None:
    manifest = Manifest("set", "sample", "tests", False, (0.0, 1.0), {}, sha256={"test.npz": "0123456789abcdef"})
    write_table(manifest, IMAGES)
    assert read_table(manifest) == tabulate_image_codecs(IMAGES)
    others = replace(manifest, sha256={"test.npz": "f" * 64})
    message = (
        r"image-codecs.json was measured with images 0123456789ab \(now: ffffffffffff\); measure again: dvc repro b"
    )
    with pytest.raises(UserError, match=message):
        read_table(others)


def test_grey_pictures_are_measured_too() -> None:
    images = np.random.default_rng(0).integers(0, 256, (3, 1, 16, 16), dtype=np.uint8)
    rows = image_codecs.tabulate_image_codecs(images)
    assert {row["num_images"] for row in rows} == {3}
    best = [row for row in rows if row["codec"] == "JPEG"][-1]
    assert best["psnr_db"] > 20
