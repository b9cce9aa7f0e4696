"""``tsunagi nlp lexicon``: for the clerk who keeps the words. What the commands do is loaded only when one of them is called."""

import importlib
from pathlib import Path
from typing import Annotated, Any

import typer

lexicon_app = typer.Typer(help="語彙を確かめ、読み取りの理由を示し、言葉を足します。", no_args_is_help=True)


def _desk() -> Any:
    return importlib.import_module("bot.cli.lexicon_desk")


@lexicon_app.command()
def check(
    file: Annotated[
        Path | None, typer.Option("--file", help="このファイルだけを、ほかの語彙と並べて確かめます", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """語彙の誤りを、ファイル・行・項目とともにすべて出します。どの行も、自分の例で確かめます。誤りがあれば 1 で終わります。

    例: tsunagi nlp lexicon check

    例: tsunagi nlp lexicon check --file data/lexicon/words.yaml
    """
    _desk().check_words(file)


@lexicon_app.command()
def explain(
    text: Annotated[str, typer.Argument(help="読ませる文")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="JSON で出します")] = False,
) -> None:
    """一つの文が、どの言葉と重みでどう読まれたかを示します。

    例: tsunagi nlp lexicon explain '家賃が払えず、夜も眠れません'
    """
    _desk().explain_message(text, as_json=as_json)


@lexicon_app.command()
def add(
    row_id: Annotated[str, typer.Option("--id", help="変わらない名前（例: town.food.market）")],
    label: Annotated[list[str], typer.Option("--label", help="付けるラベル（docs/labels.md）。何度でも書けます")],
    positive: Annotated[list[str], typer.Option("--positive", help="読めるべき例。何度でも書けます")],
    owner: Annotated[str, typer.Option("--owner", help="受け持ちの課")],
    source: Annotated[str, typer.Option("--source", help="出どころ（例: 窓口での聞き取り）")],
    *,
    term: Annotated[list[str] | None, typer.Option("--term", help="言葉。活用や表記をそろえて比べます。何度でも書けます")] = None,
    variant: Annotated[list[str] | None, typer.Option("--variant", help="書かれたまま比べる言葉（かな・方言・俗語）")] = None,
    negative: Annotated[list[str] | None, typer.Option("--negative", help="読んではいけない例")] = None,
    block: Annotated[list[str] | None, typer.Option("--block", help="ここに重なる言葉は数えません")] = None,
    level: Annotated[str, typer.Option("--level", help="危険の度合い: none・watch・urgent・emergency")] = "none",
    everything: Annotated[bool, typer.Option("--all", help="見本の 2,000 件ではなく、文例のすべてで確かめます")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="聞かずに保存します")] = False,
) -> None:
    """この市町村の言葉を足します。何が変わるかを先に見せ、聞いてから保存します。例が読めなければ足しません。

    例: tsunagi nlp lexicon add --id town.food.market --label food --term ひだまり市場
    --positive ひだまり市場に並びたい --owner 福祉課 --source 窓口での聞き取り
    """
    words = {"terms": term, "variants": variant, "blocks": block, "positive": positive, "negative": negative}
    values = {"id": row_id, "labels": label, "level": level, **{key: value for key, value in words.items() if value}}
    _desk().add_row(values | {"owner": owner, "source": source}, everything=everything, yes=yes)
