/* SPDX-License-Identifier: BSD-3-Clause */
/* A client that is connected to a played daemon, for the tests of the library's calls. After <cmocka.h>. */
#pragma once

#include <stdio.h>
#include <stdlib.h>

#include "client_fake.h"

/* A script's thread cannot use CMocka's checks. */
#define CHECK(condition)                                                                                     \
	do {                                                                                                 \
		if (!(condition)) {                                                                          \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                      \
			abort();                                                                             \
		}                                                                                            \
	} while (0)

struct session {
	struct fake fake;
	struct ffa_client *client;
};

static inline int session_setup(void **state)
{
	struct session *session = calloc(1, sizeof(*session));

	fake_init(&session->fake);
	session->client = fake_connect(&session->fake);
	*state = session;
	return 0;
}

static inline int session_teardown(void **state)
{
	struct session *session = *state;

	ffa_client_free(session->client);
	fake_done(&session->fake);
	free(session);
	return 0;
}
