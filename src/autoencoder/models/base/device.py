"""Where the arithmetic happens: device, precision, threads, and the settings that make a run repeat to the bit."""

import os
import platform
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import torch

from autoencoder.ui.errors import no_such_device


def resolve_device(wanted: str) -> torch.device:
    """`auto` becomes CUDA, Apple's MPS or the CPU, the first there is. Raises UserError for one that is not there."""
    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(wanted)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise no_such_device(wanted, reason) from None
    return device


def resolve_precision(wanted: str, device: torch.device) -> str:
    """`auto` becomes bf16 where the hardware multiplies bf16 faster than fp32: elsewhere it is slower."""
    if wanted != "auto":
        return wanted
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp32"
    if device.type == "cpu":
        return "bf16" if _multiplies_bf16_fast(torch.cpu.get_capabilities()) else "fp32"
    return "fp32"


def _multiplies_bf16_fast(there: Mapping[str, Any]) -> bool:
    """Whether a processor of these capabilities does: by tiles (AMX), as ARM's do, or by AVX-512 on AMD's.

    Intel's have AVX-512's bf16, too, at half the rate of fp32 (a Xeon of 2023: 84 against 161 GFLOP/s a core).
    """
    by_vectors = there.get("avx512_bf16") and str(there.get("cpu_name", "")).startswith("AMD")
    return bool(there.get("amx_bf16") or there.get("bf16") or by_vectors)


def autocast(device: torch.device, precision: str) -> AbstractContextManager[None]:
    """Convolutions and matrix products in bf16 where `precision` says so; weights and losses stay fp32."""
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16")


def make_deterministic() -> None:
    """Ask every library for its repeatable algorithms. Same machine, versions and threads: the same bits.

    And for true fp32 where fp32 is asked for: on CUDA, convolutions would by default round to TF32's 10 bits.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS reads it at its first call
    torch.backends.cudnn.benchmark = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.use_deterministic_algorithms(True)
    # A debugging aid that would cost time at every allocation.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]


def device_name(device: torch.device) -> str:
    """The hardware by name, for the metrics: `NVIDIA H200`, or `AMD EPYC, 2 threads`."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    if device.type == "cpu":
        name = torch.cpu.get_capabilities().get("cpu_name") or platform.processor() or platform.machine()
        return f"{name}, {torch.get_num_threads()} threads"
    return f"{device.type} ({platform.machine()})"
