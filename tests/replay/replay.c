/* SPDX-License-Identifier: BSD-3-Clause */
/* Plays recordings of real firmware against the simulated SPMC: see docs/replay.md. */
#include <errno.h>
#include <getopt.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi/fid.h"
#include "base/cleanup.h"

#include "player.h"

#define ALL_GROUPS ((1u << GROUP_COUNT) - 1)

enum exit_code {
	REPLAY_OK = 0,
	REPLAY_BELOW = 1, /* agreement below --min */
	REPLAY_INPUT = 2, /* a file that cannot be read or has malformed lines, or wrong options */
};

struct options {
	struct player_options player;
	const char *profile_name;
	double min;
	bool json;
};

static const char usage[] =
	"Usage: replay [OPTION…] FILE…\n"
	"\n"
	"Plays recordings of real FF-A firmware (.txt or .txt.xz) against the simulated SPMC and counts how "
	"many of\n"
	"the calls that can be compared get the same reply.\n"
	"\n"
	"  -p, --profile NAME      answer as this profile (spec, hafnium, el3, optee) instead of the one "
	"that the\n"
	"                          recording calls for\n"
	"  -w, --firmware NAME     partitions of this recorded firmware (optee, optee-mended, optee-tests,\n"
	"                          hafnium) "
	"instead of\n"
	"                          the one that file name and BOOT line tell\n"
	"  -f, --function NAME     look at one function only: FFA_RUN, or its number (6d)\n"
	"  -o, --only GROUP,…      look at these groups only: setup, rxtx, features, discovery, direct, "
	"memory,\n"
	"                          notification, indirect, other\n"
	"  -m, --min PERCENT       fail when less of the comparable calls of a file agree\n"
	"  -v, --disagreements     print every call whose reply differs\n"
	"  -j, --json              print tables as JSON\n"
	"  -h, --help              print this help\n"
	"\n"
	"Exit status: 0 when everything was played (and --min is met), 1 when a file is below --min, 2 for "
	"wrong\n"
	"options and for files that cannot be read or have malformed lines.\n";

static int read_groups(const char *text, unsigned int *ret_groups)
{
	unsigned int groups = 0;

	while (*text != '\0') {
		size_t length = strcspn(text, ",");
		int group = group_find(text, length);

		if (group < 0)
			return group;
		groups |= 1u << group;
		text += length;
		text += *text == ',';
	}
	*ret_groups = groups;
	return groups != 0 ? 0 : -EINVAL;
}

static int read_function(const char *text, uint32_t *ret_number)
{
	char *end;
	unsigned long number = strtoul(text, &end, 16);

	for (size_t i = 0; i < ffa_functions_count; i++) {
		if (strcmp(ffa_functions[i].name, text) == 0) {
			*ret_number = ffa_functions[i].number;
			return 0;
		}
	}
	if (*text == '\0' || *end != '\0' || FFA_FID_NUMBER(number) == 0)
		return -EINVAL;
	*ret_number = FFA_FID_NUMBER(number);
	return 0;
}

static int read_percent(const char *text, double *ret_percent)
{
	char *end;
	double percent = strtod(text, &end);

	if (end == text || *end != '\0' || !(percent >= 0 && percent <= 100))
		return -EINVAL;
	*ret_percent = percent;
	return 0;
}

static int wrong(const char *option, const char *value, const char *advice)
{
	fprintf(stderr, "replay: --%s %s: %s\n", option, value, advice);
	return -EINVAL;
}

static int read_option(int option, const char *value, struct options *options)
{
	switch (option) {
	case 'p':
		options->player.profile = sim_profile_find(value);
		return options->player.profile != NULL
			       ? 0
			       : wrong("profile", value, "use spec, hafnium, el3 or optee");
	case 'w':
		options->player.firmware = firmware_find(value);
		return options->player.firmware != NULL
			       ? 0
			       : wrong("firmware", value, "use optee, optee-mended, optee-tests or hafnium");
	case 'f':
		return read_function(value, &options->player.function) == 0
			       ? 0
			       : wrong("function", value, "use a name as FFA_RUN or a number as 6d");
	case 'o':
		return read_groups(value, &options->player.groups) == 0
			       ? 0
			       : wrong("only", value, "use groups that --help names, separated by commas");
	case 'm':
		return read_percent(value, &options->min) == 0 ? 0 : wrong("min", value, "use 0 to 100");
	case 'v':
		options->player.show = true;
		return 0;
	case 'j':
		options->json = true;
		return 0;
	default:
		return -EINVAL;
	}
}

/* Read a file, or what xz makes of it. */
static FILE *open_recording(const char *path, pid_t *ret_child)
{
	size_t length = strlen(path);
	int fds[2];
	const char *const argv[] = { "xz", "-dc", "--", path, NULL };
	posix_spawn_file_actions_t actions;
	pid_t child;
	int error;

	*ret_child = -1;
	if (length < 3 || strcmp(path + length - 3, ".xz") != 0)
		return fopen(path, "re");
	if (pipe(fds) < 0)
		return NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, fds[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, fds[0]);
	posix_spawn_file_actions_addclose(&actions, fds[1]);
	error = posix_spawnp(&child, "xz", &actions, NULL, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(fds[1]);
	if (error != 0) {
		close(fds[0]);
		errno = error;
		return NULL;
	}
	*ret_child = child;
	return fdopen(fds[0], "r");
}

/* -EIO when the file could not be read to its end. */
static int close_recording(FILE *file, pid_t child)
{
	int bad = ferror(file), status = 0;

	fclose(file);
	if (child > 0 && (waitpid(child, &status, 0) < 0 || status != 0))
		return -EIO;
	return bad != 0 ? -EIO : 0;
}

static int play_file(const struct options *options, const char *path, struct player *player)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	pid_t child;
	int error = 0;
	FILE *file = open_recording(path, &child);

	if (file == NULL) {
		fprintf(stderr, "replay: %s: %s; check the name%s\n", path, strerror(errno),
			strstr(path, ".xz") != NULL ? " and that xz is installed" : "");
		return -EIO;
	}
	player_begin(player, &options->player, path);
	while (error != -ENOMEM && (length = getline(&line, &size, file)) > 0) {
		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		error = player_line(player, line);
	}
	player_end(player);
	free(line);
	if (close_recording(file, child) < 0) {
		fprintf(stderr, "replay: %s: cannot be read to its end; is it damaged?\n", path);
		return -EIO;
	}
	return error == -ENOMEM ? error : 0;
}

/* Plays and prints one file; *status only gets worse. */
static void report_file(const struct options *options, const char *path, struct tally *total, int *status)
{
	struct player *player = calloc(1, sizeof(*player));
	const char *profile = NULL;
	double percent;

	if (player == NULL || play_file(options, path, player) < 0) {
		*status = REPLAY_INPUT;
		free(player);
		return;
	}
	if (options->profile_name != NULL)
		profile = options->profile_name;
	else if (player->firmware != NULL)
		profile = player->firmware->profile;
	if (tally_print(&player->tally, options->player.groups, path, profile != NULL ? profile : "nothing",
			options->json) != 0) {
		fprintf(stderr, "replay: not enough memory for the table\n");
		*status = REPLAY_INPUT;
	}
	percent = tally_percent(&player->tally, options->player.groups);
	if (percent < options->min) {
		fprintf(stderr, "replay: %s: %.2f %% agree, --min asks for %.2f; see them with -v\n", path,
			percent, options->min);
		if (*status == REPLAY_OK)
			*status = REPLAY_BELOW;
	}
	if (player->errors != 0) {
		fprintf(stderr, "replay: %s: %u malformed lines\n", path, player->errors);
		*status = REPLAY_INPUT;
	}
	tally_add(total, &player->tally);
	free(player);
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "profile", required_argument, NULL, 'p' },
		{ "firmware", required_argument, NULL, 'w' },
		{ "function", required_argument, NULL, 'f' },
		{ "only", required_argument, NULL, 'o' },
		{ "min", required_argument, NULL, 'm' },
		{ "disagreements", no_argument, NULL, 'v' },
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct options options = { .player.groups = ALL_GROUPS };
	static struct tally total;
	int option, status = REPLAY_OK;

	while ((option = getopt_long(argc, argv, "p:w:f:o:m:vjh", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return REPLAY_OK;
		}
		if (read_option(option, optarg, &options) < 0) {
			fprintf(stderr, "Try replay --help.\n");
			return REPLAY_INPUT;
		}
		if (option == 'p')
			options.profile_name = optarg;
	}
	if (optind == argc) {
		fputs(usage, stderr);
		return REPLAY_INPUT;
	}
	for (int i = optind; i < argc; i++)
		report_file(&options, argv[i], &total, &status);
	if (argc - optind > 1 &&
	    tally_print(&total, options.player.groups, "all files", "recorded", options.json) != 0)
		status = REPLAY_INPUT;
	return status;
}
