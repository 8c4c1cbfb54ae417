// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rule language: one line of text to a command, a rule back to its text.
 *
 * A line is words apart by blanks: a verb, then for `add` the words of a rule
 * in any order, each a bare word or key=value, each at most once. The table
 * `keywords` is the whole language: of what kind a word is, where it goes, what
 * it depends on. Its order is the canonical order of printed rules.
 */
#include "value.h"

/* Where a keyword stood in the line; width 0 where it was left out. */
struct span {
	u16 column;
	u16 width;
};

enum { KEYWORDS_MAX = 48 };

struct parser {
	struct finject_reading at;
	const char *pos;
	const char *end;
	struct finject_command *cmd;
	struct finject_word verb;
	const struct finject_keyword *action;
	struct span given[KEYWORDS_MAX];
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_printable(char c)
{
	return c > 0x20 && c < 0x7f;
}

static int refuse_byte(struct parser *p, const char *byte)
{
	return finject_refuse(&p->at, (struct finject_word){ byte, 1 },
			      "byte \\x%02x in a word; words are printable ASCII",
			      (u8)*byte);
}

/* Return: 1 with a word, 0 at the end of the line, negative when refused. */
static int next_word(struct parser *p)
{
	struct finject_word *word = &p->at.word;
	size_t i;

	while (p->pos < p->end && is_blank(*p->pos))
		p->pos++;
	*word = (struct finject_word){ p->pos, 0 };
	if (p->pos == p->end || *p->pos == '#')
		return 0;
	while (p->pos < p->end && !is_blank(*p->pos))
		p->pos++;
	word->len = p->pos - word->text;

	for (i = 0; i < word->len; i++)
		if (!is_printable(word->text[i]))
			return refuse_byte(p, word->text + i);
	return 1;
}

static const char * const by_names[] = {
	[FINJECT_BY_ACTIVE]	= "active",
	[FINJECT_BY_PASSIVE]	= "passive",
};

static const char * const dir_names[] = {
	[FINJECT_AT_IN]		= "in",
	[FINJECT_AT_OUT]	= "out",
};

static const char * const hook_names[] = {
	[FINJECT_AT_HOOK]	= "prerouting",
	[FINJECT_AT_HOOK + 1]	= "input",
	[FINJECT_AT_HOOK + 2]	= "forward",
	[FINJECT_AT_HOOK + 3]	= "output",
	[FINJECT_AT_HOOK + 4]	= "postrouting",
};

static const char * const family_names[] = {
	[AF_INET]		= "ipv4",
	[AF_INET6]		= "ipv6",
};

static const char * const reset_names[] = {
	[FINJECT_RESET_SENDER]	= "sender",
	[FINJECT_RESET_RECEIVER] = "receiver",
	[FINJECT_RESET_SENDER | FINJECT_RESET_RECEIVER] = "both",
};

static const char * const per_names[] = {
	[true]			= "flow",
};

#define KIND(name)	.kind = &finject_kind_##name
#define FIELD(member)	.field = offsetof(struct finject_spec, member)
#define ACTION(what)	.action = true, .does = (what)

static const struct finject_keyword keywords[] = {
	{ "id", FIELD(id), KIND(number), .low = 1, .high = U32_MAX },

	{ "seg", FIELD(seg), KIND(classes) },
	{ "pure", FIELD(pure), .bare = true, KIND(flag) },
	{ "nth", FIELD(nth), KIND(nth) },
	{ "by", FIELD(by), KIND(name),
	  .width = sizeof(enum finject_by),
	  .names = by_names, .count = ARRAY_SIZE(by_names) },
	{ "simultaneous", FIELD(simultaneous), .bare = true, KIND(flag) },
	{ "dir", FIELD(at), KIND(name), .excludes = "hook",
	  .width = sizeof(enum finject_at),
	  .names = dir_names, .count = ARRAY_SIZE(dir_names) },
	{ "hook", FIELD(at), KIND(name), .excludes = "dir",
	  .width = sizeof(enum finject_at),
	  .names = hook_names, .count = ARRAY_SIZE(hook_names) },
	{ "family", FIELD(family), KIND(name),
	  .width = sizeof(u16),
	  .names = family_names, .count = ARRAY_SIZE(family_names) },
	{ "src", FIELD(src), KIND(cidr) },
	{ "dst", FIELD(dst), KIND(cidr) },
	{ "addr", FIELD(addr), KIND(cidr) },
	{ "sport", FIELD(sport), KIND(ports) },
	{ "dport", FIELD(dport), KIND(ports) },
	{ "port", FIELD(port), KIND(ports) },
	{ "iif", FIELD(iif), KIND(device) },
	{ "oif", FIELD(oif), KIND(device) },
	{ "mark", FIELD(mark), KIND(mark) },

	{ "pass", .bare = true, KIND(bare), ACTION(FINJECT_PASS) },
	{ "drop", .bare = true, KIND(bare), ACTION(FINJECT_DROP) },
	{ "delay", FIELD(delay), KIND(time), ACTION(FINJECT_DELAY) },
	{ "jitter", FIELD(jitter), KIND(time), .needs = "delay" },
	{ "dist", FIELD(dist), KIND(name), .needs = "jitter",
	  .width = sizeof(enum finject_dist),
	  .names = finject_dist_names, .count = FINJECT_DISTS },
	{ "duplicate", FIELD(copies), KIND(number), ACTION(FINJECT_DUPLICATE),
	  .low = 1, .high = FINJECT_COPIES_MAX },
	{ "gap", FIELD(gap), KIND(time), .needs = "duplicate" },
	{ "hold", FIELD(hold), KIND(tag), ACTION(FINJECT_HOLD) },
	{ "gather", FIELD(gather), KIND(number), .needs = "hold",
	  .low = 1, .high = 65535 },
	{ "max", FIELD(max), KIND(time), .needs = "hold", .low = 1,
	  .left_out = FINJECT_HOLD_MAX_DEFAULT },
	{ "reset", FIELD(reset), KIND(name), ACTION(FINJECT_RESET),
	  .width = sizeof(u8),
	  .names = reset_names, .count = ARRAY_SIZE(reset_names) },
	{ "release", FIELD(release), KIND(tag) },

	{ "probability", FIELD(schedule.probability), KIND(chance) },
	{ "interval", FIELD(schedule.interval), KIND(number),
	  .low = 1, .high = U32_MAX, .left_out = 1 },
	{ "times", FIELD(schedule.times), KIND(times) },
	{ "skip", FIELD(schedule.skip), KIND(number), .high = U32_MAX },
	{ "per", FIELD(schedule.per_flow), KIND(name),
	  .width = sizeof(bool),
	  .names = per_names, .count = ARRAY_SIZE(per_names) },
	{ "seed", FIELD(seed), KIND(seed) },
	{ "timeout", FIELD(timeout), KIND(time), .low = 1 },
};

static const struct finject_keyword *find_keyword(struct finject_word name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keywords); i++)
		if (finject_word_is(name, keywords[i].name))
			return &keywords[i];
	return NULL;
}

static int refuse_unknown(struct parser *p, struct finject_word name, bool key)
{
	const char *what = key ? "key" : "word";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keywords); i++)
		if (finject_word_near(name, keywords[i].name))
			return finject_refuse(&p->at, p->at.word,
					      "unknown %s '%.*s'; did you mean '%s'?",
					      what, finject_word_shown(name),
					      name.text, keywords[i].name);
	return finject_refuse(&p->at, p->at.word,
			      "unknown %s '%.*s'; see rules.rst", what,
			      finject_word_shown(name), name.text);
}

static struct finject_word span_word(const struct parser *p, struct span span)
{
	return (struct finject_word){ p->at.line + span.column, span.width };
}

static struct span *given(struct parser *p, const char *name)
{
	struct finject_word word = { name, strlen(name) };

	return &p->given[find_keyword(word) - keywords];
}

/* Whether @key may stand here: once, alone if an action, with its value. */
static int check_keyword(struct parser *p, const struct finject_keyword *key,
			 bool valued)
{
	if (given(p, key->name)->width)
		return finject_refuse(&p->at, p->at.word, "'%s' is here twice",
				      key->name);
	if (key->action && p->action)
		return finject_refuse(&p->at, p->at.word,
				      "'%s' beside '%s'; a rule has one action",
				      key->name, p->action->name);
	if (valued && key->bare)
		return finject_refuse(&p->at, p->at.word, "'%s' takes no value",
				      key->name);
	if (!valued && !key->bare)
		return finject_refuse(&p->at, p->at.word,
				      "'%s' wants a value: %s=...", key->name,
				      key->name);
	return 0;
}

static int read_keyword(struct parser *p)
{
	struct finject_word name = p->at.word;
	bool valued = finject_word_cut(&name, '=', &p->at.value);
	const struct finject_keyword *key = find_keyword(name);
	int ret;

	if (!key)
		return refuse_unknown(p, name, valued);
	ret = check_keyword(p, key, valued);
	if (ret)
		return ret;

	p->given[key - keywords] = (struct span){
		p->at.word.text - p->at.line, p->at.word.len
	};
	if (key->action) {
		p->action = key;
		p->at.spec->action = key->does;
	}
	p->at.key = key;
	if (!key->kind->read)
		return 0;
	return key->kind->read(&p->at, (char *)p->at.spec + key->field);
}

static int check_company(struct parser *p)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keywords); i++) {
		const struct finject_keyword *key = &keywords[i];
		struct finject_word at = span_word(p, p->given[i]);

		if (!at.len)
			continue;
		if (key->needs && !given(p, key->needs)->width)
			return finject_refuse(&p->at, at,
					      "'%s' means nothing without '%s'",
					      key->name, key->needs);
		if (key->excludes && given(p, key->excludes)->width)
			return finject_refuse(&p->at, at,
					      "'%s' beside '%s'; each says where, keep one",
					      key->name, key->excludes);
	}
	return 0;
}

static int check_families(struct parser *p)
{
	static const char * const names[] = { "src", "dst", "addr" };
	const struct finject_spec *spec = p->at.spec;
	const u16 families[] = {
		spec->src.family, spec->dst.family, spec->addr.family,
	};
	u16 family = spec->family;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!families[i])
			continue;
		if (!family)
			family = families[i];
		if (families[i] != family)
			return finject_refuse(&p->at,
					      span_word(p, *given(p, names[i])),
					      "'%s' is of family %s, another word of %s",
					      names[i],
					      family_names[families[i]],
					      family_names[family]);
	}
	return 0;
}

/* What the words left out mean, where it is not zero. */
static void begin_spec(struct finject_spec *spec)
{
	spec->schedule.probability = FINJECT_PPM;
	spec->schedule.interval = 1;
	spec->schedule.times = -1;
}

static void finish_spec(struct finject_spec *spec)
{
	if (!spec->seg)
		spec->seg = FINJECT_FIN_CLASSES | FINJECT_ACK_CLASSES;
	if (!spec->jitter)
		spec->dist = FINJECT_DIST_UNIFORM;
	if (spec->action == FINJECT_HOLD && !spec->max)
		spec->max = FINJECT_HOLD_MAX_DEFAULT;
}

static int read_add(struct parser *p)
{
	int ret;

	begin_spec(p->at.spec);
	while ((ret = next_word(p)) > 0) {
		ret = read_keyword(p);
		if (ret)
			return ret;
	}
	if (ret)
		return ret;
	if (!p->action)
		return finject_refuse(&p->at, p->verb,
				      "no action: one of pass, drop, delay=, duplicate=, hold=, reset=");
	ret = check_company(p);
	if (!ret)
		ret = check_families(p);
	if (!ret)
		finish_spec(p->at.spec);
	return ret;
}

static int read_nothing(struct parser *p)
{
	int ret = next_word(p);

	if (ret > 0)
		return finject_refuse(&p->at, p->at.word,
				      "'%.*s' after a '%.*s', which stands alone",
				      finject_word_shown(p->at.word),
				      p->at.word.text,
				      finject_word_shown(p->verb),
				      p->verb.text);
	return ret;
}

static int read_del(struct parser *p)
{
	struct finject_word name;
	int ret = next_word(p);

	if (ret < 0)
		return ret;
	name = p->at.word;
	p->at.key = &keywords[0];
	if (!finject_word_cut(&name, '=', &p->at.value) ||
	    !finject_word_is(name, p->at.key->name))
		return finject_refuse(&p->at, ret ? p->at.word : p->verb,
				      "'del' wants the number of a rule: del id=N");
	ret = p->at.key->kind->read(&p->at, &p->cmd->id);
	return ret ? ret : read_nothing(p);
}

static const struct {
	const char *name;
	enum finject_verb verb;
	int (*read)(struct parser *p);
} verbs[] = {
	{ "add",	FINJECT_ADD,	read_add },
	{ "del",	FINJECT_DEL,	read_del },
	{ "flush",	FINJECT_FLUSH,	read_nothing },
	{ "lease",	FINJECT_LEASE,	read_nothing },
};

static int refuse_long(struct finject_error *err, size_t len)
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
 * @cmd: set to what it says; undefined when refused
 * @err: set to what is wrong with which word, when refused
 *
 * Understands `add WORDS`, `del id=N`, `flush`, `lease`, and lines that are
 * blank or a comment. Words may stand in any order; `#` where a word could
 * begin makes the rest of the line a comment, in which any byte may stand.
 * Every byte of @cmd is set, so rules that say the same are equal under
 * memcmp().
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
		.at = { .line = line, .spec = &cmd->spec, .err = err },
		.pos = line, .end = line + len, .cmd = cmd,
	};
	size_t i;
	int ret;

	BUILD_BUG_ON(ARRAY_SIZE(keywords) > KEYWORDS_MAX);
	memset(cmd, 0, sizeof(*cmd));
	memset(err, 0, sizeof(*err));
	if (len > FINJECT_LINE_MAX)
		return refuse_long(err, len);
	ret = next_word(&p);
	if (ret <= 0)
		return ret;

	p.verb = p.at.word;
	for (i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!finject_word_is(p.verb, verbs[i].name))
			continue;
		cmd->verb = verbs[i].verb;
		return verbs[i].read(&p);
	}
	return finject_refuse(&p.at, p.verb,
			      "unknown command '%.*s'; one of add del flush lease",
			      finject_word_shown(p.verb), p.verb.text);
}

/**
 * finject_spec_print - print a rule in its canonical text
 * @spec: the rule, as finject_parse_line() left it
 * @buf: where to
 * @size: bytes of @buf
 *
 * The text is `add id=N ...` without a newline, without the words that say
 * what leaving them out says, apart from `seg`, each time in the largest unit
 * in which it is whole. finject_parse_line() makes the same @spec of it. It is
 * never longer than FINJECT_LINE_MAX.
 *
 * Context: any.
 *
 * Return: bytes written without the terminating NUL, cut off at @size, as of
 * scnprintf().
 */
int finject_spec_print(const struct finject_spec *spec, char *buf, size_t size)
{
	struct finject_text out = { buf, size, 0 };
	size_t i;

	finject_put(&out, "add");
	for (i = 0; i < ARRAY_SIZE(keywords); i++) {
		const struct finject_keyword *key = &keywords[i];

		if (!key->action || key->does == spec->action)
			key->kind->print(&out, key,
					 (const char *)spec + key->field);
	}
	return out.len;
}

/**
 * finject_spec_dices - whether a rule ever rolls dice, and so wants a seed
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
