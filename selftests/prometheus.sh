#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# prometheus.sh: packaging/prometheus as Debian's Prometheus and node_exporter
# see it: promtool on the alerts, then both in a guest for an hour of virtual
# time, where closes are faulted. OUT=DIR keeps what they answered.
set -u
cd "$(dirname "$0")/.." || exit
. selftests/tap.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
out=${OUT:-$work/out}
said=$work/said
began=$SECONDS

selftests/qemu/tree.sh "$work/tree" prometheus prometheus-node-exporter || exit
make -s -C tools || exit
promtool=$work/tree/usr/bin/promtool
cp -R packaging/prometheus "$work"

(cd packaging/prometheus && "$promtool" check rules finject.rules.yml &&
 "$promtool" check config prometheus.yml) >"$said" 2>&1
result $? "promtool: alerts and configuration are well-formed"
(cd packaging/prometheus && "$promtool" test rules finject.test.yml) >"$said" 2>&1
result $? "promtool: each alert comes when it should, and not before"
(cd "$work/prometheus" && sed -i 's/for: 1h/for: 2h/' finject.rules.yml &&
 ! "$promtool" test rules finject.test.yml) >"$said" 2>&1
result $? "promtool: an alert that comes too late is seen"

# Each metric of the dashboard, as Grafana asks for it.
/usr/bin/python3 - packaging/prometheus/finject.dashboard.json >"$work/queries" <<'END'
import json, sys, urllib.parse
print('alerts /api/v1/alerts')
panels = json.load(open(sys.argv[1]))['panels']
for panel in panels:
    for target in panel['targets']:
        expr = target['expr'].replace('$__rate_interval', '5m').replace('$instance', '.+')
        print(f"panel-{panel['id']}{target['refId']} /api/v1/query?query="
              + urllib.parse.quote(expr))
END
[ "$(wc -l <"$work/queries")" -gt 5 ] || exit

rm -rf "$work/prometheus" && cp -R packaging/prometheus "$work"
selftests/qemu/guest.sh -k "${KERNEL:-6.1}" -m warp -t 1500 -e -O "$out" \
	-r "$work/tree" -f tools/finject -f "$work/prometheus" \
	-f "$work/queries" -f selftests/recipes/prometheus-guest.sh \
	'sh prometheus-guest.sh' >"$said" 2>&1
result $? "the guest"
[ -e "$out/stale.alerts" ] && [ ! -e "$out/failed" ]
result $? "Prometheus answers"

# firing TIME: print the alerts that fire
firing()
{
	/usr/bin/python3 -c 'import json, sys
for one in json.load(open(sys.argv[1]))["data"]["alerts"]:
    if one["state"] == "firing":
        labels = one["labels"]
        print(labels["alertname"], labels.get("id", "-"))' "$out/$1.alerts" | sort
}

firing quarter >"$said"
echo 'FinjectRuleNeverFired 2' | cmp - "$said"
result $? "after a quarter of an hour, the rule that never fired is told"
firing hour >"$said"
printf '%s\n' 'FinjectRuleNeverFired 2' 'FinjectRulesInForce -' | cmp - "$said"
result $? "after an hour, rules in force are told"
firing stale >"$said"
grep -qx 'FinjectNotScraped -' "$said"
result $? "a file that is not written is told"

# The same numbers from Prometheus, from finject, and retransmissions of TCP.
/usr/bin/python3 - "$out" >"$said" 2>&1 <<'END'
import glob, json, sys
out = sys.argv[1]
empty = [name for name in glob.glob(f'{out}/quarter.panel-*')
         if not json.load(open(name))['data']['result']]
assert not empty, empty
fired = {one['metric']['id']: int(one['value'][1]) for one in
         json.load(open(f'{out}/hour.panel-5A'))['data']['result']}
assert fired == {'1': 5, '2': 0}, fired
names, values = (line.split() for line in open(f'{out}/snmp'))
assert int(dict(zip(names, values))['RetransSegs']) == 5
END
result $? "each panel has data; five faults, and five retransmissions"
[ -e "$out/left" ] && [ ! -s "$out/left" ]
result $? "without the module there is no file"
echo "took $((SECONDS - began)) s"
total
