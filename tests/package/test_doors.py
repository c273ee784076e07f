"""Which end a sign-in opens: roles that a city made itself have a door like those that come with Huitian."""

import json
import shutil
import subprocess
import tomllib

import pytest

from tools.places import ROOT, VENV

pytestmark = pytest.mark.package

DOORS = {
    "leader": "cockpit", "integrator": "cockpit", "dispatcher": "desk", "district_dispatcher": "desk",
    "street_dispatcher": "desk", "department": "desk", "data_admin": "desk", "auditor": "desk", "committee": "mobile",
    "grid_worker": "mobile", "resident": "public",
}  # fmt: skip
OWN = {
    "river_warden": ({"reads": ["work", "people", "handling"], "acts_as": ["grid_worker"]}, "mobile"),
    "heat_watch": ({"reads": ["work", "handling"], "acts_as": ["department"]}, "desk"),
    "duty_leader": ({"reads": ["work"], "acts_as": ["leader"], "lens_most": "V2"}, "cockpit"),
    "keeper_of_keys": ({"administers": ["keys"]}, "desk"),
    "screen_in_the_hall": ({"reads": ["work"], "lens_most": "V1"}, "cockpit"),
    "nothing_yet": ({}, None),
}
SCRIPT = """
import { readFileSync } from "node:fs";
import ts from "typescript";
const source = readFileSync("src/landing/door.ts", "utf8");
const { outputText } = ts.transpileModule(source, { compilerOptions: { module: "ESNext", target: "ES2022" } });
const { doorOf } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
const users = JSON.parse(process.argv[1]);
console.log(JSON.stringify(Object.fromEntries(Object.entries(users).map(([name, user]) => [name, doorOf(user)]))));
"""


def test_every_role_has_the_door_of_what_it_may_do() -> None:
    node = shutil.which("node") or str(VENV / "bin" / "node")
    roles = tomllib.loads((ROOT / "huitian" / "base" / "roles.toml").read_text("utf-8"))["roles"]
    assert set(DOORS) == set(roles)
    roles |= {name: told for name, (told, _) in OWN.items()}
    users = {
        name: {
            "lens": told.get("lens_most", "V2"), "reads": told.get("reads", []),
            "acts_as": told.get("acts_as", []), "administers": told.get("administers", []),
        }
        for name, told in roles.items()
    }  # fmt: skip
    run = [node, "--input-type=module", "-e", SCRIPT, json.dumps(users)]
    told = subprocess.run(
        run, cwd=ROOT / "web", check=True, capture_output=True, text=True, timeout=120
    ).stdout
    assert json.loads(told) == DOORS | {name: door for name, (_, door) in OWN.items()}
