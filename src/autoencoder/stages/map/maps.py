"""Maps of a run's latents: two coordinates an image, and how far they can be trusted.

Source: punks tutorial, which has an embedding of two numbers in mind; t-SNE: van der Maaten and Hinton 2008;
trustworthiness: Venna and Kaski 2001.
"""

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.neighbors import NearestNeighbors

from autoencoder.measures.colourings import Colouring
from autoencoder.measures.rounding import significant
from autoencoder.measures.sampling import sample_rows
from autoencoder.storage.files import Record

SEED = 0
PERPLEXITY = 30  # neighbors that t-SNE keeps near, about
MAX_DIMENSIONS = 50  # t-SNE begins at the leading principal components: quicker, and next to nothing is lost
PASSES = 750
NEIGHBOURS = 10
MAX_TRUSTED = 2000  # images that trustworthiness is measured on: it compares all pairs
DIGITS = 4  # written of what is measured
UNSURE_DIGITS = 2  # of what is measured on t-SNE's map: another processor finds another one, and may change the third
UNSURE = ("tsne_kl", "tsne_trustworthiness", "tsne_same_label")
LEVELS = 2**16 - 1  # that a coordinate is kept in


def draw_maps(latents: np.ndarray, shown: list[Colouring]) -> tuple[dict[str, np.ndarray], Record]:
    """Both maps of latents (n, latent_dim) float32, {pca, tsne}: (n, 2) float32; and what is measured on them, flat.

    The first map shows the numbers themselves where there are two (or one), else the two principal components.
    *_trustworthiness: see Venna and Kaski, 1 at best. *_same_label: the share of an image's ten nearest that have its
    label; on each map, among the latents themselves, and by chance. label: which, that of `shown` which blind choice
    gets right least often. Neither of sets too small.
    """
    pca, explained = principal_components(latents)
    tsne, divergence = neighbor_map(latents)
    maps, about = {"pca": pca, "tsne": tsne}, dict[str, str]()
    measured = {"pca_explained": explained, "tsne_perplexity": perplexity(len(latents)), "tsne_kl": divergence}
    for name, points in maps.items():
        measured |= {f"{name}_trustworthiness": value for value in _trust(latents, points)}
    if shown and len(latents) > NEIGHBOURS:
        told = min(shown, key=lambda colouring: chance(colouring.codes))
        codes = told.codes
        for name, points in {**maps, "latents": latents}.items():
            measured[f"{name}_same_label"] = same_label(points, codes)
        measured["chance_same_label"] = chance(codes)
        about = {"label": told.label}
    rounded = {
        name: significant(value, UNSURE_DIGITS if name in UNSURE else DIGITS) for name, value in measured.items()
    }
    return maps, {"num_images": len(latents), **about, **rounded}


def compact(points: np.ndarray) -> np.ndarray:
    """Points (n, 2) as they are kept for drawing: (n, 2) uint16, moved to 0 and scaled alike in both directions."""
    low = points.min(axis=0)
    extent = float((points - low).max()) or 1.0
    kept: np.ndarray = np.rint((points - low).astype(np.float64) / extent * LEVELS).astype("<u2")
    return kept


def principal_components(latents: np.ndarray) -> tuple[np.ndarray, float]:
    """The two principal components of latents (n, latent_dim), (n, 2), and the fraction of the variance they hold.

    Of two numbers or one: these themselves, and 1. A missing second coordinate is 0.
    """
    if latents.shape[1] <= 2:
        return _two(latents), 1.0
    if not latents.std(axis=0).any():  # all the same: nothing to tell apart, and nothing lost
        return np.zeros((len(latents), 2), dtype=np.float32), 1.0
    exact = latents.astype(np.float64)
    pca = PCA(min(2, len(latents)), svd_solver="covariance_eigh").fit(exact)
    return _two(pca.transform(exact)), float(pca.explained_variance_ratio_.sum())


def perplexity(number: int) -> float:
    """The perplexity of a t-SNE of so many images: `PERPLEXITY`, or what few images allow."""
    return min(PERPLEXITY, (number - 1) / 3)


def neighbor_map(latents: np.ndarray) -> tuple[np.ndarray, float]:
    """t-SNE of latents (n, latent_dim), begun at their principal components: (n, 2), and its divergence."""
    if len(latents) < 3 or not latents.std(axis=0).any():  # nothing to arrange
        return np.zeros((len(latents), 2), dtype=np.float32), 0.0
    leading = latents.astype(np.float64)
    if latents.shape[1] > MAX_DIMENSIONS:
        leading = PCA(min(MAX_DIMENSIONS, len(latents)), svd_solver="covariance_eigh").fit_transform(leading)
    start = "pca" if latents.shape[1] > 1 else "random"
    tsne = TSNE(2, perplexity=perplexity(len(latents)), init=start, max_iter=PASSES, random_state=SEED)
    points: np.ndarray = tsne.fit_transform(leading)
    return points, float(tsne.kl_divergence_)


def chance(codes: np.ndarray) -> float:
    """The share of pairs of images that have the same label, drawn blindly. codes: (n,)."""
    return float(np.square(np.bincount(codes) / len(codes)).sum())


def same_label(points: np.ndarray, codes: np.ndarray) -> float:
    """The share of each image's ten nearest, itself left out, that have its label. points: (n, d), n above ten."""
    nearest = NearestNeighbors(n_neighbors=NEIGHBOURS).fit(points).kneighbors(return_distance=False)
    return float((codes[nearest] == codes[:, None]).mean())


def _trust(latents: np.ndarray, points: np.ndarray) -> list[float]:
    """How far neighbors on the map are neighbors as latents, 0 to 1; none where it is not defined."""
    part = sample_rows(len(latents), MAX_TRUSTED)
    neighbors = min(NEIGHBOURS, (len(part) - 1) // 2)
    return [float(trustworthiness(latents[part], points[part], n_neighbors=neighbors))] if neighbors else []


def _two(points: np.ndarray) -> np.ndarray:
    padded = np.zeros((len(points), 2), dtype=np.float32)
    padded[:, : points.shape[1]] = points
    return padded
