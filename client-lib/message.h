/* SPDX-License-Identifier: BSD-3-Clause */
/* One direct message, and its form on the wire. */
#pragma once

#include <stdint.h>

#include "ffa-client.h"
#include "ffa.pb-c.h"

struct ffa_message {
	enum ffa_message_kind kind;
	uint16_t partition;
	bool has_uuid;
	uint32_t deadline_ms;
	uint8_t uuid[FFA_UUID_BYTES];
	uint64_t args[FFA_MESSAGE_REQ2_ARGS];
};

/* Arguments of a kind; 0 for a number that is no kind. */
size_t message_arg_count(enum ffa_message_kind kind);
/* The request points into the message. */
void message_to_wire(const struct ffa_message *message, Ffa__V1__DirectRequest *ret_request);
/*
 * Arguments of a response to a message of this kind; missing ones are 0. -EPROTO: more than the kind has, or
 * over its width.
 */
int message_args_from_wire(enum ffa_message_kind kind, const Ffa__V1__DirectResponse *response,
			   uint64_t ret_args[static FFA_MESSAGE_REQ2_ARGS]);
