"""Imported by the fork server before it forks: what every process reads at its start is read once."""

from tests.checkins.kill_child import warm_up

warm_up()
