"""Pictures from random latents."""

from functools import partial

from autoencoder.stages.report.blocks import Block, Figures, Items, ReportSection, Table, Text
from autoencoder.stages.report.results import DataSet, StudyResults, figure
from autoencoder.stages.report.sections.by_dataset import by_dataset
from autoencoder.stages.report.wording import listing, number, plural
from autoencoder.storage.files import Record

DRAWN = {
    "standard_normal": "standard normal",
    "gaussian": "Gaussian fit",
    "mixture": "Gaussian mixture",
}

BESIDE = {"reconstructions": "reconstructed test images", "training_images": "training images"}


def write_section(study: StudyResults) -> ReportSection | None:
    """Pictures from random latents."""
    text = (
        "What does a decoder draw from numbers that no picture gave? They are drawn from a standard normal "
        "distribution, from a Gaussian with the mean and covariance of the training images' latents, and from a "
        "mixture of Gaussians fitted to those. The sliced Wasserstein distance (times 1,000) to test images says how "
        "far a set of pictures is from real ones. It was chosen because it needs no network trained on other pictures, "
        "as the usual FID does, compares whole sets, and sees texture and blur as well as layout: it looks at patches "
        "of 7 x 7 pixels at several scales, each set scaled by its own brightness and contrast (Karras et al. 2018). "
        "It does not see objects. Training images show what two real sets are apart, reconstructions what the decoder "
        "makes of latents that real pictures gave; random ones may come nearer, for the distance is one of sets, not "
        "of pictures. Look at how much a fitted distribution changes."
    )
    return by_dataset(study, "random-latents", "Pictures from random latents", text, _generated)


def _generated(dataset: DataSet, study: StudyResults) -> list[Block]:
    distances = {run.name: study.beside(run.name, "random-latents", "generate") for run in dataset.runs}
    sentences = []
    for name, row in distances.items():
        best, *_, worst = sorted(DRAWN, key=partial(_distance, row))
        sentences.append(
            f"`{name}`: of the three draws the nearest to test images is the {DRAWN[best]} "
            f"({number(row[f'{best}_swd'])}), the farthest the {DRAWN[worst]} ({number(row[f'{worst}_swd'])}). "
            + _beside_reconstructions(_distance(row, best), _distance(row, "reconstructions"))
        )
    first = distances[dataset.runs[0].name]
    measured = (
        f"Sets of {plural(first['num_images'], 'picture')} are compared; the mixture has at most "
        f"{plural(first['mixture_components'], 'component')}, fitted in at most "
        f"{plural(first['mixture_passes'], 'round')} over {plural(first['mixture_fitted'], 'latent')}."
    )
    kinds = DRAWN | BESIDE
    rows = tuple(
        (run.name, number(run.latent_dim), *(number(distances[run.name][f"{kind}_swd"]) for kind in kinds))
        for run in dataset.runs
    )
    table = Table(f"{dataset.name}: distance to test images (x 1,000)", ("run", "numbers", *kinds.values()), rows)
    pictures = []
    for run in dataset.pictured:
        row = distances[run.name]
        each = listing(f"{label} {number(row[f'{kind}_swd'])}" for kind, label in kinds.items())
        alt = f"Rows of pictures decoded from random latents by {run.name}. Distance to test images: {each}."
        caption = f"{run.name}: pictures from {plural(run.latent_dim, 'random number')}."
        pictures.append(figure("plot", run.name, f"{run.name}/random-latents.png", alt, caption))
    return [Text(measured), Items(tuple(sentences)), Figures(tuple(pictures)), table]


def _beside_reconstructions(drawn: float, reconstructed: float) -> str:
    """The nearest random draw beside what the decoder makes of the latents of real pictures."""
    away = number(reconstructed)
    if number(drawn) == away:
        return f"Reconstructed test images are as far ({away})."
    if drawn < reconstructed:
        return f"Reconstructed test images are farther than that ({away}): their distance is no floor."
    return f"Reconstructed test images are nearer ({away})."


def _distance(row: Record, kind: str) -> float:
    return float(row[f"{kind}_swd"])
