"""The catalogue's entities: what the data base of a city can be asked for, with lenses and units."""

from dataclasses import replace

from huitian.model.entity import Column, Entity, Kind, Standing
from huitian.model.scope import Mask, Release


def col(
    name: str, kind: Kind, zh: str, en: str, unit: str = "", *, v1: Mask = "full", v2: Mask = "full"
) -> Column:
    """Declare one column."""
    return Column(name, kind, zh, en, unit, v1, v2)


BOX = tuple(col(side, "real", f"外框{zh}", f"Box {side}") for side, zh in
            (("west", "西"), ("south", "南"), ("east", "东"), ("north", "北")))  # fmt: skip
HIDDEN_BOX = tuple(replace(column, v1="hidden") for column in BOX)
"""The box of a case is its point, which lens V1 sees only snapped."""
POINT_OPEN = (col("lon", "real", "经度", "Longitude"), col("lat", "real", "纬度", "Latitude"))
ORIGIN = (col("load_id", "text", "装载", "Load"), col("load_seq", "integer", "装载序号", "Load sequence"))
VALID = (col("valid_from", "date", "起始", "Valid from"), col("valid_to", "date", "终止", "Valid to"))
WHERE = (col("place_id", "text", "所在地方", "Place"),)
ATTRIBUTES = (col("attributes", "json", "其他属性", "Other attributes", v1="hidden", v2="uncounted"),)


def entity(name: str, zh: str, en: str, key: str, columns: tuple[Column, ...], standing: Standing, *,
           release: Release = "exact", instant: str = "", label: str = "",
           group: str = "work") -> Entity:  # fmt: skip
    """Declare one entity; ``key`` names its key columns, separated by spaces."""
    return Entity(name, zh, en, tuple(key.split()), columns, standing, release, instant, label, group)


PLACES = (
    entity("tree", "地方树", "Place tree", "tree_id", (
        col("tree_id", "text", "树", "Tree"), col("title_zh", "text", "名称", "Name"),
        col("title_en", "text", "英文名", "English name"), col("levels", "json", "层级", "Levels")), "open",
        label="title_zh", group="open"),
    entity("edition", "版次", "Edition", "edition_id", (
        col("edition_id", "text", "版次", "Edition"), col("tree_id", "text", "树", "Tree"),
        col("edition_no", "integer", "序号", "Number"), *VALID), "open", group="open"),
    entity("edition_place", "版次内地方", "Place in edition", "edition_id place_id", (
        col("edition_id", "text", "版次", "Edition"), col("place_id", "text", "地方", "Place"),
        col("parent_id", "text", "上级", "Parent"), col("depth", "integer", "深度", "Depth"),
        col("rank", "integer", "序", "Rank"), col("rank_last", "integer", "末序", "Last rank")), "open",
        group="open"),
    entity("lineage", "沿革", "Lineage", "from_id to_id", (
        col("from_id", "text", "原地方", "From"), col("to_id", "text", "新地方", "To"),
        col("kind", "text", "类型", "Kind"), col("changed_on", "date", "日期", "Changed on"),
        col("share_ratio", "real", "面积占比", "Share")), "open", group="open"),
    entity("place", "地方", "Place", "place_id", (
        col("place_id", "text", "地方", "Place"), col("tree_id", "text", "树", "Tree"),
        col("code", "text", "编码", "Code"), col("level", "text", "层级", "Level"),
        col("name", "text", "名称", "Name"), col("name_en", "text", "英文名", "English name"),
        col("parent_id", "text", "上级", "Parent"), *VALID, col("area_m2", "real", "面积", "Area", "m2"),
        col("label_lon", "real", "标注经度", "Label longitude"),
        col("label_lat", "real", "标注纬度", "Label latitude"),
        col("geometry", "geometry", "边界", "Outline"), *BOX, *ATTRIBUTES, *ORIGIN), "place", label="name",
        group="open"),
    entity("anchor", "归属", "Standing", "entity object_id tree_id valid_from", (
        col("entity", "text", "对象类", "Entity"), col("object_id", "text", "对象", "Object"),
        col("tree_id", "text", "树", "Tree"), *VALID, col("place_id", "text", "地方", "Place"),
        col("located_by", "text", "定位依据", "Located by")), "city"),
)  # fmt: skip

OBJECTS = (
    entity("building", "楼栋", "Building", "building_id", (
        col("building_id", "text", "楼栋编码", "Building code"), col("name", "text", "名称", "Name"),
        col("name_en", "text", "英文名", "English name"), *WHERE,
        col("use", "text", "用途", "Use"), col("structure", "text", "结构", "Structure"),
        col("n_floors_above", "integer", "地上层数", "Floors above ground"),
        col("n_floors_below", "integer", "地下层数", "Floors below ground"),
        col("n_units", "integer", "单元数", "Units"), col("n_dwellings", "integer", "房屋数", "Dwellings"),
        col("height_m", "real", "楼高", "Height", "m"), col("built_year", "integer", "建成年", "Built"),
        *POINT_OPEN, col("geometry", "geometry", "轮廓", "Footprint"), *BOX, *ATTRIBUTES, *VALID, *ORIGIN),
        "anchor", label="name", group="open"),
    entity("unit", "单元", "Unit", "unit_id", (
        col("unit_id", "text", "单元编码", "Unit code"), col("building_id", "text", "楼栋", "Building"),
        col("unit_no", "text", "单元", "Unit"), col("n_floors", "integer", "层数", "Floors"), *WHERE, *ORIGIN),
        "anchor"),
    entity("floor", "楼层", "Floor", "floor_id", (
        col("floor_id", "text", "楼层编码", "Floor code"), col("building_id", "text", "楼栋", "Building"),
        col("unit_no", "text", "单元", "Unit"), col("floor_no", "integer", "层", "Floor"), *WHERE, *ORIGIN),
        "anchor"),
    entity("dwelling", "房屋", "Dwelling", "dwelling_id", (
        col("dwelling_id", "text", "房屋编码", "Dwelling code"), col("building_id", "text", "楼栋", "Building"),
        col("unit_no", "text", "单元", "Unit"), col("floor_no", "integer", "层", "Floor"),
        col("room_no", "text", "房号", "Room", v1="hidden"),
        col("occupancy_state", "text", "居住状态", "Occupancy"), col("tenure", "text", "权属", "Tenure"),
        col("floor_area_m2", "real", "建筑面积", "Floor area", "m2"), *WHERE, *VALID, *ORIGIN), "anchor"),
    entity("organisation", "组织", "Organisation", "org_id", (
        col("org_id", "text", "组织", "Organisation"), col("name", "text", "名称", "Name"),
        col("name_en", "text", "英文名", "English name"), col("kind", "text", "类型", "Kind"),
        col("uscc", "text", "统一社会信用代码", "Credit code"),
        col("parent_org_id", "text", "上级组织", "Parent organisation"), *WHERE,
        col("duty_phone", "text", "值班电话", "Duty phone", v1="hidden"), *POINT_OPEN,
        col("capacity_n", "integer", "在办容量", "Capacity", "cases"), *ATTRIBUTES, *ORIGIN), "anchor",
        label="name", group="open"),
    entity("component", "部件", "Component", "component_id", (
        col("component_id", "text", "部件标识码", "Component code"),
        col("class_code", "text", "类别", "Class"), col("name", "text", "名称", "Name"),
        col("status", "text", "状态", "Status"), *WHERE, *POINT_OPEN, *BOX, *ATTRIBUTES, *VALID, *ORIGIN),
        "anchor", label="name", group="open"),
    entity("layer", "图层", "Layer", "layer_id", (
        col("layer_id", "text", "图层", "Layer"), col("title_zh", "text", "名称", "Name"),
        col("title_en", "text", "英文名", "English name"),
        col("geometry_kind", "text", "几何", "Geometry"), *ORIGIN), "open", group="open"),
    entity("feature", "图层要素", "Feature", "feature_id", (
        col("feature_id", "text", "要素", "Feature"), col("layer_id", "text", "图层", "Layer"),
        col("kind", "text", "类型", "Kind"), col("name", "text", "名称", "Name"),
        col("geometry", "geometry", "几何", "Geometry"), *BOX, *ATTRIBUTES, *ORIGIN), "open",
        label="name", group="open"),
)  # fmt: skip

PEOPLE = (
    entity("household", "户", "Household", "household_id", (
        col("household_id", "text", "户号", "Household no."), col("building_id", "text", "楼栋", "Building"),
        col("kind", "text", "户类型", "Kind"), col("n_persons", "integer", "人数", "Persons", "persons"),
        col("cell_key", "integer", "单元键", "Cell key"), *WHERE, *ORIGIN), "anchor",
        release="protected", group="people"),
    entity("occupancy", "人房关系", "Occupancy", "household_id dwelling_id valid_from", (
        col("household_id", "text", "户号", "Household no."), col("dwelling_id", "text", "房屋", "Dwelling"),
        *VALID, col("building_id", "text", "楼栋", "Building"), *WHERE, *ORIGIN), "anchor",
        release="protected", group="people"),
    entity("person", "人", "Person", "person_id", (
        col("person_id", "text", "人员编号", "Person no."), col("household_id", "text", "户号", "Household no."),
        col("building_id", "text", "楼栋", "Building"),
        col("birth_year", "integer", "出生年", "Birth year", v1="hidden"), col("sex", "text", "性别", "Sex"),
        col("is_registered", "boolean", "户籍", "Registered here"),
        col("cell_key", "integer", "单元键", "Cell key"), *WHERE, *ORIGIN), "anchor", release="protected",
        group="people"),
    entity("person_identity", "身份", "Identity", "person_id", (
        col("person_id", "text", "人员编号", "Person no."),
        col("name", "text", "姓名", "Name", v1="surname", v2="middle"),
        col("phone", "text", "电话", "Phone", v1="hidden", v2="phone"),
        col("id_number", "text", "身份证号", "ID number", v1="hidden", v2="id_number")), "city",
        release="protected", group="system"),
)  # fmt: skip

RELEASED = (
    entity("count_release", "人数发布", "Release of counts", "release_id", (
        col("release_id", "text", "发布", "Release"), col("entity", "text", "对象类", "Entity"),
        col("audience", "text", "对象", "Audience"), col("release_no", "integer", "次序", "Number"),
        col("edition_ids", "json", "版次", "Editions"), col("counted_at", "instant", "统计时间", "Counted"),
        col("k", "integer", "下限", "Floor"), col("round_to", "integer", "取整到", "Rounded to"),
        col("rule_set", "text", "规则", "Rules"), col("n_cells", "integer", "单元数", "Cells"),
        col("n_below", "integer", "低于下限", "Below the floor"),
        col("n_withheld", "integer", "为保护他人不显示", "Withheld for others"),
        col("least_width", "integer", "最窄可能值数", "Fewest possible values"),
        col("content_hash", "text", "摘要", "Hash")), "city", group="system"),
    entity("released_cell", "发布单元", "Released cell", "release_id place_id cut", (
        col("release_id", "text", "发布", "Release"), col("place_id", "text", "地方", "Place"),
        col("cut", "text", "维度", "Cut"), col("state", "text", "状态", "State"),
        col("shown_n", "integer", "数", "Count")), "city", group="system"),
)  # fmt: skip

CASES = (
    entity("case", "案件", "Case", "case_id", (
        col("case_id", "text", "案件", "Case"), col("case_no", "text", "单号", "Number"), *WHERE,
        col("kind", "text", "种类", "Kind"), col("channel", "text", "渠道", "Channel"),
        col("ladder_id", "text", "流程", "Ladder"), col("rule_set", "text", "规则版本", "Rule set"),
        col("category_code", "text", "类别", "Category"), col("grade", "integer", "等级", "Grade"),
        col("state", "text", "状态", "State"), col("ladder_level", "text", "层级", "Level"),
        col("version", "integer", "版本", "Version"),
        col("owner_org_id", "text", "承办", "Owner"),
        col("lon", "real", "经度", "Longitude", v1="snap_500"),
        col("lat", "real", "纬度", "Latitude", v1="snap_500"),
        *HIDDEN_BOX, col("building_id", "text", "楼栋", "Building", v1="hidden"),
        col("located_by", "text", "定位依据", "Located by"),
        col("reported_at", "instant", "反映时间", "Reported"),
        col("dispatched_at", "instant", "派单时间", "Dispatched"),
        col("signed_at", "instant", "签收时间", "Signed"),
        col("contacted_at", "instant", "首次联系", "First contact"),
        col("replied_at", "instant", "反馈时间", "Replied"), col("visited_at", "instant", "回访时间", "Followed up"),
        col("closed_at", "instant", "办结时间", "Closed"), col("due_at", "instant", "时限", "Due"),
        col("watch_at", "instant", "过七成", "70% of the limit"),
        col("urgent_at", "instant", "过九成", "90% of the limit"),
        col("is_contacted", "boolean", "已联系", "Contacted"), col("solved", "text", "是否解决", "Solved"),
        col("satisfied", "text", "满意度", "Satisfaction"), col("n_files", "integer", "附件数", "Files"),
        col("origin_load_id", "text", "装载", "Load")), "anchor", instant="reported_at", label="case_no"),
    entity("case_step", "步骤", "Step", "case_id step_no", (
        col("case_id", "text", "案件", "Case"), col("step_no", "integer", "序号", "Step"),
        col("action", "text", "动作", "Action"), col("actor_id", "text", "经办人", "Actor"),
        col("actor_org_id", "text", "经办单位", "Organisation"), col("taken_at", "instant", "时间", "Taken"),
        col("facts", "json", "事实", "Facts", v1="hidden"),
        col("idempotency_key", "text", "幂等键", "Idempotency key", v1="secret", v2="secret")),
        "anchor", instant="taken_at"),
    entity("case_words", "原话", "Words", "case_id step_no field", (
        col("case_id", "text", "案件", "Case"), col("step_no", "integer", "序号", "Step"),
        col("field", "text", "字段", "Field"),
        col("words", "text", "原话", "Words", v1="hidden", v2="free_text")), "anchor"),
    entity("case_contact", "联系人", "Contact", "case_id", (
        col("case_id", "text", "案件", "Case"), col("name", "text", "称呼", "Name", v1="hidden", v2="middle"),
        col("phone", "text", "电话", "Phone", v1="hidden", v2="phone"),
        col("is_anonymous", "boolean", "匿名", "Anonymous"),
        col("follow_code_hash", "text", "查询码摘要", "Follow code hash", v1="secret", v2="secret")), "anchor",
        group="handling"),
    entity("case_file", "附件", "File", "case_id step_no file_id", (
        col("case_id", "text", "案件", "Case"), col("step_no", "integer", "序号", "Step"),
        col("file_id", "text", "文件", "File"), col("role", "text", "用途", "Role")), "anchor",
        group="handling"),
    entity("category", "诉求类别", "Category", "category_code", (
        col("category_code", "text", "类别", "Category"), col("parent_code", "text", "上级", "Parent"),
        col("title_zh", "text", "名称", "Name"), col("title_en", "text", "英文名", "English name"),
        col("grade", "integer", "等级", "Grade"), col("keywords", "json", "关键词", "Keywords")), "open",
        label="title_zh", group="open"),
    entity("dispatch_rule", "派单目录", "Dispatch rule", "rule_id", (
        col("rule_id", "text", "规则", "Rule"), col("category_code", "text", "类别", "Category"),
        col("place_id", "text", "地方", "Place"), col("org_id", "text", "组织", "Organisation"),
        col("org_kind", "text", "组织类型", "Organisation kind"), *VALID), "open", group="handling"),
)  # fmt: skip

RECORD_OF_DATA = (
    entity("load", "装载", "Load", "load_id", (
        col("load_id", "text", "装载", "Load"), col("kind", "text", "来源类", "Kind"),
        col("file_name", "text", "文件", "File"), col("file_hash", "text", "文件摘要", "File hash"),
        col("map_hash", "text", "映射摘要", "Mapping hash"), col("state", "text", "状态", "State"),
        col("n_read", "integer", "读入", "Read"), col("n_written", "integer", "写入", "Written"),
        col("n_unchanged", "integer", "未变", "Unchanged"), col("n_rejected", "integer", "拒收", "Rejected"),
        col("n_done_rows", "integer", "已处理", "Done"), col("started_at", "instant", "开始", "Started"),
        col("finished_at", "instant", "结束", "Finished"), col("load_seq", "integer", "序号", "Sequence")),
        "city", instant="started_at", label="file_name", group="data"),
    entity("reject", "拒收行", "Reject", "load_id row_no reason_code", (
        col("load_id", "text", "装载", "Load"), col("row_no", "integer", "行", "Row"),
        col("source_key", "text", "来源键", "Source key", v1="free_text", v2="free_text"),
        col("reason_code", "text", "原因码", "Reason code"),
        col("reason_zh", "text", "原因", "Reason (Chinese)", v1="free_text", v2="free_text"),
        col("reason_en", "text", "原因（英）", "Reason", v1="free_text", v2="free_text"),
        col("raw", "json", "原始行", "Raw row", v1="hidden", v2="source_row")), "city", group="data"),
    entity("finding", "数据问题", "Finding", "finding_id", (
        col("finding_id", "text", "数据问题", "Finding"), col("rule_id", "text", "规则", "Rule"),
        col("entity", "text", "对象类", "Entity"), col("object_id", "text", "对象", "Object"),
        col("place_id", "text", "地方", "Place"), col("severity", "text", "程度", "Severity"),
        col("words_zh", "text", "说明", "Words (Chinese)"), col("words_en", "text", "说明（英）", "Words"),
        col("facts", "json", "事实", "Facts", v1="source_row", v2="source_row"),
        col("found_at", "instant", "发现时间", "Found"),
        col("load_id", "text", "装载", "Load"), col("is_open", "boolean", "未处理", "Open")), "place",
        instant="found_at", group="findings"),
    entity("source_row", "来源行", "Source row", "source_id source_key entity", (
        col("source_id", "text", "来源", "Source"), col("source_key", "text", "来源键", "Source key"),
        col("entity", "text", "对象类", "Entity"), col("object_id", "text", "对象", "Object"),
        col("content_hash", "text", "内容摘要", "Content hash"), col("load_id", "text", "装载", "Load")),
        "city", group="data"),
    entity("outbox", "事件", "Event", "seq", (
        col("seq", "integer", "序号", "Sequence"), col("topic", "text", "主题", "Topic"),
        col("kind", "text", "类型", "Kind"), col("payload", "json", "内容", "Payload"),
        col("place_ids", "json", "地方", "Places"), col("recorded_at", "instant", "时间", "Recorded")), "city",
        group="system"),
    entity("user_account", "账号", "Account", "user_id", (
        col("user_id", "text", "账号", "Account"), col("user_name", "text", "登录名", "Sign-in name"),
        col("display_name", "text", "姓名", "Name"), col("name_en", "text", "英文姓名", "English name"),
        col("org_id", "text", "组织", "Organisation"),
        col("password_hash", "text", "口令摘要", "Password hash", v1="secret", v2="secret"),
        col("is_demo", "boolean", "演示", "Demo")), "city", group="system"),
    entity("session", "会话", "Session", "session_hash", (
        col("session_hash", "text", "会话摘要", "Session hash", v1="secret", v2="secret"),
        col("user_id", "text", "账号", "Account"),
        col("csrf", "text", "防伪标记", "CSRF token", v1="secret", v2="secret"),
        col("created_at", "instant", "开始", "Created"),
        col("expires_at", "instant", "到期", "Expires"), col("acting", "text", "行使的授权", "Acting as"),
        col("address", "text", "来处", "Address"), col("browser", "text", "浏览器", "Browser"),
        col("seen_at", "instant", "最近使用", "Last used")), "city", group="system"),
    entity("api_token", "接口令牌", "API token", "token_id", (
        col("token_id", "text", "令牌", "Token"),
        col("token_hash", "text", "令牌摘要", "Token hash", v1="secret", v2="secret"),
        col("prefix", "text", "开头", "First characters"), col("title", "text", "用途", "What for"),
        col("user_id", "text", "账号", "Account"), col("acting", "text", "行使的授权", "Acting as"),
        col("grant_ids", "json", "所依授权", "Grants"),
        col("role", "text", "角色", "Role"), col("lens", "text", "视图", "Lens"),
        col("place_id", "text", "范围", "Place"), col("other_place_ids", "json", "其他范围", "Other places"),
        col("methods", "json", "方法", "Methods"),
        col("subjects", "json", "主题", "Subjects"), col("created_at", "instant", "发放", "Made"),
        col("expires_at", "instant", "到期", "Expires"), col("used_at", "instant", "最近使用", "Last used"),
        col("revoked_at", "instant", "收回", "Revoked")), "city", group="system"),
    entity("sign_in_link", "外部登录", "Sign-in from elsewhere", "issuer subject", (
        col("issuer", "text", "登录方", "Issuer"), col("subject", "text", "对方编号", "Subject"),
        col("user_id", "text", "账号", "Account"), col("linked_at", "instant", "关联时间", "Linked")), "city",
        group="system"),
    entity("grant", "授权", "Grant", "grant_id", (
        col("grant_id", "text", "授权", "Grant"), col("user_id", "text", "账号", "Account"),
        col("post_id", "text", "岗位", "Post"), col("role", "text", "角色", "Role"),
        col("lens", "text", "视图", "Lens"), col("place_id", "text", "地方", "Place"),
        col("org_id", "text", "组织", "Organisation"), col("purpose", "text", "用途", "Purpose"),
        col("starts_at", "instant", "生效", "Starts"), col("expires_at", "instant", "到期", "Expires"),
        col("granted_by", "text", "授权人", "Granted by"), col("granted_at", "instant", "授权时间", "Granted"),
        col("delegated_from", "text", "转自", "Delegated from"), col("version", "integer", "版本", "Version"),
        col("revoked_at", "instant", "收回时间", "Revoked"), col("revoked_by", "text", "收回人", "Revoked by")),
        "place", group="access"),
    entity("post", "岗位", "Post", "post_id", (
        col("post_id", "text", "岗位", "Post"), col("org_id", "text", "组织", "Organisation"), *WHERE,
        col("title", "text", "名称", "Title"), col("user_name", "text", "登录名", "Sign-in name", v1="hidden"),
        col("holder_name", "text", "任职人", "Holder", v1="surname"), *ORIGIN), "anchor", label="title"),
    entity("duty", "值班", "Duty", "duty_id", (
        col("duty_id", "text", "班次", "Shift"), col("org_id", "text", "组织", "Organisation"),
        col("post_id", "text", "岗位", "Post"), col("place_id", "text", "地方", "Place"),
        col("user_name", "text", "登录名", "Sign-in name", v1="hidden"),
        col("person_name", "text", "值班人", "Person on duty", v1="surname"),
        col("person_name_en", "text", "值班人英文姓名", "English name of the person on duty", v1="hidden"),
        col("phone", "text", "值班电话", "Duty phone", v1="hidden"), col("can_do", "text", "能办的事", "Can do"),
        col("instead_of", "text", "顶替", "Instead of", v1="surname"),
        col("starts_at", "instant", "上班", "Starts"), col("ends_at", "instant", "下班", "Ends"), *ORIGIN), "place",
        label="person_name"),
    entity("pack_state", "场景开关", "Pack switch", "pack_id place_id change_no", (
        col("pack_id", "text", "场景", "Pack"), col("place_id", "text", "地方", "Place"),
        col("change_no", "integer", "次序", "Change"), col("stage", "text", "状态", "Stage"),
        col("changed_by", "text", "经办人", "Changed by", v1="hidden"),
        col("changed_at", "instant", "时间", "Changed")), "place", instant="changed_at", group="packs"),
    entity("pack_use", "场景使用", "Use of a pack", "pack_id place_id used_on", (
        col("pack_id", "text", "场景", "Pack"), col("place_id", "text", "地方", "Place"),
        col("used_on", "date", "日期", "Day"), col("n_shown", "integer", "打开次数", "Shown"),
        col("n_acted", "integer", "操作次数", "Acted")), "place", group="packs"),
    entity("pack_feedback", "对场景的意见", "Feedback on a pack", "feedback_id", (
        col("feedback_id", "text", "意见", "Feedback"), col("pack_id", "text", "场景", "Pack"),
        col("panel_id", "text", "面板", "Panel"), col("place_id", "text", "地方", "Place"),
        col("verdict", "text", "评价", "Verdict"),
        col("words", "text", "说明", "Words", v1="hidden", v2="free_text"),
        col("given_on", "date", "日期", "Day")), "place", group="packs"),
    entity("erasure", "删除记录", "Erasure", "subject_id", (
        col("subject_id", "text", "对象", "Subject"), col("kind", "text", "类型", "Kind"),
        col("cause", "text", "缘由", "Cause"),
        col("erased_at", "instant", "删除时间", "Erased at"), col("erased_by", "text", "经办", "By"),
        col("reason", "text", "事由", "Reason", v1="hidden", v2="free_text")), "city", instant="erased_at",
        group="data"),
    entity("city_fact", "城市事实", "City fact", "fact", (
        col("fact", "text", "事实", "Fact"), col("told", "text", "内容", "Content")), "city",
        group="system"),
)  # fmt: skip

AUDIT = (
    entity("audit_row", "审计记录", "Audit entry", "seq", (
        col("seq", "integer", "序号", "Number"), col("version", "integer", "编码版本", "Version of the encoding"),
        col("done_at", "instant", "时间", "Done"), col("act", "text", "行为", "Act"),
        col("user_id", "text", "账号", "Account"), col("role", "text", "角色", "Role"),
        col("lens", "text", "视图", "Lens"), col("grant_ids", "json", "授权", "Grants"),
        col("entity", "text", "对象类", "Entity"), col("fields", "json", "字段", "Fields"),
        col("n_subjects", "integer", "涉及对象数", "Subjects"),
        col("subject_hash", "text", "对象摘要", "Hash of the subjects"),
        col("place_id", "text", "地方", "Place"), col("purpose_id", "text", "用途", "Purpose"),
        col("ticket", "text", "工单", "Ticket"), col("address_hash", "text", "地址摘要", "Hash of the address"),
        col("route", "text", "接口", "Door"), col("request_id", "text", "请求号", "Request"),
        col("details", "json", "细节", "Details"), col("prev_hash", "text", "前一摘要", "Hash before"),
        col("row_hash", "text", "摘要", "Hash")), "city", instant="done_at", group="audit"),
    entity("audit_subject", "审计对象", "Subject of an audit entry", "seq subject_no", (
        col("seq", "integer", "序号", "Number"), col("subject_no", "integer", "次序", "Order"),
        col("entity", "text", "对象类", "Entity"), col("subject_id", "text", "对象", "Subject"),
        col("place_id", "text", "地方", "Place")), "place", group="looks"),
    entity("purpose_taken", "已说明的用途", "Stated purpose", "taking_id", (
        col("taking_id", "text", "编号", "Number"), col("user_id", "text", "账号", "Account"),
        col("purpose_id", "text", "用途", "Purpose"), col("ticket", "text", "工单", "Ticket"),
        col("about_entity", "text", "对象类", "Entity"), col("about_id", "text", "对象", "About"),
        col("place_id", "text", "地方", "Place"), col("taken_at", "instant", "开始", "Taken"),
        col("until_at", "instant", "到期", "Until"), col("is_confirmed", "boolean", "二次确认", "Confirmed")),
        "city", group="system"),
)  # fmt: skip

FERRY = (
    entity("ferry_peer", "摆渡对方", "Side of the ferry", "peer_id", (
        col("peer_id", "text", "对方", "Other side"), col("public_key", "text", "公钥", "Public key"),
        col("prefix", "text", "单号字头", "Letters of its numbers"),
        col("version", "integer", "版本", "Version"), col("chain_out", "integer", "发出串", "Chain out"),
        col("seq_out", "integer", "发出序号", "Trip out"),
        col("hash_out", "text", "上趟摘要", "Hash of the trip out"),
        col("acked_seq", "integer", "已获回执", "Acknowledged"),
        col("chain_in", "integer", "收到串", "Chain in"), col("seq_in", "integer", "收到序号", "Trip in"),
        col("hash_in", "text", "收到摘要", "Hash of the trip in"),
        col("owes_ack", "boolean", "欠回执", "Owes an acknowledgement"),
        col("seen_chain", "integer", "对方所见串", "Chain seen there"),
        col("seen_seq", "integer", "对方所见序号", "Trip seen there"),
        col("reference_hash", "text", "公开数据摘要", "Hash of the published data"),
        col("event_seq", "integer", "看到的事件", "Event looked at"),
        col("sent_at", "instant", "发出时间", "Sent"), col("taken_at", "instant", "收到时间", "Taken")), "city",
        group="system"),
    entity("ferry_trip", "摆渡班次", "Trip of the ferry", "peer_id direction chain seq", (
        col("peer_id", "text", "对方", "Other side"), col("direction", "text", "方向", "Direction"),
        col("chain", "integer", "串", "Chain"), col("seq", "integer", "序号", "Trip"),
        col("file_name", "text", "文件", "File"), col("file_hash", "text", "文件摘要", "File hash"),
        col("n_items", "integer", "件数", "Items"), col("n_bytes", "integer", "字节", "Bytes"),
        col("made_at", "instant", "打包时间", "Packed"),
        col("written_at", "instant", "写出时间", "Written"),
        col("acked_at", "instant", "回执时间", "Acknowledged")), "city", group="system"),
    entity("ferry_letter", "摆渡来信", "Letter on the ferry", "letter_id", (
        col("letter_id", "text", "来信", "Letter"), col("peer_id", "text", "对方", "Other side"),
        col("case_no", "text", "单号", "Number"), col("given_no", "text", "先前单号", "Number given first"),
        col("case_id", "text", "案件", "Case"), col("state", "text", "状态", "State"),
        col("key_hash", "text", "幂等键摘要", "Hash of the key", v1="secret", v2="secret"),
        col("code_hash", "text", "查询码摘要", "Hash of the code", v1="secret", v2="secret"),
        col("content_hash", "text", "内容摘要", "Hash of the content", v1="secret", v2="secret"),
        col("sealed", "text", "密封内容", "Sealed content", v1="secret", v2="secret"),
        col("file_ids", "json", "附件", "Files"), col("reported_at", "instant", "反映时间", "Reported"),
        col("shown", "json", "居民所见", "What its writer sees"),
        col("shown_hash", "text", "所见摘要", "Hash of what its writer sees"),
        col("told_version", "integer", "已告知版本", "Version told"),
        col("can_rate", "boolean", "可评价", "Can be rated"), col("why", "text", "原因码", "Reason code"),
        col("why_zh", "text", "原因", "Reason (Chinese)"), col("why_en", "text", "原因（英）", "Reason"),
        col("chain", "integer", "串", "Chain"), col("seq", "integer", "序号", "Trip")), "city",
        group="system"),
    entity("ferry_rating", "摆渡评价", "Rating on the ferry", "rating_id", (
        col("rating_id", "text", "评价", "Rating"), col("letter_id", "text", "来信", "Letter"),
        col("peer_id", "text", "对方", "Other side"), col("state", "text", "状态", "State"),
        col("key_hash", "text", "幂等键摘要", "Hash of the key", v1="secret", v2="secret"),
        col("content_hash", "text", "内容摘要", "Hash of the content", v1="secret", v2="secret"),
        col("sealed", "text", "密封内容", "Sealed content", v1="secret", v2="secret"),
        col("answers", "json", "评价内容", "Answers"), col("rated_at", "instant", "评价时间", "Rated"),
        col("why", "text", "原因码", "Reason code"), col("why_zh", "text", "原因", "Reason (Chinese)"),
        col("why_en", "text", "原因（英）", "Reason"), col("chain", "integer", "串", "Chain"),
        col("seq", "integer", "序号", "Trip")), "city",
        group="system"),
)  # fmt: skip

ENTITIES: dict[str, Entity] = {
    e.name: e for e in (*PLACES, *OBJECTS, *PEOPLE, *RELEASED, *CASES, *RECORD_OF_DATA, *AUDIT, *FERRY)
}
