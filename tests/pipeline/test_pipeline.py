"""The whole pipeline, tiny, through DVC itself in a scratch workspace."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import yaml
from PIL import Image

from tests.charts import charts
from tests.conftest import PROJECT, TINY_RUNS, tiny_params, write_params

pytestmark = pytest.mark.timeout(600)


OF_RUNS = ("train", "evaluate", "plot", "embed", "ood", "generate", "retrieve", "map", "project", "compress")
# Read what was made from weights, and compare it with those where they are there: their hash decides no result.
COMPARE_WEIGHTS = ("retrieve", "map", "project", "curve", "report")
OF_DATASETS = ("prepare", "baseline", "curve")


# What makes the libraries compute as on other hardware: no AVX, other blocking of matrix products, other threads.
OTHER_PROCESSOR = {
    "ATEN_CPU_CAPABILITY": "default",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
    "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
    "OPENBLAS_CORETYPE": "Prescott",
    "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR",
    "OMP_NUM_THREADS": "2",
}


def dvc(folder: Path, *arguments: str, check: bool = True, variables: Mapping[str, str] = MappingProxyType({})) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, **variables}
    environment.pop("AUTOENCODER_DOWNLOADS", None)
    command = [sys.executable, "-m", "dvc", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def stages_run(output: str) -> set[str]:
    return set(re.findall(r"Running stage '(.+?)'", output))


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def results() -> dict[Path, int]:
    """The project's own results, by the time they were last written."""
    return {
        path: path.stat().st_mtime_ns for name in ("metrics", "plots", "models") for path in (PROJECT / name).rglob("*")
    }


def demo(target: Path, params: Path) -> str:
    """What `make demo` does, with other params; what the stages read is written down in `target`-reads."""
    reads = target.with_name(f"{target.name}-reads")
    reads.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "autoencoder.tools.workspace", str(target), str(params)]
    path = os.pathsep.join([str(PROJECT / "src"), str(PROJECT / "tests/tracing")])
    environment = {**os.environ, "PYTHONPATH": path, "TRACE_READS": str(reads)}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def reproduced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the demo has run to the end, named its results, and left the project's alone."""
    folder = tmp_path_factory.mktemp("pipeline")
    write_params(folder, tiny_params())
    target = folder / "workspace"
    before = results()
    output = demo(target, folder / "params.yaml")
    assert results() == before
    expected = {f"{stage}@{run}" for stage in OF_RUNS for run in TINY_RUNS}
    expected |= {f"{stage}@{name}" for stage in OF_DATASETS for name in ("photos", "avatars")}
    assert stages_run(output) == expected | {
        "diagram@hourglass",
        "train_seeds@avatars-seeds",
        "evaluate_seeds@avatars-seeds",
        "report@study",
        "explore@study",
    }
    for name in ("photos/error-curve.png", "tiny-8/reconstructions-test.png", "avatars-108/untrained.png"):
        assert f"{target}/plots/{name}" in output
        assert (target / "plots" / name).is_file()
    assert "metrics/photos/tiny-8.json" in output
    assert f"{target}/report.html" in output
    assert f"{target}/explorer.html" in output
    assert stages_run(demo(target, folder / "params.yaml")) == set()  # a second demo skips what is done
    return target


def test_stages_depend_on_exactly_what_they_read(reproduced: Path) -> None:
    """Each file that a stage opened lies in one of its dependencies, and in each dependency it opened a file."""
    lock = yaml.safe_load((reproduced / "dvc.lock").read_text())["stages"]
    traced = {}
    for file in (reproduced.parent / "workspace-reads").iterdir():
        command, *paths = file.read_text().splitlines()
        script_path, name = command.split()
        traced[f"{Path(script_path).stem}@{name}"] = {
            path
            for path in paths
            # Its own, half made; and what was fitted to the training images by another stage, kept under their digest.
            if path != "params.yaml" and ".partial" not in path and not path.startswith("data/pca/")
        }
    assert traced.keys() == lock.keys()
    for stage, read in traced.items():
        deps = [Path(dep["path"]) for dep in lock[stage]["deps"] if not dep["path"].startswith("src/")]
        deps += [Path(file) for file in lock[stage].get("params", {}) if file != "params.yaml"]  # single values of it
        for path in read:
            compared = path.endswith(".safetensors") and stage.split("@")[0] in COMPARE_WEIGHTS
            known = compared or any(Path(path).is_relative_to(dep) for dep in deps)
            assert known, f"{stage} reads {path}, which is no dependency"
        for dep in deps:
            opened = any(Path(path).is_relative_to(dep) for path in read)
            assert opened, f"{stage} depends on {dep} and does not read it"


def test_metrics_are_flat_complete_and_say_sample(reproduced: Path) -> None:
    metrics = json.loads((reproduced / "metrics/photos/tiny-8.json").read_text())
    assert {
        "dataset",
        "model",
        "latent_dim",
        "compression",
        "num_parameters",
        "multiply_adds",
        "num_epochs",
        "val_mse",
        "val_sse",
        "test_mse",
        "test_sse",
        "test_psnr_db",
        "test_ssim",
        "pca_test_mse",
        "pca_test_sse",
        "train_seconds",
        "images_per_second",
        "device",
        "precision",
        "seed",
    } <= metrics.keys()
    assert all(isinstance(value, str | int | float) for value in metrics.values())
    assert metrics["sample"] is True
    assert metrics["compression"] == pytest.approx(8 / 3072, rel=1e-3)
    assert metrics["test_sse"] == pytest.approx(3072 * metrics["test_mse"], rel=1e-4)
    history = json.loads((reproduced / "models/tiny-8/history.json").read_text())
    assert metrics["val_mse"] == pytest.approx(history["epochs"][-1]["val_mse"], rel=1e-4)


def test_latents_of_all_images_with_labels(reproduced: Path) -> None:
    for run, dataset, latent_dim in (("tiny-8", "photos", 8), ("avatars-108", "avatars", 108)):
        manifest = json.loads((reproduced / f"data/prepared/{dataset}/manifest.json").read_text())
        for split, count in manifest["counts"].items():
            with np.load(reproduced / f"data/embeddings/{run}/{split}.npz") as arrays:
                assert arrays["latents"].shape == (count, latent_dim)
                assert arrays["latents"].dtype == np.float32
                assert {f"label_{name}" for name in manifest["labels"]} < set(arrays.files)


def script(folder: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, **variables}
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True)


def test_a_picture_of_ones_own_finds_its_like(reproduced: Path) -> None:
    with np.load(reproduced / "data/prepared/photos/train.npz") as arrays:
        picture, place = arrays["images"][7], arrays["label_place"][7]
    names = json.loads((reproduced / "data/prepared/photos/manifest.json").read_text())["labels"]["place"]
    Image.fromarray(picture.transpose(1, 2, 0)).save(reproduced / "mine.png")
    for metric in ("euclidean", "cosine"):
        done = script(reproduced, "src/search.py", "--run", "tiny-8", "--metric", metric, "mine.png")
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        assert len(lines) == 1 + 8 + 1
        rank, distance, *rest = lines[1].split()
        assert rank == "1"
        assert float(distance) == pytest.approx(0, abs=1e-3)  # itself
        assert names[place] in " ".join(rest)
        assert "train, image 7 of the source" in lines[1]
        with Image.open(reproduced / "mine-neighbors.png") as drawn:
            assert drawn.width > drawn.height


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--run", "tiny-8", "none.png"), "search: error: none.png: cannot be read as a picture"),
        (("--run", "tiny-9", "mine.png"), "no run is called 'tiny-9'; there is: tiny-8"),
        (("--run", "tiny-8", "params.yaml"), "params.yaml: cannot be read as a picture"),
        (("--run", "tiny-8", "--out", "a.jpg", "mine.png"), "a.jpg: pictures are written as PNG; name it a.png"),
    ],
)
def test_search_explains_in_one_line(reproduced: Path, arguments: tuple[str, ...], message: str) -> None:
    done = script(reproduced, "src/search.py", *arguments)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert message in done.stderr


def test_encode_and_decode_a_picture(reproduced: Path, tmp_path: Path) -> None:
    picture, sent, received = (str(tmp_path / name) for name in ("picture.png", "sent.ae", "received.png"))
    with np.load(reproduced / "data/prepared/photos/test.npz") as arrays:
        Image.fromarray(arrays["images"][0].transpose(1, 2, 0)).save(picture)
    assert script(reproduced, "src/encode.py", "--run", "tiny-8", picture, sent).returncode == 0
    assert Path(sent).stat().st_size < 30  # eight numbers
    done = script(reproduced, "src/decode.py", sent, received)
    assert "decoded by tiny-8" in done.stdout
    with Image.open(received) as decoded:
        assert decoded.size == (32, 32)


def test_nothing_to_do_is_nothing_done(reproduced: Path) -> None:
    assert stages_run(dvc(reproduced, "repro")) == set()
    assert "up to date" in dvc(reproduced, "status")


def test_metrics_show_has_one_row_a_run(reproduced: Path) -> None:
    lines = dvc(reproduced, "metrics", "show", "--md").splitlines()
    rows = [line for line in lines if line.startswith("| metrics")]
    assert [row.split()[1] for row in rows] == ["metrics/photos/tiny-8.json", "metrics/avatars/avatars-108.json"]
    for kind, key in (("random-latents", "mixture_swd"), ("map", "tsne_kl")):
        paths = [f"plots/{run}/{kind}.json" for run in TINY_RUNS]
        shown = dvc(reproduced, "metrics", "show", "--md", *paths)
        assert all(path in shown for path in paths)
        assert key in shown


def test_plots_open_offline(reproduced: Path) -> None:
    dvc(reproduced, "plots", "show", "--out", "page")
    page = (reproduced / "page/index.html").read_text()
    assert not re.search(r"<(script|link)[^>]+(src|href)=", page)
    assert "photos: error over latent dimension" in page
    assert "metrics/photos/learning/tiny-8.json" in page
    pictures = re.findall(r'<img src="(static/[^"]+)"', page)
    assert len(pictures) == len(TINY_RUNS) * 12 + 2 * 6 + 1 + 1
    for picture in pictures:
        assert (reproduced / "page" / picture).is_file()
    assert "<DVC_METRIC" not in page
    for library in (".vega={}", ".vegaLite={}", ".vegaEmbed="):
        assert library in page
    assert len(page) > 800_000  # with the three libraries inlined


def test_a_stage_that_fails_leaves_its_earlier_outputs(reproduced: Path) -> None:
    """Through DVC, which deletes outputs before it runs a stage: kept in place, or brought back by `dvc checkout`."""
    params = (reproduced / "params.yaml").read_text()
    kept = [
        reproduced / name
        for name in ("metrics/photos/tiny-8.json", "plots/tiny-8/untrained.png", "data/prepared/photos")
    ]
    weights = reproduced / "models/avatars-108/weights.safetensors"
    trained = weights.read_bytes()
    (reproduced / "params.yaml").write_text(params.replace("latent_dim: 8", "latent_dim: 7").replace(": 108", ": 109"))
    try:
        output = dvc(reproduced, "repro", "--single-item", "evaluate@tiny-8", "plot@tiny-8", check=False)
        assert (
            "tiny-8/weights.safetensors was trained with latent_dim 8 (now: 7); train again: dvc repro train@" in output
        )
        output = dvc(reproduced, "repro", "--single-item", "train@avatars-108", check=False)
        assert "fixed latent_dim of 108" in output
        assert "Traceback" not in output
    finally:
        (reproduced / "params.yaml").write_text(params)
    assert all(path.exists() for path in kept)
    dvc(reproduced, "checkout")
    assert weights.read_bytes() == trained
    assert "up to date" in dvc(reproduced, "status")


def test_two_runs_of_one_name_are_told_by_dvc_too(reproduced: Path) -> None:
    params = (reproduced / "params.yaml").read_text()
    line = "  tiny-8: {dataset: photos, model: cifar10_cnn, latent_dim: 4, recipe: tiny, seed: 1}\n"
    (reproduced / "params.yaml").write_text(params.replace("runs:\n", "runs:\n" + line))
    try:
        output = dvc(reproduced, "repro", check=False)
    finally:
        (reproduced / "params.yaml").write_text(params)
    assert "params.yaml" in output
    assert "Traceback" not in output
    assert stages_run(output) == set()


# What an edit to a line in each room makes stale. No line here but the last three trains anything.
STALE: dict[str, set[str]] = {
    "ui/errors.py": set(),
    "ui/progress.py": set(),
    "ui/tensorboard.py": set(),
    "config/params.py": set(),
    "storage/files.py": set(),
    "tools/workspace.py": set(),
    "commands/image_search.py": set(),
    "stages/report/wording.py": {"report"},
    "stages/curve/coloured.py": {"curve"},
    "charts/palette.py": {"curve", "report"},
    "drawing/style.py": {"plot", "evaluate_seeds", "curve", "diagram"},
    "codecs/latent_codec.py": {"baseline", "compress", "curve"},
    "measures/pca.py": {
        "evaluate",
        "plot",
        "baseline",
        "ood",
        "generate",
        "retrieve",
        "map",
        "compress",
        "evaluate_seeds",
        "curve",
        "explore",
    },
    "inference/embeddings.py": {
        "evaluate",
        "plot",
        "embed",
        "ood",
        "generate",
        "compress",
        "evaluate_seeds",
        "explore",
    },
    "data/splitting.py": {"prepare"},
    "training/trainer.py": {"train", "train_seeds"},
    "models/base/autoencoder.py": {
        *(
            "train",
            "evaluate",
            "plot",
            "embed",
            "ood",
            "generate",
            "compress",
            "train_seeds",
            "evaluate_seeds",
            "curve",
        ),
        "explore",
    },
    "models/punks_cnn.py": {
        *("train", "evaluate", "plot", "embed", "ood", "generate", "compress", "train_seeds", "evaluate_seeds"),
        "explore",
    },
}


@pytest.mark.parametrize("file", STALE)
def test_an_edit_makes_stale_what_works_with_its_room(file: str, reproduced: Path) -> None:
    lock = yaml.safe_load((reproduced / "dvc.lock").read_text())["stages"]
    module = Path("src/autoencoder") / file
    stale = {name for name, entry in lock.items() if any(module.is_relative_to(dep["path"]) for dep in entry["deps"])}
    assert {stage.split("@")[0] for stage in stale} == STALE[file]
    if file.startswith("models/punks"):  # another network trains its own runs alone
        assert {stage for stage in stale if stage.startswith("train@")} == {"train@avatars-108"}


@pytest.mark.parametrize("file", ["ui/errors.py", "codecs/latent_codec.py"])
def test_dvc_sees_an_edit_as_that_table_does(file: str, reproduced: Path) -> None:
    module = reproduced / "src/autoencoder" / file
    text = module.read_text()
    module.write_text(text + "\n# edited\n")
    try:
        output = stages_run(dvc(reproduced, "repro", "--dry"))
    finally:
        module.write_text(text)
    assert {stage.split("@")[0] for stage in output} == STALE[file]


def test_every_room_has_a_line_in_that_table_and_contributors_are_told() -> None:
    rooms = {
        path.parent.relative_to(PROJECT / "src/autoencoder").parts[0] for path in PROJECT.glob("src/autoencoder/*/*.py")
    }
    assert rooms == {file.split("/")[0] for file in STALE}
    order = yaml.safe_load((PROJECT / "dvc.yaml").read_text())["stages"]
    rows = (
        f"| `{file}` | {', '.join(name for name in order if name in stale) or 'nothing'} |"
        for file, stale in STALE.items()
    )
    assert "\n".join(rows) in (PROJECT / "CONTRIBUTING.md").read_text()


def test_one_line_more_trains_one_run_and_going_back_trains_none(reproduced: Path) -> None:
    params = (reproduced / "params.yaml").read_text()
    line = "  tiny-4: {dataset: photos, model: cifar10_cnn, latent_dim: 4, recipe: tiny, seed: 1}\n"
    (reproduced / "params.yaml").write_text(params.replace("runs:\n", "runs:\n" + line))
    due = json.loads(dvc(reproduced, "status", "--json")).keys()
    again = ("curve", "report", "explore")  # what has all runs in it
    assert {stage for stage in due if not stage.startswith(again)} == {f"{stage}@tiny-4" for stage in OF_RUNS}
    done = stages_run(dvc(reproduced, "repro", "curve@photos"))
    assert {stage for stage in done if stage.startswith("train")} == {"train@tiny-4"}
    curve = json.loads((reproduced / "plots/photos/error-curve.json").read_text())
    assert {record["latent_dim"] for record in curve if record["run"] != "pca"} == {4, 8}
    (reproduced / "params.yaml").write_text(params)
    environment = {**os.environ, "PYTHONPATH": "src"}
    subprocess.run([sys.executable, "-m", "autoencoder.tools.tidy"], cwd=reproduced, env=environment, check=True)
    for folder in ("plots", "models", "metrics", "data/embeddings"):
        assert not list((reproduced / folder).glob("tiny-4*"))
    assert not {stage for stage in stages_run(dvc(reproduced, "repro")) if stage.startswith("train")}
    curve = json.loads((reproduced / "plots/photos/error-curve.json").read_text())
    assert {record["latent_dim"] for record in curve if record["run"] != "pca"} == {8}


def test_a_data_set_without_its_pictures_keeps_no_other_from_its_curves(reproduced: Path) -> None:
    prepared = reproduced / "data/prepared/avatars"
    prepared.rename(prepared.with_name("away"))
    try:
        due = stages_run(dvc(reproduced, "repro", "--dry", "curve@photos"))  # those of `photos` that a test before left
        asked = dvc(reproduced, "repro", "--dry", "curve@avatars", check=False)  # a dry run prepares nothing, and fails
        assert "prepare@avatars" in stages_run(asked)
    finally:
        prepared.with_name("away").rename(prepared)
    assert not {stage for stage in due if "avatars" in stage}


def test_old_params_come_from_the_cache(reproduced: Path) -> None:
    path = reproduced / "params.yaml"
    old = path.read_text()
    weights = (reproduced / "models/tiny-8/weights.safetensors").read_bytes()
    params = yaml.safe_load(old)
    params["runs"]["tiny-8"]["seed"] = 5
    write_params(reproduced, params)
    dvc(reproduced, "repro", "train@tiny-8")
    assert (reproduced / "models/tiny-8/weights.safetensors").read_bytes() != weights
    path.write_text(old)
    output = dvc(reproduced, "repro", "train@tiny-8")
    assert "cached" in output
    assert stages_run(output) == set()
    assert (reproduced / "models/tiny-8/weights.safetensors").read_bytes() == weights


def test_a_killed_training_ends_with_the_same_weights(reproduced: Path, tmp_path: Path) -> None:
    """kill -9 in the middle; the next start goes on, to the very bytes that an undisturbed training gives."""
    project = tmp_path / "project"
    shutil.copytree(reproduced, project, ignore=shutil.ignore_patterns("cache", "tmp", "embeddings"))
    params = yaml.safe_load((project / "params.yaml").read_text())
    params["train"]["tiny"]["epochs"] = 6
    write_params(project, params)
    command = [sys.executable, "src/train.py", "tiny-8"]
    subprocess.run(command, cwd=project, check=True, capture_output=True)
    expected = (project / "models/tiny-8/weights.safetensors").read_bytes()

    shutil.rmtree(project / "models/tiny-8")
    process = subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    while "epoch 2/6" not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (project / "models/tiny-8/weights.safetensors").exists()
    resumed = subprocess.run(command, cwd=project, check=True, capture_output=True, text=True)
    assert "resuming tiny-8 after epoch" in resumed.stderr
    assert (project / "models/tiny-8/weights.safetensors").read_bytes() == expected
    assert not list((project / ".resume").glob("*.pt"))


def test_git_clone_and_pull_bring_the_weights(reproduced: Path, tmp_path: Path) -> None:
    """What the README promises: a clone pulls the weights without a server; diffs and experiments read well."""
    original, clone = tmp_path / "original", tmp_path / "clone"
    shutil.copytree(reproduced, original, ignore=shutil.ignore_patterns("page", "tmp"))
    (original / ".dvc/config.local").unlink()
    shutil.copyfile(PROJECT / ".gitignore", original / ".gitignore")
    shutil.copyfile(PROJECT / ".dvc/.gitignore", original / ".dvc/.gitignore")
    git(original, "init", "--quiet")
    dvc(original, "push")
    git(original, "add", "--all")
    git(original, "commit", "--quiet", "--message", "all")
    assert sum(file.stat().st_size for file in (original / ".dvc/weights").rglob("*") if file.is_file()) < 3_000_000

    git(tmp_path, "clone", "--quiet", str(original), str(clone))
    dvc(clone, "pull")
    weights = "models/tiny-8/weights.safetensors"
    assert (clone / weights).read_bytes() == (original / weights).read_bytes()
    asked = dvc(clone, "repro", "--allow-missing", "curve")
    assert stages_run(asked) == set()
    assert not (clone / "data/prepared").exists()
    # On another processor, too: what is not brought is made again to the same bytes, and nothing that takes minutes.
    output = stages_run(dvc(clone, "repro", variables=OTHER_PROCESSOR))
    again = {f"{stage}@{run}" for stage in ("embed", "plot", "project") for run in TINY_RUNS}
    # And curve: .gitignore leaves out its picture out-of-distribution.png, but for the study's own data sets.
    of_datasets = {f"{stage}@{dataset}" for stage in ("prepare", "curve") for dataset in ("photos", "avatars")}
    assert output == again | of_datasets
    for file in ("data/embeddings/tiny-8/train.npz", "plots/tiny-8/map.png", "plots/avatars-108/untrained.png"):
        assert (clone / file).read_bytes() == (original / file).read_bytes()
    assert dvc(clone, "status").strip() == "Data and pipelines are up to date."
    picture, sent = tmp_path / "picture.png", tmp_path / "sent.ae"
    with np.load(clone / "data/prepared/photos/test.npz") as arrays:
        Image.fromarray(arrays["images"][3].transpose(1, 2, 0)).save(picture)
    encode = script(clone, "src/encode.py", "--run", "tiny-8", str(picture), str(sent), **OTHER_PROCESSOR)
    assert encode.returncode == 0, encode.stderr
    received = tmp_path / "here.png", tmp_path / "there.png"  # the codec is the same on both
    for workspace, written, variables in ((original, received[0], {}), (clone, received[1], OTHER_PROCESSOR)):
        decode = script(workspace, "src/decode.py", str(sent), str(written), **variables)
        assert decode.returncode == 0, decode.stderr
    assert received[0].read_bytes() == received[1].read_bytes()

    diff_before = subprocess.run(["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True).stdout
    assert diff_before == ""
    dvc(clone, "exp", "run", "-S", "train.tiny.epochs=1", "train@tiny-8", "evaluate@tiny-8")
    assert re.search(r"train\.tiny\.epochs +2 +1", dvc(clone, "params", "diff"))
    assert re.search(r"metrics/photos/tiny-8.json +num_epochs +2 +1", dvc(clone, "metrics", "diff"))
    shown = charts(clone, "diff", "HEAD")["metrics/photos/learning/tiny-8.json"]
    epochs = {rev: {point["epoch"] for point in shown if point["rev"] == rev} for rev in ("HEAD", "workspace")}
    assert epochs == {"HEAD": {1, 2}, "workspace": {1}}
    assert "train@tiny-8" in dvc(clone, "dag")
