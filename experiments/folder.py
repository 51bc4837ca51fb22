"""The files of a results folder beside its chunks: written whole, read with clear errors."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from experiments.chunks import Columns, write_aside
from experiments.config import WEEKLY
from experiments.designs import BARGAINED, NEVER, Design, Sample
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
            folder / CONFIG, yaml.dump(dict(config), Dumper=_DUMPER, sort_keys=False).encode()
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
        "point": pa.array(order),
        "baseline": pa.array([rows[name].baseline for name in order]),
        KEY: pa.array([keys.of(name) for name in order]),
        TREATED: pa.array([name in treated for name in order]),
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
        "block": pa.array(np.repeat(np.arange(blocks), rows)),
        "row": pa.array(np.tile(np.arange(rows), blocks)),
        "point": pa.array(sample.points),
    }
    places = enumerate(sample.factors)
    return pa.table(columns | {name: np.tile(sample.unit[:, j], blocks) for j, name in places})


def read_sample(folder: Path) -> pd.DataFrame:
    """Return the stored sample of a design, as `results.Results.sample` describes it.

    Raises
    ------
    ForestallError
        The design is a grid, or the file is damaged.
    """
    if not (folder / SAMPLE).is_file():
        raise ForestallError(f"{folder}: its design is a grid of listed values, no sample")
    table = _read(folder / SAMPLE, lambda content: pq.read_table(pa.BufferReader(content)))
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
    config = _read(folder / CONFIG, yaml.safe_load)
    provenance = _read(folder / PROVENANCE, json.loads)
    for name, content in ((CONFIG, config), (PROVENANCE, provenance)):
        if not isinstance(content, dict):
            raise ForestallError(f"{folder / name}: damaged or cut short")
    if provenance.get("format") != _FORMAT:
        raise ForestallError(f"{folder}: written by another version of Forestall")
    design = _read(folder / DESIGN, lambda content: pq.read_table(pa.BufferReader(content)))
    return config, provenance, design.to_pandas()


def _read(file: Path, parse: Any) -> Any:
    try:
        return parse(file.read_bytes())
    except (OSError, ValueError, yaml.YAMLError, pa.ArrowException) as error:
        reason = " ".join(str(error).split())[:80]
        raise ForestallError(f"{file}: damaged or cut short ({reason})") from None


def _earlier(folder: Path) -> list[dict[str, Any]]:
    try:
        before = json.loads((folder / PROVENANCE).read_bytes())
        last = {key: before.get(key) for key in ("time", "command", "forestall", "git", "seed")}
        return [*before.get("earlier", []), last]
    except (OSError, ValueError, AttributeError):
        return []


def _column(lever: str, values: list[Any]) -> pa.Array:
    words = _WORDS.get(lever, {})
    numbers = [words.get(value, value) if isinstance(value, str) else value for value in values]
    if all(isinstance(value, int | float) for value in numbers):
        return pa.array([float(value) for value in numbers])
    return pa.array([str(value) for value in values])
