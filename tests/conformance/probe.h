/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a case has in its hands: a way to issue frames and a verdict. It knows the machine only through the
 * conduit, so that the same case can run against firmware on hardware.
 *
 * Thread rule: one thread, unless a function says otherwise.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "abi/direct.h"
#include "abi/fid.h"
#include "abi/partition_info.h"
#include "abi/version.h"
#include "daemon/conduit/conduit.h"
#include "tests/conformance/case.h"
#include "tests/conformance/role.h"

#define PROBE_REASON_SIZE 256
#define PROBE_FRAMES_MAX 96 /* kept of one case; later ones are counted only */
#define PROBE_PAGES 4       /* TX is the first, RX the second */
#define PROBE_ROUNDS_MAX 64 /* of FFA_RUN, or of retries after BUSY, in one request */

enum verdict {
	VERDICT_NONE, /* the case does not apply */
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_SKIP,
};

struct probe_frame {
	unsigned int cpu;
	struct ffa_regs call, reply;
};

struct probe {
	struct ffa_conduit *conduit;
	enum firmware firmware; /* what to expect */
	uint32_t version;       /* that the normal world speaks */
	bool own;               /* the machine was started for this case and has all roles */
	const struct roles *roles;

	struct ffa_pages pages; /* PROBE_PAGES of them */
	bool mapped;            /* RX/TX are mapped, by this case */
	enum verdict verdict;
	char reason[PROBE_REASON_SIZE];
	size_t frame_count; /* issued; the first PROBE_FRAMES_MAX are in `frames` */
	struct probe_frame frames[PROBE_FRAMES_MAX];
};

/* Become what the case starts from; false when the verdict is settled by that already. */
bool probe_start(struct probe *probe, enum case_start start);
/* Leave the firmware without this case's RX/TX buffers, give the pages back. The verdict stays as it is. */
void probe_end(struct probe *probe);

/* Issue a frame on a CPU. A conduit that fails settles the verdict; the reply is then all zero. */
struct ffa_regs probe_call(struct probe *probe, unsigned int cpu, const struct ffa_regs *call);
#define CALL_ON(probe, cpu, ...) probe_call((probe), (cpu), &(const struct ffa_regs) { .x = { __VA_ARGS__ } })
#define CALL(probe, ...) CALL_ON(probe, 0, __VA_ARGS__)

static inline bool probe_is(const struct ffa_regs *reply, uint32_t fid)
{
	return ffa_regs_w(reply, 0) == fid;
}

static inline int32_t probe_want(const struct probe *probe, const struct expect *expect)
{
	return expect->of[probe->firmware];
}

/* The first verdict counts. Both return false. */
bool probe_fail(struct probe *probe, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool probe_skip(struct probe *probe, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* True when the reply is as expected, otherwise the verdict is settled. */
bool probe_success(struct probe *probe, const struct ffa_regs *reply, const char *what);
bool probe_error(struct probe *probe, const struct ffa_regs *reply, int32_t error, const char *what);
bool probe_outcome(struct probe *probe, const struct ffa_regs *reply, const struct expect *expect,
		   const char *what);
bool probe_value(struct probe *probe, uint64_t value, uint64_t expected, const char *what);

#define FAIL(probe, ...)                                                                                     \
	do {                                                                                                 \
		probe_fail((probe), __VA_ARGS__);                                                            \
		return;                                                                                      \
	} while (0)
#define SKIP(probe, ...)                                                                                     \
	do {                                                                                                 \
		probe_skip((probe), __VA_ARGS__);                                                            \
		return;                                                                                      \
	} while (0)
/* Go on only while a check holds. */
#define REQUIRE(condition)                                                                                   \
	do {                                                                                                 \
		if (!(condition))                                                                            \
			return;                                                                              \
	} while (0)
#define CHECK(probe, condition, ...)                                                                         \
	do {                                                                                                 \
		if (!(condition))                                                                            \
			FAIL(probe, __VA_ARGS__);                                                            \
	} while (0)
#define SUCCESS(probe, reply, what) REQUIRE(probe_success((probe), &(reply), (what)))
#define ERROR(probe, reply, error, what) REQUIRE(probe_error((probe), &(reply), (error), (what)))
#define OUTCOME(probe, reply, expect, what) REQUIRE(probe_outcome((probe), &(reply), &(expect), (what)))
#define VALUE(probe, value, expected, what) REQUIRE(probe_value((probe), (value), (expected), (what)))

/* The buffers. */
static inline uint8_t *probe_rx(struct probe *probe)
{
	return (uint8_t *)probe->pages.map + FFA_PAGE_SIZE;
}

/* Map page `tx` and page `rx` of the probe's, `count` pages each. */
struct ffa_regs probe_map(struct probe *probe, size_t tx, size_t rx, size_t count);
struct ffa_regs probe_unmap(struct probe *probe);
struct ffa_regs probe_rx_release(struct probe *probe);
/* More pages; false when the verdict is settled. Free with the conduit's pages_free. */
bool probe_pages(struct probe *probe, size_t count, struct ffa_pages *ret_pages);
/* Do they lie together? False: the verdict is settled. */
bool probe_contiguous(struct probe *probe, const struct ffa_pages *pages);

/* Discovery. */
struct ffa_regs probe_info_get(struct probe *probe, const struct ffa_uuid *uuid, uint32_t flags);
/* Bytes of one descriptor in RX, of whatever w3 says. */
size_t probe_stride(const struct probe *probe, const struct ffa_regs *reply);
/* Decode descriptor `index` of RX. False: the verdict is settled. */
bool probe_info(struct probe *probe, const struct ffa_regs *reply, size_t index,
		struct ffa_partition_info *ret_info);
/* Find a partition by its UUID; RX is free before and after. False: the verdict is settled. */
bool probe_find(struct probe *probe, enum role role, struct ffa_partition_info *ret_info);
/* An endpoint id of the secure world that no partition has. False: the verdict is settled. */
bool probe_absent_id(struct probe *probe, uint16_t *ret_id);
/* Load one of the suite's manifests into a running simulated machine. False: the verdict is settled. */
bool probe_load(struct probe *probe, const char *name);

/* Bind the calling thread to a CPU where that matters; frames are issued from there then. Any thread. */
void probe_pin(const struct probe *probe, unsigned int cpu);
/* Has the machine that many CPUs? False: the verdict is settled. */
bool probe_cpus(struct probe *probe, unsigned int count);
