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

static void is(const char *text, const char *wanted)
{
	struct json_object *object;
	struct record record;
	const char *found;
	char line[512];

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

int main(void)
{
	test_back();
	test_none();
	test_rules();
	test_records();
	test_keys();
	printf("json: %d cases, %d wrong\n", cases, failures);
	return failures != 0;
}
