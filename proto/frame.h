/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The frame around each protobuf message on the socket: a fixed 16-byte little-endian header, the same both
 * ways, then `length` bytes of one message of ffa.v1. docs/wire.md describes it for other languages.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define FFA_WIRE_MAJOR 1
#define FFA_WIRE_MINOR 0

#define FFA_FRAME_HEADER_SIZE 16
#define FFA_FRAME_REQUEST_MAX 4096         /* bytes of body that ffad accepts */
#define FFA_FRAME_RESPONSE_MAX (64 * 1024) /* bytes of body that a client must accept */
#define FFA_FRAME_FDS_MAX 1                /* file descriptors that ride with one frame */

enum ffa_frame_kind {
	FFA_FRAME_REQUEST = 1,  /* client to ffad */
	FFA_FRAME_RESPONSE = 2, /* ffad to client; id and method of its request */
	FFA_FRAME_EVENT = 3,    /* ffad to client, unasked; id of the request that subscribed */
};

struct ffa_frame {
	uint32_t length; /* of the body, header not included */
	uint16_t method; /* enum Ffa__V1__Method */
	uint8_t kind;    /* enum ffa_frame_kind */
	uint8_t fds;     /* file descriptors that came with the first byte of this header */
	uint64_t id;     /* chosen by the client, not 0; unique among its unanswered requests */
};

void ffa_frame_encode(const struct ffa_frame *frame, uint8_t ret_bytes[static FFA_FRAME_HEADER_SIZE]);
/*
 * Read a header and check it against what may stand in that direction: kinds is a mask of 1 << kind, max the
 * most body bytes. -EBADMSG: kind, id 0 or fds over FFA_FRAME_FDS_MAX; -EMSGSIZE: too long.
 */
int ffa_frame_decode(const uint8_t bytes[static FFA_FRAME_HEADER_SIZE], unsigned int kinds, uint32_t max,
		     struct ffa_frame *ret_frame);
