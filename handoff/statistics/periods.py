"""Stretches of time as municipalities count them: fiscal year (April to March), month, week (from Monday), or from day to day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from intake.base.errors import AppError

_APRIL = 4
_FIRST = date(2015, 4, 1)
_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366 * 5)
_REIWA = 2018


class PeriodError(AppError):
    """A period that cannot be: the words say what to write instead."""

    code = "statistics_period"
    status = 422


class Span(StrEnum):
    """The kinds of period that can be asked for."""

    YEAR = "year"
    MONTH = "month"
    WEEK = "week"
    DAYS = "days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first to the last day, both included."""

    span: Span
    first: date
    last: date

    @property
    def words(self) -> str:
        """The period as staff read it."""
        if self.span is Span.YEAR:
            return f"{year_words(self.first.year)}（{self.first.year}年4月～{self.last.year}年3月）"
        if self.span is Span.MONTH:
            return f"{self.first.year}年{self.first.month}月"
        days = f"{_day_words(self.first)}～{_day_words(self.last)}"
        return f"{days}の週" if self.span is Span.WEEK else days

    @property
    def value(self) -> str:
        """The period as it stands in an address."""
        if self.span is Span.YEAR:
            return f"{self.first.year}"
        return f"{self.first:%Y-%m}" if self.span is Span.MONTH else self.first.isoformat()

    def before(self) -> "Period":
        """Return the period of the same kind just before."""
        last = self.first - _DAY
        if self.span is Span.YEAR:
            return year_of(last)
        if self.span is Span.MONTH:
            return month_of(last)
        return Period(span=self.span, first=self.first - (self.last - self.first) - _DAY, last=last)

    def year_before(self) -> "Period":
        """Return the same period a year before."""
        if self.span is Span.YEAR:
            return self.before()
        if self.span is Span.MONTH:
            return month_of(self.first.replace(year=self.first.year - 1))
        if self.span is Span.WEEK:
            return week_of(self.first - timedelta(weeks=52))
        return Period(span=self.span, first=_a_year_before(self.first), last=_a_year_before(self.last))

    def buckets(self) -> tuple[list[date], list[date], list[date]]:
        """Return the whole fiscal years, the whole months beside them, and the days beside those, that the period is made of."""
        years: list[date] = []
        months: list[date] = []
        days: list[date] = []
        day = self.first
        while day <= self.last:
            year, month = year_of(day), month_of(day)
            whole = next((part for part in (year, month) if part.first == day and part.last <= self.last), None)
            if whole is None:
                days.append(day)
            else:
                (years if whole == year else months).append(day)
            day = (day if whole is None else whole.last) + _DAY
        return years, months, days

    def months(self) -> Iterator["Period"]:
        """Return every month that the period touches."""
        month = month_of(self.first)
        while month.first <= self.last:
            yield month
            month = month_of(month.last + _DAY)

    def parts(self) -> Iterator["Period"]:
        """Return what a trend is drawn of: the months of a longer period, the days of a short one."""
        day = self.first
        by_month = self.last - self.first > timedelta(days=62)
        while day <= self.last:
            end = min(month_of(day).last, self.last) if by_month else day
            yield Period(span=Span.MONTH if by_month else Span.DAYS, first=day, last=end)
            day = end + _DAY


def _day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def year_words(fiscal_year: int) -> str:
    """Return a fiscal year as it is called."""
    return f"令和{fiscal_year - _REIWA}年度" if fiscal_year > _REIWA + 1 else f"{fiscal_year}年度"


def _a_year_before(day: date) -> date:
    return day - timedelta(days=366) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def year_of(day: date) -> Period:
    """Return the fiscal year that a day is in."""
    year = day.year if day.month >= _APRIL else day.year - 1
    return Period(span=Span.YEAR, first=date(year, _APRIL, 1), last=date(year + 1, _APRIL, 1) - _DAY)


def month_of(day: date) -> Period:
    """Return the month that a day is in."""
    first = day.replace(day=1)
    return Period(span=Span.MONTH, first=first, last=(first.replace(day=28) + timedelta(days=4)).replace(day=1) - _DAY)


def week_of(day: date) -> Period:
    """Return the week, from Monday, that a day is in."""
    first = day - timedelta(days=day.weekday())
    return Period(span=Span.WEEK, first=first, last=first + timedelta(days=6))


def parse_period(span: str, value: str, until: str, today: date) -> Period:
    """Return the period that a form asks for; without a value the present one. :class:`PeriodError` says what is impossible."""
    if span not in set(Span):
        raise PeriodError("期間の種類が正しくありません。年度・月・週・日付のどれかを選んでください。")
    period = _parse(Span(span), value.strip(), until.strip(), today)
    if period.first > period.last:
        raise PeriodError("期間の終わりが、始まりより前になっています。日付を入れかえてください。")
    if period.first > today:
        raise PeriodError(f"{period.words}は、まだ来ていない期間です。{_day_words(today)}までの期間を選んでください。")
    if period.first < _FIRST or period.last - period.first > _LONGEST:
        raise PeriodError("期間が長すぎるか、古すぎます。2015年4月からあとの、5年以内の期間を選んでください。")
    return period


def _parse(span: Span, value: str, until: str, today: date) -> Period:
    if span is Span.YEAR:
        return year_of(_year(value) if value else today)
    if span is Span.MONTH:
        return month_of(_date(f"{value}-01" if value else today.isoformat()))
    if span is Span.WEEK:
        return week_of(_date(value or today.isoformat()))
    first = _date(value or today.replace(day=1).isoformat())
    return Period(span=span, first=first, last=_date(until or today.isoformat()))


def _year(value: str) -> date:
    if not re.fullmatch(r"20[0-9]{2}", value):
        raise PeriodError("年度は 2026 のように西暦の4けたで書いてください。")
    return date(int(value), _APRIL, 1)


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise PeriodError("日付は 2026-04-01 のように書いてください。ない日付（2月30日など）は使えません。") from error
