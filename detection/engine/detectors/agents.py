"""Questions about agents that say what they are: a matter of policy, not of guilt."""

from typing import Final

from ..readings import Detector, clear, fired, unknown
from ..requests.agents import AgentIdentity
from ..state import SessionFeatures
from ..types import Family, Reading

DECLARED_AGENT: Final = "network.declared_agent"
SPOOFED_AGENT: Final = "network.spoofed_agent"

# Certain, but no offence (research N3): what follows is the survey's policy. As much as
# the network may weigh alone; more would turn a page of 1280x720 into a proof.
DECLARED_AGENT_WEIGHT: Final = 1.4
# Someone gives himself out as an agent that he is not (N4). A proxy that changes the
# host breaks signatures as well, so this does not decide.
SPOOFED_AGENT_WEIGHT: Final = 2.0


def declared_agent(features: SessionFeatures) -> Reading:
    """Fire when the requests name an AI agent or a crawler, or one signed them."""
    network = features.totals.network
    if network.requests == 0:
        return unknown(DECLARED_AGENT)
    if not (network.declared or network.signers or network.identities):
        return clear(DECLARED_AGENT)
    evidence = {
        "names": ", ".join(network.declared),
        "signers": ", ".join(network.signers),
        "identity": ", ".join(network.identities),
    }
    told = {name: text for name, text in evidence.items() if text}
    return fired(DECLARED_AGENT, DECLARED_AGENT_WEIGHT, **told)


def spoofed_agent(features: SessionFeatures) -> Reading:
    """Fire when a signature was not made with the key that it names."""
    network = features.totals.network
    found = set(network.identities)
    if AgentIdentity.SPOOFED in found and AgentIdentity.VERIFIED not in found:
        signers = ", ".join(network.signers)
        return fired(SPOOFED_AGENT, SPOOFED_AGENT_WEIGHT, signers=signers)
    if AgentIdentity.VERIFIED in found:
        return clear(SPOOFED_AGENT)
    return unknown(SPOOFED_AGENT)


DETECTORS: Final = (
    Detector(DECLARED_AGENT, 1003, Family.NETWORK, declared_agent),
    Detector(SPOOFED_AGENT, 1012, Family.NETWORK, spoofed_agent),
)
