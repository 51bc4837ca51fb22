"""Folders of scenario files: the packaged one, and a user's own, which is checked before it is read.

What a user was given by somebody else must be safe to run: its files may not reach out of their
folder, hide behind packaged ones, or multiply without end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from yaml import YAMLError

import sim
from experiments.bounded import MOST_NODES, content_of, refuse_multiplied
from experiments.file_sections import (
    default_items,
    entries_of,
    packages_of,
    refuse_endless_numbers,
    refuse_overstep,
)
from sim.errors import ForestallError

_CHOICE = re.compile(r"(\w[\w-]*|\$\{\w+\})(/(\w[\w-]*|\$\{\w+\}))*", re.ASCII)


def scenarios_folder() -> Path:
    """Return the folder of the packaged scenario files, which lies beside the package `sim`."""
    where = sim.__file__ or next(iter(sim.__path__)) + "/__init__.py"
    return Path(where).resolve().parent.parent / "scenarios"


def own_folder(scenarios: Path) -> Path:
    """Return a user's folder.

    Raises
    ------
    ForestallError
        A file that hides behind a packaged one, lies outside through a link, names a file outside
        in its defaults list, sets how Hydra runs or more than its own section, is no text, multiplies
        itself, or holds a number without end; a link to a folder, through which files would be
        chosen that nobody has looked at.
    """
    own = scenarios.expanduser().resolve()
    if not own.is_dir():
        raise ForestallError(f"--scenarios {scenarios}: no such folder")
    if own == scenarios_folder():
        return own
    for entry in sorted(own.rglob("*")):
        if entry.is_symlink() and entry.is_dir():
            raise ForestallError(
                f"--scenarios: {entry.relative_to(own)} is a link to a folder, "
                "scenario files lie in the folder itself"
            )
    for file in sorted(own.rglob("*.yaml")):
        name = file.relative_to(own)
        if not file.resolve().is_relative_to(own):
            raise ForestallError(f"--scenarios: {name} is a link to a file outside of the folder")
        root = _refuse_bomb(file, name)
        text = file.read_text(encoding="utf-8")
        _refuse_settings_of_hydra(text, root, name)
        for choice in _defaults(root):
            refuse_escape(f"--scenarios: {name}", choice)
        refuse_overstep(name, text, root)
        refuse_endless_numbers(f"--scenarios: {name}", root)
        if (scenarios_folder() / name).exists():
            raise ForestallError(
                f"--scenarios {scenarios}: {name} has the name of a packaged file, "
                "give it another name"
            )
    return own


def names_of(group: str, own: Path | None) -> list[str]:
    """Return the names of the files of a group, the user's own among them, in order."""
    folders = [scenarios_folder(), *([] if own is None else [own])]
    return sorted({file.stem for folder in folders for file in (folder / group).glob("*.yaml")})


def refuse_escape(where: str, choice: str) -> None:
    """Raise unless a choice is the name of a file within a folder of scenarios.

    Raises
    ------
    ForestallError
        A path that could lead out of the folder (``..``, an absolute path, a web address).
    """
    if not _CHOICE.fullmatch(choice):
        raise ForestallError(
            f"{where}: {choice!r} is not the name of a scenario file (letters, digits, - and _)"
        )


def _refuse_settings_of_hydra(text: str, root: yaml.Node | None, name: Path) -> None:
    """Raise where a file would set Hydra itself: launchers and callbacks of Hydra name code to run."""
    groups = [choice.removeprefix("/") for choice in _defaults(root)]
    for said in (*packages_of(text), *(str(key.value) for key, _ in entries_of(root)), *groups):
        if re.match(r"hydra\b", said):
            raise ForestallError(
                f"--scenarios: {name} sets {said!r}: a scenario file may not set how Hydra runs"
            )


def _defaults(root: yaml.Node | None) -> Iterator[str]:
    """Yield the names of files that the defaults list of a file asks for."""
    for entry in default_items(root):
        if isinstance(entry, yaml.ScalarNode):
            yield entry.value.removeprefix("/").partition("@")[0]
        elif isinstance(entry, yaml.MappingNode):
            for group, choice in entry.value:
                yield from _names(str(group.value), choice)


def _names(group: str, choice: yaml.Node) -> Iterator[str]:
    yield group.split(" ")[-1].removeprefix("/").partition("@")[0]
    several = choice.value if isinstance(choice, yaml.SequenceNode) else [choice]
    for name in several:
        if isinstance(name, yaml.ScalarNode) and not name.tag.endswith(":null"):
            kind = name.tag.rpartition(":")[2]
            yield name.value if kind == "str" else f"{name.value} ({kind})"


def _refuse_bomb(file: Path, name: Path) -> yaml.Node | None:
    """Return the root of a file; raise unless its nodes, aliases followed, are bearably many."""
    root = None
    try:
        text = content_of(file).decode("utf-8")
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
        if root is not None:
            refuse_multiplied(root)
    except UnicodeDecodeError:
        raise ForestallError(f"--scenarios: {name} is not UTF-8 text") from None
    except (OSError, ValueError, YAMLError) as error:
        raise ForestallError(f"--scenarios: {name}: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise ForestallError(
            f"--scenarios: {name} nests or repeats itself to more than {MOST_NODES:,} entries"
        ) from None
    return root
