"""Outcomes of a user's own as one Python file, given explicitly on the command line.

They are made from what is stored, when it is analysed: runs, keys and digests know nothing of them.
No scenario file can name one (`experiments.own_measures` has the same rule for measures).
"""

from __future__ import annotations

from pathlib import Path

from analysis.quantities import AVERTED, Column
from experiments.own_measures import run_file
from sim.errors import ForestallError
from sim.outcomes import OUTCOMES

_DECLARED = 'OUTCOMES, a mapping such as {"deaths_a_place": ("people a place", function)}'
_TAKEN = {outcome.name for outcome in OUTCOMES} | {"deaths", "log_deaths", "harm"}


def read_outcomes_file(path: Path) -> tuple[Column, ...]:
    """Return the outcomes that a Python file declares, in its order.

    Parameters
    ----------
    path : a file with ``OUTCOMES``: by name the unit and a function of a table of runs, one row a run
        and one column an outcome, that returns one number a run; NaN for a run that has none.

    Raises
    ------
    ForestallError
        The file is not there, fails, declares nothing, or takes a name that stands for another.
    """
    option = f"--outcomes {path}"
    declared = run_file(path, option, as_module="outcomes")[1].get("OUTCOMES")
    if not isinstance(declared, dict) or not declared:
        raise ForestallError(f"{option}: has no {_DECLARED}")
    columns = []
    for name, entry in declared.items():
        if not (isinstance(name, str) and name.isidentifier()):
            raise ForestallError(f"{option}: {name!r:.60} is no name of letters, digits and _")
        if name in _TAKEN or name.endswith(AVERTED) or name.startswith("end_kind"):
            raise ForestallError(f"{option}: {name!r} is the name of another outcome")
        fits = isinstance(entry, tuple | list) and len(entry) == 2
        if not fits or not isinstance(entry[0], str) or not callable(entry[1]):
            raise ForestallError(
                f"{option}: {name!r} is no unit and function, expected {_DECLARED}"
            )
        unit, of = entry
        columns.append(Column(name=name, title=name.replace("_", " "), unit=unit, of=of))
    return tuple(columns)
