/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A thousand clients at once, pipelining to partitions that answer, one that is slow, one that yields for seconds and
 * one that never comes back. Every reply has to belong to its request: the arguments carry client and number.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon.h"
#include "manifest.h"
#include "wire.h"

#define CLIENTS 1000
#define REQUESTS 32 /* of each client */
#define EVENTS 64

#define ECHO 0x8001
#define ECHO_MP 0x8002
#define YIELDER 0x8004
#define SLOW 0x8101     /* 1 ms inside each call */
#define YIELDING 0x8102 /* 2 s in two parts */
#define HANGING 0x8103

/* All of them are one user's, and all their requests may have to wait. */
#define CONFIG "[limits]\nin-flight-per-user = 100000\n"
#define DEADLINE_MS 3000 /* of requests to partitions that are not expected to answer everybody */

#define OK FFA__V1__STATUS_CODE__STATUS_OK
#define DEADLINE FFA__V1__STATUS_CODE__STATUS_DEADLINE

struct client {
	int fd;
	uint32_t answered; /* bit for each request */
	size_t fill;
	uint8_t input[4096];
};

struct crowd {
	struct daemon ffad;
	struct client clients[CLIENTS];
	size_t ok[4], deadlines[4]; /* by kind of partition */
	size_t left;
};

enum kind {
	QUICK,
	SLOWLY,
	YIELDS,
	HANGS,
};

static struct crowd *crowd;

static int setup(void **state)
{
	crowd = calloc(1, sizeof(*crowd));
	crowd->ffad = (struct daemon) { .pid_fd = -1, .notify_fd = -1, .sim_pid_fd = -1 };
	*state = &crowd->ffad;
	return 0;
}

static int teardown(void **state)
{
	int r = daemon_teardown(state);

	free(crowd);
	return r;
}

/* Who gets what: the first request of a client is the special one, so that the others are seen to pass it. */
static enum kind kind_of(size_t client, size_t request)
{
	return request ? QUICK : (enum kind)(SLOWLY + client % 3);
}

static uint16_t partition_of(size_t client, size_t request)
{
	static const uint16_t special[] = { [SLOWLY] = SLOW, [YIELDS] = YIELDING, [HANGS] = HANGING };
	static const uint16_t quick[] = { ECHO, ECHO_MP, ECHO, YIELDER };
	enum kind kind = kind_of(client, request);

	if (kind != QUICK)
		return special[kind];
	/* The yielder takes milliseconds and has one context: a few requests only. */
	return client % 50 == 0 && request == 3 ? YIELDER : quick[request % 3];
}

static void make_args(size_t client, size_t request, uint64_t ret_args[static WIRE_DIRECT_ARGS])
{
	ret_args[0] = client;
	ret_args[1] = request;
	ret_args[2] = (client << 32 | request) * 0x9e3779b97f4a7c15;
	ret_args[3] = ~ret_args[2];
	ret_args[4] = partition_of(client, request);
}

/* All requests of one client in one write. */
static void send_requests(size_t client)
{
	static uint8_t bytes[REQUESTS * 128 + WIRE_REQUEST_SIZE];
	size_t size = 0;

	for (size_t i = 0; i < REQUESTS; i++) {
		uint64_t args[WIRE_DIRECT_ARGS];
		uint32_t deadline_ms = kind_of(client, i) >= YIELDS ? DEADLINE_MS : 120000;

		make_args(client, i, args);
		size += wire_encode_direct(i + 1, partition_of(client, i), args, deadline_ms, bytes + size);
	}
	wire_send(crowd->clients[client].fd, bytes, size);
}

static void take_reply(size_t client, const struct ffa_frame *header, const uint8_t *body)
{
	uint64_t args[WIRE_DIRECT_ARGS];
	Ffa__V1__DirectResponse *response;
	size_t request = header->id - 1;
	enum kind kind;
	int code;

	assert_int_equal(header->kind, FFA_FRAME_RESPONSE);
	assert_in_range(header->id, 1, REQUESTS);
	assert_false(crowd->clients[client].answered & 1u << request);
	crowd->clients[client].answered |= 1u << request;
	crowd->left--;
	kind = kind_of(client, request);
	response = ffa__v1__direct_response__unpack(NULL, header->length, body);
	assert_non_null(response);
	code = response->status ? (int)response->status->code : OK;
	if (code == OK) {
		make_args(client, request, args);
		assert_int_equal(response->n_args, WIRE_DIRECT_ARGS);
		assert_memory_equal(response->args, args, sizeof(args));
		crowd->ok[kind]++;
	} else {
		if (code != DEADLINE || kind < YIELDS)
			fail_msg("client %zu, request %zu: status %d: %s", client, request, code,
				 response->status->message);
		crowd->deadlines[kind]++;
	}
	ffa__v1__direct_response__free_unpacked(response, NULL);
}

static void take_input(size_t number)
{
	struct client *client = &crowd->clients[number];
	ssize_t n = recv(client->fd, client->input + client->fill, sizeof(client->input) - client->fill,
			 MSG_DONTWAIT);
	size_t done = 0;

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0)
		fail_msg("client %zu has lost its connection", number);
	client->fill += (size_t)n;
	while (client->fill - done >= FFA_FRAME_HEADER_SIZE) {
		struct ffa_frame header;

		assert_return_code(ffa_frame_decode(client->input + done, 1u << FFA_FRAME_RESPONSE,
						    FFA_FRAME_RESPONSE_MAX, &header),
				   0);
		if (client->fill - done - FFA_FRAME_HEADER_SIZE < header.length)
			break;
		take_reply(number, &header, client->input + done + FFA_FRAME_HEADER_SIZE);
		done += FFA_FRAME_HEADER_SIZE + header.length;
	}
	client->fill -= done;
	memmove(client->input, client->input + done, client->fill);
}

static void read_until(int epoll, size_t left)
{
	struct epoll_event events[EVENTS];

	while (crowd->left > left) {
		int count = epoll_wait(epoll, events, EVENTS, DAEMON_PATIENCE_MS);

		if (count <= 0)
			fail_msg("%zu requests are not answered", crowd->left);
		for (int i = 0; i < count; i++)
			take_input(events[i].data.u32);
	}
}

static void thousand_clients(void **state)
{
	static const struct manifest_recipe recipes[] = {
		{ .id = SLOW, .behaviour = "slow:1000" },
		{ .id = YIELDING, .behaviour = "yielder:2:1000000" },
		{ .id = HANGING, .behaviour = "slow:forever" },
	};
	int admin, epoll;

	daemon_need_descriptors(CLIENTS + 100);
	daemon_start(&crowd->ffad, &(struct daemon_options) { .config = CONFIG });
	admin = wire_open(crowd->ffad.socket);
	for (size_t i = 0; i < 3; i++)
		manifest_load(&recipes[i], admin);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	assert_return_code(epoll, errno);
	for (uint32_t i = 0; i < CLIENTS; i++) {
		struct epoll_event event = { .events = EPOLLIN, .data.u32 = i };

		crowd->clients[i].fd = wire_open(crowd->ffad.socket);
		assert_return_code(epoll_ctl(epoll, EPOLL_CTL_ADD, crowd->clients[i].fd, &event), errno);
	}
	crowd->left = CLIENTS * REQUESTS;
	for (size_t i = 0; i < CLIENTS; i++)
		send_requests(i);
	/* The daemon has all of it to do, and one more thing. */
	wire_echo(admin, ECHO);
	read_until(epoll, 0);
	wire_echo(admin, ECHO);

	assert_int_equal(crowd->ok[QUICK], CLIENTS * (REQUESTS - 1));
	assert_int_equal(crowd->ok[SLOWLY], (CLIENTS + 2) / 3);
	assert_int_equal(crowd->ok[HANGS], 0);
	assert_int_equal(crowd->deadlines[HANGS], CLIENTS / 3);
	/* One gets its answer in two seconds; those behind it wait for longer than they may. */
	assert_true(crowd->ok[YIELDS] >= 1);
	assert_int_equal(crowd->ok[YIELDS] + crowd->deadlines[YIELDS], CLIENTS / 3);
	for (size_t i = 0; i < CLIENTS; i++)
		close(crowd->clients[i].fd);
	close(epoll);
	close(admin);
	daemon_stop(&crowd->ffad);
}

/* Ending with all of them connected and calls of every kind under way. */
static void daemon_ends_under_a_thousand_clients(void **state)
{
	static const struct manifest_recipe recipes[] = {
		{ .id = SLOW, .behaviour = "slow:1000" },
		{ .id = YIELDING, .behaviour = "yielder:2:1000000" },
		{ .id = HANGING, .behaviour = "slow:forever" },
	};
	int admin;

	daemon_need_descriptors(CLIENTS + 100);
	daemon_start(&crowd->ffad, &(struct daemon_options) { .config = CONFIG });
	admin = wire_open(crowd->ffad.socket);
	for (size_t i = 0; i < 3; i++)
		manifest_load(&recipes[i], admin);
	for (size_t i = 0; i < CLIENTS; i++)
		crowd->clients[i].fd = wire_open(crowd->ffad.socket);
	for (size_t i = 0; i < CLIENTS; i++)
		send_requests(i);
	daemon_terminate(&crowd->ffad);
	for (size_t i = 0; i < CLIENTS; i++)
		close(crowd->clients[i].fd);
	close(admin);
	daemon_forget(&crowd->ffad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(thousand_clients),
		TEST(daemon_ends_under_a_thousand_clients),
	};

	return cmocka_run_group_tests_name("crowd", tests, NULL, NULL);
}
