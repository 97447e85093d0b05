"""Records of catalogues beside pictures, by the real program: what a Manifest says of them, where they find their picture, and that they are given out as they are."""

import json
import shutil
import subprocess

import pytest

from functional.conftest import picture
from support.server import ROOT, wait_until

RECORDS = ROOT / "tests" / "fixtures" / "records"

LIDO = """<lido:lido xmlns:lido="http://www.lido-schema.org" xmlns:gml="http://www.opengis.net/gml"><lido:lidoRecID>x1</lido:lidoRecID>
<lido:descriptiveMetadata xml:lang="de"><lido:objectIdentificationWrap><lido:titleWrap><lido:titleSet><lido:appellationValue>Der Brunnen</lido:appellationValue>
</lido:titleSet></lido:titleWrap></lido:objectIdentificationWrap><lido:eventWrap><lido:eventSet><lido:event><lido:eventType><lido:term>Herstellung</lido:term></lido:eventType>
<lido:eventDate><lido:date><lido:earliestDate>1654</lido:earliestDate><lido:latestDate>1654</lido:latestDate></lido:date></lido:eventDate>
<lido:eventPlace><lido:place><lido:gml><gml:Point><gml:pos>48.4 9.99</gml:pos></gml:Point></lido:gml><lido:namePlaceSet><lido:appellationValue>Ulm</lido:appellationValue>
</lido:namePlaceSet></lido:place></lido:eventPlace></lido:event></lido:eventSet></lido:eventWrap></lido:descriptiveMetadata></lido:lido>"""
EAC = """<eac-cpf xmlns="urn:isbn:1-931666-33-4"><control><recordId>r1</recordId></control><cpfDescription><identity><entityType>person</entityType>
<nameEntry><part>Muster, Rosa</part></nameEntry></identity><description><existDates><dateRange><fromDate>1850</fromDate><toDate>1927</toDate></dateRange></existDates>
</description></cpfDescription></eac-cpf>"""
TEI = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>Ms. 7</title></titleStmt><publicationStmt><p/></publicationStmt><sourceDesc><msDesc>
<msIdentifier><settlement>Ulm</settlement><repository>Stadtbibliothek</repository><idno>Ms. 7</idno></msIdentifier><history><origin><origDate when="1390">1390</origDate></origin></history>
</msDesc></sourceDesc></fileDesc></teiHeader></TEI>"""

FORMATS = {
    "mods": ("guatemala.mods", 'Guatemala and the issues of "free trade"', None, "application/mods+xml", "http://www.loc.gov/mods/v3"),
    "marcxml": ("gutenberg.mrx", "Bible, Latin", None, "application/marcxml+xml", "http://www.loc.gov/MARC21/slim"),
    "marc": ("sanaa.mrc", "[Imperial military middle school, Ṣanʻāʾ]", None, "application/marc", "http://www.loc.gov/MARC21/slim"),
    "dc": ("oai_dc.xml", "Ansicht der Stadt", "1844-01-01T00:00:00Z", "application/xml", "http://www.openarchives.org/OAI/2.0/oai_dc/"),
    "linked-art": ("ima-turner.json", "View of Exeter College from the Turl", "1806-01-01T00:00:00Z", "application/ld+json", "https://linked.art/ns/v1/linked-art.json"),
    "pbcore": ("pbcore_interview.xml", "Interview: Fitas / ERM, Tape 1 (A8)", None, "application/xml", "http://www.pbcore.org/PBCore/PBCoreNamespace.html"),
    "lido": (LIDO, "Der Brunnen", "1654-01-01T00:00:00Z", "application/xml", "http://www.lido-schema.org"),
    "eac": (EAC, "Muster, Rosa", None, "application/xml", "urn:isbn:1-931666-33-4"),
    "tei": (TEI, "Ms. 7", "1390-01-01T00:00:00Z", "application/tei+xml", "http://www.tei-c.org/ns/1.0"),
}


def put(folder, content: str, name: str) -> bytes:
    """A record into a folder: a file of the fixtures, or the text itself."""
    folder.mkdir(parents=True, exist_ok=True)
    if (RECORDS / content[:60]).is_file() and "<" not in content:
        shutil.copyfile(RECORDS / content, folder / name)
    else:
        (folder / name).write_text(content, encoding="utf-8")
    return (folder / name).read_bytes()


def name_of(content: str) -> str:
    return content if "<" not in content else "record.xml"


def read(client, item: str, version: int = 3) -> dict:
    answer = client.get(f"/iiif/presentation/{version}/{item}/manifest")
    assert answer.status == 200, answer.body
    return answer.json()


def said(document: dict) -> dict[str, list[str]]:
    """The metadata by English label, values of all languages."""
    return {entry["label"].get("en", entry["label"].get("none"))[0]: [value for values in entry["value"].values() for value in values] for entry in document.get("metadata", [])}


def problems(client) -> list[dict]:
    return client.get("/status", {"Accept": "application/json"}).json()["problems"]


@pytest.fixture(scope="module")
def every(tmp_path_factory):
    folder = tmp_path_factory.mktemp("records") / "folder"
    bytes_of = {}
    for item, (content, *_) in FORMATS.items():
        for page in ("p1.png", "p2.png"):
            picture(folder / item / page)
        bytes_of[item] = put(folder / item, content, name_of(content))
    return folder, bytes_of


def test_each_format_describes_its_folder(start, program, every):
    folder, bytes_of = every
    client = start(folder).client()
    for item, (content, title, date, media_type, profile) in FORMATS.items():
        found = read(client, item)
        assert title in [value for values in found["label"].values() for value in values], item
        assert found.get("navDate") == date, item
        assert len(found["items"]) == 2, item
        link = found["seeAlso"][0]
        assert (link["type"], link["format"], link["profile"]) == ("Dataset", media_type, profile), item
        answer = client.get(link["id"].replace(client.base, ""))
        assert answer.status == 200, (item, answer.body)
        assert answer.body == bytes_of[item], item
        for version in (2, 3, 4):
            address = f"{client.base}/iiif/presentation/{version}/{item}/manifest"
            checked = subprocess.run([program, "check", address], capture_output=True, text=True, timeout=60)
            assert checked.returncode == 0, (item, version, checked.stdout, checked.stderr)
    assert read(client, "lido")["navPlace"]["features"][0]["geometry"] == {"type": "Point", "coordinates": [9.99, 48.4]}
    assert read(client, "dc")["rights"] == "http://creativecommons.org/licenses/by-sa/4.0/"
    assert said(read(client, "marcxml"))["Printer"] == ["Gutenberg, Johann, 1397?-1468"]
    assert "Deutsch" in said(read(client, "dc"))["Language"]
    assert not [problem for problem in problems(client) if "record" in problem["path"]], problems(client)


def test_a_record_beside_its_picture(start, tmp_path):
    folder = tmp_path / "folder" / "photographs"
    for name in ("fox.png", "owl.png", "elk.png"):
        picture(folder / name)
    (folder / "info.yml").write_text("each: file\n")
    put(folder, "guatemala.mods", "fox.xml")
    put(folder, "sanaa.mrc", "owl.mrc")
    put(folder, "ima-turner.json", "elk.json")
    client = start(tmp_path / "folder").client()
    assert read(client, "photographs~fox")["label"] == {"none": ['Guatemala and the issues of "free trade"']}
    assert read(client, "photographs~owl")["label"] == {"none": ["[Imperial military middle school, Ṣanʻāʾ]"]}
    assert read(client, "photographs~elk")["navDate"] == "1806-01-01T00:00:00Z"
    link = read(client, "photographs~owl")["seeAlso"][0]
    assert client.get(link["id"].replace(client.base, "")).body == (RECORDS / "sanaa.mrc").read_bytes()


def test_many_records_find_their_pictures_or_are_named(start, tmp_path):
    folder = tmp_path / "folder" / "cards"
    for name in ("11778504.png", "other.png"):
        picture(folder / name)
    (folder / "info.yml").write_text("each: file\n")
    put(folder, "two.mrc", "all.mrc")
    client = start(tmp_path / "folder").client()
    assert read(client, "cards~11778504")["label"] == {"none": ["The pragmatic programmer: from journeyman to master"]}
    assert read(client, "cards~other")["label"] == {"none": ["other"]}
    named = [problem for problem in problems(client) if problem["path"] == "cards/all.mrc"]
    assert "1 of 2 records" in named[0]["reason"]
    assert "12515882" in named[1]["reason"]


def test_what_is_written_goes_before_a_record(start, tmp_path):
    folder = tmp_path / "folder" / "book"
    picture(folder / "p1.png")
    picture(folder / "p2.png")
    put(folder, "oai_dc.xml", "record.xml")
    (folder / "info.yml").write_text("label: Mine\n")
    client = start(tmp_path / "folder").client()
    found = read(client, "book")
    assert found["label"] == {"none": ["Mine"]}
    assert found["navDate"] == "1844-01-01T00:00:00Z"
    (tmp_path / "new.xml").write_text((RECORDS / "oai_dc.xml").read_text().replace("<dc:date>1844<", "<dc:date>1845<"))
    (tmp_path / "new.xml").replace(folder / "record.xml")
    wait_until(lambda: read(client, "book").get("navDate") == "1845-01-01T00:00:00Z", seconds=10)


def test_a_damaged_record_costs_only_itself(start, tmp_path):
    folder = tmp_path / "folder" / "book"
    picture(folder / "p1.png")
    picture(folder / "p2.png")
    put(folder, "<mods xmlns='http://www.loc.gov/mods/v3'>\n<titleInfo>\n</mods>", "record.xml")
    put(folder / "alone", "guatemala.mods", "record.mods")
    client = start(tmp_path / "folder").client()
    assert len(read(client, "book")["items"]) == 2
    named = [problem for problem in problems(client) if problem["path"] == "book/record.xml"]
    assert named and named[0].get("place", named[0].get("where", "")).startswith("line"), json.dumps(problems(client))


def test_a_table_of_records_describes_the_folders_beside_it(start, tmp_path):
    folder = tmp_path / "folder"
    picture(folder / "11778504" / "p1.png")
    picture(folder / "other" / "p1.png")
    put(folder, "two.mrc", "records.mrc")
    client = start(folder).client()
    found = read(client, "11778504")
    assert found["label"] == {"none": ["The pragmatic programmer: from journeyman to master"]}
    assert found["navDate"] == "2000-01-01T00:00:00Z"
    assert read(client, "other")["label"] == {"none": ["other"]}
    assert "1 of 2 records" in [problem for problem in problems(client) if problem["path"] == "records.mrc"][0]["reason"]
    picture(folder / "12515882" / "p1.png")  # a folder that comes later finds its record, too
    wait_until(lambda: client.get("/iiif/12515882/manifest").status == 200, seconds=10)
    assert read(client, "12515882")["label"]["none"][0] != "12515882"
    changed = (RECORDS / "two.mrc").read_bytes().replace(b"The pragmatic programmer", b"The pragmatic programmEr")
    (tmp_path / "new.mrc").write_bytes(changed)
    (tmp_path / "new.mrc").replace(folder / "records.mrc")
    wait_until(lambda: "programmEr" in read(client, "11778504")["label"]["none"][0], seconds=10)
