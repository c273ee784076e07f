"""What goes wrong with counts of persons and households that are released."""

from huitian.errors.root import HuitianError


class CubeInvalid(HuitianError, code="cube_invalid", status=500):
    """A declared cube cannot be counted or protected."""

    words_zh = "立方体声明 {file} 不可用：{why}"
    words_en = "The cube declared in {file} cannot be used: {why}"
    what_to_do_zh = "请按 docs/concepts/small-counts.zh-CN.md 改正声明。"
    what_to_do_en = "Mend the declaration as docs/concepts/small-counts.md says."


class CutNotDeclared(HuitianError, code="cut_not_declared", status=422):
    """A count of persons or households was asked for by a filter that nothing was released for."""

    words_zh = "没有发布过 {number_id}：人数、户数只按声明的维度发布。"
    words_en = (
        "Nothing is released for {number_id}: persons and households are counted only by declared cuts."
    )
    what_to_do_zh = "可用的维度：{known}。"
    what_to_do_en = "Declared are: {known}."


class ReleaseUnsafe(HuitianError, code="release_unsafe", status=409):
    """Counts cannot be released so that nobody can be worked out."""

    words_zh = "未发布：{n} 个被保护的数仍可推算。"
    words_en = "Not released: {n} withheld counts could still be worked out."
    what_to_do_zh = "数字仍按上一次发布显示。请运行 huitian release check，把结果告诉维护者。"
    what_to_do_en = (
        "Figures stay as they were released before. Run huitian release check and tell the maintainers."
    )
