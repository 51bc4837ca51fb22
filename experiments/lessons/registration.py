"""What was registered: claims, designs, decision rule, sample sizes, and the hash that holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sim.errors import ForestallError, unknown_name

FILE = Path(__file__).with_name("registered.yaml")
FROZEN = Path(__file__).with_name("registered.sha256")
MAIN, MEDIATOR, FORM, PLACEBO, ADVERSARIAL = "main", "mediator", "form", "placebo", "adversarial"
VARIETY, TOOLS = "variety", "tools"
KINDS = (MAIN, MEDIATOR, FORM, VARIETY, TOOLS, PLACEBO, ADVERSARIAL)
NATIONAL = "national"
"""The study of the fourth lesson, which is a sample and no contrast."""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One claim.

    Attributes
    ----------
    id, title, claim : as registered.
    study : the design that it is judged on.
    contrast : worlds by their levers with their weights; empty for the fourth lesson.
    """

    id: str
    title: str
    claim: str
    study: str
    contrast: tuple[tuple[float, Mapping[str, float]], ...]


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One change of the worlds of a study.

    Attributes
    ----------
    name, says : as registered.
    kind : one of `KINDS`.
    studies : of which it is a condition.
    set : overrides.
    expects : verdict direction by lesson for adversarial worlds.
    """

    name: str
    says: str
    kind: str
    studies: tuple[str, ...]
    set: tuple[str, ...]
    expects: Mapping[str, str]

    @property
    def is_part(self) -> bool:
        """Whether the smaller number of pairs is enough."""
        return self.kind != MAIN


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Sample sizes: parameter sets, pairs of a set in a country, the fewer of them, the seed."""

    sets: int
    pairs: int
    part: int
    seed: int


@dataclass(frozen=True, kw_only=True)
class Registration:
    """All that was registered.

    Attributes
    ----------
    digest : SHA-256 of the file.
    raw : the file as it stands.
    lessons, conditions : by name, in order.
    sizes : of the full suite, or of a quick look.
    quick : whether it is one.
    """

    digest: str
    raw: Mapping[str, Any]
    lessons: Mapping[str, Lesson]
    conditions: Mapping[str, Condition]
    sizes: Sizes
    quick: bool = False

    @property
    def countries(self) -> tuple[str, ...]:
        """Names of the countries of the region."""
        return tuple(self.raw["region"]["countries"])

    @property
    def ensembles(self) -> tuple[str, ...]:
        """Names of the ensembles of parameter sets, the one that a verdict is about first."""
        return tuple(self.raw["region"]["ensembles"])

    def conditions_of(self, study: str) -> tuple[Condition, ...]:
        """Return the conditions of a study."""
        return tuple(one for one in self.conditions.values() if study in one.studies)


def digest(file: Path = FILE) -> str:
    """Return the SHA-256 of a registration."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


@cache
def registered() -> Registration:
    """Return what was registered.

    Raises
    ------
    ForestallError
        The file is not the one that was frozen.
    """
    found, frozen = digest(), FROZEN.read_text(encoding="utf-8").split()[0]
    if found != frozen:
        raise ForestallError(
            f"lessons: {FILE.name} has the hash {found[:12]}, registered was {frozen[:12]}: a design "
            "that changed after registration decides nothing"
        )
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    studies = tuple(raw["studies"])
    return Registration(
        digest=found, raw=raw, sizes=Sizes(**raw["sizes"]),
        lessons={name: _lesson(str(name), row) for name, row in raw["lessons"].items()},
        conditions={
            name: _condition(str(name), row, studies) for name, row in raw["conditions"].items()
        },
    )  # fmt: skip


def quick(full: Registration) -> Registration:
    """Return a registration of the same lessons with so few runs that it decides nothing."""
    small = full.raw["quick"]
    national = {**full.raw[NATIONAL], "points": small["points"], "each": small["each"]}
    region = {**full.raw["region"], "countries": small["countries"]}
    return replace(
        full, quick=True, raw={**full.raw, NATIONAL: national, "region": region},
        sizes=Sizes(
            sets=small["sets"], pairs=small["pairs"], part=small["part"], seed=full.sizes.seed
        ),
        conditions={name: full.conditions[name] for name in small["conditions"]},
    )  # fmt: skip


def chosen(registration: Registration, names: Sequence[str]) -> tuple[Lesson, ...]:
    """Return lessons by their ids, all of them when none is named.

    Raises
    ------
    ForestallError
        No such lesson.
    """
    for name in names:
        if name not in registration.lessons:
            raise unknown_name("lesson", name, registration.lessons)
    wanted = names or tuple(registration.lessons)
    return tuple(one for one in registration.lessons.values() if one.id in wanted)


def _lesson(name: str, row: Mapping[str, Any]) -> Lesson:
    contrast = tuple(
        (
            float(cell["weight"]),
            {key: float(value) for key, value in cell.items() if key != "weight"},
        )
        for cell in row.get("contrast", ())
    )
    return Lesson(
        id=name, title=row["title"], claim=" ".join(row["claim"].split()), study=row["study"],
        contrast=contrast,
    )  # fmt: skip


def _condition(name: str, row: Mapping[str, Any], studies: tuple[str, ...]) -> Condition:
    if row["is"] not in KINDS:
        raise unknown_name(f"conditions.{name}.is", row["is"], KINDS)
    expects = row.get("expects") or {}
    return Condition(
        name=name, says=" ".join(row["says"].split()), kind=row["is"],
        studies=tuple(row.get("studies", studies)), set=tuple(row["set"]),
        expects=expects if isinstance(expects, Mapping) else {},
    )  # fmt: skip
