"""Changes of the folder show within two seconds; what still grows is not published; rescan looks again now."""

import subprocess
import time

import pytest

from functional.conftest import fill, picture
from support.pictures import image3
from support.server import wait_until

SOON = 2.0


def sees(client, target, condition=lambda response: response.status == 200):
    def condition_holds():
        return condition(client.get(target))

    condition_holds.__doc__ = f"{target} is as expected"
    return condition_holds


def test_a_new_item(start, folder):
    client = start(folder).client()
    assert client.get("/iiif/new/manifest").status == 404
    picture(folder / "new" / "p1.png", 33, 44)
    wait_until(sees(client, "/iiif/new/manifest"), SOON)
    wait_until(lambda: "/iiif/new/manifest" in client.get("/iiif/collection").text, SOON)
    assert client.get(image3("new~p1", "info.json")).json()["width"] == 33


def test_a_new_page(start, folder):
    client = start(folder).client()
    tag = client.get("/iiif/item-000/manifest").header("ETag")
    picture(folder / "item-000" / "p3.png")
    wait_until(sees(client, "/iiif/item-000/manifest", lambda r: len(r.json()["items"]) == 3), SOON)
    assert client.get("/iiif/item-000/manifest").header("ETag") != tag


def test_a_changed_picture(start, folder):
    """Size, pixels and tags follow the file."""
    client = start(folder).client()
    target = image3("item-000~p1", "full/max/0/default.png")
    before = client.get(target)
    picture(folder / "item-000" / "p1.png", 99, 77)
    wait_until(sees(client, image3("item-000~p1", "info.json"), lambda r: r.json()["width"] == 99), SOON)
    wait_until(sees(client, target), SOON)
    after = client.get(target)
    assert after.size() == (99, 77) and after.header("ETag") != before.header("ETag")
    assert client.get(target, {"If-None-Match": before.header("ETag")}).status == 200
    wait_until(sees(client, "/iiif/item-000/manifest", lambda r: r.json()["items"][0]["width"] == 99), SOON)


def test_a_changed_description(start, folder):
    client = start(folder).client()
    (folder / "item-000" / "info.yml").write_text("label: Another name\n")
    wait_until(sees(client, "/iiif/item-000/manifest", lambda r: "Another name" in r.text), SOON)
    wait_until(lambda: "Another name" in client.get("/iiif/collection").text, SOON)
    wait_until(lambda: "Another name" in client.get("/item/item-000", {"Accept": "text/html"}).text, SOON)


def test_a_broken_description_is_reported_and_costs_nothing(start, folder):
    client = start(folder).client()
    (folder / "item-000" / "info.yml").write_text("label: [unclosed\n  : :\n")
    wait_until(lambda: "info.yml" in client.get("/status", {"Accept": "application/json"}).text, SOON)
    assert client.get("/iiif/item-000/manifest").status == 200


@pytest.mark.ids("PRES3-021")
def test_a_deleted_page_and_item(start, folder):
    client = start(folder).client()
    (folder / "item-000" / "p2.png").unlink()
    wait_until(sees(client, "/iiif/item-000/manifest", lambda r: len(r.json()["items"]) == 1), SOON)
    (folder / "item-000" / "p1.png").unlink()
    (folder / "item-000").rmdir()
    wait_until(sees(client, "/iiif/item-000/manifest", lambda r: r.status in (404, 410)), SOON)
    wait_until(lambda: "item-000" not in client.get("/iiif/collection").text, SOON)


def test_a_renamed_folder(start, folder):
    client = start(folder).client()
    (folder / "item-000").rename(folder / "renamed")
    wait_until(sees(client, "/iiif/renamed/manifest", lambda r: r.status == 200 and len(r.json()["items"]) == 2), SOON)


def test_a_file_that_still_grows_is_not_published(start, folder, tmp_path):
    client = start(folder).client()
    data = picture(tmp_path / "whole.png", 800, 600).read_bytes()
    target = folder / "grows" / "p1.png"
    target.parent.mkdir()
    with target.open("wb") as file:
        for part in range(8):
            file.write(data[part * len(data) // 8:(part + 1) * len(data) // 8])
            file.flush()
            response = client.get("/iiif/grows/manifest")
            assert response.status in (404, 503) or not any(canvas.get("items") for canvas in response.json()["items"])
            time.sleep(0.15)
    wait_until(sees(client, image3("grows~p1", "info.json"), lambda r: r.status == 200 and r.json()["width"] == 800), SOON)
    wait_until(sees(client, "/iiif/grows/manifest", lambda r: r.status == 200 and len(r.json()["items"]) == 1), SOON)


def test_rescan(start, folder, tmp_path, program):
    """The command talks to the running server through its state."""
    client = start(folder, state=tmp_path / "state").client()
    picture(folder / "new" / "p1.png")
    done = subprocess.run([program, "rescan", folder, "--state", tmp_path / "state"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    wait_until(sees(client, "/iiif/new/manifest"), SOON)


def test_rescan_without_a_server(program, folder, tmp_path):
    done = subprocess.run([program, "rescan", folder, "--state", tmp_path / "state"], capture_output=True, text=True, timeout=30)
    assert done.returncode == 1 and done.stderr


def test_many_changes_at_once(start, tmp_path):
    folder = fill(tmp_path / "folder", 5)
    client = start(folder).client()
    fill(folder / "more", 40)
    wait_until(sees(client, "/iiif/more/collection", lambda r: r.status == 200 and len(r.json()["items"]) == 40), 5)


def test_a_link_that_leads_outside_is_not_followed(start, folder, tmp_path):
    picture(tmp_path / "secret" / "p.png")
    (folder / "outside").symlink_to(tmp_path / "secret")
    (folder / "item-000" / "p9.png").symlink_to(tmp_path / "secret" / "p.png")
    (folder / "inside").symlink_to(folder / "item-001")
    client = start(folder).client()
    assert client.get("/iiif/outside/manifest").status == 404
    assert client.get(image3("item-000~p9", "info.json")).status == 404
    assert client.get("/iiif/inside/manifest").status == 200
