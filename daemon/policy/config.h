/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ffad's configuration: built-in defaults, then ffad.conf, then ffad.conf.d/NAME.conf in the order of their
 * names. Files must belong to root (or to the user who runs ffad) and be writable by nobody else.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "limits.h"
#include "policy.h"

#define CONFIG_DEFAULT_PATH "/etc/ffad/ffad.conf"

struct config {
	char *socket;             /* path; "/run/ffad/ffad.sock" */
	unsigned int socket_mode; /* 0666: who may do what is policy's business */
	char *conduit;            /* "sim", "sim:/path", "trace:…", "shim" */
	char *sim_profile;        /* NULL: "spec" */
	char *user;               /* whom ffad becomes; NULL: the default, daemon/privilege.h */
	char **sim_manifests;     /* NULL-terminated; NULL: the built-in set */
	char *kernel_devices; /* folder in sysfs; NULL: the usual one where the firmware is this machine's */
	struct limits limits;
	struct policy *policy; /* one reference */
};

/*
 * Load `path` and its drop-ins (path + ".d"). A missing file is no error when `path` is NULL (the default
 * place). All or nothing: nothing is set on failure but *ret_reason, "FILE:LINE: what and what to do" (free()
 * it; untouched when memory ran out). Looks user and group names up, which may block.
 */
int config_load(const char *path, struct config **ret_config, char **ret_reason);
struct config *config_free(struct config *config); /* accepts NULL, returns NULL */
