"""The page of docs/mutants.md: its scores, and that a reason once given stays with its survivor."""

from pathlib import Path

import pytest

from tests import mutants
from tests.mutants import Mutant, document, read_reasons, share, summary


def mutant(name: str, status: str, module: str = "measures.x") -> Mutant:
    return Mutant(f"autoencoder.{module}.{name}", Path("src/x.py"), module, status)


FOUND = [
    mutant("x_f__mutmut_1", "killed"),
    mutant("x_f__mutmut_2", "survived"),
    mutant("x_f__mutmut_3", "timeout"),
    mutant("x_f__mutmut_4", "not checked"),
    mutant("x_g__mutmut_1", "no tests", "training.y"),
]
DIFF = "--- a\n+++ b\n@@ -1 +1 @@\n def f():\n-    return 1 if a | b else 2\n+    return 1 if a & b else 2\n"


@pytest.fixture(autouse=True)
def one_diff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mutants, "get_diff_for_mutant", lambda *_, **__: DIFF)


def test_scores_count_what_was_tested() -> None:
    page = document(FOUND, {})
    assert "| measures.x | 3 | 2 | 66.6 % |" in page
    assert "| training.y | 1 | 0 | 0.0 % |" in page
    assert "| **all** | 4 | 2 | 50.0 % |" in page
    assert "1 of 5 have no verdict yet" in page
    assert "no verdict yet" not in document(FOUND[:3], {})
    assert summary(FOUND).endswith("1 not tested yet; see docs/mutants.md")


def test_a_reason_stays(tmp_path: Path) -> None:
    page = document(FOUND, {})
    assert page.count(mutants.NO_REASON) == 2
    path = tmp_path / "mutants.md"
    path.write_text(page.replace(mutants.NO_REASON, "Either way the same: `a` is never set.", 1))
    reasons = read_reasons(path)
    place = ("f", "`return 1 if a | b else 2` → `return 1 if a & b else 2`")
    assert reasons[place] == "Either way the same: `a` is never set."
    assert document(FOUND, reasons) == path.read_text()
    assert read_reasons(tmp_path / "none.md") == {}


@pytest.mark.parametrize(
    ("noticed", "total", "text"), [(899, 1000, "89.9 %"), (8999, 10000, "89.9 %"), (0, 0, "0.0 %")]
)
def test_a_share_is_never_rounded_up(noticed: int, total: int, text: str) -> None:
    assert share(noticed, total) == text


def test_quick_tests_come_first() -> None:
    seconds = {"slow": 2.0, "b": 0.5, "a": 0.5}
    assert mutants.quick_first({"slow", "b", "a"}, seconds) == ["a", "b", "slow"]
