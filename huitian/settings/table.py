"""The table: every setting once, as a field of :class:`Settings`."""

# ruff: noqa: RUF009  (the calls are dataclass fields with metadata)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, TypeVar

Kind = Literal["text", "choice", "whole", "share", "yes_no", "folder", "spans", "box"]
Spans = tuple[tuple[time, time], ...]
"""Working spans of one day, half-open, in order: ``((08:00, 12:00), (14:00, 18:00))``."""
Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

PREFIX = "HUITIAN_"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table.

    Attributes:
        name: Attribute of :class:`Settings` and key in the file.
        kind: ``text``, ``choice``, ``whole`` number, exact ``share`` 0–1, ``yes_no``, ``folder``, ``spans``
            of a day ("08:00-12:00,14:00-18:00"), ``box`` ("west,south,east,north").
        default: Value where nobody says anything; ``None`` means "not set".
        section: Table of ``city.toml``; ``machine`` settings are of the computer and not allowed there.
        words_zh: What it does, in Chinese.
        words_en: What it does, in English.
        least: Smallest value that is taken; ``None`` for no bound.
        most: Largest value that is taken; ``None`` for no bound.
        choices: The values of a ``choice``.
        is_secret: Whether its value is never shown.
    """

    name: str
    kind: Kind
    default: Any
    section: str
    words_zh: str
    words_en: str
    least: int | None = None
    most: int | None = None
    choices: tuple[str, ...] = ()
    is_secret: bool = False

    @property
    def env(self) -> str:
        """Returns the name of the environment variable."""
        return PREFIX + self.name.upper()

    @property
    def option(self) -> str:
        """Returns the option of the command line."""
        return "--" + self.name.replace("_", "-")


_KINDS: Mapping[type, Kind] = {bool: "yes_no", int: "whole", Decimal: "share", str: "text", tuple: "spans"}


def _set(
    section: str, default: T, zh: str, en: str, *, least: int = 0, most: int | None = None, **more: Any
) -> T:
    kind = more.pop("kind", None) or ("choice" if "choices" in more else _KINDS[type(default)])
    row = {"section": section, "words_zh": zh, "words_en": en, "kind": kind, "least": least, **more}
    made: T = field(default=default, metadata={**row, "most": 1 if kind == "share" else most})
    return made


def _part(section: str, share: str, zh: str, en: str) -> Decimal:
    return _set(section, Decimal(share), zh, en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of a running Huitian; every field is one row of :data:`SETTINGS`."""

    home: Path | None = _set("machine", None, "城市文件夹", "Folder of the city", kind="folder")
    real_data: Path | None = _set(
        "machine",
        None,
        "真实数据集所在文件夹，供测试用",
        "Folder of the real data sets, for tests",
        kind="folder",
    )
    require: str = _set(
        "machine", "", "测试不得跳过的条件，逗号分隔", "What tests may not skip for, comma-separated"
    )
    chromium: Path | None = _set(
        "machine", None, "跑浏览器测试的 Chromium", "Chromium for browser journeys", kind="folder"
    )
    prove: bool = _set("machine", False, "测试是否跑全部轮次", "Whether tests run every round they have")
    ci_started: str = _set(
        "machine", "", "持续集成开始的时刻（Unix 秒）", "When the CI run began, in Unix seconds"
    )
    dev_backend: str = _set(
        "machine", "", "前端开发服务器转发到的地址", "Address to which the web dev server forwards"
    )
    demo_seed: int = _set("machine", 20260101, "演示城市的随机种子", "Seed of the demo city")
    demo_speed: int = _set(
        "machine", 1, "演示城市里每秒走过的秒数", "Seconds of the demo city in one second", least=1
    )

    store_password: str = _set(
        "machine", "", "PostgreSQL 的口令", "Password of the PostgreSQL user", is_secret=True
    )
    store_password_file: Path | None = _set(
        "machine",
        None,
        "写有 PostgreSQL 口令的文件，一行",
        "File that holds the password of the PostgreSQL user, one line",
        kind="folder",
    )

    master_keys: str = _set(
        "machine",
        "",
        "主密钥，编号:base64，逗号分隔；空则用 keys/ 里的文件",
        "Master keys as number:base64, comma-separated; empty takes the files in keys/",
        is_secret=True,
    )
    keys_command: str = _set(
        "machine",
        "",
        "打印主密钥的命令（如密钥库的客户端），输出同 master_keys",
        "Command that prints the master keys, such as that of a vault; its output is told as master_keys",
    )

    oidc_client_secret: str = _set(
        "machine",
        "",
        "在统一身份认证处的客户端口令",
        "Client secret of the city at its issuer",
        is_secret=True,
    )
    oidc_client_secret_file: Path | None = _set(
        "machine",
        None,
        "写有客户端口令的文件，一行",
        "File that holds the client secret, one line",
        kind="folder",
    )

    store_address: str = _set(
        "store",
        "",
        "PostgreSQL 的地址 postgresql://用户@主机:端口/库，不写口令；空则用文件夹里的 SQLite",
        "Address of a PostgreSQL database, postgresql://user@host:port/database, without its password; "
        "empty: SQLite in the city folder",
    )
    store_connections: int = _set(
        "store",
        16,
        "每个服务进程保持的数据库连接数",
        "Connections to PostgreSQL that each server process keeps",
        least=2,
        most=500,
    )

    slow_query_ms: int = _set(
        "store",
        500,
        "超过多少毫秒的语句记入日志，只记语句，不记其中的值",
        "Statements that take longer than these milliseconds are logged, without their values",
        least=1,
    )
    least_free_mb: int = _set(
        "store",
        512,
        "城市文件夹余量低于多少 MB 时告警",
        "Room in the city folder, in MB, below which it is said to be short",
    )
    most_clock_back_s: int = _set(
        "store",
        300,
        "机器时间比库里最新事件早多少秒即告警",
        "Seconds that the newest event may lie in the future before the clock is said to have gone back",
        least=1,
    )
    most_backup_age_h: int = _set(
        "store",
        48,
        "最近一次备份超过多少小时即告警",
        "Age of the last backup, in hours, from which it is said to be old",
        least=1,
    )

    gis_srid: str = _set(
        "store",
        "4490",
        "PostGIS 视图的坐标系 EPSG 代码：4490 为 CGCS2000，4326 为 WGS 84",
        "EPSG code that PostGIS views tell their degrees as: 4490 is CGCS2000, 4326 WGS 84",
        choices=("4490", "4326"),
    )

    host: str = _set("server", "127.0.0.1", "监听地址", "Address to listen on")
    port: int = _set(
        "server", 8010, "监听端口，0 为任选", "Port to listen on, 0 for any free one", most=65535
    )
    is_https: bool = _set(
        "server", False, "是否在 HTTPS 之后（Cookie 加 Secure）", "Behind HTTPS: cookies are Secure"
    )
    trusted_proxies: str = _set(
        "server",
        "",
        "可信反向代理的地址或网段，逗号分隔；只有它们说的来源地址（X-Forwarded-For）才算数，空则都不信",
        "Addresses or networks of reverse proxies, by commas, whose X-Forwarded-For is believed; empty: of none",
    )
    busy_timeout_s: int = _set("server", 10, "等待数据库写锁的秒数", "Seconds to wait for the store", least=1)
    workers: int = _set(
        "server",
        1,
        "服务进程数；多于 1 个须用 PostgreSQL",
        "Server processes; more than one needs PostgreSQL",
        least=1,
        most=64,
    )
    log_level: str = _set(
        "server",
        "info",
        "日志级别",
        "What is logged: this level and worse",
        choices=("debug", "info", "warning", "error"),
    )
    log_format: str = _set(
        "server",
        "json",
        "日志格式：json 每行一个对象，plain 给人看",
        "json: one object a line; plain: for people, without the time",
        choices=("json", "plain"),
    )
    log_file: Path | None = _set(
        "server", None, "日志文件，空则写标准错误", "File of the log; empty: standard error", kind="folder"
    )
    sse_heartbeat_s: int = _set(
        "server", 15, "实时流心跳间隔秒数", "Seconds between heartbeats of the stream", least=1
    )
    sse_queue_events: int = _set(
        "server",
        256,
        "每个客户端最多积压的事件数，超出即断开",
        "Events a slow client may lag before it is dropped",
        least=1,
    )

    name_zh: str = _set("city", "我的城市", "城市中文名", "Chinese name of the city")
    name_en: str = _set("city", "My city", "城市英文名", "English name of the city")
    root_place: str = _set(
        "city", "", "根地方的编号，空则取最高一级", "Place id of the root; empty: the topmost"
    )
    default_tree: str = _set("city", "admin", "默认的地方树", "Place tree that is used when none is named")
    language: str = _set("city", "zh", "界面默认语言", "Language of the screens", choices=("zh", "en"))
    box: Box | None = _set(
        "city",
        None,
        "合理坐标范围“西,南,东,北”，空则取根地方外接框",
        "Box of sane coordinates, west,south,east,north; empty: that of the root place",
        kind="box",
    )

    working_hours: Spans = _set(
        "time",
        ((time(8), time(12)), (time(14), time(18))),
        "工作日的工作时段",
        "Working spans of a working day",
    )
    working_day_h: int = _set(
        "time", 8, "一个工作日折合的工作时", "Working hours in one working day", least=1, most=24
    )
    hotline_month_day: int = _set(
        "time", 19, "热线考核月的起始日", "Day on which a hotline month begins", least=1, most=28
    )

    max_letter_chars: int = _set("letters", 5000, "来信最多字数", "Longest letter, in characters", least=1)
    max_photo_mb: int = _set("letters", 12, "单张照片最大 MB", "Largest photo, in MB", least=1)
    max_photo_mpx: int = _set("letters", 60, "单张照片最大百万像素", "Largest photo, in megapixels", least=1)
    max_photos: int = _set("letters", 6, "每次最多照片张数", "Most photos at once")
    max_letters_per_h: int = _set(
        "letters", 20, "同一来源每小时最多来信数", "Most letters of one address in an hour", least=1
    )
    max_photos_per_h: int = _set(
        "letters", 240, "同一来源每小时最多照片数", "Most photos of one address in an hour", least=1
    )
    max_wrong_codes_per_h: int = _set(
        "letters",
        20,
        "同一来源每小时最多输错查询码次数",
        "Most wrong follow codes of one address in an hour",
        least=1,
    )

    is_outside: bool = _set(
        "ferry",
        False,
        "这是不是对外主机的文件夹（huitian public init 会写上）",
        "Whether this is the folder of an outside host; huitian public init says so",
    )
    ferry_reported_at: str = _set(
        "ferry",
        "sent",
        "经对外主机来信的反映时间：sent 居民发出时，taken 城市收到时",
        "When a letter from an outside host counts as reported: sent by its writer, or taken by the city",
        choices=("sent", "taken"),
    )
    ferry_late_days: int = _set(
        "ferry",
        30,
        "经对外主机的来信，若自称发出已超过多少天，反映时间按城市收到时算",
        "Days after which what an outside host says of the time of a letter is not believed: it counts as reported "
        "when it was taken",
        least=1,
        most=3650,
    )
    ferry_trip_mb: int = _set(
        "ferry", 32, "每趟装多少 MB 的来信和照片", "Letters and photos of one trip, in MB", least=1, most=1024
    )
    ferry_max_mb: int = _set(
        "ferry", 256, "收文件的最大 MB", "Largest ferry file that is taken, in MB", least=1, most=2048
    )
    ferry_again_min: int = _set(
        "ferry",
        60,
        "多少分钟没有回执就原样重写，0 为不重写",
        "Minutes without an acknowledgement after which a trip is written again as it was; 0: never",
    )
    most_ferry_age_h: int = _set(
        "ferry",
        24,
        "超过多少小时没有收到对外主机的文件即告警",
        "Hours without anything from an outside host after which it is said",
        least=1,
    )
    ferry_keep_days: int = _set(
        "ferry",
        14,
        "有了回执的密封文件再留几天，供对方从备份恢复后补取",
        "Days that acknowledged sealed trips are kept, for a side that is restored from a backup",
        least=1,
    )

    undo_window_s: int = _set("cases", 60, "可撤回的秒数", "Seconds in which a step can be undone")
    owner_weight_category: Decimal = _part("cases", "0.50", "承办建议：类别权重", "Owner: weight of category")
    owner_weight_area: Decimal = _part("cases", "0.25", "承办建议：属地权重", "Owner: weight of the area")
    owner_weight_past: Decimal = _part("cases", "0.15", "承办建议：以往解决权重", "Owner: weight of the past")
    owner_weight_load: Decimal = _part("cases", "0.10", "承办建议：负荷权重", "Owner: weight of the load")
    owner_area_community: Decimal = _part("cases", "1.0", "同社区的属地分", "Area match: same community")
    owner_area_street: Decimal = _part("cases", "0.7", "同街道的属地分", "Area match: same street")
    owner_area_district: Decimal = _part("cases", "0.3", "同区的属地分", "Area match: same district")

    riser_hours: int = _set("cases", 48, "爬楼图：近几小时的诉求", "Homes: hours whose cases count", least=1)
    riser_own_share: Decimal = _part(
        "cases", "0.60", "立管：同列至少几成有同类诉求", "Riser: least share that has it"
    )
    riser_others_share: Decimal = _part("cases", "0.10", "立管：他列至多几成有", "Riser: most of the others")
    riser_least_homes: int = _set("cases", 3, "立管：至少几户", "Riser: fewest homes of it", least=2)
    similar_weight_category: Decimal = _part(
        "cases", "0.30", "相似旧案：类别权重", "Similar case: weight of the category"
    )
    similar_weight_place: Decimal = _part(
        "cases", "0.30", "相似旧案：远近权重", "Similar case: weight of the place"
    )
    similar_weight_words: Decimal = _part(
        "cases", "0.30", "相似旧案：原话权重", "Similar case: weight of the words"
    )
    similar_weight_recency: Decimal = _part(
        "cases", "0.10", "相似旧案：新旧权重", "Similar case: weight of the recency"
    )
    similar_half_life_days: int = _set(
        "cases", 180, "相似旧案：过多少天新旧分减半", "Similar case: days that halve its recency", least=1
    )

    solved_partly: Decimal = _set("rates", Decimal("0.5"), "部分解决计多少", "What 'partly solved' counts")
    satisfied_basically: Decimal = _set("rates", Decimal("0.8"), "基本满意计多少", "What 'basically' counts")
    headline_chance: Decimal = _set(
        "rates",
        Decimal("0.01"),
        "变化在平常日子出现的机会低于多少才算超出常态",
        "A change is beyond the usual when a usual day gives it with less than this chance",
    )
    hot_spot_least: int = _set(
        "rates",
        5,
        "一个社区一天同类诉求至少几件才是热点",
        "Cases of one kind in a community on one day from which it is a hot spot",
        least=1,
    )
    min_rate_n: int = _set(
        "rates", 30, "比率少于几件回访不排名", "Followed-up cases below which a rate is not ranked", least=1
    )

    k_outside: int = _set(
        "privacy", 10, "对外人数户数的最小值", "Least count of persons shown outside", least=1
    )
    looks_a_day_alarm: int = _set(
        "privacy", 300, "一人一天查看个人信息超过几次即告警",
        "Looks at persons of one user on one day that raise an alarm", least=1,
    )  # fmt: skip
    k_inside: int = _set("privacy", 5, "对内人数户数的最小值", "Least count of persons shown inside", least=1)
    round_to: int = _set("privacy", 5, "受保护计数取整到", "Protected counts are rounded to this", least=1)
    l_least: int = _set(
        "privacy", 2, "敏感维度至少出现几种值才显示", "Values of a sensitive dimension that must occur to show it",
        least=1,
    )  # fmt: skip
    cell_m: int = _set(
        "privacy", 250, "人口密度点阵的方格边长（米）", "Side of the squares of the density map, metres",
        least=100, most=5000,
    )  # fmt: skip

    seal_cipher: str = _set(
        "privacy", "aes-256-gcm", "个人信息用什么算法密封；已密封的不变",
        "Cipher that personal values are sealed with; what is sealed already stays as it is",
        choices=("aes-256-gcm", "sm4-gcm"),
    )  # fmt: skip
    most_searched: int = _set(
        "privacy", 20_000, "按原话搜索时最多打开多少件，自最新起",
        "Cases whose words a search opens at most, the newest first", least=100,
    )  # fmt: skip
    keep_words_years: int = _set(
        "privacy", 0, "办结后原话保留几年，到期销毁；0 一直保留（出厂为 0：案卷保存多久由当地档案规定定）",
        "Years that the words of a case are kept after it is closed; 0 keeps them, as shipped: how long a file on a "
        "case is kept is for the rules on archives where you are", most=100,
    )  # fmt: skip
    keep_contact_days: int = _set(
        "privacy", 0, "办结后来信人的称呼和电话保留几天，到期销毁；0 一直保留（出厂为 0：是案卷的一部分）",
        "Days that name and phone of a writer are kept after the case is closed; 0 keeps them, as shipped: they are "
        "part of the file on the case", most=36_500,
    )  # fmt: skip
    keep_photos_years: int = _set(
        "privacy", 0, "办结后照片保留几年，到期销毁；0 一直保留（出厂为 0：是案卷的一部分）",
        "Years that photos of a case are kept after it is closed; 0 keeps them, as shipped: they are part of the "
        "file on the case", most=100,
    )  # fmt: skip
    keep_feedback_days: int = _set(
        "privacy", 365, "对场景的意见，文字保留几天，评价不受影响；0 一直保留（出厂一年：只用来改进场景）",
        "Days that the words of feedback on a scenario are kept, its verdict stays; 0 keeps them; a year as shipped: "
        "they only serve to make it better", most=36_500,
    )  # fmt: skip
    keep_rejects_days: int = _set(
        "privacy", 180, "拒收的行，原样内容保留几天，行号和原因码不受影响；0 一直保留（出厂半年：只用来改正源文件）",
        "Days that rejected rows are kept as they came, row number and code of the reason stay; 0 keeps them; half a "
        "year as shipped: they only serve to mend the file", most=36_500,
    )  # fmt: skip
    keep_identity_years: int = _set(
        "privacy", 0,
        "最后一处居住结束后，姓名、电话和证件号保留几年；0 一直保留（出厂为 0：居住记录不全的城市会误删）",
        "Years that name, phone and identity number of a person are kept after their household left its last dwelling; "
        "0 keeps them, as shipped: where moves are not entered soon, people who live here would lose theirs", most=100,
    )  # fmt: skip
    retain_hour: int = _set(
        "privacy", 3, "每天几点（北京时间）起，由运行中的服务销毁到期的个人信息",
        "Hour of the day, Beijing time, from which a running server destroys what was kept long enough", most=23,
    )  # fmt: skip

    session_hours: int = _set("sign_in", 12, "登录有效小时数", "Hours that a session lasts", least=1)
    lockout_tries: int = _set(
        "sign_in", 5, "连续几次密码错误即锁定", "Wrong passwords in a row that lock", least=1
    )
    lockout_min: int = _set("sign_in", 15, "锁定分钟数", "Minutes of a lock", least=1)
    min_password_chars: int = _set("sign_in", 10, "密码最少字数", "Shortest password, in characters", least=8)
    may_password_be_common: bool = _set(
        "sign_in", False, "是否允许人人先试的常见密码", "Whether passwords that everybody tries first are taken",
    )  # fmt: skip
    oidc_issuer: str = _set(
        "sign_in", "", "统一身份认证（OpenID Connect）的地址，空则不用",
        "Address of an OpenID Connect issuer; empty: none",
    )  # fmt: skip
    oidc_client_id: str = _set(
        "sign_in", "", "在统一身份认证处的客户端编号", "Client id of the city at its issuer"
    )
    oidc_name_claim: str = _set(
        "sign_in", "preferred_username", "哪个声明与登录名相同，仅首次登录时用；email 须已验证",
        "Claim that equals the user name, looked at once at the first sign-in; an email must be verified",
    )  # fmt: skip
    oidc_back: str = _set(
        "sign_in", "", "统一身份认证返回的地址 https://…/v1/oidc/back，空则取请求的地址",
        "Address the issuer sends browsers back to, https://…/v1/oidc/back; empty: that of the request",
    )  # fmt: skip
    session_idle_min: int = _set(
        "sign_in", 0, "多少分钟没有请求即退出登录，0 为不限",
        "Minutes without a request after which a session ends; 0: no such limit",
    )  # fmt: skip
    token_most_days: int = _set(
        "sign_in", 365, "接口令牌最长有效天数", "Longest that an API token may last, in days", least=1, most=3650,
    )  # fmt: skip


SETTINGS: tuple[Setting, ...] = tuple(
    Setting(name=row.name, default=row.default, **row.metadata) for row in fields(Settings)
)
"""The table, in the order of the documentation."""

BY_NAME: Mapping[str, Setting] = {row.name: row for row in SETTINGS}
