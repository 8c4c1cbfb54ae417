#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The table of the benchmark, out of the samples that guest.sh printed.

report.py KERNEL SAMPLES DIR [RESULTS]

Print the table; write DIR/results.json, DIR/table.inc and DIR/chart.svg; say what
moved by more than 1 % against RESULTS, an earlier results.json. Exit 1 if a mark
is missed.
"""

import json
import math
import statistics
import sys
from pathlib import Path

from tables import MARKS, TABLES

REMARK = 'Written by "make performance"; see selftests/bench.'
MOVED = 0.01


def read_samples(path):
    """The figures of each key: a list for each of its columns."""
    found = {}
    for line in Path(path).read_text().splitlines():
        word, _, rest = line.partition(' ')
        if word == 'sample':
            key, *figures = rest.split()
            columns = found.setdefault(key, [[] for _ in figures])
            for column, figure in zip(columns, figures):
                column.append(float(figure))
    return found


def read_parts(path):
    return [line.split()[1] for line in Path(path).read_text().splitlines()
            if line.startswith('part ')]


def cell(samples, spec):
    """The figure of a cell, as (median, lowest, highest), or None.

    A cell is (key, column, base, scale): the median of a key, less that of its
    base (a key, or a number), divided by scale.
    """
    key, column, base, scale = spec
    if key not in samples or isinstance(base, str) and base not in samples:
        return None
    less = statistics.median(samples[base][0]) if isinstance(base, str) else base
    figures = samples[key][column]
    return [round((figure - less) / scale, 4) for figure in
            (statistics.median(figures), min(figures), max(figures))]


def results_of(samples):
    """All cells that were measured, by table, row and column."""
    found = {}
    for table in TABLES:
        rows = {}
        for name, specs in table['rows']:
            cells = [cell(samples, spec) if spec else None for spec in specs]
            if any(cells):
                rows[name] = cells
        if rows:
            found[table['title']] = rows
    return found


def short(number, signed):
    size = abs(number)
    digits = 3 if size < 1 and not signed else 1 if size < 100 else 0
    return f'{number:{"+" if signed else ""},.{digits}f}'


def shown(figures, signed):
    """A figure, and how far its repeats are from it where that is to be seen."""
    if not figures:
        return ''
    median, low, high = figures
    spread = max(high - median, median - low)
    text = short(median, signed)
    wide = abs(median) and spread / abs(median) > 0.05
    return f'{text} ±{short(spread, False)}' if wide else text


def text_rows(results):
    """Each table as (table, rows of text)."""
    for table in TABLES:
        if table['title'] in results:
            signed = table.get('signed', True)
            yield table, [[name] + [shown(figures, signed) for figures in cells]
                          for name, cells in results[table['title']].items()]


def print_tables(results):
    for table, rows in text_rows(results):
        print(f"{table['title']} ({table['unit']})")
        heads = [''] + table['columns']
        widths = [max(len(row[i]) for row in rows + [heads])
                  for i in range(len(heads))]
        for row in [heads] + rows:
            print('  ' + f'{row[0]:{widths[0]}}' + ''.join(
                f'  {text:>{wide}}' for text, wide in zip(row[1:], widths[1:])))
        print()


def rst(results):
    out = [f'.. {REMARK}', '']
    for table, rows in text_rows(results):
        count = len(table['columns'])
        out += [f".. list-table:: {table['title']}, {table['unit']}",
                '   :header-rows: 1',
                f"   :widths: 40{' 15' * count}", '']
        for row in [[''] + table['columns']] + rows:
            for i, text in enumerate(row):
                out.append(f"   {'  -' if i else '* -'} {text}".rstrip())
        out.append('')
    return '\n'.join(out)


STYLE = '''.bars{--fg:#1b1f24;--dim:#5c6670;--own:#0b5cad;--peer:#c98a1b;
font:13px system-ui,sans-serif}
@media(prefers-color-scheme:dark){.bars{--fg:#e6eaee;--dim:#9aa5b1;
--own:#6cb2ff;--peer:#e8b04a}}
.bars text{fill:var(--fg)} .bars .dim{fill:var(--dim)}
.bars .own{fill:var(--own)} .bars .peer{fill:var(--peer)}'''


def chart_rows(results):
    """One column of the tables with a chart; a headline has no figure."""
    for table in TABLES:
        if 'chart' in table and table['title'] in results:
            unit = ' rules' if table['chart'][0].isdigit() else ''
            yield f"{table['title']}, {table['chart']}{unit}", None
            column = table['columns'].index(table['chart'])
            yield from ((name, row[column][0]) for name, row in
                        results[table['title']].items() if row[column])


def svg(results):
    rows = list(chart_rows(results))
    height = 48 + 20 * len(rows)
    out = ['<!-- SPDX-License-Identifier: GPL-2.0-only -->', f'<!-- {REMARK} -->',
           '<svg xmlns="http://www.w3.org/2000/svg" class="bars" width="760" '
           f'height="{height}" viewBox="0 0 760 {height}" role="img">',
           '<title>instructions that finject and its peers add</title>',
           f'<style>\n{STYLE}\n</style>',
           '<rect class="own" x="290" y="12" width="12" height="10"/>'
           '<text x="308" y="22">finject</text>'
           '<rect class="peer" x="390" y="12" width="12" height="10"/>'
           '<text x="408" y="22">its peers</text>'
           '<text class="dim" x="490" y="22">(a logarithmic scale, from 1)</text>']
    most = math.log(max([value for _, value in rows if value] + [10]))
    for i, (name, value) in enumerate(rows):
        y = 50 + 20 * i
        if value is None:
            out.append(f'<text x="8" y="{y}" font-weight="bold">{name}</text>')
            continue
        wide = round(math.log(max(value, 1)) * 380 / most, 1)
        kind = 'own' if name.startswith('finject') else 'peer'
        out += [f'<text x="280" y="{y}" text-anchor="end">{name}</text>',
                f'<rect class="{kind}" x="290" y="{y - 10}" width="{wide}" '
                'height="11"/>'
                f'<text class="dim" x="{296 + wide}" y="{y}">'
                f'{short(value, True)}</text>']
    return '\n'.join(out + ['</svg>']) + '\n'


def compare_with(path, parts, results):
    """Say what moved; what ran before in a boot moves some figures, too."""
    had = json.loads(Path(path).read_text())
    if had['parts'] != parts:
        print(f"other parts were run for {path}: {' '.join(had['parts'])}")
    moved(had['tables'], results)


def moved(old, new):
    """Print the cells that differ by more than 1 %, and by more than repeats do."""
    count = 0
    for table in TABLES:
        title = table['title']
        for name, cells in new.get(title, {}).items():
            had = old.get(title, {}).get(name, [])
            for column, one, other in zip(table['columns'], had, cells):
                if not one or not other:
                    continue
                apart = abs(other[0] - one[0])
                noise = max(one[2] - one[1], other[2] - other[1])
                if apart > max(MOVED * abs(one[0]), noise):
                    per = f' ({(other[0] / one[0] - 1) * 100:+.1f} %)' \
                        if one[0] else ''
                    print(f'moved: {title}: {name}, {column}: '
                          f'{short(one[0], False)} -> {short(other[0], False)}{per}')
                    count += 1
    print(f'{count} figures moved by more than 1 %')


def check_marks(results):
    """Print each mark whose figures were measured; return how many are missed."""
    missed = 0
    for text, holds, wanted in MARKS:
        figures = [results.get(title, {}).get(name, [None] * (column + 1))[column]
                   for title, name, column in wanted]
        if all(figures):
            met = holds(*(figure[0] for figure in figures))
            print(f"{'met   ' if met else 'MISSED'}  {text}")
            missed += not met
    return missed


def main(kernel, samples, out, compare=None):
    results = results_of(read_samples(samples))
    print_tables(results)
    parts = read_parts(samples)
    if compare:
        compare_with(compare, parts, results)
    missed = check_marks(results)
    out = Path(out)
    text = json.dumps({'kernel': kernel, 'parts': parts, 'tables': results}, indent=1)
    (out / 'results.json').write_text(text + '\n')
    (out / 'table.inc').write_text(rst(results))
    (out / 'chart.svg').write_text(svg(results))
    return 1 if missed else 0


if __name__ == '__main__':
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
