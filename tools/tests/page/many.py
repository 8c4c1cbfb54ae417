#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""many.py COUNT LOG...: a log of COUNT closes, 10 ms apart, out of logs of one
close each. Each has a port and a flow of its own. Of some the records of the
last ACK are left out, so that they depart; of others one record of the first
FIN, so that they are undecided."""
import re
import sys

GAP = 10 * 1000 * 1000


def is_left_out(number, line):
    if number % 97 == 5:
        return re.search(r" seg=[a-z,0-9]*ack2", line)
    if number % 41 == 7:
        return " hook=prerouting seg=fin1 nth=1 " in line
    return False


def one(number, lines):
    first = min(int(t) for line in lines for t in re.findall(r" t=(\d+)", line))
    later = 10**12 + number * GAP - first

    def shifted(match):
        t = int(match[2])
        return f" {match[1]}={t + later if t else 0}"

    for line in lines:
        if is_left_out(number, line):
            continue
        line = re.sub(r" (t|since)=(\d+)", shifted, line)
        line = re.sub(r" flow=\d+", f" flow={number + 1}", line)
        yield line.replace(":40000 ", f":{10000 + number} ")


def main():
    logs = []
    for name in sys.argv[2:]:
        with open(name, encoding="ascii") as file:
            logs.append([line for line in file if not line.startswith("#")])
    for number in range(int(sys.argv[1])):
        sys.stdout.writelines(one(number, logs[number % len(logs)]))


main()
