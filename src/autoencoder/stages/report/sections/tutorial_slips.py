"""Where the tutorials slip, and what this project does instead: for the report, and for the table in docs/tutorials.md.

Backticks mark code, as in Markdown.
"""

from dataclasses import dataclass

from autoencoder.stages.report.blocks import ReportSection, Table, Text
from autoencoder.stages.report.results import StudyResults


@dataclass(frozen=True)
class Slip:
    """One slip: in which tutorial, what it says, what is done here."""

    tutorial: str
    says: str
    here: str


HEAD = ("tutorial", "says", "here")
SLIPS = (
    Slip(
        "CIFAR-10",
        "the decoder ends in tanh (text); the code has none",
        "`final_activation`, none by default",
    ),
    Slip(
        "CIFAR-10",
        "trains on the mean over values, draws sums up to 100",
        "both are reported: MSE and SSE",
    ),
    Slip(
        "CIFAR-10",
        '"test best model" tests the last weights',
        "the weights with the lowest validation loss are kept and tested",
    ),
    Slip(
        "CIFAR-10",
        "encodes the shuffled training loader, which drops the last batch",
        "all images are encoded, in order",
    ),
    Slip("CIFAR-10", "the projector shows 10 images", "all 10,000 test images"),
    Slip("CIFAR-10", "shows reconstructions of training images", "held-out images beside them"),
    Slip("CIFAR-10", "`gpus=`, `on_epoch_end`, `make_grid(range=)`", "gone from today's libraries; not used"),
    Slip("Punks", "the bottleneck is 12 x 12 x 3 = 432 numbers, 25 %", "it is 12 x 3 x 3 = 108, 6.25 %"),
    Slip("Punks", "500 epochs (text), 20 (code); no seed, no shuffling", "both lengths over several seeds, shuffled"),
    Slip(
        "Punks",
        "one training, of which it asks: not bad?",
        "after its 20 epochs some seeds draw black: the sigmoid saturates; `initial_output` cures it",
    ),
    Slip("Punks", "no validation set", "taken from the training part"),
    Slip(
        "Punks",
        "saves the PNG as .jpg and drops alpha unsaid",
        "RGBA is read; transparent pixels become black, as there",
    ),
    Slip("Punks", 'a double loop cuts the sheet, "a one-line command waiting to happen"', "one reshape and transpose"),
)


def markdown() -> str:
    """The slips as a Markdown table."""
    rows = [HEAD, ("---",) * len(HEAD), *((slip.tutorial, slip.says, slip.here) for slip in SLIPS)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def write_section(study: StudyResults) -> ReportSection:
    """Where the tutorials slip."""
    text = (
        "This study follows two tutorials: Deep Autoencoders, of the UvA Deep Learning Tutorials (Phillip Lippe), and "
        "the chapter Autoencoders of Brian Caffo's data science book. Their intent is kept, the slip mended."
    )
    rows = tuple((slip.tutorial, slip.says, slip.here) for slip in SLIPS)
    table = Table("The tutorials' slips", HEAD, rows, num_text=len(HEAD))
    return ReportSection("slips", "Where the tutorials slip", (Text(text), table))
