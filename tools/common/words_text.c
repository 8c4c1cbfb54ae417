// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words of a command line as one text.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words_text.h"

static void put_plain(FILE *out, const char *word)
{
	fputs(word, out);
}

static void put_quoted(FILE *out, const char *word)
{
	const char *at = word;

	while (isalnum((unsigned char)*at) || (*at && strchr("_./:=,@%+-", *at)))
		at++;
	if (at > word && !*at) {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	/* what is not ASCII might not be UTF-8 either, and end every reader */
	for (; *word; word++)
		if (*word == '\'')
			fputs("'\\''", out);
		else
			fputc((unsigned char)*word < 0x80 ? *word : '?', out);
	fputc('\'', out);
}

static char *joined(int count, char **words,
		    void (*put)(FILE *out, const char *word))
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	for (int i = 0; i < count; i++) {
		if (i)
			fputc(' ', out);
		put(out, words[i]);
	}
	fclose(out);
	return text;
}

/**
 * words_text() - join words, with a blank between them
 * @count: their number
 * @words: them
 *
 * Return: the text, for the caller to free.
 */
char *words_text(int count, char **words)
{
	return joined(count, words, put_plain);
}

/**
 * command_text() - write a command as a shell reads it
 * @words: it and its arguments, ended by NULL
 *
 * Return: the text, for the caller to free.
 */
char *command_text(char **words)
{
	int count = 0;

	while (words[count])
		count++;
	return joined(count, words, put_quoted);
}
