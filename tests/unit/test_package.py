"""What holds for the package as a whole."""

import ast
import os
import subprocess
import sys

import pytest

from tests.closure import SRC

SCRIPTS = sorted(path.stem for path in SRC.glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS)
def test_threads_that_wait_sleep(script: str) -> None:
    """OpenMP reads how to wait when torch or scikit-learn load it: the package, which says so, comes before them."""
    body = ast.parse((SRC / f"{script}.py").read_text()).body
    modules = [
        node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in body
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    others = [module.split(".")[0] for module in modules if module.split(".")[0] not in sys.stdlib_module_names]
    assert others[0] == "autoencoder"


@pytest.mark.parametrize(("given", "expected"), [({}, "PASSIVE"), ({"OMP_WAIT_POLICY": "ACTIVE"}, "ACTIVE")])
def test_how_to_wait_is_said_unless_the_user_did(given: dict[str, str], expected: str) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "OMP_WAIT_POLICY"}
    code = "import autoencoder, os; print(os.environ['OMP_WAIT_POLICY'])"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment | given | {"PYTHONPATH": str(SRC)}, capture_output=True, text=True)
    assert done.stdout.strip() == expected
