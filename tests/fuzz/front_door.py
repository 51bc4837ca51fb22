"""What people type, well, nearly well and in bad faith; and what must come of it.

    python tests/fuzz/front_door.py --configurations 10000 --commands 300 --out results/fuzz

Whatever is asked either runs, or is answered in one clear line with exit code 2: no traceback, no hang,
nothing written outside the folder of the results. The same seed makes the same cases, in slices that
are kept, so that a campaign goes on where it was stopped. A case that once failed is kept in
`corpus.txt`, whose lines the tests try each time.
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).with_name("corpus.txt")
SEED = 20190716
WEEKS = 3
SECONDS = 20
"""Of processor time, after which a configuration hangs; one that waits hangs after ten times as many of
the clock, and so does a command, which spends most of them on its start."""
SECONDS_A_COMMAND = 40
"""Of processor time, after which a command is interrupted."""
IDLE_SECONDS = 60
"""Of the clock, after which a command that takes no processor time waits, as a server does."""
SECONDS_TO_STOP = 10
"""Of processor time, of all threads together, that it takes at most to end then."""
LONGEST_LINE = 700
BOTH_WAYS = 20
"""One configuration in so many is composed from the files as well, as a user's is."""
RAN, REFUSED, STOPPED = "ran", "refused", "stopped"

HOSTILE = (
    "", " ", "null", "~", "nan", "inf", "-inf", "1e999", "-0", "1e-320", "9" * 40, "0x10",
    "1_000", "٣", "true", "[]", "{}", "[0]", "[[[]]]", "{a:{b:{c:1}}}", "'", '"', "\\", "a\\nb",
    "\u202e", "\ud7ff", "é" * 300, "x" * 5000, "../../etc/passwd", "/etc/passwd", "~/x",
    "file:///etc/passwd", "-1", "--help", ";ls", "$(id)", "`id`", "%s%n", "${oc.env:HOME}",
    "${oc.decode:1}", "${now:%Y}", "${hydra:runtime.cwd}", "${seed}", "$HOME",
    "{_target_:os.system}", "!!python/object:os.system", "=cmd|'/c calc'!A1", "<script>", "a=b",
    "a.b.c", "interval(0,1)", "interval(1,0)", "range(0,3)", "range(0,1,0)", "choice(1,2)",
    "sort(3,1)", "shuffle(1,2)", "glob(*)", "tag(a,1)", "documented", "documented()", "never",
    "bargained", "all", "capital", "weak", "strong",
)  # fmt: skip
FLAGS = (
    "--json", "--replicates", "--out", "--format", "--list", "--method", "--lesson", "--scenarios",
    "--measures", "--check", "--multirun", "--weekly", "-x", "--", "--no-figures", "--quick", "--help",
    "--debug=1", "--out=made.png", "--output=made", "--csv=made.csv", "--page=made.md", "--level=2",
    "--seed=-1", "--method=morris", "--quantity=x", "--format=pdf", "--no-pdf", "--boxes=9",
)  # fmt: skip
STRANGE_KEYS = (
    "hydra.run.dir", "hydra.searchpath", "hydra/launcher", "+hydra.job.chdir", "++a.b", "~weeks",
    "~action", "+new.key", "_target_", "a b", ".", "..", "[0]", "0", "é", "__class__",
    "country@x", "actors@country", "parameters._target_", "interventions.x.y.z", "design.factors",
    "design.factors.seed", "executor.address", "output.x", "country.places", "country.places[0]",
    "actors[0]", "shocks", "mechanisms", "forms.elite_choice.x",
)  # fmt: skip
PROGRAM = ("-m", "experiments")
STORED = "stored"
"""The folder of results that commands find beside them."""
_FEW = ("replicates=2", f"weeks={30 + WEEKS}")
SMALL = {
    "sweep": (*_FEW, "design.points=4"),
    "run": _FEW,
    "plan": (*_FEW, "design.points=4", "--seconds=1"),
    "sensitivity": (*_FEW, "design.points=4"),
    "discover": (*_FEW, "design.points=40"),
    "explain": _FEW,
    "demo": _FEW,
    "lesson": _FEW,
    "cases": ("replicates=2",),
    "validate": ("--quick",),
    "calibrate": ("--quick",),
    "epstein": ("--quick",),
    "lessons": ("--plan",),
    "lesson-page": ("--replicates=2",),
    "bench": ("--weeks=8", "--repeats=1", "--no-compile"),
    "app": ("--port=0", "--no-browser"),
}  # fmt: skip
"""What somebody adds who wants to see that a command works and not to wait for what it computes."""
READERS = ("compare", "plot", "report", "trace", "digest", "export", "sensitivity", "discover")
"""Commands that read results."""


class HangsError(Exception):
    """A case that took too long; no `TimeoutError`, which a reader takes for a fault of the disk."""


@dataclass(frozen=True)
class Case:
    """Words that somebody types, and what came of them.

    `RAN`, `REFUSED`, `STOPPED` (it said what it does, and ended when interrupted), or what is wrong.
    """

    words: tuple[str, ...]
    became: str

    @property
    def failed(self) -> bool:
        """Whether it neither ran nor was refused in one line nor could be stopped."""
        return self.became not in (RAN, REFUSED, STOPPED)


class Typist:
    """Makes words from the entries of the default configuration, good, nearly good and hostile."""

    def __init__(self, seed: int = SEED) -> None:
        from experiments.cli import COMMANDS
        from experiments.config import compose
        from experiments.figures import DRAWINGS
        from experiments.scenario_folder import scenarios_folder
        from sim.interventions.catalogue import CATALOGUE
        from sim.parameters import PARAMETERS

        self._random = random.Random(seed)
        self._groups = {
            name: sorted(file.stem for file in (scenarios_folder() / name).glob("*.yaml"))
            for name in ("country", "actors", "intervention", "portfolio", "experiment")
        }
        self._entries = dict(_leaves(compose([])))
        self._parameters = {one.name: one for one in PARAMETERS}
        self._measures = list(CATALOGUE)
        self._commands = list(COMMANDS)
        self._figures = list(DRAWINGS)

    def configuration(self) -> tuple[str, ...]:
        """Return some overrides of a configuration."""
        return tuple(self._override() for _ in range(self._random.randint(1, 4)))

    def command(self) -> tuple[str, ...]:
        """Return a whole command line after the name of the program."""
        pick = self._random
        command = pick.choice(self._commands)
        words = [self._misspelt(command) if pick.random() < 0.08 else command]
        if command in READERS and pick.random() < 0.7:
            words += [pick.choice(self._figures)] if command == "plot" else []
            words.append(STORED)
        for _ in range(pick.randint(0, 3)):
            kind = pick.random()
            if kind < 0.5:
                words.append(self._override())
            elif kind < 0.65:
                # Nobody's own files are at stake where one of these is taken for a file to write.
                words.append(pick.choice(HOSTILE).replace("etc/passwd", "proc/version"))
            else:
                words.append(pick.choice(FLAGS))
        return tuple(words)

    def _override(self) -> str:
        pick = self._random
        kind = pick.random()
        if kind < 0.25:
            name = pick.choice(list(self._parameters))
            key, value = f"parameters.{name}", self._number(self._parameters[name])
        elif kind < 0.4:
            measure = pick.choice(self._measures)
            entry = pick.choice(
                ("intensity", "start", "lag", "ramp", "duration", "coverage", "cost", "lead")
            )
            key, value = (
                f"interventions.{measure}.{entry}",
                pick.choice(("0", "1", "12", "500", "all")),
            )
        elif kind < 0.55:
            group = pick.choice(list(self._groups))
            key, value = group, pick.choice(self._groups[group])
            if group == "intervention":
                value = f"[{value}]"
        elif kind < 0.95:
            key = pick.choice(list(self._entries))
            value = str(self._entries[key])
        else:
            key, value = pick.choice(STRANGE_KEYS), "1"
        if pick.random() < 0.06:
            key = self._misspelt(key)
        if pick.random() < 0.15:
            value = pick.choice(HOSTILE)
        return f"{key}={value}" if pick.random() < 0.97 else key

    def _number(self, parameter: Any) -> str:
        width = parameter.high - parameter.low
        return repr(
            self._random.choice(
                (parameter.low, parameter.high, self._random.uniform(parameter.low, parameter.high),
                 parameter.high + 0.1 * width, parameter.low - 0.1 * width)
            )
        )  # fmt: skip

    def _misspelt(self, word: str) -> str:
        if not word:
            return word
        place = self._random.randrange(len(word))
        letter = self._random.choice("abcxyz._ -")
        return word[:place] + letter * self._random.randint(0, 2) + word[place + 1 :]


def warm_up() -> None:
    """Compile the model, so that no case is blamed for it."""
    assert try_configuration([]).became == RAN


def try_configuration(words: Sequence[str]) -> Case:
    """Compose a configuration and run its first point for some weeks; no words, no limit of time."""
    import numpy as np

    from experiments.config import compose
    from experiments.designs import design_of, scenario_of
    from sim.ensemble import Ensemble
    from sim.errors import ForestallError

    def asked() -> str:
        config = compose([*words, "design.points=4"] if words else [])
        design = design_of(config)
        scenario = scenario_of(design.points[0].config)
        batch = Ensemble([scenario]).start(np.zeros(1, int), np.zeros(1, int), int(config["seed"]))
        batch.advance(min(WEEKS, scenario.weeks))
        if any(np.isnan(table).any() for table in batch.state.values()):
            return "a state is no number"
        return RAN

    try:
        with _at_most(SECONDS if words else 0):
            return Case(tuple(words), asked())
    except ForestallError as mistake:
        return Case(tuple(words), _one_line(str(mistake)))
    except Exception as fault:
        return Case(tuple(words), f"{type(fault).__name__}: {str(fault)[:200]}")


def try_command(
    words: Sequence[str],
    folder: Path,
    *,
    small: Sequence[str] | None = None,
    seconds: float = SECONDS_A_COMMAND,
) -> Case:
    """Run a whole command line in an empty folder, with a home of its own, and look at what is left.

    Parameters
    ----------
    words : after the name of the program; `STORED` among them is a folder of results that there is.
    folder : to work in, empty.
    small : words that follow and make what is asked for small; of the command's own when None.
    seconds : of processor time until it is interrupted, as somebody would whom it takes too long: it
        must have said by then what it does, and has to end at once.
    """
    work, home = folder / "work", folder / "home"
    for place in (work, home):
        place.mkdir(parents=True, exist_ok=True)
    if STORED in words:
        shutil.copytree(_stored_results(), work / STORED)
    words = tuple(word for word in words if "\0" not in word)
    environment = {**os.environ, "HOME": str(home), "MPLBACKEND": "agg"}
    # Machine code and fonts are caches, wherever they lie.
    environment.setdefault("FORESTALL_CACHE", str(folder / "cache"))
    environment["MPLCONFIGDIR"] = str(folder / "cache")
    added = SMALL.get("".join(words[:1]), ()) if small is None else small
    try:
        ended = _run([*words, *added], work, environment, seconds)
    except HangsError as fault:
        return Case(words, str(fault))
    except (ValueError, UnicodeEncodeError):
        return Case(words, REFUSED)  # the system itself takes no such argument
    return Case(words, _judged(ended) or _strays(words, work, home) or ended.became)


@dataclass(frozen=True)
class _Ended:
    code: int
    said: str
    interrupted: bool

    @property
    def became(self) -> str:
        return STOPPED if self.interrupted else REFUSED if self.code == 2 else RAN


def _run(
    words: Sequence[str], work: Path, environment: Mapping[str, str], seconds: float
) -> _Ended:
    """Run a command; one that takes too long is interrupted and has to say nothing is lost."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        child = subprocess.Popen(
            [sys.executable, *PROGRAM, *words], cwd=work, env=environment,
            stdout=out, stderr=error, stdin=subprocess.DEVNULL,
            # A shell that sends something to the background lets it ignore Ctrl-C.
            preexec_fn=_hear_interrupts,
        )  # fmt: skip
        try:
            interrupted = not _ends(child, seconds)
            if interrupted:
                if not out.seek(0, os.SEEK_END) + error.seek(0, os.SEEK_END):
                    raise HangsError(f"hangs: says nothing for {seconds:g} s of processor time")
                child.send_signal(signal.SIGINT)
                if not _ends(child, SECONDS_TO_STOP):
                    raise HangsError(f"hangs: {SECONDS_TO_STOP:g} s after it was interrupted")
        finally:
            child.kill()
            child.wait()
        error.seek(0)
        return _Ended(child.returncode, error.read().decode(errors="replace"), interrupted)


def _hear_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _ends(child: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for a child; False once it took more processor time, or for a minute next to none."""
    clock = ~child.pid << 3 | 2  # of all threads of a process, as Linux numbers such clocks
    began = used = time.clock_gettime(clock)
    since = time.monotonic()
    while child.poll() is None:
        with suppress(OSError):  # it ended just now
            now = time.clock_gettime(clock)
            if now - began > seconds or time.monotonic() - since > IDLE_SECONDS:
                return False
            if now - used > 0.5:
                used, since = now, time.monotonic()
        time.sleep(0.05)
    return True


def _judged(ended: _Ended) -> str:
    """Return what is wrong with how a command ended, nothing if all is well."""
    said = ended.said
    if "Traceback" in said:
        return f"traceback: {said.strip().splitlines()[-1][:200]}"
    if ended.code == 2:
        lines = [
            line for line in said.splitlines() if line.strip() and not line.startswith("note: ")
        ]
        found = _one_line("\n".join(lines))
        return "" if found == REFUSED else found
    if ended.code not in ((0, 130) if ended.interrupted else (0, 3)):
        return f"exit code {ended.code}: {said.strip()[-200:]}"
    return ""


def _strays(words: Sequence[str], work: Path, home: Path) -> str:
    """Return what lies where nobody asked for it, nothing if all is in its place."""
    named = " ".join(words)
    for place, own in ((home, ()), (work, ("results", STORED))):
        if place == home and ("~" in named or str(home) in named):
            continue  # it was asked for
        left = [path.name for path in place.iterdir() if path.name not in own]
        if stray := [name for name in left if name not in named]:
            return f"writes beside the results, into {place.name}: {sorted(stray)[:3]}"
    return ""


@cache
def _stored_results() -> Path:
    """Return results of a small sweep, made once."""
    from foreign_files import made_results

    place = Path(tempfile.mkdtemp(prefix="stored-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return made_results(place / STORED)


def corpus() -> list[tuple[str, tuple[str, ...]]]:
    """Return the kept cases: what they are tried as (configuration or command), and their words."""
    kept = []
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, *words = line.split("\t")
            kept.append((kind, tuple(word.encode().decode("unicode_escape") for word in words)))
    return kept


def _one_line(said: str) -> str:
    if not said.strip():
        return "says nothing"
    if len(said.strip().splitlines()) > 1:
        return f"says more than one line: {said[:200]!r}"
    if len(said) > LONGEST_LINE:
        return f"a line of {len(said)} characters: {said[:120]!r}"
    return REFUSED


def _leaves(tree: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in tree.items():
        key = f"{before}{name}"
        if isinstance(value, Mapping) and value and before != "country.":
            yield from _leaves(value, f"{key}.")
        elif not isinstance(value, Mapping | list) or len(str(value)) < 80:
            yield key, value


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Stop what takes more processor time, or ten times as much of the clock; 0 for no limit.

    By the clock alone a machine that is busy with something else would make everything hang.
    """

    def stop(*_: object) -> None:
        raise HangsError(f"hangs: {seconds:g} s")

    limits = (
        (signal.SIGPROF, signal.ITIMER_PROF, seconds),
        (signal.SIGALRM, signal.ITIMER_REAL, 10 * seconds),
    )
    before = [signal.signal(number, stop) for number, _, _ in limits]
    for _, timer, most in limits:
        signal.setitimer(timer, most)
    try:
        yield
    finally:
        for (number, timer, _), handler in zip(limits, before, strict=True):
            signal.setitimer(timer, 0.0)
            signal.signal(number, handler)


@dataclass
class Slice:
    """A part of a campaign: its cases come of a seed of its own, so that it can be done by itself.

    Attributes
    ----------
    kind : configurations or commands.
    seed : of its cases.
    cases : how many.
    became : how many ran and were refused.
    failures : the words of each case that did neither, and what became of them.
    seconds : of processor time.
    """

    kind: str
    seed: int
    cases: int
    became: dict[str, int]
    failures: list[dict[str, Any]]
    seconds: float


def slices(kind: str, cases: int, seed: int, folder: Path) -> Iterator[Slice]:
    """Try so many cases; what a slice came to is kept in a folder and not done again."""
    size, attempt = SLICES[kind]
    for number, start in enumerate(range(0, cases, size)):
        count = min(size, cases - start)
        kept = folder / f"{kind}-{seed + number}-{count}.json"
        if not kept.exists():
            done = attempt(kind, seed + number, count)
            kept.write_text(json.dumps(asdict(done), ensure_ascii=True), encoding="utf-8")
        yield Slice(**json.loads(kept.read_text(encoding="utf-8")))


def _slice(kind: str, seed: int, tried: Iterator[Case]) -> Slice:
    began = time.process_time() + _of_children()
    found, failures = Counter[str](), []
    for case in tried:
        if case.failed:
            failures.append({"words": case.words, "became": case.became})
        else:
            found[case.became] += 1
    seconds = time.process_time() + _of_children() - began
    return Slice(kind, seed, found.total() + len(failures), dict(found), failures, seconds)


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def configurations(kind: str, seed: int, count: int) -> Slice:
    """Try configurations in an empty folder, some of them composed in both ways."""
    from quick_compose import quick_composition

    typist = Typist(seed)

    def tried() -> Iterator[Case]:
        for number in range(count):
            words = typist.configuration()
            with quick_composition():
                case = try_configuration(words)
            if number % BOTH_WAYS == 0 and try_configuration(words) != case:
                case = Case(words, f"composed from the files it is another: {case.became}")
            yield case

    with tempfile.TemporaryDirectory() as place, chdir(place):
        done = _slice(kind, seed, tried())
        if left := os.listdir(place):
            done.failures.append({"words": [], "became": f"written: {left}"})
    return done


def commands(kind: str, seed: int, count: int) -> Slice:
    """Try whole command lines, each in a folder of its own."""
    typist = Typist(seed)
    with tempfile.TemporaryDirectory() as place:
        return _slice(
            kind, seed,
            (try_command(typist.command(), Path(place) / str(number)) for number in range(count)),
        )  # fmt: skip


SLICES = {"configurations": (250, configurations), "commands": (10, commands)}
"""Cases of a slice, and what tries them."""


def main() -> int:
    """Run a campaign; exit code 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--configurations", type=int, default=1000)
    parser.add_argument("--commands", type=int, default=30)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, required=True, help="folder that keeps what was done")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    failed = 0
    for kind in SLICES:
        found, seconds = Counter[str](), 0.0
        if cases := getattr(asked, kind):
            warm_up()
        for done in slices(kind, cases, asked.seed, asked.out.resolve()):
            found.update(done.became, cases=done.cases, failed=len(done.failures))
            seconds += done.seconds
            for one in done.failures:
                print(f"{kind} {done.seed}: {one['became']}\n  {one['words']!r:.600}")
            print(f"{kind}: {dict(found)}, {seconds:.0f} s of processor time", flush=True)
        failed += found["failed"]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
