"""Map layers as GeoJSON."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response

from huitian.api.asking import AtParameter, BoxParameter, PlaceParameter, TreeParameter, box_of, moment_of
from huitian.api.layers import Asked, features_of, layers_of
from huitian.api.problems import problems
from huitian.api.reader import AnyReader, TheCity
from huitian.api.wire.objects import Layer
from huitian.errors import NotFound, UnknownPlace

router = APIRouter(tags=["layers"])
GEOJSON = "application/geo+json"
COLLECTION = {
    "type": "object",
    "description": "GeoJSON FeatureCollection (RFC 7946) with the instant of the reading.",
    "required": ["type", "as_of", "n_total", "is_truncated", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "as_of": {
            "type": "string",
            "format": "date-time",
            "description": "Aware UTC instant of the reading.",
        },
        "n_total": {"type": "integer", "description": "Features that match, whatever the limit."},
        "is_truncated": {"type": "boolean", "description": "Whether there are more than are here."},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "id", "geometry", "properties"],
                "properties": {
                    "type": {"const": "Feature"},
                    "id": {"type": "string"},
                    "geometry": {"type": ["object", "null"]},
                    "properties": {"type": "object", "additionalProperties": True},
                },
            },
        },
    },
}


@router.get("/v1/layers", responses=problems(is_open=True))
def list_layers(city: TheCity, reader: AnyReader) -> list[Layer]:
    """Lists the layers of the map that you may see."""
    return layers_of(city, reader.scope)


@router.get(
    "/v1/layers/{layer_id}",
    response_class=Response,
    responses={
        200: {"description": "The features.", "content": {GEOJSON: {"schema": COLLECTION}}},
        304: {"description": "The features are those of `If-None-Match`."},
        **problems(NotFound, UnknownPlace),
    },
)
def read_layer(
    city: TheCity, reader: AnyReader,
    layer_id: Annotated[str, Path(max_length=100, description="The layer.", examples=["place.street"])],
    box: BoxParameter = None, place: PlaceParameter = None, tree: TreeParameter = None, at: AtParameter = None,
    limit: Annotated[int, Query(ge=1, le=20_000, description="At most this many features.")] = 5000,
    if_none_match: Annotated[str | None, Header(max_length=400, description="`ETag` of what you have.")] = None,
) -> Response:  # fmt: skip
    """Gives the features of a layer in a box, as GeoJSON.

    ``place.<level>`` are outlines of places as they stand in the edition of that day; ``building`` carries height,
    floors and open cases; ``case`` are the cases that were open at that instant, under lens V1 each at a point of its
    place that is not its own; ``cells`` are middles of squares with a class of density, 1 to 7.
    """
    asked = Asked(box_of(box), place, tree, moment_of(at, city.clock), limit)
    features = features_of(city, reader.scope, layer_id, asked)
    headers = {"ETag": features.etag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if if_none_match is not None and features.etag in {tag.strip() for tag in if_none_match.split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(features.body, media_type=GEOJSON, headers=headers)
