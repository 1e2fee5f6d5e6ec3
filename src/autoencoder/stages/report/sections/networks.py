"""Each run's network, layer by layer."""

from autoencoder.stages.report.blocks import Block, Figure, Figures, Heading, ReportSection, Text
from autoencoder.stages.report.results import StudyResults, figure
from autoencoder.stages.report.wording import number, plural
from autoencoder.storage.files import Record


def write_section(study: StudyResults) -> ReportSection | None:
    """Each run's network, layer by layer."""
    if not study.with_runs:
        return None
    text = (
        "Every layer as it is, from the picture at the top to the picture at the bottom; bars are as wide as the "
        "logarithm of how many numbers a layer hands on. Branches stand side by side, and a plus says where they are "
        "added. Look for the narrowest on the way that all must go: that is the code."
    )
    blocks: list[Block] = [Text(text)]
    for dataset in study.with_runs:
        rows = study.metrics_of_runs(dataset)
        sizes = "; ".join(f"`{row['run']}` {number(row['num_parameters'])}" for row in rows)
        blocks += [Heading(dataset.name), Text(f"Parameters: {sizes}."), Figures(tuple(map(_network, rows)))]
    return ReportSection("networks", "The networks, layer by layer", tuple(blocks))


def _network(row: Record) -> Figure:
    shape = f"{plural(row['num_parameters'], 'parameter')}, latent dimension {number(row['latent_dim'])}"
    alt = f"Layers of the network {row['model']} as bars from input to output: {shape}."
    return figure("plot", row["run"], f"{row['run']}/network.png", alt, f"{row['run']}: `{row['model']}`, {shape}.")
