from tools.house_rules.lock_files import check

PROJECT = """
[project]
dependencies = ["Some_Package>=2"]
[project.optional-dependencies]
scale = ["driver>=1"]
[dependency-groups]
test = ["pytest>=9"]
dev = [{ include-group = "test" }]
"""
BASE = "some-package==2.1 \\\n    --hash=sha256:0\n"
OTHERS = {
    "pyproject.toml": PROJECT,
    "requirements/base.txt": BASE,
    "requirements/bundle.txt": BASE + "driver==1.3\n",
    "requirements/dev.txt": BASE + "pytest==9.0\n",
}


def test_locks_that_answer_everything_pass(repository):
    assert not list(check(repository(OTHERS)))


def test_a_requirement_without_a_lock_is_found(repository):
    found = list(check(repository({**OTHERS, "requirements/dev.txt": "some-package==1.9\n"})))
    assert [one.words.split("'")[1] for one in found] == ["Some_Package>=2", "pytest>=9"]


def test_what_a_machine_without_the_internet_gets_holds_the_extras(repository):
    found = list(check(repository({**OTHERS, "requirements/bundle.txt": BASE})))
    assert [(one.path, one.words.split("'")[1]) for one in found] == [
        ("requirements/bundle.txt", "driver>=1")
    ]


def test_addresses_are_found(repository):
    index = "--" + "index-url x\n"
    found = check(repository({**OTHERS, "requirements/base.txt": index + BASE}))
    assert [(one.path, one.line_no) for one in found] == [("requirements/base.txt", 1)]
    lock = '{\n "resolved": "https://host.example/a.tgz"\n}\n'
    found = check(repository({"web/package-lock.json": lock, "requirements/base.txt": BASE}))
    assert [(one.path, one.line_no) for one in found] == [("web/package-lock.json", 2)]
