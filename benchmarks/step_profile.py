"""Where the time of a gradient step goes, operation by operation, by PyTorch's profiler.

Of the tutorial's network at 384 latents, by the recipe of the study, in the precision that it chooses on this machine,
on one thread. The share is that of an operation's own time, without what it calls. Prints a table and writes
benchmarks/step_profile.json. It needs no data set.
"""

from pathlib import Path

import torch
from torch.profiler import ProfilerActivity, profile

from autoencoder.config.params import load_params
from autoencoder.config.recipes import load_recipe
from autoencoder.models.base.device import device_name, resolve_device, resolve_precision
from autoencoder.storage.files import Record, write_json
from autoencoder.training.memory import keep_freed_memory
from benchmarks.train_step import Step

RECIPE, STEPS, WARM_UP, SHOWN = "muon-long", 20, 5, 12
RESULTS = Path("benchmarks/step_profile.json")


def shares(seconds: dict[str, float], shown: int) -> list[Record]:
    """The operations that take longest, each with its share of all, and the others as one."""
    total = sum(seconds.values())
    ranked = sorted(seconds.items(), key=lambda item: -item[1])
    rows = [*ranked[:shown], ("all others", sum(time for _, time in ranked[shown:]))]
    return [{"operation": name, "percent": round(100 * time / total, 1)} for name, time in rows]


def main() -> None:
    """Measure, print, write."""
    torch.set_num_threads(1)
    keep_freed_memory()
    device = resolve_device("cpu")
    recipe = load_recipe(load_params(), RECIPE)
    precision = resolve_precision(recipe.precision, device)
    step = Step(RECIPE, precision, "channels_last" if recipe.channels_last else "contiguous", recipe.batch_size, device)
    for _ in range(WARM_UP):
        step.work()
    with profile(activities=[ProfilerActivity.CPU]) as profiled:
        for _ in range(STEPS):
            step.work()
    seconds = {event.key: event.self_cpu_time_total / 1e6 for event in profiled.key_averages()}
    records = shares(seconds, SHOWN)
    for record in records:
        print("  ".join(f"{key} {value}" for key, value in record.items()))
    about = {
        "device": device_name(device),
        "precision": precision,
        "ms_a_step": round(1000 * sum(seconds.values()) / STEPS),
    }
    write_json(RESULTS, [about, *records])


if __name__ == "__main__":
    main()
