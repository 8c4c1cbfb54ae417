// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sentences of `finject why`, from the records of the module.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "why.h"

static int cases, failures;

#define NET	"net inum=7 here=1 rules=4 hooks=prerouting,postrouting"
#define SEEN	NET " seen=500 others=0 hook=- src=- dst=-\n"

static const char rules[] =
	"add id=3 seg=fin2 dport=80 port=8080 drop\n"
	"add id=33 seg=fin1 skip=9 drop\n";

/* Text that `why` has to print, beside other text, for rule 3. */
static const struct {
	const char *why;
	const char *text;
} rows[] = {
	{ SEEN "rule id=3 looked=412 matched=0 fired=0 other=-\n"
	  "word id=3 text=seg=fin2 asked=412 met=31\n"
	  "word id=3 text=first-hook asked=31 met=31\n"
	  "word id=3 text=dport=80 asked=31 met=0\n"
	  "word id=3 text=port=8080 asked=0 met=0\n"
	  "rule id=33 looked=9 matched=9 fired=9 other=-\n"
	  "word id=33 text=seg=fin1 asked=9 met=9\n",
	  "\nrule 3: seg=fin2 dport=80 port=8080 drop\n"
	  "  never matched: 412 segments were looked at; `dport=80' was never true\n"
	  "    seg=fin2      true for 31 of 412\n"
	  "    (first hook)  true for 31 of 31\n"
	  "    dport=80      never true, of 31\n"
	  "    port=8080     not asked\n" },
	{ SEEN "rule id=3 looked=9 matched=4 fired=0 other=-\n"
	  "word id=3 text=seg=fin1 asked=9 met=4\n"
	  "word id=3 text=skip=7 asked=4 met=0\n"
	  "word id=3 text=times=2 asked=0 met=0\n",
	  "  never fired: 4 of 9 segments matched; `skip=7' kept it\n"
	  "    seg=fin1  true for 4 of 9\n"
	  "    skip=7    let 0 of 4 fire\n"
	  "    times=2   not asked\n" },
	{ SEEN "rule id=3 looked=9 matched=4 fired=2 other=-\n",
	  "  fired on 2 of 9 segments that were looked at; 4 matched\n" },
	{ SEEN "rule id=3 looked=5 matched=0 fired=0 other=-\n"
	  "word id=3 text=flow-state asked=5 met=0\n",
	  "never fired: no room for the state of its flows" },
	{ SEEN "rule id=3 looked=0 matched=0 fired=0 other=-\n",
	  "  never looked at: rules before it decided, or no close came since" },
	{ NET " seen=0 others=0 hook=- src=- dst=-\n"
	  "rule id=3 looked=0 matched=0 fired=0 other=-\n",
	  "  never looked at: no close came here\n" },
	{ NET " seen=0 others=6 hook=prerouting src=10.0.0.1:9 dst=10.0.0.2:81\n"
	  "rule id=3 looked=0 matched=0 fired=0 other=dport\n"
	  "word id=3 text=sport=1-2 asked=0 met=0\n"
	  "word id=3 text=dport=80 asked=0 met=0\n",
	  "  never looked at: no connection has its addresses and ports; "
	  "for 10.0.0.1:9 > 10.0.0.2:81 `dport=80' is not true\n" },
	{ NET " seen=0 others=0 hook=- src=- dst=-\n"
	  "net inum=8 here=0 rules=1 hooks=input seen=12 others=5 hook=- src=- dst=-\n"
	  "rule id=3 looked=0 matched=0 fired=0 other=-\n",
	  "  closes were seen in network namespace 8: 12 segments; "
	  "5 FINs and RSTs of others\n" },
};

static char *print(const char *text, u64 id, bool json, int *status)
{
	char *copy = strdup(text), *printed = NULL;
	size_t size;
	FILE *out = open_memstream(&printed, &size);

	*status = json ? why_json(copy, id, out) :
		why_print(copy, rules, id, out);
	fclose(out);
	free(copy);
	return printed;
}

static void has(const char *why, u64 id, bool json, const char *text)
{
	int status;
	char *printed = print(why, id, json, &status);

	cases++;
	if (status || !strstr(printed, text)) {
		failures++;
		printf("why: no `%s' in\n%s\n", text, printed);
	}
	free(printed);
}

static void lacks(const char *why, u64 id, bool json, const char *text)
{
	int status;
	char *printed = print(why, id, json, &status);

	cases++;
	if (status || strstr(printed, text)) {
		failures++;
		printf("why: `%s' in\n%s\n", text, printed);
	}
	free(printed);
}

int main(void)
{
	int status;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		has(rows[i].why, 3, false, rows[i].text);
	has(rows[0].why, 0, false, "\nrule 33: seg=fin1 skip=9 drop\n");
	lacks(rows[0].why, 3, false, "rule 33");
	has("net inum=7 here=1 rules=0 hooks=- seen=0 others=0 hook=- src=- dst=-\n",
	    0, false, "there are no rules here\n");
	has(rows[0].why, 0, true, "\"hooks\": [\n        \"prerouting\"");
	has(rows[0].why, 3, true,
	    "{\n          \"text\": \"dport=80\",\n          \"asked\": 31,\n          \"met\": 0\n        }");
	lacks(rows[0].why, 3, true, "\"id\": 33");

	cases++;
	free(print(rows[0].why, 4, false, &status));
	failures += !status;
	printf("why: %d cases, %d wrong\n", cases, failures);
	return failures != 0;
}
