"""Train one network from several seeds -> models/seeds/<study>."""

from autoencoder.stages.train_seeds.seeds import train_seeds
from autoencoder.training.starter import Starter
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    starter = Starter()
    states = train_seeds(name, starter)
    if not starter.gone():  # else DVC was killed: it will delete these outputs, and go on from the states
        for state in states:
            state.unlink(missing_ok=True)


if __name__ == "__main__":
    run_stage(main, "a study: a key of `seeds` in params.yaml")
