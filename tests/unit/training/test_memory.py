"""What the C library is asked, and that a step's memory comes back from the heap."""

import ctypes
import platform
from types import SimpleNamespace

import pytest

from autoencoder.training import memory


def test_what_is_freed_is_kept_and_large_tensors_come_from_what_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers are those of glibc's malloc.h, and 32 MiB is the most that its manual allows."""
    asked = {}

    def mallopt(what: int, value: int) -> int:
        asked[what] = value
        return 1

    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace(mallopt=mallopt) if name is None else None)
    assert memory.keep_freed_memory()
    assert asked == {-3: 32 * 1024 * 1024, -1: 2**31 - 1}


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_glibc_takes_it() -> None:
    assert memory.keep_freed_memory()


@pytest.mark.parametrize("answers", [(0, 1), (1, 0)])
def test_a_library_that_refuses_is_told_apart(answers: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    left = list(answers)
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace(mallopt=lambda *_: left.pop(0)))
    assert not memory.keep_freed_memory()


def test_a_library_that_knows_no_such_call_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    assert not memory.keep_freed_memory()
