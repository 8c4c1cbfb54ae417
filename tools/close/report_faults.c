// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "grow.h"
#include "report_faults.h"
#include "rule_texts.h"
#include "svg.h"

static const char *text_of(const struct report_faults *faults,
			   const struct tally_fault *fault)
{
	if (!faults->rules)
		return NULL;
	return rule_texts_find(faults->rules, fault->local, fault->rule);
}

/**
 * report_faults_find() - find a fault in the list
 * @faults: the list
 * @fault: what a rule did to some close
 *
 * Return: its index, or their number.
 */
size_t report_faults_find(const struct report_faults *faults,
			  const struct tally_fault *fault)
{
	const char *text = text_of(faults, fault);
	size_t i;

	for (i = 0; i < faults->count; i++)
		if (faults->fault[i].rule == fault->rule &&
		    faults->fault[i].text == text &&
		    !strcmp(faults->fault[i].verdict, fault->verdict))
			break;
	return i;
}

/**
 * report_faults_add() - add a fault to the list, unless it is there
 * @faults: the list
 * @fault: what a rule did to some close
 */
void report_faults_add(struct report_faults *faults,
		       const struct tally_fault *fault)
{
	if (report_faults_find(faults, fault) < faults->count)
		return;
	faults->fault = grow(faults->fault, faults->count, &faults->room,
			     sizeof(*faults->fault));
	faults->fault[faults->count++] = (struct report_fault){
		fault->verdict, fault->rule, text_of(faults, fault)
	};
}

/**
 * report_faults_print() - print the list as options of HTML
 * @faults: the list
 * @out: where to
 */
void report_faults_print(const struct report_faults *faults, FILE *out)
{
	for (size_t i = 0; i < faults->count; i++) {
		const struct report_fault *fault = &faults->fault[i];

		fprintf(out, "<option value=\"%zu\">", i);
		svg_text(fault->verdict, out);
		fprintf(out, ", rule %llu", fault->rule);
		if (fault->text) {
			fputs(": ", out);
			svg_text(fault->text, out);
		}
		fputs("</option>\n", out);
	}
}
