// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a scenario. A line is a head (`title`, `bed` ...), a step (`A close`,
 * `wait 2s`) or an expectation (`expect A path ...`).
 */
#include <netinet/in.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "near.h"
#include "refuse.h"
#include "scenario_verbs.h"

const char * const scenario_beds[BEDS] = {
	[BED_PAIR] = "pair",
	[BED_LOOPBACK] = "loopback",
	[BED_ROUTER] = "router",
	[BED_NAT] = "nat",
	[BED_REDIRECT] = "redirect",
	[BED_VRF] = "vrf",
	[BED_PROXY] = "proxy",
};

static const bool has_router[BEDS] = {
	[BED_ROUTER] = true,
	[BED_NAT] = true,
	[BED_PROXY] = true,
};

/**
 * struct reading - a scenario while it is read
 * @scenario: it
 * @name: what messages call the file
 * @number: of the present line
 * @kernels: those that the present line is for
 */
struct reading {
	struct scenario *scenario;
	const char *name;
	unsigned int number;
	struct kernels kernels;
};

static int __attribute((format(printf, 2, 3)))
wrong(const struct reading *reading, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return fail("%s:%u: %s", reading->name, reading->number, text);
}

static char *next_word(char **rest)
{
	char *word;

	*rest += strspn(*rest, " \t");
	word = *rest;
	if (!*word)
		return NULL;
	*rest += strcspn(*rest, " \t");
	if (**rest)
		*(*rest)++ = '\0';
	return word;
}

/* Read `A`, `B2` or `R`. */
static bool read_host(const char *word, struct scenario_line *line)
{
	static const char letters[] = "ABR";
	const char *letter = strchr(letters, *word);

	line->host = HOST_NONE;
	if (!letter || !*word)
		return false;
	if (word[1] && (*letter == 'R' || word[2] || word[1] < '2' ||
			word[1] > '0' + SCENARIO_SLOTS))
		return false;
	line->host = letter - letters;
	line->slot = word[1] ? word[1] - '1' : 0;
	return true;
}

static const struct scenario_verb *
verb_of(const struct scenario_verb *verbs, const char *word)
{
	for (; verbs->name; verbs++)
		if (!strcmp(verbs->name, word))
			return verbs;
	return NULL;
}

static char *copy_text(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		abort();
	return copy;
}

static int split(const struct reading *reading, struct scenario_line *line,
		 const char *text)
{
	char *rest, *word;

	line->rest = copy_text(text + strspn(text, " \t"));
	line->split = copy_text(line->rest);
	rest = line->split;
	while ((word = next_word(&rest))) {
		if (line->count == SCENARIO_WORDS)
			return wrong(reading, "more than %d words", SCENARIO_WORDS);
		line->word[line->count++] = word;
	}
	return DONE;
}

static const char *said_of(const struct scenario_line *line)
{
	static const char * const names[] = { "A", "B", "R" };

	return line->host == HOST_NONE ? "nobody" : names[line->host];
}

static int check_line(const struct reading *reading,
		      const struct scenario_line *line)
{
	const struct scenario_verb *verb = line->verb;
	const char *reason;

	if (!(verb->hosts & 1 << line->host))
		return wrong(reading, "`%s' cannot be said of %s", verb->name,
			     said_of(line));
	if (line->host == HOST_ROUTER &&
	    !has_router[reading->scenario->bed])
		return wrong(reading, "the bed `%s' has no R",
			     scenario_beds[reading->scenario->bed]);
	if (line->count < verb->min || line->count > verb->max)
		return wrong(reading, "`%s' wants %s", verb->name,
			     *verb->words ? verb->words : "no word behind it");
	reason = verb->check ? verb->check(line) : NULL;
	return reason ? wrong(reading, "`%s': %s", line->rest, reason) : DONE;
}

static struct scenario_line *line_add(const struct reading *reading)
{
	struct scenario *scenario = reading->scenario;
	struct scenario_line *line;

	scenario->line = grow(scenario->line, scenario->lines, &scenario->room,
			      sizeof(*line));
	line = &scenario->line[scenario->lines++];
	*line = (struct scenario_line){
		.number = reading->number,
		.kernels = reading->kernels,
	};
	return line;
}

static int read_said(const struct reading *reading, char *word, char *rest,
		     bool expects)
{
	const struct scenario_verb *verbs = expects ? scenario_expectations :
						      scenario_steps;
	struct scenario_line *line = line_add(reading);
	int status;

	line->expects = expects;
	if (read_host(word, line))
		word = next_word(&rest);
	if (!word)
		return wrong(reading, "a verb is missing");
	line->verb = verb_of(verbs, word);
	if (!line->verb)
		return wrong(reading, "`%s' is no %s", word,
			     expects ? "expectation" : "step or head");
	status = split(reading, line, rest);
	return status ? status : check_line(reading, line);
}

static void append(char **text, const char *line)
{
	char *more;

	if (asprintf(&more, "%s%s%s", *text ? *text : "", *text ? "\n" : "",
		     line) < 0)
		abort();
	free(*text);
	*text = more;
}

static int read_bed(const struct reading *reading, const char *name)
{
	char all[128] = "";
	size_t size = 0;

	for (int i = 0; i < BEDS; i++) {
		if (!strcmp(name, scenario_beds[i])) {
			reading->scenario->bed = i;
			return DONE;
		}
		size += snprintf(all + size, sizeof(all) - size, "%s%s",
				 i ? ", " : "", scenario_beds[i]);
	}
	return wrong(reading, "there is no bed `%s'; beds are %s", name, all);
}

static int read_protocol(const struct reading *reading, const char *name)
{
	if (strcmp(name, "tcp") && strcmp(name, "mptcp"))
		return wrong(reading, "`%s' is neither tcp nor mptcp", name);
	reading->scenario->protocol = *name == 'm' ? IPPROTO_MPTCP : 0;
	return DONE;
}

static int read_families(const struct reading *reading, char *rest)
{
	char *word;

	reading->scenario->families = 0;
	while ((word = next_word(&rest))) {
		if (strcmp(word, "v4") && strcmp(word, "v6"))
			return wrong(reading, "`%s' is neither v4 nor v6", word);
		reading->scenario->families |= word[1] == '4' ? 1 : 2;
	}
	return reading->scenario->families ? DONE :
		wrong(reading, "`family' wants v4, v6 or both");
}

/* Return: DONE, REFUSED, or -1 when it is no head. */
static int read_head(const struct reading *reading, const char *word,
		     char *rest)
{
	struct scenario *scenario = reading->scenario;

	rest += strspn(rest, " \t");
	if (!strcmp(word, "title"))
		append(&scenario->title, rest);
	else if (!strcmp(word, "asked"))
		append(&scenario->asked, rest);
	else if (!strcmp(word, "rfc"))
		append(&scenario->rfc, rest);
	else if (!strcmp(word, "note"))
		append(&scenario->notes, rest);
	else if (!strcmp(word, "bed"))
		return read_bed(reading, rest);
	else if (!strcmp(word, "protocol"))
		return read_protocol(reading, rest);
	else if (!strcmp(word, "family"))
		return read_families(reading, rest);
	else
		return -1;
	return *rest ? DONE : wrong(reading, "`%s' wants a text", word);
}

/* A step, or an expectation. */
static int read_run(const struct reading *reading, char *word, char *rest)
{
	if (strcmp(word, "expect"))
		return read_said(reading, word, rest, false);
	word = next_word(&rest);
	return word ? read_said(reading, word, rest, true) :
		wrong(reading, "`expect' wants an expectation");
}

/* `kernel RANGE LINE`: a line for some kernels. */
static int read_kernel(struct reading *reading, char *rest)
{
	char *word = next_word(&rest);

	if (!word || !kernels_read(&reading->kernels, word))
		return wrong(reading, "`kernel' wants versions: 6.1, 5.10..6.8, ..6.8, 6.12..");
	word = next_word(&rest);
	return word ? read_run(reading, word, rest) :
		wrong(reading, "`kernel' wants a step or an expectation");
}

static int read_line(struct reading *reading, char *text)
{
	char *word, *rest = text;
	int status;

	text[strcspn(text, "\r\n")] = '\0';
	word = next_word(&rest);
	if (!word || *word == '#')
		return DONE;
	if (!strcmp(word, "kernel"))
		return read_kernel(reading, rest);
	reading->kernels = kernels_all;
	status = read_head(reading, word, rest);
	return status < 0 ? read_run(reading, word, rest) : status;
}

static int complete(const struct reading *reading)
{
	const struct scenario *scenario = reading->scenario;

	if (!scenario->title)
		return fail("%s: there is no `title'", reading->name);
	for (size_t i = 0; i < scenario->lines; i++)
		if (scenario->line[i].expects)
			return DONE;
	return fail("%s: nothing is expected: it could not fail",
		    reading->name);
}

/**
 * scenario_read() - read a scenario
 * @scenario: filled in; to be freed also after a failure
 * @name: its file
 * @text: what is in it
 *
 * Return: DONE, or REFUSED after a sentence with line, word and reason.
 */
int scenario_read(struct scenario *scenario, const char *name,
		  const char *text)
{
	struct reading reading = { .scenario = scenario, .name = name };
	char *copy = copy_text(text), *rest = copy, *line;
	const char *base = strrchr(name, '/');
	int status = DONE;

	memset(scenario, 0, sizeof(*scenario));
	base = base ? base + 1 : name;
	snprintf(scenario->name, sizeof(scenario->name), "%.*s",
		 (int)strcspn(base, "."), base);
	scenario->families = 1;
	while (!status && (line = strsep(&rest, "\n"))) {
		reading.number++;
		status = read_line(&reading, line);
	}
	free(copy);
	return status ? status : complete(&reading);
}

/**
 * scenario_free() - free what was read
 * @scenario: from scenario_read(), also after a failure
 */
void scenario_free(struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->lines; i++) {
		free(scenario->line[i].rest);
		free(scenario->line[i].split);
	}
	free(scenario->line);
	free(scenario->title);
	free(scenario->asked);
	free(scenario->rfc);
	free(scenario->notes);
	memset(scenario, 0, sizeof(*scenario));
}
