"""The demo: one sample municipality with invented staff and history, and the LINE stand-in. Only ever behind ``--demo``."""

from bot.demo.run import open_demo

__all__ = ["open_demo"]
