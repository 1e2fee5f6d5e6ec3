"""Files from the network, verified: the only module that opens a connection, and only `prepare` uses it."""

import hashlib
import http.client
import json
import os
import tarfile
import urllib.error
import urllib.request
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from autoencoder.storage import paths
from autoencoder.ui.errors import UserError

# A folder of already-downloaded files, used instead of the network and verified in the same way.
DOWNLOADS_VARIABLE = "AUTOENCODER_DOWNLOADS"
TIMEOUT_SECONDS = 60
CHUNK = 1 << 20


def read_source(path: str, *files: str) -> dict[str, Any]:
    """A source file (data/sources/*.json): its description, and its files with addresses and hashes.

    Raises UserError where it is missing, broken, or does not describe one of `files`.
    """
    try:
        source: dict[str, Any] = json.loads(Path(path).read_text())
    except FileNotFoundError:
        raise UserError(f"{path} is missing; set the data set's source in params.yaml") from None
    except (json.JSONDecodeError, UnicodeDecodeError, IsADirectoryError) as error:
        raise UserError(f"{path} is no valid JSON file: {error}") from None
    for name in files:
        if name not in source.get("files", {}):
            raise UserError(f"{path} does not describe {name}; set the data set's source in params.yaml")
    return source


def fetch(dataset: str, name: str, facts: Mapping[str, Any]) -> Path:
    """The file `name`: from $AUTOENCODER_DOWNLOADS, else as downloaded before, else downloaded now.

    A sha256 in `facts` is checked wherever the file comes from. Raises UserError for a missing folder or file, no
    network, or a wrong hash (a wrong download is removed, a wrong file of the user's is left alone).
    """
    given = os.environ.get(DOWNLOADS_VARIABLE)
    if given:
        path = Path(given) / name
        if not Path(given).is_dir():
            raise UserError(f"{DOWNLOADS_VARIABLE} names {given}, which is no folder; mend it or unset it")
        if not path.is_file():
            raise UserError(f"{path} is missing; put it there or unset {DOWNLOADS_VARIABLE} to download it")
        _check(path, facts)
        return path
    path = paths.downloads(dataset) / name
    if not path.exists():
        _download(facts["url"], path, facts)
    else:
        _check(path, facts)
    return path


def read_members(archive: Path, members: Mapping[str, Mapping[str, str]]) -> dict[str, bytes]:
    """The named members of a .tar.gz, each checked against its MD5, by file name. Nothing is written to disk.

    Raises UserError for a truncated or broken archive, a missing member, or a wrong MD5.
    """
    contents = {}
    try:
        with tarfile.open(archive, "r|gz") as tar:
            for member in tar:
                if member.name in members and member.isfile():
                    stream = tar.extractfile(member)
                    assert stream is not None  # a plain file has one
                    contents[member.name] = stream.read()
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise UserError(f"{archive} is truncated or no .tar.gz ({error}); remove it and prepare again") from None
    for name, facts in members.items():
        if name not in contents:
            raise UserError(f"{archive} has no {name}; remove it and prepare again")
        found = hashlib.md5(contents[name], usedforsecurity=False).hexdigest()
        if found != facts["md5"]:
            raise UserError(f"{archive}: {name} has MD5 {found}, expected {facts['md5']}; remove it and prepare again")
    return {Path(name).name: content for name, content in contents.items()}


def _check(path: Path, facts: Mapping[str, Any]) -> None:
    if "sha256" not in facts:
        return
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != facts["sha256"]:
        raise UserError(f"{path} has SHA-256 {found}, expected {facts['sha256']}; remove it and prepare again")


def _download(url: str, path: Path, facts: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as response, scratch.open("wb") as file:  # noqa: S310
            size = int(response.headers.get("Content-Length", 0)) or None
            with tqdm(total=size, desc=path.name, unit="B", unit_scale=True, unit_divisor=1024) as bar:
                while chunk := response.read(CHUNK):
                    file.write(chunk)
                    bar.update(len(chunk))
        if size and scratch.stat().st_size != size:
            raise UserError(f"{url} broke off after {scratch.stat().st_size} of {size} bytes; prepare again")
        _check(scratch, facts)
        os.replace(scratch, path)
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", None) or error
        raise UserError(
            f"cannot download {url} ({reason}); get {path.name} another way, put it in a folder and name the folder in "
            f"{DOWNLOADS_VARIABLE}"
        ) from None
    finally:
        scratch.unlink(missing_ok=True)
