"""Identifiers: real check rules, and every synthetic one breaks them."""

import re

import numpy as np

from huitian.simulate.identifiers import id_check, synthetic_ids, synthetic_uscc, uscc_check
from huitian.simulate.names import PERSON_NAMES

MOBILE = re.compile(r"1[3-9]\d{9}")


def test_check_digits_are_those_of_the_standards():
    # Examples printed in GB 11643-1999 (annex) and the code of a public body in GB 32100-2015.
    assert id_check("11010519491231002") == "X"
    assert id_check("44052418800101001") == "4"
    assert uscc_check("91350100M000100Y4") == "3"


def test_persons_cannot_be_anybody(rows):
    births = {row["person_id"]: row["birth_year"] for row in rows["person"]}
    sexes = {row["person_id"]: row["sex"] for row in rows["person"]}
    for row in rows["person_identity"]:
        number = row["id_number"]
        assert re.fullmatch(r"990000\d{11}[\dX]", number)
        assert id_check(number[:17]) != number[17]
        assert int(number[6:10]) == births[row["person_id"]]
        assert (int(number[16]) % 2 == 1) == (sexes[row["person_id"]] == "male")
        assert re.fullmatch(r"120\d{8}", row["phone"])
        assert not MOBILE.fullmatch(row["phone"])
        assert row["name"] in PERSON_NAMES
    numbers = {row["id_number"] for row in rows["person_identity"]}
    assert len(numbers) == len(rows["person_identity"])


def test_letters_and_organisations_cannot_be_anybody(city, rows):
    for row in rows["organisation"]:
        assert re.fullmatch(r"91990000[0-9A-Z]{10}", row["uscc"])
        assert uscc_check(row["uscc"][:17]) != row["uscc"][17]
        assert not MOBILE.fullmatch(row["duty_phone"])
    for story in city.letters:
        assert story.name is None or story.name in PERSON_NAMES
        assert story.phone is None or re.fullmatch(r"120\d{8}", story.phone)
        assert not MOBILE.search(story.body + story.title)


def test_same_birthday_and_sex_count_on():
    days = np.array(["1990-05-01"] * 3 + ["1990-05-02"], dtype="datetime64[D]")
    numbers = synthetic_ids(days, np.array([True, True, False, False]))
    assert [number[14:17] for number in numbers] == ["001", "003", "000", "000"]


def test_birthdays_stand_in_the_number():
    days = np.array(["1969-12-31", "1970-01-01", "2024-02-29"], dtype="datetime64[D]")
    numbers = synthetic_ids(days, np.array([True, True, True]))
    assert [number[6:14] for number in numbers] == ["19691231", "19700101", "20240229"]
    assert synthetic_ids(days[:0], np.array([], dtype=bool)) == []


def test_uscc_of_different_numbers_differ():
    assert len({synthetic_uscc(n) for n in range(500)}) == 500
