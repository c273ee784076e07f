"""docs/errors/: one page an error, an index, and the reasons for rejected rows."""

from tools.pages import NOTE, head, row

INDEX = """# 错误 · Errors

每个错误有固定的代码；接口以 `application/problem+json`（RFC 9457）返回。
坏数据不是错误，是拒收的行：见[拒收原因](../reference/reasons.md)。
Every error has a stable code. Bad data is not an error: the row is rejected with a [reason](../reference/reasons.md).
"""


def pages() -> dict[str, str]:
    """Return all pages of errors and the page of reasons."""
    from huitian.errors import REASONS, HuitianError, all_errors

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

    errors = all_errors()
    index = [NOTE, INDEX, *head("代码 code", "HTTP", "含义 meaning")]
    index += [row(f"[{error.code}]({error.code}.md)", error.status, error.title()) for error in errors]
    reasons = [NOTE, "# 拒收与修补原因 · Reasons for rejected and mended rows", ""]
    reasons += head("代码 code", "结果 outcome", "中文", "English")
    reasons += [
        row(
            f"`{one.code}`", "收下并注明 kept" if one.is_kept else "拒收 rejected", one.words_zh, one.words_en
        )
        for one in REASONS.values()
    ]
    return {
        **{f"docs/errors/{error.code}.md": page(error) for error in errors},
        "docs/errors/README.md": "\n".join([*index, ""]),
        "docs/reference/reasons.md": "\n".join([*reasons, ""]),
    }
