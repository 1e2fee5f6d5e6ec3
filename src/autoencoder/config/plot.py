"""How a run's reconstructions are laid out: the `plot` section of params.yaml."""

from pydantic import Field

from autoencoder.config.params import ParamsSection, get_section, load_params, parse


class PlotOptions(ParamsSection):
    """The `plot` section of params.yaml."""

    columns: int = Field(ge=1, le=20)  # images side by side
    rows: int = Field(ge=1, le=20)  # pairs of rows: originals over reconstructions


def load_plot_options() -> PlotOptions:
    """The layout that params.yaml asks for."""
    return parse(PlotOptions, get_section(load_params(), "plot"), "plot")
