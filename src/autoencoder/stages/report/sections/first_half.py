"""The report's first half: the question, the answer, and every run's networks, curves and pictures."""

import math
from itertools import pairwise

from autoencoder.config.diagrams import load_layer_sizes
from autoencoder.stages.report.blocks import Block, Figure, Figures, Heading, Items, ReportSection, Table, Text
from autoencoder.stages.report.results import DataSet, StudyResults, figure
from autoencoder.stages.report.wording import listing, number, percent, plural, than, trend
from autoencoder.storage.files import Record


def answer(study: StudyResults) -> ReportSection | None:
    """The question, and each data set's best run beside PCA."""
    if not study.with_runs:
        return None
    question = (
        "An autoencoder squeezes a picture through a bottleneck of a few numbers, its latent dimension, and draws it "
        "again from those alone. How much of a picture survives, and is it more than the best linear code of the same "
        "size (PCA) would keep? Each run below is one network trained at one latent dimension; unless said otherwise, "
        "errors are those of test images that no network has seen."
    )
    items = tuple(_best_run(dataset, study.rows(dataset)) for dataset in study.with_runs)
    return ReportSection("answer", "The question, and the answer in short", (Text(question), Items(items)))


def _best_run(dataset: DataSet, rows: list[Record]) -> str:
    best = min(rows, key=lambda row: float(row["test_sse"]))
    below = [row for row in rows if row["pca_test_sse"] is not None and row["test_sse"] < row["pca_test_sse"]]
    return (
        f"{dataset.name}: {_leading(best, rows)} Its "
        f"{plural(best['latent_dim'], 'number')} ({percent(best['compression'])} of the input) leave a squared error "
        f"of {number(best['test_sse'])} an image, PSNR {number(best['test_psnr_db'])} dB, SSIM "
        f"{number(best['test_ssim'])}. {_beside_pca(best)} Less error than PCA at the same dimension: "
        f"{len(below)} of {plural(len(rows), 'run')}{_named(below)}."
    )


def _leading(best: Record, rows: list[Record]) -> str:
    run = f"`{best['run']}`"
    return f"of {len(rows):,} runs, {run} has the lowest error." if len(rows) > 1 else f"the one run is {run}."


def _beside_pca(row: Record) -> str:
    pca = row["pca_test_sse"]
    if pca is None:
        return "PCA has not so many components here."
    return f"PCA with as many leaves {number(pca)}: the autoencoder's error is {than(row['test_sse'], pca)} PCA's."


def _named(rows: list[Record]) -> str:
    return f" ({listing('`{}`'.format(row['run']) for row in rows)})" if rows else ""


def idea(study: StudyResults) -> ReportSection | None:
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


def curve(study: StudyResults) -> ReportSection:
    """Error over latent dimension, and the table behind it."""
    text = (
        "SSE is the squared error summed over an image's values, the mean over all images; MSE is the same for a "
        "single value. Both are in the value range named with each data set, PSNR and SSIM compare the pictures as "
        "shown. The weights are those with the lowest validation error. PCA, the best linear code of the training "
        "images, keeps as many numbers. Look at where the curves cross, if they do, and at how "
        "much each further number still buys."
    )
    blocks: list[Block] = [Text(text)]
    for dataset in study.datasets:
        blocks += _curve_of(dataset, study)
    return ReportSection("curve", "Error over latent dimension", tuple(blocks))


def _curve_of(dataset: DataSet, study: StudyResults) -> list[Block]:
    rows = study.rows(dataset)
    each = "; ".join(f"{number(row['test_sse'])} ({row['run']}), PCA {number(row['pca_test_sse'])}" for row in rows)
    picture = figure(
        "curve",
        dataset.name,
        f"{dataset.name}/error-curve.png",
        f"Line plot of squared error over latent dimension, {dataset.name}, test images: {each or 'PCA alone'}.",
        f"{dataset.name}: test and validation error of the runs, and PCA's.",
    )
    blocks: list[Block] = [Heading(dataset.name), Figures((picture,))]
    if not rows:
        return [*blocks, Text("No run is of this data set: the curve is PCA's alone.")]
    return [*blocks, *_trends(dataset, study), _errors(dataset, rows), _trainings(dataset, rows)]


def _trends(dataset: DataSet, study: StudyResults) -> list[Block]:
    sentences = []
    for family in dataset.families:
        rows, dims = [study.metrics(run) for run in family], [run.latent_dim for run in family]
        if len(set(dims)) > 1:
            sse = [row["test_sse"] for row in rows]
            sentences.append(
                trend(f"`{family[0].model}`: the squared error an image", dims, sse) + _per_doubling(dims, sse)
            )
    return [Text(" ".join(sentences))] if sentences else []


def _per_doubling(latent_dims: list[int], errors: list[float]) -> str:
    """What a doubling of the latent dimension does to the error, between neighbours: least and most."""
    if len(set(latent_dims)) < len(latent_dims) or min(errors) <= 0:
        return ""
    points = pairwise(zip(latent_dims, errors, strict=True))
    factors = sorted(float((e1 / e0) ** (1 / math.log2(d1 / d0))) for (d0, e0), (d1, e1) in points)
    least, most = number(factors[0]), number(factors[-1])
    return f" A doubling of the numbers multiplies it by {least if least == most else f'{least} to {most}'}."


def _errors(dataset: DataSet, rows: list[Record]) -> Table:
    head = (
        "run",
        "model",
        "numbers",
        "of the input",
        "test SSE",
        "PCA test SSE",
        "val SSE",
        "test MSE",
        "PCA test MSE",
    )
    return Table(
        f"{dataset.name}: errors, values in {rows[0]['value_range']}",
        (*head, "PSNR (dB)", "SSIM"),
        tuple(
            (
                row["run"],
                row["model"],
                number(row["latent_dim"]),
                percent(row["compression"]),
                *(number(row[key]) for key in ("test_sse", "pca_test_sse", "val_sse", "test_mse", "pca_test_mse")),
                number(row["test_psnr_db"]),
                number(row["test_ssim"]),
            )
            for row in rows
        ),
        num_text=2,
    )


def _trainings(dataset: DataSet, rows: list[Record]) -> Table:
    return Table(
        f"{dataset.name}: trainings",
        ("run", "device", "precision", "parameters", "epochs", "best epoch", "minutes", "images a second", "seed"),
        tuple(
            (
                row["run"],
                str(row["device"]),
                str(row["precision"]),
                number(row["num_parameters"]),
                number(row["num_epochs"]),
                number(row["best_epoch"]),
                f"{row['train_seconds'] / 60:,.1f}",
                number(round(row["images_per_second"])),
                str(row["seed"]),
            )
            for row in rows
        ),
        num_text=3,
    )


def reconstructions(study: StudyResults) -> ReportSection | None:
    """Originals over reconstructions: held-out images, training images, and the untrained network's output."""
    if not study.with_runs:
        return None
    text = (
        "Originals stand over what comes back. First held-out images, which no network has seen; then training images, "
        "to see whether they fare better; last the same held-out images through networks with their first, random "
        "weights: the difference is what training did. Look at outlines and texture first."
    )
    blocks: list[Block] = [Text(text)]
    for dataset in study.with_runs:
        blocks += [Heading(dataset.name), *_similarity(dataset, study)]
        blocks += [_reconstructed(dataset, study, file) for file in PICTURES]
    return ReportSection("reconstructions", "Reconstructions", tuple(blocks))


PICTURES = {
    "reconstructions-test": "held-out test images",
    "reconstructions-train": "training images",
    "untrained": "held-out test images through the untrained network",
}


def _similarity(dataset: DataSet, study: StudyResults) -> list[Block]:
    sentences = []
    for family in dataset.families:
        rows, dims = [study.metrics(run) for run in family], [run.latent_dim for run in family]
        if len(set(dims)) > 1:
            sentences.append(trend(f"`{family[0].model}`: PSNR", dims, [row["test_psnr_db"] for row in rows], " dB"))
            sentences.append(trend("SSIM", dims, [row["test_ssim"] for row in rows]))
    return [Text(" ".join(sentences))] if sentences else []


def _reconstructed(dataset: DataSet, study: StudyResults, file: str) -> Figures:
    what = PICTURES[file]
    figures = []
    for row in study.rows(dataset):
        alt = f"Rows of pictures from {dataset.name}: originals over reconstructions, {what}, {row['run']}."
        if file != "untrained":
            scores = f"PSNR {number(row['test_psnr_db'])} dB, SSIM {number(row['test_ssim'])}"
            alt += f" Over the whole test set: {scores}."
        caption = f"{row['run']}: {what}, {plural(row['latent_dim'], 'number')}."
        figures.append(figure("plot", row["run"], f"{row['run']}/{file}.png", alt, caption))
    return Figures(tuple(figures))


def learning(study: StudyResults) -> ReportSection | None:
    """Loss over epochs."""
    if not study.with_runs:
        return None
    text = (
        "Training error is measured while the weights of the epoch still change, validation error after it. Where the "
        "two part, a network learns its training images by heart; where both are level, further epochs buy little."
    )
    blocks: list[Block] = [Text(text)]
    for dataset in study.with_runs:
        blocks += [Heading(dataset.name), *_learning_of(dataset, study)]
    return ReportSection("learning", "Learning curves", tuple(blocks))


def _learning_of(dataset: DataSet, study: StudyResults) -> list[Block]:
    rows = [_course_of_training(run.name, study.learning(run)) for run in dataset.runs]
    each = "; ".join(f"{row['run']} {number(row['first'])} to {number(row['val'])}" for row in rows)
    ahead = [row for row in rows if row["val"] > row["train"]]
    text = (
        f"After the last epoch the validation error is above the training error for {len(ahead)} of "
        f"{plural(len(rows), 'run')}{_named(ahead)}."
    )
    picture = figure(
        "curve",
        dataset.name,
        f"{dataset.name}/learning-curves.png",
        f"Line plot of training and validation error over epochs, {dataset.name}; validation MSE from first to last "
        f"epoch: {each}.",
        f"{dataset.name}: error over epochs, both axes logarithmic.",
    )
    head = ("run", "epochs", "val MSE, first epoch", "val MSE, last epoch", "train MSE, last epoch", "val over train")
    cells = tuple(
        (
            row["run"],
            number(row["epochs"]),
            *(number(row[key]) for key in ("first", "val", "train")),
            number(row["val"] / row["train"]) if row["train"] else number(None),
        )
        for row in rows
    )
    return [Text(text), Figures((picture,)), Table(f"{dataset.name}: where the learning curves end", head, cells)]


def _course_of_training(run: str, records: list[Record]) -> Record:
    train, val = ([record for record in records if record["split"] == split] for split in ("train", "val"))
    return {
        "run": run,
        "epochs": val[-1]["epoch"],
        "first": val[0]["mse"],
        "val": val[-1]["mse"],
        "train": train[-1]["mse"],
    }


def networks(study: StudyResults) -> ReportSection | None:
    """Each run's network, layer by layer."""
    if not study.with_runs:
        return None
    text = (
        "Every layer as it is, from the picture at the top to the picture at the bottom; bars are as wide as the "
        "logarithm of how many numbers a layer hands on. Look for the narrowest: that is the code."
    )
    blocks: list[Block] = [Text(text)]
    for dataset in study.with_runs:
        rows = study.rows(dataset)
        sizes = "; ".join(f"`{row['run']}` {number(row['num_parameters'])}" for row in rows)
        blocks += [Heading(dataset.name), Text(f"Parameters: {sizes}."), Figures(tuple(map(_network, rows)))]
    return ReportSection("networks", "The networks, layer by layer", tuple(blocks))


def _network(row: Record) -> Figure:
    shape = f"{plural(row['num_parameters'], 'parameter')}, latent dimension {number(row['latent_dim'])}"
    alt = f"Layers of the network {row['model']} as bars from input to output: {shape}."
    return figure("plot", row["run"], f"{row['run']}/network.png", alt, f"{row['run']}: `{row['model']}`, {shape}.")
