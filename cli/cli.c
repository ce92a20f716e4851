/* SPDX-License-Identifier: BSD-3-Clause */
#include "cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

static void hint_ffa_code(int32_t code)
{
	switch (code) {
	case FFA_CODE_NOT_SUPPORTED:
		cli_hint("the firmware has no such function: ffa-cli feature list");
		break;
	case FFA_CODE_INVALID_PARAMETERS:
		cli_hint("the partition may not take this kind of message: ffa-cli partition show, then "
			 "--kind");
		break;
	case FFA_CODE_DENIED:
		cli_hint("the firmware does not let it receive this message: ffa-cli partition show tells "
			 "what it takes");
		break;
	case FFA_CODE_BUSY:
	case FFA_CODE_RETRY:
	case FFA_CODE_NOT_READY:
		cli_hint("the partition serves another caller: try again, or allow more time with --deadline "
			 "MS");
		break;
	case FFA_CODE_ABORTED:
		cli_hint("the partition has crashed: it answers again when the firmware has restarted it");
		break;
	case FFA_CODE_NO_MEMORY:
		cli_hint("the firmware is out of memory: try again later");
		break;
	default:
		cli_hint("the partition's own protocol says what this answer means");
		break;
	}
}

static void hint_policy(const char *partition)
{
	if (partition)
		cli_hint("to allow it, the administrator adds a rule for %s to a file in "
			 "/etc/ffad/ffad.conf.d "
			 "(man ffad.conf), then: systemctl reload ffad",
			 partition);
	else
		cli_hint("this takes an administrator: use sudo, or a rule that allows admin in "
			 "/etc/ffad/ffad.conf.d (man ffad.conf)");
}

static void hint_status(enum ffa_status status, int32_t ffa_code, const char *partition)
{
	switch (status) {
	case FFA_STATUS_FFA_ERROR:
		hint_ffa_code(ffa_code);
		break;
	case FFA_STATUS_DENIED_BY_POLICY:
		hint_policy(partition);
		break;
	case FFA_STATUS_QUOTA:
		cli_hint("ffa-cli limit list shows the limits; [limits] in /etc/ffad/ffad.conf sets them");
		break;
	case FFA_STATUS_GONE:
		cli_hint("ffa-cli partition list shows what is there");
		break;
	case FFA_STATUS_DEADLINE:
		cli_hint("allow more time with --deadline MS, or find out why the partition is slow");
		break;
	case FFA_STATUS_UNIMPLEMENTED:
		cli_hint("ffa-cli version and ffa-cli feature list show what ffad and the firmware can do");
		break;
	case FFA_STATUS_UNAVAILABLE:
		cli_hint("systemctl status ffad; journalctl -u ffad");
		break;
	case FFA_STATUS_CLAIMED:
		cli_hint(
			"a kernel driver uses this partition: unbind the driver, or allow claimed partitions "
			"in /etc/ffad/ffad.conf (man ffad.conf)");
		break;
	case FFA_STATUS_BAD_ARGUMENT:
		cli_hint("correct the arguments: man ffa-cli");
		break;
	default:
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
		cli_error(cli, "%s%sFF-A error %s (%d): %s", partition ? partition : "",
			  partition ? ": " : "", code_name ? code_name : "unknown", ffa_code, message);
	else
		cli_error(cli, "%s%s%s: %s", partition ? partition : "", partition ? ": " : "",
			  name ? name : "UNKNOWN_STATUS", message);
	hint_status(status, ffa_code, partition);
	return status == FFA_STATUS_DEADLINE ? CLI_TIMEOUT : CLI_REFUSED;
}

enum cli_exit cli_failed(const struct cli *cli, int result, const char *partition)
{
	return cli_failed_status(cli, result, ffa_client_get_status(cli->client),
				 ffa_client_get_ffa_code(cli->client), ffa_client_get_message(cli->client),
				 partition);
}
