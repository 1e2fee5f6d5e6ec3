"""params.yaml: every mistake is one line that says where it is and what is allowed."""

import re
from pathlib import Path

import pytest
from dvc.utils.serialize import YAMLFileCorruptedError
from dvc.utils.serialize import parse_yaml as dvc_parse_yaml
from ruamel.yaml.error import YAMLError

from autoencoder.config.diagrams import load_layer_sizes
from autoencoder.config.params import load_params, parse_yaml
from autoencoder.config.plot import PlotOptions, load_plot_options
from autoencoder.config.retrieval import load_retrieval_options
from autoencoder.config.runs import load_run, load_runs
from autoencoder.ui.errors import UserError
from tests.conftest import PROJECT, tiny_params, write_params


def broken(folder: Path, *keys: str, value: object) -> None:
    params = tiny_params()
    section = params
    for key in keys[:-1]:
        section = section[key]
    section[keys[-1]] = value
    write_params(folder, params)


def message() -> str:
    with pytest.raises(UserError) as caught:
        load_runs()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_runs_are_filled_in(in_project: Path) -> None:
    run = load_run("tiny-8")
    assert (run.dataset, run.model, run.latent_dim, run.seed) == ("photos", "cifar10_cnn", 8, 1)
    assert run.recipe.epochs == 2
    assert run.model_options["base_channels"] == 4


def test_a_run_may_override_model_options(in_project: Path) -> None:
    broken(in_project, "runs", "tiny-8", "options", value={"final_activation": "tanh"})
    assert load_run("tiny-8").model_options["final_activation"] == "tanh"
    assert load_run("tiny-8").model_options["base_channels"] == 4


@pytest.mark.parametrize(
    ("keys", "value", "parts"),
    [
        (("runs", "tiny-8", "latent_dim"), 0, ["runs.tiny-8.latent_dim", "greater than or equal to 1", "got 0"]),
        (("runs", "tiny-8", "latent_dim"), "eight", ["runs.tiny-8.latent_dim", "valid integer", "'eight'"]),
        (("runs", "tiny-8", "latent_dim"), True, ["runs.tiny-8.latent_dim", "valid integer", "True"]),
        (("runs", "tiny-8", "latents"), 8, ["runs.tiny-8", "unknown key 'latents'", "latent_dim"]),
        (("runs", "tiny-8", "recipe"), "slow", ["no 'slow' in train", "tiny"]),
        (("runs", "tiny-8", "dataset"), "mnist", ["no 'mnist' in prepare", "photos"]),
        (("runs", "tiny-8", "model"), "vae", ["no 'vae' in models", "cifar10_cnn"]),
        (("runs", "a.b"), {}, ["'a.b' cannot name a run"]),
        (("runs", "../x"), {}, ["'../x' cannot name a run"]),
        (("train", "tiny", "learning_rate"), "0.003", ["train.tiny.learning_rate", "write 0.003"]),
        (("train", "tiny", "learning_rate"), -1.0, ["train.tiny.learning_rate", "greater than 0"]),
        (("train", "tiny", "learning_rat"), 1.0, ["train.tiny", "unknown key 'learning_rat'", "learning_rate"]),
        (("train", "tiny", "schedule"), "step", ["train.tiny.schedule", "constant, cosine, linear, plateau", "'step'"]),
        (("train", "tiny", "precision"), "fp16", ["train.tiny.precision", "'auto', 'fp32' or 'bf16'"]),
        (("train", "tiny", "schedule"), ["cosine"], ["train.tiny.schedule", "['cosine']"]),
        (("train", "tiny", "optimizer"), "sgd", ["train.tiny.optimizer", "adam, muon", "'sgd'"]),
        (("train", "tiny", "optimizer"), "muon", ["train.tiny", "unknown key 'beta2'", "momentum"]),
        (("runs", "tiny-8", "latent_dim"), 10**12, ["runs.tiny-8.latent_dim", "65536"]),
        (("trian",), {}, ["unknown section 'trian'", "train"]),
        (("device",), 3, ["device", "got 3"]),
        (("runs",), {}, ["runs", "mapping"]),
    ],
)
def test_mistakes_are_named(in_project: Path, keys: tuple[str, ...], value: object, parts: list[str]) -> None:
    broken(in_project, *keys, value=value)
    text = message()
    for part in ["params.yaml", *parts]:
        assert part in text


@pytest.mark.parametrize(
    ("keys", "value", "expected"),
    [
        (
            ("runs", "tiny-8", "latents"),
            8,
            "runs.tiny-8: unknown key 'latents'; allowed: dataset, epochs, latent_dim, "
            "model, nested, options, recipe, seed",
        ),
        (
            ("train", "tiny", "learning_rate"),
            -1.0,
            "train.tiny.learning_rate: input should be greater than 0, got -1.0",
        ),
        (
            ("train", "tiny", "learning_rate"),
            "0.003",
            "train.tiny.learning_rate: input should be a valid number, got '0.003' (in quotes it is text; write 0.003)",
        ),
        (
            ("train", "tiny", "learning_rate"),
            "fast",
            "train.tiny.learning_rate: input should be a valid number, got 'fast'",
        ),
    ],
)
def test_a_mistake_is_one_whole_sentence(in_project: Path, keys: tuple[str, ...], value: object, expected: str) -> None:
    broken(in_project, *keys, value=value)
    assert message() == f"params.yaml: {expected}"


def test_a_missing_key_is_named(in_project: Path) -> None:
    params = tiny_params()
    del params["runs"]["tiny-8"]["seed"]
    write_params(in_project, params)
    assert "runs.tiny-8.seed: missing" in message()


def test_two_runs_of_one_name_are_an_error(in_project: Path) -> None:
    text = Path("params.yaml").read_text()
    line = "  tiny-8: {dataset: photos, model: cifar10_cnn, latent_dim: 9, recipe: tiny, seed: 1}\n"
    Path("params.yaml").write_text(text.replace("runs:\n", "runs:\n" + line))
    assert "'tiny-8' is there twice" in message()


@pytest.mark.parametrize(
    "text", ["042", "1e-3", "1.0e-3", "0o17", "yes", "off", "1_000", "12:30:45", "0x1F", "~", "2020-01-01"]
)
def test_a_value_is_what_dvc_reads(in_project: Path, text: str) -> None:
    Path("params.yaml").write_text(f"runs: {text}\n")
    assert load_params() == dvc_parse_yaml(f"runs: {text}\n", "params.yaml")


def test_yaml_merge_keys_are_understood(in_project: Path) -> None:
    Path("params.yaml").write_text("models:\n  a: &a {x: 1}\n  b: {<<: *a, y: 2}\n")
    assert load_params()["models"]["b"] == {"x": 1, "y": 2}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (b"runs: [", r"^params.yaml: not valid YAML: while parsing a flow node expected the node content"),
        (b"runs: 2020-13-45", r"^params.yaml: not valid YAML: month must be in 1..12$"),
        (b"- 1", "must be a mapping"),
        (b"runs: \xff", "not valid YAML"),
        (b"runs: {{a: 1}: 2}", "line 1: a list or mapping cannot be a key"),
        (b"device: 1\nruns: 2\ndevice: 3", "line 3: 'device' is there twice; rename one"),
    ],
)
def test_a_file_that_is_no_mapping(in_project: Path, text: bytes, part: str) -> None:
    Path("params.yaml").write_bytes(text)
    with pytest.raises(UserError, match=part):
        load_params()


def test_no_file_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=r"params.yaml is missing"):
        load_params()


def test_an_unknown_run_is_named_with_those_there_are(in_project: Path) -> None:
    with pytest.raises(UserError, match=r"no run is called 'x'; there is: tiny-8, avatars-108"):
        load_run("x")


VALUES = """
- 042
- 1e-3
- 1E3
- 1.0e-3
- 1_000
- 0o17
- 017
- 0x1F
- 0b11
- 12:30:45
- 2020-01-01
- .inf
- -.Inf
- .5
- 5.
- +1
- yes
- no
- on
- off
- y
- True
- TRUE
- ~
- null
- Null
- ""
- '1'
- "caf\\xe9"
"""


def test_every_odd_value_is_what_dvc_reads() -> None:
    assert repr(parse_yaml(VALUES)) == repr(dvc_parse_yaml(VALUES, "params.yaml"))
    assert parse_yaml(VALUES)[:6] == [42, 0.001, 1000.0, 0.001, 1000, 15]  # YAML 1.1 has 34 and texts


def test_a_key_that_is_there_twice_is_refused_by_both() -> None:
    text = "runs: {a: 1, a: 2}"
    with pytest.raises(YAMLError):
        parse_yaml(text)
    with pytest.raises(YAMLFileCorruptedError):
        dvc_parse_yaml(text, "params.yaml")


def test_there_is_one_reader_of_yaml() -> None:
    """PyYAML reads YAML 1.1, where 042 is 34 and 1e-3 a text."""
    readers = re.compile(r"yaml\.(safe_|full_|unsafe_)?load|\bYAML\(")
    found = [path for path in (PROJECT / "src").rglob("*.py") if readers.search(path.read_text())]
    assert [path.name for path in found] == ["params.py"]


def test_the_sections_of_figures_are_read_and_their_mistakes_named(in_project: Path) -> None:
    params = tiny_params()
    params["plot"], params["diagram"] = {"columns": 3, "rows": 2}, {"small": {"layers": [4, 1, 4]}}
    write_params(in_project, params)
    assert load_plot_options() == PlotOptions(columns=3, rows=2)
    assert load_layer_sizes("small") == [4, 1, 4]
    with pytest.raises(UserError, match=r"^params.yaml: no 'other' in diagram; there is: small$"):
        load_layer_sizes("other")
    broken(in_project, "diagram", "hourglass", value={"layers": [4]})
    with pytest.raises(UserError, match=r"^params.yaml: diagram.hourglass.layers: list should have at least 2 items"):
        load_layer_sizes("hourglass")
    broken(in_project, "retrieve", "neighbors", value=0)
    with pytest.raises(
        UserError, match=r"^params.yaml: retrieve.neighbors: input should be greater than or equal to 1"
    ):
        load_retrieval_options()
    broken(in_project, "plot", "columns", value=0)
    with pytest.raises(UserError, match=r"^params.yaml: plot.columns: input should be greater than or equal to 1"):
        load_plot_options()
