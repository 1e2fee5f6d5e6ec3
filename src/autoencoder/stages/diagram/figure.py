"""What an autoencoder is: nodes in layers, each joined to all of the next."""

from collections.abc import Sequence
from itertools import pairwise, product

from matplotlib.figure import Figure

from autoencoder.drawing.style import PART_COLOURS


def diagram(sizes: Sequence[int]) -> Figure:
    """Layers of nodes from left to right, each joined to all of the next; the smallest is the embedding."""
    figure = Figure(figsize=(1.6 * len(sizes) + 1, 0.55 * max(sizes) + 1.2), layout="constrained")
    axes = figure.subplots()
    nodes = [[(x, (size - 1) / 2 - row) for row in range(size)] for x, size in enumerate(sizes)]
    for left, right in pairwise(nodes):
        for (x0, y0), (x1, y1) in product(left, right):
            axes.plot([x0, x1], [y0, y1], color="#bbbbbb", linewidth=0.8, zorder=1)
    narrowest = min(range(len(sizes)), key=lambda x: sizes[x])
    for x, layer in enumerate(nodes):
        inner = "latent" if x == narrowest else "encoder" if x < narrowest else "decoder"
        part = "input" if x in (0, len(sizes) - 1) else inner
        label = "input" if x == 0 else "output" if x == len(sizes) - 1 else "embedding" if x == narrowest else "hidden"
        axes.scatter([x] * len(layer), [y for _, y in layer], s=260, color=PART_COLOURS[part], zorder=2)
        axes.text(x, -max(sizes) / 2 - 0.4, f"{label}\n{sizes[x]}", ha="center", va="top", fontsize=10)
    axes.text(narrowest / 2, max(sizes) / 2, "encoder", ha="center")
    axes.text((narrowest + len(sizes) - 1) / 2, max(sizes) / 2, "decoder", ha="center")
    axes.set_ylim(-max(sizes) / 2 - 1.6, max(sizes) / 2 + 0.5)
    axes.axis("off")
    axes.set_title(f"An autoencoder: {sizes[0]} numbers through {sizes[narrowest]}", fontsize=12)
    return figure
