/* SPDX-License-Identifier: BSD-3-Clause */
/* One run of ffa-cli: its options, its connection, and how it ends. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "client-lib/ffa-client.h"
#include "command.h"

/* Exit codes; documented in docs/ffa-cli.1.scd. */
enum cli_exit {
	CLI_OK = 0,
	CLI_REFUSED = 1,     /* by the firmware, the partition or the daemon */
	CLI_USAGE = 2,       /* the command line makes no sense */
	CLI_UNREACHABLE = 3, /* no connection to ffad, or it was lost */
	CLI_TIMEOUT = 4,     /* not done in time */
	CLI_LOCAL = 5,       /* on this side: a file, a program, memory */
};

struct cli_options {
	const char *socket; /* NULL: the library's default */
	bool json, no_headings, colour;
	uint32_t timeout_ms; /* 0: none */
	uint32_t wait_ms;
};

struct cli {
	struct cli_options options;
	const struct object *object;
	const struct command *command;
	struct ffa_client *client; /* NULL until cli_connect() */
};

/* Why there is no connection, when the caller wants to go on without. */
enum cli_exit cli_connect_quietly(struct cli *cli);
/* The same, and says why not and what to do. */
enum cli_exit cli_connect(struct cli *cli);
void cli_disconnect(struct cli *cli);

/* "ffa-cli message direct: …" on stderr. */
void cli_error(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "  hint: …" on stderr. */
void cli_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* An error of the command line: says so, with the usage line. Returns CLI_USAGE. */
enum cli_exit cli_usage(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Report the failure of the client's last blocking call, which returned `result`: status, the daemon's
 * sentence and what to do next. partition: what the call was for, NULL when for none. Returns the exit code.
 */
enum cli_exit cli_failed(const struct cli *cli, int result, const char *partition);
/* The same for a call that was asynchronous. */
enum cli_exit cli_failed_status(const struct cli *cli, int result, enum ffa_status status, int32_t ffa_code,
				const char *message, const char *partition);
