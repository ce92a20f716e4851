/* SPDX-License-Identifier: BSD-3-Clause */
#include "script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* The rest of a line in words. */
static const char *word(char **rest)
{
	char *text;

	do {
		text = strsep(rest, " \n");
	} while (text && !*text);
	return text;
}

static int read_value(const struct recorder *recorder, const char *text, uint64_t *ret_value)
{
	return text ? symbols_value(&recorder->symbols, text, strlen(text), ret_value) : -EINVAL;
}

static int play_call(struct recorder *recorder, char *rest)
{
	struct ffa_regs regs = { 0 };
	const char *text;

	for (size_t i = 0; (text = word(&rest)); i++)
		if (i == FFA_REGS_COUNT || read_value(recorder, text, &regs.x[i]) < 0)
			return -EINVAL;
	return recorder_call(recorder, &regs);
}

static int play_write(struct recorder *recorder, char *rest, bool fill)
{
	uint8_t bytes[FFA_PAGE_SIZE];
	uint64_t offset, address = 0;
	const char *text;
	int size, page = -1;

	if (fill) {
		if (read_value(recorder, word(&rest), &address) < 0)
			return -EINVAL;
		address -= recorder_page(recorder, 0);
		if (address >= RECORDER_PAGES * FFA_PAGE_SIZE)
			return -ERANGE;
		page = (int)(address / FFA_PAGE_SIZE);
	}
	if (read_value(recorder, word(&rest), &offset) < 0)
		return -EINVAL;
	text = word(&rest);
	size = text ? symbols_bytes(&recorder->symbols, text, bytes, sizeof(bytes)) : -EINVAL;
	return size < 0 ? size : recorder_write(recorder, page, offset, bytes, (size_t)size);
}

/* As play() of a sequence's lines: 1 go on, 0 the firmware cannot be cleaned, negative: the line is wrong, or the conduit. */
static int play_line(struct recorder *recorder, char *line, unsigned int *sequences, bool *in_sequence)
{
	char *rest = line;
	const char *key = word(&rest);
	int r = 0;

	if (!key)
		return 1;
	if (strcmp(key, "SEQ") == 0) {
		r = *in_sequence ? recorder_clean(recorder) : 1;
		*in_sequence = true;
		if (r > 0)
			recorder_sequence(recorder, 0, (*sequences)++, "script");
		return r;
	}
	if (!*in_sequence)
		return 1;
	if (strcmp(key, "CLEANUP") == 0) {
		*in_sequence = false;
		return recorder_clean(recorder);
	}
	if (strcmp(key, "CASE") == 0) {
		key = word(&rest);
		recorder_case(recorder, key ? key : "");
	} else if (strcmp(key, "RAW") == 0) {
		recorder_raw(recorder);
	} else if (strcmp(key, "CALL") == 0) {
		r = play_call(recorder, rest);
	} else if (strcmp(key, "TX") == 0 || strcmp(key, "FILL") == 0) {
		r = play_write(recorder, rest, key[0] == 'F');
	}
	return r < 0 ? r : 1;
}

int script_play(struct recorder *recorder, const char *path)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	_cleanup_free_ char *line = NULL;
	unsigned int sequences = 0, number = 0;
	bool in_sequence = false;
	size_t size = 0;
	int r = 1;

	if (!file) {
		r = -errno;
		fprintf(stderr, "ffa-record: %s: %s\n", path, strerror(errno));
		return r;
	}
	while (r > 0 && getline(&line, &size, file) >= 0) {
		number++;
		r = play_line(recorder, line, &sequences, &in_sequence);
	}
	if (r < 0)
		fprintf(stderr, "ffa-record: %s:%u: this line cannot be played: %s\n", path, number,
			strerror(-r));
	return r > 0 && in_sequence ? recorder_clean(recorder) : r;
}
