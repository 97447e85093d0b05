"""`publish: false` hides from every address, and is inherited."""

from functional.conftest import picture
from support.pictures import image2, image3
from support.server import wait_until

TARGETS = ["/iiif/item-000/manifest", "/iiif/presentation/2/item-000/manifest", "/item/item-000", image3("item-000~p1", "info.json"),
           image2("item-000~p1", "full/full/0/default.jpg"), image3("item-000~p1", "full/max/0/default.jpg"), image3("item-000~p1"), "/media/item-000~p1/p1.png"]


def test_hidden_and_shown_again(start, folder):
    client = start(folder).client()
    canvas = client.get("/iiif/item-000/manifest").json()["items"][0]["id"]
    for target in [*TARGETS, canvas]:
        assert client.get(target).status in (200, 303), target
    (folder / "item-000" / "info.yml").write_text("publish: false\n")
    wait_until(lambda: client.get(TARGETS[0]).status in (404, 410), 2)
    for target in [*TARGETS, canvas]:
        assert client.get(target).status in (404, 410), target
    for target in ("/iiif/collection", "/sitemap.xml", "/"):
        assert "item-000" not in client.get(target).text, target
    (folder / "item-000" / "info.yml").unlink()
    wait_until(lambda: client.get(TARGETS[0]).status == 200, 2)


def test_inherited(start, folder):
    picture(folder / "group" / "inner" / "deep" / "p1.png")
    (folder / "group" / "info.yml").write_text("publish: false\n")
    client = start(folder).client()
    for target in ("/iiif/group/collection", "/iiif/group~inner/collection", "/iiif/group~inner~deep/manifest", image3("group~inner~deep~p1", "info.json")):
        assert client.get(target).status == 404, target


def test_hidden_from_the_first_moment(start, folder):
    """Also before the index is complete, when a path is answered at once."""
    (folder / "item-000" / "info.yml").write_text("publish: false\n")
    client = start(folder, indexed=False).client()
    for target in TARGETS:
        assert client.get(target).status == 404, target
