"""Errors that a request meets: who asks, what is asked, what was sent."""

from __future__ import annotations

from huitian.errors.root import HuitianError, Language


class NotSignedIn(HuitianError, code="not_signed_in", status=401):
    """Nobody is signed in."""

    words_zh = "尚未登录，或登录已过期。"
    words_en = "You are not signed in, or the session has ended."
    what_to_do_zh = "请登录后再试。"
    what_to_do_en = "Sign in and try again."


class WrongPassword(HuitianError, code="wrong_password", status=401):
    """The user name and the password do not belong together."""

    words_zh = "用户名或密码不对。"
    words_en = "The user name or the password is wrong."
    what_to_do_zh = "请核对后再试；忘记密码请找本单位管理员重设。"
    what_to_do_en = "Check both and try again; your administrator can set a new password."


class NoGrant(HuitianError, code="no_grant", status=403):
    """The account has no grant in force."""

    words_zh = "账号 {user_name} 目前没有生效的授权：已到期、已收回，或不在班。"
    words_en = "The account {user_name} has no grant in force: it ended, was taken back, or no shift is on."
    what_to_do_zh = "请找本单位管理员授权，或在值班时间再登录。"
    what_to_do_en = "Ask your administrator for a grant, or sign in during your shift."


class GrantNotPossible(HuitianError, code="grant_not_possible", status=422):
    """A grant that may not be given, changed or passed on in this way."""

    words_zh = "不能这样授权（{field}）：{why_zh}"
    words_en = "This grant is not possible ({field}): {why_en}"
    what_to_do_zh = "请改正这一项；谁能给谁什么，见“授权与排班”。"
    what_to_do_en = "Correct it; “Grants and rosters” says who can give what to whom."


class TokenRefused(HuitianError, code="token_refused", status=401):
    """The API token does not hold."""

    words_zh = "接口令牌无效：不认识、已到期、已收回，或发放人的授权已变。"
    words_en = "The API token does not hold: unknown, expired, revoked, or its owner's grants have changed."
    what_to_do_zh = "请在“我的账号”里查看这个令牌，需要时重新发放。"
    what_to_do_en = "Look at the token under My account, and make a new one where it is needed."


class OidcMissing(HuitianError, code="oidc_missing", status=404):
    """This city has no sign-in elsewhere."""

    words_zh = "本城市没有启用统一身份认证，或缺少所需的组件。"
    words_en = "This city has no issuer to sign in at, or what that needs is not installed."
    what_to_do_zh = "请用登录名和密码登录；管理员可设置 oidc_issuer，并安装 huitian[oidc]。"
    what_to_do_en = (
        "Sign in with user name and password; an administrator sets oidc_issuer and installs huitian[oidc]."
    )


class OidcRefused(HuitianError, code="oidc_refused", status=401):
    """What came back from the issuer does not hold."""

    words_zh = "统一身份认证没有成功：{why}。"
    words_en = "Signing in at the issuer did not succeed: {why}."
    what_to_do_zh = "请从登录页重新开始；多次不成请找管理员核对 oidc 设置和两边的时钟。"
    what_to_do_en = (
        "Begin again from the sign-in page; if it stays, an administrator checks oidc settings and clocks."
    )


class OidcUnknownAccount(HuitianError, code="oidc_unknown_account", status=403):
    """Somebody signed in elsewhere who has no account here."""

    words_zh = "统一身份认证已通过，但本城市没有与“{claim}”相同的账号。"
    words_en = "You are signed in at the issuer, but no account here has the name that its {claim} tells."
    what_to_do_zh = "请联系本单位管理员开立账号。"
    what_to_do_en = "Ask your administrator for an account."


class ClaimsInvalid(HuitianError, code="claims_invalid", status=500):
    """A city's file of claims breaks the rules of claims."""

    words_zh = "声明文件 claims.toml 第 {number} 条有误：{why_zh}"
    words_en = "The claims in claims.toml are wrong at number {number}: {why_en}"
    what_to_do_zh = "请改正后重新启动；写法见文档“统一身份认证”。"
    what_to_do_en = "Correct it and start again; the guide “Sign in at an issuer” shows the form."


class CsrfMissing(HuitianError, code="csrf_missing", status=403):
    """A changing request came without its CSRF token."""

    words_zh = "请求缺少防伪令牌，或令牌已失效。"
    words_en = "The X-CSRF-Token header is missing or does not belong to this session."
    what_to_do_zh = "请刷新页面后再试；程序调用请先读 GET /v1/session 的 csrf。"
    what_to_do_en = "Reload the page; a program reads csrf from GET /v1/session and sends it in X-CSRF-Token."


class NotAllowed(HuitianError, code="not_allowed", status=403):
    """This user may not do this here."""

    words_zh = "没有权限：{why}"
    words_en = "Not allowed: {why}"
    what_to_do_zh = "如确需办理，请联系本单位管理员调整角色或范围。"
    what_to_do_en = "Ask your administrator for the role or the area if your work needs it."


THINGS = {
    "address": ("网址", "address"), "api_token": ("接口令牌", "API token"), "asset": ("文件", "file"),
    "building": ("楼栋", "building"), "case": ("案件", "case"), "component": ("部件", "component"),
    "documentation": ("文档", "page of the documentation"), "dwelling": ("房屋", "dwelling"),
    "error": ("错误代码", "error"), "file": ("文件", "file"), "grant": ("授权", "grant"), "layer": ("图层", "layer"),
    "letter": ("来信", "letter"), "load": ("装载", "load"), "organisation": ("组织", "organisation"),
    "pack": ("场景", "pack"), "panel": ("面板", "panel"), "person": ("人员", "person"), "place": ("地方", "place"),
    "purpose_taken": ("查看用途", "stated purpose"), "session": ("会话", "session"),
    "user_account": ("账号", "account"),
}  # fmt: skip
"""What is not found, in the reader's words; the code stays among the facts."""


class NotFound(HuitianError, code="not_found", status=404):
    """There is nothing of this name that you may see."""

    words_zh = "找不到{entity}“{object_id}”，或不在您的查看范围内。"
    words_en = "There is no {entity} {object_id!r} that you may see."
    what_to_do_zh = "请核对编号，或从列表中重新选择。"
    what_to_do_en = "Check the number, or choose again from the list."

    def _told(self, lang: Language) -> dict[str, object]:
        told = super()._told(lang)
        thing = THINGS.get(str(told.get("entity")))
        return told if thing is None else {**told, "entity": thing[lang == "en"]}


class MethodNotAllowed(HuitianError, code="method_not_allowed", status=405):
    """This address does not take this method."""

    words_zh = "{path} 不接受 {method} 请求。"
    words_en = "{path} does not take {method}."
    what_to_do_zh = "接口用法见 /openapi.json。"
    what_to_do_en = "See /openapi.json for what it takes."


class StaleVersion(HuitianError, code="stale_version", status=409):
    """Somebody else changed it first."""

    words_zh = "您看到的是第 {expected_version} 版，现已是第 {actual_version} 版：其间有人先办了一步。"
    words_en = (
        "You saw version {expected_version}, it is now {actual_version}: somebody took a step meanwhile."
    )
    what_to_do_zh = "请看新增的步骤，再决定是否仍要提交；已填的内容不会丢失。"
    what_to_do_en = "Look at the new steps and decide again; what you typed is kept."


class StepNotPossible(HuitianError, code="step_not_possible", status=409):
    """The case cannot take this step now."""

    words_zh = "“{state}”状态下不能“{action}”：{why}"
    words_en = "{action} is not possible while the case is {state}: {why}"
    what_to_do_zh = "请从当前可办的步骤中选择。"
    what_to_do_en = "Choose one of the steps that the case offers now."


class KeyReused(HuitianError, code="key_reused", status=409):
    """An idempotency key came again with other content."""

    words_zh = "同一幂等键已用于另一内容的请求。"
    words_en = "The idempotency key {idempotency_key} was used for a request with other content."
    what_to_do_zh = "新的请求请换新的 idempotency_key。"
    what_to_do_en = "Send a new request with a new idempotency_key."


class InvalidInput(HuitianError, code="invalid_input", status=422):
    """Something that was sent cannot be used."""

    words_zh = "“{field}”填写有误：{why}"
    words_en = "{field} cannot be used: {why}"
    what_to_do_zh = "请改正后重新提交。"
    what_to_do_en = "Correct it and send it again."


class NaiveTime(HuitianError, code="naive_time", status=422):
    """A time came without its zone."""

    words_zh = "时间 {value} 没有时区。"
    words_en = "The time {value} has no zone."
    what_to_do_zh = "请写明时区，例如 2026-02-14T09:00:00+08:00。"
    what_to_do_en = "Say the zone, for example 2026-02-14T09:00:00+08:00."


class TooLarge(HuitianError, code="too_large", status=413):
    """It is larger than what is taken here."""

    words_zh = "{field}过大：{actual}，上限 {limit}。"
    words_en = "{field} is too large: {actual}, the limit is {limit}."
    what_to_do_zh = "请缩短或压缩后再试。"
    what_to_do_en = "Make it shorter or smaller and try again."


class NotAPicture(HuitianError, code="not_a_picture", status=415):
    """The file is not a picture that can be read."""

    words_zh = "这个文件不是可读的图片：{why}"
    words_en = "The file is not a readable picture: {why}"
    what_to_do_zh = "请上传 JPEG、PNG 或 WebP 照片。"
    what_to_do_en = "Send a JPEG, PNG or WebP photo."


class TooManyRequests(HuitianError, code="too_many_requests", status=429):
    """Too many tries in a short time."""

    words_zh = "尝试过于频繁，请 {retry_after_s} 秒后再试。"
    words_en = "Too many tries; wait {retry_after_s} seconds."
    what_to_do_zh = "请稍后再试。"
    what_to_do_en = "Wait, then try again."


class ServerBusy(HuitianError, code="server_busy", status=503):
    """Too much work of this kind waits already."""

    words_zh = "同类请求正在排队，请 {retry_after_s} 秒后再试。"
    words_en = "Too many requests of this kind are waiting; try again in {retry_after_s} seconds."
    what_to_do_zh = "请稍后再试，已填写的内容不会丢失。"
    what_to_do_en = "Wait, then send the same again."


class InternalFault(HuitianError, code="internal_fault", status=500):
    """Huitian made a mistake."""

    words_zh = "系统内部出错，已记录，编号 {trace_id}。"
    words_en = "Something broke inside; it is in the log as {trace_id}."
    what_to_do_zh = "请稍后再试；若仍出错，请把编号告诉管理员。"
    what_to_do_en = "Try again later; if it stays, give your administrator the number."
