import subprocess
import sys

import pytest

from tools import bootstrap, node_env, python_env, web_build
from tools.missing import Missing
from tools.places import ROOT


def test_it_starts_with_the_standard_library_alone():
    command = [sys.executable, "-I", "-S", "-c"]
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.argv[1:] = ['-h']"
    look = f"{start}; import tools.bootstrap; tools.bootstrap.main()"
    done = subprocess.run([*command, look], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "--build" in done.stdout


def test_a_python_without_venv_is_told_which_package_to_install(monkeypatch):
    monkeypatch.setattr(python_env, "_is_whole", lambda: False)
    monkeypatch.setattr(python_env, "_find_uv", lambda: None)
    monkeypatch.setattr(python_env.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Missing, match="apt-get install -y python3-venv"):
        python_env.ensure(dev=True, node=False)


def test_no_node_is_an_instruction(monkeypatch, capsys):
    monkeypatch.setattr(node_env, "of_machine", lambda: None)
    monkeypatch.setattr(node_env, "of_venv", lambda: None)
    monkeypatch.setattr(python_env, "ensure", lambda **asked: None)
    monkeypatch.setattr(sys, "argv", ["bootstrap", "--web"])
    assert bootstrap.main() == 1
    assert "Node 22 or newer" in capsys.readouterr().err


@pytest.mark.parametrize(("version", "is_taken"), [("v22.3.0", True), ("v20.20.2", False), ("broken", False)])
def test_only_a_node_that_is_new_enough_is_taken(tmp_path, monkeypatch, version, is_taken):
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n", "utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (node_env.of_machine() is not None) == is_taken


def test_the_screens_are_built_again_only_when_a_source_changed(tmp_path, monkeypatch):
    web, built, runs = tmp_path / "web", tmp_path / "built", []
    (web / "src").mkdir(parents=True)
    (web / "node_modules").mkdir()
    for name in ("package.json", "package-lock.json", "src/a.ts"):
        (web / name).write_text("{}", "utf-8")

    def npm(node, *words):
        runs.append(words[0])
        built.mkdir(exist_ok=True)
        (built / "index.html").write_text("", "utf-8")

    node = node_env.Node(tmp_path, "v24.0.0")
    for name, value in {
        "WEB": web,
        "WEB_BUILT": built,
        "STAMP": tmp_path / "stamp.json",
        "PACKAGES_STAMP": web / "node_modules" / "stamp.json",
        "npm": npm,
    }.items():
        monkeypatch.setattr(web_build, name, value)

    def runs_of_ensure():
        runs.clear()
        web_build.ensure(node)
        return list(runs)

    assert runs_of_ensure() == ["ci", "run"]
    assert runs_of_ensure() == []
    (web / "src" / "a.ts").write_text("changed", "utf-8")
    assert runs_of_ensure() == ["run"]
    (web / "package-lock.json").write_text('{"a": 1}', "utf-8")
    assert runs_of_ensure() == ["ci", "run"]
    (built / "index.html").unlink()
    assert runs_of_ensure() == ["run"]


def test_uv_uses_the_mirror_that_pip_is_set_to(monkeypatch):
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(python_env.sys, "executable", "")
    said = {
        ":env:.index-url": "",
        "install.index-url": "",
        "global.index-url": "https://host.example/simple\n",
    }

    def run(command, **_):
        return subprocess.CompletedProcess(command, 0 if said[command[-1]] else 1, stdout=said[command[-1]])

    monkeypatch.setattr(python_env.subprocess, "run", run)
    python_env._index_of_pip.cache_clear()
    assert python_env._index_of_pip() == {"UV_DEFAULT_INDEX": "https://host.example/simple"}
    python_env._index_of_pip.cache_clear()
    monkeypatch.setenv("UV_INDEX_URL", "https://other.example/simple")
    assert python_env._index_of_pip() == {}
    python_env._index_of_pip.cache_clear()
