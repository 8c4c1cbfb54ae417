// SPDX-License-Identifier: GPL-2.0-only
/*
 * Print the lists of module/vocabulary.h for words.sh: a line a list, but for
 * the words of a rule, which have a line each, with fields apart by tabs.
 * Columns of a list that are not printed may come and go.
 */
#include <stdio.h>

#include "vocabulary.h"

#define WORD_1(word, ...)	" " word
#define WORD_2(a, word, ...)	" " word
#define WORD_3(a, b, word, ...)	" " word
#define NAME_1(name, ...)	" " #name
#define NAME_2(a, name, ...)	" " #name
#define NUMBERED(number, b, word, ...)	" " #number "_" word
#define NUMBERED_NAME(number, name, ...)	" " #number "_" #name
#define RULE_WORD(id, word, kind, least, most, needs, fallback, ...)	\
	"word\t" word "\t" #id "\t" #kind "\t" #least "\t" #most	\
	"\t" #needs "\t" fallback "\n"

int main(void)
{
	puts("class" FINJECT_CLASS_LIST(WORD_3, WORD_3));
	puts("group" FINJECT_CLASS_GROUP_LIST(WORD_1));
	puts("verdict" FINJECT_VERDICT_LIST(WORD_3, WORD_3));
	/* The numbers that tracepoints say. */
	puts("numbered" FINJECT_HOOK_LIST(NUMBERED, NUMBERED)
	     FINJECT_VERDICT_LIST(NUMBERED, NUMBERED)
	     FINJECT_SOCKET_LIST(NUMBERED, NUMBERED)
	     FINJECT_CAUSE_LIST(NUMBERED, NUMBERED)
	     FINJECT_STATE_LIST(NUMBERED_NAME, NUMBERED_NAME));
	puts("flag" FINJECT_FLAG_LIST(WORD_3, WORD_3));
	puts("state" FINJECT_STATE_LIST(NAME_2, NAME_2));
	puts("socket" FINJECT_SOCKET_LIST(WORD_3, WORD_3));
	puts("cause" FINJECT_CAUSE_LIST(WORD_3, WORD_3));
	puts("shape" FINJECT_SHAPE_LIST(WORD_2));
	puts("record" FINJECT_RECORD_LIST(WORD_2));
	puts("key" FINJECT_KEY_LIST(NAME_1));
	puts("tally" FINJECT_ACTION_LIST(WORD_2));
	puts("counter" FINJECT_COUNTER_LIST(WORD_3));
	puts("limit" FINJECT_LIMIT_LIST(WORD_2));
	puts("verb" FINJECT_VERB_LIST(WORD_2));
	/* Kinds of values, by the names that the words of a rule give them. */
	puts("HOOK" FINJECT_HOOK_LIST(WORD_3, WORD_3));
	puts("BY" FINJECT_BY_LIST(WORD_2));
	puts("DIR" FINJECT_DIR_LIST(WORD_2));
	puts("FAMILY" FINJECT_FAMILY_LIST(WORD_2));
	puts("DIST" FINJECT_DIST_LIST(WORD_2));
	puts("RESET" FINJECT_RESET_LIST(WORD_2));
	puts("PER" FINJECT_PER_LIST(WORD_2));
	fputs(FINJECT_WORD_LIST(RULE_WORD), stdout);
	return 0;
}
