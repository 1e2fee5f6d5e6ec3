"""Pictures as bytes: the grid, the byte string, the files, and the two commands."""

import hashlib
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.decomposition import PCA

from autoencoder.codecs import image_codecs
from autoencoder.codecs.image_codecs import write_table
from autoencoder.codecs.latent_codec import BITS, HEADER_BYTES, Codec, fit_codec, pack, read_codec, unpack, write_grids
from autoencoder.codecs.quantization import Grid, fit_grid, smooth
from autoencoder.codecs.run_codec import find_run, fit_run, load_codec
from autoencoder.config.runs import load_run
from autoencoder.data.pictures import read_picture, write_picture
from autoencoder.inference.decoding import decode_pictures
from autoencoder.inference.trained_run import load_trained
from autoencoder.measures.image_similarity import compare_pictures
from autoencoder.measures.sampling import sample_rows
from autoencoder.stages.compress import rate_distortion as rate_distortion_module
from autoencoder.stages.compress.rate_distortion import Decode, measure_codec, measure_linear, measure_run
from autoencoder.stages.curve.rate_distortion import rate_distortion
from autoencoder.storage import paths
from autoencoder.storage.files import Record
from autoencoder.storage.latents import read_latents
from autoencoder.storage.prepared import read_manifest, read_split
from autoencoder.storage.results import write_result
from autoencoder.ui.errors import UserError
from tests.conftest import Run, embed_photos, tiny_params, write_initial_weights, write_params

RNG = np.random.default_rng(0)
WIDE = RNG.normal(3, [1.0, 10.0, 0.1], (500, 3)).astype(np.float32)


def test_one_step_for_all_and_every_training_latent_within_half_of_it() -> None:
    grid = fit_grid(WIDE, 4)
    assert grid.step == pytest.approx(np.ptp(WIDE[:, 1]) / 16)
    levels = grid.quantize(WIDE)
    assert np.ptp(levels, axis=0)[1] in (15, 16)
    assert np.ptp(levels, axis=0)[2] <= 1
    middles = grid.mean + (levels + grid.lowest) * grid.step
    assert np.abs(WIDE - middles).max() <= grid.step * 0.5001
    assert np.abs(WIDE - grid.restore(levels)).mean() < np.abs(WIDE - middles).mean()  # means of what is in a level


def test_a_relus_zeros_come_back_and_cost_next_to_nothing() -> None:
    latents = np.maximum(RNG.normal(-2, 1, (2000, 50)), 0).astype(np.float32)  # 98 % zeros
    codec = fit_codec(latents, b"")
    zeros = np.zeros(50, dtype=np.float32)
    content = codec.encode(zeros, 8)
    assert len(content) <= HEADER_BYTES + 2
    assert np.abs(codec.decode(content)).max() < 0.001


def test_latents_beyond_the_grid_go_to_its_edge_and_constant_ones_are_no_trouble() -> None:
    grid = fit_grid(WIDE, 5)
    far = grid.restore(grid.quantize(np.array([[1e6, -1e6, 3.0]], dtype=np.float32)))[0]
    assert far[0] > WIDE[:, 0].max()
    assert far[1] < WIDE[:, 1].min()
    constant = np.full((20, 4), 7.0, dtype=np.float32)
    codec = fit_codec(constant, b"")
    assert np.array_equal(codec.decode(codec.encode(constant[0], 8)), constant[0])


def test_smoothing_fills_gaps_and_leaves_what_was_seen_often() -> None:
    few = smooth(np.array([[0.0, 3, 0, 2, 0, 0, 0, 0]]), 2)[0]
    assert few.min() >= 1
    assert few[2] > 4 * few[7]
    many = np.array([[1e5, 0, 3e5, 6e5]])
    assert smooth(many, 1)[0] / smooth(many, 1).sum() == pytest.approx([0.1, 0, 0.3, 0.6], abs=1e-4)


def test_size_is_the_entropy_and_at_most_two_bytes_more() -> None:
    frequencies = np.tile(np.array([[900.0, 80, 19, 1]]), (300, 1))
    shares = frequencies[0] / 1000
    entropy = -300 * (shares * np.log2(shares)).sum() / 8
    sizes = [len(pack(RNG.choice(4, 300, p=shares).astype(np.int32), frequencies)) for _ in range(300)]
    assert entropy < np.mean(sizes) < entropy + 2


def test_what_is_cut_off_or_goes_on_is_refused() -> None:
    codec = fit_codec(WIDE, b"weights")
    for bits in BITS:
        content = codec.encode(WIDE[0], bits)
        assert np.abs(codec.decode(content) - WIDE[0]).max() <= codec.grids[bits].step
        for length in range(len(content)):
            with pytest.raises(UserError, match=r"cut off|no encoded picture"):
                codec.decode(content[:length])
        with pytest.raises(UserError, match="damaged"):
            codec.decode(content + b"\0")
        with pytest.raises(UserError, match="depth of 15 bits"):
            codec.decode(b"\xaf" + content[1:])
    with pytest.raises(UserError, match="no encoded picture"):
        codec.decode(b"\x89PNG\r\n")
    with pytest.raises(UserError, match="no grid of 10 bits"):
        codec.encode(WIDE[0], 10)


def test_another_runs_file_is_refused() -> None:
    content = fit_codec(WIDE, b"weights").encode(WIDE[0], 6)
    for other in (fit_codec(WIDE, b"other weights"), fit_codec(WIDE * 1.01, b"weights")):
        with pytest.raises(UserError, match=r"by another run \(digest [0-9a-f]{8}, not [0-9a-f]{8}\): leave out --run"):
            other.decode(content)


def test_no_file_is_larger_than_its_codec_says() -> None:
    """The rarest level of each number there can be, and the edges of the grids that there are."""
    for frequent in (2.0**20, 2.0**50):
        frequencies = np.full((300, 9), 1.0)
        frequencies[:, 0] = frequent
        for count in (1, 2, 300):
            rarest = pack(np.full(count, 8, dtype=np.int32), frequencies[:count])
            grid = Grid(np.zeros(count), 1.0, np.zeros(count), frequencies[:count], np.zeros((count, 9)))
            assert HEADER_BYTES + len(rarest) <= Codec({3: grid}, b"four").most_bytes < 40 + 5 * count
    codec = fit_codec(WIDE, b"")
    far = np.array([1e6, -1e6, 1e6], dtype=np.float32)
    assert max(len(codec.encode(far, bits)) for bits in BITS) <= codec.most_bytes


def test_the_receiver_needs_the_grids_file_and_the_weights(tmp_path: Path) -> None:
    codec = fit_codec(WIDE, b"weights")
    path = tmp_path / "codecs/a.npz"
    write_grids(codec, path)
    received = read_codec(path, b"weights", "make it")
    assert received.digest == codec.digest
    for bits in BITS:
        assert np.array_equal(received.decode(codec.encode(WIDE[7], bits)), codec.decode(codec.encode(WIDE[7], bits)))
    before = path.read_bytes()
    write_grids(received, path)
    assert path.read_bytes() == before
    path.write_bytes(before[:100])
    with pytest.raises(UserError, match=r"damaged .* make it"):
        read_codec(path, b"weights", "make it")
    with pytest.raises(UserError, match="missing; make it first: make it"):
        read_codec(tmp_path / "none.npz", b"weights", "make it")


def test_bytes_of_the_format_do_not_change() -> None:
    """What was encoded once must be decodable for ever: a change of constriction or of the header breaks this."""
    levels = np.array([0, 3, 2, 3, 2, 0, 2, 1], dtype=np.int32)
    frequencies = np.tile(np.array([[20.0, 40, 10, 30]]), (8, 1))
    assert pack(levels, frequencies).hex() == "2e69d4"
    assert unpack(pack(levels, frequencies), frequencies).tolist() == levels.tolist()


def test_rows_count_every_byte_and_compare_what_was_decoded() -> None:
    given = np.zeros((4, 3, 16, 16), dtype=np.uint8)
    codec = fit_codec(WIDE, b"")
    rows = measure_codec("x", codec, WIDE[:4], lambda latents: np.full_like(given, 51), given)
    assert [row["bits"] for row in rows] == list(BITS)
    for row in rows:
        sizes = [len(codec.encode(latents, int(row["bits"]))) for latents in WIDE[:4]]
        assert row["bytes_per_image"] == np.mean(sizes)
        assert row["psnr_db"] == pytest.approx(13.9794)  # a fifth of the range
        assert row["num_images"] == 4
    assert compare_pictures(given, given)[1] == pytest.approx(1)


@pytest.fixture
def compressed(small_photos: Path) -> Codec:
    """The scratch project with everything `compress` needs for tiny-8, and its codec."""
    embed_photos()
    return fit_run("tiny-8")


def test_a_runs_rows_and_the_table_of_its_data_set(compressed: Codec) -> None:
    rows = measure_run(load_trained("tiny-8"), compressed)
    assert [row["codec"] for row in rows] == ["autoencoder"] * len(BITS) + ["PCA"] * len(BITS)
    facts = ("codec", "run", "latent_dim", "bits", "bytes_per_image", "psnr_db", "ssim", "num_images")
    assert all(tuple(row) == facts for row in rows)
    assert {(row["run"], row["latent_dim"], row["num_images"]) for row in rows} == {("tiny-8", 8, 16)}
    pca = [float(row["psnr_db"]) for row in rows[len(BITS) :]]
    assert pca[0] < pca[-1]
    sizes = [float(row["bytes_per_image"]) for row in rows[len(BITS) :]]
    assert sizes == sorted(sizes)
    write_result(paths.metrics("photos", "compress/tiny-8"), rows, load_trained("tiny-8").weights_sha256)
    manifest = read_manifest("photos")
    with pytest.raises(UserError, match=r"python src/baseline.py photos"):
        rate_distortion({"tiny-8": load_run("tiny-8")}, manifest)
    write_table(manifest, read_split("photos", "test").images[:2])
    records = rate_distortion({"tiny-8": load_run("tiny-8")}, manifest)
    series = dict.fromkeys(record["series"] for record in records)
    assert list(series)[:3] == ["tiny-8", "PCA, 8", "JPEG"]
    assert records[0]["setting"] == "3 bits"
    assert records[-1]["run"] is None


def test_a_part_of_the_test_images_stands_for_all(compressed: Codec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_codecs, "MAX_IMAGES", 5)
    rows = measure_run(load_trained("tiny-8"), compressed)
    assert {row["num_images"] for row in rows} == {5}
    part = sample_rows(16, 5)
    latents = read_latents("tiny-8", "test").latents[part]
    sizes = [len(compressed.encode(latent, BITS[0])) for latent in latents]
    assert rows[0]["bytes_per_image"] == pytest.approx(sum(sizes) / 5, rel=1e-5)


def test_as_many_numbers_as_pca_has_are_compared_and_no_more(
    compressed: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most, expected in ((8, {"autoencoder", "PCA"}), (7, {"autoencoder"})):
        monkeypatch.setattr(rate_distortion_module, "most_components", lambda _, most=most: most)
        assert {row["codec"] for row in measure_run(load_trained("tiny-8"), compressed)} == expected


def test_what_pca_draws_brighter_than_white_is_white(small_photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[np.ndarray] = []

    def draw(_: str, __: Codec, latents: np.ndarray, decode: Decode, given: np.ndarray) -> list[Record]:
        drawn.extend((decode(10 * latents), given))
        return []

    monkeypatch.setattr(rate_distortion_module, "measure_codec", draw)
    train, test = (read_split("photos", name).images for name in ("train", "test"))
    measure_linear(load_run("tiny-8"), read_manifest("photos"), test)
    pca = PCA(8, svd_solver="full").fit(train.reshape(len(train), -1) / 255.0)
    numbers = pca.inverse_transform(10 * pca.transform(test.reshape(len(test), -1) / 255.0))
    assert numbers.min() < -0.5
    assert numbers.max() > 1.5
    expected = np.rint(numbers.clip(0, 1) * 255).reshape(test.shape)
    assert np.abs(drawn[0].astype(int) - expected).max() <= 1  # the reference rounds otherwise
    assert drawn[1] is test


def test_one_picture_through_the_commands_is_the_stages(compressed: Codec, small_photos: Path, run: Run) -> None:
    trained, latents = load_trained("tiny-8"), read_latents("tiny-8", "test").latents
    stage = decode_pictures(trained, np.stack([compressed.decode(compressed.encode(x, 5)) for x in latents]))
    image = read_split("photos", "test").images[5]
    Image.fromarray(image.transpose(1, 2, 0)).save(small_photos / "photo.png")
    sent = run(small_photos, "encode", "--run", "tiny-8", "--bits", "5", "photo.png", "photo.ae")
    content = (small_photos / "photo.ae").read_bytes()
    assert sent.returncode == 0, sent.stderr
    assert f"{len(content)} bytes, PSNR" in sent.stdout
    assert content == compressed.encode(latents[5], 5)
    received = run(small_photos, "decode", "photo.ae", "back.png")
    assert received.returncode == 0, received.stderr
    with Image.open(small_photos / "back.png") as picture:
        assert np.array_equal(np.asarray(picture).transpose(2, 0, 1), stage[5])


def test_pictures_do_not_depend_on_their_company(compressed: Codec) -> None:
    trained, latents = load_trained("tiny-8"), read_latents("tiny-8", "train").latents
    together = decode_pictures(trained, latents)
    for row in (0, 17, 95):
        assert np.array_equal(decode_pictures(trained, latents[row : row + 1])[0], together[row])


def test_the_run_is_found_and_what_is_missing_named(compressed: Codec) -> None:
    content = compressed.encode(read_latents("tiny-8", "test").latents[0], 6)
    assert find_run(content)[0] == "tiny-8"
    (kept,) = Path("data/codecs").iterdir()
    digest = hashlib.sha256(paths.weights("tiny-8").read_bytes()).hexdigest()
    assert kept.name == f"tiny-8-{digest[:16]}.npz"  # found by the weights, not by a name that others could have
    before = kept.stat().st_mtime_ns
    assert load_codec("tiny-8").digest == compressed.digest  # made once
    assert kept.stat().st_mtime_ns == before
    kept.unlink()
    (paths.embeddings("tiny-8") / "train.npz").unlink()
    with pytest.raises(UserError, match=r"no run here has the codec .*: bring the weights .*dvc repro embed"):
        find_run(content)
    with pytest.raises(UserError, match=r"make it first: python src/embed.py tiny-8"):
        load_codec("tiny-8")
    with pytest.raises(UserError, match=r"models/avatars-108/weights.safetensors is missing"):
        load_codec("avatars-108")


def test_a_run_whose_codec_cannot_be_had_is_passed_over(compressed: Codec, in_project: Path) -> None:
    """tiny-16, the first in params.yaml, has weights that its latents were not made with; avatars-108 has none."""
    content = compressed.encode(read_latents("tiny-8", "test").latents[0], 6)
    params = tiny_params()
    params["runs"] = {"tiny-16": {**params["runs"]["tiny-8"], "latent_dim": 16}, **params["runs"]}
    write_params(in_project, params)
    shutil.copytree(paths.embeddings("tiny-8"), paths.embeddings("tiny-16"))
    write_initial_weights("tiny-16")
    assert find_run(content)[0] == "tiny-8"
    with pytest.raises(UserError) as caught:
        find_run(content[:1] + b"four" + content[HEADER_BYTES:])
    text = str(caught.value)
    assert "(digest 666f7572): bring the weights it was encoded with (make weights, " in text
    assert "dvc repro embed. Could not be looked at: tiny-16 (data/embeddings/tiny-16/train.npz was made with" in text
    assert text.endswith("dvc repro embed@tiny-16); avatars-108 (not trained here)")
    assert "\n" not in text


def test_runs_that_lack_the_same_are_told_together(small_photos: Path) -> None:
    with pytest.raises(UserError, match=r"Could not be looked at: tiny-8, avatars-108 \(not trained here\)$"):
        find_run(b"\xa6four")


def test_a_file_that_goes_on_is_not_read_to_its_end(compressed: Codec, small_photos: Path, run: Run) -> None:
    """A terabyte of holes, which no memory would hold; with and without a run that is named."""
    Path("long.ae").write_bytes(compressed.encode(read_latents("tiny-8", "test").latents[0], 6))
    os.truncate("long.ae", 1 << 40)
    for named in ((), ("--run", "tiny-8")):
        done = run(small_photos, "decode", *named, "long.ae", "out.png")
        assert done.stderr == "decode: error: the encoded file is damaged or cut off\n"
        assert not Path("out.png").exists()


def test_mistakes_are_one_line_and_write_nothing(compressed: Codec, small_photos: Path, run: Run) -> None:
    (small_photos / "text.png").write_text("no picture")
    for script, arguments, message in (
        ("encode", ("--run", "tiny-8", "text.png", "out.ae"), "text.png: cannot be read as a picture"),
        ("decode", ("text.png", "out.png"), "the file is no encoded picture"),
    ):
        result = run(small_photos, script, *arguments)
        assert result.returncode == 1
        assert result.stderr.count("\n") == 1
        assert message in result.stderr
    assert not list(small_photos.glob("out.*"))


def test_pictures_are_png_and_their_name_says_so(tmp_path: Path) -> None:
    picture = RNG.integers(0, 256, (3, 24, 24), dtype=np.uint8)
    write_picture(tmp_path / "a.PNG", picture)
    assert np.array_equal(read_picture(tmp_path / "a.PNG", (3, 24, 24)), picture)
    with pytest.raises(UserError, match=r"name it a.png"):
        write_picture(tmp_path / "a.jpg", picture)
    for broken in (tmp_path / "none.png", tmp_path):
        with pytest.raises(UserError, match="cannot be read as a picture"):
            read_picture(broken, (3, 24, 24))
