"""What search finds, as a figure: each query with its neighbors by every code, and what they share."""

from collections.abc import Sequence

import numpy as np

from autoencoder.drawing.image_rows import ImageRow
from autoencoder.measures.corpus import Corpus
from autoencoder.measures.labels import told_labels
from autoencoder.storage.files import Record
from autoencoder.storage.prepared import Manifest, Split
from autoencoder.storage.results import PCA

CALLED = {"latents": "network"}
ORDER = ("latents", PCA, "pixels")
MOST_NAMED = 3  # of what two pictures share, below one of them


def neighbor_rows(found: Sequence[Record], queries: Split, corpus: Corpus, manifest: Manifest) -> list[ImageRow]:
    """Rows of a figure: each query with its neighbors, a row a code; framed where the label that tells most matches.

    found: the records of one metric, as `retrieve` writes them (`tabulate_shown`).
    """
    label = telling_label(manifest, queries)
    rows = []
    for query in dict.fromkeys(record["query"] for record in found):
        of_query = [record for record in found if record["query"] == query]
        for record in sorted(of_query, key=lambda each: ORDER.index(each["code"])):
            neighbors = record["rows"]
            images = np.concatenate([queries.images[query][None], corpus.images[neighbors]]) / np.float32(255)
            captions, framed = [f"test {queries.index[query]}"], list[bool]()  # without a label nothing can match
            if label:
                framed.append(False)
                captions[0] += "\n" + named(names_of(queries, query, label, manifest))
                for row in neighbors:
                    theirs, ours = names_of(corpus, row, label, manifest), names_of(queries, query, label, manifest)
                    shared = [name for name in theirs if name in ours]
                    captions.append(named(shared if queries.labels[label].ndim > 1 else theirs))
                    framed.append(sorted(theirs) == sorted(ours))
            code: str = record["code"]
            rows.append(ImageRow(CALLED.get(code, code), images, tuple(captions), tuple(framed)))
    return rows


def telling_label(manifest: Manifest, split: Split) -> str | None:
    """The label that says most of an image: one of several names in one where there is such, else the first."""
    labels = told_labels(manifest)
    several = [label for label in labels if split.labels[label].ndim > 1]
    return next(iter([*several, *labels]), None)


def names_of(split: Split | Corpus, row: int, label: str, manifest: Manifest) -> list[str]:
    """The names of a label that an image has."""
    value = split.labels[label][row]
    names = manifest.labels[label]
    return [names[place] for place in np.flatnonzero(value)] if np.ndim(value) else [names[value]]


def named(names: Sequence[str]) -> str:
    """Names on a line each; of many the first, and how many more."""
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], f"and {len(names) - MOST_NAMED + 1} more"]
    return "\n".join(names)
