/* SPDX-License-Identifier: BSD-3-Clause */
/* How to connect: plain data, so that a client has its own copy. */
#pragma once

#include <stdint.h>
#include <sys/un.h>

#include "ffa-client.h"

#define CONFIG_NAME_SIZE 64
#define CONFIG_CONNECT_TIMEOUT_MS 5000
#define CONFIG_PATH_SIZE sizeof(((struct sockaddr_un *)NULL)->sun_path)

struct ffa_client_config {
	char socket_path[CONFIG_PATH_SIZE]; /* "": the default */
	char name[CONFIG_NAME_SIZE];        /* "": the default */
	int fd;                             /* -1: none. The caller's. */
	uint32_t connect_timeout_ms;
	uint32_t call_timeout_ms;
};

/* A copy with the defaults filled in. -ENAMETOOLONG: $FFAD_SOCKET. */
int config_resolve(const struct ffa_client_config *config, struct ffa_client_config *ret_config);
