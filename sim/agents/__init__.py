"""Who acts: four kinds of Mesa agents, and the bodies in which they act together."""

from sim.agents.armed_group import ArmedGroup
from sim.agents.base import ForestallAgent
from sim.agents.community import Community
from sim.agents.council import Council
from sim.agents.government import Government
from sim.agents.homecoming import Homecoming
from sim.agents.international_actor import InternationalActor
from sim.agents.operation import Operation
from sim.agents.programmes import Programme
from sim.agents.talks import Talks
from sim.agents.war import War

__all__ = [
    "ArmedGroup",
    "Community",
    "Council",
    "ForestallAgent",
    "Government",
    "Homecoming",
    "InternationalActor",
    "Operation",
    "Programme",
    "Talks",
    "War",
]
