/* SPDX-License-Identifier: BSD-3-Clause */
#include "daemon/conduit/conduit.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/conduit/backend.h"

int conduit_fail(int error, char **ret_reason, const char *format, ...)
{
	va_list args;
	char *reason;

	if (!ret_reason)
		return error;
	va_start(args, format);
	if (vasprintf(&reason, format, args) >= 0)
		*ret_reason = reason;
	va_end(args);
	return error;
}

/* What follows "PREFIX"; NULL when the specification does not begin so. */
static const char *after(const char *spec, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(spec, prefix, length) == 0 ? spec + length : NULL;
}

int ffa_conduit_open(const char *spec, const struct ffa_conduit_options *options,
		     struct ffa_conduit **ret_conduit, char **ret_reason)
{
	static const struct ffa_conduit_options defaults;
	struct ffa_conduit *inner;
	const char *rest;
	int error;

	if (!options)
		options = &defaults;
	if (strcmp(spec, "sim") == 0)
		return conduit_sim_open(options, ret_conduit, ret_reason);
	if (strcmp(spec, "shim") == 0)
		return conduit_shim_open(options, ret_conduit, ret_reason);
	rest = after(spec, "sim:");
	if (rest) {
		if (rest[0] != '/')
			return conduit_fail(
				-EINVAL, ret_reason,
				"conduit \"%s\": the socket of ffa-sim must be an absolute path; write "
				"sim:/run/ffad/sim.sock",
				spec);
		return conduit_sim_remote_open(rest, ret_conduit, ret_reason);
	}
	rest = after(spec, "trace:");
	if (rest && strncmp(rest, "trace:", strlen("trace:")) != 0) {
		error = ffa_conduit_open(rest, options, &inner, ret_reason);
		if (error < 0)
			return error;
		error = conduit_trace_open(inner, ret_conduit);
		if (error < 0)
			ffa_conduit_free(inner);
		return error;
	}
	return conduit_fail(-EINVAL, ret_reason,
			    "conduit \"%s\" is unknown; use shim (real firmware), sim, sim:/path (a socket "
			    "of ffa-sim), or "
			    "trace: before one of these",
			    spec);
}

bool ffa_conduit_is_hardware(const char *spec)
{
	const char *rest = after(spec, "trace:");

	return strcmp(rest ? rest : spec, "shim") == 0;
}

struct ffa_conduit *ffa_conduit_free(struct ffa_conduit *conduit)
{
	if (conduit)
		conduit->ops->free(conduit);
	return NULL;
}
