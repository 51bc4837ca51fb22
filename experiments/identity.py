"""What makes a world, and its id: a hash over its configuration, whatever the order of its entries.

The id of a world is the same in another design, on another machine and tomorrow. Numbers that are
equal count as equal (``1`` and ``1.0``), and so do mappings in another order. Each section is hashed
by itself, so that the worlds of a design, which differ in a few entries, need not be written out
whole.
"""

from __future__ import annotations

import hashlib
import json
import math
import uuid
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from sim.errors import ForestallError

# What makes a world; seed, replicates, engine, executor, output and name say how it is run.
WORLD = (
    "country", "actors", "interventions", "action", "parameters", "mechanisms", "forms",
    "attributes", "weeks",
)  # fmt: skip
_SORTED = tuple(sorted(WORLD))
_TEMPLATE = "{" + ",".join(f'"{key}":"%s"' for key in _SORTED) + "}"
_LENGTH = 16
_quoted = json.encoder.encode_basestring_ascii
_text_of = json.JSONEncoder(allow_nan=False).encode

Known = dict[int, tuple[Any, str]]
"""Hashes of sections by their address; each is kept beside its hash, so that none is used again."""

Last = dict[str, tuple[str, tuple[str, ...], str]]
"""Of a section its text, what stands at the varied entries, and the hash of both."""


def point_id(world: Mapping[str, Any], *, known: Known | None = None) -> str:
    """Return the id of a world: 16 hexadecimal digits.

    Parameters
    ----------
    world : with the keys `WORLD`.
    known : where hashes are kept of sections that other worlds share.

    Raises
    ------
    ForestallError
        A number of it is not finite, or something is neither number nor text.
    """
    known = {} if known is None else known
    hashes = []
    for key in _SORTED:
        section = world[key]
        if id(section) not in known:
            known[id(section)] = (section, _hash(key, section))
        hashes.append(known[id(section)][1])
    return _id(hashes)


class Varied:
    """Ids of worlds that differ in some entries only.

    Parameters
    ----------
    world : with the keys `WORLD`; what stands at the varied entries is of no account.
    paths : of the varied entries, each from its section down.
    last : where the last hash of each section is kept; worlds that are asked for in turn with the
        same entries share theirs.
    """

    def __init__(
        self,
        world: Mapping[str, Any],
        paths: Sequence[Sequence[str]],
        *,
        last: Last | None = None,
    ) -> None:
        self._last: Last = {} if last is None else last
        self._forms: dict[str, tuple[str, list[int]]] = {}
        for key in dict.fromkeys(path[0] for path in paths):
            places = [place for place, path in enumerate(paths) if path[0] == key]
            form, order = _form(world[key], [paths[place][1:] for place in places])
            self._forms[key] = (form, [places[place] for place in order])
        self._fixed = {key: _hash(key, world[key]) for key in WORLD if key not in self._forms}

    def id(self, values: Sequence[Any]) -> str:
        """Return the id of the world with these values, in the order of the paths."""
        hashes = dict(self._fixed)
        for key, (form, places) in self._forms.items():
            written = tuple([_written(key, values[place]) for place in places])
            known = self._last.get(key)
            if known is None or known[:2] != (form, written):
                known = self._last[key] = (form, written, _digest(form % written))
            hashes[key] = known[2]
        return _id([hashes[key] for key in _SORTED])


def with_entry(node: Any, path: Sequence[str], value: Any) -> Any:
    """Return a configuration with one entry set, sharing all others; `node` stays as it is."""
    if not path:
        return value
    name, rest = path[0], path[1:]
    if isinstance(node, list):
        copy = list(node)
        copy[int(name)] = with_entry(node[int(name)], rest, value)
        return copy
    entry = node.get(name) if rest else None
    return {**node, name: with_entry(entry if entry is not None else {}, rest, value)}


def _form(section: Any, paths: Sequence[Sequence[str]]) -> tuple[str, list[int]]:
    """Return the text of a section with a place for each varied entry, and in which order they come."""
    marks = [uuid.uuid4().hex for _ in paths]
    for mark, path in zip(marks, paths, strict=True):
        section = with_entry(section, path, mark)
    text = _text(section).replace("%", "%%")
    order = sorted(range(len(marks)), key=lambda place: text.index(marks[place]))
    for mark in marks:
        text = text.replace(f'"{mark}"', "%s")
    return text, order


def _written(key: str, value: Any) -> str:
    try:
        return _text(value)
    except (TypeError, ValueError) as error:
        raise ForestallError(f"{key}: {error}, only finite numbers and text") from None


def _hash(key: str, section: Any) -> str:
    return _digest(_written(key, section))


def _id(hashes: Sequence[str]) -> str:
    return _digest(_TEMPLATE % tuple(hashes))[:_LENGTH]


def _text(node: Any) -> str:
    """Return canonical JSON: names in order, no blanks, whole numbers without a point."""
    if isinstance(node, float):
        return float.__repr__(node) if node % 1.0 > 0.0 else _whole(node)
    if isinstance(node, str):
        return _quoted(node)
    if isinstance(node, Mapping):
        named = sorted(((str(key), entry) for key, entry in node.items()), key=itemgetter(0))
        return "{" + ",".join([f"{_quoted(key)}:{_text(entry)}" for key, entry in named]) + "}"
    if isinstance(node, list | tuple):
        return "[" + ",".join([_text(entry) for entry in node]) + "]"
    return _text_of(node)


def _whole(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a number that can be stored")
    return str(int(value))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
