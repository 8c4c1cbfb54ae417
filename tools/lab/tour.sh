#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# tour.sh: how a TCP connection ends, in seven real closes, in reading order.
# `make tour' runs it in a guest, where the minutes of TIME_WAIT take no time.

work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
stop=0

# show NAME: run a scenario over IPv4, and print its ladder.
show()
{
	finject scenario show "$1" | sed 's/^family.*/family v4/' \
		>"$work/$1.scenario"
	finject scenario run "$work/$1.scenario" >"$work/said" 2>&1 || {
		echo "   This went otherwise than it should:"
		sed 's/^/   /' "$work/said"
		stop=1
		return
	}
	sed -n 's/^#  /  /p' "$work/said" | grep -v '^ *$'
}

cat <<'END'
How a TCP connection ends: seven real closes.

A closes first, B second. Time runs down, in seconds. Each arrow is a segment:
fin1 and ack1 are A's FIN and its ACK, fin2 and ack2 are B's; #2 is the second
transmission; the capitals are its flags (F: FIN, A: ACK, R: RST). At the edges
are the states that the kernel reports. A "rule" is one of finject: it drops,
holds or copies just that segment.

1. Four segments

Each end says by a FIN that it has sent all, and each FIN is acknowledged. B has
half a second of work left, so its FIN comes later than its ACK.

END
show four-segment-close
cat <<'END'

2. Three segments

When B closes before its ACK has left, FIN and ACK travel together.

END
show three-segment-close
cat <<'END'

3. Half-close

A's FIN says "I have sent all", not "I am gone". B still sends data, and A, in
FIN_WAIT2, reads it.

END
show half-close-reply
cat <<'END'

4. The last ACK is lost

Nobody acknowledges an ACK, so A cannot know that it arrived. That is the first
use of TIME_WAIT: A waits for a minute, and answers the FIN that comes again. B,
which closed second, has no TIME_WAIT.

END
show last-ack-lost-once
cat <<'END'

5. An old segment meets the next connection

The second use: what is still under way must not be taken for a part of the next
connection of the same ports. Here A takes its port again after two seconds
(tcp_tw_reuse). A copy of B's old FIN comes late: its timestamp is an old one, A
drops it, and the new connection goes on. (CLOSED is the old one's TIME_WAIT.)

END
show late-fin2-new-incarnation
cat <<'END'

6. Both close at once

The FINs cross, neither end is second: both go through CLOSING, and both wait.
Each FIN is the first that its own end knows of, so both are fin1 here.

END
show simultaneous-close
cat <<'END'

7. No TIME_WAIT

The table of TIME_WAITs may be full (tcp_max_tw_buckets, here 0). A is gone at
once, the last ACK is lost as above, and the FIN that comes again meets nobody.
A RST tells B what an ACK should have told it.

END
show tw-overflow-last-ack-lost
cat <<'END'

Too many TIME_WAITs, what helps, and what it costs: Documentation/time-wait.rst.
All closes by name, one of them, and a prompt for faults of your own:

    make run CMD='finject scenario list'
    make run CMD='finject scenario run simultaneous-close'
    make shell
END
exit $stop
