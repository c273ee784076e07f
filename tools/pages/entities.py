"""docs/reference/entities.md: the catalogue, entity by entity."""

from collections.abc import Iterable

from tools.pages import NOTE, head, row

INTRODUCTION = """# 目录 · Catalogue

城市数据库里能问到的一切。列名在库、接口与前端相同。V1 公开与大屏，V2 工作人员，V3 经授权的办理人看到原值。
All that the city's data base can be asked for. A column has one name in SQL, JSON and TypeScript. V1 is the public
and the wall, V2 working staff; V3, authorised handlers, sees every column as it is.
"""
STANDING = {
    "anchor": "按归属 by dated anchor",
    "place": "按自身地方 by its own place",
    "open": "公开 open to everybody",
    "city": "仅全市范围 whole-city readers only",
}


def pages() -> dict[str, str]:
    """Return the page: one section an entity, one row a column."""
    from huitian.base.entities import ENTITIES
    from huitian.base.roles import shipped_roles

    roles_known = shipped_roles()
    lines = [NOTE, INTRODUCTION, *roles_told()]
    for one in ENTITIES.values():
        release = "受保护 protected" if one.release == "protected" else "精确 exact"
        roles = ", ".join(sorted(roles_known.readers(one.group))) or "只有系统 the system alone"
        if one.group == "open":
            roles = "所有人 everybody"
        lines += [
            f"## {one.name}",
            "",
            f"{one.title_zh} · {one.title_en}. 主键 key: {', '.join(f'`{name}`' for name in one.key)}. "
            f"范围 standing: {STANDING[one.standing]}. 计数 counts: {release}. "
            f"组 group: `{one.group}`; 角色 roles: {roles}.",
            "",
            *head("列 column", "类型 kind", "单位 unit", "含义 meaning", "V1", "V2"),
            *(
                row(f"`{c.name}`", c.kind, c.unit, f"{c.title_zh} · {c.title_en}", c.v1, c.v2)
                for c in one.columns
            ),
            "",
        ]
    return {"docs/reference/entities.md": "\n".join(lines)}


def roles_told() -> list[str]:
    """Return the table of the roles that ship, with what each may."""
    from huitian.base.roles import shipped_roles

    def words(names: Iterable[str]) -> str:
        return ", ".join(sorted(names)) or "—"

    return [
        "## 角色 · Roles",
        "",
        "`huitian/base/roles.toml`；城市可在自己的文件夹里放 `roles.toml` 改写。"
        " A city may put its own `roles.toml` into its folder.",
        "",
        *head("角色 role", "名称 name", "看行 reads", "只计数 counts", "办件身份 acts as", "管理 administers",
              "可转授 gives", "最高视图 lens", "可申请 V3", "全市 whole city"),
        *(
            row(f"`{one.code}`", f"{one.title_zh} · {one.title_en}", words(one.reads), words(one.counts),
                words(one.acts_as), words(one.administers), words({*one.gives}), one.lens_most,
                "✓" if one.may_ask_v3 else "", "✓" if one.is_whole_city else "")
            for one in shipped_roles().by_code.values()
        ),
        "",
    ]  # fmt: skip
