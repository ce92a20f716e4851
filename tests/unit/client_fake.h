/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The daemon's end of a session, played by a test: one end of a socket pair, on which frames are read and
 * answered one by one. For blocking calls a script plays it in a thread of its own.
 */
#pragma once

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

#include "client-lib/ffa-client.h"
#include "ffa.pb-c.h"
#include "proto/frame.h"

struct fake {
	int fd;        /* the daemon's end */
	int client_fd; /* the client's, which works on a duplicate */
	pthread_t thread;
	void (*script)(struct fake *fake);
	uint64_t hello_id;
	int arg; /* for the script */
};

struct fake_request {
	struct ffa_frame frame;
	int fd; /* that came with it; -1: none */
	uint8_t body[FFA_FRAME_REQUEST_MAX];
};

/* A socket pair, and a configuration that uses it. */
void fake_init(struct fake *fake);
void fake_done(struct fake *fake);
/* A client that has said Hello to it. */
struct ffa_client *fake_connect(struct fake *fake);
struct ffa_client_config *fake_config(const struct fake *fake);

/* Play a script in a thread; join before looking at what it did. */
void fake_play(struct fake *fake, void (*script)(struct fake *fake));
void fake_join(struct fake *fake);
void fake_script_hello(struct fake *fake);

/* The next request; fails the test when the client hangs up. */
void fake_read(struct fake *fake, struct fake_request *ret_request);
void fake_expect(struct fake *fake, Ffa__V1__Method method, struct fake_request *ret_request);
/* Unpacked body, to be freed with protobuf_c_message_free_unpacked(). */
void *fake_unpack(const struct fake_request *request, const ProtobufCMessageDescriptor *descriptor);
/* Nothing waits to be read. */
void fake_expect_silence(struct fake *fake);

/* A frame in memory: returns its size. */
size_t fake_frame(enum ffa_frame_kind kind, unsigned int method, uint64_t id, const ProtobufCMessage *body,
		  uint8_t *ret_bytes);
void fake_write(struct fake *fake, const void *bytes, size_t size);
void fake_answer(struct fake *fake, const struct fake_request *request, const ProtobufCMessage *body);
void fake_event(struct fake *fake, const struct fake_request *request, const ProtobufCMessage *body);
/* The smallest answer, or with a status; works for every method, because all begin with the status. */
void fake_answer_status(struct fake *fake, const struct fake_request *request, int code, int32_t ffa_error,
			const char *message);
/* Answer a direct message by its arguments, each plus `add`. */
void fake_answer_direct(struct fake *fake, const struct fake_request *request, uint64_t add);
