/* SPDX-License-Identifier: BSD-3-Clause */
/* The configuration parser on any bytes: a configuration that holds what it promises, or a reason. */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/policy/config.h"

static char path[64];

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void remove_file(void)
{
	unlink(path);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	int fd;

	snprintf(path, sizeof(path), "/tmp/ffad-config-fuzz-XXXXXX");
	fd = mkstemp(path);
	assert(fd >= 0);
	close(fd);
	atexit(remove_file);
	return 0;
}

static void check_config(const struct config *config)
{
	const struct ffa_uuid uuid = { .bytes = { 1 } };
	const struct policy_object object = { .partition_id = 0x8001, .uuids = &uuid, .uuid_count = 1 };
	const gid_t groups[] = { 4, 1000 };
	const struct policy_subject subject = {
		.uid = 1000, .gid = 1000, .groups = groups, .group_count = 2
	};
	const struct policy_subject nobody = { .uid = (uid_t)-1 };

	assert(config->socket[0] == '/' && config->socket_mode <= 0777 && config->conduit[0]);
	for (size_t i = 0; i < limit_infos_count; i++) {
		uint32_t value = limits_get(&config->limits, &limit_infos[i]);

		assert(value >= limit_infos[i].min && value <= limit_infos[i].max);
	}
	for (char **manifest = config->sim_manifests; manifest && *manifest; manifest++)
		assert((*manifest)[0] == '/');
	assert(policy_verbs(config->policy, &subject, &object) < 1u << POLICY_VERB_COUNT);
	assert(policy_verbs(config->policy, &nobody, &object) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config *config = NULL;
	char *reason = NULL;
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC), r;

	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	close(fd);
	r = config_load(path, &config, &reason);
	if (r == 0) {
		assert(config && !reason);
		check_config(config);
	} else {
		assert(!config && reason && strncmp(reason, path, strlen(path)) == 0);
	}
	config_free(config);
	free(reason);
	return 0;
}
