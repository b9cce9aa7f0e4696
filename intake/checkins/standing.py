"""What a talk knows of check-ins: the plan as the resident may see it, and the draft of a new one. Pure; the shell fills it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from intake.checkins.rhythm import CheckinSettings, Hours, Rhythm, Sender, Style
from routing.city import City

NEUTRAL_NAME = "つなぎ"
_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a resident stands to check-ins at the moment of an event."""

    settings: CheckinSettings | None = None
    """None where no plan goes on."""
    paused: bool = False
    answering: bool = False
    """Whether the next word is an answer to a check-in."""
    agreed_safe: bool = False
    """Whether a person has agreed with the resident on how to write safely."""
    window_id: str | None = None
    heavy: bool = False

    @property
    def enrolled(self) -> bool:
        """Whether a plan goes on."""
        return self.settings is not None


def sender_name(city: City, sender: Sender, window_id: str | None) -> str:
    """Return the name that stands under a word: the window's alias, the city's own desk, or a name that tells nothing."""
    if sender is Sender.NEUTRAL:
        return NEUTRAL_NAME
    window = city.windows.get(window_id or "")
    if window is None:
        return city.desk_name
    return (window.aliases[0] if window.aliases else window.name)[:_NAME_LENGTH]


def pack(settings: CheckinSettings) -> tuple[str, ...]:
    """Return settings as words, for the state of the talk and for the wording."""
    return (settings.rhythm.value, str(settings.every_days or ""), settings.hours.value, settings.sender.value, settings.style.value)


def unpack(parts: Sequence[Any]) -> CheckinSettings | None:
    """Return the settings that the words name, None where they name none."""
    try:
        rhythm, days, hours, sender, style = map(str, parts)
        return CheckinSettings(
            rhythm=Rhythm(rhythm),
            every_days=int(days) if days else None,
            hours=Hours(hours),
            sender=Sender(sender),
            style=Style(style),
        )
    except ValueError:
        return None


def dump_standing(standing: Standing) -> dict[str, Any]:
    """Return a standing as plain JSON values."""
    return {
        "settings": None if standing.settings is None else list(pack(standing.settings)),
        "paused": standing.paused,
        "answering": standing.answering,
        "agreed_safe": standing.agreed_safe,
        "window_id": standing.window_id,
        "heavy": standing.heavy,
    }


def load_standing(data: object) -> Standing | None:
    """Return the standing that the values describe, None for anything else."""
    if not isinstance(data, Mapping):
        return None
    settings, window = data.get("settings"), data.get("window_id")
    return Standing(
        settings=unpack(settings) if isinstance(settings, list) else None,
        paused=data.get("paused") is True,
        answering=data.get("answering") is True,
        agreed_safe=data.get("agreed_safe") is True,
        window_id=window if isinstance(window, str) else None,
        heavy=data.get("heavy") is True,
    )
