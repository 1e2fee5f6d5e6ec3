"""A network layer by layer, as it is."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from autoencoder.drawing.style import PART_COLOURS, stamped
from autoencoder.stages.plot.layers import Layer


def network(layers: Sequence[Layer], title: str, sample: bool) -> Figure:
    """A network from image to image, top to bottom: bars as wide as the numbers a layer hands on (logarithm)."""
    figure = Figure(figsize=(9, 0.42 * len(layers) + 0.9), layout="constrained")
    axes = figure.subplots()
    for place, layer in enumerate(layers):
        width = np.log2(1 + layer.num_values)
        axes.barh(-place, width, left=-width / 2, height=0.72, color=PART_COLOURS[layer.part])
        shape = " x ".join(map(str, layer.shape))
        axes.text(0, -place, shape, ha="center", va="center", color="white", fontsize=9)
        axes.text(-7.5, -place, layer.name, ha="right", va="center", fontsize=9)
        learnt = f"{layer.num_parameters:,} parameters" if layer.num_parameters else ""
        axes.text(7.5, -place, f"{layer.num_values:,} numbers", ha="left", va="center", fontsize=9)
        axes.text(14, -place, learnt, ha="left", va="center", fontsize=9)
    axes.set_xlim(-20, 20)
    axes.axis("off")
    handles = [Patch(color=colour, label=part) for part, colour in PART_COLOURS.items()]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    figure.suptitle(stamped(title, sample), fontsize=12)
    return figure
