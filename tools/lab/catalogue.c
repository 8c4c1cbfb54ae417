// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "file.h"
#include "refuse.h"

/**
 * catalogue_text() - get the text of a scenario
 * @name: of a built-in one; with a slash in it, of a file
 *
 * Return: the text, for the caller to free, or NULL after a sentence.
 */
char *catalogue_text(const char *name)
{
	if (strchr(name, '/'))
		return file_text(name);
	for (const struct catalogue_row *row = catalogue; row->name; row++)
		if (!strcmp(row->name, name))
			return strdup(row->text);
	fail("there is no scenario `%s': see `finject scenario list'; a file has a slash",
	     name);
	return NULL;
}

/**
 * catalogue_read() - read a scenario
 * @scenario: filled in; to be freed also after a failure
 * @name: see catalogue_text()
 *
 * Return: DONE, or REFUSED after a sentence.
 */
int catalogue_read(struct scenario *scenario, const char *name)
{
	char *text = catalogue_text(name);
	int status;

	memset(scenario, 0, sizeof(*scenario));
	if (!text)
		return REFUSED;
	status = scenario_read(scenario, name, text);
	free(text);
	return status;
}

/**
 * catalogue_rules() - get the rules of a scenario for other traffic
 * @name: see catalogue_text()
 * @count: number of words to add to each rule
 * @words: those words
 *
 * The rules are those of all its hosts: a class is the same wherever it is
 * seen. Steps between them are left out.
 *
 * Return: rules, one a line, for the caller to free, or NULL after a sentence.
 */
char *catalogue_rules(const char *name, int count, char **words)
{
	char *rules = NULL;
	struct scenario scenario;
	size_t size;
	FILE *out = open_memstream(&rules, &size);

	if (!out)
		abort();
	if (catalogue_read(&scenario, name)) {
		scenario_free(&scenario);
		fclose(out);
		free(rules);
		return NULL;
	}
	for (size_t i = 0; i < scenario.lines; i++) {
		const struct scenario_line *line = &scenario.line[i];

		if (strcmp(line->verb->name, "rule"))
			continue;
		fputs(line->rest, out);
		for (int word = 0; word < count; word++)
			fprintf(out, " %s", words[word]);
		fputc('\n', out);
	}
	fclose(out);
	if (!*rules)
		fail("the scenario `%s' has no rule", scenario.name);
	scenario_free(&scenario);
	return rules;
}
