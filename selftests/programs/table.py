#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""table.py DIR: print the tables of Documentation/explore.rst out of what
programs.sh left in DIR: what finject explore printed, and its results as JSON."""

import json
import pathlib
import re
import sys

NAMES = {
    "nginx": "nginx, curl",
    "lighttpd": "lighttpd, curl",
    "haproxy": "haproxy, curl",
    "busybox": "busybox httpd, busybox wget",
    "python": "python3 http.server, curl",
    "redis": "redis-server, redis-cli",
    "memcached": "memcached, busybox nc",
    "socat": "socat, socat",
    "rsync": "rsync daemon, rsync",
    "iperf3": "iperf3, iperf3",
    "stunnel": "stunnel, curl",
    "openssh": "sshd, ssh",
    "postgresql": "postgres, psql",
}
COLUMNS = ("Program", "Runs", "Seconds", "Survived", "Slower", "Unreached",
           "Hung", "Leaked", "Other", "Unsure")


def seconds(path):
    """How long it took, of the guest's time."""
    return float(re.search(r"faults tried in (\S+) s:", path.read_text())[1])


def records(path):
    """The results in a file, without its first record."""
    return [json.loads(line) for line in path.read_text().splitlines()[1:]]


def kind(record):
    """The column of a result."""
    if record["outcome"] != "found":
        return record["outcome"].capitalize()
    if "timeout" in record["found"]:
        return "Hung"
    return "Leaked" if "sockets" in record["found"] else "Other"


def row(name, results, took):
    """A line of the table of programs."""
    kinds = [kind(record) for record in results]
    runs = sum(record["tries"] for record in results)
    return [NAMES[name], str(runs), f"{took:.0f}",
            *(str(kinds.count(column)) for column in COLUMNS[3:])]


def plain(sentence):
    """A sentence without the ports of a client and without times."""
    sentence = re.sub(r"port [3-6]\d{4}", "a port of the client's", sentence)
    return re.sub(r"within \S+ s \(without: .*?\)", "in time", sentence)


def findings(name, results):
    """Each finding once, with the rules that make it."""
    made = {}
    for record in results:
        if record["outcome"] == "found":
            made.setdefault(plain(record["sentence"]), []).append(record["rules"])
    for sentence, rules in made.items():
        yield f"{NAMES[name]}: {sentence}"
        yield from ("    ``" + rule + "``\n" for rule in rules)


def table(rows):
    """Rows as a simple table of reStructuredText."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    line = "  ".join("=" * width for width in widths)
    text = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
            for row in rows]
    return [line, text[0], line, *text[1:], line]


def main():
    """Print both."""
    place = pathlib.Path(sys.argv[1])
    names = [name for name in NAMES if (place / f"{name}.html").exists()]
    found = {name: records(place / f"{name}.json") for name in names}
    print(".. Made by selftests/programs/programs.sh write.\n")
    print(*table([COLUMNS, *(row(name, found[name], seconds(place / f"{name}.txt"))
                            for name in names)]),
          sep="\n")
    for name, results in found.items():
        print("", *findings(name, results), sep="\n", end="")


main()
