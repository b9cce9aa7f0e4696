"""A PostgreSQL of the tests' own: a socket in a temporary folder, no fsync, gone when the session ends."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_binaries() -> Path | None:
    """Return the folder of the newest installed PostgreSQL, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    return found[-1].parent if found else None


def _user() -> str | None:
    """PostgreSQL refuses to run as root; the package brings a user for it."""
    return "postgres" if os.geteuid() == 0 else None


@contextmanager
def cluster(binaries: Path) -> Iterator[str]:
    """Start a cluster and give its address without a database name; stop it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="tsunagi-pg-"))
    user = _user()
    if user is not None:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, capture_output=True)

    try:
        run(str(binaries / "initdb"), "--no-sync", "--locale=C.UTF-8", "--auth=trust", "--username=tsunagi", f"--pgdata={data}")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=200"
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
