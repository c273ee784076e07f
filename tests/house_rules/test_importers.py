import pytest

from tools.house_rules.importers import check


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("huitian/base/places.py", "from huitian.engine.embedded.store import open_engine"),
        ("huitian/base/places.py", "from huitian.engine import embedded"),
        ("huitian/cli/serve.py", "import huitian.engine.scaled"),
        ("huitian/cli/serve.py", "importlib.import_module('huitian.engine.embedded')"),
        ("huitian/app/city.py", "from fastapi import FastAPI"),
        ("huitian/cases/log.py", "def f():\n    import starlette.requests"),
        ("huitian/base/places.py", "import sqlite3"),
        ("huitian/ingest/write.py", "from sqlalchemy import select"),
        ("huitian/sources/csv/read.py", "import sqlalchemy"),
        ("huitian/simulate/city.py", "from huitian.base import places"),
        ("huitian/simulate/city.py", "from huitian import settings"),
        ("huitian/scenarios/mailbox/rules.py", "from huitian.engine.ports import Records"),
        ("huitian/scenarios/mailbox/rules.py", "from huitian.scenarios.overview import rules"),
        ("huitian/api/routes/rows.py", "from huitian.engine.ports import Records"),
        ("huitian/api/routes/rows.py", "from huitian.engine import statements"),
        ("huitian/api/routes/rows.py", "from huitian.base.masks import masked"),
    ],
)
def test_an_import_that_is_not_theirs_is_found(repository, path, line):
    assert [one.path for one in check(repository({path: f"{line}\n"}))] == [path]


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("huitian/app/city.py", "from huitian.engine.embedded import open_engine"),
        ("huitian/engine/embedded/store.py", "import sqlite3"),
        ("huitian/sources/database/read.py", "import sqlalchemy"),
        ("huitian/api/server.py", "from fastapi import FastAPI"),
        ("huitian/cli/serve.py", "import uvicorn"),
        ("huitian/simulate/city.py", "from huitian.simulate import streets"),
        ("huitian/simulate/city.py", "from huitian.model.place import Place"),
        ("huitian/scenarios/mailbox/rules.py", "from huitian.plugin import City"),
        ("huitian/scenarios/mailbox/rules.py", "from huitian.scenarios.mailbox import words"),
        ("huitian/scenarios/mailbox/test_mailbox.py", "from huitian.app import open_city"),
        ("huitian/engines.py", "import fastapi_like"),
    ],
)
def test_their_own_imports_pass(repository, path, line):
    assert not list(check(repository({path: f"{line}\n"})))
