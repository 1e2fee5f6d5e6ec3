"""What holds for any latents and any bytes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autoencoder.codecs.latent_codec import fit_codec, pack, unpack
from autoencoder.codecs.quantization import fit_grid
from autoencoder.ui.errors import UserError


@st.composite
def messages(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Levels (d,) and frequencies (d, L): flat, steep, and with levels that hardly ever occur."""
    dimensions, num_levels = draw(st.integers(1, 40)), draw(st.integers(2, 30))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    spread = draw(st.sampled_from([0.0, 1.0, 6.0]))
    frequencies = np.rint(np.exp(rng.normal(0, spread, (dimensions, num_levels))) * 100).clip(1, 2**20)
    levels = draw(arrays.arrays(np.int32, dimensions, elements=st.integers(0, num_levels - 1)))
    return levels, frequencies


@given(messages())
def test_levels_survive_and_no_byte_string_begins_another(message: tuple[np.ndarray, np.ndarray]) -> None:
    levels, frequencies = message
    payload = pack(levels, frequencies)
    assert np.array_equal(unpack(payload, frequencies), levels)
    for length in range(len(payload)):
        with pytest.raises(UserError):
            unpack(payload[:length], frequencies)


@given(messages(), st.binary(max_size=12))
def test_any_bytes_are_refused_or_stand_for_levels(message: tuple[np.ndarray, np.ndarray], payload: bytes) -> None:
    _, frequencies = message
    try:
        levels = unpack(payload, frequencies)
    except UserError:
        return
    assert pack(levels, frequencies) == payload


@settings(deadline=None)
@given(
    arrays.arrays(
        np.float32, st.tuples(st.integers(1, 30), st.integers(1, 6)), elements=st.floats(-1e3, 1e3, width=32)
    ),
    st.sampled_from([3, 8]),
)
def test_training_latents_come_back_within_a_step(latents: np.ndarray, bits: int) -> None:
    step = fit_grid(latents, bits).step
    codec = fit_codec(latents, b"")
    for row in latents:
        assert np.abs(codec.decode(codec.encode(row, bits)) - row).max() <= step * 1.001 + 1e-3
