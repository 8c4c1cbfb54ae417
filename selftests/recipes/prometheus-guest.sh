#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# prometheus-guest.sh: the part of prometheus.sh in the guest: Prometheus and
# node_exporter as packaging/prometheus has them, a rule that fires and one that
# does not, and then an hour. /out gets what Prometheus answers to each line of
# the file queries, a name and a path.
set -eu
cp /test/prometheus/* /tmp
cd /tmp
mkdir textfile

prometheus-node-exporter --collector.disable-defaults --collector.textfile \
	--collector.textfile.directory=/tmp/textfile \
	--web.listen-address=127.0.0.1:9100 >/out/exporter.log 2>&1 &
prometheus --config.file=prometheus.yml --storage.tsdb.path=/tmp/tsdb \
	--web.listen-address=127.0.0.1:9090 >/out/prometheus.log 2>&1 &
while :; do
	sh finject-textfile /tmp/textfile
	sleep 15
done 2>/out/textfile.log &
writer=$!

# ask TIME: ask all, into TIME.NAME
ask()
{
	while read -r name path; do
		busybox wget -qO "/out/$1.$name" "http://127.0.0.1:9090$path" ||
			echo "$name: no answer" >>/out/failed
	done </test/queries
}

# one_close: close a connection over lo
one_close()
{
	(sleep 1 | busybox nc -l -p 8080) &
	sleep 0.2
	busybox nc 127.0.0.1 8080 </dev/null
	wait $!
}

finject add id=1 seg=fin1 nth=1 dport=8080 drop
finject add id=2 seg=rst dport=8080 drop
for _ in 1 2 3 4 5; do
	one_close
	sleep 20
done
sleep 900
ask quarter
sleep 3000
ask hour
finject stats -j >/out/stats.json
grep '^Tcp:' /proc/net/snmp >/out/snmp
# no more is written: the file grows old; then the module goes, and the file too
kill $writer
sleep 420
ask stale
finject flush
rmmod finject
sh finject-textfile /tmp/textfile
find /tmp/textfile -type f >/out/left
