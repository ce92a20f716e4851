/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests that change the broker: executed on the control thread, answered on the session's. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "request.h"

struct server;

#define JOB_MANIFEST_MAX (256 * 1024) /* bytes of a .dtb */

struct job {
	STAILQ_ENTRY(job) link;  /* at the control thread */
	struct post post;        /* back home */
	struct session *session; /* one reference */
	uint64_t id;
	uint16_t method;
	void (*run)(struct server *server, struct job *job); /* control thread */

	/* Load a manifest. */
	char *file_name, *behaviour;
	uint8_t *dtb;
	size_t dtb_size;
	uint16_t partition;

	int result; /* 0, or -errno with `reason` */
	char *reason;
};

STAILQ_HEAD(job_queue, job);

/* Run on the control thread and send home. */
void job_run(struct server *server, struct job *job);
struct job *job_free(struct job *job); /* accepts NULL, returns NULL */

/* Handler of request.c. */
enum request_outcome job_sim_load(struct worker *worker, const struct ffa_frame *frame,
				  const ProtobufCMessage *message);
