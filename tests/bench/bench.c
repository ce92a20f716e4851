/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What ffad costs, beside the raw socket round trip that is the least to pay. Everything is measured in one run, in
 * turn, so that what disturbs the machine disturbs all of it. Numbers are judged by docs/performance.md, never by the
 * exit status: that is 0 unless something broke.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "calls.h"
#include "count.h"
#include "disturb.h"
#include "process.h"
#include "raw.h"
#include "result.h"

#define ROUNDS 11
#define CALLS 5000
#define WARM_DIVISOR 10
#define CROSS_DIVISOR 5 /* they take twenty times as long */
#define DISTURBED_FACTOR                                                                                     \
	5 /* the slow partition takes a millisecond: enough of them have to fall into one round */
#define IDLE_SESSIONS 1000
#define STARTS 11
#define CPUS_MAX 1024

struct options {
	const char *ffad, *preload, *folder; /* folder: of the manifests */
	size_t rounds, calls;
	int cpu;
	bool json;
};

static const char help[] = "Usage: bench --ffad PATH [OPTION]...\n"
			   "Measure ffad on the simulated SPMC beside a raw socket round trip, in one run.\n"
			   "\n"
			   "  --ffad PATH       the program\n"
			   "  --preload PATH    the library that counts allocations\n"
			   "  --manifests PATH  folder with echo.dtb, hanging.dtb, slowly.dtb, yielding.dtb\n"
			   "  --rounds N        rounds, 1 to 101 (11)\n"
			   "  --calls N         calls of each kind in a round (5000)\n"
			   "  --cpu N           CPU for client and server (the last one)\n"
			   "  --json            print JSON\n"
			   "  --help            print this\n";

/* ---- One round ---- */

static void add_timing(struct timing *timing, struct samples *samples)
{
	figure_add(&timing->p50, samples_quantile(samples, 0.5));
	figure_add(&timing->p99, samples_quantile(samples, 0.99));
	samples_clear(samples);
}

static void time_raw(struct raw *raw, size_t calls, struct timing *timing)
{
	struct samples samples;

	samples_init(&samples, calls);
	raw_measure(raw, calls / WARM_DIVISOR, &samples);
	samples.count = 0;
	raw_measure(raw, calls, &samples);
	add_timing(timing, &samples);
}

static void time_calls(struct ffa_client *client,
		       void (*measure)(struct ffa_client *client, size_t count, struct samples *samples),
		       size_t calls, struct timing *timing)
{
	struct samples samples;

	samples_init(&samples, calls);
	measure(client, calls / WARM_DIVISOR, &samples);
	samples.count = 0;
	measure(client, calls, &samples);
	add_timing(timing, &samples);
}

/* What is measured, and by whom. */
struct setup {
	struct raw raw, cross_raw;
	struct process quiet, crowded, disturbed, cross;
	struct ffa_client *client, *crowded_client, *disturbed_client, *cross_client;
	struct idle_crowd crowd;
	struct disturber disturber;
};

static void run_round(struct setup *setup, const struct options *options, struct result *result)
{
	size_t calls = options->calls;

	time_raw(&setup->raw, calls, &result->raw);
	time_calls(setup->client, calls_ping, calls, &result->ping);
	time_calls(setup->client, calls_direct, calls, &result->direct);
	figure_add(&result->pipelined, calls_pipelined(setup->client, calls * 4));
	figure_add(&result->pipelined_bare, calls_pipelined_bare(setup->quiet.socket, calls * 4));
	time_calls(setup->crowded_client, calls_direct, calls, &result->crowded);
	disturber_go(&setup->disturber);
	time_calls(setup->disturbed_client, calls_direct, calls * DISTURBED_FACTOR, &result->disturbed);
	disturber_pause(&setup->disturber);
	if (result->has_cross) {
		time_raw(&setup->cross_raw, calls / CROSS_DIVISOR, &result->cross_raw);
		time_calls(setup->cross_client, calls_direct, calls / CROSS_DIVISOR, &result->cross_direct);
	}
}

/* ---- All of it ---- */

static struct ffa_client *start_ffad(struct process *process, const struct options *options,
				     const char *const *manifests, int cpu)
{
	process_start(process, &(struct process_options) {
				       .program = options->ffad, .manifests = manifests, .cpu = cpu });
	return calls_connect(process->socket);
}

static void measure_start(const struct options *options, struct result *result)
{
	for (size_t i = 0; i < STARTS; i++) {
		struct process process;

		/* As it is installed: on any CPU, with the built-in partitions. */
		process_start(&process, &(struct process_options) { .program = options->ffad, .cpu = -1 });
		figure_add(&result->ready, (double)process.ready_ns);
		result->rss = process_memory(process.pid, "status", "VmRSS");
		result->pss = process_memory(process.pid, "smaps_rollup", "Pss");
		process_stop(&process);
	}
}

static void start_all(struct setup *setup, const struct options *options, int other_cpu,
		      struct result *result)
{
	char paths[4][512];
	const char *const manifests[] = { paths[0], paths[1], paths[2], paths[3], NULL };
	static const char *const names[] = { "echo", "hanging", "slowly", "yielding" };

	for (size_t i = 0; i < 4; i++)
		snprintf(paths[i], sizeof(paths[i]), "%s/%s.dtb", options->folder, names[i]);
	process_pin(options->cpu);
	raw_start(&setup->raw, options->cpu);
	setup->client = start_ffad(&setup->quiet, options, NULL, options->cpu);
	setup->crowded_client = start_ffad(&setup->crowded, options, NULL, options->cpu);
	idle_crowd_start(&setup->crowd, setup->crowded.socket, result->idle_sessions);
	setup->disturbed_client = start_ffad(&setup->disturbed, options, manifests, options->cpu);
	/* On another CPU, if there is one: its own work is not what is asked for. */
	disturber_start(&setup->disturber, setup->disturbed.socket, other_cpu);
	if (result->has_cross) {
		raw_start(&setup->cross_raw, other_cpu);
		setup->cross_client = start_ffad(&setup->cross, options, NULL, other_cpu);
	}
}

static void stop_all(struct setup *setup, const struct result *result)
{
	ffa_client_free(setup->client);
	ffa_client_free(setup->crowded_client);
	ffa_client_free(setup->disturbed_client);
	idle_crowd_stop(&setup->crowd);
	disturber_stop(&setup->disturber);
	process_stop(&setup->quiet);
	process_stop(&setup->crowded);
	process_stop(&setup->disturbed);
	if (result->has_cross) {
		ffa_client_free(setup->cross_client);
		process_stop(&setup->cross);
		raw_stop(&setup->cross_raw);
	}
	raw_stop(&setup->raw);
}

static void run(const struct options *options, int other_cpu, struct result *result)
{
	static struct setup setup;

	measure_start(options, result);
	start_all(&setup, options, other_cpu, result);
	for (size_t i = 0; i < options->rounds; i++) {
		run_round(&setup, options, result);
		fprintf(stderr, "\rround %zu of %zu%s", i + 1, options->rounds,
			i + 1 == options->rounds ? "\n" : "");
	}
	result->crowded_rss = process_memory(setup.crowded.pid, "status", "VmRSS");
	result->has_syscalls = count_syscalls(&setup.quiet, &result->syscalls);
	result->allocations =
		count_allocations(&(struct process_options) { .program = options->ffad, .cpu = options->cpu },
				  options->preload);
	stop_all(&setup, result);
}

/* ---- Arguments ---- */

static size_t parse_number(const char *option, const char *text, size_t least, size_t most)
{
	char *end;
	unsigned long number;

	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || *end || end == text || number < least || number > most) {
		fprintf(stderr, "bench: --%s %s: use a number from %zu to %zu\n", option, text, least, most);
		exit(2);
	}
	return number;
}

static void parse(int argc, char **argv, struct options *options)
{
	static const struct option longs[] = {
		{ "ffad", required_argument, NULL, 'f' },
		{ "preload", required_argument, NULL, 'p' },
		{ "manifests", required_argument, NULL, 'm' },
		{ "rounds", required_argument, NULL, 'r' },
		{ "calls", required_argument, NULL, 'c' },
		{ "cpu", required_argument, NULL, 'u' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", longs, NULL)) != -1)
		switch (option) {
		case 'f':
			options->ffad = optarg;
			break;
		case 'p':
			options->preload = optarg;
			break;
		case 'm':
			options->folder = optarg;
			break;
		case 'r':
			options->rounds = parse_number("rounds", optarg, 1, STATS_ROUNDS_MAX);
			break;
		case 'c':
			options->calls = parse_number("calls", optarg, CALLS_DEPTH, 1000000);
			break;
		case 'u':
			options->cpu = (int)parse_number("cpu", optarg, 0, CPUS_MAX - 1);
			break;
		case 'j':
			options->json = true;
			break;
		case 'h':
			fputs(help, stdout);
			exit(EXIT_SUCCESS);
		default:
			fputs("Try bench --help.\n", stderr);
			exit(2);
		}
	if (!options->ffad || !options->preload || !options->folder || optind < argc) {
		fputs("bench: --ffad, --preload and --manifests are needed, and no other arguments\n",
		      stderr);
		exit(2);
	}
}

static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur < IDLE_SESSIONS + 100)
		process_fail("%d sessions need as many descriptors: raise ulimit -Hn", IDLE_SESSIONS);
}

int main(int argc, char **argv)
{
	struct options options = { .rounds = ROUNDS, .calls = CALLS, .cpu = -1 };
	static struct result result;
	int cpus[CPUS_MAX], other_cpu = -1;
	size_t count;

	parse(argc, argv, &options);
	raise_descriptor_limit();
	count = process_cpus(cpus, CPUS_MAX);
	if (options.cpu < 0)
		options.cpu = cpus[count - 1];
	for (size_t i = 0; i < count; i++)
		if (cpus[i] != options.cpu)
			other_cpu = cpus[i];
	result = (struct result) { .rounds = options.rounds,
				   .calls = options.calls,
				   .cpu = options.cpu,
				   .idle_sessions = IDLE_SESSIONS,
				   .has_cross = other_cpu >= 0 };
	run(&options, other_cpu, &result);
	if (options.json)
		result_print_json(&result);
	else
		result_print_text(&result);
	return EXIT_SUCCESS;
}
