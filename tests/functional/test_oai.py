"""OAI-PMH 2.0 at /oai: a harvester that knows only the protocol ends with what the server has, deletions too. Section numbers are those of the protocol."""

import json
import re
import subprocess
import time
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

import pytest

from functional.conftest import fill, picture
from support.server import wait_indexed, wait_until
from support.users import PASSWORD, basic

OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"


class Harvester:
    def __init__(self, client):
        self.client = client

    def ask(self, **arguments: str) -> ET.Element:
        answer = self.client.get("/oai?" + urlencode(arguments))
        assert answer.status == 200 and answer.header("Content-Type") == "text/xml; charset=utf-8", answer.body
        root = ET.fromstring(answer.body)
        assert root.tag == OAI + "OAI-PMH"
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", root.findtext(OAI + "responseDate"))
        return root

    def error(self, **arguments: str) -> str:
        root = self.ask(**arguments)
        return root.find(OAI + "error").get("code")

    def pages(self, verb: str, **arguments: str):
        while True:
            root = self.ask(verb=verb, **arguments)
            found = root.find(OAI + verb)
            if found is None:
                assert root.find(OAI + "error").get("code") == "noRecordsMatch"
                return
            yield found
            token = found.findtext(OAI + "resumptionToken")
            if not token:
                return
            arguments = {"resumptionToken": token}

    def headers(self, **arguments: str) -> dict[str, ET.Element]:
        """The last header of each record, as a harvester keeps it."""
        kept = {}
        for page in self.pages("ListIdentifiers", metadataPrefix="oai_dc", **arguments):
            for header in page.findall(OAI + "header"):
                kept[header.findtext(OAI + "identifier")] = header
        return kept

    def living(self, **arguments: str) -> set[str]:
        return {name for name, header in self.headers(**arguments).items() if header.get("status") != "deleted"}


@pytest.fixture
def served(start, folder):
    (folder / "item-000" / "info.yml").write_text(
        "label: {de: [Ein Buch], en: [A book]}\nsummary: <p>Written in <i>1850</i> &amp; bound.</p>\n"
        "metadata:\n  - {label: {de: [Urheber]}, value: {none: [Ada, 'Ben & Co']}}\n  - {label: {en: [Shelf]}, value: {none: [12]}}\n"
        "rights: http://creativecommons.org/publicdomain/mark/1.0/\nnavDate: 1850-03-01T00:00:00Z\n")
    server = start(folder, state=False)
    return server, Harvester(server.client())


def manifest(server, item: str) -> str:
    return f"{server.base}/iiif/{item}/manifest"


def test_identify(served):
    server, harvester = served
    identify = harvester.ask(verb="Identify").find(OAI + "Identify")
    assert [child.tag.removeprefix(OAI) for child in identify] == ["repositoryName", "baseURL", "protocolVersion", "adminEmail", "earliestDatestamp", "deletedRecord", "granularity"]
    assert identify.findtext(OAI + "baseURL") == server.base + "/oai"
    assert identify.findtext(OAI + "protocolVersion") == "2.0"
    assert "@" in identify.findtext(OAI + "adminEmail")
    first = min(header.findtext(OAI + "datestamp") for header in harvester.headers().values())
    assert identify.findtext(OAI + "earliestDatestamp") <= first


def test_a_record_in_dublin_core(served):
    server, harvester = served
    root = harvester.ask(verb="GetRecord", identifier=manifest(server, "item-000"), metadataPrefix="oai_dc")
    assert root.find(OAI + "request").attrib == {"verb": "GetRecord", "identifier": manifest(server, "item-000"), "metadataPrefix": "oai_dc"}
    (record,) = root.find(OAI + "GetRecord")
    dc = list(record.find(OAI + "metadata")[0])
    said = [(element.tag.removeprefix(DC), element.text, element.get("{http://www.w3.org/XML/1998/namespace}lang")) for element in dc]
    assert said == [("title", "Ein Buch", "de"), ("title", "A book", "en"), ("description", "Written in 1850 & bound.", None), ("creator", "Ada", None), ("creator", "Ben & Co", None),
                    ("date", "1850-03-01", None), ("type", "Image", None), ("identifier", f"{server.base}/item/item-000", None), ("identifier", manifest(server, "item-000"), None),
                    ("rights", "http://creativecommons.org/publicdomain/mark/1.0/", None)]


def test_the_errors_of_the_protocol(served):
    """3.6"""
    server, harvester = served
    assert harvester.error() == "badVerb"
    assert harvester.error(verb="Nothing") == "badVerb"
    assert harvester.error(verb="GetRecord") == "badArgument"
    assert harvester.error(verb="Identify", set="a") == "badArgument"
    assert harvester.error(verb="ListRecords", metadataPrefix="marcxml") == "cannotDisseminateFormat"
    assert harvester.error(verb="ListRecords", metadataPrefix="oai_dc", **{"from": "yesterday"}) == "badArgument"
    assert harvester.error(verb="ListRecords", metadataPrefix="oai_dc", **{"from": "2020-01-01", "until": "2020-01-01T00:00:00Z"}) == "badArgument"
    assert harvester.error(verb="ListRecords", metadataPrefix="oai_dc", until="2001-01-01") == "noRecordsMatch"
    assert harvester.error(verb="ListRecords", resumptionToken="AAAA") == "badResumptionToken"
    assert harvester.error(verb="ListRecords", resumptionToken="AAAA", metadataPrefix="oai_dc") == "badArgument"
    for identifier in ("", "oai:x", manifest(server, "nothing"), manifest(server, "item-000") + "x", "http://elsewhere.example/iiif/item-000/manifest"):
        assert harvester.error(verb="GetRecord", metadataPrefix="oai_dc", identifier=identifier) in ("idDoesNotExist", "badArgument"), identifier
    twice = harvester.client.get("/oai?verb=Identify&verb=Identify")
    assert b'code="badVerb"' in twice.body and b"<request>" in twice.body
    assert harvester.ask(verb="ListMetadataFormats", identifier=manifest(server, "item-000")).find(f".//{OAI}metadataPrefix").text == "oai_dc"


def test_a_form_asks_the_same(served):
    """3.1.1.2"""
    _, harvester = served
    answer = harvester.client.request("POST", "/oai", {"Content-Type": "application/x-www-form-urlencoded"}, b"verb=ListIdentifiers&metadataPrefix=oai_dc")
    assert answer.status == 200 and len(ET.fromstring(answer.body).findall(f".//{OAI}header")) == 3


def test_lists_come_in_parts(start, tmp_path):
    """3.5"""
    server = start(fill(tmp_path / "many", 250), state=False)
    harvester = Harvester(server.client())
    sizes = [len(page.findall(OAI + "record")) for page in harvester.pages("ListRecords", metadataPrefix="oai_dc")]
    assert sizes == [100, 100, 50]
    assert harvester.living() == {manifest(server, f"item-{number:03}") for number in range(250)}


def test_sets_are_collections(start, tmp_path):
    """2.6"""
    folder = fill(tmp_path / "sets", 2)
    picture(folder / "Maps & more" / "atlas" / "1.png")
    server = start(folder, state=False)
    harvester = Harvester(server.client())
    sets = {one.findtext(OAI + "setSpec"): one.findtext(OAI + "setName") for page in harvester.pages("ListSets") for one in page.findall(OAI + "set")}
    assert sets == {"Maps!20!26!20more": "Maps & more"}
    assert harvester.living(set="Maps!20!26!20more") == {manifest(server, "Maps%20%26%20more~atlas")}
    assert harvester.error(verb="ListRecords", metadataPrefix="oai_dc", set="nothing") == "noRecordsMatch"


def test_a_harvester_follows(start, folder, program):
    subprocess.run([program, "user", "add", "ada", "--role", "editor", "--folder", folder], input=PASSWORD, text=True, capture_output=True, timeout=60, check=True)
    server = start(folder, state=False)
    client = server.client()
    harvester = Harvester(client)
    assert harvester.living() == {manifest(server, f"item-00{number}") for number in range(3)}
    time.sleep(1.1)  # times are of whole seconds
    since = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    sent = {**basic("ada"), "If-Match": "*", "Content-Type": "application/merge-patch+json"}
    assert client.request("PATCH", "/iiif/item-000/manifest", sent, json.dumps({"label": {"en": ["New"]}}).encode()).status == 200
    (folder / "item-001").rename(folder / "item-renamed")
    for path in sorted((folder / "item-002").iterdir()):
        path.unlink()
    (folder / "item-002").rmdir()
    client.request("POST", "/nothing")
    wait_until(lambda: client.get("/iiif/item-renamed/manifest").status == 200 and client.get("/iiif/item-002/manifest").status in (404, 410), 30)
    wait_indexed(client)
    changed = harvester.headers(**{"from": since})
    state = {name.removeprefix(server.base): header.get("status") for name, header in changed.items()}
    assert state == {"/iiif/item-000/manifest": None, "/iiif/item-001/manifest": "deleted", "/iiif/item-renamed/manifest": None, "/iiif/item-002/manifest": "deleted"}
    gone = harvester.ask(verb="GetRecord", identifier=manifest(server, "item-002"), metadataPrefix="oai_dc").find(f".//{OAI}record")
    assert gone.find(OAI + "header").get("status") == "deleted" and gone.find(OAI + "metadata") is None
    before = (datetime.fromisoformat(since) - timedelta(days=1)).strftime("%Y-%m-%d")
    assert harvester.headers(until=before) == {}
    assert harvester.living() == {manifest(server, "item-000"), manifest(server, "item-renamed")}
