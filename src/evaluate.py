"""Evaluate one run over the whole validation and test sets -> metrics/<dataset>/<run>.json.

Beside it its learning curve, its errors by how many of its first latents are kept, and how they are distributed over
test images.
"""

from autoencoder.inference.trained_run import load_trained
from autoencoder.measures.pca import read_errors
from autoencoder.stages.evaluate.distribution import distribute
from autoencoder.stages.evaluate.evaluation import mean_errors, measure_images, measure_reconstruction
from autoencoder.stages.evaluate.first_latents import measure_first_latents, only_all_latents
from autoencoder.stages.evaluate.learning_curve import learning_curve
from autoencoder.stages.evaluate.metrics import collect
from autoencoder.storage import paths
from autoencoder.storage.files import write_json
from autoencoder.storage.prepared import read_split
from autoencoder.storage.results import read_history, write_result
from autoencoder.ui.command_line import run_stage


def main(name: str) -> None:
    trained = load_trained(name)
    dataset = trained.run.dataset
    val, test = (read_split(dataset, split) for split in ("val", "test"))
    of_images = measure_images(trained, test.images)
    val_errors = measure_reconstruction(trained, val.images)
    test_errors = mean_errors(of_images, trained.manifest.num_inputs)
    history = read_history(name)
    metrics = collect(trained, val_errors, test_errors, history, read_errors(trained.manifest))
    write_json(paths.metrics(dataset, name), metrics)
    curve = learning_curve(name, history, trained.manifest.sample)
    write_result(paths.learning(dataset, name), curve, trained.weights_sha256)
    if trained.run.nested:
        first_latents = measure_first_latents(trained, val.images, test.images)
    else:
        first_latents = only_all_latents(trained, val_errors, test_errors)
    write_result(paths.first_latents(dataset, name), first_latents, trained.weights_sha256)
    distribution = distribute(of_images, test, trained.manifest)
    write_result(paths.distribution(dataset, name), distribution, trained.weights_sha256)


if __name__ == "__main__":
    run_stage(main, "a run of params.yaml")
