"""Sources and rights."""

from autoencoder.stages.report.blocks import Items, ReportSection, Text
from autoencoder.stages.report.results import StudyResults

# What is to be said of the rights in the pictures, by the kind of data set in params.yaml.
RIGHTS = {
    "cifar10": "CIFAR-10 (Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images) is a labelled subset "
    "of 80 Million Tiny Images, published for research without an explicit licence.",
    "punks": "CryptoPunks (Larva Labs 2017; rights now with the holders and their current owner): the sheet is public, "
    "the pictures carry rights of their own. The table of attributes comes from the book of the second tutorial.",
    "sample": "The built-in sample: two photographs that ship with scikit-learn (CC BY 2.0), and generated avatars.",
    "image_folder": "Your own pictures: their rights are for you to state.",
}


def write_section(study: StudyResults) -> ReportSection:
    """Sources and rights."""
    sources = tuple(
        f"{dataset.name}: {study.beside(dataset.name, 'dataset', 'baseline')['source']}." for dataset in study.datasets
    )
    kinds = dict.fromkeys(dataset.kind for dataset in study.datasets)
    rights = tuple(RIGHTS[kind] for kind in kinds if kind in RIGHTS)
    text = "The code is under the MIT licence. The data is not part of it, except for the few pictures in the figures."
    return ReportSection("data", "Data and licences", (Text(text), Items((*sources, *rights))))
