"""Photos that a letter or a step names: they must have been taken in before."""

from collections.abc import Sequence

from huitian.api.asking import refused
from huitian.api.city import City
from huitian.errors import NotFound

MOST_LOOKED_UP = 100


def check_kept(city: City, file_ids: Sequence[str]) -> None:
    """Refuse photos that were never taken in.

    Raises:
        InvalidInput: One was not.
    """
    allowed = city.planner.system("case_file")
    for file_id in file_ids[:MOST_LOOKED_UP]:
        try:
            city.engine.files.open_file(allowed, file_id).close()
        except NotFound as error:
            raise refused("file_ids", "照片未找到，请先上传", "upload the photo first") from error
