"""What a long command says while it works: a bar on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self, TextIO

from experiments.campaign import Progress
from experiments.command import printable

_LINE_SECONDS = 10.0
_SILENCE = 5.0
"""Seconds before a command that has said nothing yet says what it is at."""


def notice(message: str) -> None:
    """Say something that the user should know, without ending."""
    print(f"note: {printable(message)}", file=sys.stderr, flush=True)


def notice_of_runs(worlds: int, replicates: int, weeks: int) -> None:
    """Say what is about to be run, where no progress is shown of it."""
    notice(
        f"{worlds} worlds x {replicates:,} replicates = {worlds * replicates:,} runs of {weeks} weeks"
    )


class Waiting:
    """Says what a command is at, for as long as it has nothing else to say.

    The first line comes after `_SILENCE` seconds, and then one every `_LINE_SECONDS`.
    """

    def __init__(self, say: Callable[[str], None] = notice) -> None:
        self._say = say
        self._at, self._since = "making the points of the design", time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._tell, daemon=True)

    def __enter__(self) -> Self:
        """Begin to wait."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Say no more."""
        self.over()

    def at(self, what: str) -> None:
        """Take up something else, in a few words."""
        self._at = what

    def over(self) -> None:
        """Say no more; when this returns no line will come."""
        self._over.set()
        self._thread.join()

    def _tell(self) -> None:
        pause = _SILENCE
        while not self._over.wait(pause):
            self._say(f"{self._at}, {duration(time.monotonic() - self._since)} so far")
            pause = _LINE_SECONDS


def size(count: float) -> str:
    """Return a number of bytes as people say it: 640 kB, 12 MB, 3.4 GB."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6)):
        if count >= scale:
            return f"{count / scale:.{1 if count < 10 * scale else 0}f} {unit}"
    return f"{count / 1e3:.0f} kB"


@contextmanager
def shown_progress(
    total: int, stored: int, *, stream: TextIO | None = None
) -> Iterator[Callable[[Progress], None]]:
    """Give a function that shows how far a campaign is, its rate and the time left.

    Parameters
    ----------
    total, stored : runs of the whole campaign, and of these the ones stored before it.
    stream : where to write; stderr when None.
    """
    stream = stream or sys.stderr
    if stream.isatty():
        with _bar(total, stored) as show:
            yield show
    else:
        yield _lines(stream)


@contextmanager
def _bar(total: int, stored: int) -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("runs"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f}  {task.fields[pace]}"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=False) as bar:
        task = bar.add_task("runs", total=total, completed=stored, pace="compiling the model")
        yield lambda progress: bar.update(
            task, completed=progress.stored + progress.done, pace=_pace(progress)
        )


def _lines(stream: TextIO) -> Callable[[Progress], None]:
    last = time.monotonic()

    def show(progress: Progress) -> None:
        nonlocal last
        reached = progress.stored + progress.done
        if time.monotonic() - last < _LINE_SECONDS and reached < progress.total:
            return
        last = time.monotonic()
        share = reached / max(progress.total, 1)
        line = f"{reached:,}/{progress.total:,} runs ({share:.0%}), {_pace(progress)}"
        print(line, file=stream, flush=True)

    return show


def _pace(progress: Progress) -> str:
    if not progress.done:
        return "starting"
    return f"{progress.rate:,.0f} runs/s, {duration(progress.seconds_left)} left"


def duration(seconds: float) -> str:
    """Return a duration as people say it: 40 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
