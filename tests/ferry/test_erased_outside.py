"""What an outside host can no longer tell: bytes of its whole folder are searched for what was planted."""

from datetime import timedelta
from pathlib import Path

from huitian.model.query import Condition
from tests.ferry.crossing import Crossing, photo

PLANTED = ("赵一一", "13911112222", "暖气不热请到三号楼", "七单元门口的那户", "谢谢那位师傅")


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder, the keys left out: the store, its write-ahead log, photos, trips."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def found(folder: Path, *planted: bytes) -> list[tuple[str, bytes]]:
    """Return where something planted stands as it was, or as JSON or UTF-16 writes it."""
    forms = {form for each in planted for form in spelled(each)}
    return [(name, form) for name, content in bytes_of(folder).items() for form in forms if form in content]


def spelled(planted: bytes) -> set[bytes]:
    """Return the ways in which a text may be written."""
    try:
        text = planted.decode()
    except UnicodeDecodeError:
        return {planted}
    return {planted, text.encode("utf-16-le"), text.encode("unicode_escape")}


def test_words_contact_and_photos_are_never_readable_outside(crossing: Crossing) -> None:
    words = [each.encode() for each in PLANTED]
    pictures = [photo(shade) for shade in range(60, 180, 20)]
    bodies = [picture[-200:] for picture in pictures]
    letters = [
        crossing.write("wx1", f"{PLANTED[2]} {n}" * (1 + 40 * n), files=(pictures[n],), name=PLANTED[0],
                       phone=PLANTED[1], address_note=PLANTED[3], idempotency_key=f"planted-{n:06d}")
        for n in range(6)
    ]  # fmt: skip
    assert found(crossing.home / "wx1", *words, *bodies) == [], "sealed as they came in"
    crossing.settle()
    for letter in letters:
        crossing.answer(letter.case_no)
    crossing.settle()
    given = {"is_contacted": True, "solved": "solved", "satisfied": "yes"}
    crossing.opened["wx1"].letters.rate(
        letters[0].case_no, letters[0].follow_code, "rating-00000001", given, PLANTED[4]
    )
    crossing.settle()
    assert found(crossing.home / "wx1", *words, *bodies) == []
    inside = b"".join(bytes_of(crossing.home / "city").values())
    assert all(each in inside for each in words), "the search would find them where they are"
    assert len([*crossing.city.engine.files.list_ids()]) == len(pictures), "encoded anew, and there"


def test_after_the_receipt_not_even_what_was_sealed_is_left(crossing: Crossing) -> None:
    letter = crossing.write("wx1", "电梯停了", files=(photo(),))
    sealed = str(crossing.rows("wx1", "ferry_letter")[0]["sealed"]).encode()
    assert found(crossing.home / "wx1", sealed[200:400]), "the search would find it"
    assert [*crossing.opened["wx1"].engine.files.list_ids()]
    crossing.settle()
    row = crossing.rows("wx1", "ferry_letter", Condition("case_no", "eq", letter.case_no))[0]
    assert (row["state"], row["sealed"], row["file_ids"]) == ("taken", None, [])
    assert found(crossing.home / "wx1", sealed[200:400]) == [], (
        "neither in free pages nor in the log of the store"
    )
    assert [*crossing.opened["wx1"].engine.files.list_ids()] == []


def test_a_photo_that_a_second_letter_still_needs_stays(crossing: Crossing) -> None:
    crossing.write("wx1", "第一封", files=(photo(),))
    crossing.pack("wx1")
    crossing.take("city")
    second = crossing.write("wx1", "第二封", files=(photo(),))
    crossing.settle()
    row = crossing.case(second.case_no)
    assert row is not None
    assert row["n_files"] == 1


def test_acknowledged_trips_are_forgotten_after_their_days(crossing: Crossing) -> None:
    crossing.write("wx1")
    crossing.settle()
    kept = crossing.sides["wx1"].sent
    assert [*kept.iterdir()]
    crossing.clock.advance(timedelta(days=15))
    crossing.settle()
    acknowledged = {
        row["file_name"] for row in crossing.rows("wx1", "ferry_trip") if row["acked_at"] is not None
    }
    assert acknowledged
    assert not acknowledged & {path.name for path in kept.iterdir()}
