"""A town of enrolled residents for the benchmark, made inside the database: people, their last talks, their plans."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from intake.base.tables import to_micros

_PEOPLE = """
INSERT INTO resident (id, municipality, account, lane, handle, created_at, heard_at)
{numbers} SELECT {id_r}, '{city}', 'bench', {lane}, {handle}, {old}, {old} FROM n
"""
_TALKS = """
INSERT INTO conversation
 (id, municipality, account, resident_id, controller, epoch, risk, opened_at, last_resident_at, closed_at, close_reason)
{numbers} SELECT {id_c}, '{city}', 'bench', {id_r}, 'bot', 1, 'none', {old}, {old}, {old}, 'resident' FROM n
"""
_PLANS = """
INSERT INTO checkin_plan
 (id, municipality, account, resident_id, conversation_id, rhythm, hours, sender, style, sender_name, heavy, friend, consent_at,
 consent_way, consent_text, began_at, done, heard_at, recent, deferrals, filed, next_at, next_not_after, next_step, next_farewell)
{numbers} SELECT {id_p}, '{city}', 'bench', {id_r}, {id_c}, 'gentle', 'daytime', 'neutral', 'ordinary', 'つなぎ', {no}, {yes},
 {old}, 'talk', 'お便りの内容です。', {old}, 0, {old}, '', 0, 0, {later}, {limit}, 0, {no} FROM n
"""
_LINKS = (
    ("conversation", "resident_id", "resident"),
    ("checkin_plan", "resident_id", "resident"),
    ("checkin_plan", "conversation_id", "conversation"),
)


def seed_statements(count: int, now: datetime, city: str, *, sqlite: bool) -> Iterator[str]:
    """Yield the statements that make so many people. All of them are due later; the first word of each is its first."""
    parts = _sqlite(count, now) if sqlite else _postgresql(count, now)
    made = [statement.format(city=city, **parts) for statement in (_PEOPLE, _TALKS, _PLANS)]
    # Keys that are checked at the end, all at once, cost a fraction of keys that are checked row by row.
    links = [] if sqlite else _LINKS
    yield from (f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_{column}" for table, column, _ in links)
    yield from made
    yield from (
        f"ALTER TABLE {table} ADD CONSTRAINT fk_{table}_{column} FOREIGN KEY ({column}) REFERENCES {other} (id)"
        for table, column, other in links
    )


def _sqlite(count: int, now: datetime) -> dict[str, str]:
    later = f"{to_micros(now + timedelta(days=1))} + i * 20000000"
    return {
        "numbers": f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})",  # noqa: S608 - a number of our own
        **{f"id_{letter.lower()}": f"printf('{letter}%025d', i)" for letter in "RCP"},
        "lane": "printf('%032d', i)",
        "handle": "printf('ベンチ %d', i)",
        "old": str(to_micros(now - timedelta(days=8))),
        "later": later,
        "limit": f"{later} + 3600000000",
        "yes": "1",
        "no": "0",
    }


def _postgresql(count: int, now: datetime) -> dict[str, str]:
    later = f"'{(now + timedelta(days=1)).isoformat()}'::timestamptz + i * interval '20 seconds'"
    return {
        "numbers": f"WITH n(i) AS (SELECT generate_series(1, {count}))",
        **{f"id_{letter.lower()}": f"'{letter}' || lpad(i::text, 25, '0')" for letter in "RCP"},
        "lane": "lpad(i::text, 32, '0')",
        "handle": "'ベンチ ' || i",
        "old": f"'{(now - timedelta(days=8)).isoformat()}'::timestamptz",
        "later": later,
        "limit": f"{later} + interval '1 hour'",
        "yes": "true",
        "no": "false",
    }
