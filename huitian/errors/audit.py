"""What a look at a person meets: a purpose that is missing or does not fit, an audit that cannot be written."""

from __future__ import annotations

from huitian.errors.root import HuitianError


class AuditUnwritten(HuitianError, code="audit_unwritten", status=503):
    """The audit could not be written, so nothing was shown or done."""

    words_zh = "审计记录未能写入，因此没有显示、也没有办理：{why}"
    words_en = "The audit could not be written, so nothing was shown or done: {why}"
    what_to_do_zh = "请稍后再试；若仍出错，请联系管理员检查数据库能否写入。"
    what_to_do_en = "Try again; if it stays, ask your administrator whether the store takes writes."


class PurposeMissing(HuitianError, code="purpose_missing", status=403):
    """A restricted field needs a purpose that is stated and not over."""

    words_zh = "查看“{entity}”的 {fields} 需要先说明用途。"
    words_en = "To see {fields} of {entity} you first have to state a purpose."
    what_to_do_zh = "请在页面上选“说明用途”，或先调用 POST /v1/purposes/taken，写明用途、工单和期限。"
    what_to_do_en = (
        "Choose “State purpose” on the screen, or call POST /v1/purposes/taken "
        "with a purpose, a ticket and minutes."
    )


class PurposeUnfit(HuitianError, code="purpose_unfit", status=422):
    """A purpose cannot be taken like this."""

    words_zh = "这样不能说明用途：{why}"
    words_en = "The purpose cannot be taken like this: {why}"
    what_to_do_zh = "可选的用途及其要求见 GET /v1/purposes。"
    what_to_do_en = "GET /v1/purposes lists the purposes that you may take and what they ask for."


class PurposesInvalid(HuitianError, code="purposes_invalid", status=500):
    """A city's file of purposes breaks the rules of purposes."""

    words_zh = "用途文件 purposes.toml 的 {key} 有误：{why_zh}"
    words_en = "The purposes in purposes.toml are wrong at {key}: {why_en}"
    what_to_do_zh = "请改正后重新启动；写法见 huitian/audit/purposes.toml 开头的说明。"
    what_to_do_en = "Correct it and start again; the head of huitian/audit/purposes.toml shows the form."
