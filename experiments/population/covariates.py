"""What is read of a country-year: twelve national covariates, from files that a user downloaded.

Nothing here names a country to the outside: rows lose their names as soon as they are joined.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import ForestallError

PREDICTORS = "ewp_prepared2024predictors.csv"
FORECASTS = "ewp_forecasts2025.csv"
GROWUP = "epr_growup_countryyear.csv"
ORIGIN = {
    PREDICTORS: "Early Warning Project, predictors of the 2024 assessment, "
    "https://github.com/EarlyWarningProject",
    FORECASTS: "Early Warning Project, forecasts of the 2025 assessment, "
    "https://github.com/EarlyWarningProject",
    GROWUP: "GROWup / EPR, country-years, https://growup.ethz.ch",
}
"""Where a user gets each file."""
YEARS = (1960, 2024)
PRESENT = 2024


@dataclass(frozen=True, slots=True)
class Covariate:
    """One figure of a country-year.

    Attributes
    ----------
    name : in this project.
    column : in the source's file.
    kind : "flag" (0 or 1), "mass" (0 for many, a spread above it) or "spread".
    unit, meaning : what it is.
    """

    name: str
    column: str
    kind: str
    unit: str
    meaning: str


COVARIATES: tuple[Covariate, ...] = (
    Covariate("past_killing", "mk_ever", "flag", "0 or 1", "There has been a mass killing before."),
    Covariate(
        "discriminated", "discrimpop", "mass", "share", "People of groups that are discriminated."
    ),
    Covariate("excluded", "exclpop", "mass", "share", "People of groups without power, those too."),
    Covariate("recent_coup", "coup.try.5yr", "flag", "0 or 1", "A coup attempt within five years."),
    Covariate(
        "battle_deaths", "battledeaths.log2", "mass", "log2", "Battle deaths of the year, log2."
    ),
    Covariate(
        "equal_rights", "even_civilrights", "flag", "0 or 1", "Civil rights even across groups."
    ),
    Covariate(
        "killing_approved", "pol_killing_approved", "flag", "0 or 1",
        "Political killings approved of or done by the government.",
    ),
    Covariate(
        "society_repressed", "repress_civilsoc", "flag", "0 or 1", "Civil society is repressed."
    ),
    Covariate("free_discussion", "freediscussion", "spread", "share", "Freedom of discussion."),
    Covariate("fractionalised", "efindex", "spread", "share", "Ethnic fractionalisation."),
    Covariate("infant_deaths", "un_imr_sqrt", "spread", "sqrt(1/1,000)", "Infant mortality, root."),
    Covariate("people", "popsize.log2", "spread", "log2", "Population, log2."),
)  # fmt: skip
NAMES = tuple(covariate.name for covariate in COVARIATES)
RISK = "risk"
"""Two-year risk of a new mass killing that the Early Warning Project gave; of the present year only."""


def read_country_years(folder: Path) -> pd.DataFrame:
    """Return the covariates of all country-years of `YEARS` that are complete, without names.

    Returns
    -------
    DataFrame
        One column a covariate, and ``onset``, whether a mass killing began in the next year.

    Raises
    ------
    ForestallError
        A file or a column is missing; the line says which, and where the file comes from.
    """
    table = _joined(folder)
    table = table[table["year"].between(*YEARS)].dropna(subset=[*NAMES, "mk_onset_1"])
    return _anonymous(table.assign(onset=table["mk_onset_1"]), "onset")


def read_present(folder: Path) -> pd.DataFrame:
    """Return the covariates of the countries of `PRESENT` that have a forecast, without names.

    Returns
    -------
    DataFrame
        One column a covariate, and ``risk``, the forecast for the two years that follow.
    """
    table = _joined(folder)
    forecasts = _read(folder, FORECASTS, ("ewp_name", "risk_1or2.from2024"))
    table = table[table["year"] == PRESENT].merge(forecasts, on="ewp_name")
    table = table.dropna(subset=[name for name in NAMES if name != "excluded"])
    return _anonymous(table.rename(columns={"risk_1or2.from2024": RISK}), RISK)


def _joined(folder: Path) -> pd.DataFrame:
    """Return predictors with the excluded share; where it ends, a country's last one stands."""
    columns = [item.column for item in COVARIATES if item.column != "exclpop"]
    table = _read(folder, PREDICTORS, ("ewp_name", "year", "ccode", "mk_onset_1", *columns))
    excluded = _read(folder, GROWUP, ("countries_gwid", "year", "exclpop"))
    excluded = excluded.rename(columns={"countries_gwid": "ccode"})
    table = table.merge(excluded, on=["ccode", "year"], how="left").sort_values(["ccode", "year"])
    table["exclpop"] = table.groupby("ccode")["exclpop"].ffill()
    table["exclpop"] = np.maximum(table["exclpop"].fillna(0.0), table["discrimpop"])
    return table.rename(columns={item.column: item.name for item in COVARIATES})


def _anonymous(table: pd.DataFrame, *further: str) -> pd.DataFrame:
    """Return the covariates in an order that says nothing of the countries."""
    found = table[[*NAMES, *further]].astype(np.float64)
    return found.sort_values(list(found.columns), ignore_index=True)


def _read(folder: Path, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    file = folder / name
    if not file.is_file():
        raise ForestallError(f"--data: {file} is missing; it comes from {ORIGIN[name]}")
    table = pd.read_csv(file)
    for column in columns:
        if column not in table.columns:
            raise ForestallError(
                f"--data: {file} has no column {column}; it comes from {ORIGIN[name]}"
            )
    return table[list(columns)]
