"""`/media/{id}/{name}`: a file under its own name, without what it carries of places, serial numbers and persons."""

import io

import pytest
from PIL import Image, PngImagePlugin, TiffImagePlugin

from fixtures.make_fixtures import gradient
from support.server import wait_until

SECRET = b"Hidden Lane"
XMP = (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
       b'<rdf:Description xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Hidden Lane"/></rdf:RDF></x:xmpmeta>')


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = "Hidden Lane"
    tags.get_ifd(0x8825)[2] = (46.0, 57.0, 0.0)  # GPSLatitude
    return tags


@pytest.fixture
def library(tmp_path, start):
    folder = tmp_path / "folder" / "item"
    folder.mkdir(parents=True)
    image = Image.fromarray(gradient(90, 60))
    image.save(folder / "photo.jpg", exif=exif(6), xmp=XMP, comment=SECRET, dpi=(300, 300))
    image.save(folder / "photo2.webp", exif=exif(8), xmp=XMP)
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Location", SECRET.decode())
    image.save(folder / "drawing.png", exif=exif(3), pnginfo=texts)
    image.save(folder / "plain.tif")
    places = TiffImagePlugin.ImageFileDirectory_v2()
    places[700] = XMP
    image.save(folder / "scan.tif", tiffinfo=places)
    (folder / "broken.jpg").write_bytes(b"Hidden Lane")
    return folder


PICTURES = [("photo", "photo.jpg", 6), ("photo2", "photo2.webp", 8), ("drawing", "drawing.png", 3)]


@pytest.mark.parametrize(("stem", "name", "orientation"), PICTURES)
def test_pixels_and_orientation_and_nothing_else(start, library, stem, name, orientation):
    client = start(library.parent).client()
    target = f"/media/item~{stem}/{name}"
    answer = client.get(target)
    original = (library / name).read_bytes()
    assert answer.status == 200 and SECRET in original and SECRET not in answer.body
    shown, stored = Image.open(io.BytesIO(answer.body)), Image.open(library / name)
    assert shown.tobytes() == stored.tobytes() and shown.getexif()[0x0112] == orientation
    assert dict(shown.getexif()) == {0x0112: orientation} and not shown.getexif().get_ifd(0x8825)
    assert shown.info.get("dpi") == stored.info.get("dpi")

    head = client.head(target)
    assert head.status == 200 and int(head.header("Content-Length")) == len(answer.body) and head.header("ETag") == answer.header("ETag")
    part = client.get(target, {"Range": "bytes=5-60"})
    assert part.status == 206 and part.body == answer.body[5:61] and part.header("Content-Range") == f"bytes 5-60/{len(answer.body)}"
    assert client.get(target, {"Range": "bytes=-7"}).body == answer.body[-7:]
    assert client.get(target, {"If-None-Match": answer.header("ETag")}).status == 304


def test_what_cannot_be_taken_out_is_withheld(start, library):
    client = start(library.parent).client()
    assert client.get("/media/item~plain/plain.tif").body == (library / "plain.tif").read_bytes()
    for target in ("/media/item~scan/scan.tif", "/media/item~broken/broken.jpg"):
        answer = client.get(target)
        assert answer.status == 403 and SECRET not in answer.body, target
    assert client.get("/iiif/image/3/item~scan/full/max/0/default.jpg").status == 200


def test_everything_where_the_owner_says_so(start, library):
    client = start(library.parent).client()
    targets = {f"/media/item~{stem}/{name}": library / name for stem, name, _ in PICTURES} | {"/media/item~scan/scan.tif": library / "scan.tif"}
    before = {target: client.get(target).header("ETag") for target in targets}
    (library / "info.yml").write_text("embedded: all\n")
    for target, path in targets.items():
        wait_until(lambda target=target, path=path: client.get(target).body == path.read_bytes(), 3)
        assert client.get(target).header("ETag") != before[target]
