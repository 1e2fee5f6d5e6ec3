"""What an autoencoder is."""

from autoencoder.config.diagrams import load_layer_sizes
from autoencoder.stages.report.blocks import Figure, Figures, ReportSection, Text
from autoencoder.stages.report.results import StudyResults, figure
from autoencoder.stages.report.wording import listing


def write_section(study: StudyResults) -> ReportSection | None:
    """What an autoencoder is: the diagrams."""
    names = study.names("diagram")
    if not names:
        return None
    text = (
        "The encoder turns the input into fewer numbers, the decoder turns those into the input again. Both are "
        "trained together, without labels, to make the output equal the input. What stands in the middle, the "
        "embedding, is then a code of the picture; its length is the latent dimension."
    )
    return ReportSection("idea", "What an autoencoder is", (Text(text), Figures(tuple(map(_diagram, names)))))


def _diagram(name: str) -> Figure:
    sizes = load_layer_sizes(name)
    alt = f"Layers of {listing(map(str, sizes))} nodes from left to right, each node joined to all of the next layer."
    return figure("diagram", name, f"diagrams/{name}.png", alt, f"{sizes[0]} numbers through {min(sizes)}.")
