"""How a city folder and this installation are: who may read what, versions, settings that contradict."""

import os
import platform
import stat
import sys
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from huitian.care.checks import Check, well
from huitian.care.last_retention import counted_from, has_terms, last_retention_at
from huitian.settings import CITY_FILE, Settings

KEYS = "keys"
WEB = Path(__file__).resolve().parents[1] / "api" / "web"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
LEAST_PYTHON = (3, 11)
HOUR_S = 3600
MOST_RETENTION_AGE_H = 48
"""It is done once a day; after two days somebody should look."""


def keys(folder: Path) -> Check:
    """Say whether the keys of a city are there for its owner alone."""
    found = folder / KEYS
    if not found.is_dir():
        return well(
            "keys",
            "keys_private",
            "没有密钥文件夹",
            "there is no folder of keys",
        )
    open_ones = [path.name for path in (found, *sorted(found.iterdir())) if is_open(path, secret=True)]
    if not open_ones:
        return well("keys", "keys_private", "密钥只有属主能读", "only the owner can read the keys")
    named = ", ".join(open_ones[:5])
    return Check(
        "keys", "keys_private", "fail", f"别的用户能读到密钥：{named}", f"other users can read keys: {named}",
        f"请运行 chmod -R go= {found}；若可能已被人读走，请换新密钥。",
        f"Run chmod -R go= {found}; if somebody may have read them, make new ones.",
    )  # fmt: skip


def is_open(path: Path, *, secret: bool) -> bool:
    """Return whether others than the owner may read a file (``secret``: the group neither)."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    if path.is_dir():
        return bool(mode & (stat.S_IWGRP | stat.S_IWOTH)) or (secret and bool(mode & stat.S_IROTH))
    return bool(mode & (OTHERS if secret else stat.S_IROTH | stat.S_IWOTH))


def owner(folder: Path) -> Check:
    """Say whether the folder belongs to who runs this, and cannot be changed by everybody."""
    try:
        found = folder.stat()
    except OSError:
        return well("permissions", "folder_owner", "—", "—")
    if found.st_mode & stat.S_IWOTH:
        return Check(
            "permissions", "folder_owner", "fail", f"人人可写 {folder}", f"everybody can write to {folder}",
            f"请运行 chmod o-w {folder}。", f"Run chmod o-w {folder}.",
        )  # fmt: skip
    if found.st_uid == os.geteuid():
        return well("permissions", "folder_owner", "文件夹属于当前用户", "the folder belongs to this user")
    return Check(
        "permissions", "folder_owner", "warn",
        f"文件夹属于用户 {found.st_uid}，当前是 {os.geteuid()}",
        f"the folder belongs to user {found.st_uid}, this is {os.geteuid()}",
        "请用运行服务的那个用户来检查和操作，以免留下它打不开的文件。",
        "Work as the user that runs the server, or files stay behind that it cannot open.",
    )  # fmt: skip


def personal(folder: Path) -> Check:
    """Say whether other users of this machine can read the store or the photos, through all folders above them."""
    shut = any(
        not (above.stat().st_mode & stat.S_IXOTH) for above in (folder.resolve(), *folder.resolve().parents)
    )
    found = [name for name in ("store", "files") if (folder / name).is_dir()]
    open_ones = (
        [] if shut else [name for name in found if (folder / name).stat().st_mode & OTHERS & ~stat.S_IRWXG]
    )
    if not open_ones:
        return well("permissions", "personal_open", "别的用户读不到库和照片",
                    "other users can read neither the store nor the photos")  # fmt: skip
    named = " ".join(str(folder / name) for name in open_ones)
    return Check(
        "permissions", "personal_open", "warn", f"这台机器的别的用户能读到个人数据：{named}",
        f"other users of this machine can read personal data: {named}",
        f"请运行 chmod -R o= {named}。", f"Run chmod -R o= {named}.",
    )  # fmt: skip


def secrets(folder: Path, settings: Settings) -> Iterator[Check]:
    """Yield whether files with passwords are for their owner alone."""
    has_password = urlsplit(settings.store_address).password is not None
    if has_password:
        yield Check(
            "permissions", "password_in_settings", "warn", "store_address 里写着口令",
            "store_address has a password in it",
            "请改用 HUITIAN_STORE_PASSWORD_FILE。", "Use HUITIAN_STORE_PASSWORD_FILE instead.",
        )  # fmt: skip
    files = [folder / CITY_FILE] if has_password else []
    files += [settings.store_password_file] if settings.store_password_file else []
    for file in files:
        if is_open(file, secret=True):
            yield Check(
                "permissions", "secret_open", "fail", f"别的用户能读到口令：{file}",
                f"other users can read a password: {file}", f"请运行 chmod 600 {file}。", f"Run chmod 600 {file}.",
            )  # fmt: skip
        else:
            yield well(
                "permissions",
                "secret_open",
                f"只有属主能读 {file.name}",
                f"only the owner can read {file.name}",
            )


def versions() -> Iterator[Check]:
    """Yield which versions run, and whether the screens are there."""
    found = platform.python_version()
    if sys.version_info[:2] >= LEAST_PYTHON:
        yield well("versions", "python", f"Python {found}", f"Python {found}")
    else:
        yield Check("versions", "python", "fail", f"Python {found} 太旧", f"Python {found} is too old",
                    "请用 3.11 或更新。", "Use 3.11 or newer.")  # fmt: skip
    own = own_version()
    yield well("versions", "huitian", f"huitian {own}", f"huitian {own}")
    if (WEB / "index.html").is_file():
        yield well("versions", "screens", "前端已构建", "the screens are built")
    else:
        yield Check(
            "versions", "screens", "warn", "前端没有构建：只有接口可用",
            "the screens are not built: only the API answers",
            "请安装发布的 wheel，或运行 make web。", "Install a released wheel, or run make web.",
        )  # fmt: skip


def own_version() -> str:
    """Return the version of this program; ``0`` of a source tree that was never installed."""
    try:
        return version("huitian")
    except PackageNotFoundError:
        return "0"


def contradictions(settings: Settings) -> list[Check]:
    """Return what in the settings does not go together."""
    is_local = settings.host in {"127.0.0.1", "::1", "localhost"}
    found = []
    if settings.workers > 1 and not settings.store_address:
        found.append(told("fail", "workers_sqlite", f"workers = {settings.workers}，但 SQLite 只由一个进程服务",
                          f"workers = {settings.workers}, but SQLite is served by one process",
                          "请设 store_address，或把 workers 改回 1。",
                          "Set store_address, or workers to 1."))  # fmt: skip
    if not is_local and not settings.is_https:
        found.append(told("warn", "open_without_https", f"对外监听 {settings.host}，但 is_https 是否",
                          f"it listens on {settings.host} for all, but is_https is off",
                          "请放在 HTTPS 反向代理之后并设 is_https = true，否则口令明文传输。",
                          "Put it behind HTTPS and set is_https; else passwords go in the clear."))  # fmt: skip
    if settings.is_https and not settings.trusted_proxies:
        found.append(told("warn", "https_without_proxy", "is_https 已开，但没有可信代理：所有来信算同一个来源",
                          "is_https is on, but no proxy is trusted: all letters count as of one address",
                          "请设 trusted_proxies。", "Set trusted_proxies."))  # fmt: skip
    file = settings.log_file
    if file is not None and not file.parent.is_dir():
        found.append(told("fail", "log_nowhere", f"日志文件夹不存在：{file.parent}",
                          f"the folder of the log is not there: {file.parent}", "请建好文件夹，或清空 log_file。",
                          "Make it, or empty log_file."))  # fmt: skip
    return found or [
        well("settings", "settings_agree", "设置没有矛盾", "the settings agree with one another")
    ]


def told(state: str, code: str, zh: str, en: str, do_zh: str, do_en: str) -> Check:
    """Return a check of the settings that is not well."""
    return Check("settings", code, "fail" if state == "fail" else "warn", zh, en, do_zh, do_en)


def backup(now: datetime, backup_at: datetime | None, most_age_h: int) -> Check:
    """Say how old the last backup is that was made and verified."""
    do_zh = "请用 huitian backup 备份，并定时执行。"
    do_en = "Make one with huitian backup, and have it made regularly."
    if backup_at is None:
        return Check(
            "backup", "backup_age", "warn", "还没有备份过", "no backup has been made yet", do_zh, do_en
        )
    age_h = max(0, round((now - backup_at).total_seconds() / HOUR_S))
    zh, en = f"最近一次备份在 {age_h:,} 小时前", f"the last backup was made {age_h:,} h ago"
    if age_h <= most_age_h:
        return well("backup", "backup_age", zh, en, age_h, "h")
    return Check("backup", "backup_age", "warn", zh, en, do_zh, do_en, age_h, "h")


def retention(folder: Path, settings: Settings, now: datetime) -> Check:
    """Say whether what was kept long enough is destroyed every day."""
    since = counted_from(folder)
    if since is None or not has_terms(settings):
        return well("retention", "retention_age", "个人信息都没有设保存期限", "no personal data has a term")
    age_h = max(0, round((now - since).total_seconds() / HOUR_S))
    if last_retention_at(folder) is None:
        old_zh, old_en = (f"{age_h:,}小时", f"{age_h:,} h") if age_h else ("不到1小时", "less than 1 h")
        zh = f"建库{old_zh}，还没有按期销毁过个人信息"
        en = f"no personal data has been destroyed under its terms yet; the city is {old_en} old"
    else:
        zh = f"到期的个人信息最近一次销毁在{age_h:,}小时前"
        en = f"personal data past its term was last destroyed {age_h:,} h ago"
    if age_h <= MOST_RETENTION_AGE_H:
        return well("retention", "retention_age", zh, en, age_h, "h")
    return Check(
        "retention", "retention_age", "warn", zh, en,
        "运行中的服务每天自动销毁；请查日志里的 retention_failed，或运行 huitian retain run。",
        "A running server does it every day: look for retention_failed in its log, or run huitian retain run.",
        age_h, "h",
    )  # fmt: skip
