from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
import tomllib
from datetime import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huitian.errors import BadSetting, FileUnreadable, HuitianError, UnknownSetting
from huitian.settings import (
    CITY_FILE,
    SETTINGS,
    Settings,
    city_text,
    describe,
    parse_spans,
    read_settings,
    with_setting,
)


def city(folder: Path, text: str) -> Path:
    (folder / CITY_FILE).write_text(text, encoding="utf-8")
    return folder


def read(home: Path | None = None, environment: dict[str, str] | None = None, /, **given: Any) -> Settings:
    return read_settings(home, environment or {}, given)


class TestTable:
    def test_it_is_the_fields_of_settings(self) -> None:
        assert [row.name for row in SETTINGS] == [row.name for row in dataclasses.fields(Settings)]
        assert all(getattr(Settings(), row.name) == row.default for row in SETTINGS)

    @pytest.mark.parametrize("row", SETTINGS, ids=lambda row: row.name)
    def test_every_setting_says_what_it_does(self, row: Any) -> None:
        assert re.search(r"[一-鿿]", row.words_zh)
        assert re.search(r"[a-z]", row.words_en)
        assert not re.search(r"[一-鿿]", row.words_en)
        assert row.env == "HUITIAN_" + row.name.upper()

    def test_names_that_outside_scripts_rely_on(self) -> None:
        assert {"HUITIAN_HOME", "HUITIAN_PORT", "HUITIAN_REAL_DATA", "HUITIAN_REQUIRE"} <= {
            r.env for r in SETTINGS
        }
        assert Settings().port == 8010
        assert Settings().host == "127.0.0.1"

    @pytest.mark.parametrize(
        "row", [row for row in SETTINGS if row.default is not None], ids=lambda row: row.name
    )
    def test_every_default_can_be_written_and_read_back(self, row: Any) -> None:
        text = next(said["default"] for said in describe() if said["name"] == row.name)
        spoken = tomllib.loads(f"value = {text}", parse_float=Decimal)["value"]
        assert getattr(read(**{row.name: spoken}), row.name) == row.default
        if str(spoken):
            assert getattr(read(None, {row.env: str(spoken)}), row.name) == row.default


class TestOrder:
    def test_default_file_environment_command_line(self, tmp_path: Path) -> None:
        home = city(tmp_path, "[server]\nport = 1\n")
        assert read().port == 8010
        assert read(home).port == 1
        assert read(home, {"HUITIAN_PORT": "2"}).port == 2
        assert read(home, {"HUITIAN_PORT": "2"}, port=3).port == 3
        assert read(home, {"HUITIAN_PORT": "2"}, port=None).port == 2
        assert read(home, {"HUITIAN_PORT": ""}).port == 1

    def test_the_environment_names_the_home_and_the_command_line_wins(self, tmp_path: Path) -> None:
        first, second = tmp_path / "a", tmp_path / "b"
        for folder, port in ((first, 1), (second, 2)):
            folder.mkdir()
            city(folder, f"[server]\nport = {port}\n")
        assert read(None, {"HUITIAN_HOME": str(first)}).port == 1
        settings = read(second, {"HUITIAN_HOME": str(first)})
        assert (settings.port, settings.home) == (2, second)

    def test_a_folder_without_a_file_gives_the_defaults(self, tmp_path: Path) -> None:
        assert read(tmp_path) == dataclasses.replace(Settings(), home=tmp_path)

    def test_other_variables_are_none_of_our_business(self) -> None:
        assert read(None, {"PATH": "/bin", "huitian_port": "7"}) == Settings()

    def test_settings_cannot_be_changed(self) -> None:
        with pytest.raises(dataclasses.FrozenInstanceError):
            Settings().port = 1  # type: ignore[misc]


class TestUnknown:
    @pytest.mark.parametrize(
        ("text", "name", "nearest"),
        [
            ("[server]\nprot = 1\n", "server.prot", "[server] port"),
            ("[city]\nport = 1\n", "city.port", "[server] port"),
            ("[serve]\nport = 1\n", "serve.port", "[server] port"),
            ("port = 1\n", "port", "[server] port"),
            ("[machine]\nhome = 'x'\n", "machine", None),
            ("[server]\nhome = 'x'\n", "server.home", "HUITIAN_HOME"),
        ],
    )
    def test_the_file(self, tmp_path: Path, text: str, name: str, nearest: str | None) -> None:
        with pytest.raises(UnknownSetting) as refused:
            read(city(tmp_path, text))
        assert refused.value.facts == {"where": "city.toml", "name": name, "nearest": nearest}

    @pytest.mark.parametrize(
        ("variable", "nearest"),
        [("HUITIAN_PROT", "HUITIAN_PORT"), ("HUITIAN_port", "HUITIAN_PORT"), ("HUITIAN_QQQQQQ", None)],
    )
    def test_the_environment(self, variable: str, nearest: str | None) -> None:
        with pytest.raises(UnknownSetting) as refused:
            read(None, {variable: "1"})
        assert refused.value.facts == {"where": "environment", "name": variable, "nearest": nearest}

    def test_the_command_line(self) -> None:
        with pytest.raises(UnknownSetting, match="port"):
            read(prot=1)

    def test_a_new_file(self) -> None:
        for name in ("prot", "home"):
            with pytest.raises(UnknownSetting):
                city_text({name: "x"})


class TestValues:
    @pytest.mark.parametrize(
        ("name", "said", "value"),
        [
            ("port", " 8011 ", 8011),
            ("is_https", "yes", True),
            ("is_https", "0", False),
            ("solved_partly", "0.6", Decimal("0.6")),
            ("language", "en", "en"),
            ("home", "somewhere", Path("somewhere")),
            ("box", "116.27,40.04,116.45,40.13", (116.27, 40.04, 116.45, 40.13)),
            ("working_hours", "09:00-17:30", ((time(9), time(17, 30)),)),
        ],
    )
    def test_text_is_read(self, name: str, said: str, value: object) -> None:
        assert getattr(read(None, {f"HUITIAN_{name.upper()}": said}), name) == value

    @pytest.mark.parametrize(
        ("section", "row", "value"),
        [
            ("server", "port = 8011", 8011),
            ("server", "is_https = true", True),
            ("rates", "solved_partly = 0.6", Decimal("0.6")),
            ("city", "box = [116.27, 40.04, 116.45, 40.13]", (116.27, 40.04, 116.45, 40.13)),
            ("city", 'box = ""', None),
        ],
    )
    def test_toml_is_read(self, tmp_path: Path, section: str, row: str, value: object) -> None:
        settings = read(city(tmp_path, f"[{section}]\n{row}\n"))
        assert getattr(settings, row.split()[0]) == value

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("port", "http"),
            ("port", "80.5"),
            ("port", "-1"),
            ("port", "65536"),
            ("port", True),
            ("port", "9" * 400),
            ("name_zh", 7),
            ("language", "fr"),
            ("is_https", "perhaps"),
            ("solved_partly", "1.5"),
            ("solved_partly", "-0.1"),
            ("solved_partly", "NaN"),
            ("solved_partly", "half"),
            ("solved_partly", True),
            ("hotline_month_day", 29),
            ("working_hours", "8-12"),
            ("working_hours", "12:00-08:00"),
            ("working_hours", "08:00-12:00,11:00-18:00"),
            ("working_hours", "08:00-25:00"),
            ("box", "1,2,3"),
            ("box", "40.04,116.27,40.13,116.45"),
            ("box", "a,b,c,d"),
            ("box", "116,40,115,41"),
        ],
    )
    def test_a_wrong_value_is_refused(self, name: str, said: object) -> None:
        with pytest.raises(BadSetting) as refused:
            read(**{name: said})
        assert refused.value.facts["name"] == name
        assert refused.value.facts["where"] == "command line"

    def test_the_weights_of_the_owner_add_up(self) -> None:
        with pytest.raises(BadSetting) as refused:
            read(None, {"HUITIAN_OWNER_WEIGHT_AREA": "0.3"})
        assert refused.value.facts["where"] == "HUITIAN_OWNER_WEIGHT_AREA"
        changed = read(owner_weight_area="0.30", owner_weight_past="0.10")
        assert changed.owner_weight_area == Decimal("0.30")

    @pytest.mark.parametrize("content", [b"[server\n", b"\xd6\xd0", b"[server]\nport = 1\nport = 2\n"])
    def test_a_file_that_is_not_toml_is_refused(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / CITY_FILE).write_bytes(content)
        with pytest.raises(FileUnreadable):
            read(tmp_path)

    def test_a_byte_order_mark_does_not_matter(self, tmp_path: Path) -> None:
        (tmp_path / CITY_FILE).write_bytes(b"\xef\xbb\xbf[server]\nport = 1\n")
        assert read(tmp_path).port == 1

    @given(
        st.sampled_from([row.name for row in SETTINGS]), st.text(max_size=20) | st.integers() | st.floats()
    )
    def test_any_value_is_taken_or_refused_with_words(self, name: str, said: object) -> None:
        try:
            read(**{name: said})
        except HuitianError as error:
            said_zh = error.words("zh")
        else:
            said_zh = "taken"
        assert said_zh

    @given(
        st.lists(
            st.times().map(lambda moment: moment.replace(second=0, microsecond=0)), unique=True, max_size=8
        )
    )
    def test_spans_in_order_are_read(self, moments: list[time]) -> None:
        ends = sorted(moments)[: len(moments) // 2 * 2]
        spans = tuple(zip(ends[::2], ends[1::2], strict=True))
        if spans:
            said = ",".join(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in spans)
            assert parse_spans(said) == spans


class TestNewFile:
    def test_it_reads_back_as_what_was_given(self, tmp_path: Path) -> None:
        values = {
            "name_zh": '回天"地区"',
            "port": 8011,
            "box": (116.27, 40.04, 116.45, 40.13),
            "language": "en",
        }
        settings = read(city(tmp_path, city_text(values)))
        assert settings == dataclasses.replace(Settings(), home=tmp_path, **values)  # type: ignore[arg-type]

    def test_with_nothing_given_it_is_the_defaults(self, tmp_path: Path) -> None:
        assert read(city(tmp_path, city_text({}))) == dataclasses.replace(Settings(), home=tmp_path)

    def test_every_line_can_be_switched_on(self, tmp_path: Path) -> None:
        text = re.sub(r"^# ", "", city_text({}), flags=re.MULTILINE)
        assert read(city(tmp_path, text)) == dataclasses.replace(Settings(), home=tmp_path)

    @given(st.text(st.characters(codec="utf-8")))
    def test_any_name_survives(self, name: str) -> None:
        assert tomllib.loads(city_text({"name_zh": name}))["city"]["name_zh"] == name


def test_light_modules_stay_light() -> None:
    # huitian --help must answer in half a second: none of these may pull in a heavy module.
    code = "import huitian.clock, huitian.errors, huitian.settings, huitian.units, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "pydantic", "sqlalchemy", "fastapi", "shapely", "rich", "typer"}
    assert heavy.isdisjoint(done.stdout.split())


ADDRESS = "postgresql://u@h/d"
ROW = f'store_address = "{ADDRESS}"'


@pytest.mark.parametrize(("told", "wanted"), [
    ("", f"\n[store]\n{ROW}\n"),
    ('[city]\nname_zh = "一"\n', f'[city]\nname_zh = "一"\n\n[store]\n{ROW}\n'),
    ('[store]\n# store_address = ""  # words\n[city]\n', f"[store]\n{ROW}  # words\n[city]\n"),
    ("[store]\n  store_address='a # b'# words\n", f"[store]\n{ROW}# words\n"),
    ('[store]\nstore_address = "x"\r\n[city]\r\n', f"[store]\n{ROW}\r\n[city]\r\n"),
    ("[store]\nstore_connections = 4\n", f"[store]\n{ROW}\nstore_connections = 4\n"),
    ('# store_address = "no"\n[store] # here\n', f'# store_address = "no"\n[store] # here\n{ROW}\n'),
    ('[store]\n# store_address = ""\nstore_address = "x"\n', f'[store]\n# store_address = ""\n{ROW}\n'),
])  # fmt: skip
def test_one_setting_is_changed_and_every_other_line_stays(told: str, wanted: str) -> None:
    assert with_setting(told, "store_address", ADDRESS) == wanted


@pytest.mark.parametrize(
    "told", ["[store", 'store.store_address = "x"\n', '[store]\nstore_address = """\nx"""\n']
)
def test_a_setting_that_cannot_be_changed_is_left_alone(told: str) -> None:
    with pytest.raises(FileUnreadable):
        with_setting(told, "store_address", ADDRESS)


def test_a_wrong_setting_is_told_in_chinese_too() -> None:
    with pytest.raises(BadSetting) as told:
        read_settings(None, {}, {"port": 80000})
    assert told.value.words("zh") == "命令行 里的设置 port = 80000 不能用：最大为 65535"
    assert "the most is 65535" in told.value.words("en")
