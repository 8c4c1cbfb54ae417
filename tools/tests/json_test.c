// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records and rules as JSON: the type of a value is its key's.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "json_record.h"
#include "record.h"

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

int main(void)
{
	test_rules();
	test_records();
	printf("json: %d cases, %d wrong\n", cases, failures);
	return failures != 0;
}
