"""The report: one page with everything, from params.yaml, metrics/ and plots/ -> report.html."""

from autoencoder import cli
from autoencoder.files import write_atomically
from autoencoder.report.contents import write_sections
from autoencoder.report.page import PAGE, render
from autoencoder.report.study import load_study


def main(name: str) -> None:
    study = load_study(name)
    page = render(study, write_sections(study))
    write_atomically(PAGE, page)
    print(f"{PAGE}: {len(page) / 1e6:.1f} MB")


if __name__ == "__main__":
    cli.stage(main, "a report: a key of `report` in params.yaml")
