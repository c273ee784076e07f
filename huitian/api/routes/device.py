"""What a person's own device asks for itself."""

from fastapi import APIRouter, Response

from huitian.api.device_keys import device_key
from huitian.api.problems import problems
from huitian.api.reader import SignedIn, TheCity
from huitian.api.wire.device import DeviceKey

router = APIRouter(tags=["session"])


@router.get("/v1/session/device-key", responses=problems())
def read_device_key(city: TheCity, reader: SignedIn, response: Response) -> DeviceKey:
    """Tells the key under which a phone seals what this account has not sent yet.

    Nobody else is ever told it, so who signs in on the same phone next cannot read what waits there.
    """
    response.headers["Cache-Control"] = "no-store"
    return DeviceKey(device_key(city, reader.scope.user_id))
