"""Carries the directory of a municipality to other programs and back: CSV, Excel, and Open Referral HSDS 3.0.

Pure: bytes in, bytes out. Whoever calls reads and writes the files. What is written can be read back without loss; what
cannot be read becomes findings that a clerk can act on, never an exception from a library.
"""
