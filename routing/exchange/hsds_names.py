"""Which column of a directory is which property of Open Referral HSDS 3.0, and which are ours (``jp_…``).

What HSDS has a place for stands there and is read from there. A cell that the place cannot hold exactly (a second alias,
24:00, a state that HSDS does not know) stands in a ``jp_`` property beside it. docs/directory.md lists them all.
"""

import re
from uuid import UUID, uuid5

from routing import schema
from routing.values import WEEKDAYS

VERSION = "3.0"
_SPACE = UUID("6f0f6c1a-6c0e-5c57-9d0b-0f6b9a1d5a30")
FIELD_TAXONOMY = "jp-juso-field"
CONCERN_TAXONOMY = "tsunagi-concern"
TAXONOMIES = {
    FIELD_TAXONOMY: ("分野", "jp_fields", "重層的支援体制整備事業の分野（高齢・障がい・子ども・困窮・他）"),
    CONCERN_TAXONOMY: ("相談内容タグ", "jp_concerns", "つなぎの相談内容タグ"),
}
"""Taxonomy to column, own property for a cell that is no plain list, and description."""

STATUS = {"実施": "active", "休止中": "temporarily closed", "未実施": "inactive", "予定": "inactive", "廃止": "defunct"}
STATE = {"active": "実施", "temporarily closed": "休止中", "inactive": "未実施", "defunct": "廃止"}
APPLICATION = {
    "住民": "住民の方が直接相談できます。",
    "機関": "関係機関からの相談を受け付けます。",
    "両方": "住民の方も関係機関も相談できます。",
}
PHONE_TYPES = {"代表": "voice", "相談": "voice", "FAX": "fax"}
"""LINE, mail and forms are no phones; they stand in ``jp_contact_points``."""
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY = re.compile(rf"(?P<week>[1-5])?(?P<day>{'|'.join(DAYS)})")
OFFSET = "+09:00"
CODE_TYPE = "全国地方公共団体コード"
CORPORATE_TYPE = "法人番号"

SERVICE = {
    "窓口ID": "jp_window_id",
    "自治体コード": "jp_municipality_code",
    "窓口名": "name",
    "窓口名_カナ": "jp_name_kana",
    "種類": "jp_record_kind",
    "支援対象者": "eligibility_description",
    "実施方式": "jp_operation",
    "受け付ける人": "jp_accepts_from",
    "有効開始日": "jp_valid_from",
    "有効終了日": "jp_valid_to",
    "出典": "jp_source",
    "出典行": "jp_source_lines",
    "確認日": "assured_date",
    "公開": "jp_published",
    "備考": "jp_note",
}
PHONE = {
    "電話番号": "number",
    "種別": "jp_kind",
    "用途": "description",
    "有効開始日": "jp_valid_from",
    "有効終了日": "jp_valid_to",
    "確認日": "jp_checked_on",
}
SCHEDULE = {
    "祝日": "jp_on_public_holidays",
    "備考": "notes",
    "有効開始日": "valid_from",
    "有効終了日": "valid_to",
    "確認日": "jp_checked_on",
}
AREA = {
    "地区名": "jp_district",
    "町字名": "jp_town",
    "町字ID": "uri",
    "備考": "description",
    "有効開始日": "jp_valid_from",
    "有効終了日": "jp_valid_to",
}
PLACE = {"郵便番号": "jp_postal_code", "町字ID": "jp_town_id", "所在地": "jp_address", "建物": "jp_building"}
"""Where a location keeps what no address object may hold because the postal code or the street is unknown."""
OWN_TABLES = {
    schema.COORDINATORS: "jp_coordinators",
    schema.MEETINGS: "jp_meetings",
    schema.PROGRAMMES: "jp_programme_states",
    schema.TARGETS: "jp_targets",
    schema.MUNICIPALITY: "jp_municipality",
    schema.CLOSED_DAYS: "jp_closed_days",
    schema.RULES: "jp_rules",
}
"""Tables outside HSDS; they go along under their own headings."""
WELCOME = {"説明": "description", "料金": "fees_description"}
"""Properties of a service for which our table has no column of its own: others bring them, and they stand in added columns."""
MORE = "jp_more"
"""Columns that a clerk has added, by heading."""
ORDER = "jp_row"
"""The place of a row in its table."""


def days_of(byday: str) -> str:
    """Return ``MO,TU`` as 月火, and ``2SA,4SA`` as 第2・4土; what no cell can say is returned as it is, for the rules to name."""
    found = [_BYDAY.fullmatch(part.strip()) for part in byday.split(",")]
    weeks: dict[str, set[int]] = {}
    for part in found:
        if part is None:
            return byday
        weeks.setdefault(part["week"] or "", set()).add(DAYS.index(part["day"]))
    plain = {"".join(WEEKDAYS[day] for day in sorted(days)) for days in weeks.values()}
    if len(plain) != 1 or ("" in weeks and len(weeks) > 1):
        return byday
    return (f"第{'・'.join(sorted(weeks))}" if "" not in weeks else "") + plain.pop()


def uid(*parts: str) -> str:
    """Return the id of what ``parts`` name: the same on every export. No cell holds the character between them."""
    return str(uuid5(_SPACE, "\x1f".join(parts)))
