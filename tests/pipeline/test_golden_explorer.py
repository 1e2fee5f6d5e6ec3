"""The committed networks in the explorer's page: they draw what PyTorch draws, of genuine test images.

A page has a network's weights as halves; those of a trained network are halves already (`in_half_precision` of
training/trainer.py), so that nothing is lost, and what differs is the order of sums in single precision. A byte may
still differ by one where a value lies just between two.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from autoencoder.inference.decoding import as_bytes, decode_images
from autoencoder.inference.embeddings import create_embeddings
from autoencoder.inference.trained_run import TrainedRun, load_trained
from autoencoder.measures.sampling import sample_rows
from autoencoder.models.base.nested import keep_first
from autoencoder.stages.explore.explorer import _program
from autoencoder.stages.explore.page import TEMPLATES
from autoencoder.storage import paths
from autoencoder.storage.prepared import read_split
from tests.browser import needs_chromium
from tests.committed_study import make_committed_study

pytestmark = [pytest.mark.genuine, pytest.mark.timeout(900), needs_chromium]

RUNS = ("cifar10-nested", "punks-nested")  # whose encoders the page has
NUM_IMAGES = 20
GREY_LEVEL = 1 / 255


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The committed study as the working directory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(make_committed_study(tmp_path_factory.mktemp("golden-explorer"), RUNS))
        yield


def open_network(browser: Any, trained: TrainedRun) -> Any:
    """A page with the run's network in it, `inPage`, packed and unpacked as the explorer does."""
    page = browser.new_page()
    for script in ("network.js", "study.js"):
        page.add_script_tag(content=(TEMPLATES / script).read_text())
    programs = {part: _program(trained, part, exact=True) for part in ("encoder", "decoder")}
    page.evaluate(
        """([data, [channels, height, width], latentDim]) => {
          const dataset = {channels, height, width};
          window.inPage = Object.assign(Object.create(RunInPage.prototype), {data, dataset, latentDim});
        }""",
        [
            {"value_range": list(trained.manifest.value_range), **programs},
            list(trained.manifest.image_shape),
            trained.run.latent_dim,
        ],
    )
    return page


@pytest.mark.parametrize("run", RUNS)
def test_the_page_draws_what_pytorch_draws(study: None, browser: Any, run: str) -> None:
    assert paths.weights(run).is_file(), f"the weights of {run} are not kept: make keep"
    trained = load_trained(run)
    test = read_split(trained.run.dataset, "test").images
    images = test[sample_rows(len(test), NUM_IMAGES)]
    page = open_network(browser, trained)
    found = page.evaluate(
        """(pictures) => {
          window.numbers = pictures.map((picture) => inPage.encode(Float32Array.from(picture)));
          return numbers.map((each) => Array.from(each));
        }""",
        (images.reshape(NUM_IMAGES, -1) / 255).tolist(),
    )
    latents = create_embeddings(trained, images)
    assert np.abs(np.array(found) - latents).max() < 1e-4 * np.abs(latents).max()
    for kept in (16, 64, trained.run.latent_dim):
        made = page.evaluate("(kept) => numbers.map((each) => Array.from(inPage.decode(each, kept)))", kept)
        drawn = np.array(made).reshape(images.shape)
        expected = decode_images(trained, keep_first(torch.from_numpy(latents), kept).numpy())
        assert np.abs(drawn - expected).max() < 0.02 * GREY_LEVEL, kept
        apart = np.abs(np.rint(255 * drawn) - as_bytes(expected).astype(int))
        assert apart.max() <= 1, kept
        assert np.count_nonzero(apart) < 0.005 * apart.size, kept
    page.close()
