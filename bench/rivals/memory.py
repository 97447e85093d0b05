"""Anonymous memory of all of Armarium's processes over time, under a mixed load on all pictures."""
import itertools
import threading
import time

import lists
import measure
import report


def requests(pictures):
    """The mixed lists of all pictures in turn; one folder serves them all, so identifiers name the folder too."""
    each = [[f"{one.name}~{one.name}/{line}" for line in lists.mixed(one, one.tile, 400)] for one in pictures if one.width * one.height <= 10 ** 8]
    return [line for group in itertools.zip_longest(*each) for line in group if line]


def watch(options, armarium, pictures, meter):
    """Plays for options.memory seconds and looks twenty times; returns a table."""
    there = [one for one in pictures.values() if one.file.exists()]
    folder = options.temporary / "memory"
    folder.mkdir()
    server = armarium.launch(options.work / "pictures", folder, folder / "state", options.armarium_arguments)
    listing = folder / "list.txt"
    listing.write_text("\n".join(requests(there)) + "\n")
    result, seen, begin = {}, [], time.monotonic()

    def look():
        resident, anonymous = measure.memory(measure.with_children(server.pids()))
        seen.append((time.monotonic() - begin, resident, anonymous))

    try:
        look()
        player = threading.Thread(target=lambda: result.update(meter.play(server.url, listing, seconds=options.memory, timeout=120)))
        player.start()
        while player.is_alive():
            player.join(options.memory / 20)
            look()
    finally:
        server.stop()
    out = [f"{result.get('n', 0)} requests in {result.get('seconds', 0):.0f} s, 8 connections; statuses {result.get('status')}", "",
           report.line(["seconds", "anonymous MB", "resident MB"]), report.line(["---"] * 3)]
    return "\n".join(out + [report.line([f"{at:.0f}", f"{anonymous:.0f}", f"{resident:.0f}"]) for at, resident, anonymous in seen])
