"""Figures of 社区信箱: three rates over the hotline month, and letters in and answered.

The rates have the names of those that bodies are judged by (domain 01 §6) but count more: cases of every level, and a
contact whenever it was made. So they name no rule set.
"""

from huitian.plugin import Condition, NumberDefinition

VISITED = (Condition("visited_at", "ge", "@hotline_month_start"), Condition("visited_at", "le", "@as_of"))
SOURCE_ZH, SOURCE_EN = "回访与居民评价", "Follow-up and residents' ratings"
COUNTED_ZH = "计入本月回访的全部诉求：各级、各渠道都算，含社区一级，不作剔除；不是考核口径。"
COUNTED_EN = (
    "Counts every case followed up this hotline month, at every level and from every channel, those of the committee "
    "too, with no exclusions: not the rate that bodies are judged by."
)

NUMBERS = (
    NumberDefinition(
        "mailbox.response_rate", "响应率", "Response rate",
        f"回访时，答了的居民中说有人联系过自己的比例；超过时限才联系的也算联系过。{COUNTED_ZH}",
        "Of the residents followed up who answered, the share who said somebody contacted them; a contact later than "
        f"its limit counts as one too. {COUNTED_EN}", "{numerator} / {denominator}", "percent",
        "case", where=(Condition("is_contacted", "not_null"),), window=VISITED, kind="ratio",
        part=(Condition("is_contacted", "eq", True),), instant="visited_at", series="flow", change="last_month",
        direction="more_is_better", source_zh=SOURCE_ZH, source_en=SOURCE_EN, decimals=2, is_sample=True,
    ),
    NumberDefinition(
        "mailbox.solved_rate", "解决率", "Solved rate",
        f"回访时，居民认为问题已经解决的比例；部分解决按设定折算（默认半件）。{COUNTED_ZH}",
        "Of the residents followed up, the share who said the matter is solved; "
        f"a partly solved one counts in part (half by default). {COUNTED_EN}",
        "{numerator} / {denominator}", "percent", "case", window=VISITED, kind="score", column="solved",
        scores={"solved": "1", "partly": "@solved_partly", "unsolved": "0"}, instant="visited_at", series="flow",
        change="last_month", direction="more_is_better", source_zh=SOURCE_ZH, source_en=SOURCE_EN,
        decimals=2, is_sample=True,
    ),
    NumberDefinition(
        "mailbox.satisfied_rate", "满意率", "Satisfied rate",
        f"回访时，居民表示满意的比例；基本满意按设定折算（默认 0.8 件）。{COUNTED_ZH}",
        "Of the residents followed up, the share who are satisfied; a basically satisfied one counts as set (0.8 by "
        f"default). {COUNTED_EN}",
        "{numerator} / {denominator}", "percent", "case", window=VISITED, kind="score", column="satisfied",
        scores={"very": "1", "yes": "1", "basically": "@satisfied_basically", "no": "0", "very_no": "0"},
        instant="visited_at",
        series="flow", change="last_month", direction="more_is_better", source_zh=SOURCE_ZH,
        source_en=SOURCE_EN, decimals=2, is_sample=True,
    ),
    NumberDefinition(
        "mailbox.letters_30d", "近30天来信", "Letters in 30 days", "近30天社区信箱收到的信。",
        "Letters that reached the community mailbox in the last 30 days.", "{n}", "letters", "case",
        where=(Condition("channel", "in", ("C04", "C10")),), instant="reported_at", series="flow",
        window=(Condition("reported_at", "ge", "@days_ago:30"), Condition("reported_at", "le", "@as_of")),
        change="last_month", source_zh="社区信箱", source_en="Community mailbox",
    ),
    NumberDefinition(
        "mailbox.answered_30d", "近30天答复", "Answered in 30 days", "近30天答复居民的来信。",
        "Letters answered in the last 30 days.", "{n}", "letters", "case",
        where=(Condition("channel", "in", ("C04", "C10")),), instant="replied_at", series="flow",
        window=(Condition("replied_at", "ge", "@days_ago:30"), Condition("replied_at", "le", "@as_of")),
        change="last_month", direction="more_is_better", source_zh="社区信箱", source_en="Community mailbox",
    ),
)  # fmt: skip
