"""The crosswalk table: which field becomes which label, and that a change of it shows everywhere without a picture being read again."""

import subprocess

from PIL import Image

from functional.conftest import picture
from support.server import wait_until

LANGUAGES = {"en", "de", "fr", "es", "it", "nl"}


def labels(client, address: str = "/iiif/book/manifest") -> list[dict]:
    return [entry["label"] for entry in client.get(address).json().get("metadata", [])]


def fill(folder) -> None:
    picture(folder / "book" / "p1.png")
    (folder / "metadata.csv").write_text("path,creator,Shelfmark\nbook,Ann Example,Ms. 7\n")
    (folder / "photos").mkdir()
    (folder / "photos" / "info.yml").write_text("each: file\n")
    exif = Image.Exif()
    exif[0x013B] = "Bob Example"
    Image.new("L", (40, 30)).save(folder / "photos" / "fox.jpg", exif=exif)


def test_labels_are_in_six_languages_and_follow_the_table(start, tmp_path):
    folder = tmp_path / "folder"
    fill(folder)
    client = start(folder).client()
    assert set(labels(client)[0]) == LANGUAGES and labels(client)[1] == {"none": ["Shelfmark"]}
    assert set(labels(client, "/iiif/photos~fox/manifest")[0]) == LANGUAGES
    headers = client.get("/status", {"Accept": "application/json"}).json()
    (folder / "crosswalk.csv").write_text("format,field,property,order,en,pt\ncsv,shelfmark,metadata,1,Call number,Cota\nembedded,creator,metadata,,Photographer,Fotógrafo\ncsv,x,sofa,,X,\n")
    wait_until(lambda: labels(client) and labels(client)[0] == {"en": ["Call number"], "pt": ["Cota"]}, 20)
    wait_until(lambda: labels(client, "/iiif/photos~fox/manifest") == [{"en": ["Photographer"], "pt": ["Fotógrafo"]}], 20)
    now = client.get("/status", {"Accept": "application/json"}).json()
    assert [(one["path"], one["where"]) for one in now["problems"]] == [("crosswalk.csv", "line 4")]
    assert {key: value for key, value in now.items() if key == "headers"} == {key: value for key, value in headers.items() if key == "headers"}
    (folder / "crosswalk.csv").unlink()
    wait_until(lambda: set(labels(client)[0]) == LANGUAGES, 20)


def test_a_table_elsewhere_is_named_by_a_setting(start, program, tmp_path):
    folder = tmp_path / "folder"
    fill(folder)
    table = tmp_path / "labels.csv"
    table.write_text("format,field,en\ncsv,creator,Maker\n")
    client = start(folder, "--crosswalk", str(table)).client()
    assert labels(client)[0] == {"en": ["Maker"]}
    table.write_text("format,field,property,en\ncsv,creator,sofa,Maker\n")
    refused = subprocess.run([program, "serve", str(folder), "--listen", "127.0.0.1:0", "--crosswalk", str(table)], capture_output=True, text=True, timeout=30)
    assert refused.returncode != 0 and "line 2" in refused.stderr and "sofa" in refused.stderr
