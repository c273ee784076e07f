"""A demo city that has been used: files were loaded and partly refused, a home was looked at, a panel was remarked on.

The screens that show this are empty in a city made a minute ago, and an empty page tells nobody whether its table is
any good.
"""

import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

from bench.running import Running, Session, ask

MAPPING = """
source_id = "city.shops"
entity = "organisation"
[columns]
org_id = { from = "编号", must = true }
name = { from = "名称", must = true }
kind = { value = "company" }
place_code = "街道"
lon = "经度"
lat = "纬度"
"""
ROWS = (
    "编号,名称,街道,经度,纬度",
    "SH-001,松岚早点铺,松岚街道,,",
    "SH-002,云溪五金店,云溪街道,,",
    "SH-003,,松岚街道,,",
    ",无编号的店,鹿鸣街道,,",
    "SH-005,街道写错的店,松兰街道,,",
    "SH-006,坐标反了的店,,40.06,116.32",
    "SH-007,坐标不是数的店,,东经,北纬",
    "SH-008,坐标在海里的店,,0,0",
    "SH-002,云溪五金店分店,云溪街道,,",
    "SH-010,禾塘药房,禾塘镇,,",
)
REMARKS = (
    ("mailbox.page_rates", "unclear", "满意率和解决率的样本为什么一样？"),
    ("mailbox.page_letters", "useful", ""),
    ("mailbox.write", "missing", "想能选楼号。"),
)


def use(running: Running) -> None:
    """Load a file of which half is bad, look at a home for a stated purpose, leave remarks. Not idempotent."""
    load_shops(running)
    look_at_a_home(running)
    remark(running)


def load_shops(running: Running) -> None:
    """Load shops as a city would have them: without numbers, names, places, with points that are none."""
    with tempfile.TemporaryDirectory() as folder:
        file, mapping = Path(folder) / "临街商户普查.csv", Path(folder) / "shops.toml"
        file.write_text("\n".join(ROWS) + "\n", encoding="utf-8")
        mapping.write_text(MAPPING, encoding="utf-8")
        command = [sys.executable, "-m", "huitian.cli", "load", str(running.home), "csv", str(file)]
        subprocess.run([*command, "--map", str(mapping)], check=True, capture_output=True)


def look_at_a_home(running: Running) -> None:
    """State two purposes and read a home of the handler's community."""
    handler = running.sign_in("household")
    found = ask(f"{running.base}/v1/entities/dwelling?limit=40", headers=cookie_of(handler))[0]
    for row in found["rows"][:3]:
        about = {"purpose": "home_visit", "about": "household", "about_id": row["dwelling_id"], "minutes": 20}
        ask(f"{running.base}/v1/purposes/taken", {**about, "ticket": "回〔2026〕7号"}, told_by(handler))
        ask(f"{running.base}/v1/homes/{row['dwelling_id']}", headers=cookie_of(handler))


def remark(running: Running) -> None:
    """Say what somebody thinks of three panels."""
    street = running.sign_in("street")
    for panel_id, verdict, words in REMARKS:
        said = {
            "panel_id": panel_id,
            "verdict": verdict,
            "words": words,
            "idempotency_key": str(uuid.uuid4()),
        }
        ask(f"{running.base}/v1/packs/mailbox/feedback", said, told_by(street))


def cookie_of(session: Session) -> dict[str, str]:
    """Return what a reader sends."""
    return {"Cookie": session.cookie}


def told_by(session: Session) -> dict[str, str]:
    """Return what a writer sends."""
    return {"Cookie": session.cookie, "X-CSRF-Token": session.csrf}
