"""The one exception meant for users: a mistake they can mend, told in one line.

The texts of what any training may raise are here, too, so that a better wording is no reason to train again; what one
network refuses is told in its own file.
"""

import errno
from collections.abc import Iterable

Range = tuple[float, float]


class UserError(ValueError):
    """Bad input: the message says what is wrong, where, and what to do. Shown without a traceback."""


def no_such_network(name: str, there: Iterable[str]) -> UserError:
    """A run names a network that has no file."""
    return UserError(f"params.yaml: models: there is no network {name!r}; there is: {', '.join(sorted(there))}")


def activation_out_of_reach(model: str, activation: str, reached: Range, wanted: Range) -> UserError:
    """A network's last activation cannot give the numbers that its images have."""
    return UserError(
        f"params.yaml: models.{model}.final_activation: {activation} reaches [{reached[0]:g}, {reached[1]:g}] only, "
        f"the images lie in [{wanted[0]:g}, {wanted[1]:g}]; use none"
    )


def latents_outnumber_inputs(latent_dim: int, image_shape: Iterable[int]) -> UserError:
    """A code of more numbers than the image has."""
    shape = " x ".join(map(str, image_shape))
    return UserError(f"params.yaml: latent_dim {latent_dim} is more than an image of {shape} has numbers; lower it")


def no_such_device(name: str, reason: str) -> UserError:
    """The device asked for is not there."""
    return UserError(f"device {name!r} cannot be used here ({reason}); set device to auto or cpu")


def batch_too_large(batch_size: int, num_images: int, dataset: str) -> UserError:
    """A recipe leaves incomplete batches out, and there is no complete one."""
    return UserError(
        f"params.yaml: the recipe's batch_size {batch_size} is larger than the {num_images} training images of "
        f"{dataset} and drop_last is true; lower it"
    )


def diverged(run: str, epoch: int) -> UserError:
    """The validation loss is no finite number any more."""
    return UserError(f"training {run} diverged in epoch {epoch}; lower train.*.learning_rate")


def already_training(run: str, lock: object) -> UserError:
    """Another process holds the run's lock."""
    return UserError(f"another process is training {run} (it holds {lock}); wait for it or stop it")


def starter_gone(run: str, epochs: int) -> UserError:
    """DVC, or what started it, was killed while it trained."""
    return UserError(
        f"what started the training of {run} has ended, so it stops; another start goes on after epoch {epochs}"
    )


REMEDIES = {
    errno.ENOSPC: "free some space and run it again",
    errno.EDQUOT: "free some space and run it again",
    errno.EACCES: "make the folder writable for you",
    errno.EPERM: "make the folder writable for you",
    errno.EROFS: "work in a folder on a disk that can be written to",
    errno.ENOTDIR: "a part of that path is a file where a folder is needed; move it away",
    errno.EEXIST: "a part of that path is a file where a folder is needed; move it away",
    errno.EISDIR: "there is a folder of that name; move it away",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def cannot_write(path: object, error: OSError) -> UserError:
    """The operating system refuses to write `path`; what was there before is whole."""
    remedy = REMEDIES.get(error.errno or 0, "see to it and run it again")
    return UserError(f"{path} cannot be written ({error.strerror or error}); {remedy}")
