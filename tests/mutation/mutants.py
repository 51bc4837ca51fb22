"""Do the tests notice when one small place of the model is wrong?

    python tests/mutation/mutants.py --mutants 400 --seed 1 --out results/mutation

Places of `sim/rules` and of the mechanisms in both engines, a third each, are drawn at random and
changed one at a time, with compilation off; each change has to make a test fail. Mutmut and cosmic-ray
write the change into a file and start Python anew, which takes longer here than the tests: this changes
the code of a function in a forked child of a process that has collected the tests already, and runs in
it those that reach the changed line, the quickest first. What is stored is not done again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT)]

from in_child import in_child  # noqa: E402
from laboratory import Laboratory, Record, hold, source_of, swap  # noqa: E402
from mutation_operators import Mutant, mutants_of  # noqa: E402
from survivors import write_survivors  # noqa: E402

KILLED, SURVIVED, OUT_OF_TIME, UNREACHED = "killed", "survived", "out of time", "unreached"
AT_LEAST = 0.85
"""Share of the mutants that have to be noticed."""
SECONDS_A_TEST = 6
"""Of processor time, past which a test is left out."""
SECONDS_A_MUTANT = 15
"""Of processor time that the tests of a mutant take together without it; more are left out."""
SLOWER = 3
"""Times as long as without it, and 10 seconds, until a mutant is held to run without end."""

QUICK = (
    "test_rule_examples.py", "test_rule_examples_outside.py", "test_rule_meaning.py",
    "test_mechanism_examples.py",
    "test_small_worlds_equal.py", "test_edge_worlds_equal.py",
)  # fmt: skip
"""Files of tests/sim that need no batch of many runs, which takes minutes without compilation."""
COMPARING = (
    "test_small_worlds_equal.py", "test_edge_worlds_equal.py", "test_engines_equal.py",
    "test_mechanisms.py",
)  # fmt: skip
"""Tests that hold one engine against the other, and see nothing of a rule, which both share."""


@dataclass(frozen=True)
class Result:
    """What became of one mutant: killed by which test, out of time, or how many tests passed."""

    mutant: Mutant
    became: str
    by: str = ""
    tests: int = 0
    seconds: float = 0.0

    @property
    def noticed(self) -> bool:
        """Whether the tests fail, or no longer end."""
        return self.became in (KILLED, OUT_OF_TIME)


def modules() -> dict[str, list[str]]:
    """Return the modules that are changed: the rules, and the mechanisms as each engine has them."""
    from sim.mechanisms import DELIVERY, MECHANISMS

    def of(folder: str, *but: str) -> list[str]:
        files = sorted((ROOT / "sim" / folder).glob("*.py"))
        return [f"sim.{folder}.{one.stem}" for one in files if one.stem not in ("__init__", *but)]

    files = sorted({mechanism.file for mechanism in MECHANISMS} | {DELIVERY})
    return {
        "rules": of("rules"),
        "compiled engine": [f"sim.ensemble.{name}" for name in files],
        "agents engine": of("agents", "base"),
    }


def sampled(number: int, seed: int) -> list[Mutant]:
    """Return so many mutants, in equal parts from rules and both engines, in a random order."""
    draw = random.Random(seed)
    parts = list(modules().values())
    chosen: list[Mutant] = []
    for index, names in enumerate(parts):
        share = (number - len(chosen)) // (len(parts) - index)
        chosen += draw.sample(
            [one for name in names for one in mutants_of(name, source_of(name))], share
        )
    draw.shuffle(chosen)
    return chosen


def tried(laboratory: Laboratory, mutant: Mutant, names: Sequence[str], seconds: float) -> Result:
    """Return what becomes of a mutant under some tests that take so long together without it."""
    if not names:
        return Result(mutant, UNREACHED)

    def work() -> str:
        swap(mutant)
        return laboratory.first_failure(names)

    answer = in_child(work, int(SLOWER * seconds) + 10)
    if not answer.in_time:
        return Result(mutant, OUT_OF_TIME, "", len(names), answer.seconds)
    if answer.said is None:
        raise RuntimeError(f"{mutant.name}: the child ended without an answer")
    became = KILLED if answer.said else SURVIVED
    return Result(mutant, became, answer.said, len(names), answer.seconds)


def chosen_tests(
    mutant: Mutant, records: dict[str, Record], kills: Counter[str], most: float
) -> tuple[list[str], float]:
    """Return the tests that reach a mutant's lines, the most promising first, and their time."""
    reached = [
        (seconds / (1 + kills[name]), name, seconds)
        for name, (seconds, lines) in records.items()
        if any(mutant.line <= line <= mutant.last for line in lines.get(mutant.module, ()))
        and not (
            mutant.module.startswith("sim.rules.")
            and Path(name.partition("::")[0]).name in COMPARING
        )
    ]
    names: list[str] = []
    total = 0.0
    for _, name, seconds in sorted(reached):
        if total + seconds <= most:
            names.append(name)
            total += seconds
    return names, total


class Store:
    """A folder that holds what each test reaches and what became of each mutant."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._touched, self._results = folder / "touched.jsonl", folder / "results.jsonl"

    def records(self, laboratory: Laboratory) -> dict[str, Record]:
        """Return time and lines of every test; those of tests that are new are found out."""
        known = {(row["test"], row["of"]): row["record"] for row in _rows(self._touched)}
        names = [name for part in modules().values() for name in part]
        model = "".join(source_of(name) for name in names)
        found: dict[str, Record] = {}
        for test in laboratory.tests:
            text = (ROOT / test.partition("::")[0]).read_text(encoding="utf-8")
            of = hashlib.sha256((model + text).encode()).hexdigest()[:16]
            if (test, of) not in known:
                known[test, of] = laboratory.touched_by(test, names, SECONDS_A_TEST)
                _append(self._touched, {"test": test, "of": of, "record": known[test, of]})
            if known[test, of] is not None:
                found[test] = known[test, of]
        return found

    def results(self) -> dict[str, Result]:
        """Return the last result of every mutant whose module is as it was, by name."""
        return {
            row["result"]["mutant"]["name"]: _result(row["result"])
            for row in _rows(self._results)
            if row["of"] == _digest(row["result"]["mutant"]["module"])
        }

    def add(self, result: Result) -> None:
        """Keep one more result."""
        row = asdict(result)
        row["mutant"]["name"] = result.mutant.name
        _append(self._results, {"of": _digest(result.mutant.module), "result": row})


def campaign(laboratory: Laboratory, arguments: argparse.Namespace) -> list[Result]:
    """Try the sampled mutants that have no result yet, and return all results."""
    store = Store(arguments.out)
    records = store.records(laboratory)
    print(f"{len(records)} of {len(laboratory.tests)} tests are used", flush=True)
    done = store.results()
    kills = Counter(one.by for one in done.values())
    wanted = sampled(arguments.mutants, arguments.seed)
    for number, mutant in enumerate(wanted, 1):
        before = done.get(mutant.name)
        if before is not None and (before.noticed or not arguments.again):
            continue
        names, seconds = chosen_tests(mutant, records, kills, arguments.seconds)
        result = tried(laboratory, mutant, names, seconds)
        kills[result.by] += 1
        store.add(result)
        done[mutant.name] = result
        print(f"{number} {mutant.name} {result.became} {result.seconds:.1f} s", flush=True)
    return [done[mutant.name] for mutant in wanted]


def main(argv: Sequence[str] | None = None) -> int:
    """Try mutants, say how many were noticed, and return 1 if they are too few."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutants", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "results" / "mutation")
    parser.add_argument(
        "--again", action="store_true", help="try those that were not noticed again"
    )
    parser.add_argument("--seconds", type=float, default=SECONDS_A_MUTANT, help="of tests a mutant")
    parser.add_argument(
        "--tests", nargs="*", help="files of tests; quick ones of tests/sim unless given"
    )
    parser.add_argument("--write", action="store_true", help="bring SURVIVORS.md up to date")
    arguments = parser.parse_args(argv)
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    files = arguments.tests or [str(ROOT / "tests" / "sim" / name) for name in QUICK]
    results: list[Result] = []
    code = hold(files, lambda laboratory: results.extend(campaign(laboratory, arguments)))
    if code != 0 or not results:
        return 2
    became = Counter(one.became for one in results)
    share = sum(one.noticed for one in results) / len(results)
    said = ", ".join(f"{number} {what}" for what, number in sorted(became.items()))
    command = f"`--mutants {arguments.mutants} --seed {arguments.seed}`"
    figures = _figures(results, f"{said}, {share:.1%} noticed")
    print(f"{command}: {figures}")
    if arguments.write:
        write_survivors(results, command, figures)
    return 0 if share >= AT_LEAST else 1


def _figures(results: Sequence[Result], said: str) -> str:
    """Return what the page says of a campaign."""
    of = {module: part for part, names in modules().items() for module in names}
    parts = []
    for part in modules():
        own = [one for one in results if of[one.mutant.module] == part]
        parts.append(f"{sum(one.noticed for one in own)} of {len(own)} in the {part}")
    return f"{said} ({', '.join(parts)})."


def _result(row: dict[str, Any]) -> Result:
    mutant = {key: value for key, value in row["mutant"].items() if key != "name"}
    return Result(**(row | {"mutant": Mutant(**mutant)}))


def _digest(module: str) -> str:
    return hashlib.sha256(source_of(module).encode()).hexdigest()[:16]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def _append(path: Path, row: dict[str, object]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    sys.exit(main())
