"""Two thousand letters with people planted in every writing: how much is masked, and how much that is nobody's is."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from huitian.base.personal_words import free_text

pytestmark = pytest.mark.fuzz

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛超明霞秀英华玉兰建国红梅晓东志海燕春梓涵浩宇欣怡子轩雨泽"
FULL = str.maketrans(
    "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ",
    "０１２３４５６７８９ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＳＴＵＶＷＸＹＺ",
)
SPOKEN, WRITTEN = (
    str.maketrans("0123456789", "零一二三四五六七八九"),
    str.maketrans("0123456789", "〇幺二三四五六七八九"),
)
DIGITS = str.maketrans("零〇幺一二三四五六七八九", "001123456789")
Write = Callable[[Random, str], str]


def grouped(mark: str) -> Write:
    return lambda _draw, number: mark.join((number[:3], number[3:7], number[7:]))


PHONES: dict[str, Write] = {
    "plain": lambda _draw, n: n,
    "full width": lambda _draw, n: n.translate(FULL),
    "spaced": grouped(" "),
    "hyphens": grouped("-"),
    "with country": lambda _draw, n: f"+86 {n}",
    "every digit apart": lambda _draw, n: " ".join(n),
    "Chinese digits": lambda _draw, n: n.translate(SPOKEN),
    "spoken digits, in groups": lambda _draw, n: grouped("，")(_draw, n.translate(WRITTEN)),
    "words between": lambda draw, n: (
        f"{n[:3]}{draw.choice(('转', '然后', '再', '，后面是'))}{n[3:7]}"
        f"{draw.choice(('再', '、', '，最后'))}{n[7:]}"
    ),
    "in a table": lambda _draw, n: f"\n| 电话 | {n} |\n",
}
ID_NUMBERS: dict[str, Write] = {
    "plain": lambda _draw, n: n,
    "full width": lambda _draw, n: n.translate(FULL),
    "spaced": lambda _draw, n: f"{n[:6]} {n[6:14]} {n[14:]}",
    "small x": lambda _draw, n: n[:-1] + "x",
    "Chinese digits": lambda _draw, n: n.translate(SPOKEN),
}
PLATES: dict[str, Write] = {
    "plain": lambda _draw, n: n,
    "dot": lambda _draw, n: f"{n[:2]}·{n[2:]}",
    "spaced": lambda _draw, n: f"{n[:2]} {n[2:]}",
    "full width": lambda _draw, n: n.translate(FULL),
    "small letters": lambda _draw, n: n.lower(),
}
NAMES: dict[str, Write] = {
    "我叫": lambda _draw, n: f"我叫{n}，",
    "我叫 and on": lambda _draw, n: f"我叫{n}住在三号楼，",
    "姓名": lambda _draw, n: f"姓名：{n}。",
    "联系人": lambda _draw, n: f"联系人 {n}，",
    "in a table": lambda _draw, n: f"\n| 姓名 | {n} |\n",
    "先生": lambda _draw, n: f"，{n}先生在家，",
    "女士": lambda _draw, n: f"请联系{n}女士，",
    "业主": lambda _draw, n: f"业主{n}反映，",
    "bare": lambda _draw, n: f"昨天{n}又把垃圾堆在楼道，",
}
DECOYS = (
    "单号XX20260302000017", "请拨12345", "热线96310", "3号楼2单元1203室", "2026年3月2日8时30分",
    "二〇二六年三月二日", "每吨4.14元", "合同编号2026-0315-7788", "面积89.75平方米", "第十一届", "公交430路",
    "一楼二楼三楼", "温度18.5度", "物业经理不管", "找社区书记说过", "业主群里说", "一共一百二十三户",
    "新A座12层", "邮编102218", "价格1280元", "GB/T 35273-2020", "13号线", "联系人没有接", "请联系物业",
    "安全员没来", "1、3、5、7、9号楼", "三二一",
)  # fmt: skip
FLOORS = {"phone": 0.99, "id_number": 0.99, "plate": 0.98, "name": 0.97, "precision": 0.98}
"""At least so much of what was planted is masked, and of what is masked is somebody's."""
BARE = "bare"
"""A name without any word beside it is not looked for; counted, and told in docs/concepts/trust.md."""


def phone_of(draw: Random) -> str:
    return f"1{draw.choice('3456789')}{draw.randrange(10**9):09d}"


def id_number_of(draw: Random) -> str:
    day = f"{draw.randrange(1940, 2015)}{draw.randrange(1, 13):02d}{draw.randrange(1, 29):02d}"
    return f"110105{day}{draw.randrange(1000):03d}{draw.choice('0123456789X')}"


def plate_of(draw: Random) -> str:
    return (
        draw.choice("京津冀鲁") + draw.choice("ABCEGHJ") + "".join(draw.choices("0123456789KQX", k=4)) + "7"
    )


def name_of(draw: Random) -> str:
    return draw.choice(SURNAMES) + "".join(draw.choices(GIVEN, k=draw.choice((1, 2, 2))))


def squeezed(words: str) -> str:
    """Return a text as somebody reads it who wants the numbers in it: every writing undone, nothing between."""
    plain = unicodedata.normalize("NFKC", words).upper().translate(DIGITS)
    return re.sub(r"转|然后|再|后面是|最后|[^0-9A-Z\u4e00-\u9fff]", "", plain)


KINDS: dict[str, tuple[Callable[[Random], str], dict[str, Write]]] = {
    "phone": (phone_of, PHONES), "id_number": (id_number_of, ID_NUMBERS), "plate": (plate_of, PLATES),
    "name": (name_of, NAMES),
}  # fmt: skip


def test_what_is_planted_is_masked_and_little_else(capsys: pytest.CaptureFixture[str]) -> None:
    draw, n_planted, n_masked = Random(20260302), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    n_decoys = n_touched = 0
    touched: Counter[str] = Counter()
    for _ in range(2000):
        parts, planted = [], []
        for kind, (made, writings) in KINDS.items():
            true, writing = made(draw), draw.choice(list(writings))
            told = writings[writing](draw, true)
            parts.append(told)
            planted.append((kind, writing, true))
        decoys = draw.sample(DECOYS, 3)
        words = parts + decoys
        draw.shuffle(words)
        shown = free_text("。".join(words))
        read = squeezed(shown)
        for kind, writing, true in planted:
            n_planted[kind, writing] += 1
            n_masked[kind, writing] += true not in (shown if kind == "name" else read)
        for decoy in decoys:
            n_decoys += 1
            if decoy not in shown:
                n_touched += 1
                touched[decoy] += 1
    found = {
        kind: sum(n for (k, w), n in n_masked.items() if k == kind and w != BARE)
        / sum(n for (k, w), n in n_planted.items() if k == kind and w != BARE)
        for kind in KINDS
    }
    all_masked = sum(n for (_, w), n in n_masked.items() if w != BARE)
    found["precision"] = all_masked / (all_masked + n_touched)
    bare = n_masked["name", BARE], n_planted["name", BARE]
    with capsys.disabled():
        told = ", ".join(f"{kind} {share:.4f}" for kind, share in found.items())
        print(f"\nfree text: {told} of 2000 letters, {sum(n_planted.values())} planted, {n_decoys} decoys; "
              f"names without a word beside them: {bare[0]} of {bare[1]}")  # fmt: skip
        for key in sorted(n_planted):
            if n_masked[key] < n_planted[key]:
                print(f"  {key[0]}, {key[1]}: {n_masked[key]} of {n_planted[key]}")
        if touched:
            print(f"  touched: {dict(touched)}")
    assert {kind for kind, floor in FLOORS.items() if found[kind] < floor} == set()


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("我叫张三丰，电话一三八一二三四五六七八", "我叫张*丰，电话138****5678"),
        ("138转1234然后5678", "138****5678"),
        ("姓名 | 赵六 | 电话 | 幺三九 零零零零 幺幺幺幺", "姓名 | 赵* | 电话 | 139****1111"),
        ("请找王建国先生", "请找王*国先生"),
        ("京a 1 2 3 4 5", "京A·**345"),
        ("身份证一一零一零五一九四九一二三一零零二X", "身份证110***********002X"),
        ("物业经理不管，业主群里说", "物业经理不管，业主群里说"),
    ],
)
def test_how_it_reads(words: str, shown: str) -> None:
    assert free_text(words) == shown
    assert free_text(shown) == shown, "masked once is masked"
