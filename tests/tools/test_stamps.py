from tools import stamps


def test_a_digest_tells_names_and_contents_apart(tmp_path):
    a, b = tmp_path / "a", tmp_path / "b"
    a.write_text("one", "utf-8")
    b.write_text("two", "utf-8")
    first = stamps.digest([a, b], tmp_path)
    assert stamps.digest([b, a], tmp_path) == first
    assert stamps.digest([a], tmp_path) != first
    b.write_text("three", "utf-8")
    assert stamps.digest([a, b], tmp_path) != first
    b.rename(tmp_path / "c")
    assert stamps.digest([a, tmp_path / "c"], tmp_path) != first


def test_a_stamp_says_what_was_written_and_a_broken_one_nothing(tmp_path):
    stamp = tmp_path / "new" / "stamp.json"
    assert stamps.read(stamp) == {}
    stamps.write(stamp, {"web": "1"})
    assert stamps.read(stamp) == {"web": "1"}
    stamp.write_text("{", "utf-8")
    assert stamps.read(stamp) == {}
