// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records and rules as JSON: the type of a value is its key's.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_record.h"
#include "record.h"
#include "vocabulary.h"

static int cases, failures;

/* Print a line as JSON, by one of the two functions; it is the caller's. */
static char *printed(const char *text, bool copied)
{
	char line[512], *json = NULL;
	struct record record;
	size_t size;
	FILE *out = open_memstream(&json, &size);

	snprintf(line, sizeof(line), "%s", text);
	if (!out || !record_parse(&record, line))
		exit(2);
	if (copied)
		json_record_print(&record, out);
	else
		json_print_line(json_record(&record, true), out);
	fclose(out);
	return json;
}

/* A line that is copied is the line that json-c prints. */
static void alike(const char *text)
{
	char *copied = printed(text, true), *made = printed(text, false);

	cases++;
	if (strcmp(copied, made)) {
		failures++;
		printf("json: `%s' is printed as %snot %s", text, copied, made);
	}
	free(copied);
	free(made);
}

static void is(const char *text, const char *wanted)
{
	struct json_object *object;
	struct record record;
	const char *found;
	char line[512];

	alike(text);
	cases++;
	snprintf(line, sizeof(line), "%s", text);
	record_parse(&record, line);
	object = json_record(&record, false);
	found = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN);
	if (strcmp(found, wanted)) {
		failures++;
		printf("json: `%s' gives %s, not %s\n", text, found, wanted);
	}
	json_object_put(object);
}

static void test_rules(void)
{
	is("add id=1 seg=fin1,ack2 nth=2 pure drop",
	   "{\"id\":1,\"seg\":[\"fin1\",\"ack2\"],\"nth\":\"2\",\"pure\":true,\"drop\":true}");
	is("add seg=fin1 seed=18446744073709551615",
	   "{\"seg\":[\"fin1\"],\"seed\":18446744073709551615}");
	is("rule id=1 lease=1 pid=12 comm=12 age=3",
	   "{\"id\":1,\"lease\":1,\"pid\":12,\"comm\":\"12\",\"age\":3}");
	is("add seed=9223372036854775808", "{\"seed\":9223372036854775808}");
	is("add seed=7 times=-1", "{\"seed\":7,\"times\":-1}");
	is("add port=80 mark=7 iif=7 hold=7 release=7",
	   "{\"port\":\"80\",\"mark\":\"7\",\"iif\":\"7\",\"hold\":\"7\",\"release\":\"7\"}");
	is("add delay=0 probability=5", "{\"delay\":\"0\",\"probability\":\"5\"}");
}

static void test_records(void)
{
	is("seg t=18446744073709551615 nth=1,2 flags=7 rule=- seq=4294967295",
	   "{\"t\":18446744073709551615,\"nth\":[1,2],\"flags\":\"7\",\"rule\":null,\"seq\":4294967295}");
	is("total generation=9223372036854775808",
	   "{\"generation\":9223372036854775808}");
	is("flow id=1 prerouting=7 closer=1 tag=1",
	   "{\"id\":1,\"prerouting\":\"7\",\"closer\":\"1\",\"tag\":\"1\"}");
	is("seg unheard_of=7", "{\"unheard_of\":\"7\"}");
}

static const char *sample_of(const char *type)
{
	if (!strcmp(type, "NUMBER"))
		return "7";
	if (!strcmp(type, "NUMBERS"))
		return "[7]";
	return strcmp(type, "WORDS") ? "\"7\"" : "[\"7\"]";
}

/* Each key is found, so all are in the order that the search needs. */
static void test_keys(void)
{
#define KEY(name, type) { #name, #type },
	static const char * const keys[][2] = { FINJECT_KEY_LIST(KEY) };
	char text[64], wanted[64];

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		snprintf(text, sizeof(text), "line %s=7", keys[i][0]);
		snprintf(wanted, sizeof(wanted), "{\"%s\":%s}", keys[i][0],
			 sample_of(keys[i][1]));
		is(text, wanted);
	}
}

/* What json_record() made is the same line again. */
static void same(const char *text)
{
	struct json_object *object;
	struct record record;
	char line[512], *again;

	alike(text);
	cases++;
	snprintf(line, sizeof(line), "%s", text);
	record_parse(&record, line);
	object = json_record(&record, true);
	again = json_record_line(json_object_to_json_string(object));
	json_object_put(object);
	if (!again || strcmp(again, text)) {
		failures++;
		printf("json: `%s' comes back as `%s'\n", text,
		       again ? again : "nothing");
	}
	free(again);
}

static void test_back(void)
{
	same("seg t=18446744073709551615 flow=1 hook=prerouting seg=fin1,ack1");
	same("seg nth=1,2 src=[2001:db8::1]:80 dst=192.0.2.1:1 flags=-");
	same("seg seq=4294967295 ack=0 len=0 gen=1 rule=- verdict=pass");
	same("outcome t=1 seg=fin1 nth=1 rule=7 verdict=released parked=10 copy=0");
	same("sk t=1 flow=1 src=a dst=b from=CLOSE_WAIT to=LAST_ACK socket=full cause=-");
	same(" lost=7");
	same("sample t=1 since=0 src=a dst=b to=-");
	same("sk t=1 some_flag");
}

/* An object that no record is made of. */
static void none(const char *text)
{
	char *line = json_record_line(text);

	cases++;
	if (line) {
		failures++;
		printf("json: %s is taken for `%s'\n", text, line);
	}
	free(line);
}

static void test_none(void)
{
	none("");
	none("{");
	none("[]");
	none("7");
	none("{\"t\":1}");
	none("{\"record\":1,\"t\":1}");
	none("{\"record\":\"sk\",\"t\":1.5}");
	none("{\"record\":\"sk\",\"t\":1e3}");
	none("{\"record\":\"sk\",\"t\":{}}");
	none("{\"record\":\"sk\",\"t\":[]}");
	none("{\"record\":\"sk\",\"src\":\"a t=7\"}");
	none("{\"record\":\"sk\",\"src\":\"a\\nlost=7\"}");
	none("{\"record\":\"sk\",\"src\":\"\"}");
	none("{\"record\":\"sk\",\"t\":1} {");
}

/* JSON writes these otherwise than a record does, or a record never has them. */
static void test_odd(void)
{
	alike("sk from=a\"b to=a\\b socket=a/b cause=a\177\303\251");
	alike("s\"k t=1");
	alike("sk from=\001 to=\037\t");
	alike("sk t= from= nth= seg=");
	alike("sk t=07 flow=0x10 seq=-5 ack=0 len=00 gen=+1");
	alike("sk t=1a flow=a seq=1,2 ack=--");
	alike("sk t=9999999999999999999 flow=18446744073709551616");
	alike("sk nth=, seg=,");
	alike("sk nth=1, seg=a,");
	alike("sk nth=,1 seg=,a");
	alike("sk nth=1,,2 seg=a,,b");
	alike("sk nth=-,1 seg=-,a conn=-");
	alike("sk nth=1,07 seg=a,\"");
	alike("sk t=1 t=2");
	alike("sk record=sk t=1");
	alike("sk t=00000000000000000000000000000000000000000000000000000000001");
}

/* Lines of which some bytes are others, each run the same ones. */
static void test_edited(void)
{
	static const char * const lines[] = {
		"seg t=1844674407370955 flow=1 hook=prerouting seg=fin1,ack1 nth=1,2",
		"outcome src=[2001:db8::1]:80 rule=- verdict=released parked=10 copy=0",
		"sk t=1 from=CLOSE_WAIT to=LAST_ACK socket=full cause=- partial=1",
	};
	static const char bytes[] = "\"\\/,=-019 \x01\x7f\xc3\n";
	unsigned int seed = 1;
	char line[512];

	for (unsigned int i = 0; i < 30000; i++) {
		snprintf(line, sizeof(line), "%s", lines[i % 3]);
		for (unsigned int k = 0; k < 1 + i % 4; k++) {
			seed = seed * 1664525 + 1013904223;
			line[1 + (seed >> 8) % (strlen(line) - 1)] =
				bytes[(seed >> 24) % (sizeof(bytes) - 1)];
		}
		alike(line);
	}
}

int main(void)
{
	test_odd();
	test_edited();
	test_back();
	test_none();
	test_rules();
	test_records();
	test_keys();
	printf("json: %d cases, %d wrong\n", cases, failures);
	return failures != 0;
}
