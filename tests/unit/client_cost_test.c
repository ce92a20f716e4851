/* SPDX-License-Identifier: BSD-3-Clause */
/* What a call costs: system calls and allocations, counted in the client's thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "client_fake.h"

/* The fake daemon has a thread, and so counters, of its own. */
static _Thread_local struct cost {
	unsigned int sends, receives, polls, allocations;
} cost;

ssize_t __real_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags);
ssize_t __real_recv(int fd, void *bytes, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags);
int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_realloc(void *memory, size_t size);

ssize_t __wrap_send(int fd, const void *bytes, size_t size, int flags)
{
	cost.sends++;
	return __real_send(fd, bytes, size, flags);
}

ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags)
{
	cost.receives++;
	return __real_recv(fd, bytes, size, flags);
}

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	cost.polls++;
	return __real_poll(fds, count, timeout);
}

void *__wrap_malloc(size_t size)
{
	cost.allocations++;
	return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	cost.allocations++;
	return __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	cost.allocations++;
	return __real_realloc(memory, size);
}

#define CALLS 50

static void script_direct(struct fake *fake)
{
	struct fake_request request;

	for (int i = 0; i < fake->arg; i++) {
		fake_expect(fake, FFA__V1__METHOD__METHOD_DIRECT, &request);
		fake_answer_direct(fake, &request, 1);
	}
}

static void test_blocking_direct(void **state)
{
	uint64_t args[FFA_MESSAGE_ARGS] = { 1, 2, 3, 4, 5 };
	uint64_t req2[FFA_MESSAGE_REQ2_ARGS];
	struct ffa_client *client;
	struct fake fake;
	int r = 0;

	memset(req2, 0x55, sizeof(req2));
	fake_init(&fake);
	client = fake_connect(&fake);
	fake.arg = 2 * CALLS;
	fake_play(&fake, script_direct);
	cost = (struct cost) { 0 };
	for (int i = 0; i < CALLS && r == 0; i++) {
		r = ffa_client_direct64(client, 0x8001, args, 1000, args);
		if (r == 0)
			r = ffa_client_direct_req2(client, 0x8001, NULL, req2, 0, req2);
	}
	assert_int_equal(r, 0);
	assert_int_equal(cost.sends, 2 * CALLS);
	assert_int_equal(cost.receives, 2 * CALLS);
	assert_int_equal(cost.polls, 0);
	assert_int_equal(cost.allocations, 0);
	fake_join(&fake);
	assert_int_equal(args[4], 5 + CALLS);
	ffa_client_free(client);
	fake_done(&fake);
}

#define DEPTH 16

/* A batch is one send; answers that came together are one receive. */
static void test_pipelined(void **state)
{
	struct ffa_request *requests[DEPTH];
	struct ffa_message *message;
	struct fake_request wire[DEPTH];
	struct ffa_client *client;
	struct fake fake;

	fake_init(&fake);
	client = fake_connect(&fake);
	assert_int_equal(ffa_message_new(FFA_MESSAGE_DIRECT_64, 0x8001, &message), 0);
	for (size_t i = 0; i < DEPTH; i++)
		assert_int_equal(ffa_request_new(client, NULL, NULL, &requests[i]), 0);
	for (int round = 0; round < CALLS; round++) {
		struct cost of_start, of_dispatch;

		cost = (struct cost) { 0 };
		for (size_t i = 0; i < DEPTH; i++)
			if (ffa_request_start_direct(requests[i], message) < 0)
				fail();
		if (ffa_client_flush(client) < 0)
			fail();
		of_start = cost;
		for (size_t i = 0; i < DEPTH; i++)
			fake_read(&fake, &wire[i]);
		for (size_t i = 0; i < DEPTH; i++)
			fake_answer_direct(&fake, &wire[i], 0);
		cost = (struct cost) { 0 };
		if (ffa_client_dispatch(client, -1) != DEPTH)
			fail();
		of_dispatch = cost;
		assert_int_equal(of_start.sends, 1);
		assert_int_equal(of_start.receives + of_start.polls, 0);
		assert_int_equal(of_dispatch.receives, 1);
		assert_int_equal(of_dispatch.sends + of_dispatch.polls, 0);
		assert_int_equal(of_dispatch.allocations, 0);
		if (round > 0) /* after the output buffer has its size */
			assert_int_equal(of_start.allocations, 0);
	}
	ffa_message_free(message);
	for (size_t i = 0; i < DEPTH; i++)
		ffa_request_free(requests[i]);
	ffa_client_free(client);
	fake_done(&fake);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocking_direct),
		cmocka_unit_test(test_pipelined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
