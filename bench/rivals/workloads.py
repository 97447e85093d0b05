"""The named workloads: one for each line of the goals, and what belongs beside them.

A workload sets a subject (Armarium) against rivals. Each side says which picture it serves, whether its caches are on, how it is warmed, and
which requests it gets; usually all are alike. The goal is a ratio to the first rival (or the one named), in the figure that `figure` names.
"""
import dataclasses
import pathlib
import typing

import lists


@dataclasses.dataclass
class Picture:
    name: str
    file: pathlib.Path
    width: int = 10000
    height: int = 8000
    tile: int = 256
    grown: bool = False  # its levels do not show the same, so answers from two levels cannot be compared
    many: bool = False  # a folder of pictures; requests begin with the name of one

    def there(self):
        return any(self.file.parent.glob("*" + self.file.suffix)) if self.many else self.file.exists()



@dataclasses.dataclass
class Side:
    peer: str
    picture: str
    requests: typing.Callable[[Picture], list]  # the list for this side's picture
    caches: bool = True
    warm: int = 0  # passes of the list before the first measurement
    fresh: bool = False  # a new start before each repetition
    first: str = ""  # one request before the first measurement
    announced: bool = False  # tiles as this server's info.json announces them
    optimize: bool = False  # Armarium makes its derivative first
    arguments: tuple = ()
    label: str = ""


@dataclasses.dataclass
class Workload:
    name: str
    title: str
    sides: list  # the subject first
    goal: float = 0  # so many times the rival's figure, or a share of it where less is better
    figure: str = "rps"  # rps, views, p50_ms, p99_ms or cpu_ms
    timed_class: str = ""  # the class of requests that the figure is taken from
    connections: int = 8
    count: int = 0  # so many requests for each second of --seconds, instead of a time
    once: bool = False  # the whole list once, instead of a time
    rate: float = 0
    beside: typing.Callable[[Picture], list] | None = None
    note: str = ""
    further: tuple = ()  # further goals: (label of the rival, figure, goal)


PICTURES = {
    "t256": ("t256.tif", 10000, 8000, 256), "t512": ("t512.tif", 10000, 8000, 512), "t256rgb": ("t256rgb.tif", 10000, 8000, 256),
    "deflate": ("deflate.tif", 10000, 8000, 256), "jpeg": ("jpeg.jpg", 10000, 8000, 256),
    "jp2-tiled": ("jp2-tiled.jp2", 10000, 8000, 256), "jp2-lossless": ("jp2-lossless.jp2", 10000, 8000, 256),
    "jp2-untiled": ("jp2-untiled.jp2", 10000, 8000, 256), "jp2-untiled-plt": ("jp2-untiled-plt.jp2", 10000, 8000, 256),
    "htj2k": ("htj2k.j2c", 10000, 8000, 256), "jp2-10mp": ("jp2-10mp.jp2", 5120, 2048, 256),
    "gigapixel": ("gigapixel.tif", 40000, 30000, 256, True), "jp2-84mp": ("jp2-84mp.jp2", 10240, 8192, 256), "jp2-839mp": ("jp2-839mp.jp2", 32768, 25600, 256),
}


def pictures(work):
    """All pictures by name, made or not; `recorded` is the folder of those that recorded sessions ask for."""
    recorded = Picture("recorded", work / "pictures" / "recorded" / "any.tif", grown=True, many=True)
    return {"recorded": recorded, **{name: Picture(name, work / "pictures" / name / file, *rest) for name, (file, *rest) in PICTURES.items()}}


# A fresh start, the picture's header known, each request once.
COLD = {"fresh": True, "first": "info.json"}


def everyone(picture, requests, rivals=("iipsrv", "sharp", "cantaloupe"), **options):
    """Armarium and the rivals on the same picture in the same way."""
    return [Side(peer, picture, requests, **options) for peer in ("armarium", *rivals)]


def all_tiles(picture):
    return lists.tiles(picture, picture.tile)


def aligned(picture):
    return lists.tiles(picture, picture.tile, aligned=True)


def low_levels(picture):
    return lists.tiles(picture, picture.tile, least_factor=8)


def scattered(picture):
    """One tile of each block of 1024 pixels: none is helped by what another had decoded."""
    return lists.scattered(picture, picture.tile)[: (picture.width // 1024) * (picture.height // 1024)]


def ten_blocks(picture):
    return lists.scattered(picture, picture.tile)[:10]


def session(picture):
    return lists.session(picture, picture.tile)


VIEWS = 3


def whole_sessions(picture):
    return lists.session(picture, picture.tile, VIEWS)


def recorded_session(viewer):
    """The addresses that a viewer was seen to ask for: NAME/… without the extension."""
    def read(picture):
        lines = (picture.file.parents[2] / "recorded" / f"{viewer}.list").read_text().splitlines()
        return [line.replace(".tif/", "/", 1) for line in lines if line]
    return read


def thumbnail(_):
    return [lists.THUMBNAIL]


def region(_):
    return [lists.REGION]


def information(_):
    return ["info.json"]


def shifted(_):
    return lists.shifted_regions()


def mixed(picture):
    return lists.mixed(picture, picture.tile)


def full_picture(_):
    return [lists.FULL + "\tfull"]


def aligned_workload(picture):
    sides = everyone(picture, aligned, ("iipsrv", "nginx", "sharp", "cantaloupe"), warm=2)
    sides[0].arguments = ("--access-log",)
    return Workload(f"{picture}-aligned", f"whole aligned JPEG tile, {picture}, warm", sides, 8,
                    further=(("iipsrv", "cpu_ms", 0.1), ("nginx", "cpu_ms", 1.5)), note="access log and metrics on for Armarium and nginx")


def tiff_workloads():
    yield aligned_workload("t256")
    yield aligned_workload("t512")
    yield Workload("t256-all-cold", "all tiles of all levels, t256, cold", everyone("t256", all_tiles, **COLD), 4)
    yield Workload("t512-all-cold", "all tiles of all levels, t512, cold", everyone("t512", all_tiles, **COLD), 4)
    yield Workload("t256-all-hot", "all tiles of all levels, t256, hot", everyone("t256", all_tiles, warm=3), 5)
    yield Workload("t512-all-hot", "all tiles of all levels, t512, hot", everyone("t512", all_tiles, warm=3), 8)
    yield Workload("t256rgb-all-cold", "all tiles, RGB JPEG pyramid (what vips writes), cold", everyone("t256rgb", all_tiles, **COLD))
    yield Workload("deflate-cold", "deflate tiles, cold", everyone("deflate", all_tiles, **COLD), 1.7)
    yield Workload("deflate-hot", "deflate tiles, hot, against iipsrv's cold",
                   [Side("armarium", "deflate", all_tiles, warm=2), Side("iipsrv", "deflate", all_tiles, **COLD, label="iipsrv (cold)"),
                    Side("iipsrv", "deflate", all_tiles, warm=3, label="iipsrv (hot)")], 5)
    yield Workload("thumbnail-first", "/full/!200,200/ from TIFF, first", everyone("t256", thumbnail, caches=False), 2)
    yield Workload("thumbnail-again", "/full/!200,200/ from TIFF, again", everyone("t256", thumbnail, warm=20), 20)
    yield Workload("region-cold", "free region scaled to 800, cold", everyone("t256", region, caches=False), 1.7,
                   note="Armarium, sharp and Cantaloupe filter against aliasing, iipsrv does not")
    yield Workload("region-latency", "the same, one request at a time", everyone("t256", region, caches=False), 1 / 3, "p50_ms", connections=1)
    yield Workload("region-blocks-hot", "free regions, blocks hot", everyone("t256", shifted, first=lists.REGION), 2)
    yield Workload("region-again", "free region, again", everyone("t256", region, warm=20), 100)
    yield Workload("info", "info.json", everyone("t256", information, warm=20), 5)


def jpeg2000_workloads():
    rivals = ("iipsrv", "cantaloupe")
    yield Workload("jp2-thumbnail", "/full/!200,200/ from tiled JP2, after the first", everyone("jp2-tiled", thumbnail, rivals, first=lists.THUMBNAIL), 50)
    yield Workload("jp2-low-levels", "low levels of tiled JP2, after the first", everyone("jp2-tiled", low_levels, rivals, first=lists.THUMBNAIL), 50)
    yield Workload("jp2-tiled-scattered", "tiled JP2, scattered cold tiles", everyone("jp2-tiled", scattered, rivals, **COLD), 1.1)
    yield Workload("jp2-tiled-session", "tiled JP2, viewer session", everyone("jp2-tiled", session, rivals, fresh=True), 4, count=60)
    yield Workload("jp2-tiled-announced", "tiled JP2, viewer sessions with the tiles that each server announces: sessions a second",
                   everyone("jp2-tiled", whole_sessions, rivals, fresh=True, announced=True), 4, "views", once=True)
    yield Workload("jp2-untiled-scattered", "untiled JP2 with precincts, scattered cold tiles", everyone("jp2-untiled", scattered, rivals, **COLD), 3)
    yield Workload("jp2-untiled-session", "untiled JP2 with precincts, viewer session", everyone("jp2-untiled", session, rivals, fresh=True), 8, count=30)
    yield Workload("jp2-untiled-plt-scattered", "the same with PLT and TLM, scattered cold tiles",
                   everyone("jp2-untiled-plt", scattered, rivals, **COLD), 3)
    yield Workload("jp2-lossless-scattered", "lossless tiled JP2, scattered cold tiles", everyone("jp2-lossless", scattered, rivals, **COLD))
    yield Workload("htj2k-scattered", "tiled HTJ2K code stream, scattered cold tiles", everyone("htj2k", scattered, (), **COLD))
    yield Workload("jp2-derivative", "tiled JP2 once its derivative is there, against iipsrv's JPEG pyramid",
                   [Side("armarium", "jp2-tiled", all_tiles, optimize=True, warm=2), Side("iipsrv", "t256", all_tiles, warm=3)], 5)
    yield Workload("jp2-size", "a tile of 839 against one of 10 megapixels, JP2",
                   [Side("armarium", "jp2-839mp", ten_blocks, **COLD, label="armarium 839 MP"),
                    Side("armarium", "jp2-10mp", ten_blocks, **COLD, label="armarium 10 MP"),
                    Side("armarium", "jp2-84mp", ten_blocks, **COLD, label="armarium 84 MP"),
                    Side("iipsrv", "jp2-839mp", ten_blocks, **COLD, label="iipsrv 839 MP"),
                    Side("iipsrv", "jp2-10mp", ten_blocks, **COLD, label="iipsrv 10 MP")], 1.5, "cpu_ms", once=True)


def other_workloads():
    yield Workload("jpeg-after-first", "plain JPEG, after the first request", everyone("jpeg", all_tiles, first=lists.THUMBNAIL, fresh=True), 50)
    yield Workload("jpeg-first", "plain JPEG, scattered cold tiles", everyone("jpeg", scattered, **COLD))
    yield Workload("jpeg-derivative", "plain JPEG once its derivative is there, against iipsrv's JPEG pyramid",
                   [Side("armarium", "jpeg", all_tiles, optimize=True, warm=2), Side("iipsrv", "t256", all_tiles, warm=3)], 5)
    for viewer, title in (("mirador", "Mirador"), ("uv", "Universal Viewer")):
        yield Workload(f"recorded-{viewer}", f"a recorded session of {title}, 50 JPEG pyramids, fresh start",
                       everyone("recorded", recorded_session(viewer), ("iipsrv", "sharp", "cantaloupe"), fresh=True), 4, once=True)
    yield Workload("gigapixel-cold", "all tiles of a pyramid of 1.2 gigapixels, cold", everyone("gigapixel", all_tiles, **COLD), 4)
    yield Workload("mixed", "mixed load with 2 % full pictures: p99 of tiles", everyone("t256", mixed, ("iipsrv",)), 1 / 3, "p99_ms", timed_class="tile",
                   further=(("iipsrv", "rps", 1),))
    yield Workload("tiles-beside-full", "tiles at 100 a second beside full pictures: p99 of tiles",
                   everyone("t256", all_tiles, ("iipsrv",)), 1 / 3, "p99_ms", timed_class="all", connections=64, rate=100, beside=full_picture,
                   note="an open loop: times count from when a request was due")


def workloads():
    return {one.name: one for group in (tiff_workloads, jpeg2000_workloads, other_workloads) for one in group()}
