// SPDX-License-Identifier: GPL-2.0-only
/*
 * What explore makes of results without running anything: where faults are
 * made, as which rules, and what counts as found.
 */
#include <json-c/json.h>
#include <string.h>

#include "cases.h"
#include "fault.h"
#include "found.h"
#include "walk.h"

static void add_segment(struct json_object *run, const char *seg,
			unsigned int sport, unsigned int dport)
{
	struct json_object *one = json_object_new_object();

	json_object_object_add(one, "seg", json_object_new_string(seg));
	json_object_object_add(one, "nth", json_object_new_int(1));
	json_object_object_add(one, "sport", json_object_new_int(sport));
	json_object_object_add(one, "dport", json_object_new_int(dport));
	json_object_array_add(json_object_object_get(run, "segments"), one);
}

/* Two connections to port 80; the client's ports are others in each run. */
static struct json_object *good(unsigned int port)
{
	struct json_object *run = json_object_new_object();

	json_object_object_add(run, "exit", json_object_new_int(0));
	json_object_object_add(run, "digest", json_object_new_string("a"));
	json_object_object_add(run, "left", json_object_new_array());
	json_object_object_add(run, "waiting", json_object_new_array());
	json_object_object_add(run, "judge", json_object_new_string("ok"));
	json_object_object_add(run, "segments", json_object_new_array());
	add_segment(run, "fin1", port, 80);
	add_segment(run, "fin2", 80, port);
	add_segment(run, "fin1", port + 1, 80);
	return run;
}

static void add_left(struct json_object *run, const char *socket)
{
	json_object_array_add(json_object_object_get(run, "left"),
			      json_object_new_string(socket));
}

/* All that can be found, at once. */
static struct json_object *bad(void)
{
	struct json_object *run = good(40001);

	json_object_object_add(run, "exit", json_object_new_int(139));
	json_object_object_add(run, "digest", json_object_new_string("b"));
	json_object_object_add(run, "judge", json_object_new_string("departs"));
	json_object_object_add(run, "kernel", json_object_new_string("WARNING: "));
	json_object_object_add(run, "fired", json_tokener_parse("[1, 0]"));
	json_object_array_add(json_object_object_get(run, "waiting"),
			      json_object_new_int(80));
	add_left(run, "FIN_WAIT2 orphan 127.0.0.1 port 1 to 127.0.0.1 port 80");
	add_left(run, "CLOSE_WAIT 127.0.0.1 port 80 to 127.0.0.1 port 1");
	return run;
}

static void is(const char *got, const char *wanted)
{
	check(!strcmp(got, wanted), wanted);
	if (strcmp(got, wanted))
		printf("  but %s\n", got);
}

static const struct fault *fault_named(const struct fault *faults, size_t count,
				       const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(faults[i].name, name))
			return &faults[i];
	return NULL;
}

static void check_rules(const struct points *points)
{
	struct options opt = { .faults = { "nth=%n probability=20% drop" },
			       .fault_count = 1 };
	struct setting setting = { .opt = &opt, .match = "",
				   .patience = 5000000000ULL };
	struct fault faults[48], others[48];
	size_t count = faults_list(&setting, faults, 48);
	const struct fault *drop = fault_named(faults, count, "drop");
	const struct fault *hold = fault_named(faults, count, "delay-patience");
	const struct fault *both = fault_named(faults, count, "simultaneous");
	char text[RULE];

	fault_rule(drop, &points->point[1], &setting, text, sizeof(text));
	is(text, "seg=fin1 dport=80 flow=2 nth=1 drop times=1");
	fault_rule(hold, &points->point[2], &setting, text, sizeof(text));
	is(text, "seg=fin2 sport=80 nth=1- delay=5s");
	fault_rule(both, &points->point[0], &setting, text, sizeof(text));
	is(text, "seg=fin port=80 flow=1 hold=explore gather=2 max=2s per=flow");
	fault_rule(&faults[count - 1], &points->point[2], &setting, text,
		   sizeof(text));
	is(text, "seg=fin2 sport=80 nth=1 probability=20% drop");
	setting.match = "port=80";
	fault_rule(both, &points->point[0], &setting, text, sizeof(text));
	is(text, "seg=fin port=80 flow=1 hold=explore gather=2 max=2s per=flow");
	setting.match = "flow=2-";
	fault_rule(drop, &points->point[0], &setting, text, sizeof(text));
	is(text, "seg=fin1 dport=80 flow=2- nth=1 drop times=1");
	setting.match = "dport=80 family=ipv4";
	check(faults_list(&setting, others, 48) == count - 1,
	      "no simultaneous close by one direction");
	fault_rule(drop, &points->point[0], &setting, text, sizeof(text));
	is(text, "seg=fin1 dport=80 family=ipv4 flow=1 nth=1 drop times=1");
	check(fault_fits(hold, &points->point[1]), "each connection");
	check(!fault_fits(both, &points->point[2]), "both FINs at the first");
	check(fault_is_wanted("seg=fin2,fin1 fault=drop", drop,
			      &points->point[0]), "wanted");
	check(!fault_is_wanted("seg=fin2 fault=drop", drop, &points->point[0]),
	      "another segment");
	check(fault_is_wanted("flow=1 port=80 nth=1,2", drop, &points->point[0]) &&
	      !fault_is_wanted("flow=2", drop, &points->point[0]) &&
	      !fault_is_wanted("port=8", drop, &points->point[0]),
	      "a connection, a port");
	check(fault_is_wanted("fault=own", &faults[count - 1], &points->point[0]) &&
	      !fault_is_wanted("fault=own", drop, &points->point[0]),
	      "the user's own");
	check(!fault_is_wanted("fault=drop-all,dro", drop, &points->point[0]),
	      "a part of a name");
}

static void check_points(struct json_object **runs)
{
	static struct points points;
	char name[64];

	points_learn(&points, runs, 2);
	check(points.count == 3, "three points");
	point_name(&points.point[1], name, sizeof(name));
	is(name, "fin1 #1 dport=80 flow=2");
	point_name(&points.point[2], name, sizeof(name));
	is(name, "fin2 #1 sport=80");
	check_rules(&points);
}

static void check_found(struct json_object *base, struct json_object *run)
{
	struct options opt = { .same_output = true, .who_waits = true };
	unsigned int found = found_by(&opt, base, run);
	char text[1024];
	FILE *out = fmemopen(text, sizeof(text), "w");

	check(found == (FOUND_SIGNAL | FOUND_OUTPUT | FOUND_LEFT | FOUND_WAITS |
			FOUND_JUDGE | FOUND_KERNEL), "all that differs");
	check(!found_by(&opt, run, run), "it is like itself");
	check(!run_is_reached(run), "one rule never fired");
	opt = (struct options){ };
	check(!(found_by(&opt, base, run) & (FOUND_OUTPUT | FOUND_WAITS)),
	      "only what is asked for");
	found_say(FOUND_SIGNAL | FOUND_LEFT, base, run, out);
	json_object_object_add(run, "exit", json_object_new_int(0));
	check(!(found_by(&opt, base, run) & FOUND_SIGNAL), "no signal");
	json_object_object_add(run, "crash", json_object_new_int(6));
	check(found_by(&opt, base, run) & FOUND_SIGNAL, "a child's signal");
	fclose(out);
	check(!!strstr(text, "signal 11; left a socket: CLOSE_WAIT"), text);
}

static bool has(const struct attempt *set, const struct point *point)
{
	for (unsigned int i = 0; i < set->parts; i++)
		if (set->point[i] == point)
			return true;
	return false;
}

/* The first two segments do harm together, by whichever faults. */
static void pretend(struct session *session, size_t index)
{
	struct attempt *set = &session->attempt[index];
	bool harm = has(set, &session->points.point[0]) &&
		    has(set, &session->points.point[1]);

	if (set->over)
		return;
	set->run = json_object_new_object();
	set->over = true;
	set->hits = harm ? 2 : 0;
	set->found = harm ? FOUND_EXIT : 0;
	if (set->drawn && harm)
		walk_reduce(session, index);
}

/* However many are drawn, only the least and plainest is told. */
static void check_walk(struct json_object **runs)
{
	static struct session session;
	struct options opt = { .only = "fault=drop,hold,delay-rto" };
	struct walk walk = { };
	size_t least = 0, told = 0;

	session.setting = (struct setting){ .opt = &opt, .match = "" };
	points_learn(&session.points, runs, 2);
	session.faults = faults_list(&session.setting, session.fault, FAULT_ROOM);
	attempts_plan(&session);
	check(session.attempts == 9, "nine faults");
	check(!walk_read(&walk, "7,1h"), "a seed and a time");
	walk_begin(&walk);
	for (size_t i = 0; i < session.attempts || walk_step(&walk, &session); i++)
		pretend(&session, i);
	check(session.attempts == 9 + 27 + 27, "all sets, each once");
	for (size_t i = 0; i < session.attempts; i++)
		if (walk_is_least(&session, i)) {
			told++;
			least = i;
		}
	check(told == 1, "one is told");
	is(session.attempt[least].rules,
	   "seg=fin1 dport=80 flow=2 nth=1 drop times=1\n"
	   "seg=fin1 dport=80 flow=1 nth=1 drop times=1");
	attempts_free(&session);
}

int main(void)
{
	struct json_object *run[] = { good(40001), good(50001), bad() };

	check_points(run);
	check_found(run[0], run[2]);
	check_walk(run);
	for (size_t i = 0; i < 3; i++)
		json_object_put(run[i]);
	return cases_end();
}
