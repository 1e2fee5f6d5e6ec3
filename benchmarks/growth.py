"""How cost grows: seconds and peak memory against the number of images, the latent dimension, and the image's size.

On made-up images, in a scratch folder: an epoch of the recipe `muon` for 1 k to 45 k images, 16 to 1,024 latents, and
images of 32, 64 and 128 pixels a side; then `embed` and image search over up to a million images. Prints, writes
benchmarks/growth.json, and draws benchmarks/growth.png. Needs 8 GB of disk in the folder for temporary files.
"""

import json
import os
import shutil
import sys
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from PIL import Image

from autoencoder.config.params import load_params
from autoencoder.config.provenance import preparation_facts, training_facts
from autoencoder.inference.trained_run import load_untrained
from autoencoder.storage import paths
from autoencoder.storage.files import Record, write_json
from autoencoder.storage.prepared import Manifest, Split, write_prepared
from autoencoder.storage.provenance import made_from
from autoencoder.storage.weights import save_weights
from benchmarks.growth_figure import draw
from benchmarks.machine import about_machine
from benchmarks.stages import waited

LATENT_DIM, SIDE = 64, 32  # where the number of images grows
# Images, latents, pixels a side: one of them grows at a time.
TRAININGS = (
    *((count, LATENT_DIM, SIDE) for count in (1_000, 5_000, 15_000, 45_000)),
    *((5_000, latent_dim, SIDE) for latent_dim in (16, 256, 1_024)),
    *((5_000, LATENT_DIM, side) for side in (64, 128)),
)
CORPORA = (1_000, 10_000, 100_000, 1_000_000)
NUM_HELD_OUT = 100
BLOCK = 10_000  # images made at once
RUN, DATASET = "growth", "noise"

Params = dict[str, Any]


def write_params(params: Params, latent_dim: int) -> None:
    """This project's params.yaml with one run, on a data set of made-up images."""
    line = {"dataset": DATASET, "model": "cifar10_cnn", "latent_dim": latent_dim, "recipe": "muon", "seed": 0}
    params = params | {"runs": {RUN: {**line, "epochs": 1}}, "seeds": {}, "published": {}}
    params["prepare"] = {DATASET: {"kind": "sample", "value_range": [-1.0, 1.0], "split_seed": 0}}
    Path("params.yaml").write_text(yaml.safe_dump(params, sort_keys=False))


def write_images(count: int, side: int) -> None:
    """A prepared data set of `count` training images of noise, never whole in memory, and few others."""
    rng = np.random.default_rng(0)
    with tempfile.NamedTemporaryFile(dir=".") as scratch:
        images = np.memmap(scratch.name, np.uint8, "w+", shape=(count, 3, side, side))
        for start in range(0, count, BLOCK):
            block = images[start : start + BLOCK]
            block[:] = rng.integers(0, 256, block.shape, dtype=np.uint8)
        held_out = rng.integers(0, 256, (NUM_HELD_OUT, 3, side, side), dtype=np.uint8)
        splits = {
            name: Split(of_split, np.arange(len(of_split)), {})
            for name, of_split in {"train": images, "val": held_out, "test": held_out}.items()
        }
        counts = {name: len(split.images) for name, split in splits.items()}
        facts = preparation_facts(DATASET)
        manifest = Manifest(DATASET, "sample", "noise", True, (-1.0, 1.0), {}, (3, side, side), counts, made_from=facts)
        write_prepared(paths.prepared(DATASET), splits, manifest)


def train(params: Params, images: int, latent_dim: int, side: int) -> Record:
    """Seconds of an epoch, and peak memory, at these sizes."""
    write_params(params, latent_dim)
    write_images(images, side)
    _, megabytes = waited(sys.executable, "src/train.py", RUN)
    (epoch,) = json.loads(paths.history(RUN).read_text())["epochs"]
    size = {"images": images, "latent_dim": latent_dim, "side": side}
    return {"what": "train", **size, "seconds": round(epoch["fit_seconds"], 2), "peak_mb": round(megabytes)}


def embed_and_search(params: Params, count: int) -> list[Record]:
    """The same of `embed`, and of a search, over so many images, with initial weights."""
    write_params(params, LATENT_DIM)
    write_images(count, SIDE)
    untrained = load_untrained(RUN)
    weights = {name: value.half() for name, value in untrained.model.state_dict().items()}
    save_weights(weights, paths.weights(RUN), made_from(training_facts(untrained.run), untrained.manifest))
    noise = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    Image.fromarray(noise).save("query.png")
    commands = {"embed": ("embed", RUN), "search": ("search", "--run", RUN, "query.png")}
    size = {"images": count, "latent_dim": LATENT_DIM, "side": SIDE}
    records = []
    for what, (script, *arguments) in commands.items():
        seconds, megabytes = waited(sys.executable, f"src/{script}.py", *arguments)
        records.append({"what": what, **size, "seconds": round(seconds, 2), "peak_mb": round(megabytes)})
    return records


def main() -> None:
    """Measure, print, write, draw."""
    params, records = load_params(), list[Record]()

    def keep(*new: Record) -> None:
        records.extend(new)
        for record in new:
            print("  ".join(f"{key} {value}" for key, value in record.items()), flush=True)

    os.environ["OMP_NUM_THREADS"] = "1"
    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "src").symlink_to(Path("src").resolve())
        with chdir(folder):
            for sizes in TRAININGS:
                keep(train(params, *sizes))
            for count in CORPORA:
                keep(*embed_and_search(params, count))
    finally:
        shutil.rmtree(folder)
    write_json(Path("benchmarks/growth.json"), [about_machine(), *records])
    draw(records, Path("benchmarks/growth.png"))


if __name__ == "__main__":
    main()
