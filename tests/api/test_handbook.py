"""The documentation as pages of the server: every section a screen points at is there, links lead somewhere."""

import re

import httpx
import pytest

from huitian.api.handbook import CHINESE, article, folder, page_of, whole
from tools.places import ROOT

SECTIONS = ROOT / "web" / "src" / "shell" / "help" / "sections.ts"
CJK = re.compile("[一-鿿]")
PAGES = sorted(
    str(path.relative_to(folder()).with_suffix(""))
    for path in folder().rglob("*.md")
    if CHINESE not in path.name
)


def pointed_at() -> list[str]:
    return re.findall(r'": "([\w/-]+#[\w-]*)"', SECTIONS.read_text("utf-8"))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_section_that_a_screen_points_at_is_there(language: str) -> None:
    assert len(pointed_at()) > 20
    for target in pointed_at():
        path, _, anchor = target.partition("#")
        page = page_of(path, language)
        assert page is not None, target
        assert page.language == language, f"{target}: not written in {language}"
        assert anchor in page.parts, f"{target} in {language}"
        assert "<h2" in article(page, anchor)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_guide_names_the_keys_that_the_desk_has(language: str) -> None:
    actions = (ROOT / "web" / "src" / "desk" / "case" / "actions.ts").read_text("utf-8")
    keys = re.findall(r'\w+: "(\w)"', actions.partition("action_keys")[2].partition("};")[0])
    assert len(keys) > 9
    page = page_of("guides/the-desk", language)
    assert page is not None
    named = set(re.findall("<code>([A-Z])</code>", page.parts["a-case"]))
    assert named == {key.upper() for key in keys}


def told(html: str) -> str:
    """What is read of a page: its article without marks, and without names in code, which no language changes."""
    inside = html.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"<[^>]+>", " ", re.sub(r"<code>.*?</code>", "", inside))


@pytest.mark.parametrize(
    "path", ["", "/reference/numbers", "/reference/settings", "/errors/README", "/errors/not_found"]
)
def test_the_index_and_what_is_made_from_the_code_follow_the_language(
    nobody: httpx.Client, path: str
) -> None:
    english = nobody.get(f"/docs{path}?lang=en")
    assert english.status_code == 200
    assert not CJK.findall(told(english.text))
    chinese = nobody.get(f"/docs{path}?lang=zh-CN")
    # Products keep their names; the words around them are Chinese.
    assert len(CJK.findall(told(chinese.text))) > 3 * len(re.findall(r"[A-Za-z]{3,}", told(chinese.text)))


def test_the_other_language_is_one_link(nobody: httpx.Client) -> None:
    for path in ("", "/guides/the-desk", "/reference/numbers"):
        for lang, other in (("en", "中文"), ("zh-CN", "English")):
            assert nobody.get(f"/docs{path}?lang={lang}").text.count(f">{other}</a>") == 1, (path, lang)


def test_a_figure_is_told_in_words(nobody: httpx.Client) -> None:
    shown = nobody.get("/docs/reference/numbers?lang=zh-CN").text
    assert "<td>四周前</td>" in shown
    assert "<td>“居住状态”是空置</td>" in shown
    assert "<td>“回访时间”从热线月开始到截至时刻</td>" in shown
    assert "<td>four weeks ago</td>" in nobody.get("/docs/reference/numbers?lang=en").text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_link_between_pages_leads_somewhere(language: str) -> None:
    assert len(PAGES) > 50
    for path in PAGES:
        page = page_of(path, language)
        assert page is not None, path
        for there, anchor in re.findall(r'href="/docs/([^"?]+)\?lang=[\w-]+(?:#([^"]*))?"', article(page)):
            target = page_of(there, language)
            assert target is not None, f"{path}: {there}"
            if anchor:
                assert f'id="{anchor}"' in article(target), f"{path}: {there}#{anchor}"
        for anchor in re.findall(r'href="#([^"]*)"', article(page)):
            assert f'id="{anchor}"' in article(page), f"{path}: #{anchor}"


def test_raw_html_is_text_and_scripts_are_no_links() -> None:
    page = page_of("guides/the-desk", "en")
    assert page is not None
    shown = whole("", page, "en", article(page))
    assert "<script" not in shown
    assert "<html" in shown
    assert "javascript:" not in shown


@pytest.mark.parametrize(
    "path", ["../pyproject", "guides/../../secret", "guides/none", "/etc/passwd", "a" * 500, "", "README.md"]
)
def test_nothing_but_pages_is_read(path: str) -> None:
    assert page_of(path, "en") is None


def test_a_page_is_served_in_the_language_that_is_asked_for(nobody: httpx.Client) -> None:
    english = nobody.get("/docs/guides/the-desk", headers={"Accept-Language": "en"})
    assert english.status_code == 200
    assert '<h2 id="packs">Packs</h2>' in english.text
    chinese = nobody.get("/docs/guides/the-desk?lang=zh-CN", headers={"Accept-Language": "en"})
    assert '<h2 id="packs">场景</h2>' in chinese.text
    for short, heading in (("zh", "场景"), ("zh-Hans", "场景"), ("en-GB", "Packs")):
        assert f">{heading}</h2>" in nobody.get(f"/docs/guides/the-desk?lang={short}").text, short
    assert nobody.get("/docs/").text == nobody.get("/docs").text
    made = nobody.get("/docs/reference/numbers?lang=en").text
    assert "do not edit" not in made, "a remark for editors"
    assert ">Huitian</a>" in made
    part = nobody.get("/docs/guides/the-desk?lang=en&part=packs")
    assert '<h2 id="packs">' in part.text
    assert '<h2 id="places">' not in part.text
    only_english = nobody.get("/docs/reference/api?lang=zh-CN")
    assert '<p class="summary" lang="zh-CN">本页目前只有英文，内容：每个 HTTP 地址' in only_english.text
    assert 'class="summary"' not in nobody.get("/docs/reference/api?lang=en").text
    again = nobody.get("/docs/guides/the-desk?lang=en", headers={"If-None-Match": nobody.get(
        "/docs/guides/the-desk?lang=en").headers["etag"]})  # fmt: skip
    assert again.status_code == 304
    for missing in ("/docs/guides/none", "/docs/guides/the-desk?part=none", "/docs/..%2fpyproject"):
        assert nobody.get(missing).status_code in {404, 422}, missing


@pytest.mark.parametrize("path", ["/docs/nothing-here", "/docs/errors/none", "/nowhere"])
def test_a_person_who_misses_a_page_reads_so_and_a_program_gets_the_problem(
    nobody: httpx.Client, path: str
) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en"}
    english = nobody.get(path, headers=browser)
    assert english.status_code == 404
    assert english.headers["content-type"].startswith("text/html")
    assert "There is no such page" in english.text
    assert f'href="{path}?lang=zh-CN"' in english.text
    chinese = nobody.get(f"{path}?lang=zh-CN", headers=browser)
    assert chinese.text.index("没有这一页") < chinese.text.index("There is no such page")
    assert 'href="/docs?lang=zh-CN"' in chinese.text
    assert nobody.get(path).json()["code"] == "not_found"


def test_what_is_missed_is_text_on_the_page(nobody: httpx.Client) -> None:
    shown = nobody.get("/docs/%3Cscript%3Ealert(1)%3C/script%3E", headers={"Accept": "text/html"})
    assert shown.status_code == 404
    assert "<script>alert" not in shown.text
    assert nobody.get("/v1/nothing", headers={"Accept": "text/html"}).json()["code"] == "not_found"


def test_the_type_of_a_problem_is_a_page(nobody: httpx.Client) -> None:
    problem = nobody.get("/v1/places/admin:none").json()
    assert problem["type"].endswith(f"/docs/errors/{problem['code']}")
    answer = nobody.get(problem["type"])
    assert answer.status_code == 200
    assert problem["code"] in answer.text
