"""``tsunagi doctor``: looks at settings, keys, database, directories, lines and LINE accounts, and says one line each."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from bot.checkins_doctor import checkin_remarks
from bot.line.inspect import AccountState, inspect_account
from bot.migrations.run import shape
from bot.runtime import Runtime, database_url, open_runtime
from bot.settings import Settings
from handoff.accounts.models import Staff
from intake.base.errors import StartupError
from intake.inbox.models import InboxEvent, InboxStatus
from intake.outbox.models import OutboxItem, OutboxStatus
from routing.gaps import gaps

SAFE_SQLITE = (3, 51, 3)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor. ``unsafe`` makes the command fail."""

    topic: str
    text: str
    unsafe: bool = False

    def line(self) -> str:
        """Return the line as it is printed."""
        return f"{'×' if self.unsafe else '・'} {self.topic}: {self.text}"


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything and change nothing; what cannot be opened is itself a finding."""
    try:
        async with open_runtime(settings, prepare=False, fall_back=True) as runtime:
            return [finding async for finding in _look(runtime)]
    except (StartupError, OSError) as error:
        return [Finding("起動", str(error), unsafe=True)]


async def _look(runtime: Runtime) -> AsyncIterator[Finding]:
    yield Finding("設定", f"データの置き場 {runtime.settings.data_dir.resolve()}")
    yield Finding(
        "鍵", f"{runtime.settings.keyring_path.name} は読めて、ほかの利用者には見えません。データとは別にバックアップしてください"
    )
    if not runtime.settings.secure_cookies:
        yield Finding("画面", "TSUNAGI_SECURE_COOKIES が入っていません。HTTPS で公開するときは true にしてください")
    if runtime.settings.smtp_host is None:
        yield Finding("メール", "メールサーバーの設定がありません。至急の相談は、開いている画面にだけ知らせます（TSUNAGI_SMTP_HOST）")
    for finding in [*_database_kind(runtime), *[f async for f in _database_content(runtime)]]:
        yield finding
    for finding in [*_refused(runtime), *_directories(runtime)]:
        yield finding
    async for finding in _accounts(runtime):
        yield finding
    async for remark in checkin_remarks(runtime):
        yield Finding(remark.topic, remark.text, unsafe=remark.unsafe)


def _refused(runtime: Runtime) -> Iterator[Finding]:
    """Tables that no process can take over: a running one goes on with the version before, a new one does not start."""
    refused = {} if runtime.directories is None else runtime.directories.refused
    for key, refusal in refused.items():
        topic = f"{runtime.listed[key].name}（{key}）"
        text = "窓口一覧の表に誤りがあります。動いているつなぎは前の版のままで、動かし直すと動き始めません。下の誤りを直してください"
        yield Finding(topic, f"{text}（{refusal.folder}）", unsafe=True)
        yield from (Finding(topic, str(finding), unsafe=True) for finding in refusal.findings)


def _directories(runtime: Runtime) -> Iterator[Finding]:
    hides = runtime.settings.require_confirmed
    for key, city in runtime.listed.items():
        topic = f"{city.name}（{key}）"
        hidden = len(city.windows) - len(runtime.cities[key].windows)
        if hides:
            yield Finding(topic, f"確認していない窓口 {hidden}件を、住民に出していません（TSUNAGI_REQUIRE_CONFIRMED）")
        for gap in gaps(city, runtime.clock.now()):
            yield Finding(topic, str(gap))


def _database_kind(runtime: Runtime) -> Iterator[Finding]:
    if not database_url(runtime.settings).startswith("sqlite"):
        yield Finding("データベース", "PostgreSQL を使っています")
        return
    yield Finding("データベース", f"SQLite {sqlite3.sqlite_version} を使っています（一つのプロセスだけ）")
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        yield Finding(
            "データベース",
            "この SQLite には、二つの接続が同時に書くと壊れることのある不具合があります。"
            "つなぎは一つの接続だけで書くので当たりませんが、Litestream などを並べて動かさないでください",
        )


async def _database_content(runtime: Runtime) -> AsyncIterator[Finding]:
    present, newest = await shape(runtime.database.reader)
    yield Finding("データベース", f"形は {present}（最新 {newest}）", unsafe=present != newest)
    async with runtime.database.read() as session:
        aside = await session.scalar(select(func.count()).select_from(InboxEvent).where(InboxEvent.status == InboxStatus.SET_ASIDE)) or 0
        failed = (
            await session.scalar(
                select(func.count()).select_from(OutboxItem).where(OutboxItem.status.in_((OutboxStatus.FAILED, OutboxStatus.UNCERTAIN)))
            )
            or 0
        )
        staff = await session.scalar(select(func.count()).select_from(Staff).where(Staff.disabled_at.is_(None))) or 0
    yield Finding("受信", f"処理できずに残してあるメッセージ {aside} 件", unsafe=aside > 0)
    yield Finding("送信", f"送れなかった・届いたか分からないメッセージ {failed} 件")
    if not staff:
        yield Finding("職員", "まだ一人も登録されていません（tsunagi staff add --help）")


async def _accounts(runtime: Runtime) -> AsyncIterator[Finding]:
    if not runtime.accounts:
        yield Finding("LINE", "アカウントが設定されていません（TSUNAGI_ACCOUNTS_FILE）")
    for key, account in runtime.accounts.items():
        topic = f"LINE（{key}）"
        mode = runtime.cities[account.municipality].intake_mode
        yield Finding(topic, f"相談の入口は {mode} です。市の決定（だれが・いつ・文書番号）を自治体.csv の出典に書いてください")
        state = await inspect_account(account, timeout_seconds=runtime.settings.send_timeout_seconds)
        match state:
            case AccountState(reachable=False):
                yield Finding(topic, f"LINEに問い合わせられません（{state.reason}）", unsafe=True)
            case AccountState(chat_mode="chat"):
                yield Finding(topic, "応答設定の「チャット」がオンです。職員がLINE側の画面から答えると、この記録に残りません")
            case _:
                yield Finding(topic, "応答設定の「チャット」はオフです")
