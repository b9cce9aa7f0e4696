"""``tsunagi nlp``: reads messages from other programs and scores the reader."""

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from rich.console import Console
from rich.table import Table

import nlp
from bot.cli.lexicon_commands import lexicon_app
from intake.base.errors import StartupError
from nlp.evaluate import Record, Scores, compare
from nlp.learned import ModelError
from nlp.learned.model import FOLDER
from nlp.lexicon import LexiconError
from nlp.lexicon.clerk.overlay import use_overlay, use_rows
from nlp.slices import by_slice

nlp_app = typer.Typer(no_args_is_help=True, help='文章を読み取ります。例: echo \'{"id":"1","text":"家賃が払えません"}\' | tsunagi nlp tag')
Town = Annotated[
    bool, typer.Option("--town/--no-town", help="市町村で足した言葉（データの置き場の lexicon）も使う／つなぎの言葉だけで読む")
]
nlp_app.add_typer(lexicon_app, name="lexicon")


class _Line(BaseModel):
    """One input line: a text, or the messages of one burst."""

    model_config = ConfigDict(extra="ignore", strict=True)

    id: str | int
    text: str | None = None
    messages: list[str] | None = None

    @model_validator(mode="after")
    def check_one(self) -> "_Line":
        """Refuse a line with neither or both."""
        if (self.text is None) == (self.messages is None):
            raise ValueError("either text or messages")
        return self

    def parts(self) -> list[str]:
        """Return what is read together; offsets are told in the parts joined by line breaks."""
        return [self.text] if self.text is not None else self.messages or []


@nlp_app.command()
def tag(*, town: Town = True) -> None:
    r"""標準入力の各行（JSON）を読み取り、一行ずつ結果を書き出します。

    例: echo '{"id":"1","text":"もう限界です"}' | tsunagi nlp tag

    例: echo '{"id":"2","messages":["母のことで","夜に眠れません"]}' | tsunagi nlp tag
    """
    _warm_up(town=town)
    clean = True
    for raw in sys.stdin.buffer:
        answer = _tagged(raw)
        clean = clean and "error" not in answer
        sys.stdout.buffer.write(_dump(answer) + b"\n")
        sys.stdout.buffer.flush()
    if not clean:
        raise typer.Exit(1)


@nlp_app.command(name="evaluate")
def evaluate_file(
    file: Annotated[Path, typer.Argument(help="正解のついた JSON lines", exists=True, dir_okay=False, readable=True)],
    as_json: Annotated[bool, typer.Option("--json", help="JSON で出します")] = False,
    *,
    town: Town = True,
) -> None:
    """正解のついた文章で読み取りの点数を出します。むずかしい種類の文（かな、方言、打ち消しなど）ごとの点数も出ます。

    例: tsunagi nlp evaluate labelled.jsonl --json
    """
    _warm_up(town=town)
    pairs = [(record, nlp.read(record.text)) for record in _records(file)]
    scores = compare(pairs)
    slices = by_slice(pairs)
    if as_json:
        parts = {name: part.model_dump(mode="json", exclude={"concerns"}) for name, part in slices.items()}
        typer.echo(json.dumps(scores.model_dump(mode="json") | {"slices": parts}, ensure_ascii=False))
    else:
        _show(scores)
        _show_slices(slices)


@nlp_app.command(name="train")
def train_weights(
    out: Annotated[Path, typer.Option("--out", help="表を書き出す先（ふつうは変えません）", file_okay=False)] = FOLDER,
) -> None:
    """文例（nlp/corpus）から読み取りの重みを学び直し、書き手ごとに分けた検証の数字を出します。

    例: make train
    """
    try:
        run = import_module("nlp.training.run")
    except ImportError as error:
        _fail(f"学習の道具が入っていません（{error.name}）。`make train` を使うと、道具を入れてから学習します")
    report = run.train(out=out, say=typer.echo)
    typer.echo(json.dumps(report, ensure_ascii=False, indent=1))


def _warm_up(*, town: bool) -> None:
    """Load what reading needs, with the town's own words as the running program has them, or without."""
    try:
        if town:
            use_overlay(import_module("bot.data").lexicon_folder(import_module("bot.settings").load_settings()))
        else:
            use_rows(())
        nlp.warm_up()
    except (LexiconError, ModelError, StartupError) as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(1)


def _tagged(raw: bytes) -> dict[str, Any]:
    identity: Any = None
    try:
        values = json.loads(raw)
        identity = values.get("id") if isinstance(values, dict) else None
        line = _Line.model_validate(values)
    except ValidationError as error:
        return {"id": _plain(identity), "error": _first(error)}
    except (ValueError, RecursionError):
        return {"id": None, "error": "JSON として読めません"}
    return {"id": line.id, **asdict(nlp.read_burst(line.parts()))}


def _plain(identity: Any) -> str | int | None:
    return identity if isinstance(identity, str | int) else None


def _first(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    key = ".".join(str(part) for part in fault["loc"])
    return f"{key}: {fault['msg']}" if key else fault["msg"]


def _dump(answer: dict[str, Any]) -> bytes:
    """Readable Japanese; escapes only where an id holds half a surrogate pair that UTF-8 cannot carry."""
    try:
        return json.dumps(answer, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(answer).encode()


def _records(file: Path) -> Iterable[Record]:
    records = []
    for number, line in enumerate(file.read_bytes().splitlines(), start=1):
        try:
            records.append(Record.model_validate_json(line))
        except ValidationError as error:
            _fail(f"{file.name}:{number}: {_first(error)}")
    if not records:
        _fail(f"{file.name}:1: 文章が一つもありません")
    return records


def _show(scores: Scores) -> None:
    table = Table(title=f"{scores.records} 件")
    for heading in ("相談内容", "適合率", "再現率", "F1", "件数"):
        table.add_column(heading, justify="left" if heading == "相談内容" else "right")
    for concern, score in scores.concerns.items():
        table.add_row(concern, f"{score.precision:.2f}", f"{score.recall:.2f}", f"{score.f1:.2f}", str(score.support))
    console = Console()
    console.print(table)
    for key, value in scores.model_dump(exclude={"concerns", "records"}).items():
        console.print(f"{key}: {value:.3f}")


def _show_slices(slices: Mapping[str, Scores]) -> None:
    table = Table(title="種類ごと")
    for heading in ("種類", "件数", "相談内容 micro F1", "意図", "話し手", "緊急の再現率", "平常での警報"):
        table.add_column(heading, justify="left" if heading == "種類" else "right")
    for name, part in slices.items():
        figures = (part.micro_f1, part.intent_accuracy, part.speaker_accuracy, part.urgent_recall, part.alarms_on_none)
        table.add_row(name, str(part.records), *(f"{figure:.2f}" for figure in figures))
    Console().print(table)
