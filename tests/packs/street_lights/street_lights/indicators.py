"""Figures of street lights."""

from huitian.plugin import AnyOf, Condition, NumberDefinition

LAMP = Condition("class_code", "eq", "01037")
ROADS = Condition("category_code", "eq", "A07")
REGISTER_ZH, REGISTER_EN = "城市部件台账", "Register of components"
LOG_ZH, LOG_EN = "案件日志", "Case log"

NUMBERS = (
    NumberDefinition(
        "street_lights.total", "路灯", "Lamps", "在册的路灯数。", "Lamps on the register.", "{n}",
        "components", "component", where=(LAMP,), source_zh=REGISTER_ZH, source_en=REGISTER_EN,
    ),
    NumberDefinition(
        "street_lights.broken", "待修路灯", "Broken lamps", "在册而不完好的路灯数。",
        "Lamps on the register that are not in good order.", "{n}", "components", "component",
        where=(LAMP, Condition("status", "ne", "good")), direction="less_is_better", source_zh=REGISTER_ZH,
        source_en=REGISTER_EN,
    ),
    NumberDefinition(
        "street_lights.open", "在办", "Open", "道路类诉求中此刻没有办结的。",
        "Cases about roads that are not closed at this moment.", "{n}", "cases", "case",
        where=(
            ROADS,
            Condition("reported_at", "le", "@as_of"),
            AnyOf((Condition("closed_at", "is_null"), Condition("closed_at", "gt", "@as_of"))),
        ),
        instant="reported_at", series="stock", direction="less_is_better", source_zh=LOG_ZH, source_en=LOG_EN,
    ),
    NumberDefinition(
        "street_lights.reported", "今日反映", "Reported today", "今天零点以来反映的道路类诉求。",
        "Cases about roads reported since midnight.", "{n}", "cases", "case", where=(ROADS,),
        window=(Condition("reported_at", "ge", "@day_start"), Condition("reported_at", "le", "@as_of")),
        instant="reported_at", series="flow", source_zh=LOG_ZH, source_en=LOG_EN,
    ),
)  # fmt: skip
