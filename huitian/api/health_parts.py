"""How the running city is, part by part, for the page of health on the desk."""

import platform
from collections.abc import Mapping
from datetime import timedelta

from huitian.api.city import City
from huitian.api.ferry_health import ferries_of
from huitian.api.live import Live
from huitian.api.measures import Measures, Sum
from huitian.api.readiness import Trouble, clock_of, lag_of, room_of, troubles
from huitian.api.version import VERSION
from huitian.care import folder_checks
from huitian.care.checks import Check, State, well
from huitian.care.last_backup import last_backup_at
from huitian.model.query import Condition, Tally
from huitian.model.scope import Scope

RECENT = timedelta(days=7)
STORES = {"embedded": "SQLite", "scaled": "PostgreSQL"}
SEE_LOG_ZH, SEE_LOG_EN = "请在日志里查 {}。", "Look for {} in the log."


def health_parts(city: City, scope: Scope, live: Live, measures: Measures) -> list[Check]:
    """Return every part, in the order of the page.

    Raises:
        NotAllowed: The reader does not look after data.
    """
    # First of all: who may read loads may read this.
    loads = loads_of(city, scope)
    found = {trouble.part: trouble for trouble in reversed(troubles(city, live))}
    now, sums = city.clock.now(), measures.sums()
    return [
        of_trouble(found["store"]) if "store" in found else well(
            "store", "store_well", f"{STORES[city.engine.kind]} 可读可写",
            f"{STORES[city.engine.kind]} can be read and written"),
        room_of(city),
        clock_of(city),
        stream_of(city, live, sums, found.get("stream")),
        workers_of(city, sums),
        folder_checks.backup(now, last_backup_at(city.folder), city.settings.most_backup_age_h),
        folder_checks.retention(city.folder, city.settings, now),
        *loads,
        *ferries_of(city),
        queries_of(city, sums),
        errors_of(sums),
        well("versions", "versions", f"huitian {VERSION} · Python {platform.python_version()}",
             f"huitian {VERSION} · Python {platform.python_version()}"),
    ]  # fmt: skip


def of_trouble(one: Trouble) -> Check:
    """Return the part that a trouble belongs to."""
    state: State = "fail" if one.is_stopping or one.code == "store_read_only" else "warn"
    return Check(one.part, one.code, state, one.words_zh, one.words_en, one.what_to_do_zh, one.what_to_do_en)


def stream_of(city: City, live: Live, sums: Mapping[str, Sum], trouble: Trouble | None) -> Check:
    """Say how many screens listen, and how far they are behind."""
    if trouble is not None:
        return of_trouble(trouble)
    n, n_behind = total(sums, "huitian_streams_open"), lag_of(city, live)
    return well("stream", "stream_well", f"{n} 个画面在线，落后 {n_behind} 个事件",
                f"connected screens: {n}; events behind: {n_behind}", n, "n")  # fmt: skip


def workers_of(city: City, sums: Mapping[str, Sum]) -> Check:
    """Say how many processes serve, and whether these are as many as there should be."""
    n, wanted = sums["huitian_worker_requests"].n, city.settings.workers
    if n >= wanted:
        return well("workers", "workers", f"{n} 个服务进程", f"server processes: {n}", n, "n")
    return Check(
        "workers", "workers_short", "warn",
        f"{wanted} 个服务进程中 {n} 个在运行", f"{n} of {wanted} server processes run",
        SEE_LOG_ZH.format("worker_ended"), SEE_LOG_EN.format("worker_ended"), n, "n",
    )  # fmt: skip


def loads_of(city: City, scope: Scope) -> list[Check]:
    """Say how the loads of the last days went, and how many rows they rejected."""
    planner, since = city.planner, city.clock.now() - RECENT
    where = (Condition("started_at", "ge", since),)
    counted = planner.tally(
        planner.allow(scope, "load"), Tally("load", where, ("state",), sums=("n_rejected",))
    )
    n = {row["state"]: row["n"] for row in counted}
    n_kept = sum(row["sum_n_rejected"] or 0 for row in counted)
    n_failed, n_running = n.get("failed", 0), n.get("running", 0)
    zh, en = (
        f"7 天内失败 {n_failed} 次，进行中 {n_running} 次",
        f"failed in 7 days: {n_failed}; running now: {n_running}",
    )
    if n_failed:
        loads = Check("loads", "loads_failed", "warn", zh, en, "请打开“来源”页，看失败的装载并重做。",
                      "Open the page of sources, look at what failed and load it again.", n_failed, "n")  # fmt: skip
    else:
        loads = well("loads", "loads_well", zh, en, n_running, "n")
    zh, en = f"7 天内拒收 {n_kept:,} 行", f"rows rejected in 7 days: {n_kept:,}"
    if n_kept:
        return [loads, Check("rejects", "rejects_open", "warn", zh, en, "请打开“来源”页，按原因核对拒收的行。",
                             "Open “Sources” and go through the rows by reason.", n_kept, "n")]  # fmt: skip
    return [loads, well("rejects", "rejects_none", zh, en, 0, "n")]


def queries_of(city: City, sums: Mapping[str, Sum]) -> Check:
    """Say how many statements were slow since the server started, at all its processes."""
    n, ms = total(sums, "huitian_store_slow_statements_total"), city.engine.watch.slow_ms
    zh, en = (
        f"服务启动以来 {n} 条超过 {ms} 毫秒",
        f"statements slower than {ms} ms since the server started: {n}",
    )
    if not n:
        return well("queries", "queries_well", zh, en, 0, "n")
    return Check("queries", "queries_slow", "warn", zh, en, SEE_LOG_ZH.format("slow_query"),
                 SEE_LOG_EN.format("slow_query"), n, "n")  # fmt: skip


def errors_of(sums: Mapping[str, Sum]) -> Check:
    """Say how many requests met a fault of the program since the server started, at all its processes."""
    n = total(sums, "huitian_faults_total")
    zh, en = f"服务启动以来 {n} 次程序错误", f"program faults since the server started: {n}"
    if not n:
        return well("errors", "errors_none", zh, en, 0, "n")
    return Check(
        "errors", "errors_met", "warn", zh, en, SEE_LOG_ZH.format("fault"), SEE_LOG_EN.format("fault"), n, "n"
    )


def total(sums: Mapping[str, Sum], name: str) -> int:
    """Return a measure added up; 0 where nothing was measured yet."""
    return round(sums.get(name, Sum()).value)
