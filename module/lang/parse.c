// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rule language: one line of text to a command, a rule back to its text.
 *
 * A line is words separated by blanks: a verb, then for `add` the words of a
 * rule in any order, each a bare word or key=value, each at most once. The list
 * of words in vocabulary.h is the whole language; its order is the canonical
 * order of printed rules.
 */
#include "lang/parse.h"

#include "lang/conflict.h"
#include "lang/value.h"

/* The place of a word in the line; width 0 where it was left out. */
struct span {
	u16 column;
	u16 width;
};

struct parser {
	struct finject_reader at;
	const char *pos;
	const char *end;
	struct finject_command *cmd;
	struct finject_word verb;
	enum finject_keyword_id action;
	struct span given[FINJECT_KEYWORDS];
};

static bool parse_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool parse_is_printable(char c)
{
	return c > 0x20 && c < 0x7f;
}

static int parse_refuse_byte(struct parser *p, const char *byte)
{
	return finject_refuse(&p->at, (struct finject_word){ byte, 1 },
			      "byte \\x%02x in a word; words are printable ASCII",
			      (u8)*byte);
}

/* Return: 1 with a word, 0 at the end of the line, negative when refused. */
static int parse_next_word(struct parser *p)
{
	struct finject_word *word = &p->at.word;

	while (p->pos < p->end && parse_is_blank(*p->pos))
		p->pos++;
	*word = (struct finject_word){ p->pos, 0 };
	if (p->pos == p->end || *p->pos == '#')
		return 0;
	while (p->pos < p->end && parse_is_printable(*p->pos))
		p->pos++;
	if (p->pos < p->end && !parse_is_blank(*p->pos))
		return parse_refuse_byte(p, p->pos);
	word->len = p->pos - word->text;
	return 1;
}

#define SYNONYM(word, hint)	{ (word), (hint) },
static const struct {
	const char *word;
	const char *hint;
} synonyms[] = {
	FINJECT_SYNONYM_LIST(SYNONYM)
};

/* What stands behind a word. */
static const char *parse_equals(enum finject_keyword_id id)
{
	return finject_keyword_bare(&finject_keywords[id]) ? "" : "=";
}

/* Guess what an unknown word was to be: a typo, or the beginning of a word. */
static enum finject_keyword_id parse_guess(struct finject_word name)
{
	unsigned int id;

	for (id = 0; id < FINJECT_KEYWORDS; id++)
		if (finject_word_near(name, finject_keywords[id].name))
			return id;
	for (id = 0; id < FINJECT_KEYWORDS; id++)
		if (finject_word_begins(name, finject_keywords[id].name))
			return id;
	return FINJECT_KEYWORD_NONE;
}

static int parse_refuse_unknown(struct parser *p, struct finject_word name,
				bool key)
{
	const char *kind = key ? "key" : "word";
	int shown = finject_word_shown(name);
	enum finject_keyword_id guess;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(synonyms); i++)
		if (finject_word_is(name, synonyms[i].word))
			return finject_refuse(&p->at, p->at.word,
					      "unknown %s '%.*s'; %s", kind,
					      shown, name.text,
					      synonyms[i].hint);
	guess = parse_guess(name);
	if (guess != FINJECT_KEYWORD_NONE)
		return finject_refuse(&p->at, p->at.word,
				      "unknown %s '%.*s'; did you mean '%s%s'?",
				      kind, shown, name.text,
				      finject_keywords[guess].name,
				      parse_equals(guess));
	return finject_refuse(&p->at, p->at.word,
			      "unknown %s '%.*s'; 'finject add -h' lists all words",
			      kind, shown, name.text);
}

static bool parse_is_given(const struct parser *p, enum finject_keyword_id id)
{
	return p->given[id].width;
}

static struct finject_word parse_given(const struct parser *p,
				       enum finject_keyword_id id)
{
	return (struct finject_word){ p->at.line + p->given[id].column,
				      p->given[id].width };
}

/* Check whether a word may stand here: once, alone if an action, its value. */
static int parse_check_word(struct parser *p, enum finject_keyword_id id,
			    bool valued)
{
	const struct finject_keyword *key = &finject_keywords[id];

	if (parse_is_given(p, id))
		return finject_refuse(&p->at, p->at.word, "'%s' is here twice",
				      key->name);
	if (finject_keyword_action(id) != FINJECT_ACTIONS &&
	    p->action != FINJECT_KEYWORD_NONE)
		return finject_refuse(&p->at, p->at.word,
				      "'%s' beside '%s'; a rule has one action",
				      key->name,
				      finject_keywords[p->action].name);
	if (valued && finject_keyword_bare(key))
		return finject_refuse(&p->at, p->at.word, "'%s' takes no value",
				      key->name);
	if (!valued && !finject_keyword_bare(key))
		return finject_refuse(&p->at, p->at.word,
				      "'%s' wants a value: %s=...", key->name,
				      key->name);
	return 0;
}

static int parse_word(struct parser *p)
{
	struct finject_word name = p->at.word;
	bool valued = finject_word_cut(&name, '=', &p->at.value);
	enum finject_keyword_id id = finject_keyword_find(name);
	struct finject_value value;
	int ret;

	if (id == FINJECT_KEYWORD_NONE)
		return parse_refuse_unknown(p, name, valued);
	ret = parse_check_word(p, id, valued);
	if (ret)
		return ret;
	p->given[id] = (struct span){
		p->at.word.text - p->at.line, p->at.word.len
	};
	if (finject_keyword_action(id) != FINJECT_ACTIONS) {
		p->action = id;
		p->cmd->spec.action = finject_keyword_action(id);
	}
	p->at.key = &finject_keywords[id];
	ret = finject_value_read(&p->at, &value);
	if (!ret)
		finject_spec_set(&p->cmd->spec, id, &value);
	return ret;
}

static int parse_check_company(struct parser *p)
{
	unsigned int id;

	for (id = 0; id < FINJECT_KEYWORDS; id++) {
		enum finject_keyword_id needs = finject_keywords[id].needs;

		if (parse_is_given(p, id) && needs != FINJECT_KEYWORD_NONE &&
		    !parse_is_given(p, needs))
			return finject_refuse(&p->at, parse_given(p, id),
					      "'%s' means nothing without '%s'",
					      finject_keywords[id].name,
					      finject_keywords[needs].name);
	}
	if (parse_is_given(p, FINJECT_KEYWORD_DIR) &&
	    parse_is_given(p, FINJECT_KEYWORD_HOOK))
		return finject_refuse(&p->at,
				      parse_given(p, FINJECT_KEYWORD_DIR),
				      "'dir' beside 'hook'; each says where, keep one");
	return 0;
}

static int parse_check_families(struct parser *p)
{
	static const enum finject_keyword_id ids[] = {
		FINJECT_KEYWORD_SRC, FINJECT_KEYWORD_DST, FINJECT_KEYWORD_ADDR,
	};
	const struct finject_spec *spec = &p->cmd->spec;
	const u16 families[] = {
		spec->src.family, spec->dst.family, spec->addr.family,
	};
	u16 family = spec->family;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		if (!families[i])
			continue;
		if (!family)
			family = families[i];
		if (families[i] != family)
			return finject_refuse(&p->at, parse_given(p, ids[i]),
					      "'%s' is of family %s, another word of %s",
					      finject_keywords[ids[i]].name,
					      finject_family_name(families[i]),
					      finject_family_name(family));
	}
	return 0;
}

static int parse_check_conflicts(struct parser *p)
{
	struct finject_conflict found;

	if (!finject_conflict_find(&p->cmd->spec, &found))
		return 0;
	return finject_refuse(&p->at, parse_given(p, found.word),
			      "'%s' is never true with '%s': %s",
			      finject_keywords[found.word].name,
			      finject_keywords[found.other].name,
			      found.reason);
}

/* Set the defaults of left-out words that are not zero. */
static void parse_begin_spec(struct finject_spec *spec)
{
	spec->schedule.probability =
		finject_keyword_default(FINJECT_KEYWORD_PROBABILITY);
	spec->schedule.interval =
		finject_keyword_default(FINJECT_KEYWORD_INTERVAL);
	spec->schedule.times = finject_keyword_default(FINJECT_KEYWORD_TIMES);
}

static void parse_finish_spec(struct finject_spec *spec)
{
	if (!spec->seg)
		spec->seg = FINJECT_FIN_CLASSES | FINJECT_ACK_CLASSES;
	if (!spec->jitter)
		spec->dist = FINJECT_DIST_UNIFORM;
	if (spec->action == FINJECT_HOLD && !spec->max)
		spec->max = finject_keyword_default(FINJECT_KEYWORD_MAX);
}

static int parse_refuse_idle(struct parser *p)
{
	char list[FINJECT_REASON_MAX] = "";
	struct finject_text out = { list, sizeof(list), 0 };
	unsigned int id;

	for (id = 0; id < FINJECT_KEYWORDS; id++)
		if (finject_keyword_action(id) != FINJECT_ACTIONS)
			finject_put(&out, "%s %s%s", out.len ? "," : "",
				    finject_keywords[id].name, parse_equals(id));
	return finject_refuse(&p->at, p->verb, "no action: one of%s", list);
}

static int parse_read_add(struct parser *p)
{
	int ret;

	parse_begin_spec(&p->cmd->spec);
	while ((ret = parse_next_word(p)) > 0) {
		ret = parse_word(p);
		if (ret)
			return ret;
	}
	if (ret)
		return ret;
	if (p->action == FINJECT_KEYWORD_NONE)
		return parse_refuse_idle(p);
	ret = parse_check_company(p);
	if (!ret)
		ret = parse_check_families(p);
	if (ret)
		return ret;
	parse_finish_spec(&p->cmd->spec);
	return parse_check_conflicts(p);
}

static int parse_read_nothing(struct parser *p)
{
	int ret = parse_next_word(p);

	if (ret > 0)
		return finject_refuse(&p->at, p->at.word,
				      "'%.*s' after a '%.*s', which stands alone",
				      finject_word_shown(p->at.word),
				      p->at.word.text,
				      finject_word_shown(p->verb),
				      p->verb.text);
	return ret;
}

static int parse_read_del(struct parser *p)
{
	struct finject_value value;
	struct finject_word name;
	int ret = parse_next_word(p);

	if (ret < 0)
		return ret;
	name = p->at.word;
	p->at.key = &finject_keywords[FINJECT_KEYWORD_ID];
	if (!finject_word_cut(&name, '=', &p->at.value) ||
	    !finject_word_is(name, p->at.key->name))
		return finject_refuse(&p->at, ret ? p->at.word : p->verb,
				      "'del' wants the number of a rule: del id=N");
	ret = finject_value_read(&p->at, &value);
	if (ret)
		return ret;
	p->cmd->id = value.number;
	return parse_read_nothing(p);
}

static enum finject_verb parse_verb(struct finject_word word)
{
	unsigned int verb;

	for (verb = FINJECT_VERBS - 1; verb != FINJECT_VERB_NONE; verb--)
		if (finject_word_is(word, finject_verb_names[verb]))
			break;
	return verb;
}

static int parse_refuse_long(struct finject_error *err, size_t len)
{
	err->column = FINJECT_LINE_MAX - 1;
	err->width = 1;
	scnprintf(err->reason, sizeof(err->reason),
		  "%zu bytes in a line; %d are read at most", len,
		  FINJECT_LINE_MAX);
	return -E2BIG;
}

/**
 * finject_parse_line - read one line of rule text
 * @line: the line, without its newline; need not be terminated
 * @len: bytes of @line
 * @cmd: set to the command; undefined when refused
 * @err: set to the fault and the word at fault, when refused
 *
 * The line is `add WORDS`, `del id=N`, `flush`, `lease`, blank, or a comment.
 * Words may stand in any order; `#` where a word could begin makes the rest of
 * the line a comment, in which any byte may stand. Every byte of @cmd is set,
 * so equal rules are equal under memcmp().
 *
 * A rule without `hold` has a @max of 0, host bits of an address are cleared,
 * and the distribution of no jitter is the uniform one.
 *
 * Context: any; does not allocate.
 *
 * Return: 0; -EINVAL when the line is no command; -E2BIG when it is longer
 * than FINJECT_LINE_MAX.
 */
int finject_parse_line(const char *line, size_t len,
		       struct finject_command *cmd, struct finject_error *err)
{
	struct parser p = {
		.at = { .line = line, .err = err },
		.pos = line, .end = line + len, .cmd = cmd,
		.action = FINJECT_KEYWORD_NONE,
	};
	int ret;

	memset(cmd, 0, sizeof(*cmd));
	memset(err, 0, sizeof(*err));
	if (len > FINJECT_LINE_MAX)
		return parse_refuse_long(err, len);
	ret = parse_next_word(&p);
	if (ret <= 0)
		return ret;

	p.verb = p.at.word;
	cmd->verb = parse_verb(p.verb);
	switch (cmd->verb) {
	case FINJECT_VERB_ADD:
		return parse_read_add(&p);
	case FINJECT_VERB_DEL:
		return parse_read_del(&p);
	case FINJECT_VERB_NONE:
		return finject_refuse(&p.at, p.verb,
				      "unknown command '%.*s'; one of%s",
				      finject_word_shown(p.verb), p.verb.text,
				      finject_verb_list);
	default:
		return parse_read_nothing(&p);
	}
}

/**
 * finject_spec_print - print a rule in its canonical text
 * @spec: the rule, as read by finject_parse_line()
 * @buf: buffer to print to
 * @size: bytes of @buf
 *
 * The text is `add id=N ...` without a newline. Words with their default value
 * are left out, apart from `seg`; each time is in the largest unit in which it
 * is whole. finject_parse_line() reads the same @spec from the text. The text
 * is never longer than FINJECT_LINE_MAX.
 *
 * Context: any.
 *
 * Return: bytes written without the terminating NUL, cut off at @size, as of
 * scnprintf().
 */
int finject_spec_print(const struct finject_spec *spec, char *buf, size_t size)
{
	struct finject_text out = { buf, size, 0 };
	struct finject_value value;
	unsigned int id;

	finject_put(&out, "%s", finject_verb_names[FINJECT_VERB_ADD]);
	for (id = 0; id < FINJECT_KEYWORDS; id++) {
		enum finject_action action = finject_keyword_action(id);

		if (action != FINJECT_ACTIONS && action != spec->action)
			continue;
		finject_spec_get(spec, id, &value);
		finject_value_print(&out, id, &value);
	}
	return out.len;
}

/**
 * finject_spec_dices - test whether a rule ever rolls dice, and so wants a seed
 * @spec: the rule
 *
 * Context: any.
 *
 * Return: true with a probability that is neither 0% nor 100%, or a jitter.
 */
bool finject_spec_dices(const struct finject_spec *spec)
{
	return spec->jitter || (spec->schedule.probability &&
				spec->schedule.probability < FINJECT_PPM);
}
