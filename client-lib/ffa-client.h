/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * libffa-client: Arm FF-A secure partitions for Linux applications, through the broker daemon ffad.
 *
 * Section numbers are those of the FF-A specification, Arm DEN0077, version 1.2.
 *
 * Rules that hold for every function:
 *
 *  - Results are 0 or a negative errno, unless the description says otherwise. Out-parameters come last, are
 *    named ret_…, and are untouched when the function fails.
 *  - What a function named …_new, or one with a struct ** out-parameter, hands over is the caller's, to be
 *    freed with the …_free function of its type. Every …_free accepts NULL and returns NULL. Pointers that
 *    a getter returns belong to the object that was asked and live as long as it does, unless said otherwise.
 *  - Threads: one client, with its requests and its watch, may be used by one thread at a time. Different
 *    clients share nothing. Configurations, messages, information and lists are plain data: any thread, one
 *    at a time. A client must not be used in a child after fork().
 *  - The library does not log, does not end the process, and leaves signals and the environment alone.
 *    Calls that are interrupted by a signal handler are taken up again.
 *  - Object pointers must not be NULL except where the description allows it.
 *
 * Errors that every call to the daemon can return, beside those of its description:
 *
 *    -ENOTCONN        no connection: ffa_client_connect() was not called, or failed, or the connection is
 * lost -ECONNRESET      the connection was lost during this call; the partition may have seen a direct
 * message -EPROTO          the daemon sent something that is not the protocol; the connection has been closed
 *    -ENOMEM          out of memory in this process (or the partition answered NO_MEMORY: see the status)
 *    -ETIMEDOUT       deadline of the request, or the client's own call timeout
 *    -EPERM           the daemon's policy denies it, or a kernel driver has claimed the partition
 *    -EDQUOT          a limit of this client or its user is reached (ffa_client_query_limits())
 *    -EINVAL          an argument makes no sense (or the partition answered INVALID_PARAMETERS)
 *    -ENODEV          the partition does not exist (any more)
 *    -ENOSYS          this ffad, or the firmware under it, does not know the request
 *    -ESHUTDOWN       not now: ffad shuts down, or its way to the firmware is lost
 *    -ECANCELED       the request was cancelled (or the partition answered ABORTED)
 *    and the errno of an FF-A error code that the firmware gave, see ffa_code_to_errno().
 *
 * Which of the possible reasons it was, and a sentence that a person can act on, is in the status of the
 * client (blocking calls) or of the request (asynchronous ones): ffa_client_get_status(),
 * ffa_client_get_message(), ffa_request_get_status(), ffa_request_get_message().
 */
#ifndef FFA_CLIENT_H
#define FFA_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* A connection to ffad: one session. */
struct ffa_client;
/* How to connect. */
struct ffa_client_config;
/* One direct message: what to send, or what came back. */
struct ffa_message;
/* One asynchronous call: can be started again when it has completed. */
struct ffa_request;
/* A subscription to the partition table. */
struct ffa_partition_watch;
/* What ffad and the firmware are. */
struct ffa_info;
struct ffa_feature_list;
struct ffa_feature;
struct ffa_partition_list;
struct ffa_partition;
struct ffa_limit_list;
struct ffa_limit;

/* ---- Constants ------------------------------------------------------------------------------------------
 */

#define FFA_DEFAULT_SOCKET "/run/ffad/ffad.sock"

#define FFA_UUID_BYTES 16     /* a UUID in memory: RFC 4122 byte order, as libuuid's uuid_t */
#define FFA_UUID_TEXT_SIZE 37 /* its text form with the terminating NUL */
#define FFA_VERSION_TEXT_SIZE 16

#define FFA_MESSAGE_ARGS 5       /* arguments of FFA_MSG_SEND_DIRECT_REQ: w3-w7 or x3-x7 (§15.2) */
#define FFA_MESSAGE_REQ2_ARGS 14 /* arguments of FFA_MSG_SEND_DIRECT_REQ2: x4-x17 (§15.4) */

#define FFA_PING_PAYLOAD_MAX 256 /* bytes */

/* How a call ended, from ffad's point of view. Newer daemons may send numbers that are not listed. */
enum ffa_status {
	FFA_STATUS_LOCAL = -1, /* the library itself: no connection, bad argument, no memory */
	FFA_STATUS_OK = 0,
	FFA_STATUS_FFA_ERROR = 1,        /* the firmware or the partition answered with an FF-A error code */
	FFA_STATUS_DENIED_BY_POLICY = 2, /* ffad's rules do not allow it */
	FFA_STATUS_QUOTA = 3,            /* a limit of the client or its user is reached */
	FFA_STATUS_BAD_ARGUMENT = 4,     /* the request makes no sense */
	FFA_STATUS_GONE = 5,             /* the partition or object does not exist (any more) */
	FFA_STATUS_DEADLINE = 6,         /* not done in time; the partition may have seen the request */
	FFA_STATUS_UNIMPLEMENTED = 7,    /* this ffad, or the firmware under it, does not know the request */
	FFA_STATUS_UNAVAILABLE = 8,      /* not now: shutting down, or the conduit is lost */
	FFA_STATUS_CANCELLED = 9,        /* by the client; the partition may have seen the request */
	FFA_STATUS_CLAIMED = 10          /* a kernel driver has claimed the partition */
};

/* FF-A error codes (§12.1, error status codes). */
enum ffa_code {
	FFA_CODE_OK = 0,
	FFA_CODE_NOT_SUPPORTED = -1,
	FFA_CODE_INVALID_PARAMETERS = -2,
	FFA_CODE_NO_MEMORY = -3,
	FFA_CODE_BUSY = -4,
	FFA_CODE_INTERRUPTED = -5,
	FFA_CODE_DENIED = -6,
	FFA_CODE_RETRY = -7,
	FFA_CODE_ABORTED = -8,
	FFA_CODE_NO_DATA = -9,
	FFA_CODE_NOT_READY = -10
};

/* Bits of a partition's properties (§6.2, partition information descriptor). */
enum ffa_property {
	FFA_PROPERTY_DIRECT_REQ_RECV = 1 << 0,   /* takes direct requests */
	FFA_PROPERTY_DIRECT_REQ_SEND = 1 << 1,   /* sends direct requests */
	FFA_PROPERTY_INDIRECT_MSG = 1 << 2,      /* sends and receives indirect messages */
	FFA_PROPERTY_NOTIFICATION_RECV = 1 << 3, /* receives notifications */
	FFA_PROPERTY_VM_CREATED = 1 << 6,        /* wants to know when a VM is created */
	FFA_PROPERTY_VM_DESTROYED = 1 << 7,      /* wants to know when a VM is destroyed */
	FFA_PROPERTY_AARCH64 = 1 << 8,           /* runs in AArch64 */
	FFA_PROPERTY_DIRECT_REQ2_RECV = 1 << 9,  /* takes FFA_MSG_SEND_DIRECT_REQ2 */
	FFA_PROPERTY_DIRECT_REQ2_SEND = 1 << 10, /* sends FFA_MSG_SEND_DIRECT_REQ2 */
	FFA_PROPERTY_LIVE_ACTIVATION = 1 << 11,  /* FF-A 1.3: can be replaced while running */
	FFA_PROPERTY_CPU_RENDEZVOUS = 1 << 12,   /* FF-A 1.3: live activation stops all CPUs */
	FFA_PROPERTY_SMC64_CYCLE = 1 << 13       /* FF-A 1.3 */
};

/* Properties bits [5:4]: what the id of the entry is (§6.2). */
enum ffa_partition_type {
	FFA_PARTITION_TYPE_PE = 0,                /* a partition with execution contexts */
	FFA_PARTITION_TYPE_SEPID_INDEPENDENT = 1, /* id of a device's independent stream endpoint */
	FFA_PARTITION_TYPE_SEPID_DEPENDENT = 2,   /* of a dependent one; exec_ctx_count is its proxy's id */
	FFA_PARTITION_TYPE_AUXILIARY = 3
};

/* Which FF-A call carries a direct message. */
enum ffa_message_kind {
	FFA_MESSAGE_DIRECT_32 = 0,  /* FFA_MSG_SEND_DIRECT_REQ, SMC32: 5 arguments of 32 bits (§15.2) */
	FFA_MESSAGE_DIRECT_64 = 1,  /* FFA_MSG_SEND_DIRECT_REQ, SMC64: 5 arguments of 64 bits (§15.2) */
	FFA_MESSAGE_DIRECT_REQ2 = 2 /* FFA_MSG_SEND_DIRECT_REQ2: 14 arguments of 64 bits and a UUID (§15.4) */
};

/* ---- Configuration --------------------------------------------------------------------------------------
 */

/* Everything at its default. -ENOMEM. */
int ffa_client_config_new(struct ffa_client_config **ret_config);
struct ffa_client_config *ffa_client_config_free(struct ffa_client_config *config);

/*
 * Path of ffad's socket, copied. NULL, the default: $FFAD_SOCKET if it is set and the program does not run
 * with raised privileges, else FFA_DEFAULT_SOCKET. -ENAMETOOLONG: does not fit a socket address.
 */
int ffa_client_config_set_socket_path(struct ffa_client_config *config, const char *path);

/*
 * Use a connected stream socket instead of a path; -1, the default: do not. The descriptor stays the
 * caller's: each ffa_client_connect() works on a duplicate of it, and its peer must expect a new session.
 */
void ffa_client_config_set_fd(struct ffa_client_config *config, int fd);

/*
 * Name of this client in ffad's logs and lists, copied; at most 63 bytes, -EINVAL for more. NULL, the
 * default: the program's name.
 */
int ffa_client_config_set_name(struct ffa_client_config *config, const char *name);

/* Most time that ffa_client_connect() takes, in milliseconds; default 5000; 0: no limit. */
void ffa_client_config_set_connect_timeout(struct ffa_client_config *config, uint32_t timeout_ms);

/*
 * Most time that a blocking call waits for the daemon, in milliseconds; default 0: no limit of the library's
 * own, the daemon ends every request at its deadline. A call that runs into it returns -ETIMEDOUT, its
 * request is cancelled, and the connection stays usable.
 */
void ffa_client_config_set_call_timeout(struct ffa_client_config *config, uint32_t timeout_ms);

/* ---- Client ---------------------------------------------------------------------------------------------
 */

/*
 * A client that is not connected yet. The configuration is copied; NULL: everything at its default.
 * -ENOMEM.
 */
int ffa_client_new(const struct ffa_client_config *config, struct ffa_client **ret_client);

/*
 * Close the connection and free the client. Requests that are under way and the watch complete with
 * -ECONNRESET first, inside this call. Request and watch objects stay their owner's, to be freed before or
 * after the client; they can no longer be started (-ENOTCONN). May be called from a callback.
 */
struct ffa_client *ffa_client_free(struct ffa_client *client);

/*
 * Open a session; also again, after the connection was lost: the library never does that by itself. Blocks
 * at most for the connect timeout. The new session knows nothing of the old one: requests and the watch have
 * been completed with -ECONNRESET (those whose callback is still due get it from the next dispatch) and have
 * to be started again by the caller. The file descriptor of the client changes.
 *
 * -EISCONN, -ENOENT and -ECONNREFUSED (ffad does not run), -EACCES (permissions of the socket), -ETIMEDOUT,
 * -EPROTONOSUPPORT (no common protocol version), and ffad's own refusals as in the list above. On failure
 * ffa_client_get_message() says what to do.
 */
int ffa_client_connect(struct ffa_client *client);

bool ffa_client_is_connected(const struct ffa_client *client);

/* How the last blocking call, ffa_client_connect() included, ended. */
enum ffa_status ffa_client_get_status(const struct ffa_client *client);
/*
 * FF-A error code (enum ffa_code) with FFA_STATUS_FFA_ERROR; with FFA_STATUS_DEADLINE the last one that the
 * partition gave while ffad tried, for example FFA_CODE_BUSY; else 0.
 */
int32_t ffa_client_get_ffa_code(const struct ffa_client *client);
/*
 * A sentence for a person: what happened and what to do next. "" after success. Control characters have been
 * replaced by '?'. Valid until the next blocking call.
 */
const char *ffa_client_get_message(const struct ffa_client *client);

/* What the daemon said when the session was opened. Version: "" before the first session. */
const char *ffa_client_get_daemon_version(const struct ffa_client *client);
/* Requests that this session may have under way at once; more are answered -EDQUOT. */
uint32_t ffa_client_get_max_in_flight(const struct ffa_client *client);
/* Whether this client may use administrators' requests. */
bool ffa_client_is_admin(const struct ffa_client *client);
/* Path of the socket that ffa_client_connect() uses; "" when the configuration named a descriptor. */
const char *ffa_client_get_socket_path(const struct ffa_client *client);

/* ---- Blocking calls -------------------------------------------------------------------------------------
 */
/*
 * They can be used while asynchronous requests are under way, from callbacks too: completions that arrive
 * meanwhile are kept and delivered by the next ffa_client_dispatch().
 */

/*
 * Have `size` bytes, at most FFA_PING_PAYLOAD_MAX, come back from ffad; payload may be NULL with size 0.
 * -EINVAL: too many. -EPROTO: something else came back.
 */
int ffa_client_ping(struct ffa_client *client, const void *payload, size_t size);

/*
 * Send a direct message to a partition and wait for its answer (§7.3, §15.2-15.5). Arguments that the
 * partition leaves out are 0. deadline_ms: milliseconds from when ffad reads the request, 0: ffad's default;
 * when it passes the result is -ETIMEDOUT, and the partition may have seen the message. ret_args may be args.
 *
 * Which registers mean what is the partition's protocol; the sender id is always the normal world's.
 * -EPERM, -ENODEV and the partition's FF-A error, in particular -EBUSY.
 */
int ffa_client_direct32(struct ffa_client *client, uint16_t partition, const uint32_t args[FFA_MESSAGE_ARGS],
			uint32_t deadline_ms, uint32_t ret_args[FFA_MESSAGE_ARGS]);
int ffa_client_direct64(struct ffa_client *client, uint16_t partition, const uint64_t args[FFA_MESSAGE_ARGS],
			uint32_t deadline_ms, uint64_t ret_args[FFA_MESSAGE_ARGS]);
/* FFA_MSG_SEND_DIRECT_REQ2, FF-A 1.2. uuid: the service in the partition; NULL: the nil UUID. */
int ffa_client_direct_req2(struct ffa_client *client, uint16_t partition, const uint8_t uuid[FFA_UUID_BYTES],
			   const uint64_t args[FFA_MESSAGE_REQ2_ARGS], uint32_t deadline_ms,
			   uint64_t ret_args[FFA_MESSAGE_REQ2_ARGS]);
/*
 * The same with a message object. The answer's arguments replace those of `reply`, which must be of the same
 * kind (-EINVAL) and may be `message` itself; NULL: not wanted.
 */
int ffa_client_direct(struct ffa_client *client, const struct ffa_message *message,
		      struct ffa_message *reply);

/* What ffad and the firmware are. */
int ffa_client_query_info(struct ffa_client *client, struct ffa_info **ret_info);

/* Which FF-A functions and features the firmware has (FFA_FEATURES, §13.3). */
int ffa_client_query_features(struct ffa_client *client, struct ffa_feature_list **ret_list);

/*
 * Partitions (FFA_PARTITION_INFO_GET, §13.8). uuid NULL: all of them, else those that offer this service. A
 * partition has one entry for each of its UUIDs. None found is success with an empty list.
 */
int ffa_client_list_partitions(struct ffa_client *client, const uint8_t uuid[FFA_UUID_BYTES],
			       struct ffa_partition_list **ret_list);

/* The limits of ffad, and how much of them this client's user has used. */
int ffa_client_query_limits(struct ffa_client *client, struct ffa_limit_list **ret_list);

/*
 * Add a partition to the simulated SPMC; administrators only. dtb: a partition manifest as a flattened device
 * tree of `size` bytes. file_name: where it came from, for messages. behaviour: of the built-in test
 * partition, for example "echo"; NULL: what the manifest says. -EINVAL, -ENOSYS (ffad runs on firmware),
 * or an errno of memfd_create(2) when a large manifest cannot be handed over.
 */
int ffa_client_sim_load(struct ffa_client *client, const char *file_name, const void *dtb, size_t size,
			const char *behaviour, uint16_t *ret_partition);

/* ---- Direct message object ------------------------------------------------------------------------------
 */

/* A message to `partition` with all arguments 0, the nil UUID and no deadline. -EINVAL: kind; -ENOMEM. */
int ffa_message_new(enum ffa_message_kind kind, uint16_t partition, struct ffa_message **ret_message);
struct ffa_message *ffa_message_free(struct ffa_message *message);

/*
 * The first `count` arguments; the rest become 0. -E2BIG: more than the kind has; -ERANGE: over 32 bits in a
 * FFA_MESSAGE_DIRECT_32 message.
 */
int ffa_message_set_args(struct ffa_message *message, const uint64_t *args, size_t count);
/* FFA_MESSAGE_DIRECT_REQ2 only, else -EINVAL. NULL: the nil UUID. */
int ffa_message_set_uuid(struct ffa_message *message, const uint8_t uuid[FFA_UUID_BYTES]);
/* Milliseconds from when ffad reads the request; 0: ffad's default. */
void ffa_message_set_deadline(struct ffa_message *message, uint32_t deadline_ms);

enum ffa_message_kind ffa_message_get_kind(const struct ffa_message *message);
uint16_t ffa_message_get_partition(const struct ffa_message *message);
/* Arguments that messages of this kind have: FFA_MESSAGE_ARGS or FFA_MESSAGE_REQ2_ARGS. */
size_t ffa_message_get_arg_count(const struct ffa_message *message);
/* That many values. */
const uint64_t *ffa_message_get_args(const struct ffa_message *message);

/* ---- Asynchronous use -----------------------------------------------------------------------------------
 */
/*
 * Add ffa_client_get_fd() with ffa_client_get_events() to the event loop, and call ffa_client_dispatch() when
 * poll reports anything. Ask for the events again after every call of the library. Requests are collected
 * and go out with the next dispatch, flush or blocking call: start many, then flush once.
 */

/*
 * The connection's descriptor, the client's, for polling only. It stays open, and reports POLLHUP, when the
 * connection is lost; ffa_client_connect() and ffa_client_free() close it. -ENOTCONN: never connected.
 */
int ffa_client_get_fd(const struct ffa_client *client);

/*
 * What to poll for: POLLIN, and POLLOUT while requests wait to be sent or completions wait for
 * ffa_client_dispatch().
 */
short ffa_client_get_events(const struct ffa_client *client);

/*
 * Send what waits, receive what is there, and call the callbacks of what has completed. timeout_ms: most
 * time to wait for a first completion; 0: do not wait; -1: no limit. Does not wait when nothing is under way
 * and no watch is active.
 *
 * Returns the number of completions and watch events delivered; 0 when there were none. -ECONNRESET or
 * -EPROTO when the connection turns out to be lost, after all callbacks due were called; -ENOTCONN from then
 * on. May be called from a callback, where it delivers what is left.
 */
int ffa_client_dispatch(struct ffa_client *client, int timeout_ms);

/*
 * Send what waits, as far as the socket takes it now. Returns 0 when all of it went out, 1 when some is left
 * (poll for POLLOUT), -ENOTCONN, -ECONNRESET.
 */
int ffa_client_flush(struct ffa_client *client);

/*
 * A request has completed. Called from ffa_client_dispatch() or ffa_client_free() only, exactly once for each
 * successful start. result: 0 or a negative errno, as the blocking call would have returned it; -ECONNRESET
 * when the connection was lost. The request may be started again or freed inside.
 */
typedef void (*ffa_request_fn)(struct ffa_request *request, int result, void *userdata);

/* An idle request of this client. callback may be NULL: then watch ffa_request_get_result(). -ENOMEM. */
int ffa_request_new(struct ffa_client *client, ffa_request_fn callback, void *userdata,
		    struct ffa_request **ret_request);

/* A request that is under way is cancelled, and its callback is not called. May be called in any callback. */
struct ffa_request *ffa_request_free(struct ffa_request *request);

/*
 * Start a call; arguments as those of the blocking one, copied. All: -EBUSY (still under way), -ENOTCONN,
 * -EAGAIN (too much waits to be sent: dispatch first), -ENOMEM. What the request held of an earlier call is
 * dropped.
 */
int ffa_request_start_ping(struct ffa_request *request, const void *payload, size_t size);
int ffa_request_start_direct(struct ffa_request *request, const struct ffa_message *message);
int ffa_request_start_info(struct ffa_request *request);
int ffa_request_start_features(struct ffa_request *request);
int ffa_request_start_list_partitions(struct ffa_request *request, const uint8_t uuid[FFA_UUID_BYTES]);
int ffa_request_start_limits(struct ffa_request *request);

/*
 * Ask ffad to give the request up. It completes as always: with -ECANCELED, or with its answer when that was
 * faster. A direct message that the partition has already seen is not undone. -EALREADY: not under way;
 * -EAGAIN, -ENOTCONN as above.
 */
int ffa_request_cancel(struct ffa_request *request);

/* -EINPROGRESS while under way; -EINVAL: never started; else the result of the call. */
int ffa_request_get_result(const struct ffa_request *request);
/* As the functions of the same name for the client, for this request's last call. */
enum ffa_status ffa_request_get_status(const struct ffa_request *request);
int32_t ffa_request_get_ffa_code(const struct ffa_request *request);
const char *ffa_request_get_message(const struct ffa_request *request);
/* The client; NULL when that was freed. */
struct ffa_client *ffa_request_get_client(const struct ffa_request *request);

/*
 * Results of a call that completed with 0. The wrong kind of call, or none: -ENODATA.
 * Arguments of the answer: fills `count` values, with 0 those that the answer does not have.
 */
int ffa_request_get_args(const struct ffa_request *request, size_t count, uint64_t *ret_args);
/* Each of these hands over what the call brought, once: a second time is -ENODATA. */
int ffa_request_take_info(struct ffa_request *request, struct ffa_info **ret_info);
int ffa_request_take_features(struct ffa_request *request, struct ffa_feature_list **ret_list);
int ffa_request_take_partitions(struct ffa_request *request, struct ffa_partition_list **ret_list);
int ffa_request_take_limits(struct ffa_request *request, struct ffa_limit_list **ret_list);

/*
 * The partition table, or the end of the watch. result 0: `list` is the whole present table, the watch's,
 * valid until the callback returns; tables that were overtaken before the dispatch are left out. result
 * negative: list is NULL and the watch has ended: -ECONNRESET with the connection, or ffad's refusal;
 * ffa_partition_watch_start() starts it again.
 */
typedef void (*ffa_partition_watch_fn)(struct ffa_partition_watch *watch, int result,
				       const struct ffa_partition_list *list, void *userdata);

/* A watch that is not started. One for each client: -EBUSY. -ENOMEM. */
int ffa_partition_watch_new(struct ffa_client *client, ffa_partition_watch_fn callback, void *userdata,
			    struct ffa_partition_watch **ret_watch);
/* Stops the watch; its callback is not called any more. May be called in any callback. */
struct ffa_partition_watch *ffa_partition_watch_free(struct ffa_partition_watch *watch);
/* Have the present table reported, then each change. -EBUSY: started already; -EAGAIN, -ENOTCONN. */
int ffa_partition_watch_start(struct ffa_partition_watch *watch);

/* ---- Information ----------------------------------------------------------------------------------------
 */

struct ffa_info *ffa_info_free(struct ffa_info *info);
/* FF-A version that ffad and the firmware agreed on, for ffa_format_version() (§13.2). */
uint32_t ffa_info_get_ffa_version(const struct ffa_info *info);
/* FF-A version that the firmware said it has. */
uint32_t ffa_info_get_firmware_version(const struct ffa_info *info);
/* Endpoint id of the normal world (FFA_ID_GET, §13.10): sender of every message. */
uint16_t ffa_info_get_endpoint_id(const struct ffa_info *info);
/* Endpoint id of the SPMC (FFA_SPM_ID_GET, §13.11); 0: the firmware does not tell. */
uint16_t ffa_info_get_spmc_id(const struct ffa_info *info);
/* How ffad reaches the firmware: "sim", "shim (SMC)", … */
const char *ffa_info_get_conduit(const struct ffa_info *info);
/* CPUs that ffad issues calls from. */
uint32_t ffa_info_get_cpu_count(const struct ffa_info *info);
/* FF-A pages of 4096 bytes in each of RX and TX (§7.2); 0: the pair is not ffad's. */
uint32_t ffa_info_get_rxtx_pages(const struct ffa_info *info);
uint32_t ffa_info_get_partition_count(const struct ffa_info *info);
const char *ffa_info_get_daemon_version(const struct ffa_info *info);
/* Sessions that are open now, this one included. */
uint32_t ffa_info_get_session_count(const struct ffa_info *info);
/* Direct messages that wait for their partition to go on (after FFA_YIELD or FFA_INTERRUPT). */
uint32_t ffa_info_get_parked_calls(const struct ffa_info *info);
/* Direct messages since ffad started. */
uint64_t ffa_info_get_direct_calls(const struct ffa_info *info);

/* ---- Features -------------------------------------------------------------------------------------------
 */

struct ffa_feature_list *ffa_feature_list_free(struct ffa_feature_list *list);
size_t ffa_feature_list_get_count(const struct ffa_feature_list *list);
/* The list's; NULL: no such index. */
const struct ffa_feature *ffa_feature_list_get(const struct ffa_feature_list *list, size_t index);

/* Function id (§11.1), or feature id when below 256 (§13.3). */
uint32_t ffa_feature_get_id(const struct ffa_feature *feature);
/* "FFA_MEM_SHARE", "Schedule Receiver interrupt", …; "" when ffad has none. */
const char *ffa_feature_get_name(const struct ffa_feature *feature);
bool ffa_feature_is_supported(const struct ffa_feature *feature);
/* w2 and w3 of the reply: interface properties (§13.3). */
uint32_t ffa_feature_get_w2(const struct ffa_feature *feature);
uint32_t ffa_feature_get_w3(const struct ffa_feature *feature);

/* ---- Partitions -----------------------------------------------------------------------------------------
 */

struct ffa_partition_list *ffa_partition_list_free(struct ffa_partition_list *list);
size_t ffa_partition_list_get_count(const struct ffa_partition_list *list);
/* Grows with each change of ffad's table. */
uint64_t ffa_partition_list_get_generation(const struct ffa_partition_list *list);
/* The list's; NULL: no such index. */
const struct ffa_partition *ffa_partition_list_get(const struct ffa_partition_list *list, size_t index);

/* Endpoint id (§6.1): what messages are sent to. */
uint16_t ffa_partition_get_id(const struct ffa_partition *partition);
/* Execution contexts, or the proxy's endpoint id for FFA_PARTITION_TYPE_SEPID_DEPENDENT. */
uint16_t ffa_partition_get_exec_ctx_count(const struct ffa_partition *partition);
/* Bits of enum ffa_property, and the type in [5:4]. */
uint32_t ffa_partition_get_properties(const struct ffa_partition *partition);
enum ffa_partition_type ffa_partition_get_type(const struct ffa_partition *partition);
/* FFA_UUID_BYTES bytes: the service of this entry; all 0 when the firmware did not tell. */
const uint8_t *ffa_partition_get_uuid(const struct ffa_partition *partition);
/* FFA_UUID_BYTES bytes: of the partition's image, FF-A 1.3; all 0: unknown. */
const uint8_t *ffa_partition_get_image_uuid(const struct ffa_partition *partition);
/* The partition's own FF-A version, FF-A 1.3; 0: unknown. */
uint32_t ffa_partition_get_ffa_version(const struct ffa_partition *partition);
/* A kernel driver has claimed it: messages to it are refused unless ffad's policy says otherwise. */
bool ffa_partition_is_claimed(const struct ffa_partition *partition);
/* ffad's policy lets this client send it direct messages. */
bool ffa_partition_is_direct_allowed(const struct ffa_partition *partition);
/* A call has been inside the partition for longer than ffad's limit. */
bool ffa_partition_is_stalled(const struct ffa_partition *partition);

/* ---- Limits ---------------------------------------------------------------------------------------------
 */

struct ffa_limit_list *ffa_limit_list_free(struct ffa_limit_list *list);
size_t ffa_limit_list_get_count(const struct ffa_limit_list *list);
/* The list's; NULL: no such index. */
const struct ffa_limit *ffa_limit_list_get(const struct ffa_limit_list *list, size_t index);

/* As in ffad.conf. */
const char *ffa_limit_get_name(const struct ffa_limit *limit);
uint64_t ffa_limit_get_value(const struct ffa_limit *limit);
/* By this client's user, where it is counted; else 0. */
uint64_t ffa_limit_get_used(const struct ffa_limit *limit);
const char *ffa_limit_get_description(const struct ffa_limit *limit);

/* ---- Names and text -------------------------------------------------------------------------------------
 */
/* Pure functions: any thread. Strings are static. */

/* "DENIED_BY_POLICY"; NULL for a number that is no status. */
const char *ffa_status_name(enum ffa_status status);
/* "INVALID_PARAMETERS"; NULL for a number that is no FF-A error code. */
const char *ffa_code_name(int32_t code);
/*
 * Negative errno for an FF-A error code, as Linux's driver has it: NOT_SUPPORTED -EOPNOTSUPP,
 * INVALID_PARAMETERS -EINVAL, NO_MEMORY -ENOMEM, BUSY -EBUSY, INTERRUPTED -EINTR, DENIED -EACCES, RETRY
 * -EAGAIN, ABORTED -ECANCELED, NO_DATA -ENODATA, NOT_READY -EAGAIN; 0 for FFA_CODE_OK, -EINVAL for others.
 */
int ffa_code_to_errno(int32_t code);
/* "direct-req-recv" for one bit of enum ffa_property; NULL for anything else. */
const char *ffa_property_name(uint32_t property);
/* "PE endpoint", …; NULL for a number that is no type. */
const char *ffa_partition_type_name(enum ffa_partition_type type);
/* "1.2" for an FF-A version number (§13.2: [30:16] major, [15:0] minor). */
void ffa_format_version(uint32_t version, char ret_text[FFA_VERSION_TEXT_SIZE]);
/* Lower case with hyphens. */
void ffa_format_uuid(const uint8_t uuid[FFA_UUID_BYTES], char ret_text[FFA_UUID_TEXT_SIZE]);
/* The form with hyphens, 36 characters, either case; else -EINVAL. */
int ffa_parse_uuid(const char *text, uint8_t ret_uuid[FFA_UUID_BYTES]);
/* Version of the library, "0.1.0". */
const char *ffa_client_library_version(void);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif /* FFA_CLIENT_H */
