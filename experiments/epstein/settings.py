"""What a run of Model II is given, and the readings that the paper leaves open, by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

from sim.errors import bad_value, unknown_name


@dataclass(frozen=True)
class Variant:
    """One reading of the paper.

    Attributes
    ----------
    neighbours : int
        Sites in sight: 4, or 8 (all within a vision of 1.7).
    floored : bool
        Whether C/A is rounded down to a whole number.
    needs_target : bool
        Whether a citizen is active only with one of the other group in sight.
    """

    neighbours: int = 4
    floored: bool = False
    needs_target: bool = True

    @property
    def name(self) -> str:
        """Return its name on the command line, as ``4-exact-target``."""
        rounding = "floor" if self.floored else "exact"
        return f"{self.neighbours}-{rounding}-{'target' if self.needs_target else 'any'}"

    @property
    def words(self) -> str:
        """Return it in words."""
        rounding = "rounded down" if self.floored else "not rounded"
        active = "active only with a target in sight" if self.needs_target else (
            "active with or without a target in sight"
        )  # fmt: skip
        return f"{self.neighbours} neighbours, C/A {rounding}, {active}"


VARIANTS = {
    variant.name: variant
    for variant in (
        Variant(neighbours, floored, needs)
        for neighbours, floored, needs in product((4, 8), (False, True), (True, False))
    )
}
"""Every reading by its name."""


def variant_named(name: str) -> Variant:
    """Return a variant by its name; ScenarioError with the near match for any other."""
    if name not in VARIANTS:
        raise unknown_name("--variant", name, VARIANTS)
    return VARIANTS[name]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One world of Model II; defaults are the paper's (its third run, and no cops).

    Attributes
    ----------
    variant : Variant
    width, height : int
        Sites of the torus.
    density, cop_density : float
        Citizens and cops for each site at the start, shares.
    cops_arrive : int
        Period in which the cops arrive.
    legitimacy : float
        L, in [0, 1].
    threshold, constant : float
        T, and k of the probability of arrest.
    cloning : float
        Chance of a clone in a period.
    longest_life, longest_jail : int
        Periods; a citizen's death age and a jail term are uniform up to them.
    """

    variant: Variant = field(default_factory=Variant)
    width: int = 40
    height: int = 40
    density: float = 0.7
    cop_density: float = 0.0
    cops_arrive: int = 0
    legitimacy: float = 0.8
    threshold: float = 0.1
    constant: float = 2.3
    cloning: float = 0.05
    longest_life: int = 200
    longest_jail: int = 15

    def __post_init__(self) -> None:
        """Raise a ScenarioError for a share out of range, or more agents than sites."""
        for key in ("density", "cop_density", "legitimacy", "cloning"):
            if not 0.0 <= getattr(self, key) <= 1.0:
                raise bad_value(key, getattr(self, key), "between 0 and 1", unit="share")
        for key in ("width", "height"):
            if getattr(self, key) < 3:
                raise bad_value(key, getattr(self, key), "3 or more", unit="sites")
        if self.citizens + self.cops > self.sites:
            raise bad_value("cop_density", self.cop_density, f"at most {1.0 - self.density:g}")

    @property
    def sites(self) -> int:
        """Return the number of sites."""
        return self.width * self.height

    @property
    def citizens(self) -> int:
        """Return the number of citizens at the start; the first half is of group 0."""
        return round(self.density * self.sites)

    @property
    def cops(self) -> int:
        """Return the number of cops."""
        return round(self.cop_density * self.sites)
