/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_MSG_SEND_DIRECT_REQ, 32 and 64 bit. */
#include <pthread.h>
#include <sched.h>
#include <string.h>

#include "tests/conformance/exchange.h"

#define SPMC_ID 0x8000
#define OTHER_NS_ID 5
#define SECURE_NOBODY 0x8ff0
#define DIRTY UINT64_C(0xdeadbeef00000000)
#define ROUNDS 4
#define RACERS 2
#define RACES 200
#define RACE_BUSY_MAX 10000000u
#define NO_HANDLE UINT32_MAX

/* w2[7:0] of framework messages that nobody answers to a normal world. */
static const uint8_t framework_types[] = { 0, 2, 5, 7, 9, 0xff };

/* Another normal-world id than the caller's: a hypervisor may send for its VMs. */
static const struct expect other_sender = EXPECT(FFA_INVALID_PARAMETERS, FFA_OK, UNKNOWN, FFA_OK);
static const struct expect framework =
	EXPECT(FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, UNKNOWN, FFA_NOT_SUPPORTED);
static const struct expect not_subscribed =
	EXPECT(FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, UNKNOWN, FFA_INVALID_PARAMETERS);
static const struct expect subscribed = EXPECT(FFA_OK, FFA_OK, UNKNOWN, UNKNOWN);
static const struct expect response_by_ns =
	EXPECT(FFA_NOT_SUPPORTED, FFA_INVALID_PARAMETERS, FFA_NOT_SUPPORTED, FFA_NOT_SUPPORTED);

static uint64_t fid_of(enum ffa_direct_kind kind)
{
	return kind == FFA_DIRECT_32 ? FFA_MSG_SEND_DIRECT_REQ : FFA_MSG_SEND_DIRECT_REQ_64;
}

static void echo(struct probe *probe, enum ffa_direct_kind kind)
{
	struct ffa_partition_info info;

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	for (uint32_t i = 0; i < ROUNDS; i++) {
		struct ffa_direct request = exchange_request(kind, info.id, i);

		REQUIRE(exchange_echo(probe, 0, &request, NULL, NULL));
	}
}

static void echo_32(struct probe *probe)
{
	echo(probe, FFA_DIRECT_32);
}

static void echo_64(struct probe *probe)
{
	echo(probe, FFA_DIRECT_64);
}

/* Upper halves of SMC32 frames mean nothing. */
static void dirty_halves(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;
	struct ffa_regs call;

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	request = exchange_request(FFA_DIRECT_32, info.id, 1);
	CHECK(probe, ffa_direct_encode_req(&request, &call) == 0, "the request cannot be encoded");
	for (unsigned int i = 1; i < 8; i++)
		call.x[i] |= DIRTY;
	call = probe_call(probe, 0, &call);
	REQUIRE(exchange_finish(probe, 0, &request, call, NULL, NULL));
}

static void reserved_w2(struct probe *probe, enum ffa_direct_kind kind)
{
	static const uint32_t values[] = { 1, 2, UINT32_C(0x40000000) };
	struct ffa_partition_info info;
	struct ffa_direct request;

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct ffa_regs reply = CALL(probe, fid_of(kind), info.id, values[i]);

		ERROR(probe, reply, FFA_INVALID_PARAMETERS, "reserved bits of w2");
	}
	request = exchange_request(kind, info.id, 2);
	REQUIRE(exchange_echo(probe, 0, &request, NULL, NULL));
}

static void mbz_w2_32(struct probe *probe)
{
	reserved_w2(probe, FFA_DIRECT_32);
}

static void mbz_w2_64(struct probe *probe)
{
	reserved_w2(probe, FFA_DIRECT_64);
}

/* Ids that are no partition's: unknown, the normal world's, the SPMC's, the SPMD's. */
static void bad_receivers(struct probe *probe, enum ffa_direct_kind kind)
{
	uint16_t ids[] = { 0, 0, 1, 0x7fff, SPMC_ID, FFA_ENDPOINT_SPMD };

	REQUIRE(probe_absent_id(probe, &ids[0]));
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct ffa_regs reply = CALL(probe, fid_of(kind), ids[i]);

		ERROR(probe, reply, FFA_INVALID_PARAMETERS, "a receiver that is no partition");
	}
}

static void bad_receiver_32(struct probe *probe)
{
	bad_receivers(probe, FFA_DIRECT_32);
}

static void bad_receiver_64(struct probe *probe)
{
	bad_receivers(probe, FFA_DIRECT_64);
}

static void secure_sender(struct probe *probe, enum ffa_direct_kind kind)
{
	struct ffa_partition_info info;
	uint16_t senders[] = { SECURE_NOBODY, SPMC_ID, 0 };

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	senders[2] = info.id;
	for (size_t i = 0; i < sizeof(senders) / sizeof(senders[0]); i++) {
		struct ffa_regs reply = CALL(probe, fid_of(kind), ffa_src_dst(senders[i], info.id));

		ERROR(probe, reply, FFA_INVALID_PARAMETERS, "a sender of the secure world");
	}
}

static void bad_sender_32(struct probe *probe)
{
	secure_sender(probe, FFA_DIRECT_32);
}

static void bad_sender_64(struct probe *probe)
{
	secure_sender(probe, FFA_DIRECT_64);
}

static void sender_of_a_vm(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;
	struct ffa_regs reply;
	int32_t want = probe_want(probe, &other_sender);

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	request = exchange_request(FFA_DIRECT_32, info.id, 3);
	request.sender = OTHER_NS_ID;
	reply = exchange_send(probe, 0, &request);
	if (want == FFA_OK)
		REQUIRE(exchange_finish(probe, 0, &request, reply, NULL, NULL));
	else
		OUTCOME(probe, reply, other_sender, "another sender of the normal world");
}

static void refuser(struct probe *probe)
{
	struct ffa_partition_info info;

	REQUIRE(probe_find(probe, ROLE_REFUSER, &info));
	for (int kind = FFA_DIRECT_32; kind <= FFA_DIRECT_64; kind++) {
		struct ffa_regs reply = CALL(probe, fid_of((enum ffa_direct_kind)kind), info.id);

		ERROR(probe, reply, FFA_DENIED, "a request to who receives none");
	}
}

/* A partition in the middle of a request takes no other one, from whatever CPU. */
static void blocked(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;
	struct ffa_regs yield, reply;
	unsigned int last = probe->conduit->cpus - 1;

	REQUIRE(probe_find(probe, ROLE_YIELDER, &info));
	request = exchange_request(FFA_DIRECT_32, info.id, 4);
	REQUIRE(exchange_block(probe, 0, &request, &yield));
	for (int kind = FFA_DIRECT_32; kind <= FFA_DIRECT_64; kind++) {
		reply = CALL(probe, fid_of((enum ffa_direct_kind)kind), info.id);
		ERROR(probe, reply, FFA_BUSY, "a second request");
	}
	reply = CALL_ON(probe, last, FFA_MSG_SEND_DIRECT_REQ, info.id);
	ERROR(probe, reply, FFA_BUSY, "a second request from another CPU");
	REQUIRE(exchange_finish(probe, 0, &request, yield, NULL, NULL));
	request = exchange_request(FFA_DIRECT_64, info.id, 5);
	REQUIRE(exchange_echo(probe, 0, &request, NULL, NULL));
}

/* Others are served while one is blocked. */
static void blocked_alone(struct probe *probe)
{
	struct ffa_partition_info info, other;
	struct ffa_direct request, second;
	struct ffa_regs yield;

	REQUIRE(probe_find(probe, ROLE_YIELDER, &info));
	REQUIRE(probe_find(probe, ROLE_ECHO, &other));
	request = exchange_request(FFA_DIRECT_32, info.id, 6);
	second = exchange_request(FFA_DIRECT_32, other.id, 7);
	REQUIRE(exchange_block(probe, 0, &request, &yield));
	REQUIRE(exchange_echo(probe, 0, &second, NULL, NULL));
	REQUIRE(exchange_finish(probe, 0, &request, yield, NULL, NULL));
}

static void yields(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;
	unsigned int count;

	REQUIRE(probe_find(probe, ROLE_YIELDER, &info));
	for (int kind = FFA_DIRECT_32; kind <= FFA_DIRECT_64; kind++) {
		request = exchange_request((enum ffa_direct_kind)kind, info.id, 8);
		REQUIRE(exchange_echo(probe, 0, &request, NULL, &count));
		CHECK(probe, count > 0, "the partition did not yield");
	}
}

/* The timeout of FFA_YIELD is of 1.2; Hafnium hands it to everybody. */
static void yield_timeout(struct probe *probe)
{
	static const struct expect handed_on = EXPECT(0, 1, UNKNOWN, UNKNOWN);
	struct ffa_partition_info info;
	struct ffa_direct request;
	struct ffa_regs yield;
	bool expected = probe->version >= FFA_VERSION_1_2 || probe_want(probe, &handed_on) == 1;

	if (!probe->own)
		SKIP(probe, "whether the partition gives a timeout is not known");
	if (probe->version < FFA_VERSION_1_2 && probe_want(probe, &handed_on) == UNKNOWN)
		SKIP(probe, "whether this firmware hands the timeout to older callers is not known");
	REQUIRE(probe_find(probe, ROLE_YIELDER, &info));
	request = exchange_request(FFA_DIRECT_32, info.id, 9);
	REQUIRE(exchange_block(probe, 0, &request, &yield));
	CHECK(probe, (ffa_regs_w64(&yield, 2) != 0) == expected, "w2, w3 of FFA_YIELD: %s timeout",
	      expected ? "no" : "a");
	REQUIRE(exchange_finish(probe, 0, &request, yield, NULL, NULL));
}

static void interrupted(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;
	struct ffa_regs reply;
	unsigned int count;

	REQUIRE(probe_find(probe, ROLE_INTERRUPTIBLE, &info));
	request = exchange_request(FFA_DIRECT_32, info.id, 10);
	REQUIRE(exchange_echo(probe, 0, &request, &count, NULL));
	if (!probe->own && count == 0)
		SKIP(probe, "no interrupt came");
	CHECK(probe, count > 0, "the partition was not interrupted");
	reply = exchange_send(probe, 0, &request);
	if (probe_is(&reply, FFA_INTERRUPT)) {
		struct ffa_regs busy = CALL(probe, FFA_MSG_SEND_DIRECT_REQ, info.id);

		ERROR(probe, busy, FFA_BUSY, "a request to a preempted partition");
	}
	REQUIRE(exchange_finish(probe, 0, &request, reply, NULL, NULL));
}

static void busy(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;
	struct ffa_regs reply;
	unsigned int count = 0;

	REQUIRE(probe_find(probe, ROLE_BUSY, &info));
	request = exchange_request(FFA_DIRECT_32, info.id, 11);
	reply = exchange_send(probe, 0, &request);
	while (probe_is(&reply, FFA_ERROR) && count < PROBE_ROUNDS_MAX) {
		ERROR(probe, reply, FFA_BUSY, "a request to a busy partition");
		count++;
		reply = exchange_send(probe, 0, &request);
	}
	CHECK(probe, count > 0, "the partition was not busy");
	REQUIRE(exchange_echoed(probe, &request, &reply));
}

static void aborted(struct probe *probe)
{
	struct ffa_partition_info info, other;
	struct ffa_direct request;
	struct ffa_regs reply;

	REQUIRE(probe_find(probe, ROLE_ABORTING, &info));
	REQUIRE(probe_find(probe, ROLE_ECHO, &other));
	for (unsigned int i = 0; i < 2; i++) {
		reply = CALL(probe, FFA_MSG_SEND_DIRECT_REQ, info.id);
		ERROR(probe, reply, FFA_ABORTED,
		      i == 0 ? "a request that makes the partition abort"
			     : "a request to an aborted partition");
	}
	request = exchange_request(FFA_DIRECT_32, other.id, 12);
	REQUIRE(exchange_echo(probe, 0, &request, NULL, NULL));
}

static void framework_unknown(struct probe *probe)
{
	struct ffa_partition_info info;

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	for (size_t i = 0; i < sizeof(framework_types); i++) {
		struct ffa_regs reply = CALL(probe, FFA_MSG_SEND_DIRECT_REQ, info.id,
					     FFA_DIRECT_FRAMEWORK | framework_types[i]);

		OUTCOME(probe, reply, framework, "a framework message that nobody answers");
	}
}

static bool vm_message(struct probe *probe, uint16_t id, uint32_t type)
{
	struct ffa_regs reply = CALL(probe, FFA_MSG_SEND_DIRECT_REQ, id, FFA_DIRECT_FRAMEWORK | type,
				     NO_HANDLE, NO_HANDLE, 1);

	if (!probe_is(&reply, FFA_MSG_SEND_DIRECT_RESP))
		return probe_success(probe, &reply, "a message to a subscriber");
	return probe_value(probe, ffa_regs_w(&reply, 1), ffa_src_dst(id, 0), "w1 of the response") &&
	       probe_value(probe, ffa_regs_w(&reply, 2), FFA_DIRECT_FRAMEWORK | (type + 1),
			   "w2 of the response") &&
	       probe_value(probe, ffa_regs_w(&reply, 3), (uint32_t)FFA_OK, "the status in w3");
}

static void vm_created_destroyed(struct probe *probe)
{
	struct ffa_partition_info info;

	if (probe_want(probe, &subscribed) == UNKNOWN)
		SKIP(probe, "what this firmware does for a subscriber is not known");
	REQUIRE(probe_find(probe, ROLE_SUBSCRIBER, &info));
	CHECK(probe, (info.properties & FFA_PARTITION_VM_CREATED) != 0, "discovery hides the subscription");
	REQUIRE(vm_message(probe, info.id, FFA_FRAMEWORK_VM_CREATED));
	REQUIRE(vm_message(probe, info.id, FFA_FRAMEWORK_VM_DESTROYED));
}

static void vm_not_subscribed(struct probe *probe)
{
	static const uint32_t types[] = { FFA_FRAMEWORK_VM_CREATED, FFA_FRAMEWORK_VM_DESTROYED };
	struct ffa_partition_info info;

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct ffa_regs reply = CALL(probe, FFA_MSG_SEND_DIRECT_REQ, info.id,
					     FFA_DIRECT_FRAMEWORK | types[i], NO_HANDLE, NO_HANDLE, 1);

		OUTCOME(probe, reply, not_subscribed, "a VM message to who wants none");
	}
}

/* Responses are the secure world's. */
static void response_from_ns(struct probe *probe)
{
	static const uint32_t fids[] = { FFA_MSG_SEND_DIRECT_RESP, FFA_MSG_SEND_DIRECT_RESP_64,
					 FFA_MSG_SEND_DIRECT_RESP2 };
	struct ffa_partition_info info;

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	for (size_t i = 0; i < sizeof(fids) / sizeof(fids[0]); i++) {
		struct ffa_regs reply = CALL(probe, fids[i], ffa_src_dst(0, info.id));

		OUTCOME(probe, reply, response_by_ns, "a response by the normal world");
	}
}

static void mp_echo(struct probe *probe)
{
	struct ffa_partition_info info;

	REQUIRE(probe_cpus(probe, 2));
	REQUIRE(probe_find(probe, ROLE_ECHO_MP, &info));
	for (unsigned int cpu = 0; cpu < probe->conduit->cpus; cpu++) {
		struct ffa_direct request = exchange_request(FFA_DIRECT_32, info.id, cpu);

		REQUIRE(exchange_echo(probe, cpu, &request, NULL, NULL));
	}
}

static void up_migrates(struct probe *probe)
{
	struct ffa_partition_info info;

	REQUIRE(probe_cpus(probe, 2));
	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	for (unsigned int cpu = 0; cpu < probe->conduit->cpus; cpu++) {
		struct ffa_direct request = exchange_request(FFA_DIRECT_64, info.id, cpu);

		REQUIRE(exchange_echo(probe, cpu, &request, NULL, NULL));
	}
}

/*
 * Two CPUs send to one partition at once. Who finds it busy tries again, and each gets its own responses. A
 * partition is busy as long as the other CPU takes for one message, so the limit is there for firmware that never
 * ends it.
 */
struct racer {
	struct probe *probe;
	unsigned int cpu;
	uint16_t receiver;
	unsigned int answered;
	const char *wrong; /* NULL while all is well */
};

/* NULL: the response came, or *ret_busy; otherwise what is wrong. */
static const char *race_try(struct racer *racer, const struct ffa_direct *request, bool *ret_busy)
{
	struct ffa_direct response;
	struct ffa_regs regs;

	*ret_busy = false;
	if (ffa_direct_encode_req(request, &regs) < 0)
		return "the request cannot be encoded";
	for (;;) {
		if (ffa_conduit_call(racer->probe->conduit, racer->cpu, &regs) < 0)
			return "the call failed";
		if (!probe_is(&regs, FFA_INTERRUPT))
			break;
		ffa_run_encode(ffa_regs_w(&regs, 1), &regs);
	}
	if (ffa_direct_decode_resp(&regs, &response) < 0) {
		*ret_busy = probe_is(&regs, FFA_ERROR) && ffa_regs_w(&regs, 2) == (uint32_t)FFA_BUSY;
		return *ret_busy ? NULL : "the reply is neither a response nor BUSY";
	}
	if (memcmp(response.args, request->args, sizeof(request->args)) != 0)
		return "the response is another request's";
	return NULL;
}

static const char *race_once(struct racer *racer, const struct ffa_direct *request)
{
	for (unsigned int i = 0; i < RACE_BUSY_MAX; i++) {
		bool is_busy;
		const char *wrong = race_try(racer, request, &is_busy);

		if (wrong)
			return wrong;
		if (!is_busy) {
			racer->answered++;
			return NULL;
		}
		sched_yield();
	}
	return "the partition stays busy";
}

static void *race(void *arg)
{
	struct racer *racer = arg;

	probe_pin(racer->probe, racer->cpu);
	for (uint32_t i = 0; i < RACES && !racer->wrong; i++) {
		struct ffa_direct request =
			exchange_request(FFA_DIRECT_32, racer->receiver, racer->cpu * RACES + i);

		racer->wrong = race_once(racer, &request);
	}
	return NULL;
}

static void racing(struct probe *probe)
{
	struct racer racers[RACERS];
	pthread_t threads[RACERS];
	struct ffa_partition_info info;
	unsigned int started = 0;

	REQUIRE(probe_cpus(probe, RACERS));
	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	for (; started < RACERS; started++) {
		racers[started] = (struct racer) { probe, started, info.id, 0, NULL };
		if (pthread_create(&threads[started], NULL, race, &racers[started]) != 0)
			break;
	}
	for (unsigned int i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	CHECK(probe, started == RACERS, "a thread could not be started");
	for (unsigned int i = 0; i < RACERS; i++) {
		CHECK(probe, !racers[i].wrong, "CPU %u: %s", i, racers[i].wrong);
		VALUE(probe, racers[i].answered, RACES, "the number of responses");
	}
}

/* clang-format off */
static const struct conformance_case cases[] = {
	{ "ACS", "ffa_direct_message_32/echo", "the response carries the values, ids swapped", 0, 0, START_MAPPED,
	  echo_32, NULL },
	{ "ACS", "ffa_direct_message_32/dirty_upper_halves", "upper halves of SMC32 registers mean nothing", 0, 0,
	  START_MAPPED, dirty_halves, NULL },
	{ "ACS", "ffa_direct_message_32/mbz_w2", "w2 must be zero", 0, 0, START_MAPPED, mbz_w2_32, NULL },
	{ "ACS", "ffa_direct_message_32/bad_receiver", "the receiver must be a partition", 0, 0, START_MAPPED,
	  bad_receiver_32, NULL },
	{ "ACS", "ffa_direct_message_32/bad_sender", "the sender must be of the normal world", 0, 0, START_MAPPED,
	  bad_sender_32, NULL },
	{ "ACS", "ffa_direct_message_64/echo", "the response carries the values, ids swapped", 0, 0, START_MAPPED,
	  echo_64, NULL },
	{ "ACS", "ffa_direct_message_64/mbz_w2", "w2 must be zero", 0, 0, START_MAPPED, mbz_w2_64, NULL },
	{ "ACS", "ffa_direct_message_64/bad_receiver", "the receiver must be a partition", 0, 0, START_MAPPED,
	  bad_receiver_64, NULL },
	{ "ACS", "ffa_direct_message_64/bad_sender", "the sender must be of the normal world", 0, 0, START_MAPPED,
	  bad_sender_64, NULL },
	{ "ACS", "ffa_direct_message_error", "who does not receive requests is not sent any", 0, 0, START_MAPPED,
	  refuser, NULL },
	{ "ACS", "mp_execution_contexts/direct_req", "a request on each CPU", 0, 0, START_MAPPED, mp_echo, NULL },
	{ "ACS", "up_migrate_capable/direct_req", "a uniprocessor partition goes to the calling CPU", 0, 0,
	  START_MAPPED, up_migrates, NULL },
	{ "TF-A-tests", "Direct messaging/NS↔SP", "requests one after another", 0, 0, START_MAPPED, echo_32, NULL },
	{ "Hafnium", "dir_msg/echo", "the response carries the values", 0, 0, START_MAPPED, echo_32, NULL },
	{ "Hafnium", "dir_msg/yield echo", "FFA_YIELD, FFA_RUN, and the response after all", 0, 0, START_MAPPED,
	  yields, NULL },
	{ "Hafnium", "dir_msg/invalid dst", "the receiver must be a partition", 0, 0, START_MAPPED, bad_receiver_32,
	  NULL },
	{ "Hafnium", "dir_msg/invalid resp", "responses are not the normal world's to send", 0, 0, START_MAPPED,
	  response_from_ns, NULL },
	{ "Hafnium", "dir_msg/mp echo", "a request on each CPU", 0, 0, START_MAPPED, mp_echo, NULL },
	{ "Hafnium", "dir_msg/VM availability created, destroyed", "subscribers answer VM messages", SINCE_1_1, 0,
	  START_MAPPED, vm_created_destroyed, NULL },
	{ "Hafnium", "dir_msg/VM availability not subscribed", "others get none", 0, 0, START_MAPPED,
	  vm_not_subscribed, NULL },
	{ "Hafnium", "sp_lifecycle/abort during request", "ABORTED, and others go on", 0, 0, START_MAPPED, aborted,
	  NULL },
	{ "ffad", "framework messages", "framework messages that nobody answers", 0, 0, START_MAPPED,
	  framework_unknown, NULL },
	{ "ffad", "sender of a VM", "another sender of the normal world", 0, 0, START_MAPPED, sender_of_a_vm, NULL },
	{ "ffad", "request to a blocked partition", "BUSY until its response, from every CPU", 0, 0, START_MAPPED,
	  blocked, NULL },
	{ "ffad", "request beside a blocked partition", "others are served meanwhile", 0, 0, START_MAPPED,
	  blocked_alone, NULL },
	{ "ffad", "yield timeout", "w2, w3 of FFA_YIELD", 0, 0, START_MAPPED, yield_timeout, NULL },
	{ "ffad", "interrupted request", "FFA_INTERRUPT, FFA_RUN, and the response after all", 0, 0, START_MAPPED,
	  interrupted, NULL },
	{ "ffad", "busy partition", "BUSY, and a response later", 0, 0, START_MAPPED, busy, NULL },
	{ "ffad", "two clients racing one SP", "each gets its own responses", 0, 0, START_MAPPED, racing,
	  NULL },
};
/* clang-format on */

const struct case_table direct_cases = CASE_TABLE(cases);
