/* SPDX-License-Identifier: BSD-3-Clause */
/* Asynchronous use: order, batching, cancelling, watching, and the loss of the connection. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "client_session.h"

static void hang_up(struct session *session)
{
	close(session->fake.fd);
	session->fake.fd = -1;
}

/* What a callback saw. */
struct seen {
	unsigned int count;
	int result;
	uint64_t arg;
};

static void see(struct ffa_request *request, int result, void *userdata)
{
	struct seen *seen = userdata;
	uint64_t arg = 0;

	seen->count++;
	seen->result = result;
	if (ffa_request_get_args(request, 1, &arg) == 0)
		seen->arg = arg;
}

static struct ffa_request *new_request(struct session *session, struct seen *seen)
{
	struct ffa_request *request;

	assert_int_equal(ffa_request_new(session->client, see, seen, &request), 0);
	return request;
}

static void start_direct(struct ffa_request *request, uint64_t arg)
{
	struct ffa_message *message;

	assert_int_equal(ffa_message_new(FFA_MESSAGE_DIRECT_64, 0x8001, &message), 0);
	assert_int_equal(ffa_message_set_args(message, &arg, 1), 0);
	assert_int_equal(ffa_request_start_direct(request, message), 0);
	ffa_message_free(message);
}

#define MANY 200 /* answers fit into the socket: the test does not read and write at once */

static void test_out_of_order(void **state)
{
	struct session *session = *state;
	struct fake_request *requests = calloc(MANY, sizeof(*requests));
	struct ffa_request *objects[MANY];
	struct seen seen[MANY] = { 0 };

	assert_non_null(requests);
	for (unsigned int round = 0; round < 2; round++) { /* objects can be used again */
		for (size_t i = 0; i < MANY; i++) {
			if (round == 0)
				objects[i] = new_request(session, &seen[i]);
			start_direct(objects[i], 1000 * i);
			assert_int_equal(ffa_request_get_result(objects[i]), -EINPROGRESS);
		}
		assert_int_equal(ffa_client_get_events(session->client), POLLIN | POLLOUT);
		fake_expect_silence(&session->fake); /* collected, not sent one by one */
		assert_int_equal(ffa_client_flush(session->client), 0);
		assert_int_equal(ffa_client_get_events(session->client), POLLIN);
		for (size_t i = 0; i < MANY; i++)
			fake_expect(&session->fake, FFA__V1__METHOD__METHOD_DIRECT, &requests[i]);
		assert_int_equal(ffa_client_dispatch(session->client, 0), 0);
		for (size_t i = MANY; i-- > 0;) {
			/* Every third fails. */
			if (i % 3 == 0)
				fake_answer_status(&session->fake, &requests[i], FFA_STATUS_FFA_ERROR,
						   FFA_CODE_BUSY, "busy");
			else
				fake_answer_direct(&session->fake, &requests[i], 7 + round);
		}
		for (int left = MANY; left > 0;) {
			int n = ffa_client_dispatch(session->client, -1);

			assert_in_range(n, 1, left);
			left -= n;
		}
		assert_int_equal(ffa_client_dispatch(session->client, -1), 0); /* nothing under way */
		for (size_t i = 0; i < MANY; i++) {
			assert_int_equal(seen[i].count, round + 1);
			if (i % 3 == 0) {
				assert_int_equal(seen[i].result, -EBUSY);
				assert_int_equal(ffa_request_get_status(objects[i]), FFA_STATUS_FFA_ERROR);
				assert_int_equal(ffa_request_get_ffa_code(objects[i]), FFA_CODE_BUSY);
				assert_string_equal(ffa_request_get_message(objects[i]), "busy");
			} else {
				assert_int_equal(seen[i].result, 0);
				assert_int_equal(seen[i].arg, 1000 * i + 7 + round);
				assert_int_equal(ffa_request_get_status(objects[i]), FFA_STATUS_OK);
			}
			assert_int_equal(ffa_request_get_result(objects[i]), seen[i].result);
		}
	}
	for (size_t i = 0; i < MANY; i++)
		assert_null(ffa_request_free(objects[i]));
	free(requests);
}

/* Two answers, cut at every byte: each cut is a receive of its own. */
static void test_split(void **state)
{
	struct session *session = *state;
	struct seen seen[2] = { 0 };
	struct ffa_request *a = new_request(session, &seen[0]), *b = new_request(session, &seen[1]);
	Ffa__V1__DirectResponse response = FFA__V1__DIRECT_RESPONSE__INIT;
	struct fake_request requests[2];
	uint64_t args[5] = { 1, 2, 3, 4, 5 };
	uint8_t bytes[512];
	size_t size, total = SIZE_MAX;

	response.n_args = 5;
	response.args = args;
	for (size_t cut = 0; cut < total; cut++) {
		unsigned int before = seen[0].count + seen[1].count;
		int n = 0;

		start_direct(a, 1);
		start_direct(b, 2);
		assert_int_equal(ffa_client_flush(session->client), 0);
		for (size_t i = 0; i < 2; i++)
			fake_read(&session->fake, &requests[i]);
		args[0] = cut;
		size = fake_frame(FFA_FRAME_RESPONSE, requests[1].frame.method, requests[1].frame.id,
				  &response.base, bytes);
		total = size + fake_frame(FFA_FRAME_RESPONSE, requests[0].frame.method, requests[0].frame.id,
					  &response.base, bytes + size);
		fake_write(&session->fake, bytes, cut);
		n += ffa_client_dispatch(session->client, 0);
		assert_int_equal(n, cut >= size ? 1 : 0);
		fake_write(&session->fake, bytes + cut, total - cut);
		n += ffa_client_dispatch(session->client, 0);
		assert_int_equal(n, 2);
		assert_int_equal(seen[0].count + seen[1].count, before + 2);
		assert_int_equal(seen[0].arg, cut);
		assert_int_equal(seen[1].arg, cut);
	}
	ffa_request_free(a);
	ffa_request_free(b);
}

/* One byte at a time. */
static void test_dribble(void **state)
{
	struct session *session = *state;
	struct seen seen = { 0 };
	struct ffa_request *request = new_request(session, &seen);
	Ffa__V1__DirectResponse response = FFA__V1__DIRECT_RESPONSE__INIT;
	struct fake_request wire;
	uint64_t arg = 42;
	uint8_t bytes[512];
	size_t size;

	start_direct(request, 1);
	assert_int_equal(ffa_client_flush(session->client), 0);
	fake_read(&session->fake, &wire);
	response.n_args = 1;
	response.args = &arg;
	size = fake_frame(FFA_FRAME_RESPONSE, wire.frame.method, wire.frame.id, &response.base, bytes);
	for (size_t i = 0; i < size; i++) {
		assert_int_equal(seen.count, 0);
		fake_write(&session->fake, bytes + i, 1);
		assert_int_equal(ffa_client_dispatch(session->client, 0), i + 1 == size);
	}
	assert_int_equal(seen.arg, 42);
	ffa_request_free(request);
}

static void test_all_kinds(void **state)
{
	struct session *session = *state;
	static const Ffa__V1__Method methods[] = {
		FFA__V1__METHOD__METHOD_PING,     FFA__V1__METHOD__METHOD_INFO,
		FFA__V1__METHOD__METHOD_FEATURES, FFA__V1__METHOD__METHOD_PARTITION_LIST,
		FFA__V1__METHOD__METHOD_LIMITS,
	};
	struct ffa_request *requests[5];
	struct ffa_feature_list *features = NULL;
	struct ffa_partition_list *partitions = NULL;
	struct ffa_limit_list *limits = NULL;
	struct ffa_info *info = NULL;
	struct fake_request wire;
	uint64_t arg;

	for (size_t i = 0; i < 5; i++)
		assert_int_equal(ffa_request_new(session->client, NULL, NULL, &requests[i]), 0);
	assert_int_equal(ffa_request_get_result(requests[0]), -EINVAL); /* never started */
	assert_int_equal(ffa_request_start_ping(requests[0], NULL, 0), 0);
	assert_int_equal(ffa_request_start_info(requests[1]), 0);
	assert_int_equal(ffa_request_start_features(requests[2]), 0);
	assert_int_equal(ffa_request_start_list_partitions(requests[3], NULL), 0);
	assert_int_equal(ffa_request_start_limits(requests[4]), 0);
	assert_int_equal(ffa_request_start_limits(requests[4]), -EBUSY);
	assert_int_equal(ffa_request_take_info(requests[1], &info), -ENODATA);
	assert_int_equal(ffa_client_flush(session->client), 0);
	for (size_t i = 0; i < 5; i++) {
		fake_expect(&session->fake, methods[i], &wire);
		fake_answer_status(&session->fake, &wire, 0, 0, NULL);
	}
	assert_int_equal(ffa_client_dispatch(session->client, -1), 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(ffa_request_get_result(requests[i]), 0);
	assert_int_equal(ffa_request_take_info(requests[1], &info), 0);
	assert_int_equal(ffa_request_take_info(requests[1], &info), -ENODATA);
	assert_int_equal(ffa_request_take_features(requests[2], &features), 0);
	assert_int_equal(ffa_request_take_partitions(requests[3], &partitions), 0);
	assert_int_equal(ffa_request_take_features(requests[4], &features), -ENODATA);
	assert_int_equal(ffa_request_take_limits(requests[4], &limits), 0);
	assert_int_equal(ffa_request_get_args(requests[1], 1, &arg), -ENODATA);
	ffa_info_free(info);
	ffa_feature_list_free(features);
	ffa_partition_list_free(partitions);
	ffa_limit_list_free(limits);
	for (size_t i = 0; i < 5; i++)
		ffa_request_free(requests[i]);
}

static void test_cancel(void **state)
{
	struct session *session = *state;
	struct seen seen = { 0 };
	struct ffa_request *request = new_request(session, &seen);
	struct fake_request direct, cancel;
	Ffa__V1__CancelRequest *body;

	assert_int_equal(ffa_request_cancel(request), -EALREADY);
	start_direct(request, 1);
	assert_int_equal(ffa_request_cancel(request), 0);
	assert_int_equal(ffa_client_flush(session->client), 0);
	fake_expect(&session->fake, FFA__V1__METHOD__METHOD_DIRECT, &direct);
	fake_expect(&session->fake, FFA__V1__METHOD__METHOD_CANCEL, &cancel);
	body = fake_unpack(&cancel, &ffa__v1__cancel_request__descriptor);
	assert_true(body->request_id == direct.frame.id);
	ffa__v1__cancel_request__free_unpacked(body, NULL);
	fake_answer_status(&session->fake, &cancel, 0, 0, NULL);
	assert_int_equal(ffa_client_dispatch(session->client, 0), 0);
	assert_int_equal(seen.count, 0);
	fake_answer_status(&session->fake, &direct, FFA_STATUS_CANCELLED, 0, "cancelled");
	assert_int_equal(ffa_client_dispatch(session->client, -1), 1);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.result, -ECANCELED);
	assert_int_equal(ffa_request_cancel(request), -EALREADY);
	ffa_request_free(request);
}

static void script_pong(struct fake *fake)
{
	struct fake_request request;

	fake_expect(fake, FFA__V1__METHOD__METHOD_PING, &request);
	fake_answer_status(fake, &request, 0, 0, NULL);
}

/* Freed under way: cancelled, no callback, and the late answer hits nobody, not even its successor. */
static void test_free_under_way(void **state)
{
	struct session *session = *state;
	struct seen seen = { 0 }, other = { 0 };
	struct ffa_request *request = new_request(session, &seen), *successor;
	struct fake_request direct, cancel, next;

	start_direct(request, 1);
	assert_int_equal(ffa_client_flush(session->client), 0);
	ffa_request_free(request);
	successor = new_request(session, &other);
	start_direct(successor, 2);
	assert_int_equal(ffa_client_flush(session->client), 0);
	fake_expect(&session->fake, FFA__V1__METHOD__METHOD_DIRECT, &direct);
	fake_expect(&session->fake, FFA__V1__METHOD__METHOD_CANCEL, &cancel);
	fake_expect(&session->fake, FFA__V1__METHOD__METHOD_DIRECT, &next);
	fake_answer_direct(&session->fake, &direct, 0);
	assert_int_equal(ffa_client_dispatch(session->client, 0), 0);
	fake_answer_direct(&session->fake, &next, 0);
	assert_int_equal(ffa_client_dispatch(session->client, -1), 1);
	assert_int_equal(seen.count, 0);
	assert_int_equal(other.count, 1);
	assert_int_equal(other.arg, 2);

	/* Completed, but not delivered. */
	start_direct(successor, 3);
	assert_int_equal(ffa_client_flush(session->client), 0);
	fake_read(&session->fake, &next);
	fake_answer_direct(&session->fake, &next, 0);
	fake_play(&session->fake, script_pong);
	assert_int_equal(ffa_client_ping(session->client, NULL, 0), 0); /* takes the answer in */
	fake_join(&session->fake);
	ffa_request_free(successor);
	assert_int_equal(other.count, 1);
}

/* Blocking calls among asynchronous ones: the answers that they meet are kept for dispatch. */
static void test_blocking_between(void **state)
{
	struct session *session = *state;
	struct seen seen[2] = { 0 };
	struct ffa_request *a = new_request(session, &seen[0]), *b = new_request(session, &seen[1]);
	struct pollfd poll_fd = { .fd = ffa_client_get_fd(session->client) };
	struct fake_request wire[2];

	start_direct(a, 10);
	start_direct(b, 20);
	assert_int_equal(ffa_client_flush(session->client), 0);
	fake_read(&session->fake, &wire[0]);
	fake_read(&session->fake, &wire[1]);
	fake_answer_direct(&session->fake, &wire[1], 1);
	fake_play(&session->fake, script_pong);
	assert_int_equal(ffa_client_ping(session->client, NULL, 0), 0);
	fake_join(&session->fake);
	assert_int_equal(seen[1].count, 0);
	assert_int_equal(ffa_request_get_result(b), -EINPROGRESS);

	/* The socket has nothing to read, yet poll wakes up. */
	poll_fd.events = ffa_client_get_events(session->client);
	assert_int_equal(poll_fd.events, POLLIN | POLLOUT);
	assert_int_equal(poll(&poll_fd, 1, 0), 1);
	assert_int_equal(ffa_client_dispatch(session->client, 0), 1);
	assert_int_equal(seen[1].count, 1);
	assert_int_equal(seen[1].arg, 21);
	assert_int_equal(ffa_client_get_events(session->client), POLLIN);
	poll_fd.events = POLLIN;
	assert_int_equal(poll(&poll_fd, 1, 0), 0);

	fake_answer_direct(&session->fake, &wire[0], 1);
	assert_int_equal(poll(&poll_fd, 1, 0), 1);
	assert_int_equal(ffa_client_dispatch(session->client, 0), 1);
	assert_int_equal(seen[0].arg, 11);
	ffa_request_free(a);
	ffa_request_free(b);
}

/* ---- In callbacks ---- */

struct chain {
	unsigned int left, delivered;
};

static void chain_callback(struct ffa_request *request, int result, void *userdata)
{
	struct chain *chain = userdata;

	assert_int_equal(result, 0);
	chain->delivered++;
	if (chain->left-- > 0)
		assert_int_equal(ffa_request_start_ping(request, NULL, 0), 0);
	else
		ffa_request_free(request);
}

/* A callback starts its request again: dispatch sends it, without waiting for the next one. */
static void test_restart_in_callback(void **state)
{
	struct session *session = *state;
	struct chain chain = { .left = 3 };
	struct ffa_request *request;
	struct fake_request wire;

	assert_int_equal(ffa_request_new(session->client, chain_callback, &chain, &request), 0);
	assert_int_equal(ffa_request_start_ping(request, NULL, 0), 0);
	assert_int_equal(ffa_client_dispatch(session->client, 0), 0);
	for (unsigned int i = 0; i < 4; i++) {
		fake_expect(&session->fake, FFA__V1__METHOD__METHOD_PING, &wire);
		fake_answer_status(&session->fake, &wire, 0, 0, NULL);
		assert_int_equal(ffa_client_dispatch(session->client, -1), 1);
	}
	assert_int_equal(chain.delivered, 4);
	fake_expect_silence(&session->fake);
	assert_int_equal(ffa_client_dispatch(session->client, -1), 0);
}

static void ping_callback(struct ffa_request *request, int result, void *userdata)
{
	unsigned int *count = userdata;

	(*count)++;
	assert_int_equal(result, 0);
	assert_int_equal(ffa_client_ping(ffa_request_get_client(request), NULL, 0), 0);
}

static void test_blocking_in_callback(void **state)
{
	struct session *session = *state;
	struct fake_request wire[2];
	struct ffa_request *a, *b;
	unsigned int count = 0;

	assert_int_equal(ffa_request_new(session->client, ping_callback, &count, &a), 0);
	assert_int_equal(ffa_request_new(session->client, ping_callback, &count, &b), 0);
	assert_int_equal(ffa_request_start_info(a), 0);
	assert_int_equal(ffa_request_start_info(b), 0);
	assert_int_equal(ffa_client_flush(session->client), 0);
	fake_read(&session->fake, &wire[0]);
	fake_read(&session->fake, &wire[1]);
	fake_answer_status(&session->fake, &wire[0], 0, 0, NULL);
	fake_play(&session->fake, script_pong);
	assert_int_equal(ffa_client_dispatch(session->client, -1), 1);
	fake_join(&session->fake);
	fake_answer_status(&session->fake, &wire[1], 0, 0, NULL);
	fake_play(&session->fake, script_pong);
	assert_int_equal(ffa_client_dispatch(session->client, -1), 1);
	fake_join(&session->fake);
	assert_int_equal(count, 2);
	ffa_request_free(a);
	ffa_request_free(b);
}

struct killer {
	struct ffa_client *client;
	unsigned int count;
};

static void killer_callback(struct ffa_request *request, int result, void *userdata)
{
	struct killer *killer = userdata;

	killer->count++;
	assert_int_equal(result, 0);
	/* The other one was answered in the same batch, the third was not answered. */
	assert_null(ffa_client_free(killer->client));
	assert_null(ffa_request_get_client(request));
	assert_int_equal(ffa_request_start_info(request), -ENOTCONN);
	ffa_request_free(request);
}

static void test_free_client_in_callback(void **state)
{
	struct seen answered = { 0 }, unanswered = { 0 };
	struct ffa_request *request, *b, *c;
	struct fake_request wire[3];
	struct session session;
	struct killer killer = { 0 };

	fake_init(&session.fake);
	session.client = fake_connect(&session.fake);
	killer.client = session.client;
	assert_int_equal(ffa_request_new(session.client, killer_callback, &killer, &request), 0);
	b = new_request(&session, &answered);
	c = new_request(&session, &unanswered);
	assert_int_equal(ffa_request_start_info(request), 0);
	start_direct(b, 5);
	start_direct(c, 6);
	assert_int_equal(ffa_client_flush(session.client), 0);
	for (size_t i = 0; i < 3; i++)
		fake_read(&session.fake, &wire[i]);
	fake_answer_status(&session.fake, &wire[0], 0, 0, NULL);
	fake_answer_direct(&session.fake, &wire[1], 0);
	(void)ffa_client_dispatch(session.client, -1);
	assert_int_equal(killer.count, 1);
	assert_int_equal(answered.count, 1);
	assert_int_equal(answered.result, 0);
	assert_int_equal(unanswered.count, 1);
	assert_int_equal(unanswered.result, -ECONNRESET);
	assert_null(ffa_request_get_client(c));
	assert_int_equal(ffa_request_cancel(c), -EALREADY);
	ffa_request_free(b);
	ffa_request_free(c);
	fake_done(&session.fake);
}

/* ---- Loss ---- */

enum loss_found {
	LOSS_IN_DISPATCH,
	LOSS_IN_BLOCKING,
	LOSS_IN_FLUSH,
	LOSS_FOUND_COUNT,
};

/*
 * The connection goes at each point of a request's life, and each of the three ways to find out does: every
 * request completes exactly once.
 */
static void test_loss(void **state)
{
	for (int found = 0; found < LOSS_FOUND_COUNT; found++) {
		struct seen unsent = { 0 }, sent = { 0 }, answered = { 0 };
		struct ffa_request *a, *b, *c;
		struct fake_request wire;
		struct session session;
		int r;

		fake_init(&session.fake);
		session.client = fake_connect(&session.fake);
		a = new_request(&session, &answered);
		b = new_request(&session, &sent);
		c = new_request(&session, &unsent);
		start_direct(a, 1);
		assert_int_equal(ffa_client_flush(session.client), 0);
		fake_read(&session.fake, &wire);
		fake_answer_direct(&session.fake, &wire, 0);
		start_direct(b, 2);
		assert_int_equal(ffa_client_flush(session.client), 0);
		fake_read(&session.fake, &wire);
		start_direct(c, 3);
		hang_up(&session);

		switch ((enum loss_found)found) {
		case LOSS_IN_DISPATCH:
			r = ffa_client_dispatch(session.client, -1);
			if (r >= 0)
				r = ffa_client_dispatch(session.client, -1);
			assert_int_equal(r, -ECONNRESET);
			break;
		case LOSS_IN_BLOCKING:
			assert_int_equal(ffa_client_ping(session.client, NULL, 0), -ECONNRESET);
			assert_int_equal(unsent.count + sent.count + answered.count, 0);
			assert_int_equal(ffa_client_dispatch(session.client, -1), 3);
			break;
		default:
			assert_int_equal(ffa_client_flush(session.client), -ECONNRESET);
			assert_int_equal(unsent.count + sent.count + answered.count, 0);
			assert_int_equal(ffa_client_dispatch(session.client, -1), 3);
			break;
		}
		assert_int_equal(answered.count, 1);
		assert_int_equal(answered.result, 0); /* what was answered is answered */
		assert_int_equal(sent.count, 1);
		assert_int_equal(sent.result, -ECONNRESET);
		assert_int_equal(unsent.count, 1);
		assert_int_equal(unsent.result, -ECONNRESET);
		assert_int_equal(ffa_request_get_status(b), FFA_STATUS_LOCAL);
		assert_true(strlen(ffa_request_get_message(b)) > 0);
		assert_int_equal(ffa_client_dispatch(session.client, -1), -ENOTCONN);
		assert_int_equal(ffa_request_start_info(a), -ENOTCONN);
		assert_int_equal(sent.count, 1);
		ffa_request_free(a);
		ffa_request_free(b);
		ffa_client_free(session.client);
		ffa_request_free(c); /* after the client */
		fake_done(&session.fake);
	}
}

/* Freeing the client is a loss too. */
static void test_free_client(void **state)
{
	struct seen seen = { 0 };
	struct ffa_request *request;
	struct session session;

	fake_init(&session.fake);
	session.client = fake_connect(&session.fake);
	request = new_request(&session, &seen);
	start_direct(request, 1);
	ffa_client_free(session.client);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.result, -ECONNRESET);
	ffa_request_free(request);
	fake_done(&session.fake);
}

static void script_accept(struct fake *fake)
{
	int fd = accept(fake->arg, NULL, NULL);

	CHECK(fd >= 0);
	fake->fd = fd;
	fake_script_hello(fake);
}

/* A second session on the same client: nothing of the first one comes into it. */
static void test_reconnect(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct seen old = { 0 }, due = { 0 };
	struct ffa_request *request, *due_request;
	struct ffa_client_config *config;
	struct fake_request stale, wire;
	struct session session = { 0 };
	char directory[] = "/tmp/ffa-client-test-XXXXXX";
	uint64_t first_id;
	int listener;

	assert_non_null(mkdtemp(directory));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/sock", directory);
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(ffa_client_config_new(&config), 0);
	assert_int_equal(ffa_client_config_set_socket_path(config, address.sun_path), 0);
	assert_int_equal(ffa_client_new(config, &session.client), 0);
	ffa_client_config_free(config);
	session.fake.arg = listener;
	session.fake.client_fd = -1;

	fake_play(&session.fake, script_accept);
	assert_int_equal(ffa_client_connect(session.client), 0);
	fake_join(&session.fake);
	request = new_request(&session, &old);
	due_request = new_request(&session, &due);
	start_direct(request, 1);
	start_direct(due_request, 1);
	assert_int_equal(ffa_client_flush(session.client), 0);
	fake_read(&session.fake, &stale);
	first_id = stale.frame.id;
	fake_read(&session.fake, &wire);
	hang_up(&session);
	assert_int_equal(ffa_client_ping(session.client, NULL, 0), -ECONNRESET);

	fake_play(&session.fake, script_accept);
	assert_int_equal(ffa_client_connect(session.client), 0);
	fake_join(&session.fake);
	/* Completed, and told by the next dispatch, in the new session. */
	assert_int_equal(old.count + due.count, 0);
	assert_int_equal(ffa_client_dispatch(session.client, 0), 2);
	assert_int_equal(old.count, 1);
	assert_int_equal(old.result, -ECONNRESET);
	assert_int_equal(due.result, -ECONNRESET);

	start_direct(request, 9);
	assert_int_equal(ffa_client_flush(session.client), 0);
	fake_read(&session.fake, &wire);
	assert_true(wire.frame.id != first_id);
	fake_answer_direct(&session.fake, &stale, 0); /* of another session: nobody's */
	assert_int_equal(ffa_client_dispatch(session.client, 0), 0);
	fake_answer_direct(&session.fake, &wire, 0);
	assert_int_equal(ffa_client_dispatch(session.client, -1), 1);
	assert_int_equal(old.arg, 9);

	ffa_request_free(request);
	ffa_request_free(due_request);
	ffa_client_free(session.client);
	close(listener);
	fake_done(&session.fake);
	unlink(address.sun_path);
	rmdir(directory);
}

/* ---- Back-pressure ---- */

/* A daemon that does not read: the library buffers up to its limit, says so, and loses nothing. */
static void test_output_limit(void **state)
{
	struct session *session = *state;
	struct ffa_request **requests = NULL;
	uint8_t payload[FFA_PING_PAYLOAD_MAX] = { 0 };
	struct fake_request wire;
	size_t count = 0, answered = 0;
	int r;

	for (;;) {
		requests = realloc(requests, (count + 1) * sizeof(*requests));
		assert_non_null(requests);
		assert_int_equal(ffa_request_new(session->client, NULL, NULL, &requests[count]), 0);
		r = ffa_request_start_ping(requests[count], payload, sizeof(payload));
		if (r == -EAGAIN)
			break;
		assert_int_equal(r, 0);
		count++;
		if (count % 100 == 0)
			assert_true(ffa_client_flush(session->client) >= 0);
	}
	assert_true(count > 500);
	assert_int_equal(ffa_client_flush(session->client), 1);
	assert_int_equal(ffa_client_get_events(session->client), POLLIN | POLLOUT);
	ffa_request_free(requests[count]);
	while (answered < count) {
		Ffa__V1__PingResponse response = FFA__V1__PING_RESPONSE__INIT;
		int n;

		fake_expect(&session->fake, FFA__V1__METHOD__METHOD_PING, &wire);
		response.payload = (ProtobufCBinaryData) { .len = sizeof(payload), .data = payload };
		fake_answer(&session->fake, &wire, &response.base);
		n = ffa_client_dispatch(session->client, 0);
		assert_in_range(n, 0, 1);
		answered += (size_t)n;
	}
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(ffa_request_get_result(requests[i]), 0);
		ffa_request_free(requests[i]);
	}
	free(requests);
}

static void script_slow_reader(struct fake *fake)
{
	Ffa__V1__PingResponse response = FFA__V1__PING_RESPONSE__INIT;
	Ffa__V1__PingRequest *ping;
	struct fake_request request;

	for (int left = fake->arg; left > 0; left--) {
		fake_expect(fake, FFA__V1__METHOD__METHOD_PING, &request);
		ping = fake_unpack(&request, &ffa__v1__ping_request__descriptor);
		response.payload = ping->payload;
		fake_answer(fake, &request, &response.base); /* blocks while the client does not read */
		ffa__v1__ping_request__free_unpacked(ping, NULL);
	}
}

/* A blocking call behind more output than the socket takes: it sends and receives in turn. */
static void test_blocking_behind_output(void **state)
{
	struct session *session = *state;
	uint8_t payload[FFA_PING_PAYLOAD_MAX] = { 0 };
	struct ffa_request *requests[3000];
	size_t count = 0;
	int delivered;

	for (; count < 3000; count++) {
		assert_int_equal(ffa_request_new(session->client, NULL, NULL, &requests[count]), 0);
		if (ffa_request_start_ping(requests[count], payload, sizeof(payload)) == -EAGAIN) {
			if (ffa_client_flush(session->client) == 1 &&
			    ffa_request_start_ping(requests[count], payload, sizeof(payload)) == -EAGAIN)
				break;
		}
	}
	assert_true(count > 500 && count < 3000);
	session->fake.arg = (int)count + 1;
	fake_play(&session->fake, script_slow_reader);
	assert_int_equal(ffa_client_ping(session->client, payload, sizeof(payload)), 0);
	fake_join(&session->fake);
	delivered = ffa_client_dispatch(session->client, 0);
	assert_int_equal(delivered, count); /* in order: all came before the blocking one's */
	for (size_t i = 0; i <= count; i++)
		ffa_request_free(requests[i]);
}

/* ---- Watch ---- */

struct watched {
	unsigned int tables, ends;
	int result;
	size_t partitions;
	uint64_t generation;
	bool free_in_callback;
};

static void watch_callback(struct ffa_partition_watch *watch, int result,
			   const struct ffa_partition_list *list, void *userdata)
{
	struct watched *watched = userdata;

	assert_true((result == 0) == (list != NULL));
	if (list) {
		watched->tables++;
		watched->partitions = ffa_partition_list_get_count(list);
		watched->generation = ffa_partition_list_get_generation(list);
	} else {
		watched->ends++;
		watched->result = result;
	}
	if (watched->free_in_callback)
		ffa_partition_watch_free(watch);
}

static void send_table(struct session *session, const struct fake_request *wire, uint64_t generation,
		       size_t count)
{
	Ffa__V1__Partition partition = FFA__V1__PARTITION__INIT, *list[8];
	Ffa__V1__PartitionEvent event = FFA__V1__PARTITION_EVENT__INIT;

	for (size_t i = 0; i < count; i++)
		list[i] = &partition;
	event.generation = generation;
	event.n_partitions = count;
	event.partitions = list;
	fake_event(&session->fake, wire, &event.base);
}

static void test_watch(void **state)
{
	struct session *session = *state;
	struct ffa_partition_watch *watch, *second = NULL;
	struct watched watched = { 0 };
	Ffa__V1__PartitionWatchRequest *stop;
	struct fake_request wire;

	assert_int_equal(ffa_partition_watch_new(session->client, watch_callback, &watched, &watch), 0);
	assert_int_equal(ffa_partition_watch_new(session->client, watch_callback, &watched, &second), -EBUSY);
	assert_null(second);
	assert_int_equal(ffa_client_dispatch(session->client, -1), 0); /* not started: nothing to wait for */
	assert_int_equal(ffa_partition_watch_start(watch), 0);
	assert_int_equal(ffa_partition_watch_start(watch), -EBUSY);
	assert_int_equal(ffa_client_flush(session->client), 0);
	fake_expect(&session->fake, FFA__V1__METHOD__METHOD_PARTITION_WATCH, &wire);
	fake_answer_status(&session->fake, &wire, 0, 0, NULL);
	assert_int_equal(ffa_client_dispatch(session->client, 0), 0);
	send_table(session, &wire, 1, 2);
	assert_int_equal(ffa_client_dispatch(session->client, -1), 1);
	assert_int_equal(watched.tables, 1);
	assert_int_equal(watched.partitions, 2);
	/* Overtaken tables are left out, the last one is not. */
	for (uint64_t generation = 2; generation <= 5; generation++)
		send_table(session, &wire, generation, (size_t)generation);
	assert_int_equal(ffa_client_dispatch(session->client, -1), 1);
	assert_int_equal(watched.tables, 2);
	assert_int_equal(watched.generation, 5);
	assert_int_equal(watched.partitions, 5);
	assert_int_equal(ffa_partition_watch_start(watch), -EBUSY);

	send_table(session, &wire, 6, 0);
	assert_null(ffa_partition_watch_free(watch));
	assert_int_equal(ffa_client_flush(session->client), 0);
	fake_expect(&session->fake, FFA__V1__METHOD__METHOD_PARTITION_WATCH, &wire);
	stop = fake_unpack(&wire, &ffa__v1__partition_watch_request__descriptor);
	assert_true(stop->stop);
	ffa__v1__partition_watch_request__free_unpacked(stop, NULL);
	fake_answer_status(&session->fake, &wire, 0, 0, NULL);
	assert_int_equal(ffa_client_dispatch(session->client, 0), 0);
	assert_int_equal(watched.tables, 2);
	assert_int_equal(watched.ends, 0);
	assert_true(ffa_client_is_connected(session->client));
}

static void test_watch_refused(void **state)
{
	struct session *session = *state;
	struct ffa_partition_watch *watch;
	struct watched watched = { 0 };
	struct fake_request wire;

	assert_int_equal(ffa_partition_watch_new(session->client, watch_callback, &watched, &watch), 0);
	for (unsigned int i = 1; i <= 2; i++) { /* can be started again */
		assert_int_equal(ffa_partition_watch_start(watch), 0);
		assert_int_equal(ffa_client_flush(session->client), 0);
		fake_read(&session->fake, &wire);
		fake_answer_status(&session->fake, &wire, FFA_STATUS_DENIED_BY_POLICY, 0, "no");
		assert_int_equal(ffa_client_dispatch(session->client, -1), 1);
		assert_int_equal(watched.ends, i);
		assert_int_equal(watched.result, -EPERM);
	}
	ffa_partition_watch_free(watch);
	fake_expect_silence(&session->fake); /* there is nothing to stop */
}

static void test_watch_lost(void **state)
{
	for (unsigned int free_in_callback = 0; free_in_callback < 2; free_in_callback++) {
		struct watched watched = { .free_in_callback = free_in_callback };
		struct ffa_partition_watch *watch;
		struct fake_request wire;
		struct session session;
		int r;

		fake_init(&session.fake);
		session.client = fake_connect(&session.fake);
		assert_int_equal(ffa_partition_watch_new(session.client, watch_callback, &watched, &watch),
				 0);
		assert_int_equal(ffa_partition_watch_start(watch), 0);
		assert_int_equal(ffa_client_flush(session.client), 0);
		fake_read(&session.fake, &wire);
		fake_answer_status(&session.fake, &wire, 0, 0, NULL);
		send_table(&session, &wire, 1, 3);
		hang_up(&session);
		/* Table and end are there at once: the table comes first, the end exactly once. */
		assert_int_equal(ffa_client_ping(session.client, NULL, 0), -ECONNRESET);
		r = ffa_client_dispatch(session.client, -1);
		assert_int_equal(r, free_in_callback ? 1 : 2);
		assert_int_equal(watched.tables, 1);
		assert_int_equal(watched.partitions, 3);
		assert_int_equal(watched.ends, free_in_callback ? 0 : 1);
		if (!free_in_callback) {
			assert_int_equal(watched.result, -ECONNRESET);
			assert_int_equal(ffa_partition_watch_start(watch), -ENOTCONN);
			ffa_client_free(session.client);
			ffa_partition_watch_free(watch);
		} else {
			ffa_client_free(session.client);
		}
		fake_done(&session.fake);
	}
}

#define SESSION_TEST(test) cmocka_unit_test_setup_teardown(test, session_setup, session_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(test_out_of_order),
		SESSION_TEST(test_split),
		SESSION_TEST(test_dribble),
		SESSION_TEST(test_all_kinds),
		SESSION_TEST(test_cancel),
		SESSION_TEST(test_free_under_way),
		SESSION_TEST(test_blocking_between),
		SESSION_TEST(test_restart_in_callback),
		SESSION_TEST(test_blocking_in_callback),
		cmocka_unit_test(test_free_client_in_callback),
		cmocka_unit_test(test_loss),
		cmocka_unit_test(test_free_client),
		cmocka_unit_test(test_reconnect),
		SESSION_TEST(test_output_limit),
		SESSION_TEST(test_blocking_behind_output),
		SESSION_TEST(test_watch),
		SESSION_TEST(test_watch_refused),
		cmocka_unit_test(test_watch_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
