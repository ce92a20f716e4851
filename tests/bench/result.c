/* SPDX-License-Identifier: BSD-3-Clause */
#include "result.h"

#include <stdio.h>

#define NS_PER_US 1e3
#define NS_PER_MS 1e6
#define BYTES_PER_MIB (1024.0 * 1024.0)

/* What ffad shall reach. */
#define TARGET_DIRECT 1.5     /* × raw */
#define TARGET_PIPELINED 0.15 /* × raw, of one message */
#define TARGET_RSS_MIB 8.0
#define TARGET_READY_MS 50.0
#define TARGET_SYSCALLS 3.0
#define TARGET_ALLOCATIONS 0.0
#define TARGET_IDLE 1.1  /* × without */
#define COUNT_SLACK 0.05 /* of what is counted: sessions open and close meanwhile */

struct target {
	const char *name, *unit;
	double value, most;
};

enum {
	TARGETS_MAX = 8
};

static double p50(const struct timing *timing)
{
	return figure_median(&timing->p50);
}

static double p99(const struct timing *timing)
{
	return figure_median(&timing->p99);
}

static size_t make_targets(const struct result *result, struct target ret_targets[static TARGETS_MAX])
{
	double raw = p50(&result->raw);
	size_t count = 0;

	ret_targets[count++] =
		(struct target) { "direct", "x raw", p50(&result->direct) / raw, TARGET_DIRECT };
	ret_targets[count++] = (struct target) { "pipelined", "x raw",
						 figure_median(&result->pipelined) / raw, TARGET_PIPELINED };
	ret_targets[count++] = (struct target) { "idle-sessions", "x without",
						 p50(&result->crowded) / p50(&result->direct), TARGET_IDLE };
	ret_targets[count++] =
		(struct target) { "rss", "MiB", (double)result->rss / BYTES_PER_MIB, TARGET_RSS_MIB };
	ret_targets[count++] =
		(struct target) { "ready", "ms", figure_median(&result->ready) / NS_PER_MS, TARGET_READY_MS };
	if (result->has_syscalls)
		ret_targets[count++] = (struct target) { "syscalls", "per call", result->syscalls.per_call,
							 TARGET_SYSCALLS + COUNT_SLACK };
	ret_targets[count++] = (struct target) { "allocations", "per call", result->allocations,
						 TARGET_ALLOCATIONS + COUNT_SLACK };
	return count;
}

static void print_row(const char *name, double median, double tail, double raw)
{
	printf("  %-44s %8.2f", name, median / NS_PER_US);
	if (tail > 0)
		printf(" %9.2f", tail / NS_PER_US);
	else
		printf(" %9s", "");
	printf(" %8.2f\n", median / raw);
}

static void print_timing(const char *name, const struct timing *timing, double raw)
{
	print_row(name, p50(timing), p99(timing), raw);
}

static void print_counts(const struct result *result)
{
	if (result->has_syscalls) {
		printf("  system calls of ffad for one direct message: %.2f (", result->syscalls.per_call);
		for (size_t i = 0; i < result->syscalls.names; i++)
			printf("%s%s %.2f", i ? ", " : "", result->syscalls.by_name[i].name,
			       result->syscalls.by_name[i].per_call);
		puts(")");
	} else {
		puts("  SKIP: system calls: strace is not installed, or may not trace");
	}
	printf("  allocations of ffad for one direct message:  %.2f\n", result->allocations);
}

void result_print_text(const struct result *result)
{
	struct target targets[TARGETS_MAX];
	size_t count = make_targets(result, targets);
	double raw = p50(&result->raw);
	char name[64];

	printf("Client and server on CPU %d; %zu rounds of %zu calls of each kind in turn; medians of the "
	       "rounds.\n\n",
	       result->cpu, result->rounds, result->calls);
	printf("  %-44s %8s %9s %8s\n", "", "p50 us", "p99 us", "x raw");
	print_timing("raw socket, epoll server, 64 bytes", &result->raw, raw);
	print_timing("ping", &result->ping, raw);
	print_timing("direct message", &result->direct, raw);
	print_row("direct message, 64 under way, each", figure_median(&result->pipelined), 0, raw);
	print_row("the same without libffa-client", figure_median(&result->pipelined_bare), 0, raw);
	snprintf(name, sizeof(name), "direct message beside %zu idle sessions", result->idle_sessions);
	print_timing(name, &result->crowded, raw);
	print_timing("... beside slow, yielding, hanging calls", &result->disturbed, raw);
	printf("      compared with undisturbed: p50 x %.2f, p99 x %.2f\n",
	       p50(&result->disturbed) / p50(&result->direct),
	       p99(&result->disturbed) / p99(&result->direct));
	if (result->has_cross) {
		puts("\nFor information, client and server on different CPUs:\n");
		print_timing("raw socket, epoll server, 64 bytes", &result->cross_raw,
			     p50(&result->cross_raw));
		print_timing("direct message", &result->cross_direct, p50(&result->cross_raw));
	}
	printf("\n  resident memory, idle: %.2f MiB (proportional share: %.2f MiB)\n",
	       (double)result->rss / BYTES_PER_MIB, (double)result->pss / BYTES_PER_MIB);
	printf("  resident memory with %zu sessions: %.2f MiB\n", result->idle_sessions,
	       (double)result->crowded_rss / BYTES_PER_MIB);
	printf("  from fork to READY=1: %.1f ms\n", figure_median(&result->ready) / NS_PER_MS);
	print_counts(result);
	puts("\nTargets:\n");
	for (size_t i = 0; i < count; i++)
		printf("  %-14s %8.3f %-10s at most %-8.2f %s\n", targets[i].name, targets[i].value,
		       targets[i].unit, targets[i].most,
		       targets[i].value <= targets[i].most ? "pass" : "MISS");
}

static void print_json_timing(const char *name, const struct timing *timing)
{
	printf("  \"%s\": { \"p50_ns\": %.0f, \"p99_ns\": %.0f },\n", name, p50(timing), p99(timing));
}

void result_print_json(const struct result *result)
{
	struct target targets[TARGETS_MAX];
	size_t count = make_targets(result, targets);

	printf("{\n  \"rounds\": %zu,\n  \"calls\": %zu,\n  \"cpu\": %d,\n", result->rounds, result->calls,
	       result->cpu);
	print_json_timing("raw", &result->raw);
	print_json_timing("ping", &result->ping);
	print_json_timing("direct", &result->direct);
	printf("  \"pipelined\": { \"p50_ns\": %.0f },\n", figure_median(&result->pipelined));
	printf("  \"pipelined_bare\": { \"p50_ns\": %.0f },\n", figure_median(&result->pipelined_bare));
	printf("  \"idle_sessions\": %zu,\n", result->idle_sessions);
	print_json_timing("direct_beside_idle", &result->crowded);
	print_json_timing("direct_disturbed", &result->disturbed);
	if (result->has_cross) {
		print_json_timing("cross_cpu_raw", &result->cross_raw);
		print_json_timing("cross_cpu_direct", &result->cross_direct);
	}
	printf("  \"rss_bytes\": %zu,\n  \"pss_bytes\": %zu,\n  \"rss_with_sessions_bytes\": %zu,\n",
	       result->rss, result->pss, result->crowded_rss);
	printf("  \"ready_ns\": %.0f,\n", figure_median(&result->ready));
	if (result->has_syscalls)
		printf("  \"syscalls_per_call\": %.3f,\n", result->syscalls.per_call);
	printf("  \"allocations_per_call\": %.3f,\n  \"targets\": [\n", result->allocations);
	for (size_t i = 0; i < count; i++)
		printf("    { \"name\": \"%s\", \"value\": %.3f, \"unit\": \"%s\", \"most\": %.2f, \"pass\": "
		       "%s }%s\n",
		       targets[i].name, targets[i].value, targets[i].unit, targets[i].most,
		       targets[i].value <= targets[i].most ? "true" : "false", i + 1 < count ? "," : "");
	puts("  ]\n}");
}
