"""The diagrams of what an autoencoder is: `diagram` in params.yaml, the nodes of each layer."""

from typing import Annotated

from pydantic import Field

from autoencoder.config.params import ParamsSection, get_section, load_params, parse


class Diagram(ParamsSection):
    """One entry of `diagram`."""

    layers: list[Annotated[int, Field(ge=1, le=32)]] = Field(min_length=2, max_length=15)


def load_layer_sizes(name: str) -> list[int]:
    """Nodes in each layer of the diagram `name`, from the input on. Raises UserError where it is missing or wrong."""
    return parse(Diagram, get_section(load_params(), "diagram", name), f"diagram.{name}").layers
