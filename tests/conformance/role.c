/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/conformance/role.h"

#include <errno.h>
#include <string.h>

/* The first ones are those of sim/manifests, the others of the manifests beside this file. */
static const struct {
	const char *name, *uuid;
} role_infos[ROLE_COUNT] = {
	[ROLE_ECHO] = { "echo", "0ca7e5b1-25dd-583b-8439-6dc56e85548a" },
	[ROLE_ECHO_SECOND] = { "echo-second", "f1704799-d1ff-58bb-9df7-f2235410e1d5" },
	[ROLE_ECHO_MP] = { "echo-mp", "9900ce43-83de-56c5-9d47-ee808abfe04b" },
	[ROLE_REFUSER] = { "refuser", "4d0d42b7-555f-5d8c-bf60-369a58f93439" },
	[ROLE_YIELDER] = { "yielder", "5538d3aa-1272-5ee2-a083-880e684f55e6" },
	[ROLE_INTERRUPTIBLE] = { "interruptible", "bb0fe7da-d562-5571-88eb-14c66ee9b51c" },
	[ROLE_BUSY] = { "busy", "559b1bbe-cbf9-5ba6-8d8e-6885eec9a3f8" },
	[ROLE_ABORTING] = { "aborting", "d6e2fe4e-12ce-5277-8609-23f0e5eff7ae" },
	[ROLE_SUBSCRIBER] = { "subscriber", "3c5a1f0e-7f0d-4b57-9d3b-0d5b8f6f8a11" },
	[ROLE_REQ_ONLY] = { "req-only", "8d1c9a52-5b0f-4a44-8c0e-91b3f2d7c622" },
	[ROLE_REQ2_ONLY] = { "req2-only", "e27b6d03-90a4-4c1d-a6f5-2f8e4c1b7d33" },
};

const char *role_name(enum role role)
{
	return role_infos[role].name;
}

void roles_init(struct roles *roles)
{
	for (size_t i = 0; i < ROLE_COUNT; i++)
		ffa_uuid_parse(role_infos[i].uuid, &roles->uuids[i]);
}

int roles_set(struct roles *roles, const char *text)
{
	const char *equals = strchr(text, '=');
	size_t length = equals ? (size_t)(equals - text) : 0;

	for (size_t i = 0; equals && i < ROLE_COUNT; i++) {
		if (strlen(role_infos[i].name) == length && memcmp(role_infos[i].name, text, length) == 0)
			return ffa_uuid_parse(equals + 1, &roles->uuids[i]);
	}
	return -EINVAL;
}
