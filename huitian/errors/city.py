"""Errors of a city: its folder, settings, files, mappings, codes and packs."""

from __future__ import annotations

from huitian.errors.root import HuitianError


class PortTaken(HuitianError, code="port_taken", status=500):
    """Another program listens on this port."""

    words_zh = "{host}:{port} 已被别的程序占用。"
    words_en = "{host}:{port} is taken by another program."
    what_to_do_zh = "请换端口，例如 HUITIAN_PORT=8011。"
    what_to_do_en = "Choose another port, for example HUITIAN_PORT=8011."


class AddressUnusable(HuitianError, code="address_unusable", status=500):
    """This program may not listen at this address."""

    words_zh = "不能在 {host}:{port} 上监听：{why}。"
    words_en = "It cannot listen on {host}:{port}: {why}."
    what_to_do_zh = "请核对 HUITIAN_HOST 与 HUITIAN_PORT；只在本机用填 127.0.0.1，前面放 nginx。"
    what_to_do_en = "Check HUITIAN_HOST and HUITIAN_PORT; 127.0.0.1 behind nginx is the usual."


class PathUnusable(HuitianError, code="path_unusable", status=500):
    """A file or folder cannot be opened or made."""

    words_zh = "{where} 打不开或建不了：{why}。"
    words_en = "{where} cannot be opened or made: {why}."
    what_to_do_zh = "请核对路径和权限：上一级文件夹要在，并属于运行这条命令的用户。"
    what_to_do_en = (
        "Check the path and its rights: the folder above must be there, and be that of who runs this."
    )


class WorkersFailed(HuitianError, code="workers_failed", status=500):
    """Server processes end as soon as they start."""

    words_zh = "服务进程启动后接连退出（{why}），已停止服务。"
    words_en = "Server processes end as soon as they start ({why}); the server has stopped."
    what_to_do_zh = "请看上面的日志，用 huitian check 检查城市，排除原因后再启动。"
    what_to_do_en = (
        "Read the log above, look at the city with huitian check, and start again when it is mended."
    )


class UnknownSetting(HuitianError, code="unknown_setting", status=500):
    """There is no setting of this name."""

    words_zh = "{where} 里的设置 {name} 不存在。是否想写 {nearest}？"
    words_en = "{where} names the setting {name}, which does not exist. Did you mean {nearest}?"
    what_to_do_zh = "请改正或删除；全部设置见 docs/reference/settings.md。"
    what_to_do_en = "Correct or remove it; docs/reference/settings.md lists all settings."


class BadSetting(HuitianError, code="bad_setting", status=500):
    """A setting has a value that cannot be used."""

    words_zh = "{where} 里的设置 {name} = {value} 不能用：{why}"
    words_en = "{where} sets {name} to {value}, which cannot be used: {why}"
    what_to_do_zh = "请改正；取值见 docs/reference/settings.md。"
    what_to_do_en = "Correct it; docs/reference/settings.md says what it takes."


class CityMissing(HuitianError, code="city_missing", status=404):
    """There is no city in this folder."""

    words_zh = "{home} 里没有城市（缺 city.toml）。"
    words_en = "{home} holds no city (city.toml is missing)."
    what_to_do_zh = "请先运行 huitian init {home}。"
    what_to_do_en = "Run huitian init {home} first."


class CityExists(HuitianError, code="city_exists", status=409):
    """This folder holds a city already."""

    words_zh = "{home} 里已有一座城市，不会覆盖。"
    words_en = "{home} holds a city already; it is not overwritten."
    what_to_do_zh = "请换一个空文件夹，或直接使用它。"
    what_to_do_en = "Choose an empty folder, or use that city."


class UserExists(HuitianError, code="user_exists", status=409):
    """A user of this name is there already."""

    words_zh = "用户 {user_name} 已存在。"
    words_en = "The user {user_name} exists already."
    what_to_do_zh = "请换一个用户名。"
    what_to_do_en = "Choose another user name."


class FileUnreadable(HuitianError, code="file_unreadable", status=422):
    """A file as a whole cannot be read."""

    words_zh = "读不了文件 {file_name}：{why}"
    words_en = "The file {file_name} cannot be read: {why}"
    what_to_do_zh = "请核对文件是否完整、格式和编码是否正确。"
    what_to_do_en = "Check that the file is complete and of the right format and encoding."


class LoadRunning(HuitianError, code="load_running", status=409):
    """Another process loads the same file at this moment."""

    words_zh = "另一进程正在装载同一文件（装载号 {load_id}）；本次到第 {n_done_rows} 行为止，没有重复写入。"
    words_en = (
        "Another process is loading the same file (load {load_id}); this one stopped after row {n_done_rows}."
    )
    what_to_do_zh = "请等它结束，再运行同一命令核对。"
    what_to_do_en = "Wait for it to end, then run the same command to check."


class MappingInvalid(HuitianError, code="mapping_invalid", status=422):
    """A mapping does not say how to read the file."""

    words_zh = "映射 {file_name} 的 {field} 不能用：{why}"
    words_en = "The mapping {file_name} cannot be used at {field}: {why}"
    what_to_do_zh = "请改正映射；写法见 docs/guides/mapping.zh-CN.md。"
    what_to_do_en = "Correct the mapping; docs/guides/mapping.md shows how."


class UnknownSource(HuitianError, code="unknown_source", status=422):
    """There is no source of this kind."""

    words_zh = "没有“{kind}”这种来源。现有：{known}"
    words_en = "There is no source {kind}. There are: {known}"
    what_to_do_zh = "请从现有来源中选择。"
    what_to_do_en = "Choose one of these."


class UnknownEntity(HuitianError, code="unknown_entity", status=404):
    """The catalogue has no such entity."""

    words_zh = "目录里没有实体 {entity}。"
    words_en = "The catalogue has no entity {entity}."
    what_to_do_zh = "全部实体见 GET /v1/entities。"
    what_to_do_en = "GET /v1/entities lists all entities."


class UnknownField(HuitianError, code="unknown_field", status=422):
    """The entity has no such field, or you may not see it."""

    words_zh = "实体 {entity} 没有字段 {field}，或您不能查看。"
    words_en = "The entity {entity} has no field {field} that you may see."
    what_to_do_zh = "字段见 GET /v1/entities。"
    what_to_do_en = "GET /v1/entities lists the fields."


class UnknownNumber(HuitianError, code="unknown_number", status=404):
    """There is no number of this name."""

    words_zh = "没有数字 {number_id} 的定义。"
    words_en = "No number {number_id} is defined."
    what_to_do_zh = "全部定义见 GET /v1/numbers。"
    what_to_do_en = "GET /v1/numbers lists all definitions."


class UnknownPlace(HuitianError, code="unknown_place", status=404):
    """There is no such place in this tree on this day."""

    words_zh = "{at} 的地方树里没有 {place_id}。"
    words_en = "There is no place {place_id} in the tree at {at}."
    what_to_do_zh = "请核对代码和日期；分立、合并的沿革见该地方的页面。"
    what_to_do_en = "Check the code and the date; a place keeps its splits and merges on its page."


class UnknownUnit(HuitianError, code="unknown_unit", status=422):
    """There is no unit of this name, or the two do not go into one another."""

    words_zh = "单位 {unit_id} 不存在，或不能换算为 {into}。"
    words_en = "There is no unit {unit_id}, or it does not convert into {into}."
    what_to_do_zh = "全部单位见 huitian/units.py。"
    what_to_do_en = "huitian/units.py lists all units."


class PackInvalid(HuitianError, code="pack_invalid", status=500):
    """A scenario pack breaks the rules of packs."""

    words_zh = "场景包 {pack_id} 的 {file_name} 有误：{why}"
    words_en = "The pack {pack_id} is wrong in {file_name}: {why}"
    what_to_do_zh = "请改正后运行 huitian check scenario {pack_id}。"
    what_to_do_en = "Correct it and run huitian check scenario {pack_id}."


class CalendarInvalid(HuitianError, code="calendar_invalid", status=500):
    """A calendar file breaks the rules of calendars."""

    words_zh = "日历 {file_name} 有误：{why}"
    words_en = "The calendar {file_name} is wrong: {why}"
    what_to_do_zh = "请改正；写法见 huitian/clock/statutory_days.toml 开头的说明。"
    what_to_do_en = "Correct it; the head of huitian/clock/statutory_days.toml shows the form."


class LadderInvalid(HuitianError, code="ladder_invalid", status=500):
    """A ladder file breaks the rules of ladders."""

    words_zh = "流程文件 {file_name} 的 {field} 有误：{why}"
    words_en = "The ladder {file_name} is wrong at {field}: {why}"
    what_to_do_zh = "请改正；写法见 huitian/cases/ladders/letter.toml。"
    what_to_do_en = "Correct it; huitian/cases/ladders/letter.toml shows the form."


class RolesInvalid(HuitianError, code="roles_invalid", status=500):
    """A city's file of roles breaks the rules of roles."""

    words_zh = "角色文件 {file_name} 第 {line} 行 {key} 有误：{why_zh}"
    words_en = "The roles in {file_name} are wrong at line {line}, {key}: {why_en}"
    what_to_do_zh = "请改正后运行 huitian check；写法见 huitian/base/roles.toml 开头的说明。"
    what_to_do_en = "Correct it and run huitian check; the head of huitian/base/roles.toml shows the form."
