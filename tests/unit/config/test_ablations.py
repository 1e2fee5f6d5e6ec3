"""The file of what was tried: read, checked, and laid out as the tables of the page and the report."""

from pathlib import Path

import pytest

from autoencoder.config.ablations import ABLATIONS, load_ablations
from autoencoder.stages.report.facts.ablations import tabulate
from autoencoder.ui.errors import UserError

TEXT = """\
tried:
  dataset: someones
  about: "Trials"
  trials:
  - {latent_dim: 8, what: first, val_sse: 50.0, multiply_adds: 1.0}
  - {latent_dim: 8, what: better, val_sse: 40.0, epochs: 3}
  - {latent_dim: 4, what: another size, val_sse: 80.0}
nested:
  dataset: someones
  about: "First latents"
  trials:
  - {what: PCA, val_sse: {4: 80, 8: 50.25}}
  - {what: ours, val_sse: {8: 45.0}}
"""


def write(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    ABLATIONS.parent.mkdir()
    ABLATIONS.write_text(text)


def test_trials_stand_beside_the_first_at_their_dimension(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, TEXT, monkeypatch)
    tried = tabulate(load_ablations()["tried"])
    assert tried.head == ("numbers", "what", "epochs", "multiply-adds", "val SSE", "beside the first")
    assert tried.num_text == 2
    assert tried.rows == (
        ("8", "first", "-", "1.00 x", "50.00", "-"),
        ("8", "better", "3", "-", "40.00", "-20.0 %"),
        ("4", "another size", "-", "-", "80.00", "-"),
    )


def test_nested_ones_have_a_column_a_number_of_latents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, TEXT, monkeypatch)
    nested = tabulate(load_ablations()["nested"])
    assert nested.head == ("what", "4 kept", "8 kept")
    assert nested.rows == (("PCA", "80.0", "50.2"), ("ours", "-", "45.0"))


def test_without_the_file_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_ablations() == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- 1", r"docs/ablations.yaml: must be a mapping of groups of trials, is list"),
        (TEXT.replace("50.0,", "many,"), r"docs/ablations.yaml: tried.trials.0.val_sse.*got 'many'"),
    ],
)
def test_a_mistake_is_told_with_its_place(
    text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, text, monkeypatch)
    with pytest.raises(UserError, match=told):
        load_ablations()
