/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every word of finject, once: the words of rules, of records and tracepoints,
 * of counters. The module, the tool, the kselftests and the fuzzers make their
 * enums, tables and help from these lists; `make check` checks the
 * documentation against them.
 *
 * Plain C without includes, for the kernel and for userspace. X() stands for
 * the macro that the user of a list applies to an entry. Where the entries go
 * into __print_flags() or __print_symbolic(), LAST() is the last one, which has
 * no comma behind it. These lists give their numbers, because perf and
 * trace-cmd read them out of the format file and know none of finject's enums.
 */
#ifndef FINJECT_VOCABULARY_H
#define FINJECT_VOCABULARY_H

/* Classes of segments, see stages.rst: bit, identifier, word. */
#define FINJECT_CLASS_LIST(X, LAST)		\
	X(0x01, FIN1, "fin1")			\
	X(0x02, ACK1, "ack1")			\
	X(0x04, FIN2, "fin2")			\
	X(0x08, ACK2, "ack2")			\
	X(0x10, RST, "rst")			\
	X(0x20, DATA, "data")			\
	X(0x40, SYN, "syn")			\
	X(0x80, EARLY, "early")			\
	X(0x100, EARLYACK, "earlyack")		\
	LAST(0x200, OPEN, "open")

/*
 * Groups of classes: word, mask. Of two words one is for printing only. "all"
 * are those of a close.
 */
#define FINJECT_CLASS_GROUP_LIST(X)		\
	X("fin", 0x05)				\
	X("ack", 0x0a)				\
	X("fin,ack", 0x0f)			\
	X("all", 0x7f)

/* Hooks, in the order of enum nf_inet_hooks: number, identifier, word. */
#define FINJECT_HOOK_LIST(X, LAST)		\
	X(0, PRE_ROUTING, "prerouting")		\
	X(1, LOCAL_IN, "input")			\
	X(2, FORWARD, "forward")		\
	X(3, LOCAL_OUT, "output")		\
	LAST(4, POST_ROUTING, "postrouting")

/*
 * Actions of rules: identifier (of the word and of the verdict too), and the
 * key under which stats counts the action.
 */
#define FINJECT_ACTION_LIST(X)			\
	X(PASS, "passed")			\
	X(DROP, "dropped")			\
	X(DELAY, "delayed")			\
	X(DUPLICATE, "duplicated")		\
	X(HOLD, "held")				\
	X(RESET, "reset")

/* Verdicts on segments: number, identifier, word. Only ever appended to. */
#define FINJECT_VERDICT_LIST(X, LAST)		\
	X(0, PASS, "pass")			\
	X(1, DROP, "drop")			\
	X(2, DELAY, "delay")			\
	X(3, DUPLICATE, "duplicate")		\
	X(4, HOLD, "hold")			\
	X(5, RESET, "reset")			\
	X(6, RELEASED, "released")		\
	LAST(7, PURGED, "purged")

/* Flags of the TCP header, RFC 9293 section 3.1: bit, identifier, letter. */
#define FINJECT_FLAG_LIST(X, LAST)		\
	X(0x01, FIN, "F")			\
	X(0x02, SYN, "S")			\
	X(0x04, RST, "R")			\
	X(0x08, PSH, "P")			\
	X(0x10, ACK, "A")			\
	X(0x20, URG, "U")			\
	X(0x40, ECE, "E")			\
	LAST(0x80, CWR, "C")

/* States of sockets, include/net/tcp_states.h: number, word. */
#define FINJECT_STATE_LIST(X, LAST)		\
	X(1, ESTABLISHED)			\
	X(2, SYN_SENT)				\
	X(3, SYN_RECV)				\
	X(4, FIN_WAIT1)				\
	X(5, FIN_WAIT2)				\
	X(6, TIME_WAIT)				\
	X(7, CLOSE)				\
	X(8, CLOSE_WAIT)			\
	X(9, LAST_ACK)				\
	X(10, LISTEN)				\
	X(11, CLOSING)				\
	LAST(12, NEW_SYN_RECV)

/* Kinds of sockets: number, identifier, word. Only ever appended to. */
#define FINJECT_SOCKET_LIST(X, LAST)		\
	X(0, FULL, "full")			\
	LAST(1, TIMEWAIT, "timewait")

/*
 * Why a socket closed, where the stack tells: number, identifier, word. Only
 * ever appended to. NONE is the regular end, or no end.
 */
#define FINJECT_CAUSE_LIST(X, LAST)		\
	X(0, NONE, "-")				\
	X(1, UNKNOWN, "unknown")		\
	X(2, TIMER, "timer")			\
	X(3, TIMEOUT, "timeout")		\
	X(4, RST, "rst")			\
	X(5, REUSE, "reuse")			\
	X(6, KILLED, "killed")			\
	X(7, OVERFLOW, "overflow")		\
	LAST(8, ABORT, "abort")

/* Shapes of closes: identifier, word. */
#define FINJECT_SHAPE_LIST(X)			\
	X(OPEN, "open")				\
	X(CLOSING, "closing")			\
	X(HALF_CLOSED, "half-closed")		\
	X(FOUR, "four")				\
	X(THREE, "three")			\
	X(SIMULTANEOUS, "simultaneous")		\
	X(RESET, "reset")

/* Records of events: identifier, word. */
#define FINJECT_RECORD_LIST(X)			\
	X(SEGMENT, "seg")			\
	X(OUTCOME, "outcome")			\
	X(SOCKET, "sk")

/*
 * Keys of records, of all files: key, and the type of its value. A NUMBER is
 * unsigned and has 64 bits at most; WORDS and NUMBERS are lists, with commas.
 * The type is the key's, whatever a value looks like.
 */
#define FINJECT_KEY_LIST(X)			\
	X(ack, NUMBER)				\
	X(age, NUMBER)				\
	X(asked, NUMBER)			\
	X(bytes, NUMBER)			\
	X(cause, WORD)				\
	X(closer, WORD)				\
	X(comm, WORD)				\
	X(conn, WORD)				\
	X(copies, NUMBER)			\
	X(copies_parked, NUMBER)		\
	X(copies_purged, NUMBER)		\
	X(copies_released, NUMBER)		\
	X(copy, NUMBER)				\
	X(delayed, NUMBER)			\
	X(dropped, NUMBER)			\
	X(dst, WORD)				\
	X(due, NUMBER)				\
	X(duplicated, NUMBER)			\
	X(fired, NUMBER)			\
	X(flags, WORD)				\
	X(flow, NUMBER)				\
	X(forward, WORD)			\
	X(fragments, NUMBER)			\
	X(from, WORD)				\
	X(gen, NUMBER)				\
	X(generation, NUMBER)			\
	X(held, NUMBER)				\
	X(here, NUMBER)				\
	X(hook, WORD)				\
	X(hooks, WORDS)				\
	X(id, NUMBER)				\
	X(idle, NUMBER)				\
	X(input, WORD)				\
	X(inum, NUMBER)				\
	X(lease, NUMBER)			\
	X(len, NUMBER)				\
	X(looked, NUMBER)			\
	X(lost, NUMBER)				\
	X(malformed, NUMBER)			\
	X(matched, NUMBER)			\
	X(max, NUMBER)				\
	X(met, NUMBER)				\
	X(name, WORD)				\
	X(nodst, NUMBER)			\
	X(nomem, NUMBER)			\
	X(now, NUMBER)				\
	X(nth, NUMBERS)				\
	X(other, WORD)				\
	X(others, NUMBER)			\
	X(output, WORD)				\
	X(parked, NUMBER)			\
	X(partial, NUMBER)			\
	X(passed, NUMBER)			\
	X(peak, NUMBER)				\
	X(pid, NUMBER)				\
	X(postrouting, WORD)			\
	X(prefetched, NUMBER)			\
	X(prerouting, WORD)			\
	X(purged, NUMBER)			\
	X(readers, NUMBER)			\
	X(recycled, NUMBER)			\
	X(refused, NUMBER)			\
	X(released, NUMBER)			\
	X(reply, WORD)				\
	X(reset, NUMBER)			\
	X(resets, NUMBER)			\
	X(resets_refused, NUMBER)		\
	X(rule, NUMBER)				\
	X(rules, NUMBER)			\
	X(seen, NUMBER)				\
	X(seg, WORDS)				\
	X(seq, NUMBER)				\
	X(shape, WORD)				\
	X(socket, WORD)				\
	X(src, WORD)				\
	X(t, NUMBER)				\
	X(tag, WORD)				\
	X(text, WORD)				\
	X(to, WORD)				\
	X(unsplit, NUMBER)			\
	X(verdict, WORD)

/*
 * Counters of a namespace, in the order of stats: identifier, record, key,
 * equation, sign in that equation, meaning. Each equation adds up to zero
 * whenever no segment is at a hook:
 *
 *	SEGMENTS  seen = passed + dropped + reset + parked + released + purged
 *	COPIES    copies = copies_parked + copies_released + copies_purged
 */
#define FINJECT_COUNTER_LIST(X)						\
	X(SEEN, total, "seen", SEGMENTS, +1,				\
	  "segments of closes that were judged")			\
	X(PASSED, total, "passed", SEGMENTS, -1,			\
	  "of these, those that passed at once")			\
	X(DROPPED, total, "dropped", SEGMENTS, -1,			\
	  "lost to drop")						\
	X(RESET, total, "reset", SEGMENTS, -1,				\
	  "lost to reset=")						\
	X(PARKED, total, "parked", SEGMENTS, -1,			\
	  "parked now")							\
	X(RELEASED, total, "released", SEGMENTS, -1,			\
	  "parked, then sent on")					\
	X(PURGED, total, "purged", SEGMENTS, -1,			\
	  "parked, then freed")						\
	X(COPIES, total, "copies", COPIES, +1,				\
	  "copies made by duplicate=")					\
	X(COPIES_PARKED, total, "copies_parked", COPIES, -1,		\
	  "of these, those parked now")					\
	X(COPIES_RELEASED, total, "copies_released", COPIES, -1,	\
	  "copies sent on")						\
	X(COPIES_PURGED, total, "copies_purged", COPIES, -1,		\
	  "copies freed")						\
	X(RESETS, total, "resets", NONE, 0,				\
	  "RSTs made by reset= and sent")				\
	X(RESETS_REFUSED, total, "resets_refused", NONE, 0,		\
	  "RSTs that could not be sent: no route, an IPsec policy, a next hop that refused") \
	X(REFUSED, total, "refused", NONE, 0,				\
	  "segments and copies sent on that the next hop refused")	\
	X(FRAGMENTS, skipped, "fragments", NONE, 0,			\
	  "TCP fragments")						\
	X(MALFORMED, skipped, "malformed", NONE, 0,			\
	  "malformed TCP segments")					\
	X(PREFETCHED, skipped, "prefetched", NONE, 0,			\
	  "segments that were given a socket before routing")		\
	X(UNSPLIT, skipped, "unsplit", NONE, 0,				\
	  "FINs in GSO packets that could not be split")		\
	X(NODST, skipped, "nodst", NONE, 0,				\
	  "segments whose route, or a module they need, was going away") \
	X(NOMEM, skipped, "nomem", NONE, 0,				\
	  "segments for which there was no memory")			\
	X(OTHERS, skipped, "others", NONE, 0,				\
	  "FINs and RSTs of connections that no rule's addresses and ports admit")

/* Bounded tables, in the order of stats: identifier, word. */
#define FINJECT_LIMIT_LIST(X)			\
	X(RULES, "rules")			\
	X(FLOWS, "flows")			\
	X(FLOW_RULES, "flow_rules")		\
	X(PARKED, "parked")			\
	X(PARKED_BYTES, "parked_bytes")		\
	X(EVENTS, "events")			\
	X(FLOW_TUPLES, "flow_tuples")

/* Values of by=, dir=, family=, dist=, reset=, per=: identifier, word. */
#define FINJECT_BY_LIST(X)			\
	X(ACTIVE, "active")			\
	X(PASSIVE, "passive")

#define FINJECT_DIR_LIST(X)			\
	X(IN, "in")				\
	X(OUT, "out")

#define FINJECT_FAMILY_LIST(X)			\
	X(INET, "ipv4")				\
	X(INET6, "ipv6")

#define FINJECT_DIST_LIST(X)			\
	X(UNIFORM, "uniform")			\
	X(NORMAL, "normal")			\
	X(PARETO, "pareto")

#define FINJECT_RESET_LIST(X)			\
	X(SENDER, "sender")			\
	X(RECEIVER, "receiver")			\
	X(BOTH, "both")

#define FINJECT_PER_LIST(X)			\
	X(FLOW, "flow")

/* First words of a line of rule text: identifier, word, meaning. */
#define FINJECT_VERB_LIST(X)						\
	X(ADD, "add", "add a rule, or replace the one of the same id")	\
	X(DEL, "del", "remove a rule")					\
	X(FLUSH, "flush", "remove all rules")				\
	X(LEASE, "lease", "remove the rules when the file is closed")

/*
 * Words of a rule, in the order in which they are printed: identifier, word,
 * kind of its value, least and greatest value, the word it needs beside it (or
 * NONE), its default, meaning. Kinds:
 *
 *	BARE FLAG	no value
 *	NUMBER		decimal
 *	TIMES		decimal, or -1 for no limit
 *	SEED		64 bits, decimal or 0x hex
 *	TIME		number and unit: ns us ms s
 *	CHANCE		0% to 100%, four decimals at most
 *	BY ... PER	a word of the list of that name
 *	TAG		1 to 31 of A-Z a-z 0-9 _ . -
 *	DEVICE		name of a network device
 *	PORTS		N or N-M
 *	NTH		N, N-M or N-
 *	CLASSES		classes and groups of them, with commas
 *	CIDR		ADDRESS or ADDRESS/BITS
 *	MARK		V or V/M, decimal or 0x hex
 */
#define FINJECT_WORD_LIST(X)						\
	X(ID, "id", NUMBER, 1, 4294967295, NONE, "the next free",	\
	  "number of the rule")						\
	X(SEG, "seg", CLASSES, 0, 0, NONE, "fin,ack",			\
	  "classes of segments")					\
	X(PURE, "pure", FLAG, 0, 0, NONE, "",				\
	  "nothing else rides on the segment")				\
	X(NTH, "nth", NTH, 1, 65535, NONE, "any",			\
	  "n-th of its class in its flow, at that hook")		\
	X(BY, "by", BY, 0, 0, NONE, "either",				\
	  "closer that sent it")					\
	X(SIMULTANEOUS, "simultaneous", FLAG, 0, 0, NONE, "",		\
	  "only simultaneous closes")					\
	X(DIR, "dir", DIR, 0, 0, NONE, "first hook of the segment",	\
	  "prerouting (in) or postrouting (out)")			\
	X(HOOK, "hook", HOOK, 0, 0, NONE, "first hook of the segment",	\
	  "netfilter hook")						\
	X(FAMILY, "family", FAMILY, 0, 0, NONE, "both",			\
	  "address family")						\
	X(SRC, "src", CIDR, 0, 0, NONE, "any",				\
	  "source address")						\
	X(DST, "dst", CIDR, 0, 0, NONE, "any",				\
	  "destination address")					\
	X(ADDR, "addr", CIDR, 0, 0, NONE, "any",			\
	  "either address")						\
	X(SPORT, "sport", PORTS, 1, 65535, NONE, "any",			\
	  "source port")						\
	X(DPORT, "dport", PORTS, 1, 65535, NONE, "any",			\
	  "destination port")						\
	X(PORT, "port", PORTS, 1, 65535, NONE, "any",			\
	  "either port")						\
	X(IIF, "iif", DEVICE, 0, 0, NONE, "any",			\
	  "input device")						\
	X(OIF, "oif", DEVICE, 0, 0, NONE, "any",			\
	  "output device")						\
	X(MARK, "mark", MARK, 0, 4294967295, NONE, "any",		\
	  "mark of the packet")						\
	X(FLOW, "flow", NTH, 1, 65535, NONE, "any",			\
	  "n-th flow that the rule met")				\
	X(PASS, "pass", BARE, 0, 0, NONE, "",				\
	  "let it pass")						\
	X(DROP, "drop", BARE, 0, 0, NONE, "",				\
	  "drop it")							\
	X(DELAY, "delay", TIME, 0, 0, NONE, "",				\
	  "send it on that much later")					\
	X(JITTER, "jitter", TIME, 0, 0, DELAY, "0s",			\
	  "spread of the delay")					\
	X(DIST, "dist", DIST, 0, 0, JITTER, "uniform",			\
	  "distribution of the jitter")					\
	X(DUPLICATE, "duplicate", NUMBER, 1, 1024, NONE, "",		\
	  "send it on, and that many copies")				\
	X(GAP, "gap", TIME, 0, 0, DUPLICATE, "0s",			\
	  "time between copies")					\
	X(HOLD, "hold", TAG, 0, 0, NONE, "",				\
	  "park it under a tag until it is released")			\
	X(GATHER, "gather", NUMBER, 1, 65535, HOLD, "never",		\
	  "release the tag when that many are parked under it")		\
	X(MAX, "max", TIME, 1, 0, HOLD, "60s",				\
	  "release it after that time at the latest")			\
	X(RESET, "reset", RESET, 0, 0, NONE, "",			\
	  "drop it and send a RST")					\
	X(RELEASE, "release", TAG, 0, 0, NONE, "none",			\
	  "release what is parked under a tag")				\
	X(PROBABILITY, "probability", CHANCE, 0, 1000000, NONE, "100%",	\
	  "chance that a match fires")					\
	X(INTERVAL, "interval", NUMBER, 1, 4294967295, NONE, "1",	\
	  "every N-th match fires")					\
	X(TIMES, "times", TIMES, 1, 2147483647, NONE, "-1",		\
	  "fire at most that often")					\
	X(SKIP, "skip", NUMBER, 0, 4294967295, NONE, "0",		\
	  "let the first N matches pass")				\
	X(PER, "per", PER, 0, 0, NONE, "rule",				\
	  "count in each flow; chance decides once a flow")		\
	X(SEED, "seed", SEED, 0, 0, NONE, "random",			\
	  "seed of the dice")						\
	X(TIMEOUT, "timeout", TIME, 1, 0, NONE, "never",		\
	  "remove the rule after that time")

/* A rule for each of its words, to show how it is used: identifier, rule. */
#define FINJECT_EXAMPLE_LIST(X)						\
	X(ID, "id=10 seg=fin1 port=8080 drop")				\
	X(SEG, "seg=fin1,rst port=8080 drop")				\
	X(PURE, "seg=ack1 pure nth=1 port=8080 drop")			\
	X(NTH, "seg=fin2 nth=2-3 port=8080 drop")			\
	X(BY, "seg=rst by=passive port=8080 drop")			\
	X(SIMULTANEOUS, "seg=ack simultaneous nth=1 port=8080 drop")	\
	X(DIR, "seg=fin1 dir=in dport=8080 drop")			\
	X(HOOK, "seg=fin1 hook=forward dport=8080 drop")		\
	X(FAMILY, "seg=fin family=ipv6 port=8080 drop")			\
	X(SRC, "src=192.0.2.0/24 seg=fin1 drop")			\
	X(DST, "dst=2001:db8::1 seg=fin1 drop")				\
	X(ADDR, "addr=192.0.2.1 seg=ack2 drop")				\
	X(SPORT, "sport=8080 seg=fin2 drop")				\
	X(DPORT, "dport=80,443 seg=fin1 drop")				\
	X(PORT, "port=80,443,8000-8999 seg=fin1 drop")			\
	X(IIF, "iif=eth0 dir=in seg=fin1 drop")				\
	X(OIF, "oif=eth1 hook=forward seg=fin2 drop")			\
	X(MARK, "mark=0x10/0xf0 dir=out seg=fin1 drop")			\
	X(FLOW, "seg=fin1 port=8080 flow=2 drop")			\
	X(PASS, "src=192.0.2.1 seg=fin1 pass")				\
	X(DROP, "seg=fin1 nth=1 port=8080 drop")			\
	X(DELAY, "seg=ack2 port=8080 delay=1.5s")			\
	X(JITTER, "seg=fin1 port=8080 delay=100ms jitter=30ms")		\
	X(DIST, "seg=fin1 port=8080 delay=100ms jitter=30ms dist=normal")	\
	X(DUPLICATE, "seg=fin2 nth=1 port=8080 duplicate=10")		\
	X(GAP, "seg=fin2 nth=1 port=8080 duplicate=1 gap=65s")		\
	X(HOLD, "seg=fin2 nth=1 port=8080 hold=late")			\
	X(GATHER, "seg=fin nth=1 port=8080 hold=close gather=2")	\
	X(MAX, "seg=fin2 nth=1 port=8080 hold=late max=5min")		\
	X(RESET, "seg=fin1 port=8080 reset=both")			\
	X(RELEASE, "seg=fin2 nth=1 port=8080 pass release=late")	\
	X(PROBABILITY, "seg=fin1 port=8080 drop probability=20%")	\
	X(INTERVAL, "seg=fin1 port=8080 drop interval=5")		\
	X(TIMES, "seg=fin1 port=8080 drop times=2")			\
	X(SKIP, "seg=fin1 port=8080 drop skip=10")			\
	X(PER, "port=8080 drop probability=20% per=flow")		\
	X(SEED, "seg=fin1 port=8080 drop probability=20% seed=7")	\
	X(TIMEOUT, "seg=fin1 port=8080 drop timeout=5min")

/*
 * Words that people know from other tools, and from earlier versions, and what
 * to tell them. Words that begin like one of finject's need no entry.
 */
#define FINJECT_SYNONYM_LIST(X)						\
	X("loss", "did you mean 'drop' with 'probability='?")		\
	X("chance", "did you mean 'probability='?")			\
	X("percent", "did you mean 'probability='?")			\
	X("random", "did you mean 'probability='?")			\
	X("latency", "did you mean 'delay='?")				\
	X("slow", "did you mean 'delay='?")				\
	X("distribution", "did you mean 'dist='?")			\
	X("copy", "did you mean 'duplicate='?")				\
	X("copies", "did you mean 'duplicate='?")			\
	X("corrupt", "no action changes a segment; tc-netem(8) can")	\
	X("reorder", "a 'delay=' lets later segments overtake")		\
	X("reject", "did you mean 'reset='?")				\
	X("rst", "did you mean 'seg=rst', or 'reset='?")		\
	X("park", "did you mean 'hold='?")				\
	X("accept", "did you mean 'pass'?")				\
	X("source", "did you mean 'src='?")				\
	X("saddr", "did you mean 'src='?")				\
	X("from", "did you mean 'src='?")				\
	X("dest", "did you mean 'dst='?")				\
	X("destination", "did you mean 'dst='?")			\
	X("daddr", "did you mean 'dst='?")				\
	X("to", "did you mean 'dst='?")					\
	X("host", "did you mean 'addr='?")				\
	X("ip", "did you mean 'addr=', or 'family='?")			\
	X("dev", "did you mean 'iif=', or 'oif='?")			\
	X("interface", "did you mean 'iif=', or 'oif='?")		\
	X("iifname", "did you mean 'iif='?")				\
	X("oifname", "did you mean 'oif='?")				\
	X("chain", "did you mean 'hook='?")				\
	X("direction", "did you mean 'dir='?")				\
	X("class", "did you mean 'seg='?")				\
	X("count", "did you mean 'times='?")				\
	X("limit", "did you mean 'times='?")				\
	X("max-times", "did you mean 'times='?")			\
	X("every", "did you mean 'interval='?")				\
	X("space", "did you mean 'skip='?")				\
	X("ttl", "did you mean 'timeout='?")

#endif /* FINJECT_VOCABULARY_H */
