/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli.h"

#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"

#define WAIT_STEP_MS 10 /* between two attempts to connect with --wait */

static void print_prefix(const struct cli *cli)
{
	fputs("ffa-cli", stderr);
	if (cli->object)
		fprintf(stderr, " %s", cli->object->name);
	if (cli->command && cli->command->verb)
		fprintf(stderr, " %s", cli->command->verb);
	fputs(": ", stderr);
}

void cli_error(const struct cli *cli, const char *format, ...)
{
	va_list list;

	print_prefix(cli);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
}

void cli_hint(const char *format, ...)
{
	va_list list;

	fputs("  hint: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
}

enum cli_exit cli_usage(const struct cli *cli, const char *format, ...)
{
	va_list list;

	print_prefix(cli);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	if (cli->object && cli->command) {
		_cleanup_free_ char *usage = command_usage(cli->object, cli->command);

		if (usage)
			fprintf(stderr, "  usage: %s\n", usage);
	}
	cli_hint("ffa-cli%s%s --help", cli->object ? " " : "", cli->object ? cli->object->name : "");
	return CLI_USAGE;
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int make_client(const struct cli_options *options, struct ffa_client **ret_client)
{
	struct ffa_client_config *config;
	int result = ffa_client_config_new(&config);

	if (result < 0)
		return result;
	ffa_client_config_set_name(config, "ffa-cli");
	if (options->timeout_ms) {
		ffa_client_config_set_connect_timeout(config, options->timeout_ms);
		ffa_client_config_set_call_timeout(config, options->timeout_ms);
	}
	if (options->socket)
		result = ffa_client_config_set_socket_path(config, options->socket);
	if (result == 0)
		result = ffa_client_new(config, ret_client);
	ffa_client_config_free(config);
	return result;
}

/* ffad has not made its socket, or does not listen on it: another attempt may find it. */
static bool not_there_yet(int result)
{
	return result == -ENOENT || result == -ECONNREFUSED;
}

static int connect_client(struct cli *cli)
{
	const struct timespec step = { .tv_nsec = WAIT_STEP_MS * 1000000L };
	uint64_t end = now_ms() + cli->options.wait_ms;
	int result = make_client(&cli->options, &cli->client);

	if (result < 0)
		return result;
	while ((result = ffa_client_connect(cli->client)), not_there_yet(result) && now_ms() < end)
		nanosleep(&step, NULL);
	return result;
}

enum cli_exit cli_connect_quietly(struct cli *cli)
{
	return connect_client(cli) < 0 ? CLI_UNREACHABLE : CLI_OK;
}

static void hint_connect(const struct cli *cli, int result)
{
	switch (result) {
	case -ENOENT:
	case -ECONNREFUSED:
		cli_hint("is ffad running? systemctl status ffad; --socket PATH names another socket, --wait "
			 "MS "
			 "waits for it");
		break;
	case -EACCES:
		cli_hint("the permissions of %s keep you out: look at socket-mode in /etc/ffad/ffad.conf",
			 ffa_client_get_socket_path(cli->client));
		break;
	case -ENAMETOOLONG:
		cli_hint("a socket's path has at most 107 bytes: give a shorter one with --socket PATH");
		break;
	case -EPROTONOSUPPORT:
		cli_hint("ffa-cli and ffad are of different generations: install matching versions");
		break;
	case -ETIMEDOUT:
		cli_hint("ffad does not answer: systemctl status ffad; or allow more time with --timeout MS");
		break;
	default:
		cli_hint("systemctl status ffad; journalctl -u ffad");
		break;
	}
}

enum cli_exit cli_connect(struct cli *cli)
{
	int result = connect_client(cli);
	const char *message;

	if (result == 0)
		return CLI_OK;
	if (!cli->client) {
		cli_error(cli, "cannot prepare a connection to %s: %s",
			  cli->options.socket ? cli->options.socket : "ffad", strerror(-result));
		hint_connect(cli, result);
		return result == -ENAMETOOLONG ? CLI_USAGE : CLI_LOCAL;
	}
	message = ffa_client_get_message(cli->client);
	cli_error(cli, "cannot connect to ffad: %s", *message ? message : strerror(-result));
	hint_connect(cli, result);
	return result == -ETIMEDOUT ? CLI_TIMEOUT : CLI_UNREACHABLE;
}

void cli_disconnect(struct cli *cli)
{
	cli->client = ffa_client_free(cli->client);
}

/* The rule that would allow it, ready to be copied. */
static void hint_policy(const char *partition)
{
	const struct passwd *user = getpwuid(geteuid());

	cli_hint("an administrator can put this into a file in /etc/ffad/ffad.conf.d, then systemctl reload "
		 "ffad:");
	fputs("    [rule NAME]\n", stderr);
	if (user)
		fprintf(stderr, "    user = %s\n", user->pw_name);
	else
		fprintf(stderr, "    user = %u\n", (unsigned int)geteuid());
	if (partition)
		fprintf(stderr, "    partition = %s\n", partition);
	fprintf(stderr, "    allow = %s\n", partition ? "direct" : "admin");
}

/* The daemon's sentence says what to do; some of it can be done with ffa-cli. */
static void hint_status(enum ffa_status status, const char *message, const char *partition)
{
	switch (status) {
	case FFA_STATUS_DENIED_BY_POLICY:
		hint_policy(partition);
		break;
	case FFA_STATUS_QUOTA:
		cli_hint("ffa-cli limit list shows the limits");
		break;
	case FFA_STATUS_DEADLINE:
		cli_hint("--deadline MS allows more time");
		break;
	default:
		if (!*message)
			cli_hint("systemctl status ffad; journalctl -u ffad");
		break;
	}
}

/* Failures that never reached the daemon, or lost it. */
static enum cli_exit failed_locally(const struct cli *cli, int result, const char *message)
{
	cli_error(cli, "%s", *message ? message : strerror(-result));
	switch (result) {
	case -ETIMEDOUT:
		cli_hint("ffad did not answer in time: allow more with --timeout MS, or see systemctl status "
			 "ffad");
		return CLI_TIMEOUT;
	case -ENOTCONN:
	case -ECONNRESET:
	case -EPROTO:
		cli_hint("the connection to ffad is lost: systemctl status ffad; journalctl -u ffad");
		return CLI_UNREACHABLE;
	default:
		cli_hint("man ffa-cli");
		return CLI_LOCAL;
	}
}

enum cli_exit cli_failed_status(const struct cli *cli, int result, enum ffa_status status, int32_t ffa_code,
				const char *message, const char *partition)
{
	const char *name = ffa_status_name(status), *code_name = ffa_code_name(ffa_code);

	if (status == FFA_STATUS_LOCAL || status == FFA_STATUS_OK)
		return failed_locally(cli, result, message);
	if (status == FFA_STATUS_FFA_ERROR)
		cli_error(cli, "FF-A error %s (%d): %s", code_name ? code_name : "unknown", ffa_code,
			  message);
	else
		cli_error(cli, "%s: %s", name ? name : "UNKNOWN_STATUS", message);
	hint_status(status, message, partition);
	return status == FFA_STATUS_DEADLINE ? CLI_TIMEOUT : CLI_REFUSED;
}

enum cli_exit cli_failed(const struct cli *cli, int result, const char *partition)
{
	return cli_failed_status(cli, result, ffa_client_get_status(cli->client),
				 ffa_client_get_ffa_code(cli->client), ffa_client_get_message(cli->client),
				 partition);
}
