"""Memory of all of Armarium's processes: over time under a mixed load on all pictures, and at the peak of one very large answer."""
import itertools
import threading
import time

import compare
import lists
import measure
import report


def requests(pictures):
    """The mixed lists of all pictures in turn; one folder serves them all, so identifiers name the folder too."""
    usual = [one for one in pictures if one.width * one.height <= 10 ** 8 and not one.many]
    each = [[f"{one.name}~{one.name}/{line}" for line in lists.mixed(one, one.tile, 400)] for one in usual]
    return [line for group in itertools.zip_longest(*each) for line in group if line]


def sample_while(server, work, pause):
    """Runs `work` in a thread; returns (seconds, resident, anonymous) megabytes from before it to after it."""
    seen, begin = [], time.monotonic()

    def look():
        seen.append((time.monotonic() - begin, *measure.memory(measure.with_children(server.pids()))))

    worker = threading.Thread(target=work)
    look()
    worker.start()
    while worker.is_alive():
        worker.join(pause)
        look()
    return seen


def mixed_load(options, server, pictures, meter):
    listing, result = options.temporary / "memory" / "list.txt", {}
    listing.write_text("\n".join(requests(pictures)) + "\n")
    seen = sample_while(server, lambda: result.update(meter.play(server.url, listing, seconds=options.memory, timeout=120)), options.memory / 20)
    out = [f"Mixed load on all pictures, 8 connections: {result.get('n', 0)} requests in {result.get('seconds', 0):.0f} s, statuses {result.get('status')}",
           "", report.line(["seconds", "anonymous MB", "resident MB"]), report.line(["---"] * 3)]
    return "\n".join(out + [report.line([f"{at:.0f}", f"{anonymous:.0f}", f"{resident:.0f}"]) for at, resident, anonymous in seen])


def largest_answer(server):
    answer = []
    seen = sample_while(server, lambda: answer.extend(compare.fetch(f"{server.url}gigapixel~gigapixel/{lists.FULL}")), 0.05)
    status, body = answer
    peak = max(anonymous for _, _, anonymous in seen)
    return (f"`full/max` of 1.2 gigapixels: status {status}, {len(body) / 1e6:.1f} MB {compare.jpeg_size(body) or ''}, anonymous memory {seen[0][2]:.0f} MB "
            f"before, {peak:.0f} MB at its peak, {seen[-1][0]:.1f} s")


def watch(options, armarium, pictures, meter):
    """One very large answer on a fresh server, then the load for options.memory seconds; returns Markdown."""
    there = [one for one in pictures.values() if one.there()]
    folder = options.temporary / "memory"
    folder.mkdir()
    server = armarium.launch(options.work / "pictures", folder, folder / "state", options.armarium_arguments)
    try:
        return largest_answer(server) + "\n\n" + mixed_load(options, server, there, meter)
    finally:
        server.stop()
