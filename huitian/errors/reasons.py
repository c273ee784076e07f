"""Reasons: why a row was rejected, or mended and kept. Not exceptions: the rest of the file goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from huitian.errors.root import Language, fill, names_in


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row was rejected or mended: a stable code and its words, templates over the facts of the row.

    Attributes:
        code: Snake_case, stable; kept in ``reject.reason_code``.
        words_zh: What is wrong and what to do, in Chinese.
        words_en: The same in English.
        is_kept: True where the row is loaded all the same and only noted.
    """

    code: str
    words_zh: str
    words_en: str
    is_kept: bool = False

    def words(self, lang: Language = "zh", **facts: object) -> str:
        """Returns the filled words in one language; a missing fact is shown as a dash."""
        return fill(self.words_zh if lang == "zh" else self.words_en, facts)

    def fact_names(self) -> tuple[str, ...]:
        """Returns the names of the facts that the words use, sorted."""
        return tuple(sorted({*names_in(self.words_zh), *names_in(self.words_en)}))


_REASONS = (
    Reason("empty_file", "文件是空的，没有一行数据。", "The file is empty: it has no row."),
    Reason("wrong_encoding", "不是 {encoding} 编码，有字读不出。", "The text is not {encoding}."),
    Reason(
        "open_quote",
        "本行的引号没有闭合；其后各行已照常读入。",
        "A quote in this row is never closed; the rows after it were read all the same.",
    ),
    Reason(
        "too_many_cells",
        "本行有 {n} 格，表头只有 {limit} 列：多半是文字里有没加引号的分隔符。",
        "The row has {n} cells, the heading {limit}: a delimiter inside a text is probably not quoted.",
    ),
    Reason("not_an_object", "这一条不是对象，没有列名。", "This entry is not an object: it has no columns."),
    Reason("missing_column", "缺少列“{field}”。", "The column {field} is missing."),
    Reason("missing_value", "“{field}”没有填写。", "{field} is empty."),
    Reason("not_a_number", "“{field}”不是数字：“{value}”。", "{field} is not a number: “{value}”."),
    Reason("not_finite", "“{field}”是 NaN 或无穷大。", "{field} is NaN or infinite."),
    Reason(
        "swapped_coordinates",
        "经纬度写反了：{lon}，{lat}；对调后落在本城范围内。",
        "Longitude and latitude are swapped: {lon}, {lat}; the other way round lies in the city.",
    ),
    Reason(
        "out_of_box", "坐标 {lon}，{lat} 不在本城范围内。", "{lon}, {lat} is outside the area of the city."
    ),
    Reason("bad_geometry", "图形读不出：{why}", "The geometry cannot be read: {why}"),
    Reason(
        "self_crossing",
        '边界在 {why} 处自相交。请在制图软件里修正，或在映射里写 repair = "make_valid"。',
        'The outline crosses itself at {why}. Mend it on a map, or say repair = "make_valid" in the mapping.',
    ),
    Reason(
        "outline_mended",
        "“{field}”的边界自相交，已按映射修复。",
        "The outline of {field} crossed itself and was mended, as the mapping says.",
        is_kept=True,
    ),
    Reason("duplicate_key", "“{key}”与第 {row_no} 行重复。", "{key} is in row {row_no} already."),
    Reason("future_date", "“{field}”是将来的时间：“{value}”。", "{field} is in the future: “{value}”."),
    Reason("bad_date", "“{field}”不是日期或时间：“{value}”。", "{field} is not a date or time: “{value}”."),
    Reason(
        "too_long", "“{field}”有 {n} 字，上限 {limit}。", "{field} has {n} characters, the limit is {limit}."
    ),
    Reason(
        "unknown_code",
        "“{field}”的代码“{value}”不在代码表中。",
        "{field} has the code “{value}”, which is not in the list.",
    ),
    Reason("unlocated", "无法确定属于哪个地方：{why}", "No place was found for it: {why}"),
    Reason(
        "formula_text",
        "“{field}”以公式符号开头，已按文字保存。",
        "{field} begins like a formula; it is kept as text.",
        is_kept=True,
    ),
    Reason(
        "markup_text",
        "“{field}”里有 HTML 标记，已按文字保存。",
        "{field} has HTML markup; it is kept as text.",
        is_kept=True,
    ),
    Reason(
        "newer_load",
        "“{field}”相同的行已由较新的装载改过，城里保留较新的内容。",
        "A newer load changed the row of the same {field}; the city keeps the newer content.",
        is_kept=True,
    ),
    Reason("bad_identifier", "“{field}”的校验位或格式不对。", "{field} has a wrong check digit or form."),
)

REASONS: Mapping[str, Reason] = {reason.code: reason for reason in _REASONS}
"""Every reason, by its code."""
