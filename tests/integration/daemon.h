/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A real ffad for one test: on a private socket in a temporary folder, with its own configuration and its
 * log in a file. The programs come from the environment variables FFAD and FFA_SIM; FFAD_TEST_CONDUIT=remote
 * puts an ffa-sim of its own under every daemon that is not told its conduit.
 *
 * Whatever goes wrong here fails the test, with the end of the daemon's log. Nothing sleeps: readiness comes
 * through NOTIFY_SOCKET, the end through a pidfd.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define DAEMON_PATIENCE_MS 60000 /* a wait that takes so long has failed; generous for sanitizers */
#define DAEMON_UNKNOWN SIZE_MAX
#define DAEMON_PATH_SIZE 80 /* fits a socket address with room for suffixes */

struct daemon_options {
	const char *config;           /* text of ffad.conf; NULL: an empty one */
	const char *const *args;      /* more arguments, NULL-terminated; may be NULL */
	const char *const *manifests; /* files, NULL-terminated; NULL: the built-in set */
	const char *conduit;          /* NULL: "sim", or an ffa-sim, see above */
	uint64_t descriptors;         /* RLIMIT_NOFILE; 0: as it is here */
	int listen_fd;                /* given as fd 3 with LISTEN_FDS=1; 0: none */
	uid_t user;                   /* whom the daemon becomes: the folder is that user's; 0: nobody else */
	bool open_folder;             /* other users may reach the socket */
	bool quiet;                   /* log errors only: for floods */
};

struct daemon {
	char folder[DAEMON_PATH_SIZE];
	char socket[DAEMON_PATH_SIZE + 16];
	char config[DAEMON_PATH_SIZE + 16];
	char log[DAEMON_PATH_SIZE + 16];
	char sim_socket[DAEMON_PATH_SIZE + 16];
	pid_t pid; /* 0: does not run */
	int pid_fd;
	int notify_fd;
	pid_t sim_pid; /* 0: there is none */
	int sim_pid_fd;
	uint64_t ready_ns; /* from fork to READY=1 */
};

/* Make the folder and start the daemon; returns when it is ready. `options` may be NULL. */
void daemon_start(struct daemon *daemon, const struct daemon_options *options);
/* Start it in the folder that is there already. */
void daemon_start_again(struct daemon *daemon, const struct daemon_options *options);
/* Start one that is not going to get ready; returns its exit status. */
int daemon_start_fails(struct daemon *daemon, const struct daemon_options *options);
/*
 * SIGTERM, then check: exit status 0, no socket left, no sanitizer's report. Removes the folder. Also the
 * ffa-sim, if there is one, with the same checks.
 */
void daemon_stop(struct daemon *daemon);
/* As daemon_stop() without the folder's removal, so that the log can be read. */
void daemon_terminate(struct daemon *daemon);
/* The same when the daemon has got its signal already. */
void daemon_expect_end(struct daemon *daemon);
/* SIGKILL, and wait for the end. */
void daemon_kill(struct daemon *daemon);
void daemon_kill_sim(struct daemon *daemon);
/* Check the log for sanitizers' reports and remove the folder; after daemon_terminate() or daemon_kill(). */
void daemon_forget(struct daemon *daemon);

/* Replace the configuration file's text; takes effect with daemon_reload(). The user of a test that is not root may do everything. */
void daemon_set_config(struct daemon *daemon, const char *text);
/* SIGHUP, and wait until the daemon has said that it is done. */
void daemon_reload(struct daemon *daemon);
/* Whether the daemon has logged that. */
bool daemon_has_logged(const struct daemon *daemon, const char *text);
bool daemon_is_running(const struct daemon *daemon);
/* Resident memory in bytes. */
size_t daemon_rss(const struct daemon *daemon);
/* Descriptors that it has open; DAEMON_UNKNOWN when the test may not see them. */
size_t daemon_descriptors(const struct daemon *daemon);
/* Wait until it has no more than that; it closes what a client leaves behind after the client's end. */
void daemon_wait_descriptors(const struct daemon *daemon, size_t count);

/* Clean up after a test that failed half-way: a CMocka teardown with *state a struct daemon. */
int daemon_teardown(void **state);

/* The test program itself may have `count` descriptors; skips the test when it may not. */
void daemon_need_descriptors(uint64_t count);
/* Sanitizers change memory and speed. */
bool daemon_is_sanitized(void);
