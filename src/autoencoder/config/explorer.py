"""What the explorer shows: the `explore` section of params.yaml."""

from pydantic import Field

from autoencoder.config.params import ParamsSection, get_section, load_params, parse

MOST_IMAGES = 10_000  # of a data set, on a page


class ExplorerOptions(ParamsSection):
    """One entry of the `explore` section of params.yaml."""

    title: str = Field(min_length=1)
    num_images: int = Field(ge=2, le=MOST_IMAGES)  # of each data set's test images, drawn at random
    leave_out: list[str] = Field(default_factory=list)  # runs that the page does without, to be light


def load_explorer_options(name: str) -> ExplorerOptions:
    """The explorer called `name`, as params.yaml asks for it."""
    return parse(ExplorerOptions, get_section(load_params(), "explore", name), f"explore.{name}")
