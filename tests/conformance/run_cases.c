/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_RUN. */
#include "tests/conformance/exchange.h"

#define SPMC_ID 0x8000

/* A vCPU that does not exist, or is another CPU's. */
static const struct expect bad_vcpu =
	EXPECT(FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, FFA_DENIED);
/* A partition that waits for a message may be given cycles all the same; OP-TEE's may not. */
static const struct expect waiting = EXPECT(FFA_OK, FFA_OK, FFA_OK, FFA_DENIED);

static struct ffa_regs run(struct probe *probe, unsigned int cpu, uint16_t id, uint16_t vcpu)
{
	return CALL_ON(probe, cpu, FFA_RUN, ffa_target(id, vcpu));
}

static void unknown_endpoint(struct probe *probe)
{
	uint16_t ids[] = { 0, SPMC_ID, FFA_ENDPOINT_SPMD };
	struct ffa_regs reply;

	REQUIRE(probe_absent_id(probe, &ids[0]));
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		reply = run(probe, 0, ids[i], 0);
		ERROR(probe, reply, FFA_INVALID_PARAMETERS, "FFA_RUN of no partition");
	}
}

/* Endpoint 0 itself hangs Hafnium at S-EL2: it is never asked. */
static void own_endpoint(struct probe *probe)
{
	struct ffa_regs reply;

	if (probe->firmware == FIRMWARE_HAFNIUM)
		SKIP(probe, "Hafnium does not come back from FFA_RUN of endpoint 0");
	reply = run(probe, 0, 0, 0);
	ERROR(probe, reply, FFA_INVALID_PARAMETERS, "FFA_RUN of the caller");
}

static void absent_vm(struct probe *probe)
{
	struct ffa_regs reply = run(probe, 0, 1, 0);

	ERROR(probe, reply, FFA_INVALID_PARAMETERS, "FFA_RUN of a VM that does not exist");
}

static void absent_vcpu(struct probe *probe)
{
	static const uint16_t vcpus[] = { 1, 9, UINT16_MAX };
	struct ffa_partition_info info;
	struct ffa_regs reply;

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	for (size_t i = 0; i < sizeof(vcpus) / sizeof(vcpus[0]); i++) {
		reply = run(probe, 0, info.id, vcpus[i]);
		OUTCOME(probe, reply, bad_vcpu, "FFA_RUN of a vCPU that does not exist");
	}
}

static void waiting_partition(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;
	struct ffa_regs reply;

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	reply = run(probe, 0, info.id, 0);
	if (probe_want(probe, &waiting) == FFA_OK)
		VALUE(probe, ffa_regs_w(&reply, 0), FFA_MSG_WAIT, "what a partition does without a message");
	else
		OUTCOME(probe, reply, waiting, "FFA_RUN of a waiting partition");
	request = exchange_request(FFA_DIRECT_32, info.id, 1);
	REQUIRE(exchange_echo(probe, 0, &request, NULL, NULL));
}

static void refuser(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_regs reply;

	REQUIRE(probe_find(probe, ROLE_REFUSER, &info));
	reply = run(probe, 0, info.id, 0);
	if (probe_want(probe, &waiting) == FFA_OK)
		VALUE(probe, ffa_regs_w(&reply, 0), FFA_MSG_WAIT, "what a partition does without a message");
	else
		OUTCOME(probe, reply, waiting, "FFA_RUN of a waiting partition");
}

/* A blocked partition belongs to the call chain of its CPU. */
static void other_cpu(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_direct request;
	struct ffa_regs yield, reply;

	REQUIRE(probe_cpus(probe, 2));
	REQUIRE(probe_find(probe, ROLE_YIELDER, &info));
	request = exchange_request(FFA_DIRECT_32, info.id, 2);
	REQUIRE(exchange_block(probe, 0, &request, &yield));
	reply = CALL_ON(probe, 1, FFA_RUN, ffa_regs_w(&yield, 1));
	ERROR(probe, reply, FFA_DENIED, "FFA_RUN on another CPU");
	REQUIRE(exchange_finish(probe, 0, &request, yield, NULL, NULL));
}

static void other_vcpu(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_regs reply;

	REQUIRE(probe_cpus(probe, 2));
	REQUIRE(probe_find(probe, ROLE_ECHO_MP, &info));
	reply = run(probe, 0, info.id, 1);
	OUTCOME(probe, reply, bad_vcpu, "FFA_RUN of another CPU's vCPU");
	reply = run(probe, 1, info.id, 0);
	OUTCOME(probe, reply, bad_vcpu, "FFA_RUN of another CPU's vCPU");
}

static void aborted(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_regs reply;

	REQUIRE(probe_find(probe, ROLE_ABORTING, &info));
	reply = CALL(probe, FFA_MSG_SEND_DIRECT_REQ, info.id);
	ERROR(probe, reply, FFA_ABORTED, "a request that makes the partition abort");
	reply = run(probe, 0, info.id, 0);
	ERROR(probe, reply, FFA_ABORTED, "FFA_RUN of an aborted partition");
}

/* The SMC64 form is of 1.3. */
static void smc64(struct probe *probe)
{
	struct ffa_partition_info info;
	struct ffa_regs reply;

	REQUIRE(probe_find(probe, ROLE_ECHO, &info));
	reply = CALL(probe, FFA_RUN_64, ffa_target(info.id, 0));
	ERROR(probe, reply, FFA_NOT_SUPPORTED, "the 64-bit form");
}

/* clang-format off */
static const struct conformance_case cases[] = {
	{ "ACS", "ffa_run/unknown_endpoint", "the endpoint must be a partition", 0, 0, START_MAPPED,
	  unknown_endpoint, NULL },
	{ "ACS", "ffa_run/unknown_vcpu", "the vCPU must exist", 0, 0, START_MAPPED, absent_vcpu, NULL },
	{ "ACS", "ffa_run/waiting", "a partition without a message", 0, 0, START_MAPPED, waiting_partition, NULL },
	{ "ACS", "ffa_run/no_direct_messages", "a partition that receives no requests", 0, 0, START_MAPPED, refuser,
	  NULL },
	{ "ACS", "ffa_run/other_cpu", "DENIED away from the CPU of the call chain", 0, 0, START_MAPPED, other_cpu,
	  NULL },
	{ "ACS", "ffa_run/aborted", "an aborted partition", 0, 0, START_MAPPED, aborted, NULL },
	{ "ACS", "mp_execution_contexts/run", "a vCPU runs on its own CPU only", 0, 0, START_MAPPED, other_vcpu,
	  NULL },
	{ "Hafnium", "ffa_run/primary VM", "the caller itself", 0, 0, START_NEGOTIATED, own_endpoint, NULL },
	{ "Hafnium", "ffa_run/absent VM", "a VM that does not exist", 0, 0, START_NEGOTIATED, absent_vm, NULL },
	{ "Hafnium", "ffa_run/absent vCPU", "the vCPU must exist", 0, 0, START_MAPPED, absent_vcpu, NULL },
	{ "ffad", "FFA_RUN by SMC64", "the 64-bit form is of 1.3", 0, 0, START_MAPPED, smc64, NULL },
};
/* clang-format on */

const struct case_table run_cases = CASE_TABLE(cases);
