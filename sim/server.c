/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/server.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/queue.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "abi/text.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "sim/inspect.h"
#include "sim/ipc.h"

struct connection {
	LIST_ENTRY(connection) entry;
	struct server *server;
	int fd;
	bool greeted;
};

struct server {
	struct machine *machine;
	bool trace;
	uint64_t instance;
	int fd;
	struct sockaddr_un address;
	dev_t device; /* the socket's identity: only our own is removed */
	ino_t inode;

	pthread_mutex_t control; /* one at a time loads or inspects */

	pthread_mutex_t lock;
	pthread_cond_t gone; /* a connection has ended */
	size_t connection_count;
	LIST_HEAD(, connection) connections;
};

static void handle_hello(struct server *server, struct ipc_hello *hello)
{
	if (hello->magic != IPC_MAGIC || hello->version != IPC_VERSION)
		hello->header.result = -EPROTO;
	hello->magic = IPC_MAGIC;
	hello->version = IPC_VERSION;
	hello->instance = server->instance;
	hello->cpus = machine_cpus(server->machine);
	snprintf(hello->profile, sizeof(hello->profile), "%s", machine_profile(server->machine));
}

static void handle_call(struct server *server, struct ipc_call *call)
{
	char text[FFA_TEXT_SIZE];
	uint32_t fid = ffa_regs_w(&call->regs, 0);

	if (call->cpu >= machine_cpus(server->machine)) {
		call->header.result = -EINVAL;
		return;
	}
	if (server->trace) {
		ffa_text_call(&call->regs, text, sizeof(text));
		log_info("cpu %u: %s", call->cpu, text);
	}
	machine_call(server->machine, call->cpu, &call->regs);
	if (server->trace) {
		ffa_text_reply(fid, &call->regs, text, sizeof(text));
		log_info("cpu %u: reply to 0x%08x: %s", call->cpu, fid, text);
	}
}

static void handle_memory(struct server *server, struct ipc_memory *memory, int fd)
{
	struct host *host = machine_host(server->machine);
	void *map;

	if (memory->pages == 0 || memory->pages > HOST_PAGES_MAX)
		memory->header.result = -EINVAL;
	else if (memory->header.kind == IPC_PLUG)
		memory->header.result = host_plug(host, fd, memory->pages, &memory->pa, &map);
	else
		memory->header.result = host_unplug(host, memory->pa, memory->pages);
}

/* The blob that came as a memfd. */
static int read_blob(int fd, uint64_t size, void **ret_blob)
{
	_cleanup_free_ uint8_t *blob = NULL;
	size_t done = 0;

	if (size == 0 || size > MANIFEST_SIZE_MAX)
		return -EINVAL;
	blob = malloc(size);
	if (!blob)
		return -ENOMEM;
	while (done < size) {
		ssize_t n = pread(fd, blob + done, size - done, (off_t)done);

		if (n <= 0)
			return n < 0 ? -errno : -EINVAL;
		done += (size_t)n;
	}
	*ret_blob = take_ptr(blob);
	return 0;
}

static void handle_load(struct server *server, struct ipc_load *load, int fd)
{
	_cleanup_(manifest_report_clear) struct manifest_report report = MANIFEST_REPORT_INIT;
	_cleanup_free_ void *blob = NULL;

	load->file[sizeof(load->file) - 1] = '\0';
	load->behaviour[sizeof(load->behaviour) - 1] = '\0';
	load->header.result = read_blob(fd, load->size, &blob);
	if (load->header.result < 0)
		return;
	MUTEX_GUARD(&server->control);
	load->header.result = machine_load(server->machine, load->file, blob, load->size,
					   load->behaviour[0] ? load->behaviour : NULL, &report, &load->id);
	if (load->header.result < 0) {
		snprintf(load->reason, sizeof(load->reason), "%s",
			 report.refusal ? report.refusal : strerror(-load->header.result));
		return;
	}
	for (size_t i = 0; i < report.warning_count; i++)
		log_warning("%s", report.warnings[i]);
	log_info("partition 0x%04x loaded from %s", load->id, load->file);
}

/* The state as text in a memfd, which the caller closes. */
static void handle_inspect(struct server *server, struct ipc_inspect *inspect, int *ret_fd)
{
	_cleanup_close_ int fd = memfd_create("ffa-sim state", MFD_CLOEXEC);
	_cleanup_fclose_ FILE *file = NULL;
	int copy = fd < 0 ? -1 : dup(fd);
	long size;

	file = copy < 0 ? NULL : fdopen(copy, "w");
	if (!file) {
		inspect->header.result = -errno;
		if (copy >= 0)
			close(copy);
		return;
	}
	MUTEX_GUARD(&server->control);
	inspect_write(server->machine, file);
	if (fflush(file) != 0) {
		inspect->header.result = -errno;
		return;
	}
	size = ftell(file);
	inspect->size = size < 0 ? 0 : (uint64_t)size;
	*ret_fd = take_fd(&fd);
}

/* One request and its reply. 1: go on, 0: the other side has ended, negative: end this connection. */
static int serve_one(struct connection *connection)
{
	struct server *server = connection->server;
	_cleanup_close_ int fd = -1, reply_fd = -1;
	union ipc_message message;
	int n, error;

	n = ipc_receive(connection->fd, &message, sizeof(message), &fd);
	if (n <= 0)
		return n;
	if ((size_t)n < sizeof(message.header) || (size_t)n != ipc_size(message.header.kind))
		return -EBADMSG;
	if (!connection->greeted && message.header.kind != IPC_HELLO)
		return -EPROTO;
	message.header.result = 0;
	switch (message.header.kind) {
	case IPC_HELLO:
		handle_hello(server, &message.hello);
		connection->greeted = message.header.result == 0;
		break;
	case IPC_CALL:
		handle_call(server, &message.call);
		break;
	case IPC_PLUG:
	case IPC_UNPLUG:
		handle_memory(server, &message.memory, fd);
		break;
	case IPC_LOAD:
		handle_load(server, &message.load, fd);
		break;
	case IPC_INSPECT:
		handle_inspect(server, &message.inspect, &reply_fd);
		break;
	}
	error = ipc_send(connection->fd, &message, (size_t)n, reply_fd);
	return error < 0 ? error : 1;
}

static void *connection_main(void *arg)
{
	struct connection *connection = arg;
	struct server *server = connection->server;
	int result;

	do {
		result = serve_one(connection);
	} while (result > 0);
	if (result < 0 && result != -EIO)
		log_warning("connection ended: %s; is the other side an ffad of this version?",
			    strerror(-result));

	pthread_mutex_lock(&server->lock);
	LIST_REMOVE(connection, entry);
	close(connection->fd);
	server->connection_count--;
	pthread_cond_signal(&server->gone);
	pthread_mutex_unlock(&server->lock);
	free(connection);
	return NULL;
}

int server_accept(struct server *server)
{
	struct connection *connection;
	pthread_attr_t attributes;
	pthread_t thread;
	int fd, error;

	fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED ? 0 : -errno;
	connection = calloc(1, sizeof(*connection));
	if (!connection) {
		close(fd);
		return -ENOMEM;
	}
	connection->server = server;
	connection->fd = fd;

	MUTEX_GUARD(&server->lock);
	error = ENOSPC;
	if (server->connection_count < IPC_CONNECTIONS_MAX) {
		pthread_attr_init(&attributes);
		pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
		error = pthread_create(&thread, &attributes, connection_main, connection);
		pthread_attr_destroy(&attributes);
	}
	if (error) {
		close(fd);
		free(connection);
		return -error;
	}
	LIST_INSERT_HEAD(&server->connections, connection, entry);
	server->connection_count++;
	return 0;
}

/* Whether a socket file is a remnant that nobody listens at. */
static bool is_remnant(const struct sockaddr_un *address)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat st;

	return fd >= 0 && lstat(address->sun_path, &st) == 0 && S_ISSOCK(st.st_mode) &&
	       connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 && errno == ECONNREFUSED;
}

static int listen_at(struct server *server)
{
	const struct sockaddr *address = (const struct sockaddr *)&server->address;
	mode_t mask;
	struct stat st;
	int error = 0;

	server->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server->fd < 0)
		return -errno;
	mask = umask(0177);
	if (bind(server->fd, address, sizeof(server->address)) < 0) {
		error = -errno;
		if (error == -EADDRINUSE && is_remnant(&server->address)) {
			unlink(server->address.sun_path);
			error = bind(server->fd, address, sizeof(server->address)) < 0 ? -errno : 0;
		}
	}
	umask(mask);
	if (error < 0)
		return error;
	if (lstat(server->address.sun_path, &st) < 0)
		return -errno;
	server->device = st.st_dev;
	server->inode = st.st_ino;
	return listen(server->fd, SOMAXCONN) < 0 ? -errno : 0;
}

int server_new(struct machine *machine, const char *path, bool trace, struct server **ret_server)
{
	struct server *server;
	int error;

	if (strlen(path) >= sizeof(server->address.sun_path))
		return -ENAMETOOLONG;
	server = calloc(1, sizeof(*server));
	if (!server)
		return -ENOMEM;
	server->machine = machine;
	server->fd = -1;
	server->trace = trace;
	server->address.sun_family = AF_UNIX;
	strcpy(server->address.sun_path, path);
	LIST_INIT(&server->connections);
	pthread_mutex_init(&server->control, NULL);
	pthread_mutex_init(&server->lock, NULL);
	pthread_cond_init(&server->gone, NULL);
	error = getrandom(&server->instance, sizeof(server->instance), 0) < 0 ? -errno : listen_at(server);
	if (error < 0) {
		server_free(server);
		return error;
	}
	*ret_server = server;
	return 0;
}

int server_fd(const struct server *server)
{
	return server->fd;
}

struct server *server_free(struct server *server)
{
	struct connection *connection;
	struct stat st;

	if (!server)
		return NULL;
	if (server->inode != 0 && lstat(server->address.sun_path, &st) == 0 && st.st_dev == server->device &&
	    st.st_ino == server->inode)
		unlink(server->address.sun_path);
	if (server->fd >= 0)
		close(server->fd);
	machine_stop(server->machine);

	pthread_mutex_lock(&server->lock);
	LIST_FOREACH (connection, &server->connections, entry) {
		shutdown(connection->fd, SHUT_RDWR);
	}
	while (server->connection_count > 0)
		pthread_cond_wait(&server->gone, &server->lock);
	pthread_mutex_unlock(&server->lock);

	pthread_cond_destroy(&server->gone);
	pthread_mutex_destroy(&server->lock);
	pthread_mutex_destroy(&server->control);
	free(server);
	return NULL;
}
