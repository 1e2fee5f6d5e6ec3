"""How image search is shown and counted: the `retrieve` section of params.yaml."""

from typing import Annotated

from pydantic import Field

from autoencoder.config.params import ParamsSection, get_section, load_params, parse


class RetrievalOptions(ParamsSection):
    """The `retrieve` section of params.yaml."""

    neighbors: int = Field(ge=1, le=1000)  # shown and counted for each query
    near_duplicate: float = Field(gt=0, le=1)  # correlation of pixels from which two pictures count as one
    near_duplicate_of: dict[str, Annotated[float, Field(gt=0, le=1)]] = Field(default_factory=dict)  # by data set

    def threshold(self, dataset: str) -> float:
        """The correlation from which two pictures of `dataset` count as one."""
        return self.near_duplicate_of.get(dataset, self.near_duplicate)


def load_retrieval_options() -> RetrievalOptions:
    """What params.yaml asks for."""
    return parse(RetrievalOptions, get_section(load_params(), "retrieve"), "retrieve")
