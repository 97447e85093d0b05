"""The parts of bench/rivals that need no server: its lists, its size checks, its ratios, and the pictures that it grows."""
import pathlib
import struct
import sys

import pytest

RIVALS = pathlib.Path(__file__).resolve().parents[2] / "bench" / "rivals"


@pytest.fixture(autouse=True)
def rivals_path(monkeypatch):
    monkeypatch.syspath_prepend(str(RIVALS))
    monkeypatch.syspath_prepend(str(RIVALS / "images"))


def test_tiles_are_those_that_openseadragon_asks_for():
    import lists
    import workloads
    picture = workloads.Picture("scan", pathlib.Path("scan.tif"))
    every, whole = lists.tiles(picture, 256), lists.tiles(picture, 256, aligned=True)
    assert (len(every), len(whole)) == (1709, 1571)
    assert len(set(every)) == len(every)
    assert "9984,7936,16,64/16,64/0/default.jpg" in every
    assert "full/157,125/0/default.jpg" in every
    assert all(path.split("/")[1] == "256,256" for path in whole)


def test_scattered_tiles_do_not_share_a_block_with_the_one_before():
    import lists
    import workloads
    paths = lists.scattered(workloads.Picture("scan", pathlib.Path("scan.jp2")), 256)
    blocks = [tuple(int(part) // 1024 for part in path.split(",")[:2]) for path in paths[:60]]
    assert len(set(blocks)) == 60


def test_sizes_that_a_request_asks_for():
    import compare
    import workloads
    picture = workloads.Picture("scan", pathlib.Path("scan.tif"))
    assert compare.wanted_size("full/!200,200/0/default.jpg", picture) == (200, 160)
    assert compare.wanted_size("1234,2345,3000,2000/800,/0/default.jpg", picture) == (800, 533)
    assert compare.wanted_size("full/max/0/default.jpg", picture) is None


def test_ratios_are_taken_within_a_repetition():
    import report
    ours, theirs = [{"rps": 10.0}, {"rps": 30.0}, {"rps": 20.0}], [{"rps": 5.0}, {"rps": 10.0}, {"rps": 0.0}]
    assert report.ratios(ours, theirs, "rps") == (2.5, 2.0, 3.0)


def test_every_workload_names_pictures_and_peers_that_exist():
    import peers
    import workloads
    known = workloads.pictures(pathlib.Path("/nowhere"))
    for one in workloads.workloads().values():
        for side in one.sides:
            assert side.picture in known and side.peer in peers.PEERS, one.name


def box(kind, content):
    return struct.pack(">I4s", 8 + len(content), kind) + content


def tiled_jp2(across, down):
    """A JP2 in form only: its tiles hold their number instead of packets."""
    siz = struct.pack(">HHH8IHBBB", 0xFF51, 41, 0, across * 64 - 5, down * 64, 0, 0, 64, 64, 0, 0, 1, 7, 1, 1)
    parts = [struct.pack(">HHHIBBH", 0xFF90, 10, i, 18, 0, 1, 0xFF93) + struct.pack(">I", i) for i in range(across * down)]
    stream = b"\xff\x4f" + siz + b"".join(parts) + b"\xff\xd9"
    ihdr = box(b"ihdr", struct.pack(">IIHBBBB", down * 64, across * 64 - 5, 1, 7, 7, 0, 0))
    return box(b"jP  ", b"\r\n\x87\n") + box(b"jp2h", ihdr) + box(b"jp2c", stream)


def test_a_jp2_grows_by_its_whole_tiles(tmp_path, monkeypatch):
    import regrow_jp2
    (tmp_path / "small.jp2").write_bytes(tiled_jp2(3, 2))
    monkeypatch.setattr(sys, "argv", ["regrow_jp2.py", str(tmp_path / "small.jp2"), str(tmp_path / "large.jp2"), "5", "3"])
    regrow_jp2.main()
    data = (tmp_path / "large.jp2").read_bytes()
    found = {kind: data[content:end] for kind, _, content, end in regrow_jp2.boxes(data)}
    assert struct.unpack(">II", found[b"jp2h"][8:16]) == (3 * 64, 5 * 64)
    _, siz, tiles = regrow_jp2.split_codestream(found[b"jp2c"])
    assert struct.unpack_from(">2I", siz, 6) == (5 * 64, 3 * 64)
    shown = [struct.unpack(">I", tiles[i][14:18])[0] for i in range(15)]
    assert shown == [0, 1, 3, 4, 0, 1, 3, 4, 0, 1, 3, 4, 0, 1, 3]
