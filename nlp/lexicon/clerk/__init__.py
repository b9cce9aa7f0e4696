"""What a town's clerk does with the lexicon: add words of the town, see what they would change, see why a message was read so.

Stands above the reader, which it asks; the reader and the rest of the lexicon know nothing of it.
"""
