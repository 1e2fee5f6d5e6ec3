"""Encode one picture file with a trained run, after `embed`: a file of a few bytes that `decode.py` turns back."""

import argparse
from pathlib import Path

from autoencoder.codecs.latent_codec import BITS
from autoencoder.codecs.run_codec import load_codec
from autoencoder.data.names import readable
from autoencoder.data.pictures import read_picture
from autoencoder.inference.decoding import decode_pictures
from autoencoder.inference.embeddings import create_embeddings
from autoencoder.inference.trained_run import load_trained
from autoencoder.measures.image_similarity import compare_pictures
from autoencoder.storage.files import write_atomically
from autoencoder.ui import command_line


def main(run: str, bits: int, picture: Path, encoded: Path) -> None:
    trained, codec = load_trained(run), load_codec(run)
    given = read_picture(picture, trained.manifest.image_shape)[None]
    content = codec.encode(create_embeddings(trained, given)[0], bits)
    psnr_db, ssim = compare_pictures(decode_pictures(trained, codec.decode(content)[None]), given)
    write_atomically(encoded, content)
    print(f"{readable(str(encoded))}: {len(content)} bytes, PSNR {psnr_db:.2f} dB, SSIM {ssim:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python src/encode.py", description=__doc__)
    parser.add_argument("--run", required=True, help="a run of params.yaml")
    parser.add_argument("--bits", type=int, choices=BITS, default=6, help="fineness of the numbers (default: 6)")
    parser.add_argument("picture", type=Path, help="any image file; its middle is taken")
    parser.add_argument("encoded", type=Path, help="the file to write")
    command_line.run_or_explain(lambda: main(**vars(parser.parse_args())), "encode")
