/* SPDX-License-Identifier: BSD-3-Clause */
#include "reply.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "abi/error.h"
#include "abi/text.h"
#include "base/log.h"
#include "ffa.pb-c.h"
#include "worker.h"

#define REPLY_TEXT_SIZE 512

void reply(struct worker *worker, const struct ffa_frame *frame, const ProtobufCMessage *response)
{
	if (batch_send(worker, FFA_FRAME_RESPONSE, frame->method, frame->id, response) == -EMSGSIZE)
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_UNAVAILABLE, 0,
			    "the answer is longer than %d bytes: ask for less at once",
			    FFA_FRAME_RESPONSE_MAX);
}

static void send_status(struct worker *worker, uint8_t kind, const struct ffa_frame *frame, int code,
			int32_t ffa_error, char *text)
{
	/* On the wire every response begins so. */
	Ffa__V1__Notice response = FFA__V1__NOTICE__INIT;
	Ffa__V1__Status status = FFA__V1__STATUS__INIT;

	status.code = (Ffa__V1__StatusCode)code;
	status.ffa_error = ffa_error;
	status.message = text;
	response.status = &status;
	(void)batch_send(worker, kind, frame->method, frame->id, &response.base);
}

void reply_error(struct worker *worker, const struct ffa_frame *frame, int code, int32_t ffa_error,
		 const char *format, ...)
{
	char text[REPLY_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	send_status(worker, FFA_FRAME_RESPONSE, frame, code, ffa_error, text);
}

void reply_notice(struct worker *worker, const struct ffa_frame *frame, int code, const char *format, ...)
{
	/* An event has to have an id: the notice concerns no request. */
	struct ffa_frame notice = { .method = FFA__V1__METHOD__METHOD_UNSPECIFIED,
				    .id = frame->id ? frame->id : UINT64_MAX };
	char text[REPLY_TEXT_SIZE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	send_status(worker, FFA_FRAME_EVENT, &notice, code, 0, text);
}

/* The partition or the firmware said no. */
static void reply_ffa_error(struct worker *worker, const struct ffa_frame *frame, const struct call *call)
{
	static const char *const advice[] = {
		[-FFA_NOT_SUPPORTED] =
			"this firmware does not know the kind of message; see \"ffa-cli feature list\"",
		[-FFA_INVALID_PARAMETERS] = "it does not serve this UUID, or an argument is wrong",
		[-FFA_NO_MEMORY] = "the firmware is out of memory: try again later",
		[-FFA_BUSY] = "it serves another request: try again later",
		[-FFA_INTERRUPTED] = "it was interrupted: try again",
		[-FFA_DENIED] = "it takes no such messages; see its properties in \"ffa-cli partition show\"",
		[-FFA_RETRY] = "try again",
		[-FFA_ABORTED] =
			"it has crashed, and works again after a restart of the firmware at the latest",
		[-FFA_NO_DATA] = "there is nothing to give",
		[-FFA_NOT_READY] = "it is not ready yet: try again later",
	};
	int32_t error = call->ffa_error;
	const char *name = ffa_error_name(error);

	reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_FFA_ERROR, error, "partition 0x%04x: %s: %s",
		    call->receiver, name ? name : "unknown FF-A error",
		    name && error < 0 && (size_t)-error < sizeof(advice) / sizeof(*advice)
			    ? advice[-error]
			    : "newer than this ffad: see the FF-A specification of the firmware");
}

void reply_call(struct worker *worker, const struct ffa_frame *frame, const struct call *call)
{
	Ffa__V1__DirectResponse response = FFA__V1__DIRECT_RESPONSE__INIT;
	char text[FFA_TEXT_SIZE], id[8];

	switch (call->result) {
	case 0:
		response.n_args = ffa_direct_args(call->kind);
		response.args = (uint64_t *)call->message.args;
		reply(worker, frame, &response.base);
		return;
	case -EREMOTEIO:
		reply_ffa_error(worker, frame, call);
		return;
	case -EBADMSG:
		ffa_text_reply(ffa_regs_w(&call->request, 0), &call->reply, text, sizeof(text));
		snprintf(id, sizeof(id), "0x%04x", call->receiver);
		log_write_fields(LOG_WARNING,
				 (const struct log_field[]) { { "FFA_PARTITION", id }, { NULL, NULL } },
				 "partition %s: the reply is none: %s", id, text);
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_UNAVAILABLE, 0,
			    "partition 0x%04x answered with %s, which is no reply to a direct message: "
			    "report it to the "
			    "partition's developers",
			    call->receiver, text);
		return;
	case -ESHUTDOWN:
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_UNAVAILABLE, 0,
			    "ffad is shutting down: connect again later");
		return;
	case -ENOMEM:
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_UNAVAILABLE, 0,
			    "ffad has no thread or memory for a call that waits: try again later");
		return;
	default:
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_UNAVAILABLE, 0,
			    "the way to the firmware is lost: see the log of ffad, and restart it");
		return;
	}
}
