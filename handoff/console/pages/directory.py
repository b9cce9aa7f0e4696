"""「窓口一覧」: the directory with its gaps and dates, and what a sentence would be referred to. For all staff, also on paper."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from handoff.accounts.viewer import Viewer
from handoff.console.edge import GivenParts, GivenViewer, Parts
from handoff.console.pages.directory_list import NIGHT_WORDS, list_city
from handoff.console.pages.directory_try import ACTOR_WORDS, LONGEST_TEXT, Question, try_sentence
from handoff.console.pages.frame import frame
from handoff.console.render import render
from intake.base.errors import NotFoundError
from routing.gaps import gaps
from routing.referral import Actor

router = APIRouter()
_NOTHING_ASKED = Question()


async def _page(request: Request, parts: Parts, viewer: Viewer, question: Question = _NOTHING_ASKED, *, asked: bool = False) -> Response:
    context = parts.context
    city = context.cities.get(viewer.municipality)
    if city is None:
        raise NotFoundError("この自治体の窓口一覧は、いまは使われていません。")
    offered = city if context.offered is None else context.offered[viewer.municipality]
    now = context.clock.now()
    fault = question.fault if asked else ""
    async with parts.context.database.read() as session:
        values = await frame(request, parts, viewer, session)
        outlook = await parts.context.outlooks.of(session, city, now)
    return render(
        request,
        "directory.html",
        status=422 if fault else 200,
        here="directory",
        directory=city,
        outlook=outlook,
        listing=list_city(city, offered, now),
        gaps=gaps(city, now),
        night=NIGHT_WORDS[city.night],
        question=question,
        fault=fault,
        trial=try_sentence(question, offered, now) if asked and not fault else None,
        actors=ACTOR_WORDS,
        longest=LONGEST_TEXT,
        **values,
    )


@router.get("/directory")
async def show_directory(request: Request, parts: GivenParts, viewer: GivenViewer) -> Response:
    """Show the directory of the viewer's own municipality. It holds nothing of residents, so every role may read it."""
    return await _page(request, parts, viewer)


@router.post("/directory")
async def try_directory(
    request: Request,
    parts: GivenParts,
    viewer: GivenViewer,
    text: Annotated[str, Form()] = "",
    district: Annotated[str, Form(max_length=60)] = "",
    actor: Annotated[Actor | Literal[""], Form()] = "",
) -> Response:
    """Show the directory with what a sentence would be referred to. A form that is sent, so that no address or log holds the words."""
    question = Question(text=text.replace("\r\n", "\n"), district=district, actor=actor or None)
    return await _page(request, parts, viewer, question, asked=True)
