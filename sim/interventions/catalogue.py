"""All measures by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from sim.interventions import (
    control,
    diplomacy,
    grassroots,
    institutions,
    protection,
    recurrence,
    speech,
    structural,
    support,
)
from sim.interventions.base import Declaration

_FAMILIES = (
    structural, recurrence, institutions, diplomacy, speech, protection, support, grassroots, control,
)  # fmt: skip


def _place(declaration: Declaration) -> tuple[str, int]:
    letter, number = re.fullmatch(r"([A-Z])(\d+)", declaration.id).groups()  # type: ignore[union-attr]
    return letter, int(number)


#: Declarations by name, in the order in which they are paid and their doses accumulated.
CATALOGUE: Mapping[str, Declaration] = MappingProxyType(
    {
        declaration.name: declaration
        for declaration in sorted(
            (one for family in _FAMILIES for one in family.DECLARATIONS), key=_place
        )
    }
)
