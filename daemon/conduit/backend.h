/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The backends, for ffa_conduit_open() alone. Each opens as that does: negative errno, and where there is
 * something to say a sentence in *ret_reason that the caller frees.
 */
#pragma once

#include "daemon/conduit/conduit.h"

/* A simulated SPMC in this process. */
int conduit_sim_open(const struct ffa_conduit_options *options, struct ffa_conduit **ret_conduit,
		     char **ret_reason);
/* ffa-sim behind the socket at `path`. */
int conduit_sim_remote_open(const char *path, struct ffa_conduit **ret_conduit, char **ret_reason);
/* Real firmware through the kernel's /dev/ffa-shim. */
int conduit_shim_open(const struct ffa_conduit_options *options, struct ffa_conduit **ret_conduit,
		      char **ret_reason);
/* Wrap `inner`, which belongs to the new conduit on success. */
int conduit_trace_open(struct ffa_conduit *inner, struct ffa_conduit **ret_conduit);

/* A sentence in *ret_reason (may be NULL); returns `error`. */
int conduit_fail(int error, char **ret_reason, const char *format, ...) __attribute__((format(printf, 3, 4)));
