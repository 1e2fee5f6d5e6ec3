"""Mutation tests: small faults put into the code that computes what is published, and whether a test notices each.

Run as `python -P tests/mutants.py [module ...]`, names such as measures.pca or stages.map.*. Tests what has no
verdict yet and all that survived before (mutmut keeps the verdicts in mutants/), and rewrites docs/mutants.md: the
score of each module, and the survivors. The reason that stands behind a survivor there is kept.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import libcst as cst
from mutmut.__main__ import _run
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

# The package itself is not imported here: the tests must meet its mutated copy.

DOCUMENT = Path("docs/mutants.md")
PACKAGE = "autoencoder."
NOTICED = ("killed", "timeout", "segfault")
# Decorators that leave a function what it is. mutmut passes over every decorated function, and so would over most of
# what is measured.
TRANSPARENT = ("torch.inference_mode()", "torch.no_grad()")
NO_REASON = "no reason given yet"
LINE = re.compile(r"^- `(?P<place>[^`]*)`: (?P<change>`.*`)\. (?P<reason>.*)$")
HEAD = """# Mutants

`make mutants` puts small faults into the code that computes what is published, one at a time (another operator, another
constant, an argument left out or made None, ...), and runs the unit and property tests that reach it. A fault that no
test notices survives. The tool is mutmut; `[tool.mutmut]` in pyproject.toml names the modules and the tests. Left out:
the wording of errors (lines that raise), and constants at the top of a module, which the tests hold to their published
values instead. The run can be stopped and goes on where it was; `make clean` forgets its verdicts.

A survivor is a gap in the tests or changes nothing that could be noticed. Each is listed with the reason.
"""


@dataclass(frozen=True)
class Mutant:
    """One fault. name: mutmut's. module: without the package. status: killed, survived, no tests, timeout, ..."""

    name: str
    path: Path
    module: str
    status: str

    @property
    def noticed(self) -> bool:
        """Whether a test failed, or did not end."""
        return self.status in NOTICED


def main() -> None:
    """Test the mutants, and write what came out."""
    parser = argparse.ArgumentParser(prog="python -P tests/mutants.py", description=__doc__)
    parser.add_argument("modules", nargs="*", help="modules without the package, * allowed; without any: all")
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    if not Path("pyproject.toml").is_file():
        sys.exit("pyproject.toml is missing; run from the root of the project")
    look_into_measured_functions()
    run_quick_tests_first()
    forget_survivors()
    names = [f"{PACKAGE}{module}.*" for module in arguments.modules]
    _run(pending(names) if names else [], arguments.processes)
    mutants = list(read_mutants())
    DOCUMENT.write_text(document(mutants, read_reasons(DOCUMENT)))
    print(summary(mutants))


def look_into_measured_functions() -> None:
    """Have mutmut mutate functions under a decorator of `TRANSPARENT` like any other."""
    original = MutationVisitor._skip_node_and_children

    def skip(self: MutationVisitor, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.FunctionDef) and node.decorators:
            code = [cst.Module([]).code_for_node(decorator.decorator) for decorator in node.decorators]
            if all(name in TRANSPARENT for name in code):
                return False
        return original(self, node)

    MutationVisitor._skip_node_and_children = skip  # type: ignore[method-assign]


def run_quick_tests_first() -> None:
    """A fault is tested until a test fails; mutmut's own order is that of a set, different every time."""
    original = PytestRunner.run_tests

    def run(self: PytestRunner, *, mutant_name: str | None, tests: Iterable[str]) -> int:
        return original(self, mutant_name=mutant_name, tests=quick_first(tests, state().duration_by_test))

    PytestRunner.run_tests = run  # type: ignore[method-assign]


def quick_first(tests: Iterable[str], seconds: Mapping[str, float]) -> list[str]:
    """Tests in the order of their seconds."""
    return sorted(tests, key=lambda name: (seconds[name], name))


def pending(patterns: list[str]) -> list[str]:
    """mutmut tests everything it is asked for by name again: of these modules, then, only what has no verdict.

    Where nothing has one yet (the first run of a module), the patterns themselves.
    """
    wanted = re.compile("|".join(pattern.replace(".", r"\.").replace("*", ".*") for pattern in patterns))
    known = {name: code for _, data in _verdicts() for name, code in data.exit_code_by_key.items()}
    untested = [name for name, code in known.items() if wanted.fullmatch(name) and code is None]
    return untested or patterns


def forget_survivors() -> None:
    """What survived is tested again: there may be a new test."""
    for _, data in _verdicts():
        for name, code in data.exit_code_by_key.items():
            if status_by_exit_code[code] not in NOTICED:
                data.exit_code_by_key[name] = None
        if data.exit_code_by_key:
            data.save()


def read_mutants() -> Iterator[Mutant]:
    """Every mutant there is, with its verdict."""
    for path, data in _verdicts():
        module = ".".join(path.with_suffix("").parts[2:])
        for name, code in data.exit_code_by_key.items():
            yield Mutant(name, path, module, status_by_exit_code[code])


def _verdicts() -> Iterator[tuple[Path, SourceFileMutationData]]:
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        yield path, data


def read_reasons(path: Path) -> dict[tuple[str, str], str]:
    """The reasons in a document written before, by place and change. None where there is no such file."""
    lines = path.read_text().splitlines() if path.is_file() else []
    found = (LINE.match(line) for line in lines)
    return {(line["place"], line["change"]): line["reason"] for line in found if line}


def document(mutants: list[Mutant], reasons: dict[tuple[str, str], str]) -> str:
    """The page: the table of scores, then each module's survivors with their reasons. What has no verdict is told."""
    tested = [mutant for mutant in mutants if mutant.status != "not checked"]
    untested = len(mutants) - len(tested)
    missing = (
        [f"{untested:,} of {len(mutants):,} have no verdict yet and are not in the table.", ""] if untested else []
    )
    rows = [f"| {module} | {total} | {noticed} | {percent} |" for module, total, noticed, percent in scores(tested)]
    lines = [HEAD, *missing, "| module | mutants | noticed | share |", "|---|---:|---:|---:|", *rows]
    module = None
    for mutant in tested:
        if mutant.noticed:
            continue
        if mutant.module != module:
            module = mutant.module
            lines += ["", f"## {module}", ""]
        place, change = describe(mutant)
        lines.append(f"- `{place}`: {change}. {reasons.get((place, change), NO_REASON)}")
    return "\n".join(lines) + "\n"


def describe(mutant: Mutant) -> tuple[str, str]:
    """The function that was changed, and the change: the lines before and after, shortened to where they differ."""
    function, owner = orig_function_and_class_names_from_key(mutant.name)
    lines = get_diff_for_mutant(mutant.name, path=mutant.path).splitlines()[2:]
    before, after = (" ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
    return f"{owner}.{function}" if owner else function, f"`{before}` → `{after}`"


def scores(mutants: list[Mutant]) -> Iterator[tuple[str, int, int, str]]:
    """Of each module, and last of all: how many mutants, how many were noticed, and their share."""
    total = Counter(mutant.module for mutant in mutants)
    noticed = Counter(mutant.module for mutant in mutants if mutant.noticed)
    for module in total:
        yield module, total[module], noticed[module], share(noticed[module], total[module])
    yield "**all**", total.total(), noticed.total(), share(noticed.total(), total.total())


def share(noticed: int, total: int) -> str:
    """In percent, rounded down: 89.9 % is not 90 %."""
    return f"{int(1000 * noticed / total) / 10 if total else 0:.1f} %"


def summary(mutants: list[Mutant]) -> str:
    """One line, and one for each module that has verdicts."""
    tested = [mutant for mutant in mutants if mutant.status != "not checked"]
    lines = [f"{module:36} {noticed:5} of {total:5}  {percent}" for module, total, noticed, percent in scores(tested)]
    return "\n".join([*lines, f"{len(mutants) - len(tested)} not tested yet; see {DOCUMENT}"])


if __name__ == "__main__":
    main()
