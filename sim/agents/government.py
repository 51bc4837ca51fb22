"""The government: the threat that it feels and the consent that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.agents.base import ForestallAgent
from sim.fields import GOVERNMENT
from sim.initial import Columns
from sim.kinds import PERPETRATOR, REBEL, STATE

if TYPE_CHECKING:
    from sim.model import PreventionModel


INSTITUTIONS = ("focal_point", "human_rights_institution", "ombudsman", "oversight", "courts")


class Government(ForestallAgent):
    """The government of the country; attributes are the fields of `sim.fields.GOVERNMENT`."""

    __slots__ = (*(field.name for field in GOVERNMENT),)
    group: int
    role: float
    capacity: float
    commitment: float
    accountability: float
    openness: float
    legitimacy_usual: float
    legitimacy: float
    cohesion: float
    budget: float
    focal_point: float
    human_rights_institution: float
    ombudsman: float
    oversight: float
    courts: float
    threat: float
    consent: float

    def __init__(self, model: PreventionModel, columns: Columns) -> None:
        super().__init__(model)
        self._hold(GOVERNMENT, columns.government)

    def sense_threat(self) -> None:
        """Feel shocks, rebellion and the unrest of those out of power."""
        model, rules, p = self.model, self.model.rules, self.model.parameters
        unrest = people = 0.0
        for index, group in enumerate(model.groups):
            if index != self.group:
                unrest += group.unrest * group.people
                people += group.people
        if people > 0.0:
            unrest = unrest / people
        self.legitimacy = rules.legitimacy_next(
            self.legitimacy,
            self.legitimacy_usual,
            model.violence,
            p.legitimacy_fade,
            p.legitimacy_loss,
        )
        rebels = state = 0.0
        for armed_group in model.armed_groups:
            if armed_group.kind == REBEL:
                rebels += armed_group.strength
            elif armed_group.kind == STATE:
                state += armed_group.strength
        self.threat = rules.threat_next(
            self.threat,
            model.shock_threat,
            rules.rebellion_level(rebels, state, self.capacity),
            unrest,
            model.backlash,
            p.threat_fade_settled if model.agreement > 0.5 else p.threat_fade,
            p.threat_rebellion,
            p.threat_unrest,
        )

    def take_office(self, group: int) -> None:
        """Be the government of another group: new leaders decide for themselves, safe at first."""
        self.group, self.role = group, PERPETRATOR
        self.threat, self.legitimacy = 0.0, self.legitimacy_usual

    @property
    def institutions(self) -> float:
        """Mean strength of the institutions that oversee the government, in [0, 1]."""
        return 0.25 * (
            self.human_rights_institution + self.ombudsman + self.oversight + self.courts
        )

    def steer_reform(self) -> None:
        """Carry programmes out, as far as one can and will; institutions grow and stay."""
        model, p = self.model, self.model.parameters
        model.delivery = model.rules.delivered_share(
            self.capacity, self.commitment, self.accountability, p.reform_leakage
        )
        effort = model.institution_programme * model.delivery
        for name in INSTITUTIONS:
            level = getattr(self, name)
            setattr(self, name, model.rules.improved_next(level, level, effort, p.reform_rate, 0.0))

    def consider_consent(self) -> None:
        """Decide how far to consent to an outside presence."""
        model, p = self.model, self.model.parameters
        belief = 0.0
        for armed_group in model.armed_groups:
            if armed_group.kind != REBEL and armed_group.belief > belief:
                belief = armed_group.belief
        self.consent = model.rules.consent_next(
            self.consent,
            self.openness,
            model.terms,
            belief * model.pressure,
            model.policy_protection,
            self.threat,
            model.rules.forum_access(model.forums, p.forum_access_gain),
            p.consent_speed,
            p.consent_terms,
            p.consent_pressure,
            p.consent_sovereignty,
        )
