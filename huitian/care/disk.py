"""How the disk of a city folder is: room, inodes, whether it can be written and how long that takes."""

import os
import shutil
import tempfile
import time
from pathlib import Path

from huitian.care.checks import Check, State, well
from huitian.engine.condition import is_folder_read_only

MB = 1 << 20
SLOW_MS = 250
"""A write that is made durable takes milliseconds; every step on a case waits for one."""
FEW_INODES = 1_000


def room(folder: Path, least_mb: int) -> Check:
    """Say how much room is left; below ``least_mb`` it is short, below a tenth of that there is none to speak of."""
    try:
        free_mb = shutil.disk_usage(folder).free // MB
    except OSError as error:
        return unreachable(folder, error)
    zh, en = f"余量 {size_words(free_mb)}", f"{size_words(free_mb)} free"
    if free_mb >= least_mb:
        return well("disk", "disk_room", zh, en, free_mb, "MB")
    state: State = "fail" if free_mb * 10 < least_mb else "warn"
    return Check(
        "disk", "disk_room", state, f"{zh}，低于 {size_words(least_mb)}", f"{en}, less than {size_words(least_mb)}",
        "请腾出空间或扩容；写满后只能查看，不能办理。",
        "Make room or enlarge the disk; when it is full, cases can be read but not worked on.", free_mb, "MB",
    )  # fmt: skip


def size_words(mb: int) -> str:
    """Return an amount of room as people read it: MB below 1 GB, then GB to three digits, 1 GB being 1,024 MB."""
    gb = mb / 1024
    if gb < 1:
        return f"{mb} MB"
    return f"{gb:,.0f} GB" if round(gb, 1) >= 100 else f"{gb:.1f} GB"


def inodes(folder: Path) -> Check:
    """Say how many more files the disk takes; file systems that do not count them say so."""
    try:
        stat = os.statvfs(folder)
    except OSError as error:
        return unreachable(folder, error)
    if stat.f_files == 0:
        return well("disk", "disk_inodes", "文件数不限", "the number of files has no bound")
    zh, en = f"还可建 {stat.f_favail:,} 个文件", f"{stat.f_favail:,} more files can be made"
    if stat.f_favail >= FEW_INODES:
        return well("disk", "disk_inodes", zh, en, stat.f_favail, "n")
    return Check(
        "disk", "disk_inodes", "fail" if stat.f_favail == 0 else "warn", zh, en,
        "请删除不用的小文件，或换一个文件系统。", "Remove small files that nobody needs, or use another file system.",
        stat.f_favail, "n",
    )  # fmt: skip


def writing(folder: Path) -> Check:
    """Write a small file, make it durable, remove it; say how long that took."""
    if is_folder_read_only(folder):
        return read_only(folder)
    began_s = time.perf_counter()
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
            file.write(b"huitian" * 512)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        why = error.strerror or type(error).__name__
        return Check(
            "disk", "disk_writing", "fail", f"{folder} 写不进去（{why}）", f"{folder} cannot be written ({why})",
            "请腾出空间，或检查磁盘。", "Make room, or look at the disk.",
        )  # fmt: skip
    ms = round((time.perf_counter() - began_s) * 1000)
    zh, en = f"写入并落盘用时 {ms} 毫秒", f"a durable write takes {ms} ms"
    if ms < SLOW_MS:
        return well("disk", "disk_writing", zh, en, ms, "ms")
    return Check(
        "disk", "disk_writing", "warn", zh, en, "每一步办理都要等一次落盘；请换更快的磁盘，或避开网络盘。",
        "Every step on a case waits for one; use a faster disk, and none of the network.", ms, "ms",
    )  # fmt: skip


def read_only(folder: Path) -> Check:
    """Return the check of a folder that cannot be written."""
    return Check(
        "disk", "disk_writing", "fail", f"{folder} 只读或无权写入", f"{folder} cannot be written",
        "请核对文件夹的属主和权限，磁盘是否只读挂载。",
        "Check who owns the folder, and whether its disk is mounted read-only.",
    )  # fmt: skip


def unreachable(folder: Path, error: OSError) -> Check:
    """Return the check of a folder that cannot be looked at."""
    why = error.strerror or type(error).__name__
    return Check(
        "disk", "disk_there", "fail", f"{folder} 看不到（{why}）", f"{folder} cannot be looked at ({why})",
        "请确认文件夹存在、磁盘已挂载。", "Make sure that the folder is there and its disk mounted.",
    )  # fmt: skip
