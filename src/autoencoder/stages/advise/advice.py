"""What to make of a folder's study: the facts of each line of advice, whose words are in templates/advice.yaml."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from autoencoder.config.params import parse_yaml
from autoencoder.measures.pca import most_components
from autoencoder.stages.advise.duplicates import MAX_QUERIES, Pair
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Manifest, Split

LEVELS = (25, 30, 35)  # dB, of those that `curve` answers for
FEW_IMAGES = 2000  # training images: with fewer a network seldom has the better of PCA at many numbers
LATE = 0.9  # of a training's epochs: an error that was lowest after them was falling still
FEW_OF_A_CLASS = 10
DARK = 64  # of 255
FEW_PICTURES = 40  # with fewer, hardly ten are tested with
ONE_SHAPE = 1.02  # sides whose quotient differs by less are the same shape
TEMPLATES = Path(__file__).parent / "templates"
LOOSE = "(no sub-folder)"  # as data/image_folder.py labels what lies in none

Advice = dict[str, str]  # {topic, text}


def how_sure(counts: Mapping[str, int]) -> Iterator[Advice]:
    """That all that follows is weak, where it is. counts: pictures of each split."""
    total = sum(counts.values())
    if total < FEW_PICTURES:
        yield advice("few_pictures", total=total, tested=counts["test"])


def quality(answer: Record, metrics: Sequence[Record], manifest: Manifest) -> Iterator[Advice]:
    """How many numbers the levels take. metrics: of the data set's runs."""
    largest, of_pca = max(metrics, key=lambda row: row["latent_dim"]), most_components(manifest.num_inputs)
    most, is_all_of_pca = largest["latent_dim"], of_pca >= min(manifest.num_inputs, manifest.counts["train"] - 1)
    levels = [
        {
            "db": level,
            "network": answer[f"latents_for_{level}_db"],
            "how": {"about": "about ", "at most": "at most "}.get(answer[f"how_for_{level}_db"] or "", ""),
            "pca": answer[f"pca_latents_for_{level}_db"],
        }
        for level in LEVELS
    ]
    missed = [level["db"] for level in levels if not level["network"]]
    larger = 2 * most if 2 * most < manifest.num_inputs else None
    yield advice(
        "quality",
        levels=levels,
        most=most,
        most_of_pca=None if is_all_of_pca else of_pca,
        missed=missed[0] if missed else None,
        larger=larger,
        still_falls=still_falls(largest),
    )


def still_falls(row: Record) -> bool:
    """Whether a run's validation error was lowest near its last epoch, so that more of them may help."""
    return bool(row["best_epoch"] >= LATE * row["num_epochs"])


def knee(answer: Record) -> Iterator[Advice]:
    """Where more numbers begin to buy less, where that is known."""
    if answer["knee_latents"]:
        yield advice("knee", knee=answer["knee_latents"])
    else:
        yield advice("no_knee")


def against_pca(
    metrics: Sequence[Record], first_latents: Sequence[Record], num_train: int, answer: Record
) -> Iterator[Advice]:
    """Whether the networks are worth their training. metrics: of the data set's runs; first_latents: errors of
    the nested ones by number of latents, which count where they are lower; answer: of `curve`, whose mean PSNR may
    favour the other: it weighs pictures alike, an error those that come back badly.
    """
    single = [row for row in metrics if row["pca_test_sse"] is not None and not row["nested"]]
    compared = sorted(single, key=lambda row: row["latent_dim"])
    least: dict[int, float] = {}
    for dim, sse in [(row["latent_dim"], row["test_sse"]) for row in compared] + [
        (row["num_latents"], row["test_sse"]) for row in first_latents
    ]:
        least[dim] = min(sse, least.get(dim, sse))
    pca = {row["latent_dim"]: row["pca_test_sse"] for row in compared}
    ahead, behind = ([dim for dim in pca if (least[dim] < pca[dim]) is better] for better in (True, False))
    few_images = num_train < FEW_IMAGES
    if compared:
        yield advice(
            "network_or_pca",
            ahead=ahead,
            behind=behind,
            fewer=_fewer_by_pca(answer),
            few_images=few_images,
            num_train=num_train,
            still_falls=any(still_falls(row) for row in compared if row["latent_dim"] in behind),
        )


def _fewer_by_pca(answer: Record) -> list[str]:
    """The levels of mean PSNR for which PCA needs fewer numbers."""
    numbers = {level: (answer[f"latents_for_{level}_db"], answer[f"pca_latents_for_{level}_db"]) for level in LEVELS}
    return [f"{level} dB" for level, (ours, pca) in numbers.items() if pca and (not ours or pca < ours)]


def duplicates(pairs: Sequence[Pair], names: Sequence[str], examples: int, written: str) -> Iterator[Advice]:
    """Pictures that are there twice or nearly so, and those of them that make the test easier than it should be.

    written: where all are, of which `examples` are named.
    """
    kinds = []
    for same in (True, False):
        some = [pair for pair in pairs if pair.is_same is same]
        kinds.append({"same": same, "pairs": len(some), "named": _named(some, names, examples, written)})
    looked_at = MAX_QUERIES if len(names) > MAX_QUERIES else None
    yield advice("duplicates", kinds=kinds, looked_at=looked_at, total=len(names))
    leaks = [pair for pair in pairs if pair.leaks]
    if leaks:
        yield advice("leaks", pairs=len(leaks), named=_named(leaks, names, examples, written))


def hardest(run: str, shown: Sequence[Record], names: Sequence[str]) -> Iterator[Advice]:
    """The pictures that come back worst. shown: single test images as `evaluate` found them, by rising error."""
    worst = [names[row["index"]] for row in shown if row["which"] == "hardest"][::-1]
    if worst:
        yield advice("hardest", run=run, worst=worst)


def classes(
    groups: Sequence[Record], sizes: Mapping[str, Mapping[str, int]], table: str | None = None
) -> Iterator[Advice]:
    """What labels say. groups: of the best run, as `evaluate` wrote them; sizes: images by label and name; table: whose
    columns the labels are, None where they are the sub-folders.
    """
    for label, there in sizes.items():
        if len(there) > 1:
            ranked = sorted((row for row in groups if row["label"] == label), key=lambda row: row["psnr_db"])
            yield advice(
                "classes",
                num_classes=len(there),
                label=label if table else None,
                worst=ranked[0] if len(ranked) > 1 else None,
                best=ranked[-1] if len(ranked) > 1 else None,
                small=[name for name, number in there.items() if number < FEW_OF_A_CLASS],
                few=FEW_OF_A_CLASS,
            )
        elif table or LOOSE not in there:
            yield advice("one_class", name=next(iter(there), ""))
        else:
            yield advice("no_classes")


def files(about: Record, manifest: Manifest) -> Iterator[Advice]:
    """What the files were like, where that costs something: colours, sizes, transparency, damage."""
    total, channels = len(about["names"]), manifest.image_shape[0]
    grey, clear = about["num_grey"], about["num_transparent"]
    if channels == 1 and grey == total:
        yield advice("taken_as_grey")
    elif channels == 3 and grey == total:
        yield advice("could_be_grey")
    elif channels == 3 and grey:
        yield advice("grey_among_colours", grey=grey, total=total)
    elif channels == 1 and grey < total:
        yield advice("colours_lost", coloured=total - grey, total=total)
    yield from _of_sizes(about["sizes"], manifest)
    if clear:
        yield advice("transparency", clear=clear, total=total)
    if about["unreadable"]:
        yield advice("unreadable", files=len(about["unreadable"]), dataset=manifest.name)


def brightness(splits: Iterable[Split]) -> Iterator[Advice]:
    """That all pictures are nearly black, where they are."""
    brightest = max(int(split.images.max()) for split in splits)
    if brightest < DARK:
        yield advice("dark", brightest=brightest)


def _of_sizes(sizes: Mapping[str, int], manifest: Manifest) -> Iterator[Advice]:
    _, height, width = manifest.image_shape
    made = f"{height} x {width} (height x width)"
    total = sum(sizes.values())
    sides = {name: [int(side) for side in name.split(" x ")] for name in sizes}
    cut = sum(number for name, number in sizes.items() if not _same_shape(sides[name], (width, height)))
    enlarged = sum(number for name, number in sizes.items() if sides[name][0] < width or sides[name][1] < height)
    if len(sizes) > 1:
        yield advice("mixed_sizes", num_sizes=len(sizes), made=made)
    if cut:
        yield advice("cut", cut=cut, total=total)
    if enlarged:
        yield advice("enlarged", enlarged=enlarged, total=total, made=made)


def _same_shape(sides: Sequence[int], others: Sequence[int]) -> bool:
    quotient = sides[0] * others[1] / (sides[1] * others[0])
    return max(quotient, 1 / quotient) < ONE_SHAPE


def _named(pairs: Sequence[Pair], names: Sequence[str], examples: int, written: str) -> str:
    shown = [(names[pair.first], names[pair.second]) for pair in pairs[:examples]]
    return advice("named_pairs", shown=shown, left=max(len(pairs) - examples, 0), written=written)["text"]


def advice(line: str, **facts: Any) -> Advice:
    """A line of templates/advice.yaml, its text filled with the facts."""
    words = _lines()[line]
    return {"topic": words["topic"], "text": _environment().from_string(words["text"]).render(facts)}


@cache
def _lines() -> dict[str, dict[str, str]]:
    lines: dict[str, dict[str, str]] = parse_yaml((TEMPLATES / "advice.yaml").read_text())
    return lines


@cache
def _environment() -> Environment:
    environment = Environment(undefined=StrictUndefined)  # noqa: S701 - plain text, which the page escapes
    environment.filters |= {
        "thousands": "{:,}".format,
        "decibels": "{:.1f} dB".format,
        "count": count,
        "listing": listing,
    }
    return environment


def count(number: int, noun: str) -> str:
    """`1 pair`, `4 pairs`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listing(values: Iterable[Any]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = map(str, values)
    return f"{', '.join(first)} and {last}" if first else last
