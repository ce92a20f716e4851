/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-conformance: run the conformance cases on simulated or real firmware. */
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "tests/conformance/machine_under_test.h"
#include "tests/conformance/report.h"
#include "tests/conformance/runner.h"

enum {
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_SKIPPED = 77, /* nothing could be run */
};

enum option_code {
	OPTION_CONDUIT = 1,
	OPTION_SIM_PROFILE,
	OPTION_FIRMWARE,
	OPTION_FFA_VERSION,
	OPTION_CASE,
	OPTION_PARTITION,
	OPTION_LIST,
	OPTION_VERBOSE,
	OPTION_JSON,
	OPTION_HELP,
};

struct options {
	struct runner runner;
	enum firmware firmware;           /* FIRMWARE_COUNT: all */
	enum conformance_version version; /* AT_COUNT: all */
	const char *glob;
	bool list, verbose, json;
};

static const struct option long_options[] = {
	{ "conduit", required_argument, NULL, OPTION_CONDUIT },
	{ "sim-profile", required_argument, NULL, OPTION_SIM_PROFILE },
	{ "firmware", required_argument, NULL, OPTION_FIRMWARE },
	{ "ffa-version", required_argument, NULL, OPTION_FFA_VERSION },
	{ "case", required_argument, NULL, OPTION_CASE },
	{ "partition", required_argument, NULL, OPTION_PARTITION },
	{ "list", no_argument, NULL, OPTION_LIST },
	{ "verbose", no_argument, NULL, OPTION_VERBOSE },
	{ "json", no_argument, NULL, OPTION_JSON },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ 0 },
};

static void usage(FILE *out)
{
	fprintf(out, "Usage: ffa-conformance [OPTION…]\n"
		     "Run the conformance cases; a table shows each case, firmware and FF-A version.\n"
		     "  --conduit SPEC         what to run on (sim): as ffad's option of that name\n"
		     "  --sim-profile NAME     one profile of the simulated SPMC: spec, hafnium, el3, optee "
		     "(all)\n"
		     "  --firmware NAME        what to expect of the firmware behind another conduit (spec)\n"
		     "  --ffa-version VERSION  what the normal world speaks: 1.0, 1.1, 1.2 (all)\n"
		     "  --case GLOB            only cases whose name, or SUITE/name, matches\n"
		     "  --partition ROLE=UUID  a partition that has the role; --list names the roles\n"
		     "  --list                 list cases and roles, run nothing\n"
		     "  --verbose              show the frames of each failure\n"
		     "  --json                 results as JSON; the count goes to standard error\n");
}

static int parse_firmware(const char *text, enum firmware *ret_firmware)
{
	enum firmware firmware = firmware_find(text);

	if (firmware == FIRMWARE_COUNT) {
		fprintf(stderr, "ffa-conformance: unknown firmware \"%s\": use spec, hafnium, el3 or optee\n",
			text);
		return EXIT_USAGE;
	}
	*ret_firmware = firmware;
	return 0;
}

static int parse_version(const char *text, enum conformance_version *ret_version)
{
	for (enum conformance_version version = 0; version < AT_COUNT; version++) {
		if (strcmp(conformance_version_name(version), text) == 0) {
			*ret_version = version;
			return 0;
		}
	}
	fprintf(stderr, "ffa-conformance: \"%s\" is no version to try: use 1.0, 1.1 or 1.2\n", text);
	return EXIT_USAGE;
}

/* 0 to go on; otherwise the exit status, -1 for success. */
static int parse_option(struct options *options, int option)
{
	switch (option) {
	case OPTION_CONDUIT:
		options->runner.conduit = optarg;
		return 0;
	case OPTION_SIM_PROFILE:
	case OPTION_FIRMWARE:
		return parse_firmware(optarg, &options->firmware);
	case OPTION_FFA_VERSION:
		return parse_version(optarg, &options->version);
	case OPTION_CASE:
		options->glob = optarg;
		return 0;
	case OPTION_PARTITION:
		if (roles_set(&options->runner.roles, optarg) == 0)
			return 0;
		fprintf(stderr, "ffa-conformance: \"%s\" is not ROLE=UUID: --list names the roles\n", optarg);
		return EXIT_USAGE;
	case OPTION_LIST:
		options->list = true;
		return 0;
	case OPTION_VERBOSE:
		options->verbose = true;
		return 0;
	case OPTION_JSON:
		options->json = true;
		return 0;
	case OPTION_HELP:
		usage(stdout);
		return -1;
	default:
		usage(stderr);
		return EXIT_USAGE;
	}
}

static const struct conformance_case *next_case(const struct options *options, size_t *index)
{
	const struct conformance_case *conformance_case;

	while ((conformance_case = conformance_case_at((*index)++)) != NULL) {
		if (!options->glob || conformance_case_matches(conformance_case, options->glob))
			return conformance_case;
	}
	return NULL;
}

static void list(const struct options *options)
{
	const struct conformance_case *conformance_case;
	char text[FFA_UUID_STR_SIZE];
	size_t index = 0;

	while ((conformance_case = next_case(options, &index)) != NULL)
		printf("%-10s %s: %s%s%s\n", conformance_case->suite, conformance_case->name,
		       conformance_case->checks, conformance_case->skip ? " — skipped: " : "",
		       conformance_case->skip ? conformance_case->skip : "");
	printf("\nRoles of partitions:\n");
	for (enum role role = 0; role < ROLE_COUNT; role++) {
		ffa_uuid_format(&options->runner.roles.uuids[role], text);
		printf("%-13s %s\n", role_name(role), text);
	}
}

/* On firmware that is there already only what it is makes a column. */
static size_t choose_columns(const struct options *options, struct report_column *ret_columns)
{
	bool own = machine_under_test_is_own(options->runner.conduit);
	size_t count = 0;

	for (enum firmware firmware = 0; firmware < FIRMWARE_COUNT; firmware++) {
		if (options->firmware != FIRMWARE_COUNT ? firmware != options->firmware
							: !own && firmware != FIRMWARE_SPEC)
			continue;
		for (enum conformance_version version = 0; version < AT_COUNT; version++) {
			if (options->version == AT_COUNT || version == options->version)
				ret_columns[count++] = (struct report_column) { firmware, version };
		}
	}
	return count;
}

static int run_case(const struct options *options, const struct conformance_case *conformance_case,
		    const struct report_column *columns, size_t column_count, struct report *report)
{
	_cleanup_free_ struct probe *probe = malloc(sizeof(*probe));
	int error = probe ? report_case(report, conformance_case) : -ENOMEM;

	for (size_t i = 0; error == 0 && i < column_count; i++) {
		runner_run(&options->runner, conformance_case, columns[i].firmware, columns[i].version,
			   probe);
		error = report_result(report, i, probe);
	}
	return error;
}

static void cleanup_report(struct report **report)
{
	report_free(*report);
}

static int run(const struct options *options)
{
	_cleanup_(cleanup_report) struct report *report = NULL;
	struct report_column columns[REPORT_COLUMNS_MAX];
	size_t column_count = choose_columns(options, columns);
	const struct conformance_case *conformance_case;
	size_t index = 0, passed, failed, skipped;
	int error = report_new(columns, column_count, &report);

	while (error == 0 && (conformance_case = next_case(options, &index)) != NULL)
		error = run_case(options, conformance_case, columns, column_count, report);
	if (error == 0)
		error = options->json ? report_print_json(report, stdout)
				      : report_print(report, options->verbose, stdout);
	if (error < 0) {
		fprintf(stderr, "ffa-conformance: %s\n", strerror(-error));
		return EXIT_FAILED;
	}
	report_count(report, &passed, &failed, &skipped);
	fflush(stdout);
	fprintf(options->json ? stderr : stdout, "conformance: %zu passed, %zu failed, %zu skipped\n", passed,
		failed, skipped);
	if (failed > 0)
		return EXIT_FAILED;
	return passed > 0 ? EXIT_SUCCESS : EXIT_SKIPPED;
}

int main(int argc, char **argv)
{
	struct options options = {
		.runner = { .conduit = "sim" },
		.firmware = FIRMWARE_COUNT,
		.version = AT_COUNT,
	};
	int option, status;

	/* Names of cases are UTF-8. */
	setlocale(LC_CTYPE, "C.UTF-8");
	roles_init(&options.runner.roles);
	while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		status = parse_option(&options, option);
		if (status != 0)
			return status > 0 ? status : EXIT_SUCCESS;
	}
	if (optind < argc) {
		fprintf(stderr, "ffa-conformance: unexpected argument \"%s\"\n", argv[optind]);
		usage(stderr);
		return EXIT_USAGE;
	}
	if (options.list) {
		list(&options);
		return EXIT_SUCCESS;
	}
	return run(&options);
}
