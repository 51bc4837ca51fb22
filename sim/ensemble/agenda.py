"""Mechanism 8, agenda: limited attention between prevention and other agendas; fatigue."""

from __future__ import annotations

from sim.ensemble.run import Run
from sim.fields import I, S, W
from sim.parameters import P
from sim.rules.international_actor import (
    attention_share,
    coupled_attention,
    fatigue_next,
    probability_of,
    salience_next,
    worn,
)


def set_agenda(run: Run) -> None:
    """Every actor turns to what is salient; fatigue grows once it acts."""
    actors, row, world = run.actors, run.parameters, run.world
    years = world[W.week] / 52.0
    acting = world[W.mandate_since] >= 0.0 or world[W.aid_coverage] * world[W.displaced] > 0.0
    for actor in range(actors.shape[1]):
        if run.settings[S.agenda] < 0.5:
            actors[I.attention, actor] = actors[I.salience_usual, actor]
            _weigh(run, actor)
            continue
        actors[I.salience, actor] = salience_next(
            actors[I.salience, actor],
            worn(actors[I.salience_usual, actor], years, row[P.erosion]), world[W.violence],
            row[P.salience_media], row[P.salience_fade],
        )  # fmt: skip
        actors[I.attention, actor] = attention_share(
            actors[I.salience, actor], probability_of(actors[I.belief, actor]),
            actors[I.fatigue, actor], row[P.agenda_competition],
        )  # fmt: skip
        actors[I.attention, actor] = coupled_attention(
            actors[I.attention, actor], probability_of(actors[I.belief, actor]),
            row[P.agenda_coupling],
        )  # fmt: skip
        engaged = actors[I.attention, actor] if acting else 0.0
        actors[I.fatigue, actor] = fatigue_next(
            actors[I.fatigue, actor], engaged, row[P.fatigue_gain], row[P.fatigue_recovery]
        )
        _weigh(run, actor)


def _weigh(run: Run, actor: int) -> None:
    """Set what acting is worth to an actor: attention times the probability of an atrocity."""
    risk = probability_of(run.actors[I.belief, actor])
    run.actors[I.stake, actor] = run.actors[I.attention, actor] * risk
