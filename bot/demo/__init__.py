"""The demo: one sample municipality with invented staff and history, and the LINE stand-in. Only ever behind ``--demo``."""

from bot.demo.run import Demo, announce, open_demo

__all__ = ["Demo", "announce", "open_demo"]
