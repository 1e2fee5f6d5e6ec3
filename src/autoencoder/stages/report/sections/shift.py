"""What squared error cannot see."""

from autoencoder.stages.report.blocks import Block, Figures, Heading, ReportSection, Text
from autoencoder.stages.report.results import StudyResults, figure
from autoencoder.stages.report.wording import listing, number, plural


def write_section(study: StudyResults) -> ReportSection | None:
    """What squared error cannot see."""
    if not study.datasets:
        return None
    text = (
        "Squared error compares number by number. A picture moved by one pixel down and right looks the same and yet "
        "differs nearly everywhere; one whose upper half is replaced by its mean colour has lost half of what it "
        "showed. Look at which of the two the squared error calls worse."
    )
    blocks: list[Block] = [Text(text)]
    for dataset in study.datasets:
        blocks += [Heading(dataset.name), *_shift_of(dataset.name, study.shift(dataset))]
    return ReportSection("shift", "What the error cannot see", tuple(blocks))


def _shift_of(dataset: str, errors: dict[str, float]) -> list[Block]:
    moved = [value for key, value in errors.items() if key.endswith("_shifted_sse")]
    halved = [value for key, value in errors.items() if key.endswith("_masked_sse")]
    pairs = list(zip(moved, halved, strict=True))
    worse = sum(shifted > masked for shifted, masked in pairs)
    each = listing(f"{number(shifted)} moved and {number(masked)} without its half" for shifted, masked in pairs)
    count = plural(len(pairs), "picture")
    text = f"Moving costs more squared error than losing half for {worse} of {count}: {each}."
    alt = f"{count} of {dataset} as they are, moved by one pixel, and half masked. Errors: {each}."
    caption = f"{dataset}: the squared error below each picture."
    return [Text(text), Figures((figure("curve", dataset, f"{dataset}/shift.png", alt, caption),))]
