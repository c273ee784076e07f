"""``huitian init DIR``: a new city folder with one root place."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from huitian.model.place import Level

_LEVELS = "city | district | street | community"


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="城市文件夹 · folder of the city")],
    name: Annotated[str | None, typer.Option(help="城市中文名 · Chinese name of the city")] = None,
    name_en: Annotated[str | None, typer.Option(help="英文名 · English name")] = None,
    code: Annotated[str, typer.Option(help="根地方的区划代码 · division code of the root place")] = "000000",
    place: Annotated[str, typer.Option(help="根地方的名称，默认同城市名 · name of the root place")] = "",
    place_en: Annotated[str, typer.Option(help="根地方的英文名 · its English name")] = "",
    level: Annotated[str, typer.Option(help=f"根地方的层级 · its level: {_LEVELS}")] = "district",
    box: Annotated[
        str, typer.Option(help="合理坐标范围 西,南,东,北 · box of sane coordinates, west,south,east,north")
    ] = "",
    like: Annotated[
        Path | None, typer.Option(help="照此文件夹的 city.toml · take the city.toml of this folder")
    ] = None,
) -> None:
    """新建城市文件夹 · Make a new city folder: settings, store, and the root of the tree ``admin``."""
    from huitian.app.city import make_city
    from huitian.cli.speaking import either, language
    from huitian.errors import InvalidInput
    from huitian.model.place import FIRST_DAY, LEVELS, Place, Tree
    from huitian.settings import read_settings

    values: dict[str, Any] = _settings_of(like) if like is not None else {}
    own = {"name_zh": name, "name_en": name_en}
    values |= {key: value for key, value in own.items() if value is not None}
    values = {"name_zh": "我的城市", "name_en": "My city"} | values
    if box:
        values["box"] = read_settings(environment={}, given={"box": box}).box
    if level not in LEVELS:
        raise InvalidInput(field="--level", why_zh=f"只能是 {_LEVELS}", why_en=f"it must be one of {_LEVELS}")
    if not code.isalnum():
        raise InvalidInput(field="--code", why_zh="只能是字母和数字", why_en="letters and digits only")
    own_level: Level = next(one for one in LEVELS if one == level)
    root_id = values.get("root_place") or f"admin:{code}"
    values["root_place"] = root_id
    root = Place(
        place_id=root_id, tree_id="admin", code=root_id.partition(":")[2], level=own_level,
        name=place or values["name_zh"], parent_id=None, valid_from=FIRST_DAY,
        name_en=place_en or (None if place else values["name_en"]),
    )  # fmt: skip
    tree = Tree("admin", "行政区划", "Administrative division", LEVELS[LEVELS.index(own_level) :])
    city = make_city(folder, values, root, tree)
    try:
        lang = language(city.settings)
        typer.echo(either(lang, f"已建：{folder}（根地方 {root.name} {root.place_id}）",
                          f"Made {folder} (root place {root.name} {root.place_id})"))  # fmt: skip
        typed = shlex.quote(str(folder))
        typer.echo(either(lang, f"下一步：huitian load {typed} geojson 文件 --map 映射.toml",
                          f"Next: huitian load {typed} geojson FILE --map MAPPING.toml"))  # fmt: skip
    finally:
        city.close()


def _settings_of(folder: Path) -> dict[str, Any]:
    """Return the settings that a city.toml sets itself.

    Raises:
        FileUnreadable: There is none that can be read.
    """
    import tomllib

    from huitian.errors import FileUnreadable
    from huitian.settings import CITY_FILE, read_settings

    path = folder / CITY_FILE if folder.is_dir() else folder
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileUnreadable(file_name=str(path), why=str(error)) from error
    settings = read_settings(path.parent, environment={})
    return {name: getattr(settings, name) for rows in told.values() for name in rows}
