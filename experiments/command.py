"""How a command ends: its exit code and the one line it says when something is wrong.

==== ==========================================================================
0    done
1    a fault of the program itself (please report it; ``--debug`` shows where)
2    a mistake in what was asked; one line on stderr names the key or the file
3    finished but for some runs that failed; the last lines on stderr say which
130  interrupted; what was computed is stored and the same command resumes it
==== ==========================================================================
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from sim.errors import ForestallError

DONE = 0
FAULT = 1
MISTAKE = 2
PARTLY_FAILED = 3
INTERRUPTED = 130
_ALLOCATIONS = 100_000  # between two looks for cycles
_PATIENCE = 2.0  # seconds that Ctrl-C waits for an answer
_SAME_MOMENT = 0.5  # seconds between two signals of which Python may hear as of one


_LEFT = "interrupted; what was stored stays"


class InterruptedRunError(ForestallError):
    """A run that was stopped from outside; the message says how to resume it."""


class OneLineParser(argparse.ArgumentParser):
    """An argument parser whose mistakes are one line, as everywhere else in the program."""

    def error(self, message: str) -> NoReturn:
        """Print the mistake on one line and end with exit code 2."""
        self.exit(MISTAKE, f"{self.prog}: {message}; see {self.prog} --help\n")


def run_command(
    command: Callable[[Sequence[str]], int], argv: Sequence[str] | None = None, *, name: str
) -> int:
    """Run a command and return its exit code, with a clear line in place of a traceback.

    Parameters
    ----------
    command : takes the arguments and returns an exit code.
    argv : the arguments; those of the process when None. ``--debug`` anywhere among them shows
        tracebacks.
    name : how the command is called, for the line on stderr.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    # A design of 10,000 points is a million small objects that all stay: to look for cycles among them
    # over and over would take a fifth of the time until it starts.
    gc.set_threshold(_ALLOCATIONS)
    # Arrow's own allocators keep what they free: the peak would grow with the chunks that are read.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    try:
        with _ended_by_interrupts(name):
            return command(arguments)
    except InterruptedRunError as stop:
        return _say(name, stop, INTERRUPTED, debug=False)
    except ForestallError as mistake:
        return _say(name, mistake, MISTAKE, debug=debug)
    except KeyboardInterrupt:
        return _leave(name)
    except BrokenPipeError:
        # The reader of the output (head, less) left: nothing is wrong and nobody listens.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as fault:
        if _Answer.left:
            # An interrupt that comes while the compiler calls back is lost there, and it fails on.
            return _leave(name)
        where = "" if debug else " (a fault of the program: --debug shows where)"
        return _say(name, f"{type(fault).__name__}: {fault}{where}", FAULT, debug=debug)


def _leave(name: str) -> int:
    """Say that a command was interrupted, and end it."""
    _say(name, _LEFT, INTERRUPTED, debug=False)
    if threading.active_count() > 1:
        # The interpreter would wait for batches that nobody wants any more.
        sys.stdout.flush()
        os._exit(INTERRUPTED)
    return INTERRUPTED


class _Answer:
    """When Python last heard of a signal (s, monotonic clock), and whether one was to leave."""

    at = float("-inf")
    left = False


def answer_signal() -> None:
    """Note that a signal is being answered; every handler of Ctrl-C calls this."""
    _Answer.at = time.monotonic()


@contextmanager
def _ended_by_interrupts(name: str) -> Iterator[None]:
    """Let Ctrl-C end the process also while compiled code computes, or the model is compiled.

    Python hears of a signal when its main thread comes back from such code, which may take minutes. A
    thread that waits meanwhile hears of it at once, and ends the process if nobody answers: chunks of
    results are whole or not there, so that nothing stored is lost.
    """
    _Answer.left = False
    before = signal.getsignal(signal.SIGINT)
    if (
        threading.current_thread() is not threading.main_thread()
        or before is not signal.default_int_handler
    ):
        yield
        return

    def leave(number: int, frame: FrameType | None) -> NoReturn:
        answer_signal()
        _Answer.left = True
        raise KeyboardInterrupt

    def watch() -> None:
        with hearing:
            while heard := hearing.recv(1):
                if heard[0] == signal.SIGINT and not _answered():
                    _say(name, _LEFT, INTERRUPTED, debug=False)
                    os._exit(INTERRUPTED)

    hearing, telling = socket.socketpair()
    telling.setblocking(False)
    watching = threading.Thread(target=watch, name="interrupts", daemon=True)
    watching.start()
    signal.signal(signal.SIGINT, leave)
    other = signal.set_wakeup_fd(telling.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(other)
        signal.signal(signal.SIGINT, before)
        telling.close()
        watching.join()


def _answered() -> bool:
    """Return whether a signal that came just now is answered in time."""
    came = time.monotonic()
    while time.monotonic() < came + _PATIENCE:
        if _Answer.at > came - _SAME_MOMENT:
            return True
        time.sleep(0.05)
    return False


def printable(message: str) -> str:
    """Return a message as one line without what a terminal would take for an order.

    Names in it may come from files of others.
    """
    return "".join(sign if sign.isprintable() else "?" for sign in " ".join(message.split()))


def _say(name: str, message: object, code: int, *, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    print(f"{name}: {printable(str(message))}", file=sys.stderr, flush=True)
    return code
