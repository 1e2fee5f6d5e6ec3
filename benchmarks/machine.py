"""The machine that a benchmark ran on, as its results name it."""

from autoencoder.models.base.device import device_name, resolve_device
from autoencoder.storage.files import Record
from autoencoder.tools.side_by_side import cores


def about_machine() -> Record:
    """Its device, and how many cores this process may use."""
    return {"device": device_name(resolve_device("auto")).split(",")[0], "cores": cores()}
