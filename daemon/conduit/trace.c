/* SPDX-License-Identifier: BSD-3-Clause */
/* A conduit around another: each call and its reply in the log, at debug level. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/text.h"
#include "base/log.h"
#include "daemon/conduit/backend.h"

#define TRACE_NAME_SIZE 128

struct conduit_trace {
	struct ffa_conduit conduit;
	struct ffa_conduit *inner;
	struct ffa_conduit_ops ops; /* what the inner one has */
	char name[TRACE_NAME_SIZE];
};

static struct conduit_trace *from_conduit(struct ffa_conduit *conduit)
{
	return (struct conduit_trace *)conduit;
}

static int trace_call(struct ffa_conduit *conduit, unsigned int cpu, struct ffa_regs *regs)
{
	struct conduit_trace *trace = from_conduit(conduit);
	char call[FFA_TEXT_SIZE], reply[FFA_TEXT_SIZE];
	uint32_t fid = ffa_regs_w(regs, 0);
	int error;

	if (!log_enabled(LOG_DEBUG))
		return ffa_conduit_call(trace->inner, cpu, regs);
	/* Before the call, so that one that does not come back is seen too. */
	ffa_text_call(regs, call, sizeof(call));
	log_debug("cpu %u: %s", cpu, call);
	error = ffa_conduit_call(trace->inner, cpu, regs);
	if (error < 0) {
		log_debug("cpu %u: %s: the conduit failed: %s", cpu, call, strerror(-error));
		return error;
	}
	ffa_text_reply(fid, regs, reply, sizeof(reply));
	log_debug("cpu %u: %s: %s", cpu, call, reply);
	return 0;
}

static int trace_pages_alloc(struct ffa_conduit *conduit, size_t count, struct ffa_pages *ret_pages)
{
	struct ffa_conduit *inner = from_conduit(conduit)->inner;
	int error;

	error = inner->ops->pages_alloc(inner, count, ret_pages);
	if (error < 0)
		log_debug("pages: %zu not allocated: %s", count, strerror(-error));
	else
		log_debug("pages: %zu allocated from 0x%llx on", count,
			  (unsigned long long)ret_pages->frames[0]);
	return error;
}

static void trace_pages_free(struct ffa_conduit *conduit, struct ffa_pages *pages)
{
	struct ffa_conduit *inner = from_conduit(conduit)->inner;

	if (pages->frames)
		log_debug("pages: %zu freed from 0x%llx on", pages->count,
			  (unsigned long long)pages->frames[0]);
	inner->ops->pages_free(inner, pages);
}

static int trace_event_fd(struct ffa_conduit *conduit)
{
	struct ffa_conduit *inner = from_conduit(conduit)->inner;

	return inner->ops->event_fd(inner);
}

static int trace_irqs_set(struct ffa_conduit *conduit, uint32_t schedule_receiver,
			  uint32_t notification_pending)
{
	struct ffa_conduit *inner = from_conduit(conduit)->inner;
	int error = inner->ops->irqs_set(inner, schedule_receiver, notification_pending);

	log_debug("interrupts %u (schedule receiver) and %u (notification pending): %s", schedule_receiver,
		  notification_pending, error < 0 ? strerror(-error) : "set");
	return error;
}

static int trace_sim_load(struct ffa_conduit *conduit, const char *file_name, const void *dtb, size_t size,
			  const char *behaviour, uint16_t *ret_id, char **ret_reason)
{
	struct ffa_conduit *inner = from_conduit(conduit)->inner;

	return inner->ops->sim_load(inner, file_name, dtb, size, behaviour, ret_id, ret_reason);
}

static void trace_free(struct ffa_conduit *conduit)
{
	struct conduit_trace *trace = from_conduit(conduit);

	ffa_conduit_free(trace->inner);
	free(trace);
}

int conduit_trace_open(struct ffa_conduit *inner, struct ffa_conduit **ret_conduit)
{
	struct conduit_trace *trace = calloc(1, sizeof(*trace));

	if (!trace)
		return -ENOMEM;
	trace->inner = inner;
	trace->ops = (struct ffa_conduit_ops) {
		.call = trace_call,
		.pages_alloc = trace_pages_alloc,
		.pages_free = trace_pages_free,
		.event_fd = trace_event_fd,
		.irqs_set = inner->ops->irqs_set ? trace_irqs_set : NULL,
		.sim_load = inner->ops->sim_load ? trace_sim_load : NULL,
		.free = trace_free,
	};
	snprintf(trace->name, sizeof(trace->name), "trace:%s", inner->name);
	trace->conduit = (struct ffa_conduit) {
		.ops = &trace->ops, .name = trace->name, .cpus = inner->cpus, .machine = inner->machine
	};
	*ret_conduit = &trace->conduit;
	return 0;
}
