/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-record: play calls to the firmware and write down what it answers. See docs/recording.md. */
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "generator.h"
#include "script.h"

struct settings {
	const char *conduit, *name, *script;
	uint64_t seed;
	unsigned int sequences;
	uint16_t partitions[8], spinners[8];
	size_t partition_count, spinner_count;
};

static int usage(FILE *out)
{
	fputs("Usage: ffa-record [OPTION…] >RECORDING\n"
	      "Play sequences of FF-A calls and write them and their replies.\n"
	      "  --conduit SPEC    the way to the firmware, as for ffad (shim)\n"
	      "  --name NAME       name of this boot in the recording (boot)\n"
	      "  --seed N          of the generated calls (1)\n"
	      "  --sequences N     how many (60)\n"
	      "  --partition ID    that echoes direct requests; may be repeated, up to 8 times\n"
	      "  --spinner ID      that spins x4 times when x3 is 2; may be repeated, up to 8 times\n"
	      "  --script FILE     play this file's sequences in place of generated ones\n",
	      out);
	return out == stderr ? 2 : 0;
}

static bool number(const char *text, uint64_t max, uint64_t *ret_number)
{
	char *end;

	errno = 0;
	*ret_number = strtoull(text, &end, 0);
	return text[0] >= '0' && text[0] <= '9' && !*end && !errno && *ret_number <= max;
}

static int add_id(const char *text, uint16_t ids[static 8], size_t *count)
{
	uint64_t id;

	if (*count == 8 || !number(text, UINT16_MAX, &id))
		return -EINVAL;
	ids[(*count)++] = (uint16_t)id;
	return 0;
}

/* 0: go on, 1: --help was all, -EINVAL. */
static int parse(int argc, char **argv, struct settings *settings)
{
	static const struct option options[] = {
		{ "conduit", required_argument, NULL, 'c' },
		{ "name", required_argument, NULL, 'n' },
		{ "seed", required_argument, NULL, 's' },
		{ "sequences", required_argument, NULL, 'q' },
		{ "partition", required_argument, NULL, 'p' },
		{ "script", required_argument, NULL, 'f' },
		{ "spinner", required_argument, NULL, 'k' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	uint64_t value;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			settings->conduit = optarg;
			break;
		case 'n':
			settings->name = optarg;
			break;
		case 'f':
			settings->script = optarg;
			break;
		case 's':
			if (!number(optarg, UINT64_MAX, &settings->seed))
				return -EINVAL;
			break;
		case 'q':
			if (!number(optarg, UINT32_MAX, &value))
				return -EINVAL;
			settings->sequences = (unsigned int)value;
			break;
		case 'p':
			if (add_id(optarg, settings->partitions, &settings->partition_count) < 0)
				return -EINVAL;
			break;
		case 'k':
			if (add_id(optarg, settings->spinners, &settings->spinner_count) < 0)
				return -EINVAL;
			break;
		case 'h':
			return 1;
		default:
			return -EINVAL;
		}
	}
	return optind == argc && !strpbrk(settings->name, " \n") ? 0 : -EINVAL;
}

static int play(struct recorder *recorder, const struct settings *settings)
{
	int r = 1;

	if (settings->script)
		return script_play(recorder, settings->script);
	for (unsigned int i = 0; r > 0 && i < settings->sequences; i++)
		r = generator_play(recorder, settings->seed, i);
	return r;
}

/* Recordings are of one CPU. */
static void stay_here(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		perror("ffa-record: CPU 0 cannot be had, going on where it is");
}

int main(int argc, char **argv)
{
	struct settings settings = { .conduit = "shim", .name = "boot", .seed = 1, .sequences = 60 };
	const struct ffa_conduit_options options = { .cpus = 1 };
	_cleanup_free_ char *reason = NULL;
	struct ffa_conduit *conduit;
	struct recorder recorder;
	int r = parse(argc, argv, &settings);

	if (r != 0)
		return usage(r > 0 ? stdout : stderr);
	stay_here();
	r = ffa_conduit_open(settings.conduit, &options, &conduit, &reason);
	if (r < 0) {
		fprintf(stderr, "ffa-record: %s\n", reason ? reason : strerror(-r));
		return 1;
	}
	r = recorder_begin(&recorder, conduit, stdout, settings.name, settings.seed);
	if (r < 0) {
		fprintf(stderr, "ffa-record: no %d pages that lie together, or no firmware: %s\n",
			RECORDER_PAGES, strerror(-r));
	} else {
		memcpy(recorder.partitions, settings.partitions, sizeof(settings.partitions));
		memcpy(recorder.spinners, settings.spinners, sizeof(settings.spinners));
		recorder.partition_count = settings.partition_count;
		recorder.spinner_count = settings.spinner_count;
		r = play(&recorder, &settings);
		fprintf(stderr, "ffa-record: %lu calls%s%s\n", recorder.calls,
			r > 0    ? ""
			: r == 0 ? "; the firmware is not as it was, reboot before the next recording"
				 : "; stopped: ",
			r < 0 ? strerror(-r) : "");
		recorder_end(&recorder);
	}
	ffa_conduit_free(conduit);
	return r > 0 ? 0 : 1;
}
