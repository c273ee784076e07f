"""docs/errors/: one page an error, an index, and the reasons for rejected rows."""

import re

from tools.pages import NOTE, Language, head, in_both, row

FACT = re.compile(r"\{[^}]+\}")
INDEX = {
    "zh": (
        "每个错误有固定的代码；接口以 `application/problem+json`（RFC 9457）返回。"
        "坏数据不是错误，是拒收的行：见[拒收原因](../reference/reasons.zh-CN.md)。"
    ),
    "en": (
        "Every error has a stable code and comes as `application/problem+json` (RFC 9457). "
        "Bad data is not an error: the row is rejected with a [reason](../reference/reasons.md)."
    ),
}


def pages() -> dict[str, str]:
    """Return all pages of errors and the page of reasons."""
    from huitian.errors import HuitianError, all_errors

    def page(error: type[HuitianError]) -> str:
        facts = ", ".join(f"`{name}`" for name in error.fact_names()) or "—"
        more = (error.__doc__ or "").strip().partition("\n")[2].strip()
        return "\n".join(
            [
                NOTE,
                f"# {error.code}",
                "",
                f"{error.title()} HTTP {error.status}.",
                *(["", more] if more else []),
                "",
                "| | 中文 | English |",
                "|---|---|---|",
                row("发生了什么 what happened", error.words_zh, error.words_en),
                row("怎么办 what to do", error.what_to_do_zh, error.what_to_do_en),
                "",
                f"随附事实 facts: {facts}",
                "",
            ]
        )

    return {
        **{f"docs/errors/{error.code}.md": page(error) for error in all_errors()},
        **in_both("docs/errors/README", index),
        **in_both("docs/reference/reasons", reasons),
    }


def index(lang: Language) -> list[str]:
    """Return the lines of the index of errors in a language."""
    from huitian.errors import all_errors

    lines = ["# 错误" if lang == "zh" else "# Errors", INDEX[lang], ""]
    lines += head("代码", "HTTP", "发生了什么") if lang == "zh" else head("code", "HTTP", "what it means")
    return lines + [
        row(
            f"[`{one.code}`]({one.code}.md)",
            one.status,
            FACT.sub("…", one.words_zh) if lang == "zh" else one.title(),
        )
        for one in all_errors()
    ]


def reasons(lang: Language) -> list[str]:
    """Return the lines of the page of reasons in a language."""
    from huitian.errors import REASONS

    if lang == "zh":
        lines = ["# 拒收与修补原因", *head("代码", "结果", "原因")]
        kept, rejected = "收下并注明", "拒收"
    else:
        lines = ["# Reasons for rejected and mended rows", *head("code", "outcome", "reason")]
        kept, rejected = "kept and noted", "rejected"
    return lines + [
        row(
            f"`{one.code}`", kept if one.is_kept else rejected, one.words_zh if lang == "zh" else one.words_en
        )
        for one in REASONS.values()
    ]
