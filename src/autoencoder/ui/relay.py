"""What several processes say at once: on a terminal one live line each, in a log their lines, each with its name."""

import re
import shutil
import sys
import time
from typing import IO

from tqdm import tqdm

RELAYED = "AUTOENCODER_RELAYED"  # set for those whose progress bar is to be drawn although they see no terminal
EPOCH = re.compile(r"\S+ epoch \d+/\d+ ")  # the line that a training writes into a log after each epoch
STAGE = re.compile(r"Running stage ")  # what DVC says when it starts one: how far a job of several is


class Relay:
    """Where the lines go; `environment` is what the processes need in theirs."""

    def __init__(self) -> None:
        self.live = sys.stdout.isatty()
        self.environment = {RELAYED: "1"} if self.live else {}

    def write(self, text: str) -> None:
        """Write a line that stays, above those that live."""
        if self.live:
            tqdm.write(text)
        else:
            print(text, flush=True)


class Line:
    """The line of one process, called `name`."""

    def __init__(self, relay: Relay, name: str) -> None:
        self._relay, self._name, self._start = relay, name, time.monotonic()
        self._said: list[str] = []
        self._bar = tqdm(bar_format="{desc}", file=sys.stdout, leave=False, disable=not relay.live)
        self._show(f"{name} starts")

    def follow(self, output: IO[bytes]) -> None:
        """Read `output` to its end. What ends in a newline is said, what ends in a carriage return only shown."""
        rest = ""
        while chunk := output.read1(65536):  # type: ignore[attr-defined]
            *whole, rest = re.split(r"(?<=[\r\n])", rest + chunk.decode(errors="replace"))
            for part in whole:
                text = part.strip()
                if text and part.endswith("\n"):
                    self._say(text)
                elif text:
                    self._show(text)
        if rest.strip():
            self._say(rest.strip())

    def close(self, succeeded: bool | None) -> None:
        """The process has ended; None: it was stopped, and what it said of that is not of interest."""
        self._bar.close()
        if succeeded is None or not self._relay.live:
            return
        if not succeeded:
            for text in self._said:
                self._relay.write(f"{self._name} | {text}")
        minutes = (time.monotonic() - self._start) / 60
        self._relay.write(f"{self._name}: {'done' if succeeded else 'FAILED'}, {minutes:.1f} min")

    def _say(self, text: str) -> None:
        if not self._relay.live:
            self._relay.write(f"{self._name} | {text}")
            return
        if STAGE.match(text):
            self._show(text)
        if not EPOCH.match(text):
            self._said.append(text)

    def _show(self, text: str) -> None:
        width = shutil.get_terminal_size().columns - 1  # a longer one would wrap, and push the others away
        self._bar.set_description_str(text[:width])
