"""Files from the network, verified: the only module that opens a connection, and only `prepare` uses it."""

import gzip
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
from typing import IO, Any, cast

from tqdm import tqdm

from autoencoder.storage import paths
from autoencoder.storage.files import explained
from autoencoder.ui.errors import UserError

# A folder of already-downloaded files, used instead of the network and verified in the same way.
DOWNLOADS_VARIABLE = "AUTOENCODER_DOWNLOADS"
TIMEOUT_SECONDS = 60
CHUNK = 1 << 20
MAX_DOWNLOAD = 1 << 30  # bytes; CIFAR-10's archive has 170 million
MAX_MEMBERS = 100  # of an archive; CIFAR-10's has nine
SLACK = 1 << 20  # bytes of an archive that are no member wanted: headers, padding, a file that says what it is


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
    described = source.get("files") if isinstance(source, dict) else None
    if not isinstance(described, dict) or not isinstance(source.get("description"), str):
        raise UserError(f"{path} has no description or no files; write it as those in data/sources")
    for name in files:
        facts = described.get(name)
        if not isinstance(facts, dict):
            raise UserError(f"{path} does not describe {name}; set the data set's source in params.yaml")
        if not isinstance(facts.get("url"), str):
            raise UserError(f"{path} says no url of {name}; write it as those in data/sources")
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


def read_members(archive: Path, members: Mapping[str, Mapping[str, str]], max_bytes: int) -> dict[str, bytes]:
    """The named members of a .tar.gz, each checked against its MD5, by file name. Nothing is written to disk.

    No more is unpacked than `max_bytes` for each of them and a little for the rest, so that a small archive fills no
    memory before its hashes are looked at. Raises UserError for a truncated, broken or larger archive, a missing
    member, or a wrong MD5.
    """
    contents = {}
    try:
        with gzip.open(archive) as packed:
            stream = _Bounded(packed, len(members) * max_bytes + SLACK, archive)
            with tarfile.open(fileobj=cast(IO[bytes], stream), mode="r|") as tar:
                for number, member in enumerate(tar):
                    if number == MAX_MEMBERS:
                        raise UserError(f"{archive} has more than {MAX_MEMBERS} members; remove it and prepare again")
                    if member.name in members and member.isfile():
                        contents[member.name] = _read_member(
                            tar, member, members[member.name]["md5"], max_bytes, archive
                        )
    except (tarfile.TarError, EOFError, zlib.error, OSError, RecursionError) as error:
        raise UserError(f"{archive} is truncated or no .tar.gz ({error}); remove it and prepare again") from None
    for name in members:
        if name not in contents:
            raise UserError(f"{archive} has no {name}; remove it and prepare again")
    return {Path(name).name: content for name, content in contents.items()}


def _read_member(tar: tarfile.TarFile, member: tarfile.TarInfo, md5: str, max_bytes: int, archive: Path) -> bytes:
    if member.size > max_bytes:
        raise UserError(
            f"{archive}: {member.name} has {member.size:,} bytes, more than the {max_bytes:,} expected at most; "
            "remove it and prepare again"
        )
    stream = tar.extractfile(member)
    assert stream is not None  # a plain file has one
    content = stream.read()
    found = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if found != md5:
        raise UserError(f"{archive}: {member.name} has MD5 {found}, expected {md5}; remove it and prepare again")
    return content


class _Bounded:
    """A stream that gives no more than `left` bytes: kilobytes of an archive can stand for gigabytes."""

    def __init__(self, stream: gzip.GzipFile, left: int, archive: Path) -> None:
        self._stream, self._left, self._archive = stream, left, archive

    def read(self, size: int) -> bytes:
        """The next `size` bytes. Raises UserError where they are too many."""
        content = self._stream.read(min(size, self._left + 1))
        self._left -= len(content)
        if self._left < 0:
            raise UserError(f"{self._archive} unpacks to more than it should; remove it and prepare again")
        return content


def _check(path: Path, facts: Mapping[str, Any], url: str = "") -> None:
    """Raises UserError where the file at `path`, fresh from `url` or there before, is not the one in `facts`."""
    if "sha256" not in facts:
        return
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != facts["sha256"]:
        remedy = (
            f"get it another way and name its folder in {DOWNLOADS_VARIABLE}" if url else "remove it and prepare again"
        )
        raise UserError(f"{url or path} has SHA-256 {found}, expected {facts['sha256']}; {remedy}")


def _download(url: str, path: Path, facts: Mapping[str, Any]) -> None:
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as response, scratch.open("wb") as file:  # noqa: S310
            size = int(response.headers.get("Content-Length", 0)) or None
            with tqdm(total=size, desc=path.name, unit="B", unit_scale=True, unit_divisor=1024) as bar:
                while chunk := response.read(CHUNK):
                    with explained(path):
                        file.write(chunk)
                    bar.update(len(chunk))
                    if file.tell() > MAX_DOWNLOAD:
                        raise UserError(f"{url} sends more than {MAX_DOWNLOAD:,} bytes; mend the address")
        if size and scratch.stat().st_size != size:
            raise UserError(f"{url} broke off after {scratch.stat().st_size} of {size} bytes; prepare again")
        _check(scratch, facts, url)
        os.replace(scratch, path)
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", None) or error
        raise UserError(
            f"cannot download {url} ({reason}); get {path.name} another way, put it in a folder and name the folder in "
            f"{DOWNLOADS_VARIABLE}"
        ) from None
    finally:
        scratch.unlink(missing_ok=True)
