"""How every stage script starts: one name on the command line, one line per mistake."""

import argparse
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from autoencoder.ui.errors import UserError


def run_stage(main: Callable[[str], None], names: str) -> None:
    """Run `main(name)` with the name given on the command line.

    `names` says in the help text what a name is (a run, a data set). A `UserError` and an error of the operating
    system (full disk, no permission) end the process with status 1 and one line on stderr; anything else is a
    bug and keeps its traceback.
    """
    script = Path(sys.argv[0]).stem
    parser = argparse.ArgumentParser(prog=f"python src/{script}.py", description=sys.modules["__main__"].__doc__)
    parser.add_argument("name", help=names)
    run_or_explain(lambda: main(parser.parse_args().name), script)


def run_or_explain(action: Callable[[], None], script: str) -> None:
    """Run `action`; turn the errors a user can mend into one line and exit status 1 (130 when interrupted)."""
    threading.excepthook = _explain_in_thread
    try:
        action()
    except UserError as error:
        sys.exit(f"{script}: error: {error}")
    except OSError as error:
        sys.exit(f"{script}: error: {_describe(error)}")
    except KeyboardInterrupt:
        print(f"{script}: interrupted", file=sys.stderr)
        sys.exit(130)


def _describe(error: OSError) -> str:
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror or error}{where}"


def _explain_in_thread(arguments: threading.ExceptHookArgs) -> None:
    """What TensorBoard's thread cannot write it hands on to the training, which tells it once (ui/tensorboard.py)."""
    of_tensorboard = type(arguments.thread).__module__.startswith("tensorboard.")
    if not (of_tensorboard and isinstance(arguments.exc_value, OSError)):
        threading.__excepthook__(arguments)
