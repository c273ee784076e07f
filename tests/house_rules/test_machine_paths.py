import pytest

from tools.house_rules.machine_paths import check

# Put together here, so that this file itself keeps the rule.
PATHS = [
    "/".join(["", *parts]) for parts in (("home", "ann", "x"), ("Users", "ann"), ("tmp", "x"), ("root", "y"))
]
REGISTRIES = [
    "https://" + host for host in ("py" + "pi.example/simple", "registry" + ".example/a", "np" + "m.example")
]


@pytest.mark.parametrize("words", [*PATHS, *REGISTRIES])
@pytest.mark.parametrize("path", ["docs/a.md", "huitian/a.py", ".ci/run", "requirements/base.txt"])
def test_a_machine_or_a_registry_is_found(repository, words, path):
    assert [one.line_no for one in check(repository({path: f"first\nopen({words!r})\n"}))] == [2]


@pytest.mark.parametrize(
    "line",
    [
        "#!/usr/bin/env bash",
        "DIR/store/huitian.sqlite",
        "tests/tmp/x",
        "GET /v1/places/root",
        "{folder}/tmp/x",
        "https://www.apache.org/licenses/",
        "~/projects/huitian",
    ],
)
def test_what_is_true_everywhere_passes(repository, line):
    assert not list(check(repository({"docs/a.md": line + "\n"})))
