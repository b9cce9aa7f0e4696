"""Benchmarks: a server in its own process, raw-socket load from another, ratios in one run. Nothing here is part of serving."""
