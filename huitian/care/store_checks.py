"""How a store is, from a look at it that changed nothing."""

from huitian.care.checks import Check, well
from huitian.engine.looking import StoreLook
from huitian.engine.marks import ARRIVED, HALF_MADE, MOVED_TO
from huitian.errors import HuitianError, StoreHalfMade, StoreMoved, StoreTooNew
from huitian.settings import Settings

LEAST_VERSION = {"embedded": (3, 35, 0), "scaled": (15, 0)}
"""SQLite: RETURNING; PostgreSQL: the oldest that is tested."""
NAMES = {"embedded": "SQLite", "scaled": "PostgreSQL"}
FEW_CONNECTIONS = 10
ENCODINGS = {"UTF-8", "UTF8"}


def of_error(code: str, error: HuitianError, part: str = "store") -> Check:
    """Return the check that failed with an error."""
    return Check(part, code, "fail", error.words("zh"), error.words("en"), error.what_to_do("zh"),
                 error.what_to_do("en"))  # fmt: skip


def of_store(look: StoreLook, settings: Settings) -> list[Check]:
    """Return what there is to say about a store."""
    if look.trouble is not None:
        return [of_error("store_opens", look.trouble)]
    checks = [
        well("store", "store_opens", f"打得开：{look.where}", f"it opens: {look.where}"),
        version(look), schema(look), marks(look), integrity(look), encoding(look),
    ]  # fmt: skip
    if look.kind == "scaled":
        checks += [rights(look), connections(look, settings)]
        checks.append(well("versions", "postgis", f"PostGIS {look.postgis or '未装（可选）'}",
                           f"PostGIS {look.postgis or 'is not there (it need not be)'}"))  # fmt: skip
    return [*checks, holders(look)]


def version(look: StoreLook) -> Check:
    """Say which version the store has."""
    name, found = NAMES[look.kind], ".".join(str(part) for part in look.version)
    least = LEAST_VERSION[look.kind]
    if look.version >= least:
        return well("versions", "store_version", f"{name} {found}", f"{name} {found}")
    needed = ".".join(str(part) for part in least)
    return Check(
        "versions", "store_version", "fail", f"{name} {found} 太旧", f"{name} {found} is too old",
        f"请升级到 {needed} 或更新。", f"Upgrade it to {needed} or newer.",
    )  # fmt: skip


def schema(look: StoreLook) -> Check:
    """Say whether this program knows the schema."""
    if look.revision is None:
        return Check("store", "store_schema", "fail", "库是空的，没有城市", "the store is empty: there is no city",
                     "请先运行 huitian init。", "Run huitian init first.")  # fmt: skip
    if look.revision > look.head:
        return of_error("store_schema", StoreTooNew(found=look.revision, known=look.head))
    if look.revision < look.head:
        return Check(
            "store", "store_schema", "warn", f"库的结构是 {look.revision}，本程序是 {look.head}",
            f"the store has the schema {look.revision}, this program {look.head}",
            "下次启动时会自动升级；请先备份。", "It is brought up to date at the next start; make a backup first.",
        )  # fmt: skip
    return well("store", "store_schema", f"结构版本 {look.revision}", f"schema {look.revision}")


def marks(look: StoreLook) -> Check:
    """Say whether a move or a restore left the store half-made, or took its city away."""
    if HALF_MADE in look.marks:
        return of_error("store_marks", StoreHalfMade(where=look.where, by=look.marks[HALF_MADE]))
    if MOVED_TO in look.marks:
        return of_error("store_marks", StoreMoved(where=look.where, to=look.marks[MOVED_TO]))
    if ARRIVED in look.marks:
        left = look.marks[ARRIVED]
        return Check(
            "store", "store_marks", "warn", f"从 {left} 来的搬迁或恢复没有收尾",
            f"a move or a restore ({left}) was interrupted at its very end",
            f"请停服务后再运行 huitian move 到本库（{look.where}），旧库才会标明已搬走。",
            f"Stop the server and run huitian move to this store ({look.where}) again: the old one is then marked.",
        )  # fmt: skip
    return well("store", "store_marks", "没有未完成的搬迁或恢复", "no move or restore is half-way")


def integrity(look: StoreLook) -> Check:
    """Say whether the store finds itself whole."""
    if look.integrity == "ok":
        return well("store", "store_whole", "完整", "it is whole")
    return Check(
        "store", "store_whole", "fail", f"库已损坏：{look.integrity}", f"the store is damaged: {look.integrity}",
        "请停止服务，保留现场，用最近的备份恢复（huitian restore）。",
        "Stop the server, keep the folder as it is, and restore the last backup (huitian restore).",
    )  # fmt: skip


def encoding(look: StoreLook) -> Check:
    """Say whether the store keeps every character."""
    if look.encoding in ENCODINGS:
        return well("store", "store_encoding", "编码 UTF-8", "encoding UTF-8")
    return Check(
        "store", "store_encoding", "fail", f"库的编码是 {look.encoding}",
        f"the encoding of the store is {look.encoding}",
        "请另建 UTF8 编码的数据库，再用 huitian move 迁入。",
        "Make a database with the encoding UTF8 and move the city there (huitian move).",
    )  # fmt: skip


def rights(look: StoreLook) -> Check:
    """Say whether the store can be written and brought up to date."""
    if look.is_writable:
        return well(
            "permissions", "store_rights", "可写，可升级结构", "it can be written and brought up to date"
        )
    return Check(
        "permissions", "store_rights", "fail", "不可写：只读、备库，或该用户无权建表",
        "it cannot be written: read-only, a standby, or the user may not make tables",
        "请连主库，并授予该用户 schema 的 CREATE 权限。",
        "Use the primary, and grant the user CREATE on the schema.",
    )  # fmt: skip


def connections(look: StoreLook, settings: Settings) -> Check:
    """Say whether the server has room for the connections that the settings ask for."""
    # A process keeps one for presence and one for news beside its pool, which may double.
    wanted = settings.workers * (2 * settings.store_connections + 2)
    left = look.most_connections - look.n_connections
    zh = f"数据库还可连 {left} 个，上限 {look.most_connections}；本设置最多用 {wanted} 个"
    en = f"{left} of {look.most_connections} connections are left; these settings use {wanted} at most"
    if wanted <= look.most_connections and left >= FEW_CONNECTIONS:
        return well("store", "store_connections", zh, en, left, "n")
    return Check(
        "store", "store_connections", "warn", zh, en,
        "请调小 store_connections 或 workers，或调大数据库的 max_connections。",
        "Make store_connections or workers smaller, or max_connections of the database larger.", left, "n",
    )  # fmt: skip


def holders(look: StoreLook) -> Check:
    """Say who serves the store now; that is no fault."""
    if not look.holders:
        return well("lock", "store_held", "现在没有服务在用", "nobody serves it now")
    if look.kind == "embedded":
        zh, en = f"正由进程 {look.holders} 服务", f"process {look.holders} serves it"
    else:
        zh, en = f"正由 {look.holders} 个进程服务", f"{look.holders} process(es) serve it"
    return well("lock", "store_held", zh, en)
