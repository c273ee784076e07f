"""Files by content hash: what was acknowledged is named on the disk, in folders that are."""

from pathlib import Path

import pytest

from huitian.engine import files
from huitian.engine.files import FolderFiles

pytestmark = pytest.mark.contract


def test_a_new_folder_is_durable_before_a_file_in_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    real = files.sync_folder

    def sync(path: Path) -> None:
        synced.append(path)
        real(path)

    monkeypatch.setattr(files, "sync_folder", sync)
    kept = FolderFiles(tmp_path)
    first = kept.keep(b"a lamp")
    assert synced == [tmp_path, tmp_path / first[:2]]
    assert kept.keep(b"a lamp") == first
    assert list(kept.list_ids()) == [first]
