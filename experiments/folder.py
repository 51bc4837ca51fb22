"""The files of a results folder beside its chunks: written whole, read with clear errors."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from experiments.arrow import labels, numbers, truths, words
from experiments.bounded import content_of, json_of, table_of, yaml_of
from experiments.chunks import write_aside
from experiments.computed import Columns
from experiments.config import MOST_REPLICATES, WEEKLY
from experiments.design_table import without_rows
from experiments.designs import Design, Sample
from experiments.points import BARGAINED, NEVER
from experiments.store import writing
from experiments.tasks import Keys, cells_of
from sim.errors import ForestallError

if TYPE_CHECKING:
    import pandas as pd  # heavy, and of no use before results are read

CONFIG = "config.yaml"
PROVENANCE = "provenance.json"
DESIGN = "design.parquet"
SAMPLE = "sample.parquet"
SUMMARY = "summary.csv"
FIGURES = "figures"
# Columns of the stored design that are no levers: under which key, and whether it is a treatment.
KEY, TREATED = "key", "treated"
QUANTILES, FULL = WEEKLY
_FORMAT = 1
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # a country may have 100,000 places
_CONFIG = {
    "country": dict, "actors": dict, "interventions": dict, "action": dict, "parameters": dict,
    "design": dict, "weeks": int,
}  # fmt: skip
_WHOLE = {"replicates": MOST_REPLICATES, "seed": 2**63 - 1}
_DESIGN = {
    "point": pa.types.is_string, "baseline": pa.types.is_string, KEY: pa.types.is_string,
    TREATED: pa.types.is_boolean,
}  # fmt: skip
_WORDS = {"action.start": {NEVER: math.inf}, "action.arrival": {BARGAINED: math.nan}}


def write_settings(
    folder: Path,
    config: Mapping[str, Any],
    provenance: Mapping[str, Any],
    design: Design,
    *,
    keys: Keys,
    columns: Columns,
) -> None:
    """Write what a sweep was asked for; the provenance of earlier sweeps of the folder is kept.

    Raises
    ------
    ForestallError
        The folder cannot be written.
    """
    about = dict(provenance) | {
        "format": _FORMAT,
        "replicates": config["replicates"],
        "outcomes": list(columns.outcomes),
        "series": list(columns.series),
        "shares": list(columns.shares),
        "design": design.about(),
        "weekly": config["store"]["weekly"],
        "earlier": _earlier(folder),
    }
    with writing(folder):
        write_aside(
            folder / CONFIG,
            yaml.dump(without_rows(config), Dumper=_DUMPER, sort_keys=False).encode(),
        )
        write_aside(folder / PROVENANCE, json.dumps(about, indent=2).encode())
        write_aside(folder / DESIGN, parquet(design_table(design, keys)))
        if design.sample is not None:
            write_aside(folder / SAMPLE, parquet(_sample_table(design.sample)))


def design_table(design: Design, keys: Keys) -> pa.Table:
    """Return the design as it is stored: its points, then the baselines that are no points.

    Columns ``point``, ``baseline``, ``key``, ``treated`` and one a lever; ``action.start`` is a
    float with inf for never, ``action.arrival`` a float with NaN for bargained.
    """
    treated = {point.id for point in design.points}
    rows = {cell.point.id: cell.point for cell in reversed(cells_of(design))}
    order = list(dict.fromkeys(point.id for point in (*design.points, *design.baselines)))
    columns = {
        # Words as the chunks hold them: not every reader joins text with a dictionary.
        "point": labels(order),
        "baseline": labels([rows[name].baseline for name in order]),
        KEY: labels([keys.of(name) for name in order]),
        TREATED: truths([name in treated for name in order]),
    }
    for lever in design.points[0].levers:
        columns[lever] = _column(lever, [rows[name].levers[lever] for name in order])
    return pa.table(columns)


def parquet(table: pa.Table) -> pa.Buffer:
    """Return a table as the bytes of a Parquet file."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _sample_table(sample: Sample) -> pa.Table:
    """Return the sample as it is stored, see `experiments.results.Results.sample`."""
    rows = len(sample.unit)
    blocks = len(sample.points) // rows
    columns = {
        "block": numbers(np.repeat(np.arange(blocks), rows)),
        "row": numbers(np.tile(np.arange(rows), blocks)),
        "point": words(sample.points),
    }
    places = enumerate(sample.factors)
    return pa.table(
        columns | {name: numbers(np.tile(sample.unit[:, j], blocks)) for j, name in places}
    )


def read_sample(folder: Path) -> pd.DataFrame:
    """Return the stored sample of a design, as `results.Results.sample` describes it.

    Raises
    ------
    ForestallError
        The design is a grid, or the file is damaged.
    """
    if not (folder / SAMPLE).is_file():
        raise ForestallError(f"{folder}: its points were listed, not sampled")
    table = _read(folder / SAMPLE, table_of)
    for name in ("block", "row", "point"):
        if name not in table.column_names:
            raise ForestallError(f"{folder / SAMPLE}: damaged, it has no column {name!r}")
    found: pd.DataFrame = table.to_pandas()
    return found


def read_settings(folder: Path) -> tuple[dict[str, Any], dict[str, Any], pd.DataFrame]:
    """Return configuration, provenance and stored design of a results folder.

    Raises
    ------
    ForestallError
        There is no such folder, it holds no results, or one of the files is damaged.
    """
    if not folder.is_dir():
        raise ForestallError(f"{folder}: no such folder")
    for name in (CONFIG, PROVENANCE, DESIGN):
        if not (folder / name).is_file():
            raise ForestallError(f"{folder}: not a folder of results, it has no {name}")
    config = _read(folder / CONFIG, yaml_of)
    provenance = _read(folder / PROVENANCE, json_of)
    for name, content in ((CONFIG, config), (PROVENANCE, provenance)):
        if not isinstance(content, dict):
            raise ForestallError(f"{folder / name}: damaged or cut short")
    if provenance.get("format") != _FORMAT:
        raise ForestallError(f"{folder}: written by another version of Forestall")
    design = _plain(_read(folder / DESIGN, table_of))
    _check_config(folder / CONFIG, config)
    _check_provenance(folder / PROVENANCE, provenance)
    _check_design(folder / DESIGN, design)
    return config, provenance, design.to_pandas()


def _plain(table: pa.Table) -> pa.Table:
    """Return a table with its dictionaries as the words that they hold."""
    columns = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)


def _read(file: Path, parse: Any) -> Any:
    try:
        return parse(content_of(file))
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:80]
        raise ForestallError(f"{file}: damaged or cut short ({reason})") from None


def _check_config(file: Path, config: Mapping[str, Any]) -> None:
    """Raise unless the entries that readers rely on are of their kind."""
    for key, kind in _CONFIG.items():
        _refuse_unless(isinstance(config.get(key), kind), file, key, config.get(key))


def _check_provenance(file: Path, about: Mapping[str, Any]) -> None:
    for key, most in _WHOLE.items():
        value = about.get(key)
        whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
        _refuse_unless(whole, file, key, value)
    for key in ("outcomes", "series"):
        names = about.get(key)
        texts = (
            isinstance(names, list)
            and all(isinstance(name, str) for name in names)
            and len(set(names)) == len(names)
        )
        _refuse_unless(texts, file, key, names)
    shares = about.get("shares")
    fits = isinstance(shares, list) and len(shares) == len(about["series"])
    _refuse_unless(fits and all(isinstance(s, bool) for s in shares or ()), file, "shares", shares)
    _refuse_unless(isinstance(about.get("source_hash"), str), file, "source_hash", None)
    design = about.get("design") or {}
    _refuse_unless(isinstance(design, dict), file, "design", design)
    method, factors = design.get("method", ""), design.get("factors", [])
    _refuse_unless(isinstance(method, str), file, "design.method", method)
    named = isinstance(factors, list) and all(
        isinstance(factor, dict) and isinstance(factor.get("name"), str) for factor in factors
    )
    _refuse_unless(named, file, "design.factors", factors)


def _check_design(file: Path, design: pa.Table) -> None:
    if len(set(design.column_names)) < len(design.column_names):
        raise ForestallError(f"{file}: damaged, two columns have one name")
    for name, right in _DESIGN.items():
        if name not in design.column_names:
            raise ForestallError(f"{file}: damaged, it has no column {name!r}")
        if not right(design.column(name).type):
            raise ForestallError(f"{file}: damaged, its column {name!r} is of another type")
    for name in design.column_names:
        kind = design.column(name).type
        number = pa.types.is_floating(kind) or pa.types.is_integer(kind)
        if name not in _DESIGN and not (pa.types.is_string(kind) or number):
            raise ForestallError(f"{file}: damaged, its column {name!r} is of another type")
        if design.column(name).null_count:
            raise ForestallError(f"{file}: damaged, its column {name!r} has gaps")
    points = set(design.column("point").to_pylist())
    if len(points) < len(design) or not points.issuperset(design.column("baseline").to_pylist()):
        raise ForestallError(f"{file}: damaged, points repeat themselves or lack their baseline")


def _refuse_unless(right: bool, file: Path, key: str, value: object) -> None:
    if not right:
        raise ForestallError(f"{file}: damaged, {key} is {value!r:.60}")


def keep_foreign_provenance(folder: Path) -> str:
    """Set a provenance that this version does not read aside, and return a line about it.

    The line is empty where there is none, or one of this format, which the next one tells of as
    ``earlier``.

    Raises
    ------
    ForestallError
        The folder cannot be written.
    """
    file = folder / PROVENANCE
    if not file.is_file():
        return ""
    try:
        about = json_of(content_of(file))
        found = about.get("format") if isinstance(about, dict) else None
    except (OSError, ValueError):
        found = None
    if found == _FORMAT:
        return ""
    kept = next(
        place
        for number in count(1)
        if not (place := folder / f"provenance-kept-{number}.json").exists()
    )
    with writing(folder):
        file.replace(kept)
    said = f"of another format ({found!r:.20})" if found is not None else "damaged"
    return f"{PROVENANCE} is {said}: kept as {kept.name}"


def _earlier(folder: Path) -> list[dict[str, Any]]:
    try:
        before = json_of(content_of(folder / PROVENANCE))
        last = {key: before.get(key) for key in ("time", "command", "forestall", "git", "seed")}
        return [*before.get("earlier", []), last]
    except (OSError, ValueError, AttributeError, TypeError):
        return []


def _column(lever: str, values: list[Any]) -> pa.Array:
    known = _WORDS.get(lever, {})
    plain = [known.get(value, value) if isinstance(value, str) else value for value in values]
    # Of thousands of values by their few types: a fifth of the time that a design takes to be written.
    if all(issubclass(kind, int | float) for kind in set(map(type, plain))):
        return numbers(np.array(plain, dtype=np.float64))
    return words([str(value) for value in values])
