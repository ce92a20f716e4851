/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A simulated machine behind a Unix socket (sim/ipc.h), a thread for each connection. What firmware knows
 * outlives its users: memory that a client has plugged in stays until it, or its successor, unplugs it.
 */
#pragma once

#include "sim/machine.h"

struct server;

/*
 * Listen at `path`. A socket that nobody listens at is replaced. `machine` stays the caller's and must
 * outlive the server. `trace` prints each call and reply to stderr. -EADDRINUSE: an ffa-sim, or something
 * else, is there; -ENAMETOOLONG; other negative errno.
 */
int server_new(struct machine *machine, const char *path, bool trace, struct server **ret_server);
/* Readable when somebody connects. */
int server_fd(const struct server *server);
/* Take one connection and start serving it; nothing when there is none. Negative errno. */
int server_accept(struct server *server);
/*
 * Remove the socket, end all connections and their calls, wait for their threads. Stops the machine. Accepts
 * NULL; returns NULL.
 */
struct server *server_free(struct server *server);
