"""How the lexicon's commands tell what they found, in plain Japanese."""

from collections.abc import Iterator

from handoff.desk.words import RISK_WORDS, label_words
from nlp.lexicon.clerk.explain import Explanation, Found, Reason
from nlp.lexicon.clerk.preview import SAMPLE, Change, Effect, Preview, labels_of
from nlp.lexicon.model import Row
from nlp.reading import Intent, Polarity, Reading, Risk, Speaker

POLARITY_WORDS = {
    Polarity.ASSERTED: "そうだと言っている",
    Polarity.NEGATED: "打ち消している（数えない）",
    Polarity.PAST: "もう終わったこと（数えない）",
    Polarity.HEARSAY: "人から聞いた",
    Polarity.CONDITION: "もしも",
    Polarity.QUESTION: "問い",
    Polarity.WISH: "願い",
    Polarity.BLOCKED: "数えない（たとえ、別の言葉、別の人のこと）",
}
SPEAKER_WORDS = {
    Speaker.SELF: "本人",
    Speaker.FAMILY: "家族",
    Speaker.NEIGHBOUR: "近所・知人",
    Speaker.SUPPORTER: "支援者",
    Speaker.UNKNOWN: "わからない",
}
INTENT_WORDS = {
    Intent.DISCLOSE: "困りごとを話す",
    Intent.ASK_WINDOW: "窓口・手続きをたずねる",
    Intent.TALK_TO_HUMAN: "人と話したい",
    Intent.ACCEPT: "承諾",
    Intent.DECLINE: "断り",
    Intent.STOP: "送らないでほしい",
    Intent.ERASE: "消してほしい",
    Intent.WRONG_WINDOW: "窓口が合わなかった",
    Intent.REPORT: "ほかの人のことを知らせる",
    Intent.GREETING: "あいさつ",
    Intent.THANKS: "お礼",
    Intent.COMPLAINT: "苦情",
    Intent.OTHER: "そのほか",
}
_FAMILIES = {
    "speaker": lambda name: f"話し手「{SPEAKER_WORDS[Speaker(name)]}」",
    "intent": lambda name: f"意図「{INTENT_WORDS[Intent(name)]}」",
    "level": lambda name: f"危険の度合い「{RISK_WORDS[Risk(name)]}」",
    "risk": lambda name: f"危険の種類「{label_words(f'risk:{name}')}」",
    "circumstance": lambda name: f"事情「{name}」",
    "candidate": lambda name: f"候補「{label_words(name)}」",
    "cue": lambda name: f"手がかり「{name}」",
}


def label_name(label: str) -> str:
    """Return a label as a clerk reads it, with its id where staff write that into a row."""
    family, mark, name = label.partition(":")
    return f"{_FAMILIES[family](name)}" if mark else f"「{label_words(label)}」({label})"


def tell_explanation(found: Explanation) -> Iterator[str]:
    """Yield the lines of ``tsunagi nlp lexicon explain``."""
    yield f"文　　　　: {found.text}"
    yield f"直した文　: {found.repaired if found.repaired != found.text else '（そのまま）'}"
    yield f"語　　　　: {'　'.join(_token(token.surface, token.norm) for token in found.tokens)}"
    yield ""
    yield "当たった行"
    yield from ([_hit(hit) for hit in found.found] or ["  ありません"])
    yield ""
    yield from _likely(found)
    yield "決めたこと"
    yield from (f"  {line}" for line in reading_lines(found.reading))
    if found.reasons:
        yield ""
        yield "理由（数字は重み。大きいほど、そのラベルへ強く動かした）"
        for reason in found.reasons:
            yield from _reason(reason)


def _token(surface: str, norm: str) -> str:
    return surface if surface == norm else f"{surface}→{norm}"


def _hit(hit: Found) -> str:
    labels = "・".join(hit.labels)
    return f"  「{hit.text}」{hit.start}〜{hit.end} 文字　{POLARITY_WORDS[Polarity(hit.polarity)]}　{hit.rule}（{labels}）"


def _likely(found: Explanation) -> Iterator[str]:
    if found.reading.language != "ja":
        yield f"ほかの言語（{found.reading.language}）と読みました。危険の言葉と個人情報だけを見ています"
    elif not found.likely:
        yield "ふだんの会話と読みました。ラベルごとの重みまでは見ていません"
    else:
        yield "5% より確からしいラベル"
        yield from (f"  {one.probability:4.0%}　{_at_least(one.label)}" for one in found.likely)
    yield ""


def _at_least(label: str) -> str:
    """Name a label; the weights know a level only as "at least"."""
    return f"{label_name(label)}以上" if label.startswith("level:") else label_name(label)


def reading_lines(reading: Reading) -> Iterator[str]:
    """Yield what was decided, one line for each kind of label."""
    yield f"相談内容: {'、'.join(map(label_words, reading.concerns)) or 'なし'}"
    if reading.candidates:
        yield f"候補（ボタンで聞く）: {'、'.join(map(label_words, reading.candidates))}"
    kinds = "、".join(label_words(f"risk:{kind}") for kind in reading.risk_kinds)
    yield f"危険の度合い: {RISK_WORDS[reading.risk]}{f'（{kinds}）' if kinds else ''}"
    yield f"話し手: {SPEAKER_WORDS[reading.speaker]}、意図: {INTENT_WORDS[reading.intent]}"
    if reading.circumstances:
        yield f"事情: {'、'.join(dict.fromkeys(spot.kind for spot in reading.circumstances))}"


def _reason(reason: Reason) -> Iterator[str]:
    yield f"  {_at_least(reason.label)}"
    yield from (f"    行 {row.source.replace('!', '（打ち消し・過去・たとえ）')} {row.weight:+.2f}" for row in reason.rows)
    yield from (f"    「{word.source}」{word.weight:+.2f}" for word in reason.words)
    if not reason.rows and not reason.words:
        yield "    目立って強い言葉はありません（弱い手がかりの合わせ）"


def tell_preview(seen: Preview, row: Row) -> Iterator[str]:
    """Yield the lines that a clerk sees before a row is saved."""
    yield f"新しい行 {row.id} は、自分の例をすべて守り、ほかの行の例も変えません"
    for example in row.positive:
        yield f"  「{example}」→ {'　'.join(reading_lines(seen.own[example]))}"
        if not set(row.labels) & labels_of(seen.own[example]):
            yield "    注意: 行は当たりますが、文全体ではこのラベルになりません（重みの学習のときに反映されます）"
    sample = "（見本。すべてで確かめるときは --all）" if seen.messages == SAMPLE else ""
    yield f"文例 {seen.messages:,} 件{sample}のうち、読み方の変わるもの {seen.changed} 件"
    yield from (f"  {_effect(effect, label_name(effect.label))}" for effect in seen.effects)
    yield f"職員を呼ぶ警報（本日中・至急）: {_effect(seen.alarms, '')}"
    if seen.examples:
        yield "変わる文の例"
        for change in seen.examples:
            yield from _change(change)


def _effect(effect: Effect, name: str) -> str:
    gained = f"増える {effect.gained} 件" + (f"（正しい {effect.gained_right}）" if effect.gained and effect.judged else "")
    lost = f"減る {effect.lost} 件" + (f"（正しい {effect.lost_right}）" if effect.lost and effect.judged else "")
    return f"{name} {gained}、{lost}".strip()


def _change(change: Change) -> Iterator[str]:
    hidden = ("alarm",)
    signs = [f"＋{label_name(label)}" for label in change.gained if label not in hidden]
    signs += [f"－{label_name(label)}" for label in change.lost if label not in hidden]
    yield f"  「{change.text}」"
    yield f"    {'　'.join(signs)}　正しくなる {change.right}、誤りになる {change.wrong}"
