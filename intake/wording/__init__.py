"""What is said to residents: keys with parameters become neutral bubbles. Sentences live in ``*.yaml`` beside this file."""
