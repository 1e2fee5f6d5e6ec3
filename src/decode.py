"""Decode a file that `encode.py` wrote; the run is found by the digest in it, or checked where it is named."""

import argparse
from pathlib import Path

from autoencoder.codecs.latent_codec import HEADER_BYTES
from autoencoder.codecs.run_codec import find_run, load_codec
from autoencoder.data.names import readable
from autoencoder.data.pictures import check_name, write_picture
from autoencoder.inference.decoding import decode_pictures
from autoencoder.inference.trained_run import load_trained
from autoencoder.ui import command_line


def main(run: str | None, encoded: Path, picture: Path) -> None:
    check_name(picture)
    with encoded.open("rb") as file:
        header = file.read(HEADER_BYTES)
        name, codec = (run, load_codec(run)) if run else find_run(header)
        # A byte more than any file of this codec has: what goes on is refused, whatever its length.
        content = header + file.read(codec.most_bytes - HEADER_BYTES + 1)
    latents = codec.decode(content)[None]
    write_picture(picture, decode_pictures(load_trained(name), latents)[0])
    print(f"{readable(str(picture))}: decoded by {name}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python src/decode.py", description=__doc__)
    parser.add_argument("--run", help="the run of params.yaml that encoded it (default: found by itself)")
    parser.add_argument("encoded", type=Path, help="a file that encode.py wrote")
    parser.add_argument("picture", type=Path, help="the PNG to write")
    command_line.run_or_explain(lambda: main(**vars(parser.parse_args())), "decode")
