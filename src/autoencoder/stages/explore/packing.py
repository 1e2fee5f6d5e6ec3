"""Numbers as text for a page's JSON: base64 of their bytes, little-endian, row by row; study.js unpacks them."""

import base64
from typing import Any

import numpy as np

LEVELS = 255  # between the least and the greatest of a column
BLOCK = 32  # numbers that share a scale
MOST = 127  # of a signed byte


def packed(values: np.ndarray, dtype: str) -> str:
    """Numbers of any shape as `dtype`, such as "<f2"; what a half cannot hold becomes the greatest that it can."""
    if dtype == "<f2":
        most = np.finfo(np.float16).max
        values = np.clip(values, -most, most)
    return base64.b64encode(np.ascontiguousarray(values).astype(dtype).tobytes()).decode("ascii")


def packed_in_bytes(columns: np.ndarray) -> dict[str, Any]:
    """(n, d) numbers in a byte each: `values`, counted in steps from the least of the column: low + step * value."""
    low, high = columns.min(axis=0), columns.max(axis=0)
    step = np.where(high > low, (high - low) / LEVELS, 1)
    return {
        "low": packed(low, "<f4"),
        "step": packed(step, "<f4"),
        "values": packed(np.rint((columns - low) / step), "u1"),
    }


def packed_in_blocks(values: np.ndarray) -> dict[str, Any]:
    """Numbers of any shape in little more than a byte each, good to the eye: `values`, signed, times the `scales`
    (halves) of their block, 32 numbers one after the other.
    """
    flat = np.asarray(values, dtype=np.float64).ravel()
    blocks = np.pad(flat, (0, -len(flat) % BLOCK)).reshape(-1, BLOCK)
    scales = (np.abs(blocks).max(axis=1) / MOST).astype(np.float16)
    counted = np.rint(blocks / np.where(scales > 0, scales, 1)[:, None].astype(np.float64)).clip(-MOST, MOST)
    return {"values": packed(counted.ravel()[: len(flat)], "i1"), "scales": packed(scales, "<f2")}
