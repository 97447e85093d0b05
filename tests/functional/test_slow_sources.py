"""A source that takes longer than an answer may costs that time once, not at every request."""

import time

from functional.conftest import picture
from support.server import wait_indexed, wait_until

SIDE = 2000
# Clouds in nine octaves, eight times over each other: some ten seconds of work at full size, little at an eighth of it.
SLOW = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}"><filter id="clouds" x="0" y="0" width="1" height="1">'
        + '<feTurbulence baseFrequency="0.9" numOctaves="9"/>' * 8 + f'</filter><rect width="{SIDE}" height="{SIDE}" filter="url(#clouds)"/></svg>')
QUICK = f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}"><rect width="{SIDE}" height="{SIDE}" fill="#204060"/></svg>'
REASON = "Decoding it takes longer than the server allows."


def test_what_takes_too_long_is_not_tried_again(start, tmp_path):
    folder = tmp_path / "folder"
    picture(folder / "item" / "good.png")
    (folder / "item" / "clouds.svg").write_text(SLOW)
    client = start(folder, "--request-seconds", "2", state=tmp_path / "state").client()
    target = "/iiif/image/3/item~clouds/0,0,512,512/max/0/default.png"

    # On a busy machine it takes more than one attempt until it is clear that the file is to blame.
    for _ in range(6):
        refused = client.get(target)
        assert refused.status in (404, 503), refused.body
        if refused.status == 404:
            break
    assert refused.json()["detail"] == REASON

    for other in (target, target.replace("0,0,512,512", "600,700,300,200"), target.replace("png", "jpg")):
        begin = time.monotonic()
        again = client.get(other)
        assert (again.status, again.json()["detail"]) == (404, REASON)
        assert time.monotonic() - begin < 1, "it was tried again"
    assert client.get("/iiif/image/3/item~clouds/full/250,/0/default.png").status == 200, "less work is still done"
    assert client.get("/iiif/image/3/item~good/full/max/0/default.png").status == 200

    problems = client.get("/status", {"Accept": "application/json"}).json()["problems"]
    assert [(problem["path"], problem["reason"]) for problem in problems] == [("item/clouds.svg", REASON)]

    (folder / "item" / "clouds.svg").write_text(QUICK)

    def shown():
        """the changed file is shown"""
        return client.get(target).status == 200

    wait_until(shown, 20)
    wait_indexed(client)
    assert client.get("/status", {"Accept": "application/json"}).json()["problems"] == []
