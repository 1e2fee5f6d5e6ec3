"""What `make study` made of the three folders of `python -m tests.folders TARGET`: a row a run, from its metrics.

After `make study IMAGES=TARGET/shapes`, and so for `cuts` and `cifar600`: `python -m benchmarks.own_pictures` writes
benchmarks/own_pictures.json.
"""

from pathlib import Path

from autoencoder.storage.files import Record, read_json, write_json
from benchmarks.machine import about_machine

STUDIES, NAMES = Path("studies"), ("shapes", "cifar600", "cuts")
RESULTS = Path("benchmarks/own_pictures.json")


def rows_of(name: str) -> list[Record]:
    """A study's runs by rising latent dimension, the nested one last."""
    made = f"make study IMAGES=TARGET/{name}"
    folder = STUDIES / name
    manifest = read_json(folder / f"data/prepared/{name}/manifest.json", made)
    found = [read_json(path, made) for path in sorted((folder / f"metrics/{name}").glob("*.json"))]
    return [
        {
            "folder": name,
            "training_images": manifest["counts"]["train"],
            "shape": " x ".join(map(str, manifest["image_shape"])),
            "network": "nested" if row["nested"] else "alone",
            "latent_dim": row["latent_dim"],
            "epochs": row["num_epochs"],
            "best_epoch": row["best_epoch"],
            "minutes": round(row["train_seconds"] / 60, 1),
            "test_sse": row["test_sse"],
            "pca_test_sse": row["pca_test_sse"],
            "test_psnr_db": row["test_psnr_db"],
        }
        for row in sorted(found, key=lambda row: (row["nested"], row["latent_dim"]))
    ]


def main() -> None:
    """Gather, print, write."""
    rows = [row for name in NAMES for row in rows_of(name)]
    for row in rows:
        print("  ".join(f"{key} {value}" for key, value in row.items()))
    write_json(RESULTS, [about_machine(), *rows])


if __name__ == "__main__":
    main()
