/* SPDX-License-Identifier: BSD-3-Clause */
#include "recorder.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/version.h"

#define RUNS_MAX 100000 /* of a partition that is interrupted again and again */
#define RECORDER_PAGES_TRIED 4096
#define ECHO_WORD UINT64_C(0x5a5a)

uint64_t recorder_page(const struct recorder *recorder, size_t page)
{
	return recorder->pages.frames[recorder->first_page + page];
}

static uint8_t *page_bytes(const struct recorder *recorder, size_t page)
{
	return (uint8_t *)recorder->pages.map + (recorder->first_page + page) * FFA_PAGE_SIZE;
}

/* An address in our pages is written as Pn; so are handles where a reply announces them, by print_registers(). */
static void print_value(const struct recorder *recorder, uint64_t value)
{
	uint64_t offset = value - recorder->symbols.base;

	if (offset >= RECORDER_PAGES * FFA_PAGE_SIZE)
		fprintf(recorder->out, " %" PRIx64, value);
	else if (offset % FFA_PAGE_SIZE)
		fprintf(recorder->out, " P%" PRIu64 "+%" PRIx64, offset / FFA_PAGE_SIZE,
			offset % FFA_PAGE_SIZE);
	else
		fprintf(recorder->out, " P%" PRIu64, offset / FFA_PAGE_SIZE);
}

static void print_registers(const struct recorder *recorder, const char *what, const struct ffa_regs *regs,
			    int handle)
{
	size_t count = FFA_REGS_COUNT;

	while (count > 1 && regs->x[count - 1] == 0)
		count--;
	fputs(what, recorder->out);
	for (size_t i = 0; i < count; i++) {
		if (handle >= 0 && (i == 2 || i == 3))
			fprintf(recorder->out, " H%d.%s", handle, i == 2 ? "lo" : "hi");
		else
			print_value(recorder, regs->x[i]);
	}
	fputc('\n', recorder->out);
}

static bool announces_handle(uint32_t fid, const struct ffa_regs *reply)
{
	if (ffa_regs_w(reply, 0) != FFA_SUCCESS && ffa_regs_w(reply, 0) != FFA_SUCCESS_64)
		return false;
	switch (FFA_FID_NUMBER(fid)) {
	case FFA_FID_NUMBER(FFA_MEM_SHARE):
	case FFA_FID_NUMBER(FFA_MEM_LEND):
	case FFA_FID_NUMBER(FFA_MEM_DONATE):
		return true;
	default:
		return false;
	}
}

/* The number of the handle that a reply announces, -1: none. */
static int bind_handle(struct recorder *recorder, uint32_t fid, const struct ffa_regs *reply)
{
	uint64_t value = (uint64_t)ffa_regs_w(reply, 3) << 32 | ffa_regs_w(reply, 2);
	size_t number = recorder->symbols.handle_count;

	if (!announces_handle(fid, reply) ||
	    symbols_bind(&recorder->symbols, (unsigned int)number, value) < 0)
		return -1;
	for (size_t i = 0; i < number; i++)
		if (recorder->symbols.handles[i] == value) {
			fprintf(recorder->out, "ALIAS H%zu H%zu\n", number, i);
			break;
		}
	fprintf(recorder->out, "HVAL H%zu %" PRIx64 "\n", number, value);
	return (int)number;
}

static void note_mapping(struct recorder *recorder, const struct ffa_regs *call, const struct ffa_regs *reply)
{
	uint64_t base = recorder->symbols.base, tx = call->x[1] - base, rx = call->x[2] - base;

	if (ffa_regs_w(reply, 0) != FFA_SUCCESS && ffa_regs_w(reply, 0) != FFA_SUCCESS_64)
		return;
	switch (FFA_FID_NUMBER(ffa_regs_w(call, 0))) {
	case FFA_FID_NUMBER(FFA_RXTX_MAP):
		recorder->mapped = tx < RECORDER_PAGES * FFA_PAGE_SIZE && rx < RECORDER_PAGES * FFA_PAGE_SIZE;
		if (recorder->mapped) {
			recorder->tx_page = tx / FFA_PAGE_SIZE;
			recorder->rx_page = rx / FFA_PAGE_SIZE;
		}
		break;
	case FFA_FID_NUMBER(FFA_RXTX_UNMAP):
		recorder->mapped = false;
		break;
	default:
		break;
	}
}

static void print_bytes(FILE *out, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", bytes[i]);
	fputc('\n', out);
}

static uint64_t fnv(const uint8_t *bytes)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < FFA_PAGE_SIZE; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* What the firmware, or a partition, has written meanwhile. */
static void print_changes(struct recorder *recorder, bool should_fill)
{
	for (size_t page = 0; page < RECORDER_PAGES; page++) {
		const uint8_t *now = page_bytes(recorder, page);
		uint8_t *then = recorder->shadow + page * FFA_PAGE_SIZE;
		bool is_rx = recorder->mapped && page == recorder->rx_page;
		size_t first = 0, end = FFA_PAGE_SIZE;

		if (memcmp(now, then, FFA_PAGE_SIZE) == 0 && !(is_rx && should_fill))
			continue;
		if (is_rx) {
			while (end && now[end - 1] == 0)
				end--;
			fprintf(recorder->out, "RX %zx ", end);
			print_bytes(recorder->out, now, end);
		} else {
			while (now[first] == then[first])
				first++;
			while (now[end - 1] == then[end - 1])
				end--;
			fprintf(recorder->out, "PAGE P%zu %" PRIx64 " %zx %zx ", page, fnv(now), first,
				end - first);
			print_bytes(recorder->out, now + first, end - first < 32 ? end - first : 32);
		}
		memcpy(then, now, FFA_PAGE_SIZE);
	}
}

/* Answer INTERRUPT by FFA_RUN until it is something else; how often. */
static int resume(struct recorder *recorder, struct ffa_regs *regs, unsigned int *ret_runs)
{
	unsigned int runs = 0;

	while (ffa_regs_w(regs, 0) == FFA_INTERRUPT && runs < RUNS_MAX) {
		struct ffa_regs run = { .x = { FFA_RUN, regs->x[1] } };
		int r = ffa_conduit_call(recorder->conduit, 0, &run);

		if (r < 0)
			return r;
		*regs = run;
		runs++;
	}
	*ret_runs = runs;
	return 0;
}

int recorder_call(struct recorder *recorder, struct ffa_regs *regs)
{
	const struct ffa_regs call = *regs;
	uint32_t fid = ffa_regs_w(&call, 0);
	bool raw = recorder->raw, filled;
	unsigned int runs = 0;
	int r, handle;

	recorder->raw = false;
	recorder->calls++;
	print_registers(recorder, "CALL", &call, -1);
	/* A call that does not come back is to be seen. */
	fflush(recorder->out);
	r = ffa_conduit_call(recorder->conduit, 0, regs);
	if (r == 0 && !raw)
		r = resume(recorder, regs, &runs);
	if (r < 0)
		return r;
	if (runs)
		fprintf(recorder->out, "INTR %u\n", runs);
	handle = bind_handle(recorder, fid, regs);
	print_registers(recorder, "RET", regs, handle);
	note_mapping(recorder, &call, regs);
	filled = FFA_FID_NUMBER(fid) == FFA_FID_NUMBER(FFA_PARTITION_INFO_GET) &&
		 ffa_regs_w(regs, 0) == FFA_SUCCESS && ffa_regs_w(&call, 5) == 0;
	print_changes(recorder, filled);
	return 0;
}

void recorder_case(struct recorder *recorder, const char *tag)
{
	fprintf(recorder->out, "CASE %s\n", tag);
}

void recorder_raw(struct recorder *recorder)
{
	recorder->raw = true;
	fputs("RAW\n", recorder->out);
}

int recorder_write(struct recorder *recorder, int page, size_t offset, const uint8_t *bytes, size_t size)
{
	size_t target = page < 0 ? recorder->tx_page : (size_t)page;

	if (target >= RECORDER_PAGES || offset > FFA_PAGE_SIZE || size > FFA_PAGE_SIZE - offset)
		return -ERANGE;
	memcpy(page_bytes(recorder, target) + offset, bytes, size);
	memcpy(recorder->shadow + target * FFA_PAGE_SIZE + offset, bytes, size);
	if (page < 0)
		fprintf(recorder->out, "TX %zx ", offset);
	else
		fprintf(recorder->out, "FILL P%d %zx ", page, offset);
	print_bytes(recorder->out, bytes, size);
	return 0;
}

void recorder_sequence(struct recorder *recorder, uint64_t seed, unsigned int number, const char *theme)
{
	memset(page_bytes(recorder, 0), 0, RECORDER_PAGES * FFA_PAGE_SIZE);
	memset(recorder->shadow, 0, RECORDER_PAGES * FFA_PAGE_SIZE);
	symbols_reset(&recorder->symbols);
	recorder->tx_page = 0;
	fprintf(recorder->out, "SEQ %" PRIx64 " %u %s\n", seed, number, theme);
}

static int cleaning(struct recorder *recorder, const char *tag, struct ffa_regs *regs)
{
	recorder_case(recorder, tag);
	return recorder_call(recorder, regs);
}

static bool failed_with(const struct ffa_regs *reply, int32_t error)
{
	return ffa_regs_w(reply, 0) == FFA_ERROR && (int32_t)ffa_regs_w(reply, 2) == error;
}

int recorder_clean(struct recorder *recorder)
{
	struct ffa_regs regs;
	const char *why = NULL;

	fputs("CLEANUP\n", recorder->out);
	for (size_t i = 0; !why && i < recorder->partition_count; i++) {
		regs = (struct ffa_regs) { .x = { FFA_MSG_SEND_DIRECT_REQ, recorder->partitions[i], 0, 0,
						  ECHO_WORD } };
		if (cleaning(recorder, "clean.echo", &regs) < 0 ||
		    ffa_regs_w(&regs, 0) != FFA_MSG_SEND_DIRECT_RESP)
			why = "echo";
	}
	regs = (struct ffa_regs) { .x = { FFA_RX_RELEASE } };
	if (!why && cleaning(recorder, "clean.rx_release", &regs) < 0)
		why = "release";
	regs = (struct ffa_regs) { .x = { FFA_RXTX_UNMAP } };
	if (!why && cleaning(recorder, "clean.unmap", &regs) < 0)
		why = "unmap";
	regs = (struct ffa_regs) { .x = { FFA_RXTX_UNMAP } };
	if (!why &&
	    (cleaning(recorder, "clean.unmap2", &regs) < 0 || !failed_with(&regs, FFA_INVALID_PARAMETERS)))
		why = "unmap";
	regs = (struct ffa_regs) { .x = { FFA_VERSION, FFA_VERSION_1_2 } };
	if (!why && cleaning(recorder, "clean.version", &regs) < 0)
		why = "version";
	if (why)
		fprintf(recorder->out, "CLEAN fail %s\n", why);
	else
		fputs("CLEAN ok\n", recorder->out);
	return !why;
}

/* RECORDER_PAGES that lie one behind the other. */
static int find_pages(const struct ffa_pages *pages, size_t *ret_first)
{
	size_t length = 1;

	for (size_t i = 1; i < pages->count && length < RECORDER_PAGES; i++) {
		length = pages->frames[i] == pages->frames[i - 1] + FFA_PAGE_SIZE ? length + 1 : 1;
		*ret_first = i + 1 - length;
	}
	return length < RECORDER_PAGES ? -ENOMEM : 0;
}

/* The more fragmented memory is, the more pages it takes. */
static int alloc_pages(struct recorder *recorder)
{
	const struct ffa_conduit_ops *ops = recorder->conduit->ops;

	for (size_t count = RECORDER_PAGES; count <= RECORDER_PAGES_TRIED; count *= 4) {
		int r = ops->pages_alloc(recorder->conduit, count, &recorder->pages);

		if (r < 0)
			return r;
		if (find_pages(&recorder->pages, &recorder->first_page) == 0)
			return 0;
		ops->pages_free(recorder->conduit, &recorder->pages);
	}
	return -ENOMEM;
}

int recorder_begin(struct recorder *recorder, struct ffa_conduit *conduit, FILE *out, const char *name,
		   uint64_t seed)
{
	struct ffa_regs version = { .x = { FFA_VERSION, FFA_VERSION_1_2 } }, id = { .x = { FFA_ID_GET } };
	int r;

	*recorder = (struct recorder) { .conduit = conduit, .out = out };
	r = alloc_pages(recorder);
	if (r < 0)
		return r;
	recorder->shadow = calloc(RECORDER_PAGES, FFA_PAGE_SIZE);
	if (!recorder->shadow) {
		recorder_end(recorder);
		return -ENOMEM;
	}
	recorder->symbols.base = recorder_page(recorder, 0);
	fprintf(out, "BOOT %s seed %" PRIx64 " phys %" PRIx64 " flags 0\n", name, seed,
		recorder->symbols.base);
	recorder_case(recorder, "boot.version");
	r = recorder_call(recorder, &version);
	if (r == 0) {
		recorder_case(recorder, "boot.id");
		r = recorder_call(recorder, &id);
	}
	if (r < 0)
		recorder_end(recorder);
	return r;
}

void recorder_end(struct recorder *recorder)
{
	free(recorder->shadow);
	recorder->shadow = NULL;
	recorder->conduit->ops->pages_free(recorder->conduit, &recorder->pages);
}
