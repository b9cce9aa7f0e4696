"""What is said to residents: keys with parameters become neutral bubbles. Sentences live in ``*.yaml`` beside this file."""

from intake.wording.catalogue import Wording, load_overrides, problems

__all__ = ["Wording", "load_overrides", "problems"]
