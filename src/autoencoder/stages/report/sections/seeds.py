"""One network from several seeds."""

from autoencoder.stages.report.blocks import Figure, Figures, Items, ReportSection, Table, Text
from autoencoder.stages.report.results import StudyResults, figure
from autoencoder.stages.report.wording import number, percent, plural
from autoencoder.storage.files import Record


def write_section(study: StudyResults) -> ReportSection | None:
    """One network from several seeds."""
    names = study.names("seeds")
    if not names:
        return None
    text = (
        "The same network and recipe, trained from several seeds: does the result depend on luck? A seed is called "
        "dead when its network is worse than drawing the mean of the training images every time; black when it hardly "
        "draws anything. Each column of a figure is a seed. Look for "
        "columns that show nothing, and at what a study with other options makes of the same seeds."
    )
    rows = {name: study.seed_outcomes(name) for name in names}
    table = Table(
        "test MSE over the seeds of each study",
        ("study", "options", "epochs", "seeds", "dead", "black", *COLUMNS.values()),
        tuple(_outcomes(name, row, study.params["seeds"][name]) for name, row in rows.items()),
        num_text=4,
    )
    told = Items((*(_told(name, row) for name, row in rows.items()), *_come_back(rows, study.params["seeds"])))
    pictures = Figures(tuple(_seeds_picture(name, row) for name, row in rows.items()))
    return ReportSection("seeds", "How much is luck: several seeds", (Text(text), told, table, pictures))


COLUMNS = {
    "mean_test_mse": "mean",
    "std_test_mse": "deviation",
    "min_test_mse": "least",
    "max_test_mse": "most",
    "mean_living_test_mse": "mean of the living",
    "mean_image_test_mse": "the mean image's",
    "black_test_mse": "all black",
}


def _outcomes(name: str, row: Record, line: Record) -> tuple[str, ...]:
    options = ", ".join(
        f"{key}: {'null' if value is None else value}" for key, value in line.get("options", {}).items()
    )
    errors = (row[key] for key in COLUMNS)
    counts = (row[key] for key in ("num_epochs", "num_seeds", "num_dead", "num_black"))
    return (name, options, *map(number, counts), *map(number, errors))


def _told(name: str, row: Record) -> str:
    dead = f"{row['num_dead']:,} of {plural(row['num_seeds'], 'seed')}"
    least, most = number(row["min_test_mse"]), number(row["max_test_mse"])
    told = f"`{name}`: after {plural(row['num_epochs'], 'epoch')} {dead} dead, test MSE from {least} to {most}."
    return told + _cause_of_death(row)


def _come_back(rows: dict[str, Record], lines: Record) -> list[str]:
    """Of the seeds that are dead in one study, how many live in another that differs in its recipe alone."""
    told = []
    for short, row in rows.items():
        dead = [seed for seed in range(row["num_seeds"]) if _is_dead(row, seed)]
        for long, other in rows.items():
            tried = [seed for seed in dead if seed < other["num_seeds"]]
            if tried and row["num_epochs"] < other["num_epochs"] and _same_network(lines[short], lines[long]):
                back = sum(not _is_dead(other, seed) for seed in tried)
                told.append(
                    f"Of the {plural(len(tried), 'seed')} dead in `{short}` that `{long}` trained too, for "
                    f"{plural(other['num_epochs'], 'epoch')}, {back} came back to life."
                )
    return told


def _is_dead(row: Record, seed: int) -> bool:
    return float(row[f"seed_{seed}_test_mse"]) > float(row["mean_image_test_mse"])


def _same_network(one: Record, other: Record) -> bool:
    return all(one.get(key) == other.get(key) for key in ("dataset", "model", "latent_dim", "options"))


def _cause_of_death(row: Record) -> str:
    """What the dead look like inside, beside the living: units that are off, or a last activation without a slope."""
    if "dead_before_last_activation" not in row:
        return ""
    inside = []
    for state in ("dead", "living"):
        if f"{state}_before_last_activation" in row:
            active = f"{state}_active_share"
            units = f"{percent(row[active])} of the ReLUs' outputs are above zero and " if active in row else ""
            given = number(row[f"{state}_before_last_activation"])
            inside.append(f"in the {state} {units}the last activation is given {given} on average")
    return f" Inside, {'; '.join(inside)}."


def _seeds_picture(name: str, row: Record) -> Figure:
    alt = f"Held-out images of {row['dataset']}, and beside them what each seed draws of them. {_told(name, row)}"
    return figure("evaluate_seeds", name, f"seeds/{name}.png", alt, f"{name}: a column a seed.")
