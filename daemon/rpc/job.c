/* SPDX-License-Identifier: BSD-3-Clause */
#include "job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/core/broker.h"
#include "ffa.pb-c.h"
#include "reply.h"
#include "server.h"
#include "worker.h"

struct job *job_free(struct job *job)
{
	if (!job)
		return NULL;
	session_unref(job->session);
	free(job->file_name);
	free(job->behaviour);
	free(job->dtb);
	free(job->reason);
	free(job);
	return NULL;
}

static void cleanup_job(struct job **job)
{
	job_free(*job);
}

static int status_of(int result)
{
	switch (result) {
	case -EOPNOTSUPP:
		return FFA__V1__STATUS_CODE__STATUS_UNIMPLEMENTED;
	case -ENOSPC:
	case -ENOMEM:
		return FFA__V1__STATUS_CODE__STATUS_QUOTA;
	case -EIO:
		return FFA__V1__STATUS_CODE__STATUS_UNAVAILABLE;
	default:
		return FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT;
	}
}

static void run_home(struct worker *worker, struct post *post)
{
	struct job *job = (struct job *)((char *)post - offsetof(struct job, post));
	struct ffa_frame frame = { .method = job->method, .id = job->id };
	Ffa__V1__SimLoadResponse response = FFA__V1__SIM_LOAD_RESPONSE__INIT;

	if (job->session->state != SESSION_CLOSED) {
		batch_begin(worker, job->session);
		if (job->result < 0) {
			reply_error(worker, &frame, status_of(job->result), 0, "%s",
				    job->reason ? job->reason : strerror(-job->result));
		} else {
			response.partition = job->partition;
			reply(worker, &frame, &response.base);
		}
		batch_end(worker);
	}
	job_free(job);
}

void job_run(struct server *server, struct job *job)
{
	job->run(server, job);
	job->post.run = run_home;
	if (!session_post(job->session, &job->post))
		job_free(job);
}

static void run_sim_load(struct server *server, struct job *job)
{
	job->result = broker_sim_load(server->broker, job->file_name, job->dtb, job->dtb_size, job->behaviour,
				      &job->partition, &job->reason);
	if (job->result == -EOPNOTSUPP && !job->reason)
		job->reason = strdup(
			"this ffad drives real firmware: partitions are loaded only into a simulated SPMC");
	if (job->result < 0)
		return;
	log_info("partition 0x%04x loaded from %s", job->partition, job->file_name);
	if (broker_refresh(server->broker) > 0)
		server_publish(server);
}

/* Copy the manifest out of a sealed memfd: what cannot change while it is read. */
static int read_manifest_fd(int fd, uint8_t **ret_dtb, size_t *ret_size)
{
	_cleanup_free_ uint8_t *dtb = NULL;
	struct stat st;
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0 || (seals & (F_SEAL_SHRINK | F_SEAL_WRITE)) != (F_SEAL_SHRINK | F_SEAL_WRITE) ||
	    fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return -EPERM;
	if (st.st_size <= 0 || st.st_size > JOB_MANIFEST_MAX)
		return -EFBIG;
	dtb = malloc((size_t)st.st_size);
	if (!dtb)
		return -ENOMEM;
	if (pread(fd, dtb, (size_t)st.st_size, 0) != st.st_size)
		return -EIO;
	*ret_size = (size_t)st.st_size;
	*ret_dtb = take_ptr(dtb);
	return 0;
}

static int read_manifest(struct session *session, const struct ffa_frame *frame,
			 const Ffa__V1__SimLoadRequest *load, struct job *job)
{
	_cleanup_close_ int fd = frame->fds ? session_take_fd(session) : -1;

	if (fd >= 0)
		return load->dtb.len ? -EINVAL : read_manifest_fd(fd, &job->dtb, &job->dtb_size);
	if (load->dtb.len == 0)
		return -EINVAL;
	job->dtb = malloc(load->dtb.len);
	if (!job->dtb)
		return -ENOMEM;
	memcpy(job->dtb, load->dtb.data, load->dtb.len);
	job->dtb_size = load->dtb.len;
	return 0;
}

enum request_outcome job_sim_load(struct worker *worker, const struct ffa_frame *frame,
				  const ProtobufCMessage *message)
{
	const Ffa__V1__SimLoadRequest *load = (const Ffa__V1__SimLoadRequest *)message;
	struct session *session = worker->batch.session;
	_cleanup_(cleanup_job) struct job *job = NULL;
	int r;

	if (!session->admin_grant) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_DENIED_BY_POLICY, 0,
			    "only administrators may load partitions: run as root, or add a rule \"allow = "
			    "admin\" in "
			    "/etc/ffad/ffad.conf.d, see ffad.conf(5)");
		return REQUEST_DONE;
	}
	job = calloc(1, sizeof(*job));
	r = job ? read_manifest(session, frame, load, job) : -ENOMEM;
	if (r < 0) {
		reply_error(
			worker, frame, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT, 0,
			r == -EPERM
				? "the memfd with the manifest must be sealed against shrinking and writing"
			: r == -EFBIG  ? "a manifest has 1 byte to 256 KiB"
			: r == -ENOMEM ? "ffad is out of memory: try again later"
				       : "the request must bring the manifest: in itself or in a memfd, not "
					 "in both");
		return REQUEST_DONE;
	}
	job->file_name = strndup(load->file_name, 255);
	job->behaviour = *load->behaviour ? strdup(load->behaviour) : NULL;
	if (!job->file_name || (*load->behaviour && !job->behaviour)) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_UNAVAILABLE, 0,
			    "ffad is out of memory: try again later");
		return REQUEST_DONE;
	}
	job->session = session_ref(session);
	job->id = frame->id;
	job->method = frame->method;
	job->run = run_sim_load;
	server_submit(worker->server, take_ptr(job));
	return REQUEST_DONE;
}
