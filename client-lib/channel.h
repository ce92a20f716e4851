/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The socket and the bytes that wait on either side of it: frames are encoded straight into the output
 * buffer, many of them leave with one send, and many arrive with one receive.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "proto/frame.h"

#define CHANNEL_INPUT_SIZE (FFA_FRAME_HEADER_SIZE + FFA_FRAME_RESPONSE_MAX)
#define CHANNEL_OUTPUT_SIZE 4096        /* to begin with */
#define CHANNEL_OUTPUT_MAX (256 * 1024) /* waiting bytes */

enum channel_state {
	CHANNEL_CLOSED, /* no descriptor */
	CHANNEL_OPEN,
	CHANNEL_LOST, /* shut down; the descriptor stays open, because the caller may be polling it */
};

struct channel {
	enum channel_state state;
	int fd; /* owned */

	uint8_t *in; /* CHANNEL_INPUT_SIZE bytes */
	size_t in_start, in_end;

	uint8_t *out;
	size_t out_start, out_end, out_size;
	int out_fd;       /* owned; rides with the byte at out_fd_at; -1: none */
	size_t out_fd_at; /* the first byte of a frame */
};

/* -ENOMEM. */
int channel_init(struct channel *channel);
void channel_done(struct channel *channel);

/* Connect to a path; timeout_ms 0: no limit. -ETIMEDOUT, or what socket(2) and connect(2) have. */
int channel_open_path(struct channel *channel, const char *path, uint32_t timeout_ms);
/* Work on a duplicate of a connected socket. */
int channel_open_fd(struct channel *channel, int fd);
/* Give up the session, but keep the descriptor until channel_close() or the next open. */
void channel_lose(struct channel *channel);
void channel_close(struct channel *channel);

static inline bool channel_has_output(const struct channel *channel)
{
	return channel->out_start != channel->out_end;
}

/*
 * Append a request. fd: to send along, -1 for none; the channel's on success. -EMSGSIZE: body over
 * FFA_FRAME_REQUEST_MAX; -EAGAIN: over CHANNEL_OUTPUT_MAX, or another descriptor still waits; -ENOMEM.
 */
int channel_queue(struct channel *channel, uint16_t method, uint64_t id, const ProtobufCMessage *body,
		  int fd);

/* Never blocks. 0: all is sent; 1: some is left; -ECONNRESET. */
int channel_send(struct channel *channel);
/* Receive once. 1: there is more input; 0: none was there (wait false); -ECONNRESET: end or error. */
int channel_receive(struct channel *channel, bool wait);
/* 1: the next frame, whose body is valid until the next receive; 0: not complete yet; -EPROTO. */
int channel_next(struct channel *channel, struct ffa_frame *ret_frame, const uint8_t **ret_body);
