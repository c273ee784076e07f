import re

import pytest

from tools import make_docs
from tools.places import ROOT

PAGES = make_docs.every_page()


def test_the_pages_in_the_repository_are_what_the_code_says():
    assert list(make_docs.stale(PAGES)) == []


def test_every_setting_and_every_error_has_words():
    from huitian.errors import all_errors
    from huitian.settings import SETTINGS

    settings = PAGES["docs/reference/settings.md"]
    assert [one.env for one in SETTINGS if f"`{one.env}`" not in settings] == []
    assert [one.code for one in all_errors() if f"docs/errors/{one.code}.md" not in PAGES] == []


@pytest.mark.parametrize("path", sorted(PAGES))
def test_links_lead_to_pages_that_exist(path):
    for target in re.findall(r"\]\(([^)#:]+\.md)", PAGES[path]):
        assert (ROOT / path).parent.joinpath(target).resolve().exists(), target


def test_a_changed_a_missing_and_an_orphaned_page_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr(make_docs, "ROOT", tmp_path)
    made = {"docs/errors/a.md": "a", "docs/reference/b.md": "b"}
    make_docs.write("docs/errors/a.md", "changed by hand")
    make_docs.write("docs/errors/gone.md", "of an error that is gone")
    assert set(make_docs.stale(made)) == {*made, "docs/errors/gone.md"}
    for path in list(make_docs.stale(made)):
        make_docs.write(path, made.get(path))
    assert list(make_docs.stale(made)) == []
