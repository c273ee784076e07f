"""Errors of the ferry between an outside host and the city: keys, trips, sides."""

from __future__ import annotations

from huitian.errors.root import HuitianError


class FerryKeyMissing(HuitianError, code="ferry_key_missing", status=404):
    """This folder has no keys of a ferry."""

    words_zh = "{home} 里没有摆渡密钥（keys/ferry.key）。"
    words_en = "{home} has no keys of a ferry (keys/ferry.key)."
    what_to_do_zh = "请先运行 huitian ferry keys {home}；若是从备份恢复，请把备份里的 keys/ 放回。"
    what_to_do_en = "Run huitian ferry keys {home} first; after a restore, put keys/ of the backup back."


class FerryKeyUnusable(HuitianError, code="ferry_key_unusable", status=422):
    """A key of a ferry cannot be used."""

    words_zh = "摆渡密钥 {where} 不能用：{why}。"
    words_en = "The ferry key {where} cannot be used: {why}."
    what_to_do_zh = "请从对方那里原样取得 huitian ferry keys 打印的那一行。"
    what_to_do_en = "Get the line that huitian ferry keys prints on the other side, unchanged."


class FerryPeerUnknown(HuitianError, code="ferry_peer_unknown", status=404):
    """No side of this name is trusted."""

    words_zh = "没有信任名为 {peer_id} 的一方。"
    words_en = "No side called {peer_id} is trusted."
    what_to_do_zh = "请核对名称；新的一方先用 huitian ferry trust 登记它的公钥。"
    what_to_do_en = "Check the name; a new side's key is registered with huitian ferry trust."


class FerryBehind(HuitianError, code="ferry_behind", status=409):
    """The other side has had trips that this store never made."""

    words_zh = (
        "{peer_id} 说已收到第 {seen_seq} 趟，本库只发到第 {seq_out} 趟：本库多半是从备份恢复的。"
        "没有发出新的一趟。"
    )
    words_en = (
        "{peer_id} has had trip {seen_seq}; this store made {seq_out}: it was probably restored from a backup. "
        "Nothing was packed."
    )
    what_to_do_zh = "请运行 huitian ferry anew {home} {peer_id} 另起一串；对方认得已收过的，不会重复。"
    what_to_do_en = (
        "Run huitian ferry anew {home} {peer_id}: it begins a new chain; the other side knows what it has had, "
        "nothing comes twice."
    )


class TripGone(HuitianError, code="trip_gone", status=404):
    """A trip that was packed is not kept any more."""

    words_zh = "发往 {peer_id} 的第 {seq} 趟已不在（{file_name}）。"
    words_en = "Trip {seq} to {peer_id} is not kept any more ({file_name})."
    what_to_do_zh = "请运行 huitian ferry anew {home} {peer_id} 另起一串，未了的都会重发。"
    what_to_do_en = (
        "Run huitian ferry anew {home} {peer_id}: it begins a new chain and sends again what is open."
    )


class TripRefused(HuitianError, code="trip_refused", status=422):
    """A ferry file was refused; nothing of it was written."""

    words_zh = "{file_name} 未收：{why}。什么都没有写入。"
    words_en = "{file_name} was refused: {why}. Nothing was written."
    what_to_do_zh = "请核对来源与传送；对方可用 huitian ferry again 原样重发这一趟。"
    what_to_do_en = (
        "Check where it came from; the other side can write the same trip again: huitian ferry again."
    )


class NumberTaken(HuitianError, code="number_taken", status=409):
    """Another letter has this number."""

    words_zh = "单号 {case_no} 已属于另一件来信。"
    words_en = "The number {case_no} belongs to another letter."
    what_to_do_zh = "对外主机会给这件来信换一个号，居民手里的旧号在那里仍然可查。"
    what_to_do_en = "The outside host gives the letter another number; the old one still opens it there."


class WrongSide(HuitianError, code="wrong_side", status=409):
    """This folder is of the other side."""

    words_zh = "{home} 是{side}的文件夹，这条命令不用于它。"
    words_en = "{home} is the folder of {side}; this command is not for it."
    what_to_do_zh = "对外主机用 huitian public serve；城市用 huitian serve。"
    what_to_do_en = "An outside host is served by huitian public serve, a city by huitian serve."


class OutsideNotReady(HuitianError, code="outside_not_ready", status=503):
    """The outside host has not had the city's published data yet."""

    words_zh = "{home} 还没有收到城市的公开数据。"
    words_en = "{home} has not had the city's published data yet."
    what_to_do_zh = "请在城市一侧运行 huitian ferry pack，把文件带来，再运行 huitian ferry take {home}。"
    what_to_do_en = (
        "Run huitian ferry pack on the city's side, bring the file, then run huitian ferry take {home}."
    )
