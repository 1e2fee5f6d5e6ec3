"""What to make of a folder's study, in words: a line each of what was found, and what to do about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from autoencoder.stages.advise.duplicates import MAX_QUERIES, Pair
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Manifest

LEVELS = (25, 30, 35)  # dB, of those that `curve` answers for
FEW_IMAGES = 2000  # training images: with fewer a network seldom has the better of PCA at many numbers
FEW_OF_A_CLASS = 10
FEW_PICTURES = 40  # with fewer, hardly ten are tested with
ONE_SHAPE = 1.02  # sides whose quotient differs by less are the same shape
LOOSE = "(no sub-folder)"  # as data/image_folder.py labels what lies in none

Advice = dict[str, str]  # {topic, text}


def how_sure(counts: Mapping[str, int]) -> Iterator[Advice]:
    """That all that follows is weak, where it is. counts: pictures of each split."""
    total = sum(counts.values())
    if total < FEW_PICTURES:
        tested = count(counts["test"], "test picture")
        text = f"{total} pictures are few: all figures here are of {tested}, and with others they would be others."
        yield advice("Few pictures", text)


def quality(answer: Record, most: int, num_inputs: int) -> Iterator[Advice]:
    """How many numbers the levels take. most: the largest dimension that was trained; num_inputs: of a picture."""
    told = []
    for level in LEVELS:
        ours, pca = answer[f"latents_for_{level}_db"], answer[f"pca_latents_for_{level}_db"]
        how = {"about": "about ", "at most": "at most "}.get(answer[f"how_for_{level}_db"] or "", "")
        numbers = f"{how}{ours:,}" if ours else f"more than {most:,}"
        told.append(f"{level} dB {numbers} (PCA: {f'{pca:,}' if pca else 'out of reach'})")
    more = [level for level in LEVELS if not answer[f"latents_for_{level}_db"]]
    larger = f"a larger dimension (DIMS={2 * most}), or " if 2 * most < num_inputs else ""
    todo = f" For {more[0]} dB try {larger}more epochs." if more else ""
    yield advice("Numbers a picture", f"On pictures it was not trained on a network needs for {listing(told)}.{todo}")


def knee(answer: Record) -> Iterator[Advice]:
    """Where more numbers begin to buy less, where that is known."""
    if answer["knee_latents"]:
        yield advice("Where to stop", f"Beyond {answer['knee_latents']:,} numbers a further one buys clearly less.")
    else:
        yield advice("Where to stop", "No knee was found: there is no nested run, or its error hardly falls.")


def against_pca(metrics: Mapping[str, Record], num_train: int, answer: Record) -> Iterator[Advice]:
    """Whether the networks are worth their training. metrics: of the data set's runs, by name; answer: of `curve`,
    whose mean PSNR may favour the other: it weighs pictures alike, an error those that come back badly.
    """
    compared = [row for row in metrics.values() if row["pca_test_sse"] is not None]
    ahead, behind = (
        sorted({row["latent_dim"] for row in compared if (row["test_sse"] < row["pca_test_sse"]) is better})
        for better in (True, False)
    )
    few = " More epochs may help."
    if num_train < FEW_IMAGES:
        few = f" {num_train:,} training images are few for a network: more of them help most, then more epochs."
    if not compared:
        return
    if not behind:
        text = f"The network leaves less error than PCA at {listing(ahead)} numbers."
        yield advice("Network or PCA", text + _but_psnr(answer))
    elif not ahead:
        text = f"PCA leaves less error than the network at {listing(behind)} numbers: use PCA.{few}"
        yield advice("Network or PCA", text)
    else:
        text = (
            f"The network leaves less error than PCA at {listing(ahead)} numbers, and more at {listing(behind)}.{few}"
        )
        yield advice("Network or PCA", text)


def _but_psnr(answer: Record) -> str:
    """The levels of mean PSNR for which PCA needs fewer numbers."""
    numbers = {level: (answer[f"latents_for_{level}_db"], answer[f"pca_latents_for_{level}_db"]) for level in LEVELS}
    fewer = [f"{level} dB" for level, (ours, pca) in numbers.items() if pca and (not ours or pca < ours)]
    if not fewer:
        return ""
    return (
        f" For a mean PSNR of {listing(fewer)} PCA needs fewer numbers all the same: decibels count a picture that is "
        "easy as much as one that is hard."
    )


def duplicates(pairs: Sequence[Pair], names: Sequence[str], examples: int, written: str) -> Iterator[Advice]:
    """Pictures that are there twice or nearly so, and those of them that make the test easier than it should be.

    written: where all are, of which `examples` are named.
    """
    same, alike = ([pair for pair in pairs if pair.is_same is kind] for kind in (True, False))
    looked = ""
    if len(names) > MAX_QUERIES:
        looked = f" What is alike was looked for of {MAX_QUERIES:,} of {len(names):,} pictures, drawn at random."
    told = [
        f"{count(len(some), 'pair')} of pictures {'is' if len(some) == 1 else 'are'} {what}: "
        f"{_named(some, names, examples, written)}."
        for some, what in ((same, "the same"), (alike, "alike, as what was saved twice would be"))
        if some
    ]
    yield advice("Near-duplicates", " ".join(told or ["No two pictures are the same, or nearly so."]) + looked)
    leaks = [pair for pair in pairs if pair.leaks]
    if leaks:
        yield advice(
            "A split that leaks",
            f"Of {count(len(leaks), 'pair')} one picture is tested with and the other is not, so that the test may be "
            f"easier than new pictures will be: {_named(leaks, names, examples, written)}. Look at them, and of what "
            "was copied leave one in the folder.",
        )


def hardest(run: str, shown: Sequence[Record], names: Sequence[str]) -> Iterator[Advice]:
    """The pictures that come back worst. shown: single test images as `evaluate` found them, by rising error."""
    worst = [names[row["index"]] for row in shown if row["which"] == "hardest"][::-1]
    if worst:
        yield advice("Worst reconstructed", f"By {run}, of the test pictures: {listing(worst)}.")


def classes(
    groups: Sequence[Record], sizes: Mapping[str, Mapping[str, int]], table: str | None = None
) -> Iterator[Advice]:
    """What labels say. groups: of the best run, as `evaluate` wrote them; sizes: images by label and name; table: whose
    columns the labels are, None where they are the sub-folders.
    """
    for label, there in sizes.items():
        if len(there) > 1:
            kind = f"values of {label}" if table else "sub-folders"
            ranked = sorted((row for row in groups if row["label"] == label), key=lambda row: row["psnr_db"])
            told = f"{len(there)} {kind} are taken as labels.{_ends(ranked)}{_small(there)}"
            yield advice("Classes", told)
        elif table or LOOSE not in there:
            yield advice("Classes", f"All pictures have the one label {listing(there)}, which tells nothing.")
        else:
            yield advice("Classes", "There are none: sub-folders, or a CSV file in the folder, would be labels.")


def _ends(ranked: Sequence[Record]) -> str:
    """The classes that come back worst and best, of test images by rising PSNR."""
    if len(ranked) < 2:
        return ""
    worst, best = (f"({row['psnr_db']:.1f} dB)" for row in (ranked[0], ranked[-1]))
    return f" {ranked[0]['name']} comes back worst {worst}, {ranked[-1]['name']} best {best}."


def _small(sizes: Mapping[str, int]) -> str:
    """The classes of too few images to say much of."""
    small = [name for name, number in sizes.items() if number < FEW_OF_A_CLASS]
    if not small:
        return ""
    return f" Fewer than {FEW_OF_A_CLASS} pictures have {listing(small[:5])}{' and others' if len(small) > 5 else ''}."


def files(about: Record, manifest: Manifest) -> Iterator[Advice]:
    """What the files were like, where that costs something: colours, sizes, transparency, damage."""
    total, channels = len(about["names"]), manifest.image_shape[0]
    grey, clear = about["num_grey"], about["num_transparent"]
    if channels == 1 and grey == total:
        yield advice("Grey", "No picture has a colour: they are taken as grey, a third of the numbers.")
    elif channels == 3 and grey == total:
        yield advice("Grey", "No picture has a colour: `channels: 1` in params.yaml makes a third of the numbers.")
    elif channels == 3 and grey:
        yield advice("Grey", f"{grey:,} of {total:,} pictures are grey among others in colour.")
    elif channels == 1 and grey < total:
        yield advice("Grey", f"{total - grey:,} of {total:,} pictures have colours, which are lost.")
    yield from _of_sizes(about["sizes"], manifest)
    if clear:
        yield advice("Transparency", f"{clear:,} of {total:,} pictures are transparent in part: laid over black.")
    if about["unreadable"]:
        told = count(len(about["unreadable"]), "file")
        yield advice("Unreadable", f"{told} could not be read; data/prepared/{manifest.name}/pictures.json names them.")


def _of_sizes(sizes: Mapping[str, int], manifest: Manifest) -> Iterator[Advice]:
    _, height, width = manifest.image_shape
    made = f"{height} x {width} (height x width)"
    total = sum(sizes.values())
    sides = {name: [int(side) for side in name.split(" x ")] for name in sizes}
    cut = sum(number for name, number in sizes.items() if not _same_shape(sides[name], (width, height)))
    enlarged = sum(number for name, number in sizes.items() if sides[name][0] < width or sides[name][1] < height)
    if len(sizes) > 1:
        text = f"The pictures have {len(sizes)} sizes, and are all made {made}."
        yield advice("Mixed sizes", text)
    if cut:
        yield advice("Cut", f"{cut:,} of {total:,} pictures are of another shape: their middle is taken.")
    if enlarged:
        yield advice("Enlarged", f"{enlarged:,} of {total:,} pictures are smaller than {made}, and look blurred.")


def _same_shape(sides: Sequence[int], others: Sequence[int]) -> bool:
    quotient = sides[0] * others[1] / (sides[1] * others[0])
    return max(quotient, 1 / quotient) < ONE_SHAPE


def _named(pairs: Sequence[Pair], names: Sequence[str], examples: int, written: str) -> str:
    told = [f"{names[pair.first]} and {names[pair.second]}" for pair in pairs[:examples]]
    left = len(pairs) - examples
    return "; ".join(told) + (f" and {count(left, 'other')}, all in {written}" if left > 0 else "")


def advice(topic: str, text: str) -> Advice:
    """A line of advice."""
    return {"topic": topic, "text": text}


def count(number: int, noun: str) -> str:
    """`1 pair`, `4 pairs`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listing(values: Iterable[Any]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = map(str, values)
    return f"{', '.join(first)} and {last}" if first else last
