"""Whether the server can be worked with: what probes are told, in words that anybody may read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from huitian.api.city import City
from huitian.api.live import Live
from huitian.care import clockwork, disk
from huitian.care.checks import Check
from huitian.errors import HuitianError

Status = Literal["ready", "degraded", "not_ready"]
NEWEST = 50
"""Events among which the latest instant is looked for."""
MOST_LAG = 1_000
"""Events that the streams may be behind for a moment: a load writes many at once."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is not as it should be.

    Attributes:
        code: Stable code.
        part: ``store``, ``stream``, ``disk`` or ``clock``.
        is_stopping: Whether the server cannot be worked with until it is over; else it does what it can.
        words_zh: What it is, without addresses, paths and figures.
        words_en: The same in English.
        what_to_do_zh: What to do.
        what_to_do_en: The same in English.
    """

    code: str
    part: str
    is_stopping: bool
    words_zh: str
    words_en: str
    what_to_do_zh: str
    what_to_do_en: str


LOOK_ZH, LOOK_EN = "请在服务器上运行 huitian doctor。", "Run huitian doctor on the server."
TROUBLES = {
    one.code: one
    for one in (
        Trouble(
            "store_away",
            "store",
            True,
            "数据库没有回应，或已损坏",
            "the store does not answer, or is damaged",
            f"请确认数据库在运行；{LOOK_ZH}",
            f"See that the database runs. {LOOK_EN}",
        ),
        Trouble(
            "store_schema",
            "store",
            True,
            "库的结构与本程序不符：已被别的版本升级或降级",
            "the schema of the store is not that of this program: another version changed it",
            "请用同一版本重启所有服务进程。",
            "Restart every server process with one and the same version.",
        ),
        Trouble(
            "store_half_made",
            "store",
            True,
            "库正在搬迁或恢复，尚未完成",
            "a move or a restore of the store is not done",
            "请等它结束；若已中断，再运行同一命令。",
            "Wait for it; if it was interrupted, run the same command again.",
        ),
        Trouble(
            "store_read_only",
            "store",
            False,
            "库只读：可以查看，不能办理",
            "the store is read-only: cases can be read, not worked on",
            f"请核对文件夹权限和磁盘挂载，或数据库是否为备库；{LOOK_ZH}",
            f"Check the folder, how its disk is mounted, or whether the database is a standby. {LOOK_EN}",
        ),
        Trouble(
            "stream_dead",
            "stream",
            True,
            "实时更新已停",
            "live changes are not being read",
            "请重启服务，并查看日志中的 stream_trouble。",
            "Restart the server, and look for stream_trouble in its log.",
        ),
        Trouble(
            "stream_trouble",
            "stream",
            False,
            "实时更新暂时读不到，正在重试",
            "live changes cannot be read; it is tried again",
            "请先看数据库是否可用。",
            "See first whether the store answers.",
        ),
        Trouble(
            "stream_behind",
            "stream",
            False,
            "实时更新落后",
            "live changes are behind",
            "若几分钟后仍如此，请看服务器负荷和慢查询日志。",
            "If it stays for minutes, look at the load and at slow queries.",
        ),
        Trouble(
            "disk_short",
            "disk",
            False,
            "磁盘余量不足",
            "the disk is short of room",
            f"请腾出空间；写满后只能查看。{LOOK_ZH}",
            f"Make room; when it is full, cases can only be read. {LOOK_EN}",
        ),
        Trouble(
            "clock_back",
            "clock",
            False,
            "机器时间早于库里的事件",
            "the clock is before the events of the store",
            "请校时（chrony 或 timedatectl）。",
            "Set the clock (chrony, timedatectl).",
        ),
    )
}
"""Every trouble that ``/readyz`` can tell, by code."""
OF_STORE = {
    "failed": "store_away", "other_schema": "store_schema", "half_made": "store_half_made",
    "read_only": "store_read_only",
}  # fmt: skip


def troubles(city: City, live: Live) -> list[Trouble]:
    """Return what is not as it should be, the worst first."""
    state = city.engine.records.check()["state"]
    codes = [] if state == "ok" else [OF_STORE[state]]
    if not live.is_reading:
        codes.append("stream_dead")
    elif live.trouble:
        codes.append("stream_trouble")
    if room_of(city).state != "ok":
        codes.append("disk_short")
    if "store_away" not in codes:
        try:
            if "stream_dead" not in codes and lag_of(city, live) > MOST_LAG:
                codes.append("stream_behind")
            if clock_of(city).state != "ok":
                codes.append("clock_back")
        except HuitianError:
            # It went away while it was looked at.
            codes.append("store_away")
    return sorted((TROUBLES[code] for code in codes), key=lambda one: not one.is_stopping)


def status_of(found: list[Trouble]) -> Status:
    """Return what a probe goes by: only what stops the work takes a server out of turn."""
    if any(one.is_stopping for one in found):
        return "not_ready"
    return "degraded" if found else "ready"


def room_of(city: City) -> Check:
    """Say how much room the disk of the city has."""
    return disk.room(city.folder, city.settings.least_free_mb)


def lag_of(city: City, live: Live) -> int:
    """Return how many events the streams were not told yet."""
    return max(0, city.engine.events.last_seq() - live.seq)


def clock_of(city: City) -> Check:
    """Say whether the clock lies before the latest event."""
    return clockwork.against_events(city.clock.now(), latest_at(city), city.settings.most_clock_back_s)


def latest_at(city: City) -> datetime | None:
    """Return the latest instant among the newest events; None where there is none."""
    events, allowed = city.engine.events, city.planner.system("outbox")
    found = events.read_since(allowed, max(0, events.last_seq() - NEWEST), (), NEWEST)
    return max((event.recorded_at for event in found if event.recorded_at is not None), default=None)
