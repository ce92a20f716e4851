/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A client without libffa-client: it sends any bytes, right or wrong, and reads what comes back. Waits end
 * after WIRE_PATIENCE_S, and the test fails then. Sockets are the caller's to close().
 */
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ffa.pb-c.h"
#include "proto/frame.h"

#define WIRE_PATIENCE_S 60
#define WIRE_REQUEST_SIZE (FFA_FRAME_HEADER_SIZE + FFA_FRAME_REQUEST_MAX)
#define WIRE_MESSAGE_SIZE 512
#define WIRE_DIRECT_ARGS 5

/* What came. */
struct wire_frame {
	struct ffa_frame header;
	uint8_t body[FFA_FRAME_RESPONSE_MAX];
};

/* The status that begins every response, and every notice. */
struct wire_status {
	int code; /* enum Ffa__V1__StatusCode; OK when there was none */
	int32_t ffa_error;
	char message[WIRE_MESSAGE_SIZE];
};

/* A connected socket; negative errno when it cannot be had. */
int wire_try_connect(const char *path);
int wire_connect(const char *path);
/* Connect and say Hello, which has to succeed. */
int wire_open(const char *path);

/* Bytes; the daemon has to take them. */
void wire_send(int fd, const void *bytes, size_t size);
/* Bytes, of which the first brings `count` descriptors; these stay the caller's. */
void wire_send_fds(int fd, const void *bytes, size_t size, const int *fds, size_t count);
/* As much as the socket takes without waiting: bytes taken, or negative errno. */
ssize_t wire_send_some(int fd, const void *bytes, size_t size);

/* Wait until the daemon has taken every byte out of the socket. */
void wire_drain(int fd);

/* A whole request frame; its size. */
size_t wire_encode(uint16_t method, uint64_t id, const ProtobufCMessage *body,
		   uint8_t ret_bytes[static WIRE_REQUEST_SIZE]);
void wire_request(int fd, uint16_t method, uint64_t id, const ProtobufCMessage *body);
/* A request with an empty body: all of its fields at their default. */
/* A request whose body is any bytes. */
void wire_request_bytes(int fd, uint16_t method, uint64_t id, const void *body, size_t size);
void wire_request_empty(int fd, uint16_t method, uint64_t id);
void wire_cancel(int fd, uint64_t id, uint64_t request_id);
/* FFA_MSG_SEND_DIRECT_REQ, 64 bit. deadline_ms 0: the daemon's default. */
size_t wire_encode_direct(uint64_t id, uint16_t partition, const uint64_t args[static WIRE_DIRECT_ARGS],
			  uint32_t deadline_ms, uint8_t ret_bytes[static WIRE_REQUEST_SIZE]);
void wire_direct(int fd, uint64_t id, uint16_t partition, uint32_t deadline_ms);

/* Next frame; false: the connection was closed. A frame that breaks the protocol fails the test. */
bool wire_read(int fd, struct wire_frame *ret_frame);
/* Next frame, which must be there and answer request `id`; its status. */
struct wire_status wire_expect(int fd, uint64_t id);
/* The same, and the status code must be that one. */
void wire_expect_code(int fd, uint64_t id, int code);
/* An event must come that gives a sentence before the end, and then the end: the daemon has given the session up. */
struct wire_status wire_expect_notice(int fd);
/* The connection must end now, without another frame. */
void wire_expect_end(int fd);
struct wire_status wire_status(const struct wire_frame *frame);
/* Must be a response with status OK: its message, to be freed with protobuf_c_message_free_unpacked(). */
ProtobufCMessage *wire_unpack(const struct wire_frame *frame, const ProtobufCMessageDescriptor *descriptor);

/* Ping there and back: the session lives, and what was sent before has been read. */
void wire_ping(int fd);
/* Answer of INFO; free with ffa__v1__info_response__free_unpacked(). */
Ffa__V1__InfoResponse *wire_info(int fd);
/* A direct message that must come back with its own arguments. */
void wire_echo(int fd, uint16_t partition);
