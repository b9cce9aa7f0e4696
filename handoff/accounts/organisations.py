"""団体: the parts of the city and the bodies that it has entrusted windows to, their windows, their people, the end of a contract."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from handoff.accounts import manage
from handoff.accounts.errors import AccountDataError
from handoff.accounts.models import Organisation, OrganisationKind, OrganisationWindow, Staff, StaffOrganisation
from handoff.accounts.viewer import Permission, Viewer, check_permission
from handoff.audit.models import Action
from handoff.audit.record import record_audit
from intake.base.database import ReadSession, WriteSession
from intake.base.errors import NotFoundError
from intake.base.ids import new_id
from intake.base.sealing import KeyRing
from routing.city import City

KIND_WORDS: dict[OrganisationKind, str] = {
    OrganisationKind.CITY: "市の機関",
    OrganisationKind.ENTRUSTED: "受託法人",
}
_NAME_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """An organisation with its windows and people. ``organisation`` is None for the city itself: whatever belongs to nobody else."""

    organisation: Organisation | None
    windows: tuple[str, ...]
    people: tuple[Staff, ...]

    @property
    def ended(self) -> bool:
        """Whether its contract is over."""
        return self.organisation is not None and self.organisation.ended_at is not None


async def list_bodies(session: ReadSession, viewer: Viewer, city: City) -> Sequence[Body]:
    """Return the city and its organisations, those with a running contract first, in four queries however many there are."""
    check_permission(viewer, Permission.MANAGE_ORGANISATIONS)
    here = Organisation.municipality == viewer.municipality
    rows = (await session.scalars(select(Organisation).where(here).order_by(Organisation.name))).all()
    keepers = await _keepers(session, viewer.municipality)
    homes = await manage.homes_of(session, viewer.municipality)
    people = (await session.scalars(select(Staff).where(Staff.municipality == viewer.municipality).order_by(Staff.login))).all()

    def body(organisation: Organisation | None) -> Body:
        key = None if organisation is None else organisation.id
        return Body(
            organisation=organisation,
            windows=tuple(window for window in city.windows if keepers.get(window) == key),
            people=tuple(one for one in people if (None if one.id not in homes else homes[one.id].id) == key),
        )

    return [body(None), *sorted(map(body, rows), key=lambda one: one.ended)]


async def _keepers(session: ReadSession, municipality: str) -> Mapping[str, str]:
    """Return the organisation of each window that the city does not work itself."""
    chosen = select(OrganisationWindow).where(OrganisationWindow.municipality == municipality)
    return {row.window_id: row.organisation_id for row in await session.scalars(chosen)}


async def get_organisation(session: ReadSession, viewer: Viewer, organisation_id: str) -> Organisation:
    """Return an organisation of the viewer's municipality. For anybody else it does not exist."""
    check_permission(viewer, Permission.MANAGE_ORGANISATIONS)
    found = await session.get(Organisation, organisation_id)
    if found is None or found.municipality != viewer.municipality:
        raise NotFoundError("この団体は見つかりません。")
    return found


async def _get_running(session: ReadSession, viewer: Viewer, organisation_id: str) -> Organisation:
    found = await get_organisation(session, viewer, organisation_id)
    if found.ended_at is not None:
        raise AccountDataError("契約の終わった団体です。続けるときは、新しい団体として加えてください。")
    return found


async def _checked_name(session: ReadSession, viewer: Viewer, name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > _NAME_LENGTH:
        raise AccountDataError(f"団体の名前は1文字以上{_NAME_LENGTH}文字以内にしてください。")
    same = (Organisation.municipality == viewer.municipality, Organisation.name == tidy)
    if await session.scalar(select(Organisation.id).where(*same)) is not None:
        raise AccountDataError(f"「{tidy}」は、もう登録されています。")
    return tidy


def _record(session: WriteSession, ring: KeyRing, row: Organisation, actor: str, now: datetime, details: str) -> None:
    action, city = Action.ORGANISATION_CHANGED, row.municipality
    record_audit(session, ring, municipality=city, actor=actor, action=action, subject=row.id, details=details, now=now)


async def add_organisation(
    session: WriteSession, ring: KeyRing, viewer: Viewer, name: str, kind: OrganisationKind, now: datetime
) -> Organisation:
    """Add an organisation without windows and people."""
    check_permission(viewer, Permission.MANAGE_ORGANISATIONS)
    tidy = await _checked_name(session, viewer, name)
    row = Organisation(id=new_id(now), municipality=viewer.municipality, name=tidy, kind=kind, created_at=now)
    session.add(row)
    await session.flush()
    _record(session, ring, row, viewer.staff_id, now, f"added:{kind}")
    return row


async def rename(session: WriteSession, ring: KeyRing, viewer: Viewer, organisation_id: str, name: str, now: datetime) -> None:
    """Give an organisation another name."""
    row = await get_organisation(session, viewer, organisation_id)
    if " ".join(name.split()) == row.name:
        return
    row.name = await _checked_name(session, viewer, name)
    _record(session, ring, row, viewer.staff_id, now, "renamed")


async def give_windows(
    session: WriteSession, ring: KeyRing, viewer: Viewer, city: City, organisation_id: str, windows: Collection[str], now: datetime
) -> None:
    """Say which windows an organisation works. What another one works has to be taken from that one first."""
    row = await _get_running(session, viewer, organisation_id)
    keepers = await _keepers(session, viewer.municipality)
    wanted, before = set(windows), {window for window, keeper in keepers.items() if keeper == row.id}
    if wanted - set(city.windows) - before:
        raise AccountDataError("窓口は、一覧から選んでください。")
    taken = sorted(window for window in wanted if keepers.get(window, row.id) != row.id)
    if taken:
        names = "・".join(city.windows[window].name for window in taken)
        raise AccountDataError(f"「{names}」は、ほかの団体が受け持っています。先にそちらから外してください。")
    if wanted == before:
        return
    await session.execute(delete(OrganisationWindow).where(OrganisationWindow.organisation_id == row.id))
    place = {"municipality": viewer.municipality, "organisation_id": row.id}
    session.add_all(OrganisationWindow(window_id=window, **place) for window in sorted(wanted))
    await session.flush()
    _record(session, ring, row, viewer.staff_id, now, f"windows:{','.join(sorted(wanted))}")


async def running_organisations(session: ReadSession, municipality: str) -> Sequence[Organisation]:
    """Return the organisations of a municipality whose contract runs, by name."""
    running = (Organisation.municipality == municipality, Organisation.ended_at.is_(None))
    return (await session.scalars(select(Organisation).where(*running).order_by(Organisation.name))).all()


async def place_staff(session: WriteSession, ring: KeyRing, viewer: Viewer, organisation_id: str, staff_id: str, now: datetime) -> None:
    """Say that somebody belongs to an organisation, and to no other."""
    row = await _get_running(session, viewer, organisation_id)
    staff = await manage.get_touchable(session, viewer, staff_id)
    await put_in(session, ring, row, staff, actor=viewer.staff_id, now=now)


async def find_running(session: ReadSession, municipality: str, name: str) -> Organisation:
    """Return an organisation with a running contract by its name; says which there are where there is none of it."""
    found = {row.name: row for row in await running_organisations(session, municipality)}
    tidy = " ".join(name.split())
    if tidy not in found:
        known = f"使えるのは {'、'.join(found)} です。" if found else "先に、画面の「団体と受け持ち」で加えてください。"
        raise AccountDataError(f"団体「{tidy}」はないか、契約が終わっています。{known}")
    return found[tidy]


async def put_in(session: WriteSession, ring: KeyRing, row: Organisation, staff: Staff, *, actor: str, now: datetime) -> None:
    """Put somebody into an organisation, and out of any other. Whether ``actor`` may is the caller's to check."""
    home = await session.get(StaffOrganisation, staff.id)
    if home is not None and home.organisation_id == row.id:
        return
    if home is None:
        session.add(StaffOrganisation(staff_id=staff.id, organisation_id=row.id))
    else:
        home.organisation_id = row.id
    await session.flush()
    _record(session, ring, row, actor, now, f"staff_in:{staff.id}")


async def take_staff_out(session: WriteSession, ring: KeyRing, viewer: Viewer, organisation_id: str, staff_id: str, now: datetime) -> None:
    """Say that somebody belongs to the city itself again."""
    row = await get_organisation(session, viewer, organisation_id)
    theirs = (StaffOrganisation.staff_id == staff_id, StaffOrganisation.organisation_id == row.id)
    gone = await session.scalar(delete(StaffOrganisation).where(*theirs).returning(StaffOrganisation.staff_id))
    if gone is None:
        raise NotFoundError("この職員は、この団体に所属していません。")
    _record(session, ring, row, viewer.staff_id, now, f"staff_out:{staff_id}")


async def end_contract(
    session: WriteSession, ring: KeyRing, viewer: Viewer, organisation_id: str, *, to: str, now: datetime
) -> tuple[int, int]:
    """End a contract: its people leave as leavers do, its windows are the city's again. Returns how many people left and talks moved.

    All or nothing. Talks go to a colleague of somewhere else, or (``to`` empty) wait again.
    """
    row = await _get_running(session, viewer, organisation_id)
    here = (StaffOrganisation.organisation_id == row.id, Staff.disabled_at.is_(None))
    people = (await session.scalars(select(Staff).join(StaffOrganisation, StaffOrganisation.staff_id == Staff.id).where(*here))).all()
    ids = {one.id for one in people}
    if viewer.staff_id in ids:
        raise AccountDataError("自分が所属している団体の契約は、終えられません。ほかのシステム管理の担当へ頼んでください。")
    if to in ids:
        raise AccountDataError("引き継ぐ相手は、この団体のほかの職員から選んでください。")
    moved = sum([await manage.close_account(session, ring, viewer, key, to=to, now=now) for key in sorted(ids)])
    await session.execute(delete(OrganisationWindow).where(OrganisationWindow.organisation_id == row.id))
    row.ended_at = now
    _record(session, ring, row, viewer.staff_id, now, f"ended:{len(ids)}")
    return len(ids), moved
