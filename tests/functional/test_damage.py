"""What is wrong with a file is said at /status, however it was found out, until the file changes."""

import io

from PIL import Image

from fixtures.make_fixtures import gradient
from functional.conftest import picture
from support.server import wait_until


def problems(client) -> dict[str, str]:
    return {problem["path"]: problem["reason"] for problem in client.get("/status", {"Accept": "application/json"}).json()["problems"]}


def jpeg2000(**options) -> bytes:
    out = io.BytesIO()
    Image.fromarray(gradient(500, 400)).save(out, "JPEG2000", **options)
    return out.getvalue()


def test_repaired_jpeg2000_is_named(start, tmp_path):
    """The header is sound and strict decoding fails: what lenient decoding shows is shown, and the file is named."""
    folder = tmp_path / "folder" / "item"
    whole = jpeg2000()
    picture(folder / "good.png")
    (folder / "whole.jp2").write_bytes(whole)
    (folder / "cut.jp2").write_bytes(whole[: len(whole) * 6 // 10])
    client = start(tmp_path / "folder", state=tmp_path / "state").client()
    target = "/iiif/image/3/item~{}/full/max/0/default.png"
    for name in ("good", "whole", "cut"):
        assert client.get(target.format(name)).status == 200, name
    assert problems(client) == {"item/cut.jp2": "The picture is damaged; what can be read of it is shown."}

    (folder / "cut.jp2").write_bytes(whole)

    def sound():
        """the mended file is shown and named no more"""
        return client.get(target.format("cut")).body == client.get(target.format("whole")).body and problems(client) == {}

    wait_until(sound, 20)


def test_the_reason_of_a_library_is_given(start, tmp_path):
    folder = tmp_path / "folder" / "item"
    picture(folder / "good.png")
    (folder / "scan.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\0" * 100)
    (folder / "empty.avif").write_bytes(b"\0\0\0\x18ftypavif\0\0\0\0avifmif1" + b"\0" * 64)
    client = start(tmp_path / "folder", state=tmp_path / "state").client()
    found = problems(client)
    assert found["item/scan.dcm"] == "Nothing here can read this kind of file: a DICOM file that ImageMagick does not read."
    assert found["item/empty.avif"].startswith("The file is damaged: heif: ")
    assert "/" not in found["item/empty.avif"]
    assert client.get("/iiif/item/manifest").json()["items"][0]["height"] == 40
