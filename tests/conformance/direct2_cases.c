/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_MSG_SEND_DIRECT_REQ2. */
#include "tests/conformance/exchange.h"

#define SECURE_NOBODY 0x8ff0
#define ROUNDS 3

static const struct expect feature = EXPECT(FFA_OK, FFA_OK, FFA_OK, FFA_NOT_SUPPORTED);
/* To callers of older versions: Hafnium looks at the receiver first. */
static const struct expect before_1_2 =
	EXPECT(FFA_NOT_SUPPORTED, FFA_DENIED, FFA_NOT_SUPPORTED, FFA_NOT_SUPPORTED);
static const struct expect before_1_2_nobody =
	EXPECT(FFA_NOT_SUPPORTED, FFA_INVALID_PARAMETERS, FFA_NOT_SUPPORTED, FFA_NOT_SUPPORTED);

static bool have_req2(struct probe *probe)
{
	return probe_want(probe, &feature) == FFA_OK ||
	       probe_skip(probe, "this firmware has no FFA_MSG_SEND_DIRECT_REQ2");
}

static struct ffa_direct request_of(struct probe *probe, const struct ffa_partition_info *info,
				    enum role role, uint32_t seed)
{
	struct ffa_direct request = exchange_request(FFA_DIRECT_REQ2, info->id, seed);

	request.uuid = probe->roles->uuids[role];
	return request;
}

static void refused(struct probe *probe, const struct ffa_direct *request, int32_t error, const char *what)
{
	struct ffa_regs reply = exchange_send(probe, 0, request);

	ERROR(probe, reply, error, what);
}

static void features(struct probe *probe)
{
	struct ffa_regs reply = CALL(probe, FFA_FEATURES, FFA_MSG_SEND_DIRECT_REQ2);

	OUTCOME(probe, reply, feature, "FFA_FEATURES");
}

static void not_there(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	request = request_of(probe, &info, ROLE_ECHO, 1);
	refused(probe, &request, FFA_NOT_SUPPORTED, "FFA_MSG_SEND_DIRECT_REQ2");
}

static void echo(struct probe *probe)
{
	struct ffa_partition_info info;

	REQUIRE(have_req2(probe));
	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	for (uint32_t i = 0; i < ROUNDS; i++) {
		struct ffa_direct request = request_of(probe, &info, ROLE_ECHO, i);

		REQUIRE(exchange_echo(probe, 0, &request, NULL, NULL));
	}
}

/* Every UUID of the partition, and no UUID. */
static void uuid_list(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;

	REQUIRE(have_req2(probe));
	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	request = request_of(probe, &info, ROLE_ECHO, 4);
	REQUIRE(exchange_echo(probe, 0, &request, NULL, NULL));
	request = request_of(probe, &info, ROLE_ECHO_SECOND, 5);
	REQUIRE(exchange_echo(probe, 0, &request, NULL, NULL));
	request = exchange_request(FFA_DIRECT_REQ2, info.id, 6);
	REQUIRE(exchange_echo(probe, 0, &request, NULL, NULL));
}

static void bad_uuid(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;

	REQUIRE(have_req2(probe));
	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	request = request_of(probe, &info, ROLE_YIELDER, 7);
	refused(probe, &request, FFA_INVALID_PARAMETERS, "the UUID of another partition");
	request.uuid = (struct ffa_uuid) { .bytes = { 1, 2, 3 } };
	refused(probe, &request, FFA_INVALID_PARAMETERS, "an unknown UUID");
}

static void bad_receiver(struct probe *probe)
{
	struct ffa_direct request;
	uint16_t id;

	REQUIRE(have_req2(probe));
	REQUIRE(probe_absent_id(probe, &id));
	request = exchange_request(FFA_DIRECT_REQ2, id, 8);
	refused(probe, &request, FFA_INVALID_PARAMETERS, "an unknown receiver");
	request.receiver = 0;
	refused(probe, &request, FFA_INVALID_PARAMETERS, "the sender as receiver");
	request.receiver = 1;
	refused(probe, &request, FFA_INVALID_PARAMETERS, "a receiver of the normal world");
}

static void bad_sender(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;

	REQUIRE(have_req2(probe));
	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	request = request_of(probe, &info, ROLE_ECHO, 9);
	request.sender = SECURE_NOBODY;
	refused(probe, &request, FFA_INVALID_PARAMETERS, "a sender of the secure world");
}

static void method(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;

	REQUIRE(have_req2(probe));
	REQUIRE(probe_find(probe, ROLE_REFUSER, &info));
	request = request_of(probe, &info, ROLE_REFUSER, 10);
	refused(probe, &request, FFA_DENIED, "a request to who receives none");
}

/* Each service says which kind of request it takes. */
static void method_of_service(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;

	REQUIRE(have_req2(probe));
	REQUIRE(probe_find(probe, ROLE_REQ2_ONLY, &info));
	request = request_of(probe, &info, ROLE_REQ_ONLY, 11);
	refused(probe, &request, FFA_DENIED, "the service that takes FFA_MSG_SEND_DIRECT_REQ only");
	request = request_of(probe, &info, ROLE_REQ2_ONLY, 12);
	REQUIRE(exchange_echo(probe, 0, &request, NULL, NULL));
	request = exchange_request(FFA_DIRECT_32, info.id, 13);
	REQUIRE(exchange_echo(probe, 0, &request, NULL, NULL));
}

static void busy(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request, second;
	struct ffa_regs yield;

	REQUIRE(have_req2(probe));
	REQUIRE(probe_find(probe, ROLE_YIELDER, &info));
	request = request_of(probe, &info, ROLE_YIELDER, 14);
	second = request_of(probe, &info, ROLE_YIELDER, 15);
	REQUIRE(exchange_block(probe, 0, &request, &yield));
	refused(probe, &second, FFA_BUSY, "a second request");
	REQUIRE(exchange_finish(probe, 0, &request, yield, NULL, NULL));
	REQUIRE(exchange_echo(probe, 0, &second, NULL, NULL));
}

/* A request is answered in its own kind, also by way of FFA_RUN. */
static void pairing(struct probe *probe)
{
	static const enum ffa_direct_kind kinds[] = { FFA_DIRECT_REQ2, FFA_DIRECT_32, FFA_DIRECT_REQ2,
						      FFA_DIRECT_64 };
	struct ffa_partition_info info;
	unsigned int yields;

	REQUIRE(have_req2(probe));
	REQUIRE(probe_find(probe, ROLE_YIELDER, &info));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct ffa_direct request = exchange_request(kinds[i], info.id, (uint32_t)i);

		REQUIRE(exchange_echo(probe, 0, &request, NULL, &yields));
		CHECK(probe, yields > 0, "the partition did not yield");
	}
}

static void older_caller(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;
	struct ffa_regs reply;
	uint16_t id;

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	request = request_of(probe, &info, ROLE_ECHO, 16);
	reply = exchange_send(probe, 0, &request);
	OUTCOME(probe, reply, before_1_2, "FFA_MSG_SEND_DIRECT_REQ2 before 1.2");
	REQUIRE(probe_absent_id(probe, &id));
	request = exchange_request(FFA_DIRECT_REQ2, id, 17);
	reply = exchange_send(probe, 0, &request);
	OUTCOME(probe, reply, before_1_2_nobody, "FFA_MSG_SEND_DIRECT_REQ2 before 1.2 to nobody");
}

/* clang-format off */
static const struct conformance_case cases[] = {
	{ "ACS", "ffa_direct_message2/features", "FFA_FEATURES tells who has it", SINCE_1_2, 0, START_NEGOTIATED,
	  features, NULL },
	{ "ACS", "ffa_direct_message2/echo", "the response carries 14 values, ids swapped", SINCE_1_2, 0,
	  START_MAPPED, echo, NULL },
	{ "ACS", "ffa_direct_message2/bad_sender", "the sender must be of the normal world", SINCE_1_2, 0,
	  START_MAPPED, bad_sender, NULL },
	{ "ACS", "ffa_direct_message2/bad_receiver", "the receiver must be a partition", SINCE_1_2, 0, START_MAPPED,
	  bad_receiver, NULL },
	{ "ACS", "ffa_direct_message2/bad_uuid", "the UUID must be the receiver's", SINCE_1_2, 0, START_MAPPED,
	  bad_uuid, NULL },
	{ "ACS", "ffa_direct_message2/method", "who does not receive requests is not sent any", SINCE_1_2, 0,
	  START_MAPPED, method, NULL },
	{ "ACS", "ffa_direct_message2/busy", "BUSY until the response", SINCE_1_2, 0, START_MAPPED, busy, NULL },
	{ "ACS", "ffa_direct_message2/not_supported", "firmware without it says so", 0, FOR_OPTEE, START_MAPPED,
	  not_there, NULL },
	{ "ACS", "ffa_direct_message2/older_caller", "it is of 1.2", ONLY(AT_1_0) | ONLY(AT_1_1), 0, START_MAPPED,
	  older_caller, NULL },
	{ "Hafnium", "dir_msg/REQ2 UUID list", "each UUID of a partition, and none", SINCE_1_2, 0, START_MAPPED,
	  uuid_list, NULL },
	{ "Hafnium", "dir_msg/REQ/REQ2 pairing", "a request is answered in its own kind", SINCE_1_2, 0,
	  START_MAPPED, pairing, NULL },
	{ "ffad", "method of a service", "the service that the UUID names must take REQ2", SINCE_1_2, 0,
	  START_MAPPED, method_of_service, NULL },
};
/* clang-format on */

const struct case_table direct2_cases = CASE_TABLE(cases);
