// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "capture_file.h"

enum { MAGIC = 4 };

enum file_kind { FILE_OTHER, FILE_PCAP, FILE_PCAPNG };

static const struct {
	u8 byte[MAGIC];
	enum file_kind kind;
} magics[] = {
	{ { 0x0a, 0x0d, 0x0d, 0x0a }, FILE_PCAPNG },
	{ { 0xd4, 0xc3, 0xb2, 0xa1 }, FILE_PCAP },
	{ { 0xa1, 0xb2, 0xc3, 0xd4 }, FILE_PCAP },
	{ { 0x4d, 0x3c, 0xb2, 0xa1 }, FILE_PCAP },	/* ns */
	{ { 0xa1, 0xb2, 0x3c, 0x4d }, FILE_PCAP },
};

/* tee() copies from a pipe and leaves it as it is. */
static ssize_t peek_pipe(int fd, u8 *byte)
{
	int copy[2];
	ssize_t got;

	if (pipe2(copy, O_CLOEXEC))
		return -1;
	got = tee(fd, copy[1], MAGIC, 0);
	if (got > 0)
		got = read(copy[0], byte, MAGIC);
	close(copy[0]);
	close(copy[1]);
	return got;
}

static enum file_kind kind_of(int fd)
{
	off_t at = lseek(fd, 0, SEEK_CUR);
	u8 byte[MAGIC];
	ssize_t got = at < 0 ? peek_pipe(fd, byte) :
			       pread(fd, byte, MAGIC, at);

	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (got == MAGIC && !memcmp(byte, magics[i].byte, MAGIC))
			return magics[i].kind;
	return FILE_OTHER;
}

/* pcapng is read twice. */
static FILE *copy_of(FILE *in)
{
	FILE *copy = tmpfile();
	char part[65536];
	size_t got;

	while (copy && (got = fread(part, 1, sizeof(part), in)))
		if (fwrite(part, 1, got, copy) != got) {
			fclose(copy);
			copy = NULL;
		}
	fclose(in);
	if (copy)
		rewind(copy);
	return copy;
}

/**
 * capture_file() - open a file if it is a capture
 * @name: its name, or `-` for standard input
 * @pcapng: set to whether it is pcapng; then it can be read twice
 *
 * Return: the file, from its beginning; NULL when it is no capture, with
 * nothing of it read, or when it cannot be opened or copied.
 */
FILE *capture_file(const char *name, bool *pcapng)
{
	int fd = strcmp(name, "-") ? open(name, O_RDONLY | O_CLOEXEC) :
				     dup(STDIN_FILENO);
	enum file_kind kind = fd < 0 ? FILE_OTHER : kind_of(fd);
	FILE *in;

	*pcapng = kind == FILE_PCAPNG;
	if (kind == FILE_OTHER) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	in = fdopen(fd, "r");
	if (in && *pcapng && fseek(in, 0, SEEK_CUR))
		in = copy_of(in);
	return in;
}
