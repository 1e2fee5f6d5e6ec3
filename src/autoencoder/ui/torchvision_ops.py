"""Imports torchvision, also beside a CPU-only torch: `from autoencoder.ui.torchvision_ops import make_grid`.

PyPI's torchvision for Linux is built against CUDA torch. Beside a CPU-only torch its C++ operators do not load, and
its import fails while it registers Python kernels for two of them. None of them is used here: declaring their schemas
is enough. Where the operators do load, nothing is declared.
"""

import torch

_library: torch.library.Library | None = None  # kept alive: the schemas go when it does

try:
    import torchvision.utils
except RuntimeError:  # operator torchvision::nms does not exist
    _library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    _library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")  # type: ignore[no-untyped-call]
    _library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")  # type: ignore[no-untyped-call]
    import torchvision.utils

make_grid = torchvision.utils.make_grid
