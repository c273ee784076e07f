"""Figures of 数说回天: people, buildings, organisations, components and cases, by place and time."""

from dataclasses import replace

from huitian.plugin import AnyOf, Condition, NumberDefinition, Watch

OPEN = (
    Condition("reported_at", "le", "@as_of"),
    AnyOf((Condition("closed_at", "is_null"), Condition("closed_at", "gt", "@as_of"))),
)
UNANSWERED = AnyOf((Condition("replied_at", "is_null"), Condition("replied_at", "gt", "@as_of")))
ANSWERED_OR_BEFORE_WATCH = AnyOf(
    (
        Condition("replied_at", "le", "@as_of"),
        Condition("watch_at", "is_null"),
        Condition("watch_at", "gt", "@as_of"),
    )
)
REGISTER_ZH, REGISTER_EN = "城市底库", "City data base"
LOG_ZH, LOG_EN = "案件日志", "Case log"

PEOPLE = (
    NumberDefinition(
        "people.residents", "常住人口", "Residents",
        "居住在本区域的人数；按隐私规则取整，少于下限不显示。",
        "Persons who live in the area; rounded by the privacy rule and not shown below its floor.",
        "{n}", "persons", "person", source_zh=REGISTER_ZH, source_en=REGISTER_EN,
    ),
    NumberDefinition(
        "people.density", "人口密度", "Residents per km²",
        "居住在本区域的人数（按隐私规则取整后）除以本区域面积。",
        "Persons who live in the area, rounded by the privacy rule first, by its area in square kilometres.",
        "{n} / km²", "persons_per_km2", "person", per="km2", source_zh=REGISTER_ZH, source_en=REGISTER_EN,
    ),
    NumberDefinition(
        "people.households", "户数", "Households",
        "居住在本区域的户数；按隐私规则取整，少于下限不显示。",
        "Households in the area; rounded by the privacy rule and not shown below its floor.",
        "{n}", "households", "household", source_zh=REGISTER_ZH, source_en=REGISTER_EN,
    ),
)  # fmt: skip

THINGS = (
    NumberDefinition(
        "buildings.total", "楼栋", "Buildings", "在册楼栋数。", "Buildings on the register.", "{n}", "buildings",
        "building", source_zh=REGISTER_ZH, source_en=REGISTER_EN,
    ),
    NumberDefinition(
        "dwellings.total", "房屋", "Dwellings", "在册房屋套数。", "Dwellings on the register.", "{n}",
        "dwellings", "dwelling", source_zh=REGISTER_ZH, source_en=REGISTER_EN,
    ),
    NumberDefinition(
        "dwellings.vacant_rate", "空置率", "Vacancy rate", "状态为空置的房屋占在册房屋的比例。",
        "Vacant dwellings as a share of those on the register.", "{numerator} / {denominator}", "percent",
        "dwelling", kind="ratio", part=(Condition("occupancy_state", "eq", "vacant"),), decimals=2,
        source_zh=REGISTER_ZH, source_en=REGISTER_EN,
    ),
    NumberDefinition(
        "organisations.total", "组织", "Organisations", "在册组织数，含企业、部门、街道和居委会。",
        "Organisations on the register: enterprises, departments, streets and committees.", "{n}",
        "organisations", "organisation", source_zh=REGISTER_ZH, source_en=REGISTER_EN,
    ),
    NumberDefinition(
        "components.total", "部件", "Components", "在册城市管理部件数（GB/T 47678.5）。",
        "City components on the register (GB/T 47678.5).", "{n}", "components", "component",
        source_zh=REGISTER_ZH, source_en=REGISTER_EN,
    ),
)  # fmt: skip

STOCK = NumberDefinition(
    "cases.open", "在办案件", "Open cases", "已反映、尚未办结的案件。", "Cases reported and not yet closed.", "{n}",
    "cases", "case", where=OPEN, instant="reported_at", leaves="closed_at", series="stock", change="yesterday",
    direction="less_is_better", source_zh=LOG_ZH, source_en=LOG_EN, narrows=("category_code", "grade"),
)  # fmt: skip
CLOCK = (
    replace(
        STOCK, number_id="cases.on_time", leaves="", title_zh="正常", title_en="On time", change="none",
        definition_zh="在办案件中，用时不到七成或已经反馈的。",
        definition_en="Open cases that used less than 70% of their limit, or are answered.",
        where=(*OPEN, ANSWERED_OR_BEFORE_WATCH), direction="neutral",
    ),
    replace(
        STOCK, number_id="cases.watch", leaves="", title_zh="过七成", title_en="Past 70%", change="none",
        definition_zh="在办未反馈、用时过七成而不到九成的案件。",
        definition_en="Open, unanswered cases between 70% and 90% of their limit.",
        where=(*OPEN, UNANSWERED, Condition("watch_at", "le", "@as_of"), Condition("urgent_at", "gt", "@as_of")),
    ),
    replace(
        STOCK, number_id="cases.urgent", leaves="", title_zh="过九成", title_en="Past 90%", change="none",
        definition_zh="在办未反馈、用时过九成而未超期的案件。",
        definition_en="Open, unanswered cases past 90% of their limit and not late.",
        where=(*OPEN, UNANSWERED, Condition("urgent_at", "le", "@as_of"), Condition("due_at", "gt", "@as_of")),
    ),
    replace(
        STOCK, number_id="cases.late", leaves="", title_zh="超期", title_en="Late",
        definition_zh="在办未反馈、已超过办结时限的案件。",
        definition_en="Open, unanswered cases past their limit.",
        where=(*OPEN, UNANSWERED, Condition("due_at", "le", "@as_of")),
    ),
    replace(
        STOCK, number_id="cases.waiting_dispatch", leaves="", title_zh="待派", title_en="To dispatch", change="none",
        definition_zh="已反映、尚未派单的案件。", definition_en="Cases reported and not yet dispatched.",
        where=(
            *OPEN,
            UNANSWERED,
            AnyOf((Condition("dispatched_at", "is_null"), Condition("dispatched_at", "gt", "@as_of"))),
        ),
    ),
)  # fmt: skip
TODAY = NumberDefinition(
    "cases.reported_today", "今日诉求", "Reported today", "今天零点以来反映的案件。",
    "Cases reported since midnight.", "{n}", "cases", "case", instant="reported_at", series="flow",
    window=(Condition("reported_at", "ge", "@day_start"), Condition("reported_at", "le", "@as_of")),
    change="yesterday", direction="less_is_better", source_zh=LOG_ZH, source_en=LOG_EN,
    narrows=("category_code", "grade"),
    watch=Watch(
        "category_code", "cases.reported_today_usual",
        more=("{when}{what}诉求 {n} 件，比{base}多 {change} 件", "{what} {when}: {n} cases, {change} above {base}"),
        fewer=("{when}{what}诉求 {n} 件，比{base}少 {change} 件", "{what} {when}: {n} cases, {change} below {base}"),
        at_place=("；{there} 件在{place}", "; {there} in {place}"),
        also_id="cases.late_today", also=("，{also} 件已超时限", ", {also} past their limit"),
    ),
)  # fmt: skip
FLOW = (
    TODAY,
    replace(
        TODAY, number_id="cases.reported_today_usual", title_zh="今日诉求（比四周）",
        title_en="Reported today (on four weeks)", change="four_weeks", watch=None,
        definition_zh="今天零点以来反映的案件，与前四周同一天此时的均值比。",
        definition_en="Cases reported since midnight, against the mean of this time of this weekday in four weeks.",
    ),
    replace(
        TODAY, number_id="cases.late_today", title_zh="今日诉求已超时限", title_en="Reported today and late",
        definition_zh="今天零点以来反映、在办未反馈、已超过办结时限的案件。",
        definition_en="Cases reported since midnight that are open, unanswered and past their limit.",
        where=(*OPEN, UNANSWERED, Condition("due_at", "le", "@as_of")), change="none", series="none", watch=None,
    ),
    NumberDefinition(
        "cases.reported_7d", "七日诉求", "Reported in 7 days", "近7天反映的案件。",
        "Cases reported in the last 7 days.", "{n}", "cases", "case", instant="reported_at", series="flow",
        window=(Condition("reported_at", "ge", "@days_ago:7"), Condition("reported_at", "le", "@as_of")),
        change="four_weeks", direction="less_is_better", source_zh=LOG_ZH, source_en=LOG_EN,
        narrows=("category_code", "grade"),
    ),
    NumberDefinition(
        "cases.reported_30d", "近30天诉求", "Reported in 30 days", "近30天反映的案件。",
        "Cases reported in the last 30 days.", "{n}", "cases", "case", instant="reported_at", series="flow",
        window=(Condition("reported_at", "ge", "@days_ago:30"), Condition("reported_at", "le", "@as_of")),
        change="last_month", direction="less_is_better", source_zh=LOG_ZH, source_en=LOG_EN,
    ),
    NumberDefinition(
        "cases.closed_today", "今日办结", "Closed today", "今天零点以来办结的案件。",
        "Cases closed since midnight.", "{n}", "cases", "case", instant="closed_at", series="flow",
        window=(Condition("closed_at", "ge", "@day_start"), Condition("closed_at", "le", "@as_of")),
        change="yesterday", direction="more_is_better", source_zh=LOG_ZH, source_en=LOG_EN,
    ),
)  # fmt: skip

NUMBERS = (*PEOPLE, *THINGS, STOCK, *CLOCK, *FLOW)
