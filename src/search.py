"""Find the images most like one of your own: python src/search.py --run cifar10-384 my.png

Prints the neighbors, and draws them to <image>-neighbors.png or the file that --out names.
"""

import argparse
import time
from pathlib import Path

from autoencoder.commands.preflight import check_searchable, read_query
from autoencoder.config.retrieval import load_retrieval_options
from autoencoder.data.names import readable
from autoencoder.data.pictures import check_name
from autoencoder.measures.distances import METRICS
from autoencoder.ui.command_line import run_or_explain


def main() -> None:
    parser = argparse.ArgumentParser(prog="python src/search.py", description=__doc__)
    parser.add_argument("image", type=Path, help="any image file; its middle square is looked at")
    parser.add_argument("--run", required=True, help="a run of params.yaml")
    parser.add_argument("--metric", choices=METRICS, default=METRICS[0])
    parser.add_argument("--out", type=Path, help="the picture to write (PNG)")
    arguments = parser.parse_args()
    out = arguments.out or Path(f"{arguments.image.stem}-neighbors.png")
    check_name(out)
    count = load_retrieval_options().neighbors
    dataset = check_searchable(arguments.run)
    query = read_query(arguments.image, dataset)
    # Only now: these take seconds to come, and a mistake is told before.
    from autoencoder.commands.image_search import ImageSearch
    from autoencoder.drawing import style
    from autoencoder.drawing.image_rows import image_rows

    search = ImageSearch(arguments.run)
    start = time.perf_counter()
    found = search.find(query, count, arguments.metric)
    seconds = time.perf_counter() - start
    print(f"rank  {arguments.metric:>10}  label         image", *search.lines(found), sep="\n")
    title = f"{readable(arguments.image.name)}: nearest by {arguments.metric} distance of {arguments.run}'s latents"
    style.save(image_rows(search.picture(query, found), title, search.manifest.sample), out)
    print(f"searched {len(search.latents):,} images in {1000 * seconds:.0f} ms; drawn to {readable(str(out))}")


if __name__ == "__main__":
    run_or_explain(main, "search")
