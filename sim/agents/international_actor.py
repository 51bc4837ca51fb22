"""International actors: they read signals, attend, propose, vote and contribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.base import ForestallAgent
from sim.fields import ACTOR
from sim.initial import Columns
from sim.randomness import normal_quantile

if TYPE_CHECKING:
    from sim.model import PreventionModel


class InternationalActor(ForestallAgent):
    """A state, organisation or coalition that may act; attributes are `sim.fields.ACTOR`.

    Attributes
    ----------
    index : int
        Position among the actors.
    name : str
    """

    __slots__ = (
        "index",
        "name",
        *(field.name for field in ACTOR),
    )
    position_pressure: float
    position_protection: float
    weight: float
    veto: float
    salience_usual: float
    salience: float
    endowment: float
    contribution: float
    signal: float
    belief: float
    attention: float
    fatigue: float

    def __init__(self, model: PreventionModel, index: int, columns: Columns) -> None:
        super().__init__(model)
        self.index = index
        self.name = model.case.actors.names[index]
        self._hold(ACTOR, columns.actors[:, index])

    def read_signal(self) -> None:
        """Read the alarm, late and with error, and update the belief."""
        rules, p = self.model.rules, self.model.parameters
        error = p.signal_noise * normal_quantile(self.model.draws.signal[self.index])
        self.signal = rules.signal_next(self.signal, self.model.alarm, error, p.signal_delay)
        if self.model.settings.early_warning < 0.5:
            self.signal = self.model.alarm
        self.belief = rules.belief_next(
            self.belief,
            self.signal,
            p.belief_prior,
            p.belief_forgetting,
            p.belief_evidence,
            p.belief_midpoint,
        )

    def set_agenda(self) -> None:
        """Turn to what is salient; tire once acting."""
        model, rules, p = self.model, self.model.rules, self.model.parameters
        if model.settings.agenda < 0.5:
            self.attention = self.salience_usual
            return
        visible = rules.violence_felt(model.deaths_recent * p.recent_fade, p.media_half)
        self.salience = rules.salience_next(
            self.salience, self.salience_usual, visible, p.salience_media, p.salience_fade
        )
        self.attention = rules.attention_share(
            self.salience,
            rules.probability_of(self.belief),
            self.fatigue,
            p.agenda_competition,
        )
        acting = model.mandate_since >= 0.0 or model.aid_coverage * model.displaced > 0.0
        engaged = self.attention if acting else 0.0
        self.fatigue = rules.fatigue_next(self.fatigue, engaged, p.fatigue_gain, p.fatigue_recovery)

    @property
    def stake(self) -> float:
        """What acting is worth to it: attention times the probability it gives to an atrocity.

        Where arrival is clamped all are taken to be convinced.
        """
        if self.model.settings.arrival_delay >= 0.0:
            return 1.0
        return float(self.attention * self.model.rules.probability_of(self.belief))

    def preferred_scale(self) -> float:
        """Return the scale of its own ideal policy that it would propose."""
        return float(
            self.model.rules.proposed_scale(self.stake, self.model.parameters.mandate_friction)
        )

    def accepted_scale(self, proposer: InternationalActor) -> float:
        """Return the largest scale of another's ideal policy that it prefers to none."""
        return float(
            self.model.rules.acceptable_scale(
                self.stake,
                proposer.position_pressure,
                proposer.position_protection,
                self.position_pressure,
                self.position_protection,
                self.model.parameters.mandate_friction,
            )
        )
