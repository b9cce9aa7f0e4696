"""Drawing one chart as SVG. Runs in a process of its own: the drawing holds the interpreter for a tenth of a second."""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import altair as alt
import pylopdf_fonts_jp
import vl_convert

from handoff.statistics.draw_flow import flow
from handoff.statistics.shades import SHADES

FONT = "Noto Sans JP, Noto Sans CJK JP, BIZ UDPGothic, Meiryo, sans-serif"
_WIDTH, _BAR = 620, 24
_HEAT = {"scheme": "blues"}
_READY: list[bool] = []


def draw(chart: dict[str, Any]) -> str:
    """Return a chart as SVG with its title and description, in text that stays text. ``chart`` is as :func:`charts.plan` makes it."""
    if not _READY:
        vl_convert.register_font_directory(str(Path(pylopdf_fonts_jp.sans_path()).parent))
        _READY.append(True)
    made = _MAKERS[chart["draw"]](chart)
    made = made.configure(font=FONT, background="transparent").configure_axis(
        labelFontSize=13, titleFontSize=13, labelLimit=260, gridColor="#d8d8db"
    )
    made = made.configure_legend(labelFontSize=13, titleFontSize=13, orient="top").configure_view(stroke=None)
    svg: str = vl_convert.vegalite_to_svg(made.to_dict())
    return _named(svg, chart["title"], chart["description"])


def _named(svg: str, title: str, description: str) -> str:
    begin = svg.index("<svg")
    end = svg.index(">", begin)
    head = svg[begin:end].replace(' role="img"', "")
    words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return f'{head} role="img" aria-label="{escape(title, {chr(34): "&quot;"})}">{words}{svg[end + 1 :]}'


def _points(chart: dict[str, Any]) -> Any:
    return alt.Data(
        values=[
            {"row": row, "column": column, "value": value}
            for row, values in zip(chart["rows"], chart["values"], strict=True)
            for column, value in zip(chart["columns"], values, strict=True)
            if value is not None
        ]
    )


def _shades(chart: dict[str, Any]) -> Any:
    return alt.Scale(domain=chart["columns"], range=list(SHADES[: len(chart["columns"])]))


def _bars(chart: dict[str, Any]) -> Any:
    several = len(chart["columns"]) > 1
    base = alt.Chart(_points(chart), width=_WIDTH, height=alt.Step(_BAR if not several else _BAR * 0.6))
    return base.mark_bar().encode(
        y=alt.Y("row:N", sort=chart["rows"], title=None),
        x=alt.X("value:Q", title=chart["unit"], axis=alt.Axis(tickMinStep=1)),
        **(
            {
                "yOffset": alt.YOffset("column:N", sort=chart["columns"]),
                "color": alt.Color("column:N", title=None, scale=_shades(chart)),
            }
            if several
            else {"color": alt.value(SHADES[0])}
        ),
    )


def _stacks(chart: dict[str, Any]) -> Any:
    return (
        alt.Chart(_points(chart), width=_WIDTH, height=alt.Step(_BAR))
        .mark_bar()
        .encode(
            y=alt.Y("row:N", sort=chart["rows"], title=None),
            x=alt.X("value:Q", title=chart["unit"], axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("column:N", title=None, scale=_shades(chart), sort=chart["columns"]),
        )
    )


def _columns(chart: dict[str, Any]) -> Any:
    return (
        alt.Chart(_points(chart), width=_WIDTH, height=240)
        .mark_bar()
        .encode(
            x=alt.X("row:N", sort=chart["rows"], title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("value:Q", title=chart["unit"], axis=alt.Axis(tickMinStep=1)),
            color=alt.Color("column:N", title=None, scale=_shades(chart), sort=chart["columns"]),
        )
    )


def _heat(chart: dict[str, Any]) -> Any:
    base = alt.Chart(_points(chart), width=_WIDTH, height=alt.Step(_BAR)).encode(
        x=alt.X("column:N", sort=chart["columns"], title=None, axis=alt.Axis(orient="top", labelAngle=-35 if chart["wide"] else 0)),
        y=alt.Y("row:N", sort=chart["rows"], title=None),
    )
    most = max((value or 0 for values in chart["values"] for value in values), default=1)
    shade = alt.Color("value:Q", scale=alt.Scale(**_HEAT), legend=None)
    ink = alt.condition(f"datum.value > {most * 0.55}", alt.value("white"), alt.value("#1a1a1a"))
    number = alt.condition("datum.value > 0", alt.Text("value:Q", format=",d"), alt.value(""))
    return base.mark_rect(stroke="white").encode(color=shade) + base.mark_text(fontSize=12).encode(text=number, color=ink)


_MAKERS = {"bars": _bars, "stacks": _stacks, "columns": _columns, "heat": _heat, "flow": flow}
