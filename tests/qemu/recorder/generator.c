/* SPDX-License-Identifier: BSD-3-Clause */
#include "generator.h"

#include <stdio.h>

#include "abi/features.h"
#include "abi/fid.h"
#include "abi/version.h"

#define CALLS_MIN 4
#define CALLS_SPREAD 8
#define TAG_SIZE 64
#define COMMAND_SPIN 2
#define SPINS_LONG UINT64_C(30000000) /* beyond any tick of the normal world's timer */
#define COMMANDS_UNKNOWN 0x100
#define ADDRESS_DEVICE UINT64_C(0x9000000) /* the serial line of QEMU's virt machine */
#define ADDRESS_SECURE UINT64_C(0xe100000) /* its secure memory */

struct draw {
	uint64_t state;
};

static uint64_t draw(struct draw *random)
{
	uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static unsigned int below(struct draw *random, unsigned int limit)
{
	return (unsigned int)(draw(random) % limit);
}

#define PICK(random, array) ((array)[below(random, sizeof(array) / sizeof((array)[0]))])

static int call(struct recorder *recorder, const char *tag, struct ffa_regs *regs)
{
	recorder_case(recorder, tag);
	return recorder_call(recorder, regs);
}

static uint16_t some_partition(struct recorder *recorder, struct draw *random)
{
	static const uint16_t nobody[] = { 0, 1, 0x8000, 0x8fff, 0xffff };

	if (recorder->partition_count == 0 || below(random, 6) == 0)
		return PICK(random, nobody);
	return recorder->partitions[below(random, (unsigned int)recorder->partition_count)];
}

static int play_setup(struct recorder *recorder, struct draw *random)
{
	static const uint32_t versions[] = {
		FFA_VERSION_1_0, FFA_VERSION_1_1, FFA_VERSION_1_2, FFA_VERSION_1_3, 0,
		0x20000,         0x1ffff,         0x80010001
	};
	static const uint32_t others[] = { FFA_ID_GET, FFA_SPM_ID_GET, FFA_MSG_WAIT,
					   FFA_YIELD,  0x8400008f,     0xc40000ef };
	struct ffa_regs regs = { 0 };
	char tag[TAG_SIZE];

	if (below(random, 2)) {
		uint32_t version = PICK(random, versions);

		regs.x[0] = FFA_VERSION;
		regs.x[1] = version;
		snprintf(tag, sizeof(tag), "version.%x", version);
	} else {
		regs.x[0] = PICK(random, others);
		snprintf(tag, sizeof(tag), "setup.%x", (unsigned int)regs.x[0]);
		if (below(random, 3) == 0)
			regs.x[1 + below(random, 7)] = draw(random) & UINT32_MAX;
	}
	return call(recorder, tag, &regs);
}

static int play_features(struct recorder *recorder, struct draw *random)
{
	struct ffa_regs regs = { .x = { FFA_FEATURES } };

	if (below(random, 4) == 0) {
		regs.x[1] = below(random, 8);
	} else {
		regs.x[1] = (below(random, 2) ? 0x84000000 : 0xc4000000) | (0x60 + below(random, 0x90));
		if (below(random, 5) == 0)
			regs.x[2] = 1u << below(random, 4);
	}
	return call(recorder, "features", &regs);
}

static int map_pair(struct recorder *recorder, size_t tx, size_t rx, unsigned int pages)
{
	struct ffa_regs regs = { .x = { FFA_RXTX_MAP_64, recorder_page(recorder, tx),
					recorder_page(recorder, rx), pages } };

	return call(recorder, "map.ok", &regs);
}

static int map_wrongly(struct recorder *recorder, struct draw *random)
{
	const uint64_t places[] = { recorder_page(recorder, 0),
				    recorder_page(recorder, 2) + 8,
				    ADDRESS_DEVICE,
				    ADDRESS_SECURE,
				    recorder_page(recorder, 4),
				    0 };
	struct ffa_regs regs = { .x = { FFA_RXTX_MAP_64, recorder_page(recorder, 0),
					recorder_page(recorder, 1), 1 } };
	char tag[TAG_SIZE];
	unsigned int how = below(random, 4);

	if (how < 2)
		regs.x[1 + how] = places[1 + below(random, 3)];
	else if (how == 2)
		regs.x[3] = below(random, 2) ? 0 : UINT64_C(1) << (6 + below(random, 26));
	else
		regs.x[1] = regs.x[2] = places[5];
	snprintf(tag, sizeof(tag), "map.wrong%u", how);
	return call(recorder, tag, &regs);
}

static int play_rxtx(struct recorder *recorder, struct draw *random)
{
	struct ffa_regs regs = { 0 };

	switch (below(random, 5)) {
	case 0:
		return map_pair(recorder, 0, 4, 1 + below(random, 4));
	case 1:
		return map_wrongly(recorder, random);
	case 2:
		regs.x[0] = FFA_RXTX_UNMAP;
		return call(recorder, "unmap", &regs);
	case 3:
		regs.x[0] = FFA_RX_RELEASE;
		return call(recorder, "rx_release", &regs);
	default:
		regs.x[0] = FFA_RXTX_UNMAP;
		regs.x[1] = below(random, 2) ? 0x10000 : draw(random) & UINT32_MAX;
		return call(recorder, "unmap.w1", &regs);
	}
}

/* Words of UUIDs as FFA_PARTITION_INFO_GET takes them; the last is nobody's. */
static const uint32_t uuids[][4] = {
	{ 0, 0, 0, 0 },
	{ 0xe0786148, 0xe311f8e7, 0x02005ebc, 0x1bc5d5a5 },
	{ 0x11111111, 0x33332222, 0x55554444, 0x77776666 },
	{ 0xaaaaaaaa, 0xccccbbbb, 0xeeeedddd, 0x0100ffff },
	{ 1, 2, 3, 4 },
};

static int play_discovery(struct recorder *recorder, struct draw *random)
{
	const uint32_t *uuid = PICK(random, uuids);
	struct ffa_regs regs = { .x = { FFA_PARTITION_INFO_GET, uuid[0], uuid[1], uuid[2], uuid[3] } };

	if (!recorder->mapped && below(random, 3))
		return map_pair(recorder, 0, 4, 1);
	switch (below(random, 6)) {
	case 0:
		regs.x[5] = 1;
		return call(recorder, "info.count", &regs);
	case 1:
		regs = (struct ffa_regs) { .x = { FFA_PARTITION_INFO_GET_REGS, 0, 0, below(random, 3) } };
		return call(recorder, "info.regs", &regs);
	case 2:
		regs = (struct ffa_regs) { .x = { FFA_RX_RELEASE } };
		return call(recorder, "rx_release", &regs);
	default:
		return call(recorder, "info.get", &regs);
	}
}

static int play_direct(struct recorder *recorder, struct draw *random)
{
	static const uint32_t kinds[] = { FFA_MSG_SEND_DIRECT_REQ,  FFA_MSG_SEND_DIRECT_REQ_64,
					  FFA_MSG_SEND_DIRECT_REQ,  FFA_MSG_SEND_DIRECT_REQ_64,
					  FFA_MSG_SEND_DIRECT_REQ2, FFA_MSG_SEND_DIRECT_RESP };
	uint32_t kind = PICK(random, kinds);
	uint16_t receiver = some_partition(recorder, random);
	struct ffa_regs regs = { .x = { kind, receiver } };
	char tag[TAG_SIZE];

	for (unsigned int i = 4; i < 8; i++)
		regs.x[i] = kind == FFA_MSG_SEND_DIRECT_REQ ? draw(random) & UINT32_MAX : draw(random);
	if (below(random, 4) == 0)
		regs.x[3] = COMMANDS_UNKNOWN;
	if (below(random, 8) == 0)
		regs.x[2] = UINT64_C(1) << below(random, 32);
	if (below(random, 10) == 0)
		regs.x[1] |= UINT64_C(1) << (16 + below(random, 16));
	snprintf(tag, sizeof(tag), "direct.%x.%x", kind & 0xffff, receiver);
	return call(recorder, tag, &regs);
}

/* A partition in the middle of a request: others are refused, and only the right FFA_RUN goes on. */
static int play_run(struct recorder *recorder, struct draw *random)
{
	uint16_t partition = some_partition(recorder, random);
	struct ffa_regs regs, other;
	uint64_t target;
	int r;

	if (below(random, 3) || recorder->spinner_count == 0) {
		other = (struct ffa_regs) { .x = { FFA_RUN, (uint64_t)partition << 16 | below(random, 3) } };
		return call(recorder, "run.idle", &other);
	}
	/* Whether a short request is interrupted is a matter of luck, so it has to be a long one. */
	partition = recorder->spinners[below(random, (unsigned int)recorder->spinner_count)];
	regs = (struct ffa_regs) { .x = { FFA_MSG_SEND_DIRECT_REQ, partition, 0, COMMAND_SPIN, SPINS_LONG } };
	recorder_case(recorder, "preempt.start");
	recorder_raw(recorder);
	r = recorder_call(recorder, &regs);
	if (r < 0 || ffa_regs_w(&regs, 0) != FFA_INTERRUPT)
		return r;
	target = regs.x[1];
	other = (struct ffa_regs) { .x = { FFA_MSG_SEND_DIRECT_REQ, partition } };
	r = call(recorder, "preempt.busy", &other);
	if (r == 0) {
		other = (struct ffa_regs) { .x = { FFA_RUN, 0x8fff0000 } };
		r = call(recorder, "preempt.stranger", &other);
	}
	other = (struct ffa_regs) { .x = { FFA_RUN, target } };
	return r < 0 ? r : call(recorder, "preempt.run", &other);
}

static const struct {
	const char *name;
	int (*play)(struct recorder *recorder, struct draw *random);
} themes[] = {
	{ "setup", play_setup },         { "features", play_features }, { "rxtx", play_rxtx },
	{ "discovery", play_discovery }, { "direct", play_direct },     { "run", play_run },
};

#define THEMES (sizeof(themes) / sizeof(themes[0]))

int generator_play(struct recorder *recorder, uint64_t seed, unsigned int number)
{
	struct draw random = { seed * UINT64_C(0x100000001b3) + number };
	unsigned int theme = number % THEMES, count;
	int r = 0;

	recorder_sequence(recorder, seed, number, themes[theme].name);
	count = CALLS_MIN + below(&random, CALLS_SPREAD);
	for (unsigned int i = 0; r == 0 && i < count; i++) {
		/* Now and then something else in between. */
		unsigned int now = below(&random, 4) ? theme : below(&random, THEMES);

		r = themes[now].play(recorder, &random);
	}
	return r < 0 ? r : recorder_clean(recorder);
}
