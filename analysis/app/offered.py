"""What can be chosen on the page: the packaged scenario files, and those of a folder of one's own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from experiments.bounded import content_of, yaml_of
from experiments.scenario_folder import own_folder, refuse_escape, scenarios_folder

STAND_INS = "archetype"
"""Actors of a country that brings none of its own: the made-up ones of the archetypes."""


@dataclass(frozen=True)
class Offered:
    """Names of scenario files that a visitor may choose among; nothing else is ever looked for.

    Attributes
    ----------
    own : a folder that has been checked (`experiments.scenario_folder.own_folder`), None for none.
    """

    own: Path | None = None

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Countries, those of the user after the packaged ones."""
        return self._names("country")

    @cached_property
    def country_names(self) -> dict[str, str]:
        """What each country is called, by the name of its file, in the order of `countries`.

        As its file says; where it does not, or several say the same, by the name of the file.
        """
        written = {name: _written(self._file("country", name)) for name in self.countries}
        often = Counter(written.values())
        return {
            name: title if title and often[title] == 1 else said(name)
            for name, title in written.items()
        }

    @cached_property
    def coded(self) -> tuple[str, ...]:
        """Countries whose actual course is coded."""
        return self._names("course/actual")

    @cached_property
    def portfolios(self) -> tuple[str, ...]:
        """Sets of measures."""
        return self._names("portfolio")

    @cached_property
    def own_countries(self) -> tuple[str, ...]:
        """Countries of the user's own folder."""
        return () if self.own is None else _in(self.own, "country")

    @cached_property
    def without_actors(self) -> tuple[str, ...]:
        """Countries that bring no actors of their own, so that `STAND_INS` act."""
        actors = self._names("actors")
        return tuple(name for name in self.countries if name not in actors)

    def overrides(self, country: str) -> list[str]:
        """Return the overrides that choose a country and its actors."""
        actors = [f"actors={STAND_INS}"] if country in self.without_actors else []
        return [f"country={country}", *actors]

    def _file(self, group: str, name: str) -> Path:
        """Return a file that is offered; of two of one name the user's own is the one that is run."""
        files = [
            folder / group / f"{name}.yaml" for folder in (self.own, scenarios_folder()) if folder
        ]
        return next(file for file in files if file.exists())

    def _names(self, group: str) -> tuple[str, ...]:
        own = () if self.own is None else _in(self.own, group)
        return (*_in(scenarios_folder(), group), *own)


def said(name: str) -> str:
    """Return the name of a scenario file as it is read."""
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def _written(file: Path) -> str:
    """Return what a file of a country calls it; "" if it does not say."""
    try:
        entries = yaml_of(content_of(file))
    except (OSError, ValueError):
        return ""  # who chooses it is told what is wrong with it
    name = entries.get("name") if isinstance(entries, dict) else None
    return " ".join(name.split()) if isinstance(name, str) else ""


def _in(folder: Path, group: str) -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in (folder / group).glob("*.yaml")))


_NOW = [Offered()]


def offered() -> Offered:
    """Return what this server offers."""
    return _NOW[0]


def offer(scenarios: Path | None) -> Offered:
    """Offer the files of a folder of the user's own, too, from now on; one server, one folder.

    Raises
    ------
    ForestallError
        The folder is not there, or holds what no scenario file may (`own_folder`); the file of a
        country whose name cannot be written in a link.
    """
    found = Offered(None if scenarios is None else own_folder(scenarios))
    for name in found.own_countries:
        refuse_escape("--scenarios: country", name)
    _NOW[0] = found
    return found
