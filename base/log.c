/* SPDX-License-Identifier: BSD-3-Clause */
/* The journal's own fields CODE_FILE and CODE_LINE would name this file only. */
#define SD_JOURNAL_SUPPRESS_LOCATION

#include "base/log.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <time.h>
#include <unistd.h>

#define LOG_TEXT_MAX 2048  /* bytes of a message before escaping; the rest is cut off */
#define LOG_FIELDS_MAX 16  /* caller's fields that a message keeps */
#define LOG_FIELD_MAX 256  /* bytes of "NAME=value" */
#define LOG_ESCAPE_MAX 4   /* bytes that one byte can become: \xHH */
#define LOG_PREFIX_MAX 128 /* "<N>", the program's name and ": " */

/* A line must fit into one write to a pipe, which is then either whole or not there at all. */
#define LOG_LINE_MAX 4096

static struct {
	const char *program;
	int max_priority;
	bool journal, terminal;
	uint32_t lost; /* atomic: lines that stderr had no room for */
} log_state = { .program = "ffa", .max_priority = LOG_INFO };

/* stderr is the journal's stream when $JOURNAL_STREAM names the device and inode of descriptor 2. */
static bool log_stderr_is_journal(void)
{
	const char *stream = secure_getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;
	char end;

	if (!stream || sscanf(stream, "%llu:%llu%c", &device, &inode, &end) != 2)
		return false;
	return fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void log_setup(const char *program, enum log_target target, int max_priority)
{
	log_state.program = program;
	log_state.max_priority = max_priority;
	log_state.journal =
		target == LOG_TARGET_JOURNAL || (target == LOG_TARGET_AUTO && log_stderr_is_journal());
	log_state.terminal = isatty(STDERR_FILENO);
}

bool log_enabled(int priority)
{
	return priority <= log_state.max_priority;
}

/* Bytes of the UTF-8 sequence at `text` that is fit to print; 0: escape the first byte. */
static size_t log_printable(const unsigned char *text)
{
	static const struct {
		unsigned char mask, lead, length;
		uint32_t min;
	} forms[] = { { 0xe0, 0xc0, 2, 0xa0 }, { 0xf0, 0xe0, 3, 0x800 }, { 0xf8, 0xf0, 4, 0x10000 } };

	if (text[0] < 0x80)
		return text[0] >= 0x20 && text[0] != 0x7f;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		uint32_t point = text[0] & (unsigned char)~forms[i].mask;

		if ((text[0] & forms[i].mask) != forms[i].lead)
			continue;
		for (size_t k = 1; k < forms[i].length; k++) { /* stops at the NUL */
			if ((text[k] & 0xc0) != 0x80)
				return 0;
			point = point << 6 | (text[k] & 0x3f);
		}
		/* Two-byte forms start at U+00A0: what is below are control characters. */
		if (point < forms[i].min || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
			return 0;
		return forms[i].length;
	}
	return 0;
}

/* Copy `text` with control characters and broken UTF-8 as \xHH; whole characters only. Returns the length. */
static size_t log_escape(const char *text, char *buf, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *in = (const unsigned char *)text;
	size_t used = 0;

	while (*in) {
		size_t length = log_printable(in), need = length ? length : LOG_ESCAPE_MAX;

		if (used + need >= size)
			break;
		if (length) {
			memcpy(buf + used, in, length);
			in += length;
		} else {
			const char escaped[LOG_ESCAPE_MAX] = { '\\', 'x', hex[*in >> 4], hex[*in & 0xf] };

			memcpy(buf + used, escaped, sizeof(escaped));
			in++;
		}
		used += need;
	}
	buf[used] = '\0';
	return used;
}

/* One line, or nothing when the reader of stderr is behind: a slow terminal must not hold the daemon. */
static bool log_put_line(int priority, const char *text)
{
	struct pollfd poll_fd = { .fd = STDERR_FILENO, .events = POLLOUT };
	char prefix[LOG_PREFIX_MAX];
	int length = log_state.terminal
			     ? snprintf(prefix, sizeof(prefix), "%s: ", log_state.program)
			     : snprintf(prefix, sizeof(prefix), "<%d>%s: ", priority, log_state.program);
	struct iovec parts[] = { { .iov_base = prefix, .iov_len = (size_t)length },
				 { .iov_base = (void *)(uintptr_t)text, .iov_len = strlen(text) },
				 { .iov_base = (char[]) { '\n' }, .iov_len = 1 } };

	if ((size_t)length >= sizeof(prefix))
		parts[0].iov_len = sizeof(prefix) - 1;
	if (poll(&poll_fd, 1, 0) != 1 || !(poll_fd.revents & POLLOUT))
		return false;
	return writev(STDERR_FILENO, parts, 3) >= 0;
}

static void log_to_stderr(int priority, const char *text)
{
	uint32_t lost = __atomic_exchange_n(&log_state.lost, 0, __ATOMIC_RELAXED);
	char note[64];

	if (lost) {
		snprintf(note, sizeof(note), "%u log lines were lost: stderr was full", lost);
		if (!log_put_line(LOG_WARNING, note)) {
			__atomic_fetch_add(&log_state.lost, lost + 1, __ATOMIC_RELAXED);
			return;
		}
	}
	if (!log_put_line(priority, text))
		__atomic_fetch_add(&log_state.lost, 1, __ATOMIC_RELAXED);
}

static int log_to_journal(int priority, const struct log_field *fields, const char *text)
{
	char values[LOG_FIELDS_MAX][LOG_FIELD_MAX], message[sizeof("MESSAGE=") + LOG_LINE_MAX];
	char level[sizeof("PRIORITY=7")], program[LOG_PREFIX_MAX];
	struct iovec parts[LOG_FIELDS_MAX + 3];
	int count = 0;

	snprintf(message, sizeof(message), "MESSAGE=%s", text);
	snprintf(level, sizeof(level), "PRIORITY=%d", priority & LOG_PRIMASK);
	snprintf(program, sizeof(program), "SYSLOG_IDENTIFIER=%s", log_state.program);
	parts[count++] = (struct iovec) { .iov_base = message, .iov_len = strlen(message) };
	parts[count++] = (struct iovec) { .iov_base = level, .iov_len = strlen(level) };
	parts[count++] = (struct iovec) { .iov_base = program, .iov_len = strlen(program) };
	for (size_t i = 0; fields && fields[i].name && i < LOG_FIELDS_MAX; i++) {
		char value[LOG_FIELD_MAX];

		log_escape(fields[i].value ? fields[i].value : "", value, sizeof(value));
		snprintf(values[i], sizeof(values[i]), "%.64s=%.*s", fields[i].name,
			 (int)(sizeof(values[i]) - 66), value);
		parts[count++] = (struct iovec) { .iov_base = values[i], .iov_len = strlen(values[i]) };
	}
	return sd_journal_sendv(parts, count);
}

__attribute__((format(printf, 3, 0))) static void log_message(int priority, const struct log_field *fields,
							      const char *format, va_list args)
{
	char raw[LOG_TEXT_MAX], text[LOG_LINE_MAX - LOG_PREFIX_MAX - 1];
	int saved_errno = errno; /* loggers stand between a failure and its handling */

	if (vsnprintf(raw, sizeof(raw), format, args) < 0)
		strcpy(raw, "a message that could not be formatted");
	log_escape(raw, text, sizeof(text));
	if (!log_state.journal || log_to_journal(priority, fields, text) < 0)
		log_to_stderr(priority, text);
	errno = saved_errno;
}

void log_write(int priority, const char *format, ...)
{
	va_list args;

	if (!log_enabled(priority))
		return;
	va_start(args, format);
	log_message(priority, NULL, format, args);
	va_end(args);
}

void log_write_fields(int priority, const struct log_field *fields, const char *format, ...)
{
	va_list args;

	if (!log_enabled(priority))
		return;
	va_start(args, format);
	log_message(priority, fields, format, args);
	va_end(args);
}

static uint64_t log_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

bool log_limit_pass(struct log_limit *limit)
{
	uint64_t start = __atomic_load_n(&limit->window_start_ms, __ATOMIC_RELAXED), now = log_now_ms();
	uint32_t count;

	/* Of the threads that see the window's end, one opens the next; the others count in it. */
	if (now - start >= limit->interval_ms &&
	    __atomic_compare_exchange_n(&limit->window_start_ms, &start, now, false, __ATOMIC_RELAXED,
					__ATOMIC_RELAXED)) {
		count = __atomic_exchange_n(&limit->count, 1, __ATOMIC_RELAXED);
		if (count > limit->burst)
			log_notice("%u messages like the next one were left out", count - limit->burst);
		return limit->burst > 0;
	}
	/* Saturates, so that a flood cannot wrap the count round to zero. */
	count = __atomic_load_n(&limit->count, __ATOMIC_RELAXED);
	while (count < UINT32_MAX && !__atomic_compare_exchange_n(&limit->count, &count, count + 1, true,
								  __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
	return count < limit->burst;
}
