"""What a role may do stands in one sorted list."""

import pytest

from handoff.accounts.models import Role
from handoff.accounts.permissions import GIVEN_BY_MANAGERS, GRANTS, ROLE_WORDS, Permission, allows


def test_the_list_is_sorted_and_whole() -> None:
    assert list(GRANTS) == sorted(GRANTS)
    assert set(GRANTS) == set(Permission)
    assert list(Permission) == sorted(Permission)


def test_every_role_has_a_name_of_the_field() -> None:
    assert set(ROLE_WORDS) == set(Role)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.STATISTICS])
def test_who_runs_the_system_or_counts_reads_no_talks(role: Role) -> None:
    forbidden = {Permission.READ_TALKS, Permission.READ_UNASSIGNED, Permission.ANSWER, Permission.TAKE_OVER, Permission.WATCH}
    assert not {permission for permission in forbidden if allows(role, permission)}


def test_a_manager_gives_no_role_that_may_manage() -> None:
    assert not {role for role in GIVEN_BY_MANAGERS if allows(role, Permission.MANAGE_STAFF) or allows(role, Permission.READ_AUDIT)}


def test_whoever_makes_accounts_of_all_windows_does_not_read_the_record_of_it() -> None:
    assert not GRANTS[Permission.MANAGE_ALL_STAFF] & GRANTS[Permission.READ_AUDIT]
