"""How often a training shows itself: the `tensorboard` section of params.yaml. It is no reason to train again."""

from pydantic import Field

from autoencoder.config.params import ParamsSection, get_section, load_params, parse


class TensorBoardOptions(ParamsSection):
    """The `tensorboard` section of params.yaml."""

    reconstructions_every: int = Field(ge=1)  # epochs between two pictures of reconstructions


def load_tensorboard_options() -> TensorBoardOptions:
    """What params.yaml asks for."""
    return parse(TensorBoardOptions, get_section(load_params(), "tensorboard"), "tensorboard")
