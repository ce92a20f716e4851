/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * In a guest: what a direct message costs.
 *
 *    guest-bench shim PARTITION   by ioctl on /dev/ffa-shim (no ffad may run)
 *    guest-bench ffad PARTITION   through libffa-client and ffad
 *
 * Prints "TIME ns COUNT messages": of one message in the fastest round, and of all rounds.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <ffa-client.h>

#include "abi/direct.h"
#include "abi/fid.h"
#include "abi/regs.h"
#include "abi/version.h"
#include "kmod-shim/uapi/linux/ffa_shim.h"

#define ROUND_MESSAGES 10
#define NS_PER_S INT64_C(1000000000)
#define BUDGET_NS (2 * NS_PER_S) /* rounds begin until it is spent */

/* One way to send a message to `partition`; 0 or a negative errno. */
struct way {
	const char *name;
	int (*open)(struct way *way);
	int (*send)(struct way *way);
	uint16_t partition;
	int fd;
	struct ffa_client *client;
};

static int shim_send(struct way *way)
{
	struct ffa_direct request = { .receiver = way->partition };
	struct ffa_direct reply;
	struct ffa_regs regs;

	ffa_direct_encode_req(&request, &regs);
	if (ioctl(way->fd, FFA_SHIM_CALL, &regs) < 0)
		return -errno;
	return ffa_direct_decode_resp(&regs, &reply) == 0 ? 0 : -EPROTO;
}

static int shim_open(struct way *way)
{
	struct ffa_shim_frame version = { .x = { FFA_VERSION, FFA_VERSION_1_2 } };

	way->fd = open("/dev/ffa-shim", O_RDWR | O_CLOEXEC);
	if (way->fd < 0 || ioctl(way->fd, FFA_SHIM_CALL, &version) < 0)
		return -errno;
	return 0;
}

static int ffad_send(struct way *way)
{
	const uint32_t args[FFA_MESSAGE_ARGS] = { 0 };
	uint32_t reply[FFA_MESSAGE_ARGS];

	return ffa_client_direct32(way->client, way->partition, args, 0, reply);
}

static int ffad_open(struct way *way)
{
	int error = ffa_client_new(NULL, &way->client);

	return error < 0 ? error : ffa_client_connect(way->client);
}

static struct way ways[] = {
	{ .name = "shim", .open = shim_open, .send = shim_send, .fd = -1 },
	{ .name = "ffad", .open = ffad_open, .send = ffad_send, .fd = -1 },
};

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * NS_PER_S + time.tv_nsec;
}

/* Time of one message in the fastest round: emulated CPUs share real ones with others. */
static int measure(struct way *way, int64_t *ret_best, unsigned int *ret_messages)
{
	int64_t best = INT64_MAX, start = now(), round_start = start, end;
	unsigned int messages = 0;

	do {
		for (int i = 0; i < ROUND_MESSAGES; i++) {
			int error = way->send(way);

			if (error < 0)
				return error;
		}
		end = now();
		if (end - round_start < best)
			best = end - round_start;
		round_start = end;
		messages += ROUND_MESSAGES;
	} while (end - start < BUDGET_NS);
	*ret_best = best / ROUND_MESSAGES;
	*ret_messages = messages;
	return 0;
}

int main(int argc, char **argv)
{
	struct way *way = NULL;
	unsigned int messages = 0;
	int64_t best = 0;
	int error;

	for (size_t i = 0; argc == 3 && i < sizeof(ways) / sizeof(ways[0]); i++)
		if (strcmp(argv[1], ways[i].name) == 0)
			way = &ways[i];
	if (!way) {
		fprintf(stderr, "usage: guest-bench shim|ffad PARTITION\n");
		return EXIT_FAILURE;
	}
	way->partition = (uint16_t)strtoul(argv[2], NULL, 0);
	error = way->open(way);
	if (error >= 0)
		error = measure(way, &best, &messages);
	if (way->fd >= 0)
		close(way->fd);
	ffa_client_free(way->client);
	if (error < 0) {
		fprintf(stderr, "guest-bench: %s: %s\n", way->name, strerror(-error));
		return EXIT_FAILURE;
	}
	printf("%" PRId64 " ns %u messages\n", best, messages);
	return EXIT_SUCCESS;
}
