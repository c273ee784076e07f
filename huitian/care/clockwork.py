"""How the clock of the machine is: against what the store was told, against its disk, and the calendar."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huitian.care.checks import Check, well
from huitian.clock import day_of, read_years
from huitian.errors import HuitianError

MOST_DISK_APART_S = 60
DECEMBER = 12


def against_events(now: datetime, latest_at: datetime | None, most_back_s: int) -> Check:
    """Say whether the clock lies before the latest event: it went back, or was ahead when that was written."""
    back_s = 0 if latest_at is None else round((latest_at - now).total_seconds())
    if back_s <= most_back_s:
        zh, en = "机器时间不早于库里的事件", "the clock is not behind the stored events"
        return well("clock", "clock_back", zh, en, max(back_s, 0), "s")
    return Check(
        "clock", "clock_back", "fail",
        f"机器时间比库里最新事件早 {back_s:,} 秒：时钟被拨回，或曾经走快",
        f"the clock is {back_s:,} s before the latest event: it went back, or was ahead",
        "请校时（chrony 或 timedatectl），再看事件时刻是否有误；步骤的先后不受影响。",
        "Set the clock (chrony, timedatectl) and look whether times of events are wrong; the order of steps is not.",
        back_s, "s",
    )  # fmt: skip


def against_disk(folder: Path, now: datetime) -> Check:
    """Say whether the disk tells another time than the machine: one of the network has a clock of its own."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
            disk_at = datetime.fromtimestamp(Path(file.name).stat().st_mtime, UTC)
    except OSError:
        return well(
            "clock",
            "clock_of_disk",
            "文件系统的时间未查（不可写）",
            "the time of the disk was not asked: read-only",
        )
    apart_s = round(abs((disk_at - now).total_seconds()))
    if apart_s <= MOST_DISK_APART_S:
        return well(
            "clock", "clock_of_disk", "与文件系统的时间一致", "the disk tells the same time", apart_s, "s"
        )
    zh, en = f"与文件系统的时间相差 {apart_s:,} 秒", f"the disk tells a time {apart_s:,} s off"
    return Check(
        "clock", "clock_of_disk", "warn", zh, en,
        "请给存储服务器校时。", "Set the clock of the storage.", apart_s, "s",
    )  # fmt: skip


def zones() -> Check:
    """Say whether the civil time of China is known."""
    try:
        ZoneInfo("Asia/Shanghai")
    except ZoneInfoNotFoundError:
        return Check("clock", "clock_zones", "fail", "没有时区数据", "there is no time zone data",
                     "请安装 tzdata。", "Install tzdata.")  # fmt: skip
    return well("clock", "clock_zones", "时区数据可用", "time zone data is there")


def calendar(folder: Path, now: datetime) -> Check:
    """Say whether the calendar knows this year and the next."""
    try:
        years = read_years(folder if folder.is_dir() else None)
    except HuitianError as error:
        return Check("clock", "clock_calendar", "fail", error.words("zh"), error.words("en"),
                     error.what_to_do("zh"), error.what_to_do("en"))  # fmt: skip
    this = day_of(now).year
    missing = [year for year in (this, this + 1) if year not in years or years[year].is_provisional]
    if not missing:
        return well(
            "clock", "clock_calendar", "工作日历覆盖今明两年", "the calendar knows this year and the next"
        )
    if this not in missing and day_of(now).month < DECEMBER:
        # The notice for a year comes in autumn of the one before.
        zh, en = (
            f"工作日历覆盖 {this} 年",
            f"the calendar knows {this}; the notice for {this + 1} is not in it yet",
        )
        return well("clock", "clock_calendar", f"{zh}，{this + 1} 年的通知尚未加入", en)
    named = ", ".join(str(year) for year in missing)
    return Check(
        "clock", "clock_calendar", "warn", f"工作日历缺 {named} 年的放假安排",
        f"the calendar lacks the notice for {named}",
        "请按 docs/guides/statutory-calendar.zh-CN.md 加入；此前按法定节日和周末计算。",
        "Add it as docs/guides/statutory-calendar.md says; until then festivals of the law and weekends count.",
    )  # fmt: skip
