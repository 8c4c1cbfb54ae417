// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule text. An input is one line of a write to the file `rules`.
 *
 * An accepted rule is within its bounds, does not depend on the order of its
 * words, and prints to text that parses the same. A refused line has a reason,
 * and a place of the fault. No byte behind the line is read: it ends where its
 * memory does.
 */
#include "fuzz.h"
#include "lang/parse.h"
#include "lang/keyword.h"
#include "lang/word.h"

/* Parse from separate memory, so that a byte read too many is reported. */
static int parse(const char *line, size_t len, struct finject_command *cmd,
		 struct finject_error *err)
{
	char *copy = malloc(len);
	int ret;

	if (len)
		memcpy(copy, line, len);
	memset(cmd, 0xa5, sizeof(*cmd));
	memset(err, 0xa5, sizeof(*err));
	ret = finject_parse_line(copy, len, cmd, err);
	free(copy);
	return ret;
}

static void claim_refused(int ret, size_t len, const struct finject_error *err)
{
	size_t reason = strnlen(err->reason, FINJECT_REASON_MAX);
	size_t i;

	CLAIM(ret == (len > FINJECT_LINE_MAX ? -E2BIG : -EINVAL));
	CLAIM(err->width >= 1);
	CLAIM(err->column < len && err->width <= len - err->column);
	/* shorter than the room: it was not cut off */
	CLAIM(reason && reason < FINJECT_REASON_MAX - 1);
	for (i = 0; i < reason; i++)
		CLAIM(err->reason[i] >= ' ' && err->reason[i] < 0x7f);
}

static void claim_string(const char *text, size_t size)
{
	size_t len = strnlen(text, size);

	CLAIM(len < size);
	for (; len < size; len++)
		CLAIM(!text[len]);
}

static void claim_cidr(const struct finject_cidr *cidr)
{
	unsigned int bits = cidr->family == AF_INET ? 32 : 128, i;

	CLAIM(!cidr->family || cidr->family == AF_INET ||
	      cidr->family == AF_INET6);
	CLAIM(cidr->len <= (cidr->family ? bits : 0));
	for (i = cidr->len; i < 128; i++)
		CLAIM(!(cidr->addr[i / 8] & 0x80 >> i % 8));
}

static void claim_range(const struct finject_range *range)
{
	CLAIM(range->min <= range->max && !range->min == !range->max);
}

/* What is given comes first, and the rest is empty. */
static void claim_ports(const struct finject_ports *ports)
{
	bool more = true;

	for (unsigned int i = 0; i < FINJECT_PORTS_MAX; i++) {
		claim_range(&ports->range[i]);
		CLAIM(more || !ports->range[i].max);
		more = ports->range[i].max;
	}
}

static void claim_match(const struct finject_spec *spec)
{
	CLAIM(spec->seg && !(spec->seg & ~FINJECT_ALL_CLASSES));
	CLAIM(spec->by <= FINJECT_BY_PASSIVE && spec->at < FINJECT_AT_END);
	CLAIM(!spec->family || spec->family == AF_INET ||
	      spec->family == AF_INET6);
	claim_cidr(&spec->src);
	claim_cidr(&spec->dst);
	claim_cidr(&spec->addr);
	claim_range(&spec->nth);
	claim_ports(&spec->sport);
	claim_ports(&spec->dport);
	claim_ports(&spec->port);
	claim_string(spec->iif.text, sizeof(spec->iif.text));
	claim_string(spec->oif.text, sizeof(spec->oif.text));
	CLAIM(spec->mark.mask || !spec->mark.value);
	CLAIM(!(spec->mark.value & ~spec->mark.mask));
}

static void claim_action(const struct finject_spec *spec)
{
	CLAIM(spec->action < FINJECT_ACTIONS && spec->dist < FINJECT_DISTS);
	CLAIM(spec->delay <= FINJECT_NSEC_MAX);
	CLAIM(spec->jitter <= FINJECT_NSEC_MAX);
	CLAIM(spec->gap <= FINJECT_NSEC_MAX && spec->timeout <= FINJECT_NSEC_MAX);
	CLAIM(spec->max <= FINJECT_NSEC_MAX);
	CLAIM(spec->copies <= finject_keywords[FINJECT_KEYWORD_DUPLICATE].high);
	CLAIM(!spec->copies == (spec->action != FINJECT_DUPLICATE));
	CLAIM(!*spec->hold.text == (spec->action != FINJECT_HOLD));
	CLAIM(!spec->max == (spec->action != FINJECT_HOLD));
	CLAIM(!spec->reset == (spec->action != FINJECT_RESET));
	CLAIM(spec->gather <= 65535);
	claim_string(spec->hold.text, sizeof(spec->hold.text));
	claim_string(spec->release.text, sizeof(spec->release.text));
}

static void claim_schedule(const struct finject_schedule *schedule)
{
	CLAIM(schedule->probability <= FINJECT_PPM);
	CLAIM(schedule->interval >= 1);
	CLAIM(schedule->times == -1 || schedule->times >= 1);
}

/* A smaller buffer receives the beginning of the text, terminated. */
static void claim_cut_off(const struct finject_spec *spec, const char *text,
			  int len, size_t size)
{
	char *cut = malloc(size);

	int fits = min_t(size_t, size - 1, len);

	CLAIM(finject_spec_print(spec, cut, size) == fits);
	CLAIM(!memcmp(text, cut, fits) && !cut[fits]);
	free(cut);
}

static void claim_printed(const struct finject_command *cmd)
{
	char text[FINJECT_LINE_MAX + 1], twice[FINJECT_LINE_MAX + 1];
	struct finject_command again;
	struct finject_error err;
	int len = finject_spec_print(&cmd->spec, text, sizeof(text));

	CLAIM(len == (int)strlen(text) && len < FINJECT_LINE_MAX);
	CLAIM(!parse(text, len, &again, &err));
	CLAIM(!memcmp(cmd, &again, sizeof(again)));
	CLAIM(finject_spec_print(&again.spec, twice, sizeof(twice)) == len);
	CLAIM(!strcmp(text, twice));
	claim_cut_off(&cmd->spec, text, len, 1 + len * 7 % (len + 2));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Find the words of a line, up to a comment; at most one for two bytes. */
static size_t words_of(const char *line, size_t len,
		       struct finject_word words[FINJECT_LINE_MAX / 2])
{
	size_t count = 0, i = 0, start;

	while (i < len) {
		for (start = i; i < len && !is_blank(line[i]); i++)
			;
		if (i == start) {
			i++;
			continue;
		}
		if (line[start] == '#')
			break;
		words[count++] = (struct finject_word){ line + start,
							i - start };
	}
	return count;
}

/* Print the verb, then the other words in reverse order. */
static size_t turn_around(const char *line, size_t len, char *to)
{
	struct finject_word words[FINJECT_LINE_MAX / 2];
	size_t count = words_of(line, len, words), at = 0, i;

	for (i = count; i; i--) {
		struct finject_word word = words[i % count];

		memcpy(to + at, word.text, word.len);
		at += word.len;
		to[at++] = '\t';
	}
	return at;
}

static void claim_any_order(const char *line, size_t len,
			    const struct finject_command *cmd)
{
	char turned[FINJECT_LINE_MAX + 1];
	struct finject_command again;
	struct finject_error err;
	size_t turned_len = turn_around(line, len, turned);

	CLAIM(!parse(turned, turned_len - 1, &again, &err));
	CLAIM(!memcmp(cmd, &again, sizeof(again)));
}

static void claim_accepted(const char *line, size_t len,
			   const struct finject_command *cmd)
{
	static const struct finject_spec no_spec;

	CLAIM(len <= FINJECT_LINE_MAX);
	if (cmd->verb != FINJECT_VERB_ADD) {
		CLAIM(cmd->verb <= FINJECT_VERB_LEASE);
		CLAIM(!cmd->id == (cmd->verb != FINJECT_VERB_DEL));
		CLAIM(!memcmp(&cmd->spec, &no_spec, sizeof(no_spec)));
		return;
	}
	claim_match(&cmd->spec);
	claim_action(&cmd->spec);
	claim_schedule(&cmd->spec.schedule);
	claim_printed(cmd);
	claim_any_order(line, len, cmd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *line = (const char *)data;
	struct finject_command cmd;
	struct finject_error err;
	int ret;

	ret = parse(line, size, &cmd, &err);
	if (ret)
		claim_refused(ret, size, &err);
	else
		claim_accepted(line, size, &cmd);
	return 0;
}
