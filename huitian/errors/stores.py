"""Errors of the stores of a city: not there, not letting in, full, not complete."""

from __future__ import annotations

from huitian.errors.root import HuitianError


class StoreBusy(HuitianError, code="store_busy", status=503):
    """The store was busy for too long."""

    words_zh = "数据库正忙，等待 {waited_s} 秒仍未轮到。"
    words_en = "The store was busy for {waited_s} seconds; nothing was written."
    what_to_do_zh = "请稍后再试；什么都没有写入。"
    what_to_do_en = "Try again in a moment."


class StoreLocked(HuitianError, code="store_locked", status=409):
    """Another process serves this city folder."""

    words_zh = "城市文件夹 {home} 正由另一进程（{holder}）使用。"
    words_en = "The city folder {home} is in use by another process ({holder})."
    what_to_do_zh = "请先停止那个进程，或换一个文件夹。"
    what_to_do_en = "Stop that process, or use another folder."


class StoreAway(HuitianError, code="store_away", status=503):
    """The store does not answer."""

    words_zh = "{where}没有回应（{why}）。"
    words_en = "{where} does not answer ({why})."
    what_to_do_zh = "请确认数据库服务在运行、网络可达，然后重试；同一幂等键重发不会重复写入。"
    what_to_do_en = (
        "Check that the database server runs and can be reached, then try again; "
        "sending the same idempotency key again writes nothing twice."
    )


class StoreRefused(HuitianError, code="store_refused", status=500):
    """The store does not let us in."""

    words_zh = "数据库 {where} 拒绝了连接：{why}。"
    words_en = "The store {where} refuses: {why}."
    what_to_do_zh = (
        "请核对 [store] store_address、口令（HUITIAN_STORE_PASSWORD 或 HUITIAN_STORE_PASSWORD_FILE）"
        "和该用户的权限。"
    )
    what_to_do_en = (
        "Check [store] store_address, the password (HUITIAN_STORE_PASSWORD or HUITIAN_STORE_PASSWORD_FILE) "
        "and the rights of the user."
    )


class StoreServerOld(HuitianError, code="store_server_old", status=500):
    """The data base server is too old."""

    words_zh = "{where} 的 PostgreSQL 是 {found}，需要 {least} 或更新的版本。"
    words_en = "The PostgreSQL of {where} is {found}; {least} or newer is needed."
    what_to_do_zh = "请升级数据库服务（pg_upgrade），或换一台；什么都没有写入。"
    what_to_do_en = "Upgrade the database server (pg_upgrade), or name another; nothing was written."


class StoreFull(HuitianError, code="store_full", status=507):
    """There is no room left to write."""

    words_zh = "{where} 所在磁盘已满，本次没有写入；查看不受影响。"
    words_en = "The disk of {where} is full; nothing was written. What is there can still be read."
    what_to_do_zh = "请腾出空间或扩容，然后重试；huitian doctor 会列出各处余量。"
    what_to_do_en = "Make room, then try again; huitian doctor lists what is left where."


class StoreReadOnly(HuitianError, code="store_read_only", status=503):
    """The store cannot be written."""

    words_zh = "{where} 只读或无权写入，本次没有写入；查看不受影响。"
    words_en = "{where} cannot be written; nothing was. What is there can still be read."
    what_to_do_zh = "请核对文件夹的属主和权限、磁盘是否只读挂载，或数据库是否为备库。"
    what_to_do_en = (
        "Check who owns the folder, whether its disk is mounted read-only, or the database a standby."
    )


class StoreHalfMade(HuitianError, code="store_half_made", status=500):
    """A move or a restore into this store did not end."""

    words_zh = "库 {where} 尚未装完（{by} 中断），不会打开。"
    words_en = "The store {where} is not complete: {by} was interrupted. It is not opened."
    what_to_do_zh = "请再运行同一命令，它会接着做完。"
    what_to_do_en = "Run the same command again; it goes on where it was."


class StoreMoved(HuitianError, code="store_moved", status=409):
    """The city of this store was moved elsewhere."""

    words_zh = "库 {where} 的城市已迁到 {to}，这里不再使用。"
    words_en = "The city of {where} was moved to {to}; this store is not used any more."
    what_to_do_zh = "请使用新的库（city.toml 的 [store] store_address）；要迁回请用 huitian move。"
    what_to_do_en = "Use the new store ([store] store_address of city.toml); huitian move takes it back."


class StoreTooNew(HuitianError, code="store_too_new", status=500):
    """The store was written by a newer Huitian."""

    words_zh = "数据库的结构版本 {found} 比本程序认识的 {known} 新，拒绝打开。"
    words_en = "The store has the schema {found}, this program knows {known}; it is not opened."
    what_to_do_zh = "请升级程序，或用升级前的备份。"
    what_to_do_en = "Upgrade Huitian, or use the backup made before the upgrade."


class StoreTaken(HuitianError, code="store_taken", status=409):
    """The store to be filled holds something else."""

    words_zh = "库 {where} 不能用作目标：{why}。"
    words_en = "The store {where} cannot be filled: {why}."
    what_to_do_zh = "请给一个空的库；什么都没有改动。"
    what_to_do_en = "Name an empty one; nothing was changed."


class RowUnfit(HuitianError, code="row_unfit", status=422):
    """The other engine cannot hold a value of a row."""

    words_zh = "表 {table} 的行 {key} 有目标库存不下的值（{why}）。"
    words_en = "The row {key} of the table {table} has a value that the other engine cannot hold ({why})."
    what_to_do_zh = "请在原处改正该行（例如超出范围的整数、含 NUL 的文字），再运行同一命令。"
    what_to_do_en = (
        "Mend the row where it is (a whole number out of range, a text with NUL), then run it again."
    )


class CopyDiffers(HuitianError, code="copy_differs", status=500):
    """What was written is not what was read."""

    words_zh = "库 {where} 里的 {tables} 与原来的不一致，没有启用。"
    words_en = "In {where} the tables {tables} are not what they were where they came from; it is not used."
    what_to_do_zh = "原来的城市没有改动。请查看目标库的日志，再运行同一命令。"
    what_to_do_en = "The city is as it was. Look at the log of that store, then run the same command again."


class ArchiveDamaged(HuitianError, code="archive_damaged", status=422):
    """An archive is not what was backed up."""

    words_zh = "备份 {file_name} 不能用：{member}：{why}。什么都没有写入。"
    words_en = "The archive {file_name} cannot be used: {member}: {why}. Nothing was written."
    what_to_do_zh = "请重新复制该文件，或用另一份备份；huitian backup --check 可先行核对。"
    what_to_do_en = "Copy the file again, or take another one; huitian backup --check tells which are good."


class ArchiveTooNew(HuitianError, code="archive_too_new", status=409):
    """An archive was made by a newer Huitian."""

    words_zh = "备份 {file_name} 由较新的版本（{by}）写成：{found}，本程序只认识到 {known}。"
    words_en = "The archive {file_name} is by a newer Huitian ({by}): {found}; this one knows {known}."
    what_to_do_zh = "请升级程序后再恢复。"
    what_to_do_en = "Upgrade Huitian, then restore."


class FolderTaken(HuitianError, code="folder_taken", status=409):
    """The folder to restore into is not empty."""

    words_zh = "文件夹 {home} 不是空的（{found}），不会往里恢复。"
    words_en = "The folder {home} is not empty ({found}); nothing is restored into it."
    what_to_do_zh = "请换一个空文件夹；要替换其中的城市请加 --replace，旧的会留在旁边。"
    what_to_do_en = "Choose an empty folder; --replace takes the place of a city in it and keeps that beside."


class FolderStays(HuitianError, code="folder_stays", status=409):
    """The folder of a city cannot be put beside: it is a disk of its own, or the folder above cannot be written."""

    words_zh = "无法把 {home} 里的城市移到旁边（{why}），没有改动它。"
    words_en = "The city in {home} cannot be put beside ({why}); it was not touched."
    what_to_do_zh = "请恢复到另一个空文件夹（挂载点用其下的子文件夹），并让服务指向它；或让上一级文件夹可写。"
    what_to_do_en = (
        "Restore into another, empty folder (on a mounted disk: one below its top) and let the server use that; or "
        "make the folder above it writable."
    )
