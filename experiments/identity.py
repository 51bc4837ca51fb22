"""What makes a world, and its id: a hash over its configuration, whatever the order of its entries.

The id of a world is the same in another design, on another machine and tomorrow. Numbers that are
equal count as equal (``1`` and ``1.0``), and so do mappings in another order. Each section is hashed
by itself, so that the worlds of a design, which differ in a few entries, need not be written out
whole.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import uuid
from collections.abc import Iterator, Mapping, Sequence
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

Shared = dict[tuple[str, str], dict[tuple[str, ...], tuple[str, Any]]]
"""Hashes and contents of sections: by name and text, and by what stands at the varied entries."""


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
    """Worlds that differ in some entries only, and their ids.

    Parameters
    ----------
    world : with the keys `WORLD`; what stands at the varied entries is of no account.
    paths : of the varied entries, each from its section down.
    shared : sections that were made before; worlds of several of these which are equal in a section
        hold the same object there.
    """

    def __init__(
        self,
        world: Mapping[str, Any],
        paths: Sequence[Sequence[str]],
        *,
        shared: Shared | None = None,
    ) -> None:
        self._world = {key: world[key] for key in WORLD}
        self._sections = {
            key: _Section(key, world[key], paths, {} if shared is None else shared)
            for key in sorted({path[0] for path in paths})
        }
        fixed = [
            "%s" if key in self._sections else _hash(key, entry)
            for key, entry in sorted(self._world.items())
        ]
        self._template = _TEMPLATE % tuple(fixed)

    def at(
        self, columns: Sequence[Sequence[Any]], *, rows: int
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the id and the world of each row.

        Parameters
        ----------
        columns : for each path the values of its entry, one a row.
        rows : their number, which without any path the columns do not tell.
        """
        made = [section.at(columns) for section in self._sections.values()]
        for parts in zip(*made, strict=True) if made else itertools.repeat((), rows):
            world = self._world.copy()
            for key, (_, content) in zip(self._sections, parts, strict=True):
                world[key] = content
            yield _digest(self._template % tuple([part[0] for part in parts]))[:_LENGTH], world


class _Section:
    """One section in which some entries vary; what is equal is made and hashed once."""

    def __init__(
        self, key: str, section: Any, paths: Sequence[Sequence[str]], shared: Shared
    ) -> None:
        places = [place for place, path in enumerate(paths) if path[0] == key]
        form, order = _form(section, [paths[place][1:] for place in places])
        self._key = key
        self._section = section
        self._form = form
        self._paths = {places[place]: paths[places[place]][1:] for place in order}
        self._known = shared.setdefault((key, form), {})

    def at(self, columns: Sequence[Sequence[Any]]) -> list[tuple[str, Any]]:
        """Return the hash of the section in each row, and the section."""
        own = [columns[place] for place in self._paths]
        texts = [[_written(self._key, value) for value in column] for column in own]
        known, found = self._known, []
        for row, values in zip(zip(*texts, strict=True), zip(*own, strict=True), strict=True):
            if row not in known:
                known[row] = (_digest(self._form % row), self._content(values))
            found.append(known[row])
        return found

    def _content(self, values: Sequence[Any]) -> Any:
        section = self._section
        for path, value in zip(self._paths.values(), values, strict=True):
            section = with_entry(section, path, value)
        return section


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
    if type(node) is int:
        return int.__repr__(node)
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
