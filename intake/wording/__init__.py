"""What is said to residents: keys with parameters become neutral bubbles (``speak``).

In: replies of the dialogue, the municipality, the time. Out: an ``Utterance`` within the limits of a chat. The sentences
stand in ``*.yaml`` beside this file, each also in plain kana; they are checked for keys, parameters and phrases that are
never said, and a municipality may lay its own file with the same keys over them (``load_overrides``).
"""

from intake.wording.catalogue import Wording, load_overrides, problems

__all__ = ["Wording", "load_overrides", "problems"]
