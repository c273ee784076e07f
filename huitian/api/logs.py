"""The log: one JSON object a line, each with the request it belongs to."""

import json
import logging
import logging.handlers
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from huitian.errors import BadSetting
from huitian.settings import Settings

REQUEST_ID: ContextVar[str | None] = ContextVar("huitian_request_id", default=None)
"""The request that this work is done for; set by ``access``, known on every thread that the request uses."""

EVENTS: Mapping[str, tuple[str, str]] = {
    "server_start": ("服务进程启动", "A server process starts: version, store kind, workers, process"),
    "server_ready": ("服务进程就绪", "It answers: milliseconds since its start"),
    "server_stopping": ("服务进程开始停止", "It was told to stop: streams that are open"),
    "server_stop": ("服务进程已停止", "It has stopped: seconds that it ran"),
    "surveyed": ("已查明对象所在", "It was found out where objects stand, so that wide scopes are quick: entities"),
    "retention": ("到期的个人信息已销毁", "What was kept long enough was destroyed: how many by kind"),
    "retention_failed": ("到期销毁没有做完，稍后再试", "It failed and is tried again: code, seconds until then"),
    "worker_ended": ("一个服务进程意外结束", "One of several ended unasked: process, why, seconds until another"),
    "request": ("一次请求", "A request was answered: method, route, status, milliseconds, bytes, user_id, problem"),
    "fault": ("程序自身的错误", "A fault of the program: kind and where, never the words of the error"),
    "slow_query": ("慢查询", "A statement took longer than slow_query_ms: its text without values, milliseconds"),
    "stream_trouble": ("读取事件失败", "The outbox could not be read: kind; it is tried again"),
    "stream_well": ("读取事件恢复", "The outbox is read again"),
    "csp_report": ("浏览器安全策略报告", "A browser says that a page broke the content security policy"),
    "swept": ("清理了半写文件", "Half-written files of killed uploads were removed: how many"),
    "message": ("库的普通信息", "What a library said that has no event of its own"),
}  # fmt: skip
"""Every ``event`` that a line can have, in Chinese and English; the names do not change."""

LEVELS: Mapping[str, int] = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING,
                             "error": logging.ERROR}  # fmt: skip


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object; a message that is one already is merged into it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return json.dumps({"at": at} | told(record), ensure_ascii=False)


class PlainLines(logging.Formatter):
    """Writes a record as ``level event key=value …`` without the time, which the journal of the system adds."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = told(record)
        first = f"{line.pop('level')} {line.pop('event')}"
        facts = (f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in line.items())
        return " ".join([first, *facts])


def told(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a record says: level, logger, event, the request, and its own facts."""
    line: dict[str, Any] = {"level": record.levelname.lower(), "logger": record.name, "event": "message"}
    request_id = REQUEST_ID.get()
    if request_id is not None:
        line["request_id"] = request_id
    message = record.getMessage()
    try:
        own = json.loads(message) if message.startswith("{") else {"message": message}
    except ValueError:
        own = {"message": message}
    if record.exc_info and record.exc_info[0] is not None:
        own["kind"] = record.exc_info[0].__name__
    return line | own


def start_log(settings: Settings, *, is_quiet: bool = False) -> None:
    """Send the log where the settings say; a quiet one holds warnings and worse only.

    Raises:
        BadSetting: The file cannot be written.
    """
    root = logging.getLogger()
    root.handlers[:] = [made_handler(settings.log_file, settings.log_format)]
    root.setLevel(logging.WARNING)
    level = LEVELS[settings.log_level]
    logging.getLogger("huitian").setLevel(max(level, logging.WARNING) if is_quiet else level)


def made_handler(file: Path | None, layout: str) -> logging.Handler:
    """Return the handler of a file, opened anew after it was rotated away, or of standard error."""
    handler: logging.Handler
    if file is None:
        handler = logging.StreamHandler(sys.stderr)
    else:
        try:
            handler = logging.handlers.WatchedFileHandler(file, encoding="utf-8")
        except OSError as error:
            why = error.strerror or str(error)
            raise BadSetting(where="", where_zh="城市设置", where_en="The city", name="log_file", value=file,
                             why=why) from error  # fmt: skip
    handler.setFormatter(PlainLines() if layout == "plain" else JsonLines())
    return handler
