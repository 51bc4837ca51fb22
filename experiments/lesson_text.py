"""A lesson in words: the two worlds, what came out, the verdict, and what a class may ask of it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import Interval, paired_difference, risk_difference, wilson
from sim.outcomes import O

if TYPE_CHECKING:
    from experiments.lesson import Lesson, Taught

Floats = NDArray[np.float64]
HOLDS, REVERSED, UNDECIDED = "holds", "is reversed", "cannot be decided"
WIDTH = 100
_ROWS = (
    # label, outcome, how it is summed up
    ("direct deaths, median", "direct_deaths", "median"),
    ("direct deaths, mean", "direct_deaths", "mean"),
    ("displaced at the end, median", "displaced", "median"),
    ("first mandate, median week", "mandate_week", "week"),
    ("half of the peacekeepers there, median week", "arrival_week", "week"),
    ("spent, mean million USD", "endowment_spent", "mean"),
)


def text(lesson: Lesson, taught: Taught, *, extra: Sequence[str] = ()) -> str:
    """Return what a lesson prints.

    Parameters
    ----------
    lesson, taught : the lesson and its runs.
    extra : overrides that the user added for both worlds.
    """
    found = effects(taught)
    lines = [
        f"{lesson.lesson}  {lesson.title}",
        _wrapped(f"Claim, to be tested: {lesson.claim}"),
        _wrapped(f"Held equal: {lesson.held_equal}."),
        "",
        f"  case      {lesson.case.name}",
        f"            forestall run {' '.join([*lesson.case.overrides, *extra])}",
        f"  opposite  {lesson.opposite.name}",
        f"            forestall run {' '.join([*lesson.opposite.overrides, *extra])}",
        "",
        _table(taught),
        "",
        _wrapped(differences(found)),
        _wrapped(f"VERDICT: {verdict_text(lesson, taught)}"),
        "",
        "Look at:",
        *(_wrapped(f"- {line}", "  ", hanging="  ") for line in lesson.look_at),
        "Ask the class:",
        _wrapped(lesson.question, "  "),
    ]
    if lesson.note:
        lines += ["Mind:", _wrapped(lesson.note, "  ")]
    if lesson.yourself:
        # Not wrapped: a command is copied as a line.
        lines += ["To run it yourself:", *(f"  - {line}" for line in lesson.yourself)]
    lines.append(_wrapped(LIMITS))
    return "\n".join(lines)


LIMITS = (
    "One country, one set of judged parameters that are not calibrated: no evidence for or against "
    "the claim in the world, an exercise in asking what would have to be true."
)


def effects(taught: Taught) -> dict[str, Interval]:
    """Return the paired differences of a lesson, each with a 95 % interval.

    ``log_deaths`` and ``mass_killing`` are case less opposite (negative is fewer), ``harm`` the share
    of pairs with more deaths in the case; ``..._action`` is action less none, in the case and in its
    opposite.
    """
    case, opposite = _log_deaths(taught.case), _log_deaths(taught.opposite)
    more = taught.case[:, O.direct_deaths] > taught.opposite[:, O.direct_deaths]
    return {
        "log_deaths": paired_difference(case, opposite),
        "mass_killing": risk_difference(
            taught.case[:, O.mass_killing], taught.opposite[:, O.mass_killing]
        ),
        "harm": wilson(int(more.sum()), more.size),
        "case_action": paired_difference(case, _log_deaths(taught.case_alone)),
        "opposite_action": paired_difference(opposite, _log_deaths(taught.opposite_alone)),
    }


def verdict(lesson: Lesson, taught: Taught) -> str:
    """Return whether the claim holds, is reversed, or cannot be decided, in these runs.

    Of fewer deaths: by the interval of the difference of log(1 + direct deaths). Of outweighing
    action: by the interval of the size of that difference less the size of what action makes, the
    larger of the two worlds', pair by pair.
    """
    if lesson.expects == "fewer_deaths":
        return _sign(effects(taught)["log_deaths"], good=-1)
    return _sign(_outweighing(taught), good=1)


def _outweighing(taught: Taught) -> Interval:
    """Return how much lower the case makes log(1 + deaths) than the better of the two actions does.

    The difference between the countries is taken where nobody acts, so that action counts once.
    """
    between = _log_deaths(taught.opposite_alone) - _log_deaths(taught.case_alone)
    gains = [
        _log_deaths(taught.case_alone) - _log_deaths(taught.case),
        _log_deaths(taught.opposite_alone) - _log_deaths(taught.opposite),
    ]
    larger = max(gains, key=lambda gain: float(gain.mean()))
    return paired_difference(between, larger)


def _sign(interval: Interval, *, good: int) -> str:
    if not interval.excludes_zero:
        return UNDECIDED
    return HOLDS if interval.estimate * good > 0 else REVERSED


def as_mapping(lesson: Lesson, taught: Taught) -> dict[str, Any]:
    """Return the same as plain data."""
    return {
        "lesson": lesson.lesson,
        "name": lesson.name,
        "claim": lesson.claim,
        "expects": lesson.expects,
        "case": {"name": lesson.case.name, "overrides": list(lesson.case.overrides)},
        "opposite": {"name": lesson.opposite.name, "overrides": list(lesson.opposite.overrides)},
        "runs": int(taught.case.shape[0]),
        "effects": {name: list(interval) for name, interval in effects(taught).items()},
        "outweighs": list(_outweighing(taught)),
        "verdict": verdict(lesson, taught),
        "question": lesson.question,
        "look_at": list(lesson.look_at),
        "note": lesson.note,
        "yourself": list(lesson.yourself),
    }


def _log_deaths(outcomes: Floats) -> Floats:
    return np.asarray(np.log1p(outcomes[:, O.direct_deaths]))


def result_rows(
    taught: Taught, *,
    heads: Sequence[str] = ("case", "opposite", "case, no action", "opposite, no action"),
    shock_week: int | None = None,
) -> list[list[str]]:  # fmt: skip
    """Return what came out as rows of texts, the first of them the head: both worlds, and alone.

    Parameters
    ----------
    heads : what the four are called.
    shock_week : from which weeks are counted; when None they are weeks of the run, from 0.
    """
    worlds = (taught.case, taught.opposite, taught.case_alone, taught.opposite_alone)
    counted, since = ("of the run", 0) if shock_week is None else ("from the shock", shock_week)
    rows = [["", *heads], ["mass killing, % of runs", *map(_killings, worlds)]]
    for label, name, how in _ROWS:
        column = getattr(O, name)
        said = f"{label} {counted}" if how == "week" else label
        rows.append([said, *(_summed(runs[:, column], how, since=since) for runs in worlds)])
    return rows


def heads_of(lesson: Lesson) -> list[str]:
    """Return what `result_rows` calls the two worlds of a lesson, and each without action."""
    names = [world.name[:1].upper() + world.name[1:] for world in (lesson.case, lesson.opposite)]
    return [*names, "First world, no action", "Second world, no action"]


def _table(taught: Taught) -> str:
    rows = result_rows(taught)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def _killings(runs: Floats) -> str:
    risk = wilson(float(runs[:, O.mass_killing].sum()), len(runs))
    return f"{100 * risk.estimate:.0f} ({100 * risk.low:.0f} to {100 * risk.high:.0f})"


def _summed(numbers: Floats, how: str, *, since: int) -> str:
    if how == "week":
        came = numbers[numbers >= 0]
        share = f" ({100 * came.size / numbers.size:.0f} % of runs)"
        return "never" if not came.size else f"{np.median(came) - since:.0f}{share}"
    return f"{(np.median(numbers) if how == 'median' else numbers.mean()):,.0f}"


def differences(found: dict[str, Interval]) -> str:
    """Return what sets the case apart from its opposite, in a sentence."""
    log, risk, harm = found["log_deaths"], found["mass_killing"], found["harm"]
    return (
        f"Case less opposite, pair by pair: log(1 + deaths) {log.estimate:+.2f} "
        f"({log.low:+.2f} to {log.high:+.2f}), mass killing {100 * risk.estimate:+.0f} points "
        f"({100 * risk.low:+.0f} to {100 * risk.high:+.0f}); more deaths in the case in "
        f"{100 * harm.estimate:.0f} % of the pairs."
    )


def verdict_text(lesson: Lesson, taught: Taught) -> str:
    """Return the verdict with what it is judged by, in a sentence."""
    runs = taught.case.shape[0]
    word = verdict(lesson, taught)
    if lesson.expects == "fewer_deaths":
        return f"in these {runs:,} pairs the claim {word} (judged by log(1 + deaths), 95 %)."
    margin = _outweighing(taught)
    return (
        f"in these {runs:,} pairs the claim {word}: the two countries, left alone, differ in "
        f"log(1 + deaths) by {margin.estimate:+.2f} ({margin.low:+.2f} to {margin.high:+.2f}) more "
        "than the more successful outside action averts."
    )


def _wrapped(line: str, indent: str = "", *, hanging: str = "") -> str:
    return textwrap.fill(
        line, WIDTH, initial_indent=indent, subsequent_indent=indent + hanging,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
