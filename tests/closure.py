"""Which modules of the package a script imports, found by reading the code."""

import ast
from pathlib import Path

SRC = Path(__file__).parent.parent / "src"
# Rooms that tell, check and carry: what they carry is tracked by itself, and nothing in them changes a result.
CARRIERS = ("src/autoencoder/__init__.py", *(f"src/autoencoder/{room}/" for room in ("ui", "config", "storage")))


def import_closure(script: Path) -> set[str]:
    """Files below src/ that `script` imports, itself included, transitively; paths as dvc.yaml writes them."""
    seen: set[Path] = set()
    waiting = [script]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += _imported(path)
    return {path.relative_to(SRC.parent).as_posix() for path in seen}


def result_code(script: Path) -> set[str]:
    """The part of `import_closure` that a result may depend on: without the carriers, and without mere docstrings."""
    files = {file for file in import_closure(script) if not file.startswith(CARRIERS)}
    return {file for file in files if not _only_a_docstring(SRC.parent / file)}


def _only_a_docstring(path: Path) -> bool:
    body = ast.parse(path.read_text()).body
    return len(body) == 1 and ast.get_docstring(ast.Module(body, [])) is not None


def _imported(path: Path) -> list[Path]:
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            module = node.module or ""
            names += [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return [file for name in names if name.split(".")[0] == "autoencoder" for file in _files(name)]


def _files(name: str) -> list[Path]:
    """The file of a module, and the __init__ of each package on the way to it; nothing where `name` is no module."""
    parts = name.split(".")
    inits = [SRC.joinpath(*parts[:end], "__init__.py") for end in range(1, len(parts) + 1)]
    return [path for path in [*inits, SRC.joinpath(*parts).with_suffix(".py")] if path.is_file()]
