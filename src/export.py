"""Take a trained run elsewhere, after `dvc repro`: python src/export.py --run cifar10-384

Writes exports/<run>/encoder.onnx and decoder.onnx, checked against PyTorch, and pictures.parquet: every picture with
its labels, error, latents, place on the maps and reconstruction.
"""

import argparse
from pathlib import Path

from autoencoder.storage.prepared import SPLITS
from autoencoder.ui.command_line import run_or_explain
from autoencoder.ui.errors import UserError

NUM_CHECKED = 100  # test images that the ONNX files are checked on


def main() -> None:
    parser = argparse.ArgumentParser(prog="python src/export.py", description=__doc__)
    parser.add_argument("--run", required=True, help="a run of params.yaml")
    parser.add_argument(
        "--splits", nargs="+", choices=SPLITS, default=["test"], help="whose pictures the table holds (default: test)"
    )
    parser.add_argument("--out", type=Path, help="the folder to write to (default: exports/RUN)")
    arguments = parser.parse_args()
    try:
        from autoencoder.commands.export_onnx import export_onnx
        from autoencoder.commands.export_table import export_table
    except ImportError as error:
        raise UserError(
            f"{error.name} is missing; it comes with `make export`, or pip install -e '.[export]'"
        ) from None
    from autoencoder.inference.trained_run import load_trained
    from autoencoder.storage.prepared import read_split

    trained = load_trained(arguments.run)
    folder = arguments.out or Path("exports") / arguments.run
    path = folder / "pictures.parquet"
    splits = [split for split in SPLITS if split in arguments.splits]
    count = export_table(trained, splits, path)
    print(f"{path}: {count:,} pictures, {path.stat().st_size / 1e6:.1f} MB")
    checked = read_split(trained.run.dataset, "test").images[:NUM_CHECKED]
    for part, difference in export_onnx(trained, checked, folder).items():
        print(f"{folder / part}.onnx: as PyTorch, to {difference:.0e} on {len(checked)} test images")


if __name__ == "__main__":
    run_or_explain(main, "export")
