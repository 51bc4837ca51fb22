"""Work in a forked child of this process: what it changes or breaks is gone with it."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MOST_BYTES = 4 * 2**30
"""Of memory, past which a child gets no more."""
PATIENCE = 10
"""Times the processor time that a child may take by the clock, before it is held to be waiting."""


@dataclass(frozen=True)
class Answer:
    """What a child said and took.

    Attributes
    ----------
    said : object
        What its work returned, as JSON carries it; None if it did not come to an end.
    seconds : float
        Processor time.
    in_time : bool
        Whether it ended before its time was up.
    """

    said: Any
    seconds: float
    in_time: bool


def in_child(work: Callable[[], Any], seconds: int) -> Answer:
    """Return what some work says in a child of this process.

    Parameters
    ----------
    work : function
        What it returns has to be of the kinds that JSON knows.
    seconds : int
        Processor time that it may take.
    """
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(work, seconds, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read()
    _, status, used = os.wait4(child, 0)
    late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (
        signal.SIGXCPU, signal.SIGKILL, signal.SIGALRM,
    )  # fmt: skip
    return Answer(json.loads(said) if said else None, used.ru_utime + used.ru_stime, not late)


def _work(work: Callable[[], Any], seconds: int, writing: int) -> None:
    """Do the work and leave, past everything that the parent would do at its end."""
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(PATIENCE * seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        quiet = os.open(os.devnull, os.O_WRONLY)
        shown = os.dup(2)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        try:
            said = json.dumps(work()).encode()
        except BaseException:
            os.dup2(shown, 2)
            traceback.print_exc()
            raise
        with os.fdopen(writing, "wb") as answer:
            answer.write(said)
    finally:
        os._exit(0)
