import ast

from tools.house_rules.pack_length import check, n_logic_lines


def test_only_logic_counts():
    words = '"""Words."""\n\n# A comment.\n'
    code = 'def f(a):\n    """Words\n    on two lines."""\n    return {\n        1: a,\n    }\n'
    assert n_logic_lines(ast.parse(words + code)) == 4


def test_a_long_pack_is_found_and_its_tests_do_not_count(repository):
    most, over = "x = 1\n" * 200, "x = 1\n"
    files = {
        "huitian/scenarios/__init__.py": most,
        "huitian/scenarios/fits/rules.py": most,
        "huitian/scenarios/fits/test_fits.py": most,
        "huitian/scenarios/long/rules.py": most,
        "huitian/scenarios/long/api.py": over,
    }
    assert [one.path for one in check(repository(files))] == ["huitian/scenarios/long/__init__.py"]
