"""Photos: taken in clean, given out to whoever may see the case they belong to."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from huitian.api.city import City
from huitian.api.lanes import lanes_of
from huitian.api.limits import limits_of
from huitian.api.photos import Thumbnails, cleaned, media_type_of
from huitian.api.problems import problems
from huitian.api.reader import Address, SignedIn, TheCity, same_site
from huitian.api.uploads import read_file
from huitian.api.wire.objects import KeptFile
from huitian.errors import NotAllowed, NotAPicture, NotFound, ServerBusy, TooLarge, TooManyRequests
from huitian.model.query import Condition
from huitian.model.query import Query as Asked
from huitian.model.scope import Allowed, Scope

router = APIRouter(tags=["files"])
SIZES_PX = (160, 480, 1280)
THUMBNAILS = Thumbnails()
MOST_CASES = 100
"""Cases of one photo that are looked at."""
A_DAY = "private, max-age=86400, immutable"
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "JPEG, PNG or WebP."}
                    },
                }
            }
        },
    }
}


@router.post(
    "/v1/files",
    status_code=201,
    openapi_extra=BODY,
    dependencies=[Depends(same_site)],
    responses=problems(NotAPicture, TooLarge, TooManyRequests, ServerBusy, is_open=True),
)
async def keep_file(city: TheCity, request: Request, address: Address) -> KeptFile:
    """Takes a photo in.

    JPEG, PNG or WebP. It is decoded, turned upright and encoded anew without EXIF, place or comment; a very large
    one is made smaller. It shows nowhere until a letter or a step names its id.
    """
    lane = lanes_of(request).photos
    lane.check()
    await run_in_threadpool(limits_of(request).photos.count, address)
    settings = city.settings
    content = await read_file(request, settings.max_photo_mb << 20)
    photo = await lane.run(cleaned, content, settings.max_photo_mpx)
    file_id = await run_in_threadpool(city.engine.files.keep, photo.content)
    return KeptFile(file_id, photo.media_type, len(photo.content), photo.width_px, photo.height_px)


@router.get(
    "/v1/files/{file_id}",
    response_class=Response,
    responses={
        200: {
            "description": "The photo.",
            "content": {
                "image/jpeg": {"schema": {"type": "string", "format": "binary"}},
                "image/png": {"schema": {"type": "string", "format": "binary"}},
            },
        },
        **problems(NotFound, ServerBusy),
    },
)
async def read_kept_file(
    city: TheCity, reader: SignedIn, request: Request,
    file_id: Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the photo.")],
    size: Annotated[
        int | None, Query(ge=1, le=4096, description=f"Longest side in pixels; one of {SIZES_PX} is given, or all.")
    ] = None,
) -> Response:  # fmt: skip
    """Gives a photo of a case that you may see.

    Faces and plates are not blurred yet, so lens V1 gets none.
    """
    content = await run_in_threadpool(content_of, city, reader.scope, file_id)
    fitting = next((px for px in SIZES_PX if size is not None and size <= px), None)
    if fitting is not None:
        content = await lanes_of(request).photos.run(THUMBNAILS.of, file_id, fitting, content)
    headers = {"Cache-Control": A_DAY, "ETag": f'"{file_id[:32]}-{fitting or 0}"',
               "Content-Disposition": "inline", "Vary": "Cookie"}  # fmt: skip
    return Response(content, media_type=media_type_of(content), headers=headers)


def content_of(city: City, scope: Scope, file_id: str) -> bytes:
    """Return a kept photo that this reader may see."""
    with city.engine.files.open_file(may_see(city, scope, file_id), file_id) as opened:
        return opened.read()


def may_see(city: City, scope: Scope, file_id: str) -> Allowed:
    """Return the permission for a photo: that of a case it belongs to.

    Raises:
        NotFound: It belongs to no case that this reader may see.
        NotAllowed: The reader's lens shows no photos.
    """
    if scope.lens == "V1":
        raise NotAllowed(why="V1", why_zh="公开视图不显示照片", why_en="lens V1 shows no photos")
    allowed = city.planner.allow(scope, "case_file")
    query = Asked(
        "case_file", (Condition("file_id", "eq", file_id),), ("case_id", "file_id"), limit=MOST_CASES
    )
    found = city.planner.read(allowed, query).rows
    # Where two cases have a photo, that of which the photos are gone shows it no more.
    keeping = city.cases.keeping_photos({row["case_id"] for row in found})
    rows = [row for row in found if row["case_id"] in keeping][:1]
    if not rows:
        raise NotFound(entity="file", object_id=file_id)
    # A photo is not blurred yet, so each one given out is a look.
    city.planner.looked(scope, "case_file", "content", rows)
    return allowed
