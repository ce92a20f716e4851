/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Many direct messages under way at once, in an event loop with poll(2): sixteen requests that start
 * themselves again, until COUNT messages are answered.
 *
 *    async-client PARTITION [COUNT]
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ffa-client.h>

#define DEPTH 16

struct work {
	const struct ffa_message *message;
	unsigned long left, answered, failed;
	unsigned int under_way;
};

static void start(struct work *work, struct ffa_request *request)
{
	if (work->left == 0 || ffa_request_start_direct(request, work->message) < 0)
		return;
	work->left--;
	work->under_way++;
}

static void answered(struct ffa_request *request, int result, void *userdata)
{
	struct work *work = userdata;

	work->under_way--;
	if (result < 0) {
		work->failed++;
		fprintf(stderr, "async-client: %s: %s\n", strerror(-result),
			ffa_request_get_message(request));
	} else {
		work->answered++;
	}
	start(work, request); /* goes out with the others when dispatch returns */
}

static int run(struct ffa_client *client, struct work *work)
{
	struct ffa_request *requests[DEPTH] = { NULL };
	int r = 0;

	for (size_t i = 0; i < DEPTH && r >= 0; i++) {
		r = ffa_request_new(client, answered, work, &requests[i]);
		if (r >= 0)
			start(work, requests[i]);
	}
	while (r >= 0 && work->under_way > 0) {
		struct pollfd fd = {
			.fd = ffa_client_get_fd(client),
			.events = ffa_client_get_events(client),
		};

		/* Other descriptors of the program would be here too. */
		if (poll(&fd, 1, -1) > 0)
			r = ffa_client_dispatch(client, 0);
	}
	for (size_t i = 0; i < DEPTH; i++)
		ffa_request_free(requests[i]);
	return r;
}

int main(int argc, char **argv)
{
	struct ffa_message *message = NULL;
	struct ffa_client *client = NULL;
	struct work work = { 0 };
	int r;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: async-client PARTITION [COUNT]\n");
		return EXIT_FAILURE;
	}
	work.left = argc > 2 ? strtoul(argv[2], NULL, 0) : 1000;
	r = ffa_message_new(FFA_MESSAGE_DIRECT_64, (uint16_t)strtoul(argv[1], NULL, 0), &message);
	if (r >= 0)
		r = ffa_client_new(NULL, &client);
	if (r >= 0) {
		work.message = message;
		r = ffa_client_connect(client);
		if (r < 0)
			fprintf(stderr, "async-client: %s\n", ffa_client_get_message(client));
		else
			r = run(client, &work);
	}
	printf("%lu answered, %lu failed\n", work.answered, work.failed);
	ffa_client_free(client);
	ffa_message_free(message);
	return r < 0 || work.failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
