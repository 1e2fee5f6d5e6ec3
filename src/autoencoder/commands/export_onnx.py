"""A run's encoder and decoder as ONNX, for whatever is not PyTorch; each checked by ONNX Runtime against PyTorch.

Pictures go in and come out as numbers in [0, 1], whatever value range the run was trained in.
"""

import copy
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from autoencoder.inference.trained_run import TrainedRun
from autoencoder.models.base.value_range import ValueRange, to_unit
from autoencoder.storage.files import write_atomically

# The largest difference from PyTorch in float64 that float32 explains: of what a picture holds in [0, 1], and of
# latents as a share of the widest.
TOLERANCE = 1e-3


class EncodePictures(nn.Module):
    """(n, channels, height, width) in [0, 1] -> latents (n, latent_dim)."""

    def __init__(self, encoder: nn.Module, value_range: ValueRange) -> None:
        super().__init__()
        self.encoder = encoder
        self.low, self.high = value_range

    def forward(self, images: Tensor) -> Tensor:
        """Their latents."""
        latents: Tensor = self.encoder(images * (self.high - self.low) + self.low)
        return latents


class DecodePictures(nn.Module):
    """Latents (n, latent_dim) -> (n, channels, height, width) in [0, 1]."""

    def __init__(self, decoder: nn.Module, value_range: ValueRange) -> None:
        super().__init__()
        self.decoder = decoder
        self.value_range = value_range

    def forward(self, latents: Tensor) -> Tensor:
        """What they draw."""
        return to_unit(self.decoder(latents), self.value_range)


def export_onnx(trained: TrainedRun, images: np.ndarray, folder: Path) -> dict[str, float]:
    """Write encoder.onnx and decoder.onnx to `folder`, for any number of pictures at once.

    images: (n, channels, height, width) uint8 to check them on. Returns the largest difference of each from PyTorch in
    float64: of the encoder as a share of the largest latent, of the decoder in units of [0, 1].
    """
    value_range, model = trained.manifest.value_range, copy.deepcopy(trained.model).cpu()
    encoder, decoder = EncodePictures(model.encoder, value_range), DecodePictures(model.decoder, value_range)
    given = torch.from_numpy(images).double() / 255
    with torch.inference_mode():
        latents = encoder(given)
        drawn = decoder(latents)
    model.float()  # whole: a part may use the other
    cases: dict[str, tuple[nn.Module, str, Tensor, str, Tensor]] = {
        "encoder": (encoder, "images", given, "latents", latents),
        "decoder": (decoder, "latents", latents, "images", drawn),
    }
    differences = {}
    for part, (network, taken, inputs, returned, expected) in cases.items():
        content = to_onnx(network, inputs.float(), taken, returned, about(trained))
        scale = float(expected.abs().max()) if part == "encoder" else 1.0
        found = run_onnx(content)(inputs.float().numpy())
        differences[part] = float(np.abs(found - expected.numpy()).max()) / scale
        assert differences[part] < TOLERANCE, (part, differences[part])
        write_atomically(folder / f"{part}.onnx", content)
    return differences


def to_onnx(network: nn.Module, example: Tensor, taken: str, returned: str, properties: dict[str, str]) -> bytes:
    """The network as an ONNX file with one input and one output, whose first dimension may be any number."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own deprecation notices
        program = torch.onnx.export(
            network.eval(),
            (example,),
            input_names=[taken],
            output_names=[returned],
            dynamic_shapes=({0: torch.export.Dim("n")},),
            verbose=False,
        )
    assert program is not None
    model = program.model_proto
    for key, value in properties.items():
        model.metadata_props.add(key=key, value=value)
    content: bytes = model.SerializeToString()
    return content


def about(trained: TrainedRun) -> dict[str, str]:
    """What the file says of where it comes from."""
    run, colors = trained.run, "grey" if trained.manifest.image_shape[0] == 1 else "RGB"
    return {
        "run": run.name,
        "dataset": run.dataset,
        "network": run.model,
        "latent_dim": str(run.latent_dim),
        "pictures": f"{colors}, (n, channels, height, width), numbers in [0, 1]",
        "weights_sha256": trained.weights_sha256,
    }


def run_onnx(content: bytes) -> Callable[[np.ndarray], np.ndarray]:
    """An ONNX file with one input and one output as a function, run by ONNX Runtime on the CPU."""
    import onnxruntime

    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (taken,) = session.get_inputs()

    def call(values: np.ndarray) -> np.ndarray:
        (returned,) = session.run(None, {taken.name: values})
        found: np.ndarray = returned
        return found

    return call
