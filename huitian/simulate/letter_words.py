"""What residents write and what bodies answer: sentences put together from the tables of ``letters.toml``."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any

from huitian.simulate.draws import Draws

HELLOS = (
    "",
    "",
    "您好，",
    "你好，",
    "反映一个问题：",
    "12345您好，",
    "麻烦帮忙看看：",
    "想反映一下，",
    "又来打扰了，",
)
TIMES = {
    "long": (
        "最近一段时间",
        "这{n}个星期以来",
        "从上个月开始",
        "从{month}月{day}日起",
        "已经{n}个多月了，",
        "入住以来",
        "近来",
        "连着{n}天",
    ),
    "short": (
        "今天",
        "刚才",
        "从今天{hour}点多开始",
        "昨天晚上",
        "就在半小时前，",
        "从昨天夜里起",
        "今天一早",
    ),
}
CLOSES = ("", "", "谢谢。", "辛苦了。", "盼回复。", "希望得到重视。", "感谢！", "请电话联系我。")
NOTES = (
    "已电话联系诉求人，核实了情况并告知办理安排。",
    "工作人员到现场查看并拍照，正在联系产权单位。",
    "已与诉求人约定上门时间。",
    "已召集物业和居民代表现场商议。",
    "已下达整改通知，限期完成。",
    "配件已订，等待到货。",
    "已派出班组处理，预计今日完成。",
    "现场情况复杂，正在会同有关部门研究。",
)
RETURN_REASONS = (
    "不在本单位管理范围，建议转属地街道",
    "经核实产权不属于本单位",
    "地址不在本辖区，请核实位置",
    "该事项由其他部门主管，附职责依据",
)
ESCALATE_REASONS = (
    "居委会无执法权，需街道协调",
    "涉及多个单位，社区难以单独解决",
    "需要专业队伍施工，社区已做解释",
    "多次调解未达成一致，转接诉办理",
)
VISIT_NOTES = {
    "solved": ("问题解决了，感谢。", "师傅态度很好，处理得快。", "已经恢复正常。", ""),
    "partly": ("好了一些，但没有彻底解决。", "只处理了一半。", "目前好转，还要再看看。"),
    "unsolved": ("没有解决，还是老样子。", "只打了电话，没有人来。", "回复和实际不符。", "修了又坏。"),
}
CLOSING_NOTES = ("诉求人认可，办结。", "已回访，办结归档。", "已答复诉求人，办结。", "")


def letter_tables() -> Mapping[str, Mapping[str, Any]]:
    """Return the tables of ``letters.toml`` by category code."""
    return tomllib.loads(files("huitian.simulate").joinpath("letters.toml").read_text("utf-8"))


def filled(pattern: str, draws: Draws, at: datetime) -> str:
    """Return a pattern with its numbers filled in; ``at`` is the local time of writing."""
    if "{" not in pattern:
        return pattern
    n = draws.whole(2, 9)
    return pattern.format(
        n=n, n2=min(n + draws.whole(1, 3), 12), m=draws.whole(2, 11), h=draws.whole(9, 11), h2=draws.whole(1, 4),
        h3=draws.whole(5, 7), t=draws.whole(12, 17), t2=draws.whole(20, 23), d=draws.whole(2, 5),
        month=(at.month - 2) % 12 + 1, day=draws.whole(1, 28), hour=max(at.hour - draws.whole(0, 3), 0),
    )  # fmt: skip


class Writer:
    """Writes letters; no two have the same words."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self._written: set[str] = set()

    def letter(self, table: Mapping[str, Any], place: str, at: datetime) -> tuple[str, str, int]:
        """Return heading, body of 20–160 characters and grade of a new letter about a place."""
        while True:
            heading, body, grade = self._draft(table, place, at)
            if body not in self._written and 20 <= len(body) <= 160:
                self._written.add(body)
                return heading, body, grade

    def _draft(self, table: Mapping[str, Any], place: str, at: datetime) -> tuple[str, str, int]:
        draws = self._draws
        heading, situation, grade = draws.pick(table["situations"]).split("|")
        is_urgent = grade == "1" or (grade == "2" and draws.chance(0.5))
        time = draws.pick(TIMES["short" if is_urgent else "long"])
        effect, request = draws.pick(table["effects"]), draws.pick(table["requests"])
        hello, close = draws.pick(HELLOS), draws.pick(CLOSES)
        pattern = draws.pick(
            (
                f"{hello}{place}，{time}{situation}。{effect}，{request}。{close}",
                f"{hello}{time}{place}{situation}，{effect}。{request}。{close}",
                f"{hello}我住在{place}附近，{situation}。{time}都是这样，{effect}。{request}。{close}"
                if not is_urgent and "了，" not in time
                else f"{hello}{place}{situation}！{effect}！{request}！",
                f"{place}{situation}。{request}。{close}",
                f"{hello}{place}{situation}，{time.rstrip('，')}{request}，{effect}。"
                if is_urgent
                else f"{hello}{place}：{situation}，{effect}。之前反映过{{n}}次，{request}。{close}",
            )
        )
        return heading, filled(pattern, draws, at), int(grade)

    def reply(self, table: Mapping[str, Any], place: str, at: datetime) -> str:
        """Return the answer of a body."""
        draws = self._draws
        opening = draws.pick(
            (
                "经核实，",
                "您好，您反映的{place}问题收悉。",
                "关于{place}的诉求，",
                "工作人员已到{place}查看。",
            )
        )
        ending = draws.pick(
            ("", "感谢您的监督。", "如仍有问题请随时联系我们。", "已电话告知您。", "后续将加强巡查。")
        )
        return (
            f"{opening.replace('{place}', place)}{filled(draws.pick(table['replies']), draws, at)}。{ending}"
        )
