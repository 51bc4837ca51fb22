"""Freezing an ensemble: a CSV file of parameter sets, and a YAML file that says where it comes from.

The YAML file is what ``posterior=NAME`` chooses. It holds the hash of the sets, of the model's source,
the command, the seed, the budget, the facts that were read and nothing that changes from run to run, so
that a calibration that is run again writes the same bytes.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from experiments.posterior import ParameterSets
from experiments.provenance import package_version, source_hash

DIGITS = 4
"""Significant digits of diagnostics; parameter sets keep all of theirs."""


def freeze(
    folder: Path, name: str, ensemble: pd.DataFrame, about: Mapping[str, Any], *, head: str
) -> tuple[list[Path], str]:
    """Write an ensemble as ``NAME.csv`` and ``NAME.yaml``; return both and the SHA-256 of the sets.

    Parameters
    ----------
    folder : of the files, made when it is missing.
    name : of the posterior.
    ensemble : one row a parameter set, one column a parameter.
    about : what is to be known of it, as plain data.
    head : comment on the first lines of the YAML file.

    Raises
    ------
    ForestallError
        The folder cannot be written.
    """
    from experiments.chunks import write_aside
    from experiments.store import writing

    sets = ParameterSets(
        tuple(map(str, ensemble.columns)),
        tuple(tuple(map(float, row)) for row in ensemble.to_numpy()),
    ).csv()
    digest = hashlib.sha256(sets.encode()).hexdigest()
    document = {
        "name": name, "file": f"{name}.csv", "sha256": digest, "sets": len(ensemble), "set": None,
        "first": None,
        "model_source": source_hash(), "forestall": package_version(), **about,
    }  # fmt: skip
    text = "".join(f"# {line}\n" for line in head.splitlines())
    text += yaml.safe_dump(_plain(document), sort_keys=False, width=100, allow_unicode=True)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        return [
            write_aside(folder / f"{name}.csv", sets.encode()),
            write_aside(folder / f"{name}.yaml", text.encode()),
        ], digest


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain data, numbers to `DIGITS` digits, unknown ones as None."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _plain(node: Any) -> Any:
    if isinstance(node, Mapping):
        return {str(key): _plain(value) for key, value in node.items()}
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [_plain(value) for value in node]
    if isinstance(node, bool) or node is None or isinstance(node, str | int):
        return node
    if hasattr(node, "item"):
        return _plain(node.item())
    return float(f"{node:.{DIGITS}g}") if math.isfinite(node) else None
