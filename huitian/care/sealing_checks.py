"""Whether the personal values of a city are sealed, and its keys are there and right."""

from huitian.care.checks import Check, well
from huitian.care.store_checks import of_error
from huitian.engine.sealing import Vault
from huitian.errors import HuitianError, KeysMissing


def sealing(vault: Vault, named: str | None) -> Check:
    """Say how the keys are.

    Args:
        vault: Of the city; closed again here.
        named: Key store that the store names; empty where nothing is sealed, None where it could not be asked.
    """
    if not vault.is_on:
        if named:
            return of_error("sealing", KeysMissing(where=str(vault.path), what=vault.path.name), "keys")
        return Check(
            "keys", "sealing", "warn", "个人信息没有密封", "personal values are not sealed",
            "请运行 huitian keys seal DIR，服务不必停。",
            "Run huitian keys seal DIR; the city may be served meanwhile.",
        )  # fmt: skip
    try:
        states = vault.states()
        store_id = vault.store.store_id
    except HuitianError as error:
        return of_error("sealing", error, "keys")
    finally:
        vault.close()
    if named is not None and named != store_id:
        return of_error("sealing", KeysMissing(where=str(vault.path), what=named), "keys")
    newest = max(states)
    n_behind = sum(n for number, (n, _) in states.items() if number != newest)
    if n_behind:
        return Check(
            "keys", "sealing", "warn", f"{n_behind:,} 把密钥还在旧的主密钥之下",
            f"{n_behind:,} keys are under an older master key", "请运行 huitian keys rotate DIR --continue。",
            "Run huitian keys rotate DIR --continue.", n_behind, "n",
        )  # fmt: skip
    n_keys = states[newest][0]
    return well("keys", "sealing", f"个人信息已密封，{n_keys:,} 把密钥在主密钥 {newest} 之下",
                f"personal values are sealed, {n_keys:,} keys under master key {newest}", n_keys, "n")  # fmt: skip
