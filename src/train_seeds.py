"""Train one network from several seeds -> models/seeds/<study>."""

import os

from autoencoder.stages.train_seeds.seeds import train_seeds
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    parent = os.getppid()
    states = train_seeds(name)
    if os.getppid() == parent:  # else DVC was killed: it will delete these outputs, and go on from the states
        for state in states:
            state.unlink(missing_ok=True)


if __name__ == "__main__":
    run_stage(main, "a study: a key of `seeds` in params.yaml")
