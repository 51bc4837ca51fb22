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
    kind: int
    position_pressure: float
    position_protection: float
    weight: float
    veto: float
    tie: float
    salience_usual: float
    salience: float
    endowment: float
    contribution: float
    error: float
    signal: float
    belief: float
    attention: float
    fatigue: float
    stake: float
    outside: float
    forum: float

    def __init__(self, model: PreventionModel, index: int, columns: Columns) -> None:
        super().__init__(model)
        self.index = index
        self.name = model.case.actors.names[index]
        self._hold(ACTOR, columns.actors[:, index])

    def diagnose(self) -> None:
        """Draw the error of this week's report, partly one's own and partly shared."""
        model, rules, p = self.model, self.model.rules, self.model.parameters
        self.error = rules.report_error(
            normal_quantile(model.draws.signal[self.index]),
            self._view(),
            p.shared_diagnosis if model.settings.correlated_error > 0.5 else 0.0,
            model.report_noise,
        )

    def _view(self) -> float:
        """Return the part of the error that one shares with who stands close."""
        rules, seeds = self.model.rules, self.model.draws.diagnosis
        column, line = (
            rules.half_of(self.position_pressure),
            rules.half_of(self.position_protection),
        )
        corners = [*seeds[line][column : column + 2], *seeds[line + 1][column : column + 2]]
        return float(
            rules.shared_view(
                2.0 * self.position_pressure - column,
                2.0 * self.position_protection - line,
                *[normal_quantile(seed) for seed in corners],
            )
        )

    def read_signal(self) -> None:
        """Read the alarm, late and with error, and update the belief."""
        rules, p = self.model.rules, self.model.parameters
        self.signal = rules.signal_next(
            self.signal, self.model.alarm, self.error, self.model.report_delay
        )
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
            self._weigh()
            return
        self.salience = rules.salience_next(
            self.salience,
            rules.worn(self.salience_usual, model.week / 52.0, p.erosion),
            model.violence,
            p.salience_media,
            p.salience_fade,
        )
        self.attention = rules.attention_share(
            self.salience,
            rules.probability_of(self.belief),
            self.fatigue,
            p.agenda_competition,
        )
        self.attention = rules.coupled_attention(
            self.attention, rules.probability_of(self.belief), p.agenda_coupling
        )
        acting = model.mandate_since >= 0.0 or model.aid_coverage * model.displaced > 0.0
        engaged = self.attention if acting else 0.0
        self.fatigue = rules.fatigue_next(self.fatigue, engaged, p.fatigue_gain, p.fatigue_recovery)
        self._weigh()

    def _weigh(self) -> None:
        """Set what acting is worth: attention times the probability given to an atrocity."""
        self.stake = self.attention * self.model.rules.probability_of(self.belief)

    def go_alone(self) -> None:
        """Turn some of the effort to a policy of one's own, the less the common policy is that."""
        model, p = self.model, self.model.parameters
        self.outside = 0.0
        if model.acting > 0.5 and self.endowment > 0.0:
            self.outside = model.rules.outside_share(self.stake, self._gap(), p.outside_friction)

    def open_forum(self) -> None:
        """Hold a mediation of one's own where that is worth its trouble."""
        model, p = self.model, self.model.parameters
        self.forum = 0.0
        if model.acting > 0.5 and model.own_mediation > 0.0 and self.endowment > 0.0:
            worth = model.rules.forum_worth(self.stake, self._gap(), p.forum_cost)
            self.forum = 1.0 if worth > 0.0 else 0.0

    def _gap(self) -> float:
        """Return how far the policy in force is from the one that it would propose."""
        model = self.model
        return float(
            model.rules.policy_gap(
                self.preferred_scale(),
                self.position_pressure,
                self.position_protection,
                model.policy_pressure,
                model.policy_protection,
            )
        )

    def preferred_scale(self) -> float:
        """Return the scale of its own ideal policy that it would propose."""
        return float(
            self.model.rules.proposed_scale(self.stake, self.model.parameters.mandate_friction)
        )

    def accepted_scale(self, pressure: float, protection: float) -> float:
        """Return the largest scale of a proposed position that it prefers to none."""
        return float(
            self.model.rules.acceptable_scale(
                self.stake,
                pressure,
                protection,
                self.position_pressure,
                self.position_protection,
                self.model.council.friction,
            )
        )
