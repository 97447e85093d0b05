"""METS in a folder: pages, labels, pictures, Ranges and regions as hand-written expectations say, of files of five institutions."""

import json
import os
import shutil
import subprocess

import pytest

from functional.conftest import picture
from functional.test_folder_documents import problems, read
from support.server import ROOT, wait_until

METS = ROOT / "tests" / "fixtures" / "mets"


def pictures(folder, names) -> None:
    for name in names:
        picture(folder / name, 200, 300)


def labels(found: dict) -> list[str]:
    return [next(iter(one["label"].values()))[0] for one in found["items"]]


def shown(found: dict) -> list[str]:
    """The identifier of the picture of each page."""
    bodies = [one["items"][0]["items"][0]["body"] for one in found["items"] if one.get("items")]
    return [body["service"][0]["id"].rsplit("/", 1)[1] for body in bodies]


def table(ranges: list[dict], depth: int = 0) -> list[tuple[int, str]]:
    out = []
    for one in ranges:
        out.append((depth, " / ".join(value for values in one["label"].values() for value in values)))
        out += table([item for item in one["items"] if item["type"] == "Range"], depth + 1)
    return out


def metadata(found: dict) -> dict[str, str]:
    return {entry["label"]["en"][0]: next(iter(entry["value"].values()))[0] for entry in found.get("metadata", []) if "en" in entry["label"]}


def checked(program, found: dict, tmp_path) -> None:
    """What is published has no fault that `armarium check` would name."""

    path = tmp_path / "found.json"
    path.write_text(json.dumps(found))
    done = subprocess.run([program, "check", str(path)], capture_output=True, text=True, timeout=60)
    assert "  must " not in done.stdout, done.stdout


def test_a_newspaper_of_luxembourg(start, program, tmp_path):
    folder = tmp_path / "folder" / "issue"
    names = [f"1858-12-07_01-0000{number}" for number in range(1, 5)]
    pictures(folder, [f"images/{name}.jpg" for name in names] + [f"thumbnails/{name}.jpg" for name in names])
    shutil.copy(METS / "bnl.xml", folder / "mets.xml")
    client = start(tmp_path / "folder").client()
    found = read(client, "/iiif/issue/manifest")
    assert found["label"] == {"none": ["Luxemburger Zeitung – Journal de Luxembourg 1858-12-07_01"]}
    assert found["navDate"] == "1858-12-07T00:00:00Z"
    assert labels(found) == ["1", "2", "3", "4"]
    assert shown(found) == [f"issue~images~{name}" for name in names]
    assert metadata(found)["Publisher"] == "Victor Bück"
    articles = table(found["structures"])
    assert articles[:4] == [(0, "Title section"), (0, "Nicht amtlicher Theil. / PARTIE NON OFFICIELLE."), (1, "Revue politique."), (1, "Zeitungsnachrichten. / Nouvelles des journaux.")] or \
        [name.split(" / ")[0] for _, name in articles[:4]] == ["Title section", "Nicht amtlicher Theil.", "Revue politique.", "Zeitungsnachrichten."]
    assert (1, "ASSEMBLÉE DES ÉTATS.") in articles and (1, "Publicité 3 Page 4") in articles
    source = next(link for link in found["seeAlso"] if link["id"].endswith("/media/issue/mets.xml"))
    assert source["format"] == "application/xml" and source["profile"] == "http://www.loc.gov/METS/"
    assert client.get("/media/issue/mets.xml").body == (METS / "bnl.xml").read_bytes()
    checked(program, found, tmp_path)


def test_articles_are_regions_where_there_is_alto(start, program, tmp_path, data_folder):
    source = data_folder / "newspapers" / "bnl_luxzeit_1858"
    folder = tmp_path / "folder" / "issue"
    shutil.copytree(source, folder)
    subprocess.run(["chmod", "-R", "u+w", str(folder)], check=True)
    pictures(folder, [f"images/1858-12-07_01-0000{number}.jpg" for number in range(1, 5)])
    client = start(tmp_path / "folder").client()
    found = read(client, "/iiif/issue/manifest")
    review = next(one for one in found["structures"][1]["items"] if one["type"] == "Range")
    assert review["label"] == {"fr": ["Revue politique."]}
    regions = [item["id"].split("#")[1] if "id" in item and "#" in item["id"] else item["selector"]["value"] for item in review["items"]]
    # P1_TB… of the ALTO page (2590 × 4050), on a picture of 200 × 300.
    assert len(regions) >= 3
    for region in regions:
        left, top, width, height = (int(side) for side in region.removeprefix("xywh=").split(","))
        assert left + width <= 200 and top + height <= 300 and top > 60
    assert found["items"][0]["seeAlso"][0]["id"] == f"{client.base}/media/issue/text~1858-12-07_01-00001.xml"
    text = client.get("/media/issue/text~1858-12-07_01-00001.xml")
    assert text.status == 200 and text.body == (source / "text" / "1858-12-07_01-00001.xml").read_bytes()
    checked(program, found, tmp_path)


def test_a_report_of_wellcome(start, program, tmp_path):
    folder = tmp_path / "folder" / "report"
    pictures(folder, [f"objects/b30074976_{number:04}.png" for number in range(1, 9)])
    shutil.copy(METS / "b30074976.xml", folder / "b30074976.xml")
    found = read(start(tmp_path / "folder").client(), "/iiif/report/manifest")
    assert found["label"] == {"none": ["[Report 1962] /"]} or "[Report 1962]" in next(iter(found["label"].values()))[0]
    assert labels(found) == ["[1]", "[2]", "2", "3", "3", "4", "4", "[8]"]
    assert shown(found) == [f"report~objects~b30074976_{number:04}" for number in range(1, 9)]
    assert table(found["structures"]) == [(0, "Cover"), (0, "Cover")]
    assert found["provider"][0]["label"] == {"none": ["Wellcome Collection"]}
    checked(program, found, tmp_path)


def test_volumes_of_princeton_with_pages_of_one_name(start, tmp_path):
    folder = tmp_path / "folder" / "work"
    pictures(folder, ["vol01/00000001.png", "vol01/00000002.png", "vol02/00000001.png"])
    shutil.copy(METS / "pudl0003.mets", folder / "work.mets")
    found = read(start(tmp_path / "folder").client(), "/iiif/work/manifest")
    assert found["label"]["none" if "none" in found["label"] else next(iter(found["label"]))][0].startswith("Tao Jiean shang han quan sheng ji")
    assert labels(found)[:2] == ["image 1", "image 1"]
    assert shown(found)[0] == "work~vol01~00000001" and "work~vol02~00000001" in shown(found)[1:]


def test_an_issue_of_the_library_of_congress(start, program, tmp_path, data_folder):
    source = data_folder / "newspapers" / "ndnp_batch_mnhi_german" / "data" / "sn83045350" / "00295876384" / "1878010301"
    folder = tmp_path / "folder" / "issue"
    pictures(folder, [f"{number:04}.png" for number in range(11, 19)])
    for name in ("1878010301.xml", "0011.xml"):
        shutil.copy(source / name, folder / name)
    found = read(start(tmp_path / "folder").client(), "/iiif/issue/manifest")
    assert found["label"] == {"none": ["Der Nordstern (St. Cloud, Minn.), 1878-01-03"]}
    assert found["navDate"] == "1878-01-03T00:00:00Z"
    assert labels(found) == ["1", "2", "3", "4", "5", "6", "7", "8"]
    assert shown(found) == [f"issue~{number:04}" for number in range(11, 19)]
    assert [len(one.get("seeAlso", [])) for one in found["items"]] == [1, 0, 0, 0, 0, 0, 0, 0]
    checked(program, found, tmp_path)


def test_a_book_of_goettingen_elsewhere(start, program, tmp_path, data_folder):
    """No picture is in the folder: those of the library are shown, in a form that browsers know."""
    folder = tmp_path / "folder" / "book"
    folder.mkdir(parents=True)
    shutil.copy(data_folder / "ocr" / "mets" / "PPN595930174.xml", folder / "PPN595930174.xml")
    found = read(start(tmp_path / "folder").client(), "/iiif/book/manifest")
    assert found["label"] == {"none": ["Praelectiones Matheseos Theoreticae Elementaris"]} or "Praelectiones" in next(iter(found["label"].values()))[0]
    assert found["navDate"] == "1758-01-01T00:00:00Z" and len(found["items"]) == 333
    assert [name for _, name in table(found["structures"])][:3] == ["Title page", "Dux Serenissime, Domine Clementissime!", "Géometria Elementaris."]
    assert found["items"][0]["items"][0]["items"][0]["body"]["id"].endswith("/00000001.jpg")
    checked(program, found, tmp_path)


def test_a_change_of_the_file_changes_the_item(start, tmp_path):
    folder = tmp_path / "folder" / "report"
    pictures(folder, [f"objects/b30074976_{number:04}.png" for number in range(1, 9)])
    text = (METS / "b30074976.xml").read_text()
    (folder / "m.xml").write_text(text)
    client = start(tmp_path / "folder").client()
    assert labels(read(client, "/iiif/report/manifest"))[2] == "2"
    (folder / ".new").write_text(text.replace('ID="PHYS_0003" ORDER="3" ORDERLABEL="2"', 'ID="PHYS_0003" ORDER="3" ORDERLABEL="ii"'))
    os.replace(folder / ".new", folder / "m.xml")
    wait_until(lambda: labels(read(client, "/iiif/report/manifest"))[2] == "ii", 10)
    assert client.get("/media/report/m.xml").status == 200
    (folder / "m.xml").unlink()
    wait_until(lambda: client.get("/media/report/m.xml").status in (404, 410), 10)


def test_only_what_is_linked_is_handed_out(start, tmp_path):
    folder = tmp_path / "folder" / "work"
    pictures(folder, ["p1.png"])
    shutil.copy(METS / "b16675630.xml", folder / "b16675630.xml")
    (folder / "staff.xml").write_text("<salaries/>")
    (folder / "info.yml").write_text("label: Work\n")
    client = start(tmp_path / "folder").client()
    assert client.get("/media/work/b16675630.xml").status == 200
    for name in ("staff.xml", "info.yml", "..~work~b16675630.xml", "%2e%2e~x", "gone.xml"):
        assert client.get(f"/media/work/{name}").status in (400, 404), name
    assert any("b16675630_0001.xml is not in the folder" in one["reason"] for one in problems(client))


def test_what_is_too_large_or_broken_costs_only_itself(start, tmp_path):
    folder = tmp_path / "folder"
    for name in ("large", "cut", "entities"):
        pictures(folder / name, ["p1.png"])
    head = "<?xml version='1.0'?>\n<mets xmlns='http://www.loc.gov/METS/'>"
    with open(folder / "large" / "m.xml", "wb") as file:
        file.write(head.encode())
        file.truncate(1 << 30)
    (folder / "cut" / "m.xml").write_text(head + "\n<fileSec>")
    (folder / "entities" / "m.xml").write_text("<!DOCTYPE mets [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;'>]>\n" + head.split("\n")[1] + "<dmdSec>&b;</dmdSec></mets>")
    client = start(folder).client()
    for name in ("large", "cut", "entities"):
        assert len(read(client, f"/iiif/{name}/manifest")["items"]) == 1
    told = {one["path"]: one for one in problems(client)}
    assert "larger than" in told["large/m.xml"]["reason"]
    assert told["cut/m.xml"]["where"] == "line 3" or told["cut/m.xml"]["where"] == "line 2"
    assert "not expanded" in told["entities/m.xml"]["reason"]
