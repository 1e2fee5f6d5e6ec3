"""Fetching files: verified wherever they come from, and never half a file."""

import errno
import gzip
import hashlib
import http.client
import io
import re
import tarfile
import tracemalloc
import urllib.error
import urllib.request
from pathlib import Path
from typing import ClassVar

import pytest

from autoencoder.data import cifar10, download
from autoencoder.data.download import fetch, read_members, read_source
from autoencoder.ui.errors import UserError

MANY = 1 << 20


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.delenv("AUTOENCODER_DOWNLOADS", raising=False)
    (tmp_path / "remote.bin").write_bytes(b"content")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return {"url": (tmp_path / "remote.bin").as_uri(), "sha256": hashlib.sha256(b"content").hexdigest()}


def archive(folder: Path, **members: bytes) -> Path:
    path = folder / "a.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(f"batches/{name}")
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def md5(content: bytes) -> dict[str, str]:
    return {"md5": hashlib.md5(content).hexdigest()}


def test_downloads_once(remote: dict[str, str], tmp_path: Path) -> None:
    path = fetch("set", "remote.bin", remote)
    assert path.read_bytes() == b"content"
    (tmp_path / "remote.bin").unlink()
    assert fetch("set", "remote.bin", remote) == path
    assert [file.name for file in path.parent.iterdir()] == ["remote.bin"]


def test_a_second_file_of_a_set_is_downloaded_beside_the_first(remote: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "other.bin").write_bytes(b"content")
    fetch("set", "remote.bin", remote)
    path = fetch("set", "other.bin", {**remote, "url": (tmp_path / "other.bin").as_uri()})
    assert sorted(file.name for file in path.parent.iterdir()) == ["other.bin", "remote.bin"]


def test_a_wrong_hash_keeps_nothing(remote: dict[str, str]) -> None:
    wrong = (
        f"{remote['url']} has SHA-256 {remote['sha256']}, expected 00; get it another way and name its folder in AUT"
    )
    with pytest.raises(UserError, match=re.escape(wrong)):
        fetch("set", "remote.bin", {**remote, "sha256": "00"})
    assert not list(Path("data/raw/set").iterdir())
    fetch("set", "remote.bin", remote).write_bytes(b"changed since")
    with pytest.raises(UserError, match=r"data/raw/set/remote.bin has SHA-256 .*; remove it and prepare again$"):
        fetch("set", "remote.bin", remote)


def test_progress_is_told_in_bytes(remote: dict, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    content = bytes(3 << 20)
    (tmp_path / "remote.bin").write_bytes(content)
    fetch("set", "remote.bin", {"url": remote["url"]})
    line = capfd.readouterr().err
    assert "remote.bin: 100%" in line
    assert "3.00M/3.00M" in line
    assert "B/s" in line


class Served(io.BytesIO):
    """What a server sends that does not say how much it will be."""

    headers: ClassVar[dict[str, str]] = {}


def test_a_server_that_does_not_say_how_much_it_sends(
    remote: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = []

    def serve(*arguments: object, **options: object) -> Served:
        asked.append((arguments, options))
        return Served(b"content")

    monkeypatch.setattr(urllib.request, "urlopen", serve)
    monkeypatch.setattr(download, "MAX_DOWNLOAD", len(b"content"))  # so many and no more
    assert fetch("set", "remote.bin", remote).read_bytes() == b"content"
    assert asked == [((remote["url"],), {"timeout": download.TIMEOUT_SECONDS})]
    assert "remote.bin: 7.00B" in capfd.readouterr().err


def test_no_network(remote: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setattr(urllib.request, "urlopen", fail)
    with pytest.raises(UserError, match=r"cannot download .* \(Name or service not known\).*AUTOENCODER_DOWNLOADS"):
        fetch("set", "remote.bin", remote)


def test_a_server_that_answers_nonsense(remote: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise http.client.BadStatusLine("nonsense")

    monkeypatch.setattr(urllib.request, "urlopen", fail)
    with pytest.raises(UserError, match=r"cannot download .*nonsense"):
        fetch("set", "remote.bin", remote)


def test_a_download_that_breaks_off(remote: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.BytesIO):
        headers = {"Content-Length": "100"}  # noqa: RUF012

    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: Broken(b"half"))
    with pytest.raises(UserError, match=r"broke off after 4 of 100 bytes"):
        fetch("set", "remote.bin", remote)
    assert not list(Path("data/raw/set").iterdir())


def test_a_given_folder_is_used_and_checked(remote: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOENCODER_DOWNLOADS", str(tmp_path))
    assert fetch("set", "remote.bin", remote) == tmp_path / "remote.bin"
    assert not Path("data").exists()
    (tmp_path / "remote.bin").write_bytes(b"other")
    with pytest.raises(UserError, match=r"has SHA-256"):
        fetch("set", "remote.bin", remote)
    assert (tmp_path / "remote.bin").exists()  # the user's file is left alone
    with pytest.raises(UserError, match=r"absent.bin is missing"):
        fetch("set", "absent.bin", remote)
    monkeypatch.setenv("AUTOENCODER_DOWNLOADS", str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match=r"which is no folder"):
        fetch("set", "remote.bin", remote)


def test_members_are_checked_by_name_and_md5(tmp_path: Path) -> None:
    path = archive(tmp_path, one=b"1", two=b"2")
    assert read_members(path, {"batches/one": md5(b"1")}, MANY) == {"one": b"1"}
    with pytest.raises(UserError, match=r"batches/one has MD5"):
        read_members(path, {"batches/one": md5(b"2")}, MANY)
    with pytest.raises(UserError, match=r"has no batches/three"):
        read_members(path, {"batches/three": md5(b"3")}, MANY)


def test_a_truncated_archive(tmp_path: Path) -> None:
    content = bytes(range(256)) * 400
    path = archive(tmp_path, one=content)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match=r"truncated or no .tar.gz"):
        read_members(path, {"batches/one": md5(content)}, MANY)
    path.write_bytes(gzip.compress(b"no tar"))
    with pytest.raises(UserError, match=r"truncated or no .tar.gz"):
        read_members(path, {"batches/one": md5(content)}, MANY)
    path.write_bytes(b"")
    with pytest.raises(UserError, match=r"truncated or no .tar.gz|has no"):
        read_members(path, {"batches/one": md5(content)}, MANY)


def test_a_missing_source(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"is missing; set the data set's source"):
        read_source(str(tmp_path / "none.json"))
    (tmp_path / "other.json").write_text('{"description": "other", "files": {}}')
    with pytest.raises(UserError, match=r"does not describe punks.png"):
        read_source(str(tmp_path / "other.json"), "punks.png")
    (tmp_path / "other.json").write_text('{"description": "other", "files": {"punks.png": {"sha256": "0"}}}')
    with pytest.raises(UserError, match=r"other.json says no url of punks.png; write it as those in data/sources"):
        read_source(str(tmp_path / "other.json"), "punks.png")
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(UserError, match=r"no valid JSON"):
        read_source(str(tmp_path / "bad.json"))
    for text in ("[]", '{"description": "x"}', '{"files": {}}', '{"description": "x", "files": []}'):
        (tmp_path / "odd.json").write_text(text)
        with pytest.raises(
            UserError, match=r"odd.json has no description or no files; write it as those in data/sources"
        ):
            read_source(str(tmp_path / "odd.json"))


def bomb(folder: Path, name: str, size: int) -> Path:
    """An archive of a few kilobytes with one member of `size` zeros."""
    path = folder / "bomb.tar.gz"
    info = tarfile.TarInfo(name)
    info.size = size
    with gzip.open(path, "wb") as packed:
        packed.write(info.tobuf())
        for _ in range(size >> 20):
            packed.write(bytes(1 << 20))
    assert path.stat().st_size < size / 500
    return path


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("batches/one", r"batches/one has 33,554,432 bytes, more than the 1,048,576 expected at most"),
        ("batches/other", r"bomb.tar.gz unpacks to more than it should"),
    ],
)
def test_an_archive_that_unpacks_to_more_fills_no_memory(tmp_path: Path, name: str, message: str) -> None:
    path = bomb(tmp_path, name, 32 << 20)
    tracemalloc.start()
    with pytest.raises(UserError, match=message):
        read_members(path, {"batches/one": md5(b"1")}, MANY)
    assert tracemalloc.get_traced_memory()[1] < 8 << 20
    tracemalloc.stop()


def test_a_header_that_unpacks_to_more_fills_no_memory(tmp_path: Path) -> None:
    """The extended headers of a member are read whole, before anybody asks for it."""
    path, size = tmp_path / "header.tar.gz", 64 << 20
    header = tarfile.TarInfo("header")
    header.type, header.size = tarfile.XHDTYPE, size
    with gzip.open(path, "wb") as packed:
        packed.write(header.tobuf())
        for _ in range(size >> 20):
            packed.write(bytes(1 << 20))
    tracemalloc.start()
    with pytest.raises(UserError, match=r"unpacks to more than it should"):
        read_members(path, {"batches/one": md5(b"1")}, MANY)
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


def test_an_archive_of_very_many_members_is_left(tmp_path: Path) -> None:
    path = archive(tmp_path, **{f"member{number}": b"" for number in range(200)})
    with pytest.raises(UserError, match=r"has more than 100 members"):
        read_members(path, {"batches/one": md5(b"1")}, MANY)


def test_the_limit_admits_what_is_expected(tmp_path: Path) -> None:
    contents = {name: bytes([number]) * MANY for number, name in enumerate(("one", "two"))}
    found = read_members(
        archive(tmp_path, **contents), {f"batches/{key}": md5(contents[key]) for key in contents}, MANY
    )
    assert found == contents
    assert cifar10.MAX_BATCH_BYTES >= 31_035_999  # the largest batch of the official archive


def test_a_download_without_end_is_left(remote: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Endless(io.BytesIO):
        headers: ClassVar[dict[str, str]] = {}

        def read(self, size: int | None = -1) -> bytes:
            return bytes(size or 0)

    monkeypatch.setattr(urllib.request, "urlopen", lambda *_, **__: Endless())
    monkeypatch.setattr(download, "MAX_DOWNLOAD", 3 << 20)
    with pytest.raises(UserError, match=r"sends more than 3,145,728 bytes"):
        fetch("set", "remote.bin", remote)
    assert not list(Path("data/raw/set").iterdir())


def test_a_full_disk_names_the_file(remote: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, *_: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def no_folder(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", no_folder)
        with pytest.raises(UserError, match=r"data/raw/set/remote.bin cannot be written"):
            fetch("set", "remote.bin", remote)
    monkeypatch.setattr(Path, "open", lambda *_, **__: Full())
    with pytest.raises(UserError, match=r"data/raw/set/remote.bin cannot be written \(No space left on device\); free"):
        fetch("set", "remote.bin", remote)
