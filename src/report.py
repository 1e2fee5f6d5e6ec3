"""The report: one page with everything, from params.yaml, metrics/ and plots/ -> report.html."""

from autoencoder.stages.report.page import PAGE, render
from autoencoder.stages.report.study import load_study_results
from autoencoder.storage.files import write_atomically
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    page = render(load_study_results(name))
    write_atomically(PAGE, page)
    print(f"{PAGE}: {len(page) / 1e6:.1f} MB")


if __name__ == "__main__":
    run_stage(main, "a report: a key of `report` in params.yaml")
