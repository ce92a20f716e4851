/* SPDX-License-Identifier: BSD-3-Clause */
#include "raw.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process.h"

static _Noreturn void serve(int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
		_exit(1);
	for (;;) {
		char bytes[4096];
		ssize_t n;

		if (epoll_wait(epoll, &event, 1, -1) != 1)
			_exit(1);
		n = recv(event.data.fd, bytes, sizeof(bytes), MSG_DONTWAIT);
		if (n <= 0)
			_exit(n == 0 ? 0 : 1);
		if (send(event.data.fd, bytes, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT) != n)
			_exit(1);
	}
}

void raw_start(struct raw *raw, int cpu)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		process_fail("socketpair: %s", strerror(errno));
	raw->pid = fork();
	if (raw->pid < 0)
		process_fail("fork: %s", strerror(errno));
	if (raw->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		process_pin(cpu);
		close(fds[0]);
		serve(fds[1]);
	}
	close(fds[1]);
	raw->fd = fds[0];
}

void raw_stop(struct raw *raw)
{
	int status;

	close(raw->fd);
	if (waitpid(raw->pid, &status, 0) < 0 || status != 0)
		process_fail("the raw server has not ended well");
}

void raw_measure(struct raw *raw, size_t count, struct samples *samples)
{
	char out[RAW_MESSAGE_SIZE] = { 1 }, in[RAW_MESSAGE_SIZE];

	for (size_t i = 0; i < count; i++) {
		uint64_t start_ns = stats_now_ns();

		if (send(raw->fd, out, sizeof(out), MSG_NOSIGNAL) != sizeof(out) ||
		    recv(raw->fd, in, sizeof(in), MSG_WAITALL) != sizeof(in))
			process_fail("raw round trip: %s", strerror(errno));
		samples_add(samples, (double)(stats_now_ns() - start_ns));
	}
}
