"""What can be chosen on the page: the packaged scenario files, and those of a folder of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

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

    def _names(self, group: str) -> tuple[str, ...]:
        own = () if self.own is None else _in(self.own, group)
        return (*_in(scenarios_folder(), group), *own)


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
