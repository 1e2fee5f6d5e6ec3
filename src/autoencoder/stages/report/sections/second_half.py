"""The report's second half: the experiments with trained networks, each a function that writes its section."""

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from autoencoder.config.runs import Run
from autoencoder.stages.report.blocks import Block, Figure, Figures, Heading, Items, ReportSection, Table, Text
from autoencoder.stages.report.results import DataSet, StudyResults, figure
from autoencoder.stages.report.wording import listing, number, percent, plural, than, trend
from autoencoder.storage.files import Record
from autoencoder.storage.results import PCA


def shift(study: StudyResults) -> ReportSection | None:
    """What squared error cannot see."""
    if not study.datasets:
        return None
    text = (
        "Squared error compares number by number. A picture moved by one pixel down and right looks the same and yet "
        "differs nearly everywhere; one whose upper half is replaced by its mean colour has lost half of what it "
        "showed. Look at which of the two the squared error calls worse."
    )
    blocks: list[Block] = [Text(text)]
    for dataset in study.datasets:
        blocks += [Heading(dataset.name), *_shift_of(dataset.name, study.beside(dataset.name, "shift", "curve"))]
    return ReportSection("shift", "What the error cannot see", tuple(blocks))


def _shift_of(dataset: str, errors: dict[str, float]) -> list[Block]:
    moved = [value for key, value in errors.items() if key.endswith("_shifted_sse")]
    halved = [value for key, value in errors.items() if key.endswith("_masked_sse")]
    pairs = list(zip(moved, halved, strict=True))
    worse = sum(shifted > masked for shifted, masked in pairs)
    each = listing(f"{number(shifted)} moved and {number(masked)} without its half" for shifted, masked in pairs)
    count = plural(len(pairs), "picture")
    text = f"Moving costs more squared error than losing half for {worse} of {count}: {each}."
    alt = f"{count} of {dataset} as they are, moved by one pixel, and half masked. Errors: {each}."
    caption = f"{dataset}: the squared error below each picture."
    return [Text(text), Figures((figure("curve", dataset, f"{dataset}/shift.png", alt, caption),))]


def out_of_distribution(study: StudyResults) -> ReportSection | None:
    """Noise and patterns drawn by hand."""
    text = (
        "Pictures unlike any in the data set: uniform noise and patterns drawn by hand. A network can only draw what "
        "its training images taught it. Compare each pattern's error with that of the test images, in the last row: "
        "a smooth pattern may come out better than a photograph."
    )
    blocks: list[Block] = [Text(text)]
    for dataset in study.with_runs:
        blocks += [Heading(dataset.name), *_patterns(dataset, study)]
    return (
        ReportSection("out-of-distribution", "Pictures unlike any of the data set", tuple(blocks))
        if blocks[1:]
        else None
    )


def _patterns(dataset: DataSet, study: StudyResults) -> list[Block]:
    errors = {
        run.name: study.read("ood", run.name) | {"test_mse": study.metrics(run)["test_mse"]} for run in dataset.runs
    }
    patterns = [key for key in next(iter(errors.values())) if key != "test_mse"]
    sentences = []
    for family in dataset.families:
        first, last, dims = errors[family[0].name], errors[family[-1].name], [run.latent_dim for run in family]
        worst = max(patterns, key=lambda key: float(last[key]))
        sentences.append(
            f'`{family[-1].name}`: the largest error, {number(last[worst])}, is that of "{_called(worst)}", '
            f"{than(last[worst], last['test_mse'])} the test images'."
        )
        if len(set(dims)) > 1 and "noise_mse" in first:
            noise = [errors[run.name]["noise_mse"] for run in family]
            sentences.append(trend("The error of noise", dims, noise))
    rows = tuple(
        (_called(key), *(number(of_run[key]) for of_run in errors.values())) for key in [*patterns, "test_mse"]
    )
    table = Table(f"{dataset.name}: mean squared error a value", ("pictures", *errors), rows)
    overview = figure(
        "curve",
        dataset.name,
        f"{dataset.name}/out-of-distribution.png",
        f"Line plot of mean squared error over latent dimension, a line a pattern and one for the test images of "
        f"{dataset.name}. {' '.join(sentences)}",
        f"{dataset.name}: the patterns' error beside that of the test images, both axes logarithmic.",
    )
    pictures = tuple(_pattern_picture(run, errors[run.name], patterns) for run in dataset.runs)
    return [Text(" ".join(sentences)), Figures((overview,)), Figures(pictures), table]


def _called(key: str) -> str:
    return "test images" if key == "test_mse" else key.removesuffix("_mse").replace("_", " ")


def _pattern_picture(run: Run, errors: Record, patterns: Sequence[str]) -> Figure:
    each = listing(f"{_called(key)} {number(errors[key])}" for key in patterns)
    return figure(
        "ood",
        run.name,
        f"{run.name}/out-of-distribution.png",
        f"Hand-drawn patterns and noise over their reconstructions by {run.name}. Mean squared errors: {each}.",
        f"{run.name}: patterns through {plural(run.latent_dim, 'number')}.",
    )


DRAWN = {
    "standard_normal": "standard normal",
    "gaussian": "Gaussian fit",
    "mixture": "Gaussian mixture",
}
BESIDE = {"reconstructions": "reconstructed test images", "training_images": "training images"}


def generate(study: StudyResults) -> ReportSection | None:
    """Pictures from random latents."""
    text = (
        "What does a decoder draw from numbers that no picture gave? They are drawn from a standard normal "
        "distribution, from a Gaussian with the mean and covariance of the training images' latents, and from a "
        "mixture of Gaussians fitted to those. The sliced Wasserstein distance (times 1,000) to test images says how "
        "far a set of pictures is from real ones. It was chosen because it needs no network trained on other pictures, "
        "as the usual FID does, compares whole sets, and sees texture and blur as well as layout: it looks at patches "
        "of 7 x 7 pixels at several scales, each set scaled by its own brightness and contrast (Karras et al. 2018). "
        "It does not see objects. Training images show what two real sets are apart, reconstructions what the "
        "decoder's blur alone costs. Look at how much a fitted distribution changes."
    )
    return _by_dataset(study, "random-latents", "Pictures from random latents", text, _generated)


def _generated(dataset: DataSet, study: StudyResults) -> list[Block]:
    distances = [(run, study.beside(run.name, "random-latents", "generate")) for run in dataset.runs]
    sentences = []
    for run, row in distances:
        best, *_, worst = sorted(DRAWN, key=partial(_distance, row))
        sentences.append(
            f"`{run.name}`: of the three draws the nearest to test images is the {DRAWN[best]} "
            f"({number(row[f'{best}_swd'])}), the farthest the {DRAWN[worst]} ({number(row[f'{worst}_swd'])})."
        )
    first = distances[0][1]
    measured = (
        f"Sets of {plural(first['num_images'], 'picture')} are compared; the mixture has at most "
        f"{plural(first['mixture_components'], 'component')}, fitted in at most "
        f"{plural(first['mixture_passes'], 'round')} over {plural(first['mixture_fitted'], 'latent')}."
    )
    kinds = DRAWN | BESIDE
    rows = tuple(
        (run.name, number(run.latent_dim), *(number(row[f"{kind}_swd"]) for kind in kinds)) for run, row in distances
    )
    table = Table(f"{dataset.name}: distance to test images (x 1,000)", ("run", "numbers", *kinds.values()), rows)
    pictures = []
    for run, row in distances:
        each = listing(f"{label} {number(row[f'{kind}_swd'])}" for kind, label in kinds.items())
        alt = f"Rows of pictures decoded from random latents by {run.name}. Distance to test images: {each}."
        caption = f"{run.name}: pictures from {plural(run.latent_dim, 'random number')}."
        pictures.append(figure("generate", run.name, f"{run.name}/random-latents.png", alt, caption))
    return [Text(measured), Items(tuple(sentences)), Figures(tuple(pictures)), table]


def _distance(row: Record, kind: str) -> float:
    return float(row[f"{kind}_swd"])


def retrieve(study: StudyResults) -> ReportSection | None:
    """Search by picture."""
    text = (
        "Each test image asks for the images nearest to it among all others: by the distance of their latents, of "
        "PCA's components of the same number, and of the pixels themselves. Precision is the share of the neighbours "
        "that have the label of the query; labels had no part in the training. Look at what neighbours share: the "
        "subject, or colours and layout? `python src/search.py --run RUN PICTURE` does the same for a picture of yours."
    )
    return _by_dataset(study, "search", "Search by picture", text, _searched)


SEARCHES = ("euclidean", "cosine")


def _searched(dataset: DataSet, study: StudyResults) -> list[Block]:
    facts = study.beside(dataset.name, "dataset", "baseline")
    twins = (
        f"{percent(facts['near_duplicate_share'])} of the test images have a near-duplicate among the others, one "
        f"whose pixels correlate with theirs by at least {number(facts['near_duplicate'])}; the second count leaves "
        "them out."
    )
    records = [record for run in dataset.runs for record in study.read("retrieve", run.name)]
    overall = [record for record in records if record.get("name", "all") == "all"]
    pictures = [Figures(tuple(_search_picture(run, metric) for run in dataset.runs)) for metric in SEARCHES]
    if len(dataset.runs) == 1:  # the two metrics are what there is to compare
        pictures = [Figures(tuple(_search_picture(dataset.runs[0], metric) for metric in SEARCHES))]
    if not overall:
        return [Text(f"{twins} There are no labels, so nothing is counted."), *pictures]
    sentences = tuple(_best_code(run, overall) for run in dataset.runs)
    curve = figure(
        "curve",
        dataset.name,
        f"{dataset.name}/retrieval.png",
        f"Precision of search over latent dimension, {dataset.name}, a panel a label. {' '.join(sentences)}",
        f"{dataset.name}: the share of neighbours that match the query.",
    )
    tables = [_precisions(dataset.name, overall), *_by_class(dataset, records)]
    return [Text(twins), Items(sentences), Figures((curve,)), *pictures, *tables]


def _best_code(run: Run, overall: Sequence[Record]) -> str:
    """Which code finds most of the first label, all queries counted, and what the latents find."""
    label = overall[0]["label"]
    of_run = [record for record in overall if record["run"] == run.name and record["label"] == label]
    counted = [record for record in of_run if record.get("queries") == "all"]
    best = max(counted, key=lambda record: float(record["precision"]))
    ours = max(
        (record for record in counted if record["code"] == "latents"), key=lambda record: float(record["precision"])
    )
    blind = [record for record in of_run if record["code"] == "chance"]
    sentence = f"`{run.name}`, {label}: most precise is search by {_code(best)} ({percent(best['precision'])})"
    if best is not ours:
        sentence += f", that by {_code(ours)} reaches {percent(ours['precision'])}"
    return sentence + (f"; blind choice {percent(blind[0]['precision'])}." if blind else ".")


def _code(record: Record) -> str:
    return f"{record['code']}, {record['metric']}"


def _precisions(dataset: str, overall: Sequence[Record]) -> Table:
    """A row for each label, set of queries and run; a column for each code and metric."""
    codes = list(dict.fromkeys(_code(record) for record in overall if "metric" in record))
    cells: dict[tuple[str, str, str], dict[str, str]] = {}
    for record in overall:
        if "metric" in record:
            row = cells.setdefault((record["label"], record["queries"], record["run"]), {})
            row[_code(record)] = percent(record["precision"])
    rows = tuple((*key, *(row.get(code, number(None)) for code in codes)) for key, row in _by_label(cells))
    return Table(f"{dataset}: precision of search", ("label", "queries", "run", *codes), rows, num_text=3)


def _by_label(cells: dict[tuple[str, str, str], Record]) -> list[tuple[tuple[str, str, str], Record]]:
    """The rows by label, then by which queries are counted; runs stay in their order."""
    return sorted(cells.items(), key=lambda item: item[0][:2])


def _by_class(dataset: DataSet, records: Sequence[Record]) -> list[Table]:
    """A table a label: precision by what the query shows, by Euclidean distance of the latents and of the pixels."""
    wanted = {"metric": "euclidean", "queries": "all"}
    chosen = [r for r in records if r.get("name", "all") != "all" and wanted.items() <= r.items()]
    tables = []
    for label in dict.fromkeys(record["label"] for record in chosen):
        cells = {(r["run"], r["code"], r["name"]): r["precision"] for r in chosen if r["label"] == label}
        names = list(dict.fromkeys(name for *_, name in cells))
        keys = [(run.name, "latents") for run in dataset.runs] + [(dataset.runs[0].name, "pixels")]
        rows = tuple(
            (run if code == "latents" else code, *(percent(cells[run, code, name]) for name in names))
            for run, code in keys
        )
        tables.append(
            Table(f"{dataset.name}: precision by the query's {label}, Euclidean distance", ("search by", *names), rows)
        )
    return tables


def _search_picture(run: Run, metric: str) -> Figure:
    alt = (
        f"Test images of {run.dataset}, and beside each its nearest by {metric} distance of the latents of {run.name}."
    )
    caption = f"{run.name}: queries and what they find, {metric} distance."
    return figure("retrieve", run.name, f"{run.name}/search-{metric}.png", alt, caption)


MEASURED = {
    "pca_explained": "variance in two components",
    "pca_same_label": "same label, PCA map",
    "tsne_same_label": "same label, t-SNE map",
    "latents_same_label": "same label, latents",
    "chance_same_label": "same label, by chance",
}
TRUSTED = {"pca_trustworthiness": "trustworthiness, PCA map", "tsne_trustworthiness": "trustworthiness, t-SNE map"}


def maps(study: StudyResults) -> ReportSection | None:
    """The latents of all test images on a plane."""
    text = (
        "The latents of the test images, brought down to a plane in two ways: by PCA, which keeps the directions of "
        "most variance, and by t-SNE, which keeps neighbours together. Same label: the share of an image's ten nearest "
        "that have its label. Trustworthiness is 1 where all neighbours on the map are neighbours among the latents. "
        "Look at whether the colours keep together, and how much of that is the map's doing. The same latents, all of "
        "their numbers, can be turned and searched in TensorBoard: `tensorboard --logdir data/projector/DATASET`."
    )
    return _by_dataset(study, "maps", "Maps of the latents", text, _mapped)


def _mapped(dataset: DataSet, study: StudyResults) -> list[Block]:
    facts = {run.name: study.beside(run.name, "map", "map") for run in dataset.runs}
    sentences = {run: _on_the_map(run, row) for run, row in facts.items()}
    pictures = tuple(
        figure(
            "map",
            run,
            f"{run}/map.png",
            f"Scatter plots of test latents on a plane, by PCA and by t-SNE, coloured by label. {sentence}",
            f"{run}: its test latents on a plane.",
        )
        for run, sentence in sentences.items()
    )
    head = ("run", *MEASURED.values(), *TRUSTED.values())
    rows = tuple(
        (
            run,
            *(percent(row[key]) if key in row else number(None) for key in MEASURED),
            *(number(row.get(key)) for key in TRUSTED),
        )
        for run, row in facts.items()
    )
    return [
        Items(tuple(sentences.values())),
        Figures(pictures),
        Table(f"{dataset.name}: what the maps keep", head, rows),
    ]


def _on_the_map(run: str, row: Record) -> str:
    sentence = f"`{run}`: two components hold {percent(row['pca_explained'])} of the variance"
    if "tsne_same_label" not in row:
        return f"{sentence}."
    tsne, pca, latents, chance = (percent(row[f"{where}_same_label"]) for where in ("tsne", "pca", "latents", "chance"))
    return (
        f"{sentence}; same label {tsne} on the t-SNE map, {pca} on PCA's, {latents} among latents, {chance} by chance."
    )


WITHIN_DB = 0.3  # of a run's best: what more bytes than these buy is hardly seen


def compress(study: StudyResults) -> ReportSection | None:
    """Latents as a file format."""
    text = (
        "Latents rounded to a few bits and entropy-coded are a file format; here are the bytes an image takes, and "
        "what is left of it, beside other codecs. Every byte of a file is counted, its header too; the decoder's "
        "weights, which the receiver has, are not. Look at which curve is higher at the same number of bytes. "
        "`python src/encode.py` and `decode.py` do it with a file of yours."
    )
    return _by_dataset(study, "compression", "Compression in bytes", text, _compressed)


def _compressed(dataset: DataSet, study: StudyResults) -> list[Block]:
    rows = study.plotted(dataset, "rate-distortion")
    sentences = [_at_best(run, rows) for run in dataset.runs]
    picture = figure(
        "curve",
        dataset.name,
        f"{dataset.name}/rate-distortion.png",
        f"Line plots of PSNR and SSIM over bytes an image, {dataset.name}. {' '.join(sentences)}",
        f"{dataset.name}: PSNR and SSIM over the bytes an image takes.",
    )
    head = ("code", "setting", "bytes an image", "PSNR (dB)", "SSIM")
    cells = tuple(
        (
            str(row["series"]),
            str(row["setting"]),
            *(number(row[key]) for key in ("bytes_per_image", "psnr_db", "ssim")),
        )
        for row in rows
    )
    table = Table(f"{dataset.name}: rate and distortion", head, cells, num_text=2)
    counted = study.read("compress", dataset.runs[0].name)[0]["num_images"]
    measured = Text(f"Measured on {plural(counted, 'test image')}, the first of the data set.")
    return [measured, Items(tuple(sentences)), Figures((picture,)), table]


def _at_best(run: Run, rows: Sequence[Record]) -> str:
    """A run where more bytes no longer buy much, and what others reach with as many, between their settings."""
    own = [row for row in rows if row["run"] == run.name and row["codec"] != PCA]
    enough = max(map(_quality, own)) - WITHIN_DB
    ours = min((row for row in own if _quality(row) >= enough), key=_size)
    rivals = []
    for codec in dict.fromkeys(str(row["codec"]) for row in rows if row["codec"] != ours["codec"]):
        series = dict.fromkeys(row["series"] for row in rows if row["codec"] == codec)
        reached = [_quality_at([row for row in rows if row["series"] == name], _size(ours)) for name in series]
        best = max((quality for quality in reached if quality is not None), default=None)
        rivals.append(f"{codec}: no setting so small" if best is None else f"{codec}: {number(best)} dB")
    sentence = f"`{run.name}` keeps {number(ours['psnr_db'])} dB with {number(_size(ours))} bytes an image."
    return f"{sentence} With as many bytes, {'; '.join(rivals)}." if rivals else sentence


def _quality_at(series: Sequence[Record], size: float) -> float | None:
    """The PSNR of one codec at `size` bytes, between its settings (log bytes); None where all of them are larger."""
    points = np.array(sorted((math.log(_size(row)), _quality(row)) for row in series))
    if math.log(size) < points[0, 0]:
        return None
    return float(np.interp(math.log(size), points[:, 0], points[:, 1]))


def _size(row: Record) -> float:
    return float(row["bytes_per_image"])


def _quality(row: Record) -> float:
    return float(row["psnr_db"])


def seeds(study: StudyResults) -> ReportSection | None:
    """One network from several seeds."""
    names = study.names("seeds")
    if not names:
        return None
    text = (
        "The same network and recipe, trained from several seeds: does the result depend on luck? A seed is called "
        "dead when its network is worse than drawing the mean of the training images every time; black when it hardly "
        "draws anything. Each column of a figure is a seed. Look for "
        "columns that show nothing, and at what a study with other options makes of the same seeds."
    )
    rows = {name: study.spread(name) for name in names}
    table = Table(
        "test MSE over the seeds of each study",
        ("study", "options", "epochs", "seeds", "dead", "black", *SPREAD.values()),
        tuple(_spread(name, row, study.params["seeds"][name]) for name, row in rows.items()),
        num_text=4,
    )
    told = Items((*(_told(name, row) for name, row in rows.items()), *_come_back(rows, study.params["seeds"])))
    pictures = Figures(tuple(_seeds_picture(name, row) for name, row in rows.items()))
    return ReportSection("seeds", "How much is luck: several seeds", (Text(text), told, table, pictures))


SPREAD = {
    "mean_test_mse": "mean",
    "std_test_mse": "deviation",
    "min_test_mse": "least",
    "max_test_mse": "most",
    "mean_living_test_mse": "mean of the living",
    "mean_image_test_mse": "the mean image's",
    "black_test_mse": "all black",
}


def _spread(name: str, row: Record, line: Record) -> tuple[str, ...]:
    options = ", ".join(
        f"{key}: {'null' if value is None else value}" for key, value in line.get("options", {}).items()
    )
    errors = (row[key] for key in SPREAD)
    counts = (row[key] for key in ("num_epochs", "num_seeds", "num_dead", "num_black"))
    return (name, options, *map(number, counts), *map(number, errors))


def _told(name: str, row: Record) -> str:
    dead = f"{row['num_dead']:,} of {plural(row['num_seeds'], 'seed')}"
    least, most = number(row["min_test_mse"]), number(row["max_test_mse"])
    told = f"`{name}`: after {plural(row['num_epochs'], 'epoch')} {dead} dead, test MSE from {least} to {most}."
    return told + _cause_of_death(row)


def _come_back(rows: dict[str, Record], lines: Record) -> list[str]:
    """Of the seeds that are dead in one study, how many live in another that differs in its recipe alone."""
    told = []
    for short, row in rows.items():
        dead = [seed for seed in range(row["num_seeds"]) if _is_dead(row, seed)]
        for long, other in rows.items():
            tried = [seed for seed in dead if seed < other["num_seeds"]]
            if tried and row["num_epochs"] < other["num_epochs"] and _same_network(lines[short], lines[long]):
                back = sum(not _is_dead(other, seed) for seed in tried)
                told.append(
                    f"Of the {plural(len(tried), 'seed')} dead in `{short}` that `{long}` trained too, for "
                    f"{plural(other['num_epochs'], 'epoch')}, {back} came back to life."
                )
    return told


def _is_dead(row: Record, seed: int) -> bool:
    return float(row[f"seed_{seed}_test_mse"]) > float(row["mean_image_test_mse"])


def _same_network(one: Record, other: Record) -> bool:
    return all(one.get(key) == other.get(key) for key in ("dataset", "model", "latent_dim", "options"))


def _cause_of_death(row: Record) -> str:
    """What the dead look like inside, beside the living: units that are off, or a last activation without a slope."""
    if "dead_before_last_activation" not in row:
        return ""
    inside = []
    for state in ("dead", "living"):
        if f"{state}_before_last_activation" in row:
            active = f"{state}_active_share"
            units = f"{percent(row[active])} of the ReLUs' outputs are above zero and " if active in row else ""
            given = number(row[f"{state}_before_last_activation"])
            inside.append(f"in the {state} {units}the last activation is given {given} on average")
    return f" Inside, {'; '.join(inside)}."


def _seeds_picture(name: str, row: Record) -> Figure:
    alt = f"Held-out images of {row['dataset']}, and beside them what each seed draws of them. {_told(name, row)}"
    return figure("evaluate_seeds", name, f"seeds/{name}.png", alt, f"{name}: a column a seed.")


def _by_dataset(
    study: StudyResults, anchor: str, title: str, text: str, write: Callable[[DataSet, StudyResults], list[Block]]
) -> ReportSection | None:
    """A section with a part for each data set that has runs."""
    blocks: list[Block] = [Text(text)]
    for dataset in study.with_runs:
        blocks += [Heading(dataset.name), *write(dataset, study)]
    return ReportSection(anchor, title, tuple(blocks)) if blocks[1:] else None
