/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ffa_client_config config_default = {
	.fd = -1,
	.connect_timeout_ms = CONFIG_CONNECT_TIMEOUT_MS,
};

int ffa_client_config_new(struct ffa_client_config **ret_config)
{
	struct ffa_client_config *config = malloc(sizeof(*config));

	if (!config)
		return -ENOMEM;
	*config = config_default;
	*ret_config = config;
	return 0;
}

struct ffa_client_config *ffa_client_config_free(struct ffa_client_config *config)
{
	free(config);
	return NULL;
}

int ffa_client_config_set_socket_path(struct ffa_client_config *config, const char *path)
{
	if (!path)
		path = "";
	if (strlen(path) >= sizeof(config->socket_path))
		return -ENAMETOOLONG;
	strcpy(config->socket_path, path);
	return 0;
}

void ffa_client_config_set_fd(struct ffa_client_config *config, int fd)
{
	config->fd = fd < 0 ? -1 : fd;
}

int ffa_client_config_set_name(struct ffa_client_config *config, const char *name)
{
	if (!name)
		name = "";
	if (strlen(name) >= sizeof(config->name))
		return -EINVAL;
	strcpy(config->name, name);
	return 0;
}

void ffa_client_config_set_connect_timeout(struct ffa_client_config *config, uint32_t timeout_ms)
{
	config->connect_timeout_ms = timeout_ms;
}

void ffa_client_config_set_call_timeout(struct ffa_client_config *config, uint32_t timeout_ms)
{
	config->call_timeout_ms = timeout_ms;
}

int config_resolve(const struct ffa_client_config *config, struct ffa_client_config *ret_config)
{
	struct ffa_client_config resolved = config ? *config : config_default;
	const char *path;
	int r;

	if (resolved.fd < 0 && resolved.socket_path[0] == '\0') {
		path = secure_getenv("FFAD_SOCKET");
		r = ffa_client_config_set_socket_path(&resolved, path && *path ? path : FFA_DEFAULT_SOCKET);
		if (r < 0)
			return r;
	} else if (resolved.fd >= 0) {
		resolved.socket_path[0] = '\0';
	}
	if (resolved.name[0] == '\0')
		snprintf(resolved.name, sizeof(resolved.name), "%s", program_invocation_short_name);
	*ret_config = resolved;
	return 0;
}
