"""``forestall sensitivity``: which factors, or blocks of factors, explain the outcome of a design."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from experiments.command import DONE, run_command
from experiments.design_study import (
    answer,
    check_quantities,
    own_outcomes,
    pairs_of,
    parser,
    quantity_of,
    require,
    results_of,
    study_of,
    write_figure,
    write_tables,
)
from experiments.engines import Engine
from sim.errors import ForestallError, unknown_name

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.design_values import PointValues
    from analysis.quantities import Column, Quantity
    from experiments.results import Results

FOLDER = "sensitivity"
EXPERIMENT = "sensitivity"
METHODS = {"sobol": "saltelli", "blocks": "saltelli_blocks", "morris": "morris"}
"""What ``--method`` may be, and the method of the design that it needs."""
MORRIS_PATHS = 30
"""Of the default experiment, whose size is meant for indices."""
QUANTITIES = ("log_deaths", "mass_killing", "log_deaths_averted", "mass_killing_averted")
_TITLES = {
    "sobol": "what explains the outcome",
    "blocks": "country, outside actors, or what is unknown",
    "morris": "which factors matter",
}
_HELP = """\
Say which factors explain the outcome of a design. Without a folder the design is run first: by default
experiment=sensitivity, factors sampled from their documented ranges. Writes tables (CSV) and a figure.

  forestall sensitivity                                  Sobol' indices of every factor
  forestall sensitivity --method blocks                  the national against the international block
  forestall sensitivity --method morris design.points=20 screening, 20 paths
  forestall sensitivity design.points=512 replicates=32  a larger sample (the command says when to)
  forestall sensitivity actors.dispersion=documented attributes.capacity='interval(0.2,0.8)'
  forestall sensitivity RESULTS                          of a design that is stored
  forestall sensitivity RESULTS --quantity displaced --quantity arrival_week

Any stored outcome can be explained by its name, and by NAME_averted how much less of it there is than
in the same world without action; log_deaths too, and of end_kind a kind, as end_kind_victory.
--outcomes FILE.py adds your own: OUTCOMES = {"deaths_a_place": ("people a place", function)}, where
function takes a table of runs, one column an outcome, and returns one number a run.
"""


@dataclass(frozen=True, eq=False, kw_only=True)
class Sensitivity:
    """The analysis of one design.

    Attributes
    ----------
    found : the results.
    method : a key of `METHODS`.
    quantities : what is explained.
    where : for each combination of listed factors that the sample was crossed with, in words.
    table : one row a combination, quantity and factor: ``where``, ``quantity``, ``factor``, indices.
    noise : one row a combination and quantity: ``noise_share``, ``noise_removed``, ``replicates``.
    contrast : for blocks, the total index of the national block less the international one.
    cautions : lines that say what these numbers are not good for.
    """

    found: Results
    method: str
    quantities: tuple[Quantity, ...]
    where: tuple[str, ...]
    table: pd.DataFrame
    noise: pd.DataFrame
    contrast: pd.DataFrame
    cautions: tuple[str, ...]


def main(argv: Sequence[str], *, engine: Engine | None = None) -> int:
    """Analyse a design from command-line arguments; exit code as in `experiments.command`."""
    options = parser("forestall sensitivity", _HELP)
    options.add_argument(
        "--method", metavar="NAME", help=f"{', '.join(METHODS)}; of stored results, what their "
        "design allows",
    )  # fmt: skip
    options.add_argument(
        "--quantity", action="append", metavar="NAME",
        help="what is explained, any stored outcome or NAME_averted, at most four; "
        f"{', '.join(QUANTITIES)} unless given",
    )  # fmt: skip
    asked = options.parse_intermixed_args(list(argv))
    if asked.method is not None and asked.method not in METHODS:
        raise unknown_name("--method", asked.method, METHODS)
    study = study_of(asked)
    settings = []
    if asked.method or not any(text.startswith("experiment=") for text in study.overrides):
        settings = [f"design.method={METHODS[asked.method or 'sobol']}"]
    own = own_outcomes(asked)
    quantities = _few(asked.quantity or QUANTITIES)
    check_quantities(quantities, study=study, key="--quantity", own=own, engine=engine)
    default = [f"experiment={EXPERIMENT}"]
    if asked.method == "morris":
        default.append(f"design.points={MORRIS_PATHS}")
    require("SALib")
    found = results_of(
        study, default=default, settings=settings, engine=engine,
        command=["forestall", "sensitivity", *argv],
        check=lambda config: _refuse_others(config["design"]["method"], "design", asked.method),
    )  # fmt: skip
    _refuse_others(found.method, f"{found.path}", asked.method)
    analysis = analyse(found, quantities=quantities, own=own, key="--quantity")

    def text() -> str:
        from experiments.sensitivity_text import text

        return text(analysis)

    answer(asked, mapping=partial(as_mapping, analysis), text=text, write=partial(write, analysis))
    return DONE


def analyse(
    found: Results,
    *,
    quantities: Sequence[str] = QUANTITIES,
    own: Sequence[Column] = (),
    key: str = "quantity",
) -> Sensitivity:
    """Return the sensitivity analysis of stored results, by the method that their design is for.

    Parameters
    ----------
    found : results of a design of method saltelli, saltelli_blocks or morris, all of its runs stored.
    quantities : names, as for `analysis.quantities.quantity_named`.
    own : outcomes of the user's own.
    key : what an error about a name begins with.

    Raises
    ------
    ForestallError
        The design is for no such method, runs are missing, or they hold no such outcome.
    """
    import pandas as pd

    from analysis.design_values import point_values

    method = _refuse_others(found.method, f"{found.path}", None)
    explained = [quantity_of(found, name, own=own, key=key) for name in quantities]
    paired = pairs_of(found, explained)
    parts = []
    samples = samples_of(found)
    for where, rows in samples.items():
        of_block = paired[paired["point"].isin(set(rows["point"]))]
        for quantity in explained:
            values = point_values(of_block, quantity)
            parts.append(_part(method, where, rows, values))
    tables, noises, contrasts, cautions = zip(*parts, strict=True)
    return Sensitivity(
        found=found, method=method, quantities=tuple(explained), where=tuple(samples),
        table=pd.concat(tables, ignore_index=True), noise=pd.DataFrame(list(noises)),
        contrast=pd.DataFrame([row for rows in contrasts for row in rows]),
        cautions=tuple(line for lines in cautions for line in lines),
    )  # fmt: skip


def _refuse_others(stored: str | None, where: str, asked: str | None) -> str:
    """Return the analysis that a design's method is for; an error if none, or not the one asked for."""
    method = {of_design: name for name, of_design in METHODS.items()}.get(stored or "")
    if method is None:
        raise ForestallError(
            f"{where}: a {stored or 'plain'} design has no Sobol' indices and no elementary effects; "
            f"run one of design.method={', '.join(METHODS.values())}"
        )
    if asked not in (None, method):
        raise ForestallError(
            f"--method {asked}: {where} is for {method}, run one of design.method={METHODS[asked]}"
        )
    return method


def samples_of(found: Results) -> dict[str, pd.DataFrame]:
    """Return the stored sample by the combination of listed factors that it was run at, in words.

    Rows are in the order in which the sample was drawn, whatever their order in the file.
    """
    from analysis.surface import lever_label

    sampled = _sampled(found)
    listed = [str(row["name"]) for row in found.factors if row["name"] not in sampled]
    levers = found.design.set_index("point")
    samples = {}
    for _, rows in found.sample.sort_values(["block", "row"]).groupby("block", sort=True):
        first = levers.loc[rows["point"].iloc[0]]
        words = ", ".join(lever_label(name, first[name]) for name in listed)
        samples[words] = rows.reset_index(drop=True)
    return samples


def write(analysis: Sensitivity, folder: Path | None = None, *, figures: bool = True) -> list[Path]:
    """Write tables and figures into a folder, that of the results when None; return what was written.

    Raises
    ------
    UnwritableError
        The folder cannot be written.
    """
    folder = folder or analysis.found.path
    tables = {analysis.method: analysis.table, f"{analysis.method}_noise": analysis.noise}
    if len(analysis.contrast):
        tables["national_less_international"] = analysis.contrast
    paths = write_tables(folder, FOLDER, tables)
    for place, where in enumerate(analysis.where if figures else (), start=1):
        name = f"sensitivity_{analysis.method}" + (f"_{place}" if where else "")
        paths += write_figure(folder, name, draw(analysis, where))
    return paths


def draw(analysis: Sensitivity, where: str) -> Figure:
    """Return the figure of an analysis at one combination of listed factors."""
    from analysis.plots.morris_bars import morris_bars
    from analysis.plots.sobol_bars import sobol_bars

    country = analysis.found.config["country"]["name"]
    title = f"{country}: {_TITLES[analysis.method]}" + (f" ({where})" if where else "")
    bars = morris_bars if analysis.method == "morris" else sobol_bars
    rows = analysis.table[analysis.table["where"] == where]
    return bars(rows, note=_note(analysis), title=title, quantities=analysis.quantities)


def as_mapping(analysis: Sensitivity) -> dict[str, Any]:
    """Return an analysis as plain data; what is not known is null."""
    from experiments.compare import records

    return {
        "results": str(analysis.found.path),
        "method": analysis.method,
        "units": {quantity.name: quantity.unit for quantity in analysis.quantities},
        "indices": records(analysis.table),
        "noise": records(analysis.noise),
        "national_less_international": records(analysis.contrast),
        "cautions": list(analysis.cautions),
    }


def _part(method: str, where: str, rows: pd.DataFrame, values: PointValues) -> tuple[Any, ...]:
    """Return table, noise, contrast and cautions of one quantity over one sample."""
    from analysis import morris_effects, sobol_indices
    from experiments.blocks import INTERNATIONAL, NATIONAL, blocks_of
    from experiments.sampling import MORRIS_LEVELS

    factors = [str(name) for name in rows.columns if name not in ("block", "row", "point")]
    y = values.of_rows(rows["point"].tolist())
    contrast: list[dict[str, Any]] = []
    labels = {"where": where, "quantity": values.quantity.name}
    if method == "morris":
        unit = rows[factors].to_numpy(float)
        table = morris_effects.morris_effects(unit, y, factors, levels=MORRIS_LEVELS)
        said = morris_effects.cautions(table, paths=len(y) // (len(factors) + 1))
    else:
        names = factors if method == "sobol" else list(dict.fromkeys(blocks_of(factors)))
        indices = sobol_indices.sobol_indices(y, names)
        table, said = indices.table, sobol_indices.cautions(indices)
        if {NATIONAL, INTERNATIONAL} <= set(names):
            difference = indices.difference(NATIONAL, INTERNATIONAL)
            contrast = [labels | difference._asdict() | {"enough_samples": not _too_few(said)}]
    said = [*said, *_noise_cautions(values)]
    place = f"{where}: " if where else ""
    noise = labels | {
        "noise_share": values.noise.share, "noise_removed": values.noise.removed,
        "replicates": values.replicates,
    }  # fmt: skip
    lines = [f"{place}{values.quantity.name}: {line}" for line in said]
    return table.assign(**labels)[[*labels, *table.columns]], noise, contrast, lines


def _too_few(cautions: Iterable[str]) -> bool:
    return any("too few samples" in line for line in cautions)


def _noise_cautions(values: PointValues) -> list[str]:
    from analysis.design_values import MUCH_NOISE

    share = values.noise.share
    if values.unknown:
        return [
            f"{100 * values.unknown:.1f} % of the runs have none and are left out of the means; how "
            "much of the variance is noise is then not known"
        ]
    if values.replicates == 1:
        return ["one replicate a point: how much of the variance is noise is not known"]
    if share > MUCH_NOISE:
        return [
            f"{100 * share:.0f} % of the variance between points is noise of the replicates, which "
            "counts as interaction: more replicates would lower it"
        ]
    return []


def _note(analysis: Sensitivity) -> str:
    share = analysis.noise["noise_share"].max()
    said = "" if share != share else f"At most {100 * share:.0f} % of the variance is noise. "
    few = _too_few(analysis.cautions)
    return said + ("Too few samples: intervals are wide." if few else "")


def _few(names: Sequence[str]) -> tuple[str, ...]:
    from analysis.design_values import MOST_QUANTITIES

    if len(set(names)) > MOST_QUANTITIES:
        raise ForestallError(f"--quantity: at most {MOST_QUANTITIES} at a time")
    return tuple(dict.fromkeys(names))


def _sampled(found: Results) -> list[str]:
    return [str(name) for name in found.sample.columns if name not in ("block", "row", "point")]


if __name__ == "__main__":
    sys.exit(run_command(main, name="forestall sensitivity"))
