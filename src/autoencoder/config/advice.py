"""Of which data sets a person is told what to make of them: the `advise` section of params.yaml."""

from pydantic import Field

from autoencoder.config.params import ParamsSection, get_section, load_params, parse


class AdviceOptions(ParamsSection):
    """One entry of `advise`, named after a data set that is a folder of pictures."""

    examples: int = Field(ge=1, le=100)  # files named of each kind


def load_advice_options(name: str) -> AdviceOptions:
    """What params.yaml asks for. Raises UserError where it is wrong, or there is no such data set."""
    params = load_params()
    get_section(params, "prepare", name)
    return parse(AdviceOptions, get_section(params, "advise", name), f"advise.{name}")
