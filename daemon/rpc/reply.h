/* SPDX-License-Identifier: BSD-3-Clause */
/* Answers to the session that is being served. */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

#include "daemon/core/call.h"
#include "proto/frame.h"

#define REPLY_PING_MAX 256 /* bytes of payload */

struct worker;

/* The response to `frame`. */
void reply(struct worker *worker, const struct ffa_frame *frame, const ProtobufCMessage *response);
/* A response that has nothing but a status: every response type has it as its first field. `code` is a
 * Ffa__V1__StatusCode. */
void reply_error(struct worker *worker, const struct ffa_frame *frame, int code, int32_t ffa_error,
		 const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Not a response: an event about the session itself, before it is closed. */
void reply_notice(struct worker *worker, const struct ffa_frame *frame, int code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* The result of a direct message. */
void reply_call(struct worker *worker, const struct ffa_frame *frame, const struct call *call);
