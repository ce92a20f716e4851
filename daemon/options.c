/* SPDX-License-Identifier: BSD-3-Clause */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "daemon/policy/config.h"

static const char help[] =
	"Usage: ffad [OPTION]…\n"
	"\n"
	"Broker between Linux applications and Arm FF-A secure partitions.\n"
	"\n"
	"  --config FILE         configuration (" CONFIG_DEFAULT_PATH "), drop-ins in FILE.d\n"
	"  --socket PATH         where clients connect (/run/ffad/ffad.sock)\n"
	"  --conduit SPEC        way to the firmware: shim (SMC or HVC by the kernel module),\n"
	"                        sim (simulated), sim:/path (an ffa-sim), trace:SPEC\n"
	"  --sim-profile NAME    firmware that conduit sim behaves like: spec, hafnium, el3, optee\n"
	"  --sim-manifest FILE   partition manifest (.dts, .dtb) for conduit sim; may be repeated\n"
	"                        (none: a built-in set)\n"
	"  --user NAME           whom to become when root has started ffad (on conduit shim: ffad;\n"
	"                        else nobody else); root: keep all privileges\n"
	"  --log TARGET          auto, stderr, journal\n"
	"  --log-level LEVEL     err, warning, notice, info, debug\n"
	"  --check-config        read the configuration, say what is wrong with it, and end\n"
	"  --help                this text\n"
	"  --version             version and licence\n"
	"\n"
	"Signals: SIGTERM and SIGINT end ffad cleanly, SIGHUP reads the configuration again.\n"
	"See ffad(8), ffad.conf(5), ffa-cli(1).\n";

enum {
	OPTION_CONFIG = 256,
	OPTION_SOCKET,
	OPTION_CONDUIT,
	OPTION_SIM_PROFILE,
	OPTION_SIM_MANIFEST,
	OPTION_USER,
	OPTION_LOG,
	OPTION_LOG_LEVEL,
	OPTION_CHECK_CONFIG,
	OPTION_HELP,
	OPTION_VERSION,
};

static const struct option longs[] = {
	{ "config", required_argument, NULL, OPTION_CONFIG },
	{ "socket", required_argument, NULL, OPTION_SOCKET },
	{ "conduit", required_argument, NULL, OPTION_CONDUIT },
	{ "sim-profile", required_argument, NULL, OPTION_SIM_PROFILE },
	{ "sim-manifest", required_argument, NULL, OPTION_SIM_MANIFEST },
	{ "user", required_argument, NULL, OPTION_USER },
	{ "log", required_argument, NULL, OPTION_LOG },
	{ "log-level", required_argument, NULL, OPTION_LOG_LEVEL },
	{ "check-config", no_argument, NULL, OPTION_CHECK_CONFIG },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ 0 },
};

static int parse_target(const char *text, enum log_target *ret_target)
{
	static const char *const names[] = {
		[LOG_TARGET_AUTO] = "auto",
		[LOG_TARGET_STDERR] = "stderr",
		[LOG_TARGET_JOURNAL] = "journal",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(text, names[i]) == 0) {
			*ret_target = (enum log_target)i;
			return 0;
		}
	fprintf(stderr, "ffad: --log %s: use auto, stderr or journal\n", text);
	return -EINVAL;
}

static int parse_level(const char *text, int *ret_level)
{
	static const char *const names[] = {
		[LOG_ERR] = "err",   [LOG_WARNING] = "warning", [LOG_NOTICE] = "notice",
		[LOG_INFO] = "info", [LOG_DEBUG] = "debug",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i] && strcmp(text, names[i]) == 0) {
			*ret_level = (int)i;
			return 0;
		}
	fprintf(stderr, "ffad: --log-level %s: use err, warning, notice, info or debug\n", text);
	return -EINVAL;
}

int options_parse(int argc, char **argv, struct options *ret_options)
{
	struct options options = { .log_level = LOG_INFO };
	size_t manifests = 0;
	int option, r = 0;

	/* There cannot be more of them than there are words. */
	options.sim_manifests = calloc((size_t)argc + 1, sizeof(*options.sim_manifests));
	if (!options.sim_manifests)
		return -ENOMEM;
	while (r == 0 && (option = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (option) {
		case OPTION_CONFIG:
			options.config = optarg;
			break;
		case OPTION_SOCKET:
			options.socket = optarg;
			break;
		case OPTION_CONDUIT:
			options.conduit = optarg;
			break;
		case OPTION_SIM_PROFILE:
			options.sim_profile = optarg;
			break;
		case OPTION_SIM_MANIFEST:
			options.sim_manifests[manifests++] = optarg;
			break;
		case OPTION_USER:
			options.user = optarg;
			break;
		case OPTION_LOG:
			r = parse_target(optarg, &options.log_target);
			break;
		case OPTION_LOG_LEVEL:
			r = parse_level(optarg, &options.log_level);
			break;
		case OPTION_CHECK_CONFIG:
			options.check_config = true;
			break;
		case OPTION_HELP:
			fputs(help, stdout);
			r = 1;
			break;
		case OPTION_VERSION:
			puts("ffad " FFAD_VERSION "\nBSD-3-Clause");
			r = 1;
			break;
		default:
			fputs("Try \"ffad --help\".\n", stderr);
			r = -EINVAL;
		}
	}
	if (r == 0 && optind < argc) {
		fprintf(stderr, "ffad: \"%s\" is not expected here. Try \"ffad --help\".\n", argv[optind]);
		r = -EINVAL;
	}
	if (r == 0)
		*ret_options = options;
	else
		options_clear(&options);
	return r;
}

void options_clear(struct options *options)
{
	free(take_ptr(options->sim_manifests));
}

static int replace(char **field, const char *value)
{
	char *copy;

	if (!value)
		return 0;
	copy = strdup(value);
	if (!copy)
		return -ENOMEM;
	free(*field);
	*field = copy;
	return 0;
}

static int replace_manifests(struct config *config, const char *const *manifests)
{
	size_t count = 0;
	char **copy;

	while (manifests[count])
		count++;
	if (count == 0)
		return 0;
	copy = calloc(count + 1, sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	for (char **old = config->sim_manifests; old && *old; old++)
		free(*old);
	free(config->sim_manifests);
	config->sim_manifests = copy;
	for (size_t i = 0; i < count; i++) {
		copy[i] = strdup(manifests[i]);
		if (!copy[i])
			return -ENOMEM;
	}
	return 0;
}

int options_apply(const struct options *options, struct config *config)
{
	int r = replace(&config->socket, options->socket);

	if (r == 0)
		r = replace(&config->conduit, options->conduit);
	if (r == 0)
		r = replace(&config->sim_profile, options->sim_profile);
	if (r == 0)
		r = replace(&config->user, options->user);
	if (r == 0)
		r = replace_manifests(config, options->sim_manifests);
	return r;
}
