/* SPDX-License-Identifier: BSD-3-Clause */
/* How a call ended: the errno for the program, the status and the sentence for the person. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "ffa-client.h"
#include "ffa.pb-c.h"

#define OUTCOME_MESSAGE_SIZE 384 /* longer sentences of the daemon are cut */

struct outcome {
	int result; /* 0 or negative errno */
	enum ffa_status status;
	int32_t ffa_code;
	char message[OUTCOME_MESSAGE_SIZE];
};

void outcome_set_ok(struct outcome *outcome);
/* Found by the library itself; result is negative. */
void outcome_set_local(struct outcome *outcome, int result, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* -ECONNRESET, for the reason that ffad gave; notice with result 0: it gave none. */
void outcome_set_lost(struct outcome *outcome, const struct outcome *notice);
/* From a response; status NULL: OK. */
void outcome_set_wire(struct outcome *outcome, const Ffa__V1__Status *status);

/* Copy a string of the daemon: cut to size, control characters replaced. NULL is "". */
void outcome_copy_text(const char *text, size_t size, char *ret_text);
