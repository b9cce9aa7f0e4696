"""Benchmarks measure what they say they measure. Nothing here judges how fast this machine is."""
