#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The figures of Documentation/time-wait.rst, out of runs of scenarios.

figures.py scenarios | ladders | newer   the names of what is to be run
figures.py write RUNS NEWER              write Documentation/time-wait/
figures.py check RUNS                    hold what is there against the runs

RUNS and NEWER are what `finject scenario run -j' printed; in RUNS there follows
what it drew of one scenario after the other, each behind `### NAME', and the
tour behind `### tour'.
"""

import json
import re
import sys
from itertools import zip_longest
from pathlib import Path

PLACE = Path(__file__).resolve().parents[2] / 'Documentation' / 'time-wait'
REMARK = 'Written by "make time-wait"; see selftests/time-wait.'

# A row: the scenario, what is set, and what that breaks.
PORTS = [
    ('ports-run-out', 'tcp_tw_reuse=0'),
    ('ports-range', 'ip_local_port_range twice as wide'),
    ('ports-other-server', 'another server port'),
    ('ports-tw-reuse', 'tcp_tw_reuse=1'),
    ('ports-tw-reuse-no-timestamps', 'tcp_tw_reuse=1, tcp_timestamps=0'),
    ('ports-tw-reuse-default', 'tcp_tw_reuse=2'),
    ('ports-tw-reuse-loopback', 'tcp_tw_reuse=2, over lo'),
    ('ports-tw-buckets', 'tcp_max_tw_buckets=10'),
    ('ports-server-first', 'the server closes first'),
    ('ports-linger0', 'SO_LINGER 0'),
]
NEWER = [('ports-tw-reuse-delay', 'tcp_tw_reuse_delay=100')]

# A word of the page: the scenario, the line, and what the value is called.
WORDS = {
    'two-msl': ('four-segment-close', 'expect A time TIME_WAIT'),
    'delayed-ack': ('three-segment-late', 'expect B time CLOSE_WAIT'),
    'last-ack': ('last-ack-lost-once', 'expect B time LAST_ACK'),
    'anew': ('last-ack-lost-once', 'A is TIME_WAIT'),
    'fins': ('last-ack-lost-once', 'expect B sent fin2'),
    'never-acks': ('last-ack-blackhole', 'expect A sent ack2'),
    'never-left': ('last-ack-blackhole', 'A is TIME_WAIT'),
    'never-gave-up': ('last-ack-blackhole', 'B wait CLOSED'),
    'paws': ('late-fin2-new-incarnation', 'expect A counter PAWSEstab'),
    'no-paws': ('late-fin2-without-timestamps', 'expect A counter PAWSEstab'),
    'no-window': ('late-fin2-without-timestamps',
                  'expect A counter DelayedACKLost'),
    'assassinated': ('dup-last-ack-assassin', 'expect A time TIME_WAIT'),
    'protected': ('rfc1337', 'expect A time TIME_WAIT'),
    'syn-taken': ('syn-into-time-wait', 'B2 connect'),
    'meets-last-ack': ('tw-reuse-vs-last-ack', 'A2 connect'),
    'syn-lost': ('reused-port-syn-lost', 'A2 connect'),
    'overflow-rsts': ('tw-overflow-last-ack-lost', 'expect A counter OutRsts'),
    'overflow-closed': ('tw-overflow-last-ack-lost', 'B wait CLOSED'),
    'no-reuseaddr': ('listen-into-time-wait', 'B listen 8080 reuseaddr=0'),
    'overflows': ('ports-tw-buckets', 'expect A counter TCPTimeWaitOverflow'),
    'recycled': ('ports-tw-reuse', 'expect A counter TWRecycled'),
}

LADDERS = ['four-segment-close', 'three-segment-late', 'half-close-reply',
           'last-ack-lost-once', 'late-fin2-new-incarnation',
           'dup-last-ack-assassin', 'tw-overflow-last-ack-lost']


def seen_in(run, start):
    """What the lines that begin so saw, in order."""
    return [row['seen'] for row in run['seen']
            if (row['line'] + ' ').startswith(start + ' ')]


def read_runs(name):
    runs = {}
    for run in json.loads(Path(name).read_text().split('\n### ')[0]):
        if run['result'] != 'ok':
            sys.exit(f"{run['name']} is {run['result']}: {run['why']}")
        runs.setdefault(run['name'], run)
    return runs


def told(run, start):
    """A value as the page prints it."""
    value = seen_in(run, start)[0]
    if value.endswith('s') and value[0].isdigit():
        seconds = float(value[:-1])
        if seconds < 0.018:
            return 'less than 20 ms'
        return f'{seconds:.1f} s' if seconds >= 1 else f'{seconds:.3f} s'
    return {'1': 'one', '2': 'two'}.get(value, value)


def sockets(run, end):
    seen = seen_in(run, f'expect {end} sockets TIME_WAIT')
    if not seen:
        return 'the same host'
    # ports are chosen at random, and so is what the scenario gives a range for
    vague = any(row['line'].startswith(f'expect {end} sockets TIME_WAIT') and
                '..' in row['line'] for row in run['seen'])
    return '~' + seen[0] if vague else seen[0]


def churns(run):
    """Each churn: the connections made, whether one failed, the time."""
    time, found = 0, []
    for row in run['seen']:
        if row['line'].startswith('rest '):
            time += float(row['seen'][:-1])
        elif row['line'].startswith('A churn '):
            found.append((row['seen'], 'error=' in row['line'], time))
    return found


def port_row(run, what):
    first, *rest = churns(run)
    at_once = first[0] + (', then EADDRNOTAVAIL' if first[1] else '')
    # a second churn without a rest is the same moment
    later = ', '.join(f"{'none' if made == '0' else made} after {time:.2g} s"
                      if time else f'{made} there'
                      for made, _, time in rest)
    return [what, at_once, later, sockets(run, 'A'), sockets(run, 'B')]


def port_rows(runs, list_of):
    return [port_row(runs[name], what) for name, what in list_of]


def table(heads, widths, rows):
    out = ['.. list-table::', '   :header-rows: 1',
           f"   :widths: {' '.join(map(str, widths))}", '']
    for row in [heads] + rows:
        for i, cell in enumerate(row):
            text = f"   {'* -' if not i else '  -'} {cell}"
            out.append(text.rstrip())
    return '\n'.join([f'.. {REMARK}', ''] + out) + '\n'


def port_table(rows):
    heads = ['With', 'Connections at once', 'Later', 'TIME_WAIT at A', 'at B']
    return table(heads, [30, 24, 24, 12, 10], rows)


def words(runs):
    out = [f'.. {REMARK}', '']
    for word, (name, line) in WORDS.items():
        out.append(f'.. |{word}| replace:: {told(runs[name], line)}')
    return '\n'.join(out) + '\n'


STYLE = '''.bars{--fg:#1b1f24;--dim:#5c6670;--made:#0b5cad;--wait:#c98a1b;
font:13px system-ui,sans-serif}
@media(prefers-color-scheme:dark){.bars{--fg:#e6eaee;--dim:#9aa5b1;
--made:#6cb2ff;--wait:#e8b04a}}
.bars text{fill:var(--fg)} .bars .dim{fill:var(--dim)}
.bars .made{fill:var(--made)} .bars .a{fill:var(--wait)}
.bars .b{fill:none;stroke:var(--wait);stroke-width:2}'''


def bar(y, number, kind):
    wide = 4 * int(number.lstrip('~'))
    return (f'<rect class="{kind}" x="270" y="{y}" width="{wide}" height="10"/>'
            f'<text class="dim" x="{276 + wide}" y="{y + 10}">{number}</text>')


def svg(rows):
    """Connections at once, and the TIME_WAITs that each end keeps of them."""
    rows = [row for row in rows if row[3].isdigit() and row[4][-1].isdigit()]
    height = 56 + 46 * len(rows)
    out = ['<!-- SPDX-License-Identifier: GPL-2.0-only -->', f'<!-- {REMARK} -->',
           '<svg xmlns="http://www.w3.org/2000/svg" class="bars" width="760" '
           f'height="{height}" viewBox="0 0 760 {height}" role="img">',
           '<title>connections at once, and the TIME_WAITs they leave</title>',
           f'<style>\n{STYLE}\n</style>']
    for x, kind, text in ((270, 'made', 'connections at once'),
                          (430, 'a', 'TIME_WAIT at A'),
                          (560, 'b', 'TIME_WAIT at B')):
        out.append(f'<rect class="{kind}" x="{x}" y="12" width="12" height="10"/>'
                   f'<text x="{x + 18}" y="22">{text}</text>')
    for i, (what, at_once, _, at_a, at_b) in enumerate(rows):
        y = 46 + 46 * i
        out += [f'<text x="260" y="{y + 20}" text-anchor="end">{what}</text>',
                bar(y, at_once.split(',')[0], 'made'),
                bar(y + 12, at_a, 'a'), bar(y + 24, at_b, 'b')]
    return '\n'.join(out + ['</svg>']) + '\n'


def read_ladders(name):
    """The ladder of each scenario, the first where it has several families."""
    found, wanted, number = {}, '', 0
    ladders = Path(name).read_text().split('\n### tour\n')[0]
    for line in ladders.splitlines():
        if line.startswith('### '):
            wanted, number = line[4:], 0
        elif re.match('(not )?ok ', line):
            number += 1
        elif line.startswith('#  ') and number == 1:
            found[wanted] = found.get(wanted, '') + line[2:] + '\n'
    return found


def tour_problem(name):
    """Say what is missing in the tour, or nothing."""
    tour = Path(name).read_text().split('\n### tour\n')[1]
    parts = re.split(r'^\d\. .*\n', tour, flags=re.M)[1:]
    drawn = [part for part in parts if 'FIN_WAIT1' in part]
    return '' if len(parts) == len(drawn) == 7 else \
        f'{len(parts)} closes, {len(drawn)} of them drawn'


def all_files(name):
    runs, ladders = read_runs(name), read_ladders(name)
    rows = port_rows(runs, PORTS)
    files = {'words.inc': words(runs), 'ports.inc': port_table(rows),
             'ports.svg': svg(rows)}
    for name in LADDERS:
        files[name + '.txt'] = ladders[name]
    return files


def tokens(line):
    """Numbers that may vary, apart from all else; arrows may be shorter."""
    line = re.sub(r'[- ]{2,}', ' ', line)
    if line.startswith('<rect') and '~' in line:
        # the table has that number, too
        line = re.sub(r'(class="dim" x|width)="\d+"|~\d+', '', line)
    return re.split(r'(~\d+|\d+\.\d+)', line)


def is_close(had, got):
    """A time may differ by a tenth, what is random by half; else nothing."""
    if had == got:
        return True
    kinds = [re.fullmatch(r'(~?)(\d+(?:\.\d+)?)', text) for text in (had, got)]
    if not all(kinds) or kinds[0][1] != kinds[1][1]:
        return False
    one, other = (float(kind[2]) for kind in kinds)
    if kinds[0][1]:
        return other <= 2 * one and one <= 2 * other
    return '.' in had and abs(one - other) <= max(0.02, one / 10)


def is_same(page, run):
    one, other = tokens(page), tokens(run)
    return len(one) == len(other) and all(map(is_close, one, other))


def joined(text):
    """The end of a time-wait socket shows with the tick after its segment, which
    may be within the same millisecond: both go into one row."""
    rows = []
    for line in text.splitlines():
        end = re.fullmatch(r' *(\d+\.\d+)( +CLOSED )\| *', line)
        last = re.match(r' *(\d+\.\d+)( +)\|', rows[-1]) if rows else None
        if end and last and float(end[1]) - float(last[1]) <= 0.02:
            bar = last.end() - 1
            rows[-1] = rows[-1][:last.end(1)] + end[2] + rows[-1][bar:]
        else:
            rows.append(line)
    return rows


def difference(had, got):
    """The first lines that differ by more than they may, or nothing."""
    page, run = joined(had), joined(got)
    for one, other in zip_longest(page, run, fillvalue=''):
        if not is_same(one, other):
            return f"the page says `{one.strip()}', the run `{other.strip()}'"
    return ''


def check(runs):
    results = {'tour': tour_problem(runs)}
    for name, text in all_files(runs).items():
        file = PLACE / name
        results[name] = difference(file.read_text(), text) \
            if file.exists() else 'there is no such file'
    print('TAP version 13')
    for number, (name, why) in enumerate(results.items(), 1):
        print(f"{'not ' if why else ''}ok {number} {name}")
        if why:
            print(f'# {why}')
    print(f'1..{len(results)}')
    return int(any(results.values()))


def main(argv):
    lists = {'scenarios': [name for name, _ in PORTS] +
             sorted({name for name, _ in WORDS.values()} -
                    {name for name, _ in PORTS}),
             'ladders': LADDERS, 'newer': [name for name, _ in NEWER]}
    if len(argv) == 2 and argv[1] in lists:
        print(*lists[argv[1]])
        return 0
    if len(argv) == 3 and argv[1] == 'check':
        return check(argv[2])
    if len(argv) == 4 and argv[1] == 'write':
        files = all_files(argv[2])
        files['newer.inc'] = port_table(port_rows(read_runs(argv[3]), NEWER))
        for name, text in files.items():
            (PLACE / name).write_text(text)
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == '__main__':
    sys.exit(main(sys.argv))
