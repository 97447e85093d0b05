"""armarium user forget: nothing names the person any more, in the history, the states, the backups made afterwards and the files of the state; on both databases."""

import pytest

from functional.test_takedown import Site, postgres, send, stream_of  # noqa: F401 (a fixture)
from support.server import wait_indexed

NAME = "Ada Ästhetik-Lovelace"


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request, start, program, postgres, tmp_path):  # noqa: F811
    if request.param == "postgresql" and postgres is None:
        pytest.skip("PostgreSQL is not installed")
    return Site(request.param, start, program, postgres, tmp_path, "f" + str(abs(hash(request.node.nodeid))))


def user(site, *arguments):
    return site.run("user", *arguments, "--state", site.state, "--folder", site.folder)


@pytest.mark.parametrize("running", [True, False], ids=["running", "stopped"])
def test_nothing_names_who_is_forgotten(site, running):
    site.user(NAME, "administrator")
    site.user("bob", "administrator")
    client = site.start()
    document = client.get("/iiif/item-000/manifest").json()
    for label in ("One", "Two"):
        document["label"] = {"en": [label]}
        assert send(client, "PUT", "/iiif/item-000/manifest", document, who=NAME, If_Match="*").status == 200
    assert send(client, "PATCH", "/iiif/item-000/manifest", {"label": {"en": ["Three"]}}, who="bob", kind="application/merge-patch+json", If_Match="*").status == 200
    kept = send(client, "POST", "/iiif/content-state/", {"id": f"{client.base}/iiif/item-000/manifest", "type": "Manifest"}, who=NAME)
    assert kept.status == 201
    kept = client.path_of(kept.header("Location"))
    assert send(client, "POST", "/takedowns", {"identifier": "item-002"}, who=NAME).status == 201
    key = user(site, "key", NAME).splitlines()[0]
    whole = client.get("/iiif/item-000/manifest").body.replace(client.base.encode(), b"")
    before = site.backup_text("before.tar")
    assert before.count(NAME) >= 5
    if not running:
        site.stop()
    assert "Forgotten" in user(site, "forget", NAME)
    if not running:
        client = site.start()
    versions = send(client, "GET", "/iiif/item-000/manifest/history", who="bob").json()["versions"]
    assert [version["who"] for version in versions] == ["", "", "bob"]
    assert client.get("/iiif/item-000/manifest").body.replace(client.base.encode(), b"") == whole, "what was written stays"
    assert client.get(kept).status == 200
    assert client.get("/iiif/item-002/manifest").status == 451
    assert [one["who"] for one in send(client, "GET", "/takedowns", who="bob").json()["takedowns"]] == [""]
    assert client.request("GET", "/takedowns", {"Authorization": f"Bearer {key}"}, b"").status == 401
    assert NAME not in str(stream_of(client)) and NAME not in user(site, "list")
    assert NAME not in site.backup_text("after.tar")
    site.stop()
    assert NAME not in site.server.log_text()
    if site.kind == "sqlite":
        left = [path.name for path in site.state.rglob("*") if path.is_file() and NAME.encode() in path.read_bytes()]
        assert left == [], left
    # An older backup does not bring the name back.
    site.run("restore", site.tmp_path / "before.tar", "--state", site.state, "--folder", site.folder)
    assert NAME not in user(site, "list") and "bob" in user(site, "list")
    text = site.backup_text("restored.tar")
    assert NAME not in text and "bob" in text
    # Whoever is called so from now on is somebody else, and stays.
    site.user(NAME, "editor")
    site.backup_text("new.tar")
    site.run("restore", site.tmp_path / "new.tar", "--state", site.state, "--folder", site.folder)
    assert NAME in user(site, "list")
    client = site.start()
    wait_indexed(client)
    assert [version["who"] for version in send(client, "GET", "/iiif/item-000/manifest/history", who="bob").json()["versions"]] == ["", "", "bob"]


def test_a_state_does_not_tell_who_kept_it(site):
    """Its address is not made of what anybody could try: the name and the state."""
    site.user("ada", "contributor")
    client = site.start()
    state = {"id": f"{client.base}/iiif/item-000/manifest", "type": "Manifest"}
    first = send(client, "POST", "/iiif/content-state/", state)
    assert send(client, "POST", "/iiif/content-state/", state).header("Location") == first.header("Location")
    other = site.tmp_path / "other"
    site.run("user", "add", "ada", "--role", "contributor", "--password-stdin", "--state", other, "--folder", site.folder, input="correct horse battery") if site.kind == "sqlite" else None
    if site.kind == "sqlite":
        site.stop()
        site.state = other
        client = site.start()
        state["id"] = f"{client.base}/iiif/item-000/manifest"
        made = send(client, "POST", "/iiif/content-state/", state)
        assert made.status == 201 and made.header("Location").rsplit("/", 1)[1] != first.header("Location").rsplit("/", 1)[1]
