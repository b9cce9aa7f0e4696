"""The LINE stand-in: a faithful fake of the LINE platform for the demo and the tests, never mounted beside real credentials.

In: what invented residents do on the phone page or through the control calls, and the product's calls of the Messaging API.
Out: signed webhooks to the product, answers and errors in LINE's form, and a phone page that shows what a resident would see.
Nothing is stored; everybody is invented. ``tests/simulator`` holds one test per rule of the platform that is modelled.
"""

from bot.simulator.app import POLICY, Simulator, build_simulator
from bot.simulator.model import Channel, Fault, FaultKind, Resident
from bot.simulator.residents import DEMO_RESIDENTS, demo_channel

__all__ = ["DEMO_RESIDENTS", "POLICY", "Channel", "Fault", "FaultKind", "Resident", "Simulator", "build_simulator", "demo_channel"]
