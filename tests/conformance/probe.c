/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/conformance/probe.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi/text.h"
#include "base/cleanup.h"
#include "tests/conformance/machine_under_test.h"

__attribute__((format(printf, 3, 0))) static void settle(struct probe *probe, enum verdict verdict,
							 const char *format, va_list args)
{
	if (probe->verdict != VERDICT_PASS)
		return;
	probe->verdict = verdict;
	vsnprintf(probe->reason, sizeof(probe->reason), format, args);
}

bool probe_fail(struct probe *probe, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	settle(probe, VERDICT_FAIL, format, args);
	va_end(args);
	return false;
}

bool probe_skip(struct probe *probe, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	settle(probe, VERDICT_SKIP, format, args);
	va_end(args);
	return false;
}

static bool is_rxtx_map(uint32_t fid)
{
	return fid == FFA_RXTX_MAP || fid == FFA_RXTX_MAP_64;
}

void probe_pin(const struct probe *probe, unsigned int cpu)
{
	cpu_set_t set;

	if (probe->own)
		return;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
}

struct ffa_regs probe_call(struct probe *probe, unsigned int cpu, const struct ffa_regs *call)
{
	struct ffa_regs reply = *call;
	int error;

	probe_pin(probe, cpu);
	error = ffa_conduit_call(probe->conduit, cpu, &reply);

	if (error < 0) {
		probe_fail(probe, "the conduit failed: %s", strerror(-error));
		reply = (struct ffa_regs) { 0 };
	}
	if (probe_is(&reply, FFA_SUCCESS) && is_rxtx_map(ffa_regs_w(call, 0)))
		probe->mapped = true;
	if (probe_is(&reply, FFA_SUCCESS) && ffa_regs_w(call, 0) == FFA_RXTX_UNMAP)
		probe->mapped = false;
	if (probe->frame_count < PROBE_FRAMES_MAX)
		probe->frames[probe->frame_count] = (struct probe_frame) { cpu, *call, reply };
	probe->frame_count++;
	return reply;
}

static bool unexpected(struct probe *probe, const struct ffa_regs *reply, const char *what,
		       const char *expected)
{
	const struct probe_frame *last = probe->frame_count > 0 && probe->frame_count <= PROBE_FRAMES_MAX
						 ? &probe->frames[probe->frame_count - 1]
						 : NULL;
	char text[FFA_TEXT_SIZE];

	ffa_text_reply(last ? ffa_regs_w(&last->call, 0) : 0, reply, text, sizeof(text));
	return probe_fail(probe, "%s: %s expected, got %s", what, expected, text);
}

bool probe_success(struct probe *probe, const struct ffa_regs *reply, const char *what)
{
	if ((probe_is(reply, FFA_SUCCESS) || probe_is(reply, FFA_SUCCESS_64)) && ffa_regs_w(reply, 1) == 0)
		return true;
	return unexpected(probe, reply, what, "success");
}

bool probe_error(struct probe *probe, const struct ffa_regs *reply, int32_t error, const char *what)
{
	if (probe_is(reply, FFA_ERROR) && ffa_regs_w(reply, 1) == 0 &&
	    ffa_regs_w(reply, 2) == (uint32_t)error)
		return true;
	return unexpected(probe, reply, what, ffa_error_name(error));
}

bool probe_outcome(struct probe *probe, const struct ffa_regs *reply, const struct expect *expect,
		   const char *what)
{
	int32_t want = probe_want(probe, expect);

	if (want == UNKNOWN)
		return probe_skip(probe, "%s: what this firmware answers is not known", what);
	return want == FFA_OK ? probe_success(probe, reply, what) : probe_error(probe, reply, want, what);
}

bool probe_value(struct probe *probe, uint64_t value, uint64_t expected, const char *what)
{
	if (value == expected)
		return true;
	return probe_fail(probe, "%s is %#" PRIx64 ", expected %#" PRIx64, what, value, expected);
}

bool probe_pages(struct probe *probe, size_t count, struct ffa_pages *ret_pages)
{
	struct ffa_pages pages;
	int error = probe->conduit->ops->pages_alloc(probe->conduit, count, &pages);

	if (error < 0)
		return probe_skip(probe, "%zu pages for the firmware: %s", count, strerror(-error));
	*ret_pages = pages;
	return true;
}

bool probe_contiguous(struct probe *probe, const struct ffa_pages *pages)
{
	for (size_t i = 1; i < pages->count; i++) {
		if (pages->frames[i] != pages->frames[0] + i * FFA_PAGE_SIZE)
			return probe_skip(probe, "%zu pages for the firmware do not lie together",
					  pages->count);
	}
	return true;
}

struct ffa_regs probe_map(struct probe *probe, size_t tx, size_t rx, size_t count)
{
	return CALL(probe, FFA_RXTX_MAP_64, probe->pages.frames[tx], probe->pages.frames[rx], count);
}

struct ffa_regs probe_unmap(struct probe *probe)
{
	return CALL(probe, FFA_RXTX_UNMAP);
}

struct ffa_regs probe_rx_release(struct probe *probe)
{
	return CALL(probe, FFA_RX_RELEASE);
}

/* Once it is bound to a version, the EL3 SPMC answers FFA_VERSION with that, and else with its own. */
static const struct expect tells_bound = EXPECT(0, 0, 1, 0);

static bool negotiate(struct probe *probe)
{
	struct ffa_regs reply = CALL(probe, FFA_VERSION, probe->version);

	if (!probe->own && probe_want(probe, &tells_bound)) {
		CALL(probe, FFA_ID_GET);
		reply = CALL(probe, FFA_VERSION, probe->version);
		if (ffa_regs_w(&reply, 0) == probe->version)
			return true;
	} else if ((ffa_regs_w(&reply, 0) & FFA_VERSION_MBZ) == 0 &&
		   ffa_regs_w(&reply, 0) >= probe->version) {
		return true;
	}
	if (probe->own)
		return probe_fail(probe, "FFA_VERSION refuses a version that this firmware speaks");
	return probe_skip(probe, "the firmware is bound to another version until it restarts");
}

/* Somebody else's buffers must not be touched: on firmware that was there before, try. */
static bool map_first_pages(struct probe *probe)
{
	struct ffa_regs reply = probe_map(probe, 0, 1, 1);

	if (!probe->own && probe_is(&reply, FFA_ERROR) && ffa_regs_w(&reply, 2) == (uint32_t)FFA_DENIED)
		return probe_skip(probe, "RX/TX buffers are mapped by somebody else");
	return probe_success(probe, &reply, "FFA_RXTX_MAP");
}

static bool find_unmapped(struct probe *probe)
{
	struct ffa_regs reply;

	if (probe->own)
		return true;
	if (!map_first_pages(probe))
		return false;
	reply = probe_unmap(probe);
	return probe_success(probe, &reply, "FFA_RXTX_UNMAP");
}

bool probe_start(struct probe *probe, enum case_start start)
{
	probe->verdict = VERDICT_PASS;
	if (start == START_RESET && !probe->own)
		return probe_skip(probe, "only firmware that has just started can be asked this");
	if (!probe_pages(probe, PROBE_PAGES, &probe->pages))
		return false;
	if (start == START_RESET)
		return true;
	if (!negotiate(probe))
		return false;
	if (start == START_NEGOTIATED)
		return true;
	return start == START_MAPPED ? map_first_pages(probe) : find_unmapped(probe);
}

void probe_end(struct probe *probe)
{
	if (!probe->pages.frames)
		return;
	if (probe->mapped) {
		probe_rx_release(probe);
		probe_unmap(probe);
	}
	/* Pages that the firmware may still reach are not given back. */
	if (probe->own || !probe->mapped)
		probe->conduit->ops->pages_free(probe->conduit, &probe->pages);
}

struct ffa_regs probe_info_get(struct probe *probe, const struct ffa_uuid *uuid, uint32_t flags)
{
	uint32_t words[4];

	ffa_uuid_to_words(uuid, words);
	return CALL(probe, FFA_PARTITION_INFO_GET, words[0], words[1], words[2], words[3], flags);
}

size_t probe_stride(const struct probe *probe, const struct ffa_regs *reply)
{
	return probe->version < FFA_VERSION_1_1 ? FFA_PARTITION_INFO_SIZE_1_0 : ffa_regs_w(reply, 3);
}

bool probe_info(struct probe *probe, const struct ffa_regs *reply, size_t index,
		struct ffa_partition_info *ret_info)
{
	size_t stride = probe_stride(probe, reply);

	if (ffa_partition_info_decode(probe_rx(probe), FFA_PAGE_SIZE, stride, index, ret_info) < 0)
		return probe_fail(probe, "descriptor %zu of %zu bytes is not in RX", index, stride);
	return true;
}

bool probe_find(struct probe *probe, enum role role, struct ffa_partition_info *ret_info)
{
	const struct ffa_uuid *uuid = &probe->roles->uuids[role];
	struct ffa_regs reply = probe_info_get(probe, uuid, 0), release;
	bool found = probe_is(&reply, FFA_SUCCESS) && ffa_regs_w(&reply, 2) > 0;
	struct ffa_partition_info info;
	char text[FFA_UUID_STR_SIZE];

	if (found && !probe_info(probe, &reply, 0, &info))
		return false;
	if (probe_is(&reply, FFA_SUCCESS)) {
		release = probe_rx_release(probe);
		if (!probe_success(probe, &release, "FFA_RX_RELEASE after discovery"))
			return false;
	}
	if (found) {
		*ret_info = info;
		return true;
	}
	ffa_uuid_format(uuid, text);
	if (probe->own)
		return probe_fail(probe, "discovery does not find the partition %s (%s)", role_name(role),
				  text);
	return probe_skip(probe, "there is no partition %s: give its UUID by --partition %s=UUID", text,
			  role_name(role));
}

bool probe_absent_id(struct probe *probe, uint16_t *ret_id)
{
	struct ffa_regs reply = probe_info_get(probe, &ffa_uuid_nil, 0), release;
	struct ffa_partition_info info;
	uint16_t id = 0x8fff;

	if (!probe_success(probe, &reply, "FFA_PARTITION_INFO_GET"))
		return false;
	for (size_t i = 0; i < ffa_regs_w(&reply, 2);) {
		if (!probe_info(probe, &reply, i, &info))
			return false;
		i++;
		if (info.id == id) {
			id--;
			i = 0;
		}
	}
	release = probe_rx_release(probe);
	if (!probe_success(probe, &release, "FFA_RX_RELEASE after discovery"))
		return false;
	*ret_id = id;
	return true;
}

bool probe_load(struct probe *probe, const char *name)
{
	_cleanup_free_ char *reason = NULL;
	int error;

	if (!probe->own || !probe->conduit->ops->sim_load)
		return probe_skip(probe, "the partitions of this firmware do not change while it runs");
	error = machine_under_test_load(probe->conduit, name, &reason);
	if (error < 0)
		return probe_fail(probe, "cannot load %s: %s", name, reason ? reason : strerror(-error));
	return true;
}

bool probe_cpus(struct probe *probe, unsigned int count)
{
	if (probe->conduit->cpus >= count)
		return true;
	return probe_skip(probe, "the machine has %u CPUs, this takes %u", probe->conduit->cpus, count);
}
