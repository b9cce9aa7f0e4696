"""What an import would change, told per table."""

from routing import schema
from routing.check import read_folder
from routing.exchange.changes import RowChange, TableChange, changes
from routing.load import city_folder
from routing.table import Table
from tests.routing.exchange_rows import table

OSHU = dict(read_folder(city_folder("oshu")))
PHONES = [
    {"窓口ID": "oshu-w01", "電話番号": "000-0000-0001", "種別": "代表", "用途": "", "有効開始日": "", "有効終了日": "", "確認日": ""},
    {"窓口ID": "oshu-w01", "電話番号": "000-0000-0002", "種別": "FAX", "用途": "", "有効開始日": "", "有効終了日": "", "確認日": ""},
]


def rows(name: str) -> list[dict[str, str]]:
    return [dict(row.cells) for row in OSHU[name].rows]


def with_rows(name: str, changed: list[dict[str, str]]) -> dict[str, Table]:
    return {**OSHU, name: table(name, changed)}


def test_the_same_directory_changes_nothing() -> None:
    assert changes(OSHU, dict(OSHU)) == []


def test_rows_are_added_changed_and_removed_by_their_name() -> None:
    changed = rows(schema.WINDOWS)
    gone = changed.pop(3)
    changed[0]["備考"] = "朝は混みます"
    changed.append({**changed[1], "窓口ID": "oshu-w99", "窓口名": "新しい窓口"})
    (found,) = changes(OSHU, with_rows(schema.WINDOWS, changed))
    assert found.table == schema.WINDOWS
    assert found.changed == (RowChange(name="oshu-w01 奥州市役所(地域共生社会課)", cells=(("備考", "", "朝は混みます"),)),)
    assert [row.name for row in found.added] == ["oshu-w99 新しい窓口"]
    assert ("自治体コード", "", "032158") in found.added[0].cells
    assert [row.name for row in found.removed] == [f"oshu-w04 {gone['窓口名']}"]
    assert ("窓口名", gone["窓口名"], "") in found.removed[0].cells


def test_another_number_for_one_use_is_a_change_and_not_a_new_row() -> None:
    before = with_rows(schema.PHONES, PHONES)
    after = with_rows(schema.PHONES, [{**PHONES[0], "電話番号": "000-0000-0003"}, PHONES[1]])
    assert changes(before, after) == [
        TableChange(
            table=schema.PHONES,
            changed=(RowChange(name="oshu-w01 代表", cells=(("電話番号", "000-0000-0001", "000-0000-0003"),)),),
        )
    ]


def test_two_rows_of_one_name_are_compared_in_order() -> None:
    twice = [PHONES[0], {**PHONES[0], "電話番号": "000-0000-0003"}]
    (found,) = changes(with_rows(schema.PHONES, twice), with_rows(schema.PHONES, twice[:1]))
    assert [("電話番号", "000-0000-0003", "") in row.cells for row in found.removed] == [True]
    assert (found.added, found.changed) == ((), ())


def test_another_order_is_told_because_the_first_coordinator_counts() -> None:
    turned = rows(schema.COORDINATORS)[::-1]
    assert changes(OSHU, with_rows(schema.COORDINATORS, turned)) == [TableChange(table=schema.COORDINATORS, reordered=True)]


def test_a_new_row_in_the_middle_is_no_other_order() -> None:
    changed = rows(schema.MEETINGS)
    changed.insert(1, {**changed[0], "会議名": "新しい会議"})
    (found,) = changes(OSHU, with_rows(schema.MEETINGS, changed))
    assert ([row.name for row in found.added], found.reordered) == (["新しい会議"], False)


def test_a_column_of_the_clerk_s_own_is_a_change() -> None:
    noted = [{**row, "メモ": "あ"} for row in rows(schema.MEETINGS)]
    found = changes(OSHU, with_rows(schema.MEETINGS, noted))
    assert {cell for change in found for row in change.changed for cell in row.cells} == {("メモ", "", "あ")}
