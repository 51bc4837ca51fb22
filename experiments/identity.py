"""What makes a world, and its id: a hash over its configuration, whatever the order of its entries.

The id of a world is the same in another design, on another machine and tomorrow. Numbers that are
equal count as equal (``1`` and ``1.0``), and so do mappings in another order.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
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


def point_id(world: Mapping[str, Any]) -> str:
    """Return the id of a world: 16 hexadecimal digits."""
    return Identity().of(world)


class Identity:
    """Hashes the worlds of one design; what many of them share is written out only once."""

    def __init__(self) -> None:
        # Nodes are kept beside their texts: the address of one that is gone may be used again.
        self._texts: dict[int, tuple[Any, str]] = {}
        self._hashes: dict[int, tuple[Any, str]] = {}

    def remember(self, section: Any) -> None:
        """Keep the texts of all that lies in a section of which worlds will change some part."""
        for node in section.values() if isinstance(section, Mapping) else ():
            if isinstance(node, Mapping | list | tuple):
                self._texts[id(node)] = (node, self._text(node))
            self.remember(node)

    def of(self, world: Mapping[str, Any]) -> str:
        """Return the id of a world.

        Raises
        ------
        ForestallError
            A number of it is not finite, or something is neither number nor text.
        """
        hashes = []
        for key in _SORTED:
            section = world[key]
            kept = self._hashes.get(id(section))
            if kept is None or kept[0] is not section:
                kept = self._hashes[id(section)] = (section, self._hash(key, section))
            hashes.append(kept[1])
        return _digest(_TEMPLATE % tuple(hashes))[:_LENGTH]

    def _hash(self, key: str, section: Any) -> str:
        try:
            return _digest(self._text(section))
        except (TypeError, ValueError) as error:
            raise ForestallError(f"{key}: {error}, only finite numbers and text") from None

    def _text(self, node: Any) -> str:
        """Return canonical JSON: names in order, no blanks, whole numbers without a point."""
        if isinstance(node, float):
            return float.__repr__(node) if node % 1.0 > 0.0 else _number(node)
        if isinstance(node, str):
            return _quoted(node)
        if node is None:
            return "null"
        if not isinstance(node, Mapping | list | tuple):
            return _text_of(node)
        kept = self._texts.get(id(node))
        return kept[1] if kept is not None and kept[0] is node else self._written(node)

    def _written(self, node: Any) -> str:
        if isinstance(node, Mapping):
            named = sorted(((str(key), entry) for key, entry in node.items()), key=itemgetter(0))
            entries = [f"{_quoted(key)}:{self._text(entry)}" for key, entry in named]
            return "{" + ",".join(entries) + "}"
        return "[" + ",".join([self._text(entry) for entry in node]) + "]"


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a number that can be stored")
    return str(int(value))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
