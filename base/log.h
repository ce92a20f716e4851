/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Log lines of the programs (never of the library): to stderr with the priority prefixes that systemd
 * understands ("<4>…"; none on a terminal), or to the journal with fields. Never blocks, never fails;
 * control characters are escaped; a message that a client can cause is limited in rate by its caller's
 * struct log_limit.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <syslog.h> /* LOG_ERR … LOG_DEBUG */

enum log_target {
	LOG_TARGET_AUTO, /* the journal when stderr is connected to it, else stderr */
	LOG_TARGET_STDERR,
	LOG_TARGET_JOURNAL,
};

/* A journal field; the stderr form leaves it out. */
struct log_field {
	const char *name; /* "FFA_PARTITION"; NULL ends a list */
	const char *value;
};

/* Before threads start. max_priority: LOG_INFO, LOG_DEBUG, … */
void log_setup(const char *program, enum log_target target, int max_priority);
bool log_enabled(int priority);
void log_write(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));
void log_write_fields(int priority, const struct log_field *fields, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* At most `burst` messages in `interval_ms`; the first one after a pause says how many were left out. */
struct log_limit {
	uint32_t burst, interval_ms;
	uint64_t window_start_ms; /* private, atomic */
	uint32_t count;
};

#define LOG_LIMIT_INIT                                                                                       \
	{                                                                                                    \
		.burst = 10, .interval_ms = 5000                                                             \
	}

bool log_limit_pass(struct log_limit *limit);

#define log_error(...) log_write(LOG_ERR, __VA_ARGS__)
#define log_warning(...) log_write(LOG_WARNING, __VA_ARGS__)
#define log_notice(...) log_write(LOG_NOTICE, __VA_ARGS__)
#define log_info(...) log_write(LOG_INFO, __VA_ARGS__)
#define log_debug(...)                                                                                       \
	do {                                                                                                 \
		if (log_enabled(LOG_DEBUG))                                                                  \
			log_write(LOG_DEBUG, __VA_ARGS__);                                                   \
	} while (0)
