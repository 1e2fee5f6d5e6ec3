"""What a recipe says where it leaves a key out, and what of it is written into weights."""

from pathlib import Path

from autoencoder.config.provenance import training_facts
from autoencoder.config.recipes import AdamRecipe, CosineRecipe, MuonRecipe, load_recipe
from autoencoder.config.runs import load_run
from tests.conftest import tiny_params, write_params
from tests.recipes import fields


def test_adam_without_flips_unless_it_says_otherwise() -> None:
    written = fields("adam", "cosine")
    for key in ("optimizer", "horizontal_flips"):
        del written[key]
    recipe = load_recipe({"train": {"short": written}}, "short")
    assert isinstance(recipe, AdamRecipe)
    assert isinstance(recipe, CosineRecipe)
    assert (recipe.optimizer, recipe.horizontal_flips) == ("adam", False)


def test_an_optimizer_and_a_schedule_bring_their_keys() -> None:
    recipe = load_recipe({"train": {"other": fields("muon", "cosine", horizontal_flips=True)}}, "other")
    assert isinstance(recipe, MuonRecipe)
    assert isinstance(recipe, CosineRecipe)
    assert recipe.horizontal_flips
    assert (recipe.momentum, recipe.warmup_fraction) == (0.9, 0.3)


def test_weights_say_what_was_written_and_no_more(in_project: Path) -> None:
    """A key that may be left out, and was, makes no weights stale."""
    params = tiny_params()
    section = {f"train.tiny.{key}": value for key, value in params["train"]["tiny"].items()}
    facts = training_facts(load_run("tiny-8"))
    assert {key: value for key, value in facts.items() if key.startswith("train.")} == section
    params["train"]["tiny"]["horizontal_flips"] = True
    write_params(Path(), params)
    assert training_facts(load_run("tiny-8"))["train.tiny.horizontal_flips"] is True
