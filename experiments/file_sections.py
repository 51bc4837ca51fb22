"""What a scenario file of a user may set: the section of its own group, and nothing beside it.

Hydra lets a file say in its first lines where its entries go (``# @package ...``), and in its defaults
list which other files come with it and where those go. Through either the file of a country could set
parameters. An experiment may set everything, which is what it is for; all others are held to their own.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from sim.errors import ForestallError, unknown_name

GLOBAL = "_global_"
_PACKAGE = re.compile(r"\s*#\s*@package\s+(\S+)")
# What a file may say of packages, entries and groups of its defaults list, where they are limited;
# NAME stands for the name of the file, so that no measure sets what another one does.
_PACKAGES = {
    "country": "country",
    "actors": "actors",
    "executor": "executor",
    "posterior": "posterior",
    "intervention": r"interventions\.NAME",
    "portfolio": GLOBAL,
    "course": GLOBAL,
}
_OWN = "sets its own section, without such a line"
_MAY_SAY = dict.fromkeys(_PACKAGES, _OWN) | {
    "intervention": "says '# @package interventions.NAME'",
    "portfolio": f"says '# @package {GLOBAL}'",
    "course": f"says '# @package {GLOBAL}'",
}
_ENTRIES = {"portfolio": ("defaults", "interventions")}
_GROUPS = {"portfolio": {"portfolio", "intervention"}, "course": {"intervention"}}


def packages_of(text: str) -> list[str]:
    """Return where a file says that its entries go."""
    # Ends of lines as Hydra sees them: some are none for an editor.
    return [found[1] for line in text.splitlines() if (found := _PACKAGE.match(line))]


def entries_of(root: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    """Return the entries at the top of a file."""
    return list(root.value) if isinstance(root, yaml.MappingNode) else []


def default_items(root: yaml.Node | None) -> Iterator[yaml.Node]:
    """Yield the items of the defaults list of a file."""
    for key, given in entries_of(root):
        if key.value == "defaults" and isinstance(given, yaml.SequenceNode):
            yield from given.value


def refuse_overstep(name: Path, text: str, root: yaml.Node | None) -> None:
    """Raise for a file that sets more than the files of its group may.

    Parameters
    ----------
    name : of the file, within the folder of scenarios.
    text, root : what it holds.

    Raises
    ------
    ForestallError
        One line that names the file and what it would set.
    """
    where, group = f"--scenarios: {name}", name.parts[0]
    for key, _ in entries_of(root):
        if key.value == "<<":
            raise ForestallError(f"{where}: '<<' may not stand at the top of a file, write it out")
    if group not in _PACKAGES:
        return
    for package in packages_of(text):
        if not re.fullmatch(_PACKAGES[group].replace("NAME", re.escape(name.stem)), package):
            says = _MAY_SAY[group].replace("NAME", name.stem)
            raise ForestallError(
                f"{where}: '# @package {package}' is not allowed, a file of {group}/ {says}"
            )
    if group in _ENTRIES and not packages_of(text):
        raise ForestallError(f"{where}: must begin with the line '# @package {GLOBAL}'")
    for key, _ in entries_of(root):
        if group in _ENTRIES and key.value not in _ENTRIES[group]:
            raise unknown_name(where, key.value, _ENTRIES[group])
    for item in default_items(root):
        _refuse_others(where, group, item)


def _refuse_others(where: str, group: str, item: yaml.Node) -> None:
    """Raise for an item of a defaults list that brings other groups, or puts files elsewhere."""
    named = [key for key, _ in item.value] if isinstance(item, yaml.MappingNode) else [item]
    allowed = _GROUPS.get(group, {group})
    for node in named:
        word = str(node.value).split(" ")[-1]
        own = group if group in allowed else ""
        brought = word[1:].split("/")[0] if word.startswith("/") else own
        if word != "_self_" and ("@" in word or brought not in allowed):
            listed = " and ".join(f"{one}/" for one in sorted(allowed))
            raise ForestallError(
                f"{where}: its defaults list may name files of {listed} for their own section, "
                f"not {node.value!r}"
            )


def refuse_endless_numbers(where: str, root: yaml.Node | None) -> None:
    """Raise for a whole number with more digits than are read, and name its entry."""
    seen: set[int] = set()
    left = [("", root)] if root is not None else []
    while left:
        key, node = left.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            left += [(f"{key}.{name.value}".lstrip("."), entry) for name, entry in node.value]
            left += [(key, name) for name, _ in node.value]
        elif isinstance(node, yaml.SequenceNode):
            left += [(f"{key}[{at}]", entry) for at, entry in enumerate(node.value)]
        elif node.tag.endswith(":int") and endless(str(node.value)):
            raise too_many_digits(f"{where}: {key}")


def endless(text: str) -> bool:
    """Return whether a text holds a run of more digits than Python reads as one number."""
    most = sys.get_int_max_str_digits()
    return 0 < most < max(map(len, re.findall(r"\d+", text.replace("_", ""))), default=0)


def too_many_digits(key: str) -> ForestallError:
    """Return the error for a number that is too long to be read."""
    return ForestallError(
        f"{key}: a number of thousands of digits is not allowed, "
        f"expected at most {sys.get_int_max_str_digits():,} digits"
    )
