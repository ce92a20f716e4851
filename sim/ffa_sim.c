/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-sim: the simulated SPMC as a program of its own. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>

#include "abi/version.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "sim/inspect.h"
#include "sim/server.h"

#define DEFAULT_SOCKET "/run/ffad/sim.sock"
#define LIST_MAX 256 /* --manifest, --behaviour */

struct arguments {
	const char *socket;
	struct machine_options machine;
	const char *manifests[LIST_MAX + 1];
	size_t manifest_count;
	const char *behaviours[LIST_MAX + 1];
	size_t behaviour_count;
	bool no_default, check, verbose, trace;
	int ready_fd;
};

enum option_value {
	OPTION_SOCKET = 's',
	OPTION_PROFILE = 'p',
	OPTION_CPUS = 'c',
	OPTION_MANIFEST = 'm',
	OPTION_BEHAVIOUR = 'b',
	OPTION_VERBOSE = 'v',
	OPTION_HELP = 'h',
	OPTION_FFA_VERSION = 256,
	OPTION_NO_DEFAULT,
	OPTION_CHECK,
	OPTION_TRACE,
	OPTION_READY_FD,
	OPTION_VERSION,
};

static const struct option options[] = {
	{ "socket", required_argument, NULL, OPTION_SOCKET },
	{ "profile", required_argument, NULL, OPTION_PROFILE },
	{ "ffa-version", required_argument, NULL, OPTION_FFA_VERSION },
	{ "cpus", required_argument, NULL, OPTION_CPUS },
	{ "manifest", required_argument, NULL, OPTION_MANIFEST },
	{ "behaviour", required_argument, NULL, OPTION_BEHAVIOUR },
	{ "no-default", no_argument, NULL, OPTION_NO_DEFAULT },
	{ "check", no_argument, NULL, OPTION_CHECK },
	{ "verbose", no_argument, NULL, OPTION_VERBOSE },
	{ "trace", no_argument, NULL, OPTION_TRACE },
	{ "ready-fd", required_argument, NULL, OPTION_READY_FD },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

static const char help[] =
	"Usage: ffa-sim [OPTION]...\n"
	"Simulate the FF-A firmware of a machine, for ffad's conduit \"sim:PATH\".\n"
	"\n"
	"  -s, --socket PATH         listen at PATH (" DEFAULT_SOCKET ")\n"
	"  -p, --profile NAME        answer as NAME does: spec (default), hafnium, el3, optee\n"
	"      --ffa-version X.Y     speak FF-A X.Y at most (what the profile speaks)\n"
	"  -c, --cpus N              simulate N CPUs (as many as this process may run on)\n"
	"  -m, --manifest FILE       load a partition from a .dts or .dtb file; may be repeated,\n"
	"                            replaces the built-in partitions\n"
	"  -b, --behaviour WHO=WHAT  let partition WHO (id, UUID, name, or file name without\n"
	"                            suffix) behave as WHAT: echo, refuser, yielder[:COUNT[:US]],\n"
	"                            interruptible[:COUNT], busy[:COUNT], slow:US, slow:forever,\n"
	"                            borrower[:COUNT], aborting; may be repeated\n"
	"      --no-default          start without the built-in partitions\n"
	"      --check               load, say what was found, and exit: 0 good, 1 refused\n"
	"  -v, --verbose             say more about what happens\n"
	"      --trace               log each call and its reply\n"
	"      --ready-fd FD         write a line to FD and close it when ready\n"
	"      --version             print the version\n"
	"  -h, --help                print this\n";

static bool parse_unsigned(const char *text, unsigned int max, unsigned int *ret_number)
{
	unsigned long number;
	char *end;

	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || *end != '\0' || number > max)
		return false;
	*ret_number = (unsigned int)number;
	return true;
}

/* "1.2" */
static bool parse_version(const char *text, uint32_t *ret_version)
{
	if (strlen(text) != 3 || text[0] != '1' || text[1] != '.' || text[2] < '0' || text[2] > '9')
		return false;
	*ret_version = FFA_VERSION_MAKE(1, text[2] - '0');
	return true;
}

static int usage_error(const char *option, const char *value, const char *advice)
{
	fprintf(stderr, "ffa-sim: %s \"%s\": %s\n", option, value, advice);
	return -EINVAL;
}

static int append(const char **list, size_t *count, const char *option, const char *value)
{
	if (*count == LIST_MAX)
		return usage_error(option, value, "is given too often; use fewer");
	list[(*count)++] = value;
	return 0;
}

/* 1: all is done (help was printed), 0: go on, negative: an error was printed. */
static int parse_option(struct arguments *arguments, int option, const char *value)
{
	unsigned int number;

	switch (option) {
	case OPTION_SOCKET:
		arguments->socket = value;
		return 0;
	case OPTION_PROFILE:
		arguments->machine.profile = value;
		return 0;
	case OPTION_FFA_VERSION:
		if (!parse_version(value, &arguments->machine.version))
			return usage_error("--ffa-version", value, "use 1.0 to 1.3");
		return 0;
	case OPTION_CPUS:
		if (!parse_unsigned(value, SIM_CPUS_MAX, &arguments->machine.cpus) ||
		    arguments->machine.cpus == 0)
			return usage_error("--cpus", value, "use a number from 1 to 64");
		return 0;
	case OPTION_MANIFEST:
		return append(arguments->manifests, &arguments->manifest_count, "--manifest", value);
	case OPTION_BEHAVIOUR:
		return append(arguments->behaviours, &arguments->behaviour_count, "--behaviour", value);
	case OPTION_NO_DEFAULT:
		arguments->no_default = true;
		return 0;
	case OPTION_CHECK:
		arguments->check = true;
		return 0;
	case OPTION_VERBOSE:
		arguments->verbose = true;
		return 0;
	case OPTION_TRACE:
		arguments->trace = true;
		return 0;
	case OPTION_READY_FD:
		if (!parse_unsigned(value, 65535, &number))
			return usage_error("--ready-fd", value, "use the number of an open file descriptor");
		arguments->ready_fd = (int)number;
		return 0;
	case OPTION_VERSION:
		puts("ffa-sim " FFAD_VERSION);
		return 1;
	case OPTION_HELP:
		fputs(help, stdout);
		return 1;
	default:
		fputs("Try ffa-sim --help.\n", stderr);
		return -EINVAL;
	}
}

static int parse_arguments(struct arguments *arguments, int argc, char **argv)
{
	int option, result;

	while ((option = getopt_long(argc, argv, "s:p:c:m:b:vh", options, NULL)) != -1) {
		result = parse_option(arguments, option, optarg);
		if (result != 0)
			return result;
	}
	if (optind < argc)
		return usage_error("argument", argv[optind],
				   "is not understood; a manifest is given by --manifest");
	if (arguments->manifest_count > 0 || arguments->no_default)
		arguments->machine.manifests = arguments->manifests;
	arguments->machine.behaviours = arguments->behaviours;
	return 0;
}

static void print_warnings(const struct manifest_report *report)
{
	for (size_t i = 0; i < report->warning_count; i++)
		fprintf(stderr, "ffa-sim: warning: %s\n", report->warnings[i]);
	if (report->warnings_left_out > 0)
		fprintf(stderr, "ffa-sim: %zu more warnings were left out; correct these first\n",
			report->warnings_left_out);
}

static void cleanup_machine(struct machine **machine)
{
	machine_free(*machine);
}

static void cleanup_server(struct server **server)
{
	server_free(*server);
}

static int explain_socket(int error, const char *path)
{
	switch (error) {
	case -EADDRINUSE:
		fprintf(stderr,
			"ffa-sim: %s is in use; stop the ffa-sim there, or choose another path with "
			"--socket\n",
			path);
		break;
	case -ENOENT:
		fprintf(stderr,
			"ffa-sim: the directory of %s does not exist; create it, or choose another path "
			"with --socket\n",
			path);
		break;
	case -ENAMETOOLONG:
		fprintf(stderr, "ffa-sim: %s is too long for a socket; choose a shorter path with --socket\n",
			path);
		break;
	default:
		fprintf(stderr,
			"ffa-sim: cannot listen at %s: %s; check the directory's permissions, or choose "
			"another path with --socket\n",
			path, strerror(-error));
	}
	return error;
}

static void say_ready(int fd)
{
	static const char line[] = "ready\n";

	sd_notify(0, "READY=1");
	if (fd < 0)
		return;
	if (write(fd, line, sizeof(line) - 1) < 0)
		log_warning("--ready-fd %d: %s; give the number of an open file descriptor", fd,
			    strerror(errno));
	close(fd);
}

/* Serve until a signal says that it is enough. */
static int serve(struct server *server, int signal_fd)
{
	struct pollfd fds[] = {
		{ .fd = server_fd(server), .events = POLLIN },
		{ .fd = signal_fd, .events = POLLIN },
	};
	struct log_limit limit = LOG_LIMIT_INIT;
	int error;

	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return -errno;
		if (fds[1].revents)
			return 0;
		error = server_accept(server);
		if (error < 0 && log_limit_pass(&limit))
			log_warning("a connection was refused: %s; use fewer connections, or raise the limit "
				    "of open "
				    "files",
				    strerror(-error));
		if (error < 0)
			poll(&fds[1], 1, 100); /* the condition lasts: do not spin on it */
	}
}

static int run(const struct arguments *arguments, struct machine *machine)
{
	const char *path = arguments->socket;
	_cleanup_(cleanup_server) struct server *server = NULL;
	_cleanup_close_ int signal_fd = -1;
	sigset_t signals;
	int error;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
	if (signal_fd < 0)
		return -errno;
	error = server_new(machine, path, arguments->trace, &server);
	if (error < 0)
		return explain_socket(error, path);
	log_info("%s: profile %s, %u CPUs, %zu partitions; ready", path, machine_profile(machine),
		 machine_cpus(machine), machine_manifests(machine)->count);
	say_ready(arguments->ready_fd);
	error = serve(server, signal_fd);
	sd_notify(0, "STOPPING=1");
	return error;
}

int main(int argc, char **argv)
{
	_cleanup_(manifest_report_clear) struct manifest_report report = MANIFEST_REPORT_INIT;
	_cleanup_(cleanup_machine) struct machine *machine = NULL;
	struct arguments arguments = { .socket = DEFAULT_SOCKET, .ready_fd = -1 };
	int result;

	result = parse_arguments(&arguments, argc, argv);
	if (result != 0)
		return result < 0 ? 2 : 0;
	log_setup("ffa-sim", LOG_TARGET_AUTO,
		  arguments.verbose ? LOG_DEBUG
		  : arguments.trace ? LOG_INFO
				    : LOG_NOTICE);
	result = machine_new(&arguments.machine, &report, &machine);
	print_warnings(&report);
	if (result < 0) {
		fprintf(stderr, "ffa-sim: %s\n", report.refusal ? report.refusal : strerror(-result));
		return EXIT_FAILURE;
	}
	if (arguments.check) {
		inspect_write_manifests(machine_manifests(machine), stdout);
		return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
	}
	return run(&arguments, machine) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
