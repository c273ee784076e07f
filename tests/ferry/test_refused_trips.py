"""Files that are not to be taken: replayed, altered, out of order, of strangers, for others, cut short, too large."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from huitian.errors import FerryKeyUnusable
from huitian.ferry.keys import make_keys, public_key_of
from huitian.ferry.packing import again
from huitian.ferry.taking import SETTLE_S, take
from huitian.ferry.trip import MAGIC, closed, packed
from tests.ferry.crossing import Crossing

pytestmark = pytest.mark.faults


def old(path: Path) -> Path:
    """Let a file be one that does not change any more."""
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 2 * SETTLE_S))
    return path


def sent_file(crossing: Crossing, host: str = "wx1") -> Path:
    """Write a letter and pack it; returns the file that waits for the city."""
    crossing.write(host)
    crossing.pack(host)
    return sorted(crossing.boat("city").glob(f"{host}-*.ferry"))[-1]


def state(crossing: Crossing) -> list[Any]:
    """Return everything that a refused file must not change inside."""
    return [crossing.rows("city", entity) for entity in
            ("ferry_letter", "ferry_rating", "ferry_trip", "ferry_peer", "case", "case_step")]  # fmt: skip


def refused(crossing: Crossing, path: Path) -> str:
    """Take; assert that the file was refused with words beside it and nothing was written; return why."""
    before = state(crossing)
    outcomes = {one.file_name: one for one in crossing.take("city")}
    assert outcomes[path.name].fate == "refused"
    assert state(crossing) == before
    assert not path.exists()
    aside = path.parent / "refused"
    assert (aside / path.name).exists()
    words = (aside / f"{path.name}.txt").read_text("utf-8")
    assert "什么都没有写入" in words
    assert "Nothing was written" in words
    error = outcomes[path.name].error
    assert error is not None
    return str(error.facts["reason"])


def test_the_same_file_again_changes_nothing(crossing: Crossing, tmp_path: Path) -> None:
    path = sent_file(crossing)
    copy = shutil.copy(path, tmp_path / "copy")
    assert [one.fate for one in crossing.take("city")] == ["taken"]
    before = [crossing.rows("city", entity) for entity in ("ferry_letter", "ferry_trip", "case", "case_step")]
    for _ in range(2):
        shutil.copy(copy, path)
        assert [one.fate for one in crossing.take("city")] == ["again"]
    assert [crossing.rows("city", e) for e in ("ferry_letter", "ferry_trip", "case", "case_step")] == before


def test_any_altered_byte_is_refused(crossing: Crossing) -> None:
    path = sent_file(crossing)
    raw = path.read_bytes()
    reasons = set()
    for at in [*range(len(MAGIC) + 4), *range(len(MAGIC) + 4, len(raw), 37), len(raw) - 1]:
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        reasons.add(refused(crossing, old(path)))
    assert reasons <= {"not_a_trip", "truncated", "bad_signature", "altered", "unknown_sender", "not_for_us"}
    assert {"bad_signature", "altered", "not_a_trip"} <= reasons
    middle = len(MAGIC) + 44
    path.write_bytes(raw[:middle] + b"\x9d" + raw[middle + 1 :])
    assert refused(crossing, old(path)) == "not_a_trip", "no UTF-8"
    path.write_bytes(raw)
    assert [one.fate for one in crossing.take("city")] == ["taken"], "the file as it was is still good"


def test_more_or_fewer_bytes_are_refused(crossing: Crossing) -> None:
    path = sent_file(crossing)
    raw = path.read_bytes()
    for content, reason in ((raw + b"x", "altered"), (raw[:-1], "truncated"), (raw[:30], "truncated"),
                            (b"", "not_a_trip"), (b"PK\x03\x04" * 50, "not_a_trip")):  # fmt: skip
        path.write_bytes(content)
        assert refused(crossing, old(path)) == reason


def test_a_file_that_is_still_arriving_waits(crossing: Crossing) -> None:
    path = sent_file(crossing)
    raw = path.read_bytes()
    for content in (raw[:5], raw[:100], raw[:-1]):
        path.write_bytes(content)
        assert [one.fate for one in crossing.take("city")] == ["arriving"]
    path.write_bytes(raw)
    assert [one.fate for one in crossing.take("city")] == ["taken"]


def test_a_gap_waits_and_says_what_is_missing(crossing: Crossing, tmp_path: Path) -> None:
    first = sent_file(crossing)
    shutil.move(first, tmp_path / first.name)
    second = sent_file(crossing)
    outcomes = crossing.take("city")
    assert [(one.fate, one.missing) for one in outcomes] == [("waits", outcomes[0].seq - 1)]
    assert second.exists()
    shutil.move(tmp_path / first.name, first)
    assert [one.fate for one in crossing.take("city")] == ["taken", "taken"]


def test_a_lost_file_is_written_again_as_it_was(crossing: Crossing, tmp_path: Path) -> None:
    lost = sent_file(crossing)
    raw = lost.read_bytes()
    lost.unlink()
    sent_file(crossing)
    missing = crossing.take("city")[0].missing
    again(crossing.sides["wx1"], "city", missing, tmp_path / "again")
    assert (tmp_path / "again" / lost.name).read_bytes() == raw
    for path in (tmp_path / "again").iterdir():
        shutil.copy(path, crossing.boat("city") / path.name)
    assert [one.fate for one in crossing.take("city")] == ["taken", "taken"]
    assert len(crossing.rows("city", "ferry_letter")) == 2


def test_a_stranger_is_refused(crossing: Crossing, tmp_path: Path) -> None:
    path = sent_file(crossing)
    shut = closed(path.name, path.read_bytes(), "city", "in",
                  {"wx1": crossing.sides["wx1"].keys.public})  # fmt: skip
    stranger = make_keys(tmp_path / "stranger", "wx1")
    raw, _ = packed(shut.manifest, (), {}, stranger, crossing.sides["city"].keys.public)
    path.write_bytes(raw)
    assert refused(crossing, path) == "bad_signature"
    nobody = make_keys(tmp_path / "nobody", "wx9")
    raw, _ = packed(type(shut.manifest)(**{f: getattr(shut.manifest, f) for f in shut.manifest.__struct_fields__}
                                        | {"sender": "wx9"}), (), {}, nobody,
                    crossing.sides["city"].keys.public)  # fmt: skip
    path.write_bytes(raw)
    assert refused(crossing, path) == "unknown_sender"


def test_a_file_for_another_or_of_the_other_direction_is_refused(crossing: Crossing) -> None:
    path = sent_file(crossing)
    (crossing.boat("wx2")).mkdir(exist_ok=True)
    shutil.copy(path, crossing.boat("wx2") / path.name)
    assert [one.fate for one in crossing.take("wx2")] == ["refused"]
    crossing.take("city")
    crossing.pack("city")
    back = next(crossing.boat("wx1").glob("*.ferry"))
    mistaken = shutil.copy(back, crossing.boat("city") / back.name)
    assert [one.fate for one in crossing.take("city")] == ["own"]
    assert Path(mistaken).exists(), "where one folder serves both ways, the other side still finds it"


def test_a_sender_that_went_back_is_refused_and_told(crossing: Crossing, tmp_path: Path) -> None:
    """The number of a trip comes with other content: the sender's store is older than what it sent."""
    store = crossing.home / "wx1" / "store" / "huitian.sqlite"
    crossing.opened.pop("wx1").close()
    shutil.copy(store, tmp_path / "backup")
    crossing.open("wx1")
    sent_file(crossing)
    crossing.take("city")
    crossing.opened.pop("wx1").close()
    shutil.copy(tmp_path / "backup", store)
    crossing.open("wx1")
    assert refused(crossing, sent_file(crossing)) == "number_used"


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    crossing = Crossing.begun(tmp_path, "wx1", ferry_max_mb=1)
    path = sent_file(crossing)
    with path.open("ab") as file:
        file.truncate(2 << 20)
    assert refused(crossing, path) == "too_large"
    crossing.close()


def test_links_and_odd_names_are_not_followed(crossing: Crossing, tmp_path: Path) -> None:
    path = sent_file(crossing)
    shutil.move(path, tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    assert [one.fate for one in take(crossing.sides["city"], crossing.boat("city"))] == ["refused"]
    odd = crossing.boat("city") / "..%2f..%2fetc.ferry"
    shutil.copy(tmp_path / "elsewhere", odd)
    assert [one.fate for one in crossing.take("city")] == ["taken"], "a name says nothing"


@pytest.mark.parametrize("secret", ["赵一一", "13911112222", "暖气不热"])
def test_a_trip_can_be_read_by_nobody_on_the_way(crossing: Crossing, secret: str) -> None:
    crossing.write("wx1", "暖气不热，请来看看", name="赵一一", phone="13911112222")
    crossing.pack("wx1")
    assert all(secret.encode() not in path.read_bytes() for path in crossing.boat("city").glob("*.ferry"))


def test_any_slip_in_a_key_line_is_found(tmp_path: Path) -> None:
    line = str(make_keys(tmp_path, "wx1").public)
    assert str(public_key_of(f"  {line}\n")) == line
    for n, character in enumerate(line):
        slip = f"{line[:n]}{'b' if character != 'b' else 'c'}{line[n + 1 :]}"
        if n == len(line) - 1 or n == line.index("."):
            # The last sign carries fewer bits than it could; without its dot it is no line at all.
            continue
        with pytest.raises(FerryKeyUnusable):
            public_key_of(slip)


def test_a_link_that_the_carrier_planted_is_not_followed(crossing: Crossing, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    path = sent_file(crossing)
    (crossing.boat("city") / "refused").symlink_to(elsewhere)
    path.write_bytes(b"nonsense")
    refused(crossing, old(path))
    assert not list(elsewhere.iterdir())
