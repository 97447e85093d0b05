"""redirects.csv: old addresses lead to the items."""

import pytest


@pytest.fixture
def client(start, folder):
    (folder / "redirects.csv").write_text("/old/page.html,item-000\n/viewer?id=7,item-001\n/old/Ümlaut,item-002\n")
    return start(folder).client()


@pytest.mark.parametrize(("old", "name"), [("/old/page.html", "item-000"), ("/old/%C3%9Cmlaut", "item-002")])
def test_an_old_address(client, old, name):
    response = client.get(old)
    assert response.status in (301, 302, 303, 307, 308)
    assert response.header("Location") == f"{client.base}/item/{name}"
    assert response.header("Access-Control-Allow-Origin") == "*"


def test_other_old_addresses(client):
    assert client.get("/old/other.html").status == 404


def test_the_table_itself_is_not_published(client):
    assert client.get("/media/redirects/redirects.csv").status == 404
    assert "redirects" not in client.get("/iiif/collection").text
