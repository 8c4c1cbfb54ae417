# SPDX-License-Identifier: GPL-2.0-only
"""What the tables of the benchmark have: rows, and the samples of each cell.

A cell is (key, column, base, scale); see cell() of report.py.
"""

FOREIGN = 'a foreign packet, a crossing'
CLOSES = 'open and close that no rule matches'
OTHER_PORTS = 'finject, other ports'
OTHER_ADDRESSES = 'finject, only addresses'
OTHER_ADDRESSES6 = 'finject, only addresses, IPv6'


def foreign(key):
    # a packet over lo makes two crossings
    return [(f'foreign.{key}.{family}', 0, f'foreign.none.{family}', 2)
            for family in ('v4', 'v6')]


def closes(kind, base='none'):
    # both ends are on this host
    return [(f'closes.{kind}-{count}', 0, f'closes.{base}', 2)
            for count in (1, 100, 1000, 10000)]


def actions(kind):
    return [(f'actions.{kind}-{action}', 0, 'actions.none', 1)
            for action in ('delay=0s', 'delay=1us', 'duplicate=1')]


def late(key, delay):
    """Median and 99th percentile, less the delay; in us."""
    return [(f'late.{key}', column, delay * 1e6, 1e3) for column in (0, 1)]


def once(key):
    return [(f'tables.{key}', 0, 0, 1e6)]


def reader(key):
    return [(f'readers.{key}', 0, 'readers.none', 1)]


def cpus(key):
    return [(f'cpus.{key}.{used}', 0, 0, 1e3) for used in (1, 2)]


PEERS = [(f'{text}, {count:,} rule' + 's' * (count > 1), f'{peer}-{count}')
         for peer, text in (('nft', 'nft'), ('iptables', 'iptables-legacy'),
                            ('flower', 'tc flower'), ('u32', 'tc u32'))
         for count in (1, 100, 1000)]

TABLES = [
    {'title': FOREIGN, 'unit': 'instructions added',
     'columns': ['IPv4', 'IPv6'], 'chart': 'IPv4',
     'rows': [(text, foreign(key)) for text, key in [
         ('finject, no rules', 'loaded'),
         ('finject, armed for another port', 'armed'),
         ('finject, tracking 1 close', 'tracked-1'),
         ('finject, tracking 60,000 closes', 'tracked-60000'),
         ('nft, an empty chain', 'nft-0'),
     ] + PEERS + [('nft, a set of 1,000', 'nft-set-1000')]]},
    {'title': CLOSES, 'unit': 'instructions added, for each end',
     'columns': ['1 rule', '100', '1,000', '10,000'], 'chart': '1,000',
     'rows': [(text, closes(*key.split())) for text, key in [
         (OTHER_PORTS, 'ports'),
         (OTHER_ADDRESSES, 'addresses'),
         (OTHER_ADDRESSES6, 'addresses6 none6'),
         ('finject, neither', 'neither'),
         ('finject, a mix of these', 'mixed'),
         ('nft, rules', 'nft-linear'),
         ('nft, a set', 'nft-set'),
         ('iptables-legacy', 'iptables'),
         ('tc flower', 'flower'),
         ('tc u32', 'u32')]]},
    {'title': 'open and close, a rule of its port that does not fire',
     'unit': 'instructions added, for each end', 'columns': ['added'],
     'rows': [('finject', [('own.finject', 0, 'own.none', 2)]),
              ('nft, counting FINs', [('own.nft', 0, 'own.none', 2)])]},
    {'title': 'open and close, its first FIN is delayed or duplicated',
     'unit': 'instructions added', 'columns': ['0 s', '1 us', 'duplicate'],
     'rows': [('finject', actions('finject')),
              ('netem behind flower', actions('netem-flower')),
              ('netem behind u32', actions('netem-u32'))]},
    {'title': 'open and close, beside one reader',
     'unit': 'instructions added, those of the reader too', 'columns': ['added'],
     'rows': [(text, reader(key)) for text, key in [
         ('finject, events is not read', 'unread'),
         ('finject, cat events', 'cat'),
         ('finject events', 'events'),
         ('finject events -j', 'events-j'),
         ('tcpdump -w', 'tcpdump'),
         ('tcpdump, text', 'tcpdump-text'),
         ('conntrack -E', 'conntrack')]]},
    {'title': 'how late a delayed FIN is', 'unit': 'us', 'signed': False,
     'columns': ['median', '99 %'],
     'rows': [
         ('finject, 1 ms', late('finject-1ms', 1)),
         ('finject, 1 ms, 12,600 flows read in a loop', late('flows-12600', 1)),
         ('finject, 1 ms, 100,000 held read in a loop', late('held-100000', 1)),
         ('netem, 1 ms', late('netem-1ms', 1)),
         ('netem, 1 ms, nft -f of 1,000 rules in a loop', late('nft-1000', 1)),
         ('finject, 10 ms', late('finject-10ms', 10)),
         ('netem, 10 ms', late('netem-10ms', 10)),
         ('finject, 10 ms, 1,000 at once', late('finject-10ms-1000', 10)),
         ('netem, 10 ms, 1,000 at once', late('netem-10ms-1000', 10))]},
    {'title': 'one use of a table', 'unit': 'millions of instructions',
     'signed': False, 'columns': ['one use'],
     'rows': [(text, once(key)) for text, key in [
         ('finject, read 65,000 flows', 'flows'),
         ('conntrack -L, 65,000', 'conntrack'),
         ('finject, read 100,000 held', 'held'),
         ('finject, remove a rule beside 100,000 held', 'remove'),
         ('finject, read 10,000 rules', 'rules'),
         ('finject, write 10,000 rules', 'write'),
         ('nft -f, 10,000 rules', 'nft'),
         ('iptables-legacy-restore, 10,000 rules', 'iptables'),
         ('finject, one rule more', 'one-more'),
         ('nft, one rule more', 'nft-one-more'),
         ('iptables-legacy, one rule more', 'iptables-one-more')]]},
    {'title': 'a close in real time, one CPU and two', 'unit': 'us',
     'signed': False, 'columns': ['1 CPU', '2 CPUs'],
     'rows': [(text, cpus(key)) for text, key in [
         ('nothing', 'none'),
         ('finject, 1,000 rules of other ports', 'finject-1000'),
         ('finject, a rule of its port that does not fire', 'finject-own'),
         ('finject, the same behind 1,000 of other ports', 'finject-own-1000'),
         ('nft, a set of 1,000', 'nft-set-1000')]]},
]

NOISE = 3	# instructions a crossing; the spread of a repeat is below 0.1 %
MOST_TRACKED = 130
MOST_OTHER = 3400

# A mark: its text, what must hold, and the cells that this takes.
MARKS = [
    ('loaded without rules, a packet costs nothing',
     lambda v4, v6: abs(v4) < NOISE and abs(v6) < NOISE,
     [(FOREIGN, 'finject, no rules', i) for i in (0, 1)]),
    ('armed for another port, a packet costs no more than an empty chain',
     lambda armed, empty: armed <= empty,
     [(FOREIGN, 'finject, armed for another port', 0),
      (FOREIGN, 'nft, an empty chain', 0)]),
    ('while 1 close is tracked, a foreign packet costs at most '
     f'{MOST_TRACKED} a crossing',
     lambda v4, v6: max(v4, v6) <= MOST_TRACKED,
     [(FOREIGN, 'finject, tracking 1 close', i) for i in (0, 1)]),
    ('while 60,000 are, too',
     lambda v4, v6: max(v4, v6) <= MOST_TRACKED,
     [(FOREIGN, 'finject, tracking 60,000 closes', i) for i in (0, 1)]),
    (f'beside 10,000 rules a close that none matches costs at most {MOST_OTHER}',
     lambda *ends: max(ends) <= MOST_OTHER,
     [(CLOSES, row, 3)
      for row in (OTHER_PORTS, OTHER_ADDRESSES, OTHER_ADDRESSES6)]),
]
