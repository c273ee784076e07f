"""Errors of the keys that personal words are sealed under."""

from __future__ import annotations

from huitian.errors.root import HuitianError


class KeysMissing(HuitianError, code="keys_missing", status=500):
    """A key that this city's words are sealed under is not there."""

    words_zh = "本市的个人信息是密封的，但缺少密钥 {what}（{where}）。什么都没有改动。"
    words_en = "Personal words of this city are sealed, and the key {what} is missing ({where}). Nothing was changed."
    what_to_do_zh = (
        "请把 keys/ 放回城市文件夹；恢复备份时，把备份旁边的 huitian-….keys 一同给出（--keys）。"
        "若密钥取自环境变量或命令，请核对它。"
    )
    what_to_do_en = (
        "Put keys/ back into the city folder; with a restore, give the huitian-….keys that lies beside the archive "
        "(--keys). Where keys come from the environment or a command, check that."
    )


class KeysWrong(HuitianError, code="keys_wrong", status=500):
    """A key is not the one that this city's words are sealed under."""

    words_zh = "密钥 {what}（{where}）不是本市所用的那一把。什么都没有改动。"
    words_en = "The key {what} ({where}) is not the one this city was sealed with. Nothing was changed."
    what_to_do_zh = "请放回原来的密钥文件；不要新造一把，新的打不开旧的内容。"
    what_to_do_en = "Put the former key file back; a new one does not open what was sealed before."


class KeysOpen(HuitianError, code="keys_open", status=500):
    """Others can read a key."""

    words_zh = "别的用户能读到密钥 {where}，拒绝使用。"
    words_en = "Other users can read the key {where}; it is not used."
    what_to_do_zh = "请运行 chmod 600 {where}；若可能已被人读走，随后运行 huitian keys rotate。"
    what_to_do_en = "Run chmod 600 {where}; if somebody may have read it, then huitian keys rotate."


class KeysUnusable(HuitianError, code="keys_unusable", status=500):
    """What should be a key is none."""

    words_zh = "{where} 给出的密钥不能用：{why}。"
    words_en = "The key from {where} cannot be used: {why}."
    what_to_do_zh = "一把主密钥是 32 字节的 base64，写作“编号:base64”；keys_command 须在 30 秒内打印它。"
    what_to_do_en = (
        "A damaged keys/subjects.sqlite is replaced by the huitian-….keys beside a backup. A master key is 32 bytes in "
        "base64, told as number:base64; keys_command prints it within 30 s."
    )


class KeyInUse(HuitianError, code="key_in_use", status=409):
    """A master key cannot be retired yet."""

    words_zh = "主密钥 {number} 还在使用，不能退役。"
    words_en = "Master key {number} is still in use and cannot be retired."
    what_to_do_zh = "请先运行 huitian keys rotate 到结束；最新的一把不能退役。"
    what_to_do_en = "Run huitian keys rotate to its end first; the newest cannot be retired."


class CipherMissing(HuitianError, code="cipher_missing", status=500):
    """The cryptographic library cannot do the cipher that is set."""

    words_zh = "本机的密码库不支持 {cipher}。"
    words_en = "The cryptographic library of this machine cannot do {cipher}."
    what_to_do_zh = "请把 seal_cipher 设为 aes-256-gcm，或换用支持 SM4-GCM 的 OpenSSL。"
    what_to_do_en = "Set seal_cipher to aes-256-gcm, or use an OpenSSL that has SM4-GCM."


class CaseOpen(HuitianError, code="case_open", status=409):
    """A case that is still worked on cannot be erased."""

    words_zh = "案件 {case_no} 还在办理，办理需要这些内容。"
    words_en = "Case {case_no} is still worked on, and the work needs its words."
    what_to_do_zh = "请在办结后删除；法定须立即删除时用 --even-open。"
    what_to_do_en = "Erase it when it is closed; where the law wants it now, use --even-open."
