"""The operating system's account that a private PostgreSQL runs under: PostgreSQL itself refuses to run as root."""

import os
import pwd
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from watchword.core.errors import WatchwordError


@dataclass(frozen=True, kw_only=True)
class Account:
    """One account of the operating system."""

    name: str
    uid: int
    gid: int

    @property
    def process_options(self) -> Mapping[str, Any]:
        """What `subprocess` must be told so that a program runs under this account, and no other group."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_reach(self, folder: Path) -> bool:
        """Whether this account may pass through every folder down to `folder`; those yet to be made are passed."""
        if self.uid == os.geteuid():
            return True
        return all(self._may_pass(part.stat()) for part in (folder, *folder.parents) if part.exists())

    def _may_pass(self, status: os.stat_result) -> bool:
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def account_for(*folders: Path) -> Account:
    """Who runs the server: ourselves; or where we are root, the owner of the first of `folders` that is not
    root's, else `postgres`, else `nobody`.
    """
    if os.geteuid() != 0:
        return _account(os.geteuid())
    for folder in folders:
        if folder.exists() and (uid := folder.stat().st_uid) != 0 and _is_known(uid):
            return _account(uid)
    for name in ("postgres", "nobody"):
        try:
            uid = pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
        return _account(uid)
    raise WatchwordError(
        "PostgreSQL does not run as root, and this machine has no account 'postgres' or 'nobody' to run it under. "
        "Add one, run as another user, or set DATABASE_URL."
    )


def _is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _account(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise WatchwordError(
            f"PostgreSQL needs an account with a name, and user {uid} has none on this machine. "
            "Run as a user that it knows, or set DATABASE_URL."
        ) from None
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)
