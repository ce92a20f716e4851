/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A simulated SPMC in another process: ffa-sim. Each call under way has a connection to itself, so that a
 * partition that does not come back holds its own caller alone.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "daemon/conduit/backend.h"
#include "sim/host.h"
#include "sim/ipc.h"

#define REMOTE_NAME_SIZE 128

struct connection {
	LIST_ENTRY(connection) entry;       /* of all */
	SLIST_ENTRY(connection) idle_entry; /* of those that nobody uses */
	int fd;
};

struct conduit_remote {
	struct ffa_conduit conduit;
	char name[REMOTE_NAME_SIZE];
	char *path;
	uint64_t instance;

	pthread_mutex_t lock; /* all below */
	pthread_cond_t returned;
	bool lost; /* that ffa-sim is gone, and its state with it */
	size_t in_use;
	LIST_HEAD(, connection) connections;
	SLIST_HEAD(, connection) idle; /* the last used first: it is warm */
};

static struct conduit_remote *from_conduit(struct ffa_conduit *conduit)
{
	return (struct conduit_remote *)conduit;
}

/* One more connection to the same ffa-sim. Called without the lock. */
static int connect_again(struct conduit_remote *remote, int *ret_fd)
{
	_cleanup_close_ int fd = -1;
	struct ipc_hello hello;
	int error;

	error = ipc_connect(remote->path, &fd, &hello);
	if (error < 0 || hello.instance != remote->instance)
		return -EIO;
	*ret_fd = take_fd(&fd);
	return 0;
}

static int acquire(struct conduit_remote *remote, struct connection **ret_connection)
{
	struct connection *connection;
	int error = 0;

	pthread_mutex_lock(&remote->lock);
	connection = SLIST_FIRST(&remote->idle);
	if (remote->lost)
		error = -EIO;
	else if (connection)
		SLIST_REMOVE_HEAD(&remote->idle, idle_entry);
	if (error == 0)
		remote->in_use++;
	pthread_mutex_unlock(&remote->lock);
	if (error < 0)
		return error;
	if (connection) {
		*ret_connection = connection;
		return 0;
	}

	connection = calloc(1, sizeof(*connection));
	error = connection ? connect_again(remote, &connection->fd) : -ENOMEM;

	MUTEX_GUARD(&remote->lock);
	if (error == 0 && remote->lost) {
		close(connection->fd);
		error = -EIO;
	}
	if (error < 0) {
		free(connection);
		remote->lost = remote->lost || error == -EIO;
		remote->in_use--;
		pthread_cond_signal(&remote->returned);
		return error;
	}
	LIST_INSERT_HEAD(&remote->connections, connection, entry);
	*ret_connection = connection;
	return 0;
}

/* Give a connection back; one that failed is closed. */
static void release(struct conduit_remote *remote, struct connection *connection, bool failed)
{
	MUTEX_GUARD(&remote->lock);
	if (failed) {
		LIST_REMOVE(connection, entry);
		close(connection->fd);
		free(connection);
	} else {
		SLIST_INSERT_HEAD(&remote->idle, connection, idle_entry);
	}
	remote->in_use--;
	pthread_cond_signal(&remote->returned);
}

/* A request and its reply; the reply's own error comes back as the error. */
static int request(struct conduit_remote *remote, void *message, size_t size, int passed_fd)
{
	const struct ipc_header *header = message;
	struct connection *connection;
	int error;

	error = acquire(remote, &connection);
	if (error < 0)
		return error;
	error = ipc_exchange(connection->fd, message, size, passed_fd, NULL);
	release(remote, connection, error < 0);
	if (error < 0)
		return -EIO;
	return header->result;
}

static int remote_call(struct ffa_conduit *conduit, unsigned int cpu, struct ffa_regs *regs)
{
	struct ipc_call call = { .header.kind = IPC_CALL, .cpu = cpu, .regs = *regs };
	int error;

	error = request(from_conduit(conduit), &call, sizeof(call), -1);
	if (error == 0)
		*regs = call.regs;
	return error;
}

static void cleanup_pages(struct ffa_pages *pages)
{
	if (pages->map)
		munmap(pages->map, pages->count * FFA_PAGE_SIZE);
	free(pages->frames);
	cleanup_close(&pages->fd);
}

static int remote_pages_alloc(struct ffa_conduit *conduit, size_t count, struct ffa_pages *ret_pages)
{
	struct ipc_memory memory = { .header.kind = IPC_PLUG, .pages = count };
	_cleanup_(cleanup_pages) struct ffa_pages pages = { .count = count, .fd = -1 };
	void *map;
	int error;

	error = host_memfd(count, &pages.fd);
	if (error < 0)
		return error;
	pages.frames = calloc(count, sizeof(*pages.frames));
	if (!pages.frames)
		return -ENOMEM;
	map = mmap(NULL, count * FFA_PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, pages.fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	pages.map = map;
	error = request(from_conduit(conduit), &memory, sizeof(memory), pages.fd);
	if (error < 0)
		return error == -ENOSPC ? -ENOMEM : error;
	for (size_t i = 0; i < count; i++)
		pages.frames[i] = memory.pa + i * FFA_PAGE_SIZE;
	*ret_pages = pages;
	pages = (struct ffa_pages) { .fd = -1 };
	return 0;
}

static void remote_pages_free(struct ffa_conduit *conduit, struct ffa_pages *pages)
{
	struct ipc_memory memory = { .header.kind = IPC_UNPLUG, .pages = pages->count };

	if (!pages->frames)
		return;
	memory.pa = pages->frames[0];
	(void)request(from_conduit(conduit), &memory, sizeof(memory), -1); /* lost: the pages went with it */
	cleanup_pages(pages);
	*pages = (struct ffa_pages) { .fd = -1 };
}

static int remote_event_fd(struct ffa_conduit *conduit)
{
	return -1;
}

static int remote_sim_load(struct ffa_conduit *conduit, const char *file_name, const void *dtb, size_t size,
			   const char *behaviour, uint16_t *ret_id, char **ret_reason)
{
	struct ipc_load load = { .header.kind = IPC_LOAD, .size = size };
	_cleanup_close_ int fd = -1;
	int error;

	if (behaviour && strlen(behaviour) >= sizeof(load.behaviour))
		return conduit_fail(-EINVAL, ret_reason,
				    "behaviour \"%.64s…\" is too long; use one of echo, refuser, "
				    "yielder, interruptible, busy, slow, borrower, aborting",
				    behaviour);
	snprintf(load.file, sizeof(load.file), "%s", file_name);
	snprintf(load.behaviour, sizeof(load.behaviour), "%s", behaviour ? behaviour : "");
	fd = memfd_create("manifest", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (size_t done = 0; done < size;) {
		ssize_t n = write(fd, (const uint8_t *)dtb + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		done += (size_t)n;
	}
	error = request(from_conduit(conduit), &load, sizeof(load), fd);
	load.reason[sizeof(load.reason) - 1] = '\0';
	if (error < 0)
		return conduit_fail(error, ret_reason, "%s", load.reason[0] ? load.reason : strerror(-error));
	*ret_id = load.id;
	return 0;
}

/* Calls under way end with -EIO; the caller has seen to it that no new ones begin. */
static void remote_free(struct ffa_conduit *conduit)
{
	struct conduit_remote *remote = from_conduit(conduit);
	struct connection *connection;

	pthread_mutex_lock(&remote->lock);
	remote->lost = true;
	LIST_FOREACH (connection, &remote->connections, entry) {
		shutdown(connection->fd, SHUT_RDWR);
	}
	while (remote->in_use > 0)
		pthread_cond_wait(&remote->returned, &remote->lock);
	while ((connection = LIST_FIRST(&remote->connections))) {
		LIST_REMOVE(connection, entry);
		close(connection->fd);
		free(connection);
	}
	pthread_mutex_unlock(&remote->lock);
	pthread_cond_destroy(&remote->returned);
	pthread_mutex_destroy(&remote->lock);
	free(remote->path);
	free(remote);
}

static const struct ffa_conduit_ops remote_ops = {
	.call = remote_call,
	.pages_alloc = remote_pages_alloc,
	.pages_free = remote_pages_free,
	.event_fd = remote_event_fd,
	.sim_load = remote_sim_load,
	.free = remote_free,
};

static int explain(int error, const char *path, char **ret_reason)
{
	switch (error) {
	case -ENOENT:
	case -ECONNREFUSED:
		return conduit_fail(error, ret_reason,
				    "no ffa-sim listens at %s; start one with ffa-sim --socket %s, or use "
				    "the conduit sim",
				    path, path);
	case -EACCES:
	case -EPERM:
		return conduit_fail(
			error, ret_reason,
			"%s may not be used by this user; start ffa-sim as the same user or change the "
			"socket's mode",
			path);
	case -EPROTO:
	case -EPROTOTYPE:
	case -EBADMSG:
		return conduit_fail(
			error, ret_reason,
			"what listens at %s is no ffa-sim of this version; stop it, or use another path",
			path);
	default:
		return conduit_fail(error, ret_reason,
				    "%s cannot be connected: %s; check that ffa-sim runs well", path,
				    strerror(-error));
	}
}

int conduit_sim_remote_open(const char *path, struct ffa_conduit **ret_conduit, char **ret_reason)
{
	struct conduit_remote *remote;
	struct connection *connection;
	struct ipc_hello hello;
	int fd, error;

	error = ipc_connect(path, &fd, &hello);
	if (error < 0)
		return explain(error, path, ret_reason);
	remote = calloc(1, sizeof(*remote));
	connection = calloc(1, sizeof(*connection));
	if (remote)
		remote->path = strdup(path);
	if (!remote || !connection || !remote->path) {
		free(connection);
		free(remote ? remote->path : NULL);
		free(remote);
		close(fd);
		return -ENOMEM;
	}
	remote->instance = hello.instance;
	pthread_mutex_init(&remote->lock, NULL);
	pthread_cond_init(&remote->returned, NULL);
	connection->fd = fd;
	LIST_INSERT_HEAD(&remote->connections, connection, entry);
	SLIST_INSERT_HEAD(&remote->idle, connection, idle_entry);
	snprintf(remote->name, sizeof(remote->name), "sim:%s", path);
	remote->conduit = (struct ffa_conduit) {
		.ops = &remote_ops, .name = remote->name, .cpus = hello.cpus, .exclusive = true
	};
	*ret_conduit = &remote->conduit;
	return 0;
}
