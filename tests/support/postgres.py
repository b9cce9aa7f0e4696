"""A PostgreSQL of the tests' own: a socket in a temporary folder, in memory where there is room, no fsync, gone when the session ends."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - what is in it is as temporary as the rest
_ROOM = 4 << 30
"""Bytes that have to be free there. One cluster takes about 1.2 GB at most, and each worker has one."""
_COPIES_FILES = 15
"""From this version on the way of copying a template can be chosen; before, files were copied."""


def find_binaries() -> Path | None:
    """Return the folder of the newest installed PostgreSQL, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    return found[-1].parent if found else None


def _user() -> str | None:
    """PostgreSQL refuses to run as root; the package brings a user for it."""
    return "postgres" if os.geteuid() == 0 else None


def copying(template: str, name: str) -> str:
    """Return the statement that copies a database the fastest way for one that is small and soon gone."""
    binaries = find_binaries()
    files = binaries is not None and int(binaries.parent.name) >= _COPIES_FILES
    return f"CREATE DATABASE {name} TEMPLATE {template}{' STRATEGY FILE_COPY' if files else ''}"


@contextmanager
def cluster(binaries: Path) -> Iterator[str]:
    """Start a cluster and give its address without a database name; stop it afterwards."""
    memory = _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM else None
    folder = Path(tempfile.mkdtemp(prefix="tsunagi-pg-", dir=memory))
    user = _user()
    if user is not None:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, capture_output=True)

    try:
        run(str(binaries / "initdb"), "--no-sync", "--locale=C.UTF-8", "--auth=trust", "--username=tsunagi", f"--pgdata={data}")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200 -c max_wal_size=256MB"
        run(str(binaries / "pg_ctl"), "--wait", f"--pgdata={data}", f"--log={folder / 'log'}", f"--options={options}", "start")
        yield f"postgresql+asyncpg://tsunagi@/DATABASE?host={folder}"
    finally:
        subprocess.run(
            [str(binaries / "pg_ctl"), "--wait", "--mode=immediate", f"--pgdata={data}", "stop"],
            check=False,
            user=user,
            cwd=folder,
            capture_output=True,
        )
        shutil.rmtree(folder, ignore_errors=True)
