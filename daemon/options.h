/* SPDX-License-Identifier: BSD-3-Clause */
/* The command line of ffad. What it names goes before the configuration file. */
#pragma once

#include <stdbool.h>

#include "base/log.h"

struct config;

struct options {
	const char *config; /* NULL: the default place */
	const char *socket, *conduit, *sim_profile, *user;
	const char **sim_manifests; /* NULL-terminated; owned */
	enum log_target log_target;
	int log_level;
	bool check_config;
};

/* 0: run; 1: all is done (--help, --version); -EINVAL: said what is wrong on stderr. */
int options_parse(int argc, char **argv, struct options *ret_options);
void options_clear(struct options *options);
/* Put what the command line names over the configuration. -ENOMEM. */
int options_apply(const struct options *options, struct config *config);
