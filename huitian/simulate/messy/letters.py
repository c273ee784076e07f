"""Letters of the messy pile: the hotline's export with everything that people and programs do to a table."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from huitian.model.case import CaseStory, StoryStep
from huitian.simulate.arrivals import LOCAL
from huitian.simulate.city import DemoCity
from huitian.simulate.draws import Draws
from huitian.simulate.messy.ledger import FileLedger, Lots, full_width
from huitian.simulate.messy.tables import csv_bytes, with_doubles

HEADING = (
    "工单编号", "来电时间", "渠道", "来电人", "联系电话", "标题", "诉求内容", "地址", "经度", "纬度", "类别",
    "承办单位", "派单时间", "答复时间", "答复内容", "回访时间", "是否解决", "满意度", "办结时间",
)  # fmt: skip
KEY, REPORTED, PHONE, TITLE, BODY, LON, LAT, REPLIED = 0, 1, 4, 5, 6, 8, 9, 13
CHANNELS = {
    "C01": "热线",
    "C02": "网络",
    "C04": "社区信箱",
    "C05": "网格",
    "C06": "媒体",
    "C07": "交办",
    "C09": "随手拍",
}
SOLVED = {"solved": "已解决", "partly": "部分解决", "unsolved": "未解决"}
SATISFIED = {
    "very": "非常满意",
    "yes": "满意",
    "basically": "基本满意",
    "no": "不满意",
    "very_no": "非常不满意",
}
FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y年%m月%d日 %H时%M分")
LONG_CHARS = 100_000
FORMULAS = (
    '=HYPERLINK("http://example.invalid/","点我领奖")',
    "+86反映小区夜间噪声=1+1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
)
MARKUP = (
    "<b>楼道灯不亮</b><br>请尽快处理",
    '<script>alert("x")</script>电梯总是停',
    "<img src=x onerror=alert(1)>垃圾没人清运",
)


def _last(steps: Sequence[StoryStep], action: str) -> StoryStep | None:
    found = [step for step in steps if step.action == action and step.facts.get("is_reached", True)]
    return found[-1] if found else None


def _row(story: CaseStory, names: dict[str, str], words: dict[str, str], form: str) -> list[str]:
    """Return one letter as cells; times are those of Asia/Shanghai, without saying so."""

    def said(at: datetime) -> str:
        return (at + LOCAL).strftime(form)

    dispatch, reply, visit, close = (_last(story.steps, a) for a in ("dispatch", "reply", "visit", "close"))
    return [
        story.source_key.replace("demo-", "HT"), said(story.reported_at), CHANNELS[story.channel], story.name or "",
        story.phone or "", story.title, story.body, story.title[:12],
        "" if story.lon is None else f"{story.lon:.6f}", "" if story.lat is None else f"{story.lat:.6f}",
        words[story.category_code or ""], names[dispatch.facts["org_id"]] if dispatch else "",
        said(dispatch.taken_at) if dispatch else "", said(reply.taken_at) if reply else "",
        reply.words["reply"] if reply else "", said(visit.taken_at) if visit else "",
        SOLVED[visit.facts["solved"]] if visit else "", SATISFIED[visit.facts["satisfied"]] if visit else "",
        said(close.taken_at) if close else "",
    ]  # fmt: skip


def _noon(day: datetime) -> str:
    return f"{day:%Y-%m-%d} 12:00:00"


def write_letters(directory: Path, city: DemoCity) -> FileLedger:
    """Write ``letters.csv``: every letter of the year, in GB18030."""
    draws = Draws(city.seed, "messy letters")
    names = dict(city.city.organisations.name_of)
    words = {code: str(table["zh"]) for code, table in city.city.tables.items()} | {"": ""}
    stories = city.letters
    rows = [_row(s, names, words, draws.weighted(FORMATS, (0.85, 0.1, 0.05))) for s in stories]
    ledger = FileLedger(
        "letters.csv", "letters", "maps/letters.toml", "gb18030", "热线工单导出：一年的诉求与办理结果",
        "Export of the hotline: letters of a year and what became of them",
    )  # fmt: skip
    lots = Lots(draws, len(rows))
    has_point = [bool(row[LON]) for row in rows]
    is_replied = [bool(row[REPLIED]) for row in rows]

    def broken(code: str, n: int, among: Sequence[bool] | None = None) -> list[list[str]]:
        drawn = [rows[at] for at in lots.draw(n, among)]
        ledger.rejected.setdefault(code, []).extend(row[KEY] for row in drawn)
        return drawn

    for row in broken("future_date", 4):
        row[REPORTED] = "2099-01-01 12:00:00"
    for row in broken("bad_date", 3):
        row[REPORTED] = "上周三下午"
    for row in broken("swapped_coordinates", 5, has_point):
        row[LON], row[LAT] = row[LAT], row[LON]
    for row in broken("not_finite", 4, has_point):
        row[LAT] = "nan"
    for row in broken("too_long", 1):
        row[BODY] = (row[BODY] * (LONG_CHARS // len(row[BODY]) + 1))[:LONG_CHARS]
    for row in broken("missing_value", 3):
        row[KEY] = ""
    for at in lots.draw(9, is_replied):
        rows[at][REPLIED] = _noon(stories[at].reported_at + LOCAL - timedelta(days=draws.whole(2, 20)))
        ledger.findings.setdefault("reply_before_report", []).append(rows[at][KEY])
    for at, text in zip(lots.draw(len(FORMULAS)), FORMULAS, strict=True):
        rows[at][BODY] = text
        ledger.kept.setdefault("formula_text", []).append(rows[at][KEY])
    for at, text in zip(lots.draw(len(MARKUP)), MARKUP, strict=True):
        rows[at][BODY] = text
        ledger.kept.setdefault("markup_text", []).append(rows[at][KEY])
    for at in lots.draw(min(120, len(rows) // 10)):
        rows[at][BODY] = rows[at][BODY].replace("，", '，\n"请看这里"，', 1)
        ledger.oddities.setdefault("quoted_newline", []).append(rows[at][KEY])
    for at in lots.draw(30):
        rows[at][PHONE] = full_width(rows[at][PHONE])
        ledger.oddities.setdefault("full_width_digits", []).append(rows[at][KEY])
    rows = with_doubles(rows, lots.draw(20), draws, ledger)
    (directory / ledger.name).write_bytes(csv_bytes(HEADING, rows, "gb18030"))
    ledger.n_rows = len(rows)
    return ledger
