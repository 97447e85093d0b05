"""Markdown tables from the outcome of the workloads: each server's figures, and Armarium's ratio to each rival with its spread."""
import statistics

import compare

HEADINGS = ["work", "server", "conns", "req/s", "p50 ms", "p99 ms", "CPU ms", "RSS MB", "KB", "not 200", "calib ms", "req/s ×", "CPU ×"]


def figure(run, name, timed_class=""):
    """One figure of a run; latencies of one class of requests where the workload says so."""
    if name == "rps" and not timed_class:
        return run["rps"]
    if timed_class and name in ("rps", "p50_ms", "p99_ms", "mean_bytes"):
        return run["classes"].get(timed_class, {}).get(name, 0.0)
    return run[name]


def median(runs, name, timed_class=""):
    return statistics.median(figure(run, name, timed_class) for run in runs)


def ratios(subject, rival, name, timed_class=""):
    """Subject over rival, repetition by repetition: (median, least, most), or None."""
    pairs = [(figure(a, name, timed_class), figure(b, name, timed_class)) for a, b in zip(subject, rival, strict=False)]
    values = sorted(a / b for a, b in pairs if b)
    return (statistics.median(values), values[0], values[-1]) if values else None


def short(value):
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"


def spread(ratio):
    return "" if ratio is None else f"{short(ratio[0])} ({short(ratio[1])}–{short(ratio[2])})"


def by_connections(runs):
    return {count: [run for run in runs if run["connections"] == count] for count in dict.fromkeys(run["connections"] for run in runs)}


def rows(outcome):
    entrants = [one for one in outcome["entrants"] if one["runs"]]
    if not entrants:
        return
    klass = outcome["timed_class"]
    for connections in by_connections(entrants[0]["runs"]):
        subject = by_connections(entrants[0]["runs"])[connections]
        for number, entrant in enumerate(entrants):
            runs = by_connections(entrant["runs"]).get(connections, [])
            if not runs:
                continue
            yield [
                outcome["name"] if number == 0 else "", entrant["label"], str(connections), short(median(runs, "rps")),
                short(median(runs, "p50_ms", klass)), short(median(runs, "p99_ms", klass)), f"{median(runs, 'cpu_ms'):.3f}",
                f"{median(runs, 'rss_mb'):.0f}", f"{median(runs, 'mean_bytes', klass) / 1000:.1f}", str(sum(run["not_200"] for run in runs)),
                f"{median(runs, 'calibration_ms'):.0f}",
                "" if number == 0 else spread(ratios(subject, runs, "rps")), "" if number == 0 else spread(ratios(subject, runs, "cpu_ms")),
            ]


def line(cells):
    return "| " + " | ".join(cells) + " |"


def full_table(outcomes):
    out = [line(HEADINGS), line(["---"] * len(HEADINGS))]
    for outcome in outcomes:
        out += [line(cells) for cells in rows(outcome)]
    return "\n".join(out)


FIGURES = {"rps": "requests", "views": "sessions", "p50_ms": "p50", "p99_ms": "p99", "cpu_ms": "CPU"}


def judge(outcome, rival, name, goal):
    """One line of the goals: the ratio to this rival at the first number of connections, and whether it is reached."""
    less = name not in ("rps", "views")
    wanted = f"{'≤' if less else '≥'} {goal:.3g} × {FIGURES[name]}" if goal else "none"
    if rival is None:
        return [outcome["title"], "no rival", wanted, "", "", "not measured"]
    runs = next(iter(by_connections(outcome["entrants"][0]["runs"]).values()))
    against = next(iter(by_connections(rival["runs"]).values()))
    ratio = ratios(runs, against, name, outcome["timed_class"])
    reached = "" if not goal or ratio is None else "yes" if (ratio[0] <= goal if less else ratio[0] >= goal) else "no"
    return [outcome["title"], rival["label"], wanted, spread(ratio), spread(ratios(runs, against, "cpu_view_ms" if name == "views" else "cpu_ms")), reached]


def verdicts(outcome):
    """The goals of a workload: its own against the first rival, and the further ones against those that they name."""
    entrants = outcome["entrants"]
    if not entrants or not entrants[0]["runs"] or entrants[0]["peer"] != "armarium":
        return
    rivals = [one for one in entrants[1:] if one["runs"]]
    yield judge(outcome, rivals[0] if rivals else None, outcome["figure"], outcome["goal"])
    for label, name, goal in outcome["further"]:
        rival = next((one for one in rivals if one["label"] == label), None)
        if rival:
            yield judge(outcome, rival, name, goal)


def goals_table(outcomes):
    heading = ["work", "against", "goal", "ratio (least–most)", "CPU ×", "reached"]
    out = [line(heading), line(["---"] * len(heading))]
    return "\n".join(out + [line(cells) for outcome in outcomes for cells in verdicts(outcome)])


def remarks(outcomes):
    """What was left out, and where answers are not alike."""
    out = []
    for outcome in outcomes:
        out += [f"- {outcome['name']}: left out {text}" for text in outcome["left_out"]]
        reference = outcome["entrants"][0]["runs"] if outcome["entrants"] else []
        for entrant in outcome["entrants"]:
            notes = list(entrant["notes"])
            if reference and entrant["runs"] and outcome["name"] != "info" and entrant["picture"] == outcome["entrants"][0]["picture"]:
                notes.append(compare.other_size(*(median(runs, "mean_bytes", outcome["timed_class"]) for runs in (entrant["runs"], reference))))
            out += [f"- {outcome['name']}: {entrant['label']}: {note}" for note in notes if note]
    return "\n".join(out)


def markdown(record):
    about = "\n".join(f"- {name}: {text}" for name, text in record["about"].items())
    parts = [about, goals_table(record["outcomes"]), full_table(record["outcomes"]), remarks(record["outcomes"])]
    return "\n\n".join(part for part in parts if part) + "\n"
