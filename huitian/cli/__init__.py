"""The command line: one command a file; whatever is heavy loads when its command runs."""

import errno
import sys

WORDS_ZH = {
    errno.ENOENT: "不存在", errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.ENOTDIR: "中间有一级不是文件夹",
    errno.EISDIR: "是文件夹", errno.EEXIST: "已有同名的文件", errno.ENAMETOOLONG: "名称太长", errno.EROFS: "只读",
    errno.ENOSPC: "空间不够", errno.ELOOP: "链接绕圈",
}  # fmt: skip
"""What a path that somebody typed may be."""


def main() -> None:
    """Run the command line; an error is told in words, what to do beside it, never as a trace."""
    from huitian.cli.app import app
    from huitian.cli.speaking import tell
    from huitian.errors import HuitianError, PathUnusable

    try:
        app()
    except HuitianError as error:
        sys.exit(tell(error))
    except OSError as error:
        # A path that was typed; whatever names no path is a fault of ours and shown as one.
        if error.filename is None or error.errno not in WORDS_ZH:
            raise
        told = error.strerror or ""
        sys.exit(
            tell(PathUnusable(where=error.filename, why=told, why_zh=WORDS_ZH[error.errno], why_en=told))
        )
