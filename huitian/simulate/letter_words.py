"""What residents write and what bodies answer: sentences put together from the tables of ``letters.toml``."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from huitian.simulate.draws import Draws

HELLOS = (
    "",
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
LASTING = (
    "这种情况从{month}月{day}日就开始了", "已经有一阵子了", "不是一天两天了", "最近越来越严重", "上个月就反映过一次",
    "这几天尤其明显", "一直没有人管", "前后说了{n}次", "{month}月{day}日打过一次电话",
)  # fmt: skip
SUDDEN = ("刚刚", "现在", "今天{hour}点左右", "就在半小时前，", "刚才下楼发现", "今天")
CLOSES = ("", "", "", "谢谢。", "辛苦了。", "盼回复。", "希望得到重视。", "感谢！", "请尽快联系我。")
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
CALL_NOTES = (NOTES[0], NOTES[2], "只打了电话，没有人来。")
MAILBOX_NOTES = (
    "已通过信箱留言联系诉求人，核实了情况。",
    "已在信箱里告知诉求人办理安排。",
    "只回了信，没有人来。",
)
"""In place of ``CALL_NOTES`` where the writer left no phone."""
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
    n, since = draws.whole(2, 9), at - timedelta(days=draws.whole(2, 40))
    return pattern.format(
        n=n, n2=n + 1, m=draws.whole(2, 11), h=draws.whole(9, 11), h2=draws.whole(1, 3), h3=draws.whole(5, 7),
        t=draws.whole(12, 17), t2=draws.whole(20, 23), d=draws.whole(2, 5), month=since.month, day=since.day,
        hour=at.hour,
    )  # fmt: skip


class Writer:
    """Writes letters; no two have the same words."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self._written: set[str] = set()

    def letter(self, situation: Sequence[Any], place: str, where: str, at: datetime) -> str:
        """Return the body, 20–160 characters, of a new letter about a situation at a place."""
        while True:
            body = self._draft(situation, place, where, at)
            if body not in self._written and 20 <= len(body) <= 160:
                self._written.add(body)
                return body

    def _draft(self, situation: Sequence[Any], place: str, where: str, at: datetime) -> str:
        draws = self._draws
        _, what, grade, effects, requests, _ = situation
        effect, request = draws.pick(effects.split("/")), draws.pick(requests.split("/"))
        hello, close = draws.pick(HELLOS), draws.pick(CLOSES)
        if grade == 1 or (grade == 2 and draws.chance(0.3)):
            sudden = draws.pick(SUDDEN)
            pattern = draws.pick(
                (
                    f"{hello}{place}{sudden}{what}！{effect}，{request}！",
                    f"{sudden}{place}{what}，{effect}。{request}。{close}",
                    f"{what}，位置在{place}！{effect}，{request}！",
                    f"{hello}{place}{what}，{effect}，{request}。{close}",
                )
            )
        else:
            lasting = draws.pick(LASTING)
            who = f"我住在{place}" if where == "home" else f"我经常路过{place}"
            pattern = draws.pick(
                (
                    f"{hello}{place}{what}，{effect}。{lasting}，{request}。{close}",
                    f"{hello}{who}，{what}。{effect}，{request}。{close}",
                    f"{hello}{place}{what}。{lasting}，{request}。{close}",
                    f"{hello}{what}，位置在{place}。{effect}。{request}。{close}",
                    f"{hello}{place}{what}。{lasting}，{effect}。{request}。{close}",
                    f"{hello}{who}，{what}，{lasting}。{effect}，{request}。{close}",
                )
            )
        return filled(pattern, draws, at)

    def reply(self, situation: Sequence[Any], place: str, at: datetime) -> str:
        """Return the answer of a body to a situation at a place."""
        draws = self._draws
        opening = draws.pick(
            ("经核实，", f"您反映的{place}问题收悉。", f"关于{place}的诉求，", "工作人员已到现场。", "")
        )
        ending = draws.pick(
            ("", "感谢您的监督。", "如仍有问题请随时联系我们。", "已电话告知您。", "后续将加强巡查。")
        )
        return f"{opening}{filled(draws.pick(situation[5].split('/')), draws, at)}。{ending}"
