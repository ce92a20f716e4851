/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Between ffa-sim and its users on the same machine: fixed-size messages over a SOCK_SEQPACKET Unix socket, a
 * reply for each request, in native byte order. A connection carries one request at a time; who wants several
 * calls under way opens several connections, as a machine has several CPUs. The first request is IPC_HELLO.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "abi/regs.h"

#define IPC_MAGIC 0x4d495346u /* "FSIM" */
#define IPC_VERSION 1u        /* both sides must have the same */
#define IPC_CONNECTIONS_MAX 512u
#define IPC_FILE_SIZE 256
#define IPC_BEHAVIOUR_SIZE 64
#define IPC_TEXT_SIZE 1024
#define IPC_PROFILE_SIZE 16

enum ipc_kind {
	IPC_HELLO = 1, /* who are you */
	IPC_CALL,      /* issue a frame */
	IPC_PLUG,      /* memory in; the request carries the memfd */
	IPC_UNPLUG,    /* memory out */
	IPC_LOAD,      /* a partition; the request carries a memfd with the manifest blob */
	IPC_INSPECT,   /* state as text; the reply carries a memfd with it */
};

/* Begins each message. */
struct ipc_header {
	uint32_t kind;  /* enum ipc_kind; a reply has its request's */
	int32_t result; /* 0 in requests; 0 or a negative errno in replies */
};

struct ipc_hello {
	struct ipc_header header;
	uint32_t magic;    /* both ways */
	uint32_t version;  /* both ways */
	uint64_t instance; /* reply: random, another one after a restart; its firmware state is new then */
	uint32_t cpus;     /* reply */
	char profile[IPC_PROFILE_SIZE];
	uint32_t reserved;
};

struct ipc_call {
	struct ipc_header header;
	uint32_t cpu;
	uint32_t reserved;
	struct ffa_regs regs;
};

/* IPC_PLUG: `pages` in, `pa` out. IPC_UNPLUG: both in. */
struct ipc_memory {
	struct ipc_header header;
	uint64_t pages;
	uint64_t pa;
};

struct ipc_load {
	struct ipc_header header;
	uint64_t size;                      /* of the blob */
	char file[IPC_FILE_SIZE];           /* for sentences */
	char behaviour[IPC_BEHAVIOUR_SIZE]; /* "": the manifest's */
	uint16_t id;                        /* reply */
	uint16_t reserved[3];
	char reason[IPC_TEXT_SIZE]; /* reply, when refused */
};

struct ipc_inspect {
	struct ipc_header header;
	uint64_t size; /* reply: of the text, without NUL */
};

/* Any message. */
union ipc_message {
	struct ipc_header header;
	struct ipc_hello hello;
	struct ipc_call call;
	struct ipc_memory memory;
	struct ipc_load load;
	struct ipc_inspect inspect;
};

/* Size of a message of this kind, 0 for an unknown one. */
size_t ipc_size(uint32_t kind);

/*
 * Send one message; `passed_fd` goes with it (-1: none) and stays the caller's. Negative errno, -EIO when the
 * other side is gone.
 */
int ipc_send(int fd, const void *message, size_t size, int passed_fd);
/*
 * Receive one message of at most `size` bytes. Returns its length, 0 when the other side has closed.
 * *ret_fd (may be NULL: none is welcome) is a descriptor that came with it, or -1; the caller closes it.
 * -EBADMSG when it does not fit or brings more descriptors than welcome.
 */
int ipc_receive(int fd, void *message, size_t size, int *ret_fd);

/* Connect to an ffa-sim and say hello. -EPROTO: something else, or another version, listens there. */
int ipc_connect(const char *path, int *ret_fd, struct ipc_hello *ret_hello);
/*
 * Send a request and receive its reply into *message. Negative errno of the way (-EIO: lost), not of the
 * reply: that is message->header.result.
 */
int ipc_exchange(int fd, void *message, size_t size, int passed_fd, int *ret_fd);
