/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Cases of the three suites that are about what this suite covers, or that nobody at a conduit could run, by
 * name and with the reason. Those about memory, indirect messages and notifications in general are in
 * docs/conformance.md.
 */
#include "tests/conformance/case.h"

#define NEEDS_SENDER "takes a partition that sends messages of its own"
#define INDIRECT "indirect messages are not part of this suite"
#define MEMORY "memory management is not part of this suite"
#define NO_EL3_PARTITION "partitions inside EL3 are not simulated"
#define NO_HYPERVISOR "the caller is no hypervisor and forwards for nobody"
#define NO_CPU "takes interrupts, translation or other CPU state that frames do not show"

#define LEFT_OUT(suite, name, checks, why)                                                                   \
	{                                                                                                    \
		suite, name, checks, 0, 0, START_RESET, NULL, why                                            \
	}

/* clang-format off */
static const struct conformance_case cases[] = {
	LEFT_OUT("ACS", "ffa_partition_info_get_lsp", "a logical partition of EL3 is visible", NO_EL3_PARTITION),
	LEFT_OUT("ACS", "rxtx_exclusive_access", "buffers cannot be shared while mapped", MEMORY),
	LEFT_OUT("ACS", "ffa_console_log/partition", "the text of a partition", NEEDS_SENDER),
	LEFT_OUT("ACS", "ffa_msg_wait_rx_buff_rel/partition", "FFA_MSG_WAIT releases RX", NEEDS_SENDER),
	LEFT_OUT("ACS", "ffa_direct_message_error1", "a VM that receives indirect messages only", NO_HYPERVISOR),
	LEFT_OUT("ACS", "ffa_direct_message_error2", "SP1 → SP2 → SP1 is BUSY", NEEDS_SENDER),
	LEFT_OUT("ACS", "direct_msg_sp_to_vm", "a partition cannot send requests to the normal world", NEEDS_SENDER),
	LEFT_OUT("ACS", "ffa_run_direct_req", "FFA_RUN by a partition", NEEDS_SENDER),
	LEFT_OUT("ACS", "ffa_msg_send", "indirect messages of 1.0", INDIRECT),
	LEFT_OUT("ACS", "ffa_msg_send_error", "indirect messages of 1.0", INDIRECT),
	LEFT_OUT("ACS", "ffa_msg_send2", "indirect messages", INDIRECT),
	LEFT_OUT("ACS", "ffa_msg_send2_sp", "indirect messages between partitions", INDIRECT),
	LEFT_OUT("ACS", "ffa_msg_send2_uuid_check", "the UUID of an indirect message", INDIRECT),
	LEFT_OUT("TF-A-tests", "Setup & discovery/RXTX map shared memory", "memory that is shared", MEMORY),
	LEFT_OUT("TF-A-tests", "Setup & discovery/forward map", "buffers of VMs, five cases", NO_HYPERVISOR),
	LEFT_OUT("TF-A-tests", "SMCCC", "registers are preserved", "a conduit carries x0-x17 and nothing else"),
	LEFT_OUT("TF-A-tests", "Direct messaging/SP↔SP", "messages between partitions", NEEDS_SENDER),
	LEFT_OUT("TF-A-tests", "Direct messaging/SP↔SP deadlock", "a cycle of requests", NEEDS_SENDER),
	LEFT_OUT("TF-A-tests", "Direct messaging/MTE regs", "MTE registers over a message", NO_CPU),
	LEFT_OUT("Hafnium", "dir_msg/spoofed response", "a partition answers as another one", NEEDS_SENDER),
	LEFT_OUT("Hafnium", "dir_msg/cyclic dependency", "a cycle of requests", NEEDS_SENDER),
	LEFT_OUT("Hafnium", "dir_msg/VM availability unavailable", "messages to a VM that is not there", NO_HYPERVISOR),
	LEFT_OUT("Hafnium", "dir_msg/VM availability SP cannot send", "a partition sends VM messages", NEEDS_SENDER),
	LEFT_OUT("Hafnium", "setup_and_discovery/get_regs sp", "a partition asks", NEEDS_SENDER),
	LEFT_OUT("Hafnium", "partition_info_v1_3", "protocol and image UUIDs of 1.3",
		 "callers of 1.3 are not part of this suite"),
	LEFT_OUT("ACS", "{share,lend,donate}_lower_upper_boundary", "neighbours of a region", NO_CPU),
	LEFT_OUT("ACS", "donate_mem_access_after_donate", "the owner faults", NO_CPU),
	LEFT_OUT("ACS", "lend_mem_access_after_lend", "the lender faults", NO_CPU),
	LEFT_OUT("ACS", "lend_retrieve_mem_access", "states seen by access", NO_CPU),
	LEFT_OUT("ACS", "mem_{share,lend,donate}_mmio", "device memory cannot be transferred", NO_CPU),
	LEFT_OUT("ACS", "static_mapping_dma", "DMA isolation", NO_CPU),
	LEFT_OUT("ACS", "sp_*_{running,waiting,blocked,preempted}_el0/el1", "secure interrupts", NO_CPU),
	LEFT_OUT("ACS", "s_int_*", "secure interrupts", NO_CPU),
	LEFT_OUT("ACS", "other_secure_int[1,2,6,7]", "secure interrupts", NO_CPU),
	LEFT_OUT("ACS", "sp_el1_int_mask", "secure interrupts", NO_CPU),
	LEFT_OUT("ACS", "sp_yield_spmc_mode", "secure interrupts", NO_CPU),
	LEFT_OUT("TF-A-tests", "Group0, power, SMMU, SIMD, timer", "state over a switch of worlds", NO_CPU),
	LEFT_OUT("TF-A-tests", "Interrupts", "managed exit, queued and signaled", NO_CPU),
};
/* clang-format on */

const struct case_table left_out_cases = CASE_TABLE(cases);
