"""Templates and how times look in them."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from intake.base.clock import TOKYO

HERE = Path(__file__).resolve().parent
_HOUR = 60


def moment(at: datetime, now: datetime) -> str:
    """Return a moment as staff read it: the time today, else with its day."""
    local, today = at.astimezone(TOKYO), now.astimezone(TOKYO)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if local.year == today.year:
        return f"{local.month}月{local.day}日 {local:%H:%M}"
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def moment_full(at: datetime) -> str:
    """Return a moment with its day and year, for a paper that is read on another day."""
    local = at.astimezone(TOKYO)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def span(length: timedelta) -> str:
    """Return a wait in minutes, from an hour on in hours, from a day on in days."""
    minutes = max(0, int(length.total_seconds()) // 60)
    if minutes < _HOUR:
        return f"{minutes}分"
    hours, rest = divmod(minutes, _HOUR)
    if hours < 24:  # noqa: PLR2004 - hours of a day
        return f"{hours}時間{rest}分" if rest else f"{hours}時間"
    return f"{hours // 24}日{hours % 24}時間"


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # Else each part of a page is looked up on the disk again: two hundred times for a long list.
)
_ENVIRONMENT.filters.update(moment=moment, moment_full=moment_full, span=span)


def base_of(request: Request) -> str:
    """Return the path under which the console is mounted."""
    return str(request.scope.get("root_path", ""))


def is_htmx(request: Request) -> bool:
    """Tell whether htmx asks for a fragment."""
    return request.headers.get("hx-request") == "true"


def draw(template: str, **values: Any) -> str:
    """Draw a fragment that needs nothing of a request."""
    return _ENVIRONMENT.get_template(template).render(**values)


def render(request: Request, template: str, *, status: int = 200, headers: dict[str, str] | None = None, **values: Any) -> HTMLResponse:
    """Render a page or a fragment."""
    text = draw(template, base=base_of(request), **values)
    return HTMLResponse(text, status_code=status, headers=headers)
