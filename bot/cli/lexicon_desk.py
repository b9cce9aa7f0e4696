"""What the commands of ``tsunagi nlp lexicon`` do."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import typer

from bot.cli.lexicon_words import tell_explanation, tell_preview
from bot.data import lexicon_folder
from bot.settings import load_settings
from intake.base.clock import SystemClock
from nlp.learned import ModelError
from nlp.lexicon import LexiconError, check, check_file
from nlp.lexicon.checking import problems_of
from nlp.lexicon.clerk.explain import explain
from nlp.lexicon.clerk.overlay import Proposal, overlay_rows, propose, use_overlay
from nlp.lexicon.clerk.preview import development_set, preview
from nlp.lexicon.files import FOLDER, active, read_folders
from routing.hours import TOKYO


def check_words(file: Path | None) -> None:
    """Print every problem of the lexicon, or of one file of it, and exit with 1 when there is one."""
    overlay = lexicon_folder(load_settings())
    problems = check(overlay) if file is None else check_file(file, overlay)
    if problems:
        _fail("\n".join([*problems, f"直すところが {len(problems)} 件あります"]))
    typer.echo("語彙に誤りはありません")


def explain_message(text: str, *, as_json: bool) -> None:
    """Print why a message is read as it is, with the town's own words."""
    try:
        use_overlay(lexicon_folder(load_settings()))
        found = explain(text)
    except (LexiconError, ModelError) as error:
        _fail(str(error))
    typer.echo(json.dumps(asdict(found), ensure_ascii=False) if as_json else "\n".join(tell_explanation(found)))


def add_row(values: Mapping[str, Any], *, everything: bool, yes: bool) -> None:
    """Show what a new row would change, ask, and save it; nothing is saved when one of its examples fails."""
    today = SystemClock().now().astimezone(TOKYO).date()
    try:
        proposal = _proved(lexicon_folder(load_settings()), {**values, "date": today, "status": "active"})
        _show_change(proposal, everything=everything)
    except (LexiconError, ModelError) as error:
        _fail(f"{error}\n保存していません。上のところを直して、もう一度行ってください")
    if not yes and not typer.confirm("保存しますか"):
        _fail("保存していません")
    proposal.save()
    typer.echo(f"{proposal.path} に保存しました。つなぎを起動し直すと使われます")


def _proved(folder: Path, values: Mapping[str, Any]) -> Proposal:
    """Return the change when every example holds and no new problem comes with it; :class:`LexiconError` names what fails."""
    present = read_folders(FOLDER, folder)
    proposal = propose(folder, values)
    new = [problem.told() for problem in problems_of(proposal.placed, present)]
    if new:
        raise LexiconError("\n".join(new))
    return proposal


def _show_change(proposal: Proposal, *, everything: bool) -> None:
    present = tuple(active(overlay_rows(proposal.path.parent)))
    shown = preview(present, proposal.placed.row, development_set(whole=everything))
    typer.echo("\n".join(tell_preview(shown, proposal.placed.row)))


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)
