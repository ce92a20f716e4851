/* SPDX-License-Identifier: BSD-3-Clause */
/* The text form of frames: what people read in logs, traces and the CLI, word for word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/direct.h"
#include "abi/error.h"
#include "abi/fid.h"
#include "abi/text.h"

struct sample {
	const char *text;
	struct ffa_regs regs;
};

static const struct sample calls[] = {
	{ "FFA_MSG_SEND_DIRECT_REQ 0x0000 → 0x8001 w3=0x5a5a",
	  { { FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0, 0x5a5a } } },
	{ "FFA_MSG_SEND_DIRECT_REQ_64 0x0000 → 0x8001 x3=0x5a5a00000000",
	  { { FFA_MSG_SEND_DIRECT_REQ_64, 0x8001, 0, 0x5a5a00000000 } } },
	{ "FFA_MSG_SEND_DIRECT_REQ 0x0000 → 0x8001 framework vm-created w3=0x2a w5=0x1",
	  { { FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0x80000004, 42, 0, 1 } } },
	{ "FFA_MSG_SEND_DIRECT_REQ 0x0000 → 0x8001 framework w2=0xf0",
	  { { FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0x800000f0 } } },
	{ "FFA_MSG_SEND_DIRECT_REQ 0x0000 → 0x8001 w2=0x1", { { FFA_MSG_SEND_DIRECT_REQ, 0x8001, 1 } } },
	{ "FFA_MSG_SEND_DIRECT_REQ2 0x0000 → 0x8001 bdcd76d7-825e-4751-963b-86d4f84943ac x4=0x1 x17=0x2",
	  { { FFA_MSG_SEND_DIRECT_REQ2, 0x8001, 0x51475e82d776cdbd, 0xac4349f8d4863b96, 1, [17] = 2 } } },
	{ "FFA_MSG_SEND_DIRECT_REQ2 0x0000 → 0x8001 nil", { { FFA_MSG_SEND_DIRECT_REQ2, 0x8001 } } },
	{ "FFA_MSG_SEND_DIRECT_RESP2 0x8001 → 0x0000 x5=0x7",
	  { { FFA_MSG_SEND_DIRECT_RESP2, 0x80010000, [5] = 7 } } },
	{ "FFA_ERROR DENIED", { { FFA_ERROR, 0, 0xfffffffa } } },
	{ "FFA_ERROR 0x8001 vcpu 2 ABORTED", { { FFA_ERROR, 0x80010002, 0xfffffff8 } } },
	{ "FFA_ERROR -2147483648", { { FFA_ERROR, 0, 0x80000000 } } },
	{ "FFA_ERROR 7", { { FFA_ERROR, 0, 7 } } },
	{ "FFA_SUCCESS w2=0x2 w3=0x18", { { FFA_SUCCESS, 0, 2, 0x18 } } },
	{ "FFA_INTERRUPT 0x8001 vcpu 3", { { FFA_INTERRUPT, 0x80010003 } } },
	{ "FFA_VERSION 1.2", { { FFA_VERSION, 0x10002 } } },
	{ "FFA_VERSION 1.3 query-negotiated", { { FFA_VERSION, 0x10003, 2 } } },
	{ "FFA_VERSION 1.0 w1=0x80000000", { { FFA_VERSION, 0x80010000 } } },
	{ "FFA_FEATURES FFA_RXTX_MAP", { { FFA_FEATURES, FFA_RXTX_MAP } } },
	{ "FFA_FEATURES FFA_RXTX_MAP_64", { { FFA_FEATURES, FFA_RXTX_MAP_64 } } },
	{ "FFA_FEATURES FFA_MEM_RETRIEVE_REQ ns-bit", { { FFA_FEATURES, FFA_MEM_RETRIEVE_REQ, 2 } } },
	{ "FFA_FEATURES SRI", { { FFA_FEATURES, 2 } } },
	{ "FFA_FEATURES 0x77 w2=0x1", { { FFA_FEATURES, 0x77, 1 } } },
	{ "FFA_FEATURES 0x84000099", { { FFA_FEATURES, 0x84000099 } } },
	{ "FFA_RX_RELEASE", { { FFA_RX_RELEASE } } },
	{ "FFA_RX_RELEASE vm=0x0001 w1=0x20000", { { FFA_RX_RELEASE, 0x20001 } } },
	{ "FFA_RXTX_MAP tx=0x80000000 rx=0x80001000 pages=1",
	  { { FFA_RXTX_MAP, 0x80000000, 0x80001000, 1 } } },
	{ "FFA_RXTX_MAP_64 tx=0x880000000 rx=0x880001000 pages=1 x3=0x80",
	  { { FFA_RXTX_MAP_64, 0x880000000, 0x880001000, 0x81 } } },
	{ "FFA_RXTX_UNMAP", { { FFA_RXTX_UNMAP } } },
	{ "FFA_RXTX_UNMAP vm=0x0003", { { FFA_RXTX_UNMAP, 0x30000 } } },
	{ "FFA_PARTITION_INFO_GET nil count-only", { { FFA_PARTITION_INFO_GET, 0, 0, 0, 0, 1 } } },
	{ "FFA_PARTITION_INFO_GET bdcd76d7-825e-4751-963b-86d4f84943ac w5=0x2",
	  { { FFA_PARTITION_INFO_GET, 0xd776cdbd, 0x51475e82, 0xd4863b96, 0xac4349f8, 2 } } },
	{ "FFA_PARTITION_INFO_GET_REGS nil start=5 tag=0x7",
	  { { FFA_PARTITION_INFO_GET_REGS, 0, 0, 0x70005 } } },
	{ "FFA_ID_GET", { { FFA_ID_GET } } },
	{ "FFA_SPM_ID_GET", { { FFA_SPM_ID_GET } } },
	{ "FFA_MSG_POLL", { { FFA_MSG_POLL } } },
	{ "FFA_MSG_WAIT keep-rx", { { FFA_MSG_WAIT, 0, 1 } } },
	{ "FFA_YIELD 0x8001 vcpu 0 timeout=0x200000001", { { FFA_YIELD, 0x80010000, 1, 2 } } },
	{ "FFA_RUN 0x8001 vcpu 1", { { FFA_RUN, 0x80010001 } } },
	{ "FFA_RUN 0x0000 vcpu 0", { { FFA_RUN } } },
	{ "FFA_MSG_SEND 0x0000 → 0x0001 size=16 flags=0x1", { { FFA_MSG_SEND, 1, 0, 16, 1 } } },
	{ "FFA_MSG_SEND2", { { FFA_MSG_SEND2 } } },
	{ "FFA_MSG_SEND2 vm=0x0002 delay-sri", { { FFA_MSG_SEND2, 0x20000, 2 } } },
	{ "FFA_MEM_SHARE total=96 fragment=96", { { FFA_MEM_SHARE, 96, 96 } } },
	{ "FFA_MEM_LEND_64 total=8192 fragment=4096 buffer=0x880000000 pages=2",
	  { { FFA_MEM_LEND_64, 8192, 4096, 0x880000000, 2 } } },
	{ "FFA_MEM_DONATE total=0 fragment=0", { { FFA_MEM_DONATE } } },
	{ "FFA_MEM_RETRIEVE_REQ total=64 fragment=64", { { FFA_MEM_RETRIEVE_REQ, 64, 64 } } },
	{ "FFA_MEM_RETRIEVE_RESP total=96 fragment=96", { { FFA_MEM_RETRIEVE_RESP, 96, 96 } } },
	{ "FFA_MEM_RELINQUISH", { { FFA_MEM_RELINQUISH } } },
	{ "FFA_MEM_RECLAIM handle=0x100000002 zero time-slice", { { FFA_MEM_RECLAIM, 2, 1, 3 } } },
	{ "FFA_MEM_RECLAIM handle=0x0 w3=0x4", { { FFA_MEM_RECLAIM, 0, 0, 4 } } },
	{ "FFA_MEM_OP_PAUSE handle=0x5", { { FFA_MEM_OP_PAUSE, 5 } } },
	{ "FFA_MEM_OP_RESUME handle=0x5", { { FFA_MEM_OP_RESUME, 5 } } },
	{ "FFA_MEM_FRAG_RX handle=0x5 offset=4096 endpoint=0x0001",
	  { { FFA_MEM_FRAG_RX, 5, 0, 4096, 0x10000 } } },
	{ "FFA_MEM_FRAG_TX handle=0x5 length=4096", { { FFA_MEM_FRAG_TX, 5, 0, 4096 } } },
	{ "FFA_NORMAL_WORLD_RESUME", { { FFA_NORMAL_WORLD_RESUME } } },
	{ "FFA_NOTIFICATION_BITMAP_CREATE 0x0003 vcpus=4", { { FFA_NOTIFICATION_BITMAP_CREATE, 3, 4 } } },
	{ "FFA_NOTIFICATION_BITMAP_CREATE 0x0000 vcpus=4", { { FFA_NOTIFICATION_BITMAP_CREATE, 0, 4 } } },
	{ "FFA_NOTIFICATION_BITMAP_DESTROY 0x0000", { { FFA_NOTIFICATION_BITMAP_DESTROY } } },
	{ "FFA_NOTIFICATION_BIND 0x8001 → 0x0000 per-vcpu bitmap=0x200000001",
	  { { FFA_NOTIFICATION_BIND, 0x80010000, 1, 1, 2 } } },
	{ "FFA_NOTIFICATION_UNBIND 0x8001 → 0x0000 bitmap=0x0", { { FFA_NOTIFICATION_UNBIND, 0x80010000 } } },
	{ "FFA_NOTIFICATION_SET 0x0000 → 0x8001 per-vcpu delay-sri vcpu=2 bitmap=0x8",
	  { { FFA_NOTIFICATION_SET, 0x8001, 0x20003, 8 } } },
	{ "FFA_NOTIFICATION_GET 0x0000 vcpu=1 from-sps from-spm w2=0x10",
	  { { FFA_NOTIFICATION_GET, 0x10000, 0x15 } } },
	{ "FFA_NOTIFICATION_INFO_GET_64", { { FFA_NOTIFICATION_INFO_GET_64 } } },
	{ "FFA_RX_ACQUIRE vm=0x0001", { { FFA_RX_ACQUIRE, 1 } } },
	{ "FFA_SECONDARY_EP_REGISTER entry=0x80000000", { { FFA_SECONDARY_EP_REGISTER_64, 0x80000000 } } },
	{ "FFA_MEM_PERM_GET address=0x1000", { { FFA_MEM_PERM_GET, 0x1000 } } },
	{ "FFA_MEM_PERM_SET address=0x1000 pages=3 ro", { { FFA_MEM_PERM_SET, 0x1000, 3, 7 } } },
	{ "FFA_MEM_PERM_SET address=0x1000 pages=3 no-access", { { FFA_MEM_PERM_SET, 0x1000, 3, 0 } } },
	{ "FFA_MEM_PERM_SET address=0x1000 pages=3 rwx", { { FFA_MEM_PERM_SET, 0x1000, 3, 1 } } },
	{ "FFA_MEM_PERM_SET address=0x1000 pages=3 rx", { { FFA_MEM_PERM_SET, 0x1000, 3, 3 } } },
	{ "FFA_MEM_PERM_SET address=0x1000 pages=3 w3=0x2", { { FFA_MEM_PERM_SET, 0x1000, 3, 2 } } },
	{ "FFA_CONSOLE_LOG count=6 \"hello.\"", { { FFA_CONSOLE_LOG, 6, 0x6c6c6568, 0x0a6f } } },
	{ "FFA_CONSOLE_LOG count=4294967295 \"hell....................\"",
	  { { FFA_CONSOLE_LOG, 0xffffffff, 0x6c6c6568 } } },
	{ "FFA_CONSOLE_LOG_64 count=10 \"abcdefghij\"",
	  { { FFA_CONSOLE_LOG_64, 10, 0x6867666564636261, 0x6a69 } } },
	{ "FFA_EL3_INTR_HANDLE", { { FFA_EL3_INTR_HANDLE } } },
	{ "FFA_NS_RES_INFO_GET 0x8001 id-valid continue", { { FFA_NS_RES_INFO_GET, 0x8001, 0x11 } } },
	{ "FFA_ABORT code=0x3", { { FFA_ABORT, 0, 3 } } },
	{ "FFA_NOTIFICATION_BIND2 x1=0x1", { { FFA_NOTIFICATION_BIND2, 1 } } },
	{ "0x84000099 w1=0x1", { { 0x84000099, 1 } } },
	{ "0xc4000063 x1=0x100000000", { { 0xc4000063, UINT64_C(1) << 32 } } },
	{ "0x00000000", { { 0 } } },
	/* An SMC32 frame: nothing above bit 31, nothing above w7. */
	{ "FFA_ID_GET", { { 0xdead00000000 | FFA_ID_GET, 0xdead00000000, [8] = 1, [17] = 1 } } },
};

static void test_calls(void **state)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		char text[FFA_TEXT_SIZE];
		size_t length = ffa_text_call(&calls[i].regs, text, sizeof(text));

		assert_string_equal(text, calls[i].text);
		assert_int_equal(length, strlen(calls[i].text));
	}
}

/* Each function has a readable form: at least its name, and its convention where there are two. */
static void test_every_function_has_a_name(void **state)
{
	for (size_t i = 0; i < ffa_functions_count; i++) {
		const struct ffa_function *function = &ffa_functions[i];
		struct ffa_regs regs = { { 0 } };
		char text[FFA_TEXT_SIZE];

		if (function->has_32) {
			regs.x[0] = FFA_FID_32((uint32_t)function->number);
			ffa_text_call(&regs, text, sizeof(text));
			assert_memory_equal(text, function->name, strlen(function->name));
		}
		if (function->has_64) {
			regs.x[0] = FFA_FID_64((uint32_t)function->number);
			ffa_text_call(&regs, text, sizeof(text));
			assert_memory_equal(text, function->name, strlen(function->name));
			if (function->has_32)
				assert_memory_equal(text + strlen(function->name), "_64", 3);
		}
	}
}

static void test_framework_types(void **state)
{
	static const char *const names[] = {
		"psci-request",    "psci-warm-boot",      "psci-response", "w2=0x3",
		"vm-created",      "vm-created-response", "vm-destroyed",  "vm-destroyed-response",
		"version-request", "version-response",    "w2=0xa"
	};

	for (uint32_t type = 0; type < sizeof(names) / sizeof(names[0]); type++) {
		struct ffa_regs regs = { { FFA_MSG_SEND_DIRECT_REQ, 0x8001, FFA_DIRECT_FRAMEWORK | type } };
		char text[FFA_TEXT_SIZE];

		ffa_text_call(&regs, text, sizeof(text));
		assert_non_null(strstr(text, "framework "));
		assert_string_equal(strstr(text, "framework ") + strlen("framework "), names[type]);
	}
}

static const struct {
	uint32_t call;
	struct sample sample;
} replies[] = {
	{ FFA_VERSION, { "version 1.3", { { 0x10003 } } } },
	{ FFA_VERSION, { "NOT_SUPPORTED", { { 0xffffffff } } } },
	{ FFA_VERSION, { "NOT_SUPPORTED", { { UINT64_MAX } } } },
	{ FFA_VERSION, { "FFA_ERROR NOT_SUPPORTED", { { FFA_ERROR, 0, 0xffffffff } } } },
	{ FFA_RUN, { "SMCCC NOT_SUPPORTED", { { UINT64_MAX } } } },
	{ FFA_ID_GET, { "FFA_SUCCESS 0x0000", { { FFA_SUCCESS } } } },
	{ FFA_SPM_ID_GET, { "FFA_SUCCESS 0x8000", { { FFA_SUCCESS, 0, 0x8000 } } } },
	{ FFA_RX_RELEASE, { "FFA_SUCCESS", { { FFA_SUCCESS } } } },
	{ FFA_FEATURES, { "FFA_SUCCESS w2=0x10000", { { FFA_SUCCESS, 0, 0x10000 } } } },
	{ FFA_PARTITION_INFO_GET, { "FFA_SUCCESS count=2 size=24", { { FFA_SUCCESS, 0, 2, 24 } } } },
	{ FFA_PARTITION_INFO_GET, { "FFA_SUCCESS count=0", { { FFA_SUCCESS } } } },
	{ FFA_PARTITION_INFO_GET_REGS,
	  { "FFA_SUCCESS_64 last=4 current=0 tag=0x9 size=24 x3=0x10700088001",
	    { { FFA_SUCCESS_64, 0, 0x0018000900000004, 0x0000010700088001 } } } },
	{ FFA_MEM_SHARE, { "FFA_SUCCESS handle=0x200000001", { { FFA_SUCCESS, 0, 1, 2 } } } },
	{ FFA_MEM_FRAG_TX, { "FFA_SUCCESS handle=0x0", { { FFA_SUCCESS } } } },
	{ FFA_MEM_SHARE, { "FFA_MEM_FRAG_RX handle=0x5 offset=64", { { FFA_MEM_FRAG_RX, 5, 0, 64 } } } },
	{ FFA_NOTIFICATION_GET,
	  { "FFA_SUCCESS from-sps=0x200000001 from-vms=0x4 from-spm=rx-full from-hypervisor=rx-full w7=0x2",
	    { { FFA_SUCCESS, 0, 1, 2, 4, 0, 1, 3 } } } },
	{ FFA_NOTIFICATION_GET, { "FFA_SUCCESS", { { FFA_SUCCESS } } } },
	{ FFA_NOTIFICATION_INFO_GET_64,
	  { "FFA_SUCCESS_64 0x8001 0x8002 vcpu 1,3 more",
	    { { FFA_SUCCESS_64, 0, 0x8101, 0x0003000180028001 } } } },
	{ FFA_NOTIFICATION_INFO_GET_64,
	  { "FFA_SUCCESS_64 0x8001 x2=0x2 x4=0x1", { { FFA_SUCCESS_64, 0, 0x82, 0x8001, 1 } } } },
	{ FFA_NOTIFICATION_INFO_GET, { "FFA_SUCCESS w2=0xf80", { { FFA_SUCCESS, 0, 0xf80 } } } },
	{ FFA_MEM_PERM_GET, { "FFA_SUCCESS rw", { { FFA_SUCCESS, 0, 5 } } } },
	{ FFA_NS_RES_INFO_GET,
	  { "FFA_SUCCESS_64 bytes=32 remaining=16", { { FFA_SUCCESS_64, 0, 0x2000000010 } } } },
	{ FFA_MSG_SEND_DIRECT_REQ,
	  { "FFA_MSG_SEND_DIRECT_RESP 0x8001 → 0x0000 w3=0x5a5a",
	    { { FFA_MSG_SEND_DIRECT_RESP, 0x80010000, 0, 0x5a5a } } } },
	{ FFA_MSG_SEND_DIRECT_REQ, { "FFA_ERROR BUSY", { { FFA_ERROR, 0, 0xfffffffc } } } },
	{ 0x12345678, { "FFA_SUCCESS w2=0x1", { { FFA_SUCCESS, 0, 1 } } } },
};

static void test_replies(void **state)
{
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		char text[FFA_TEXT_SIZE];
		size_t length = ffa_text_reply(replies[i].call, &replies[i].sample.regs, text, sizeof(text));

		assert_string_equal(text, replies[i].sample.text);
		assert_int_equal(length, strlen(replies[i].sample.text));
	}
}

/* The frames with the most to say fit FFA_TEXT_SIZE. */
static void test_size_is_enough(void **state)
{
	for (uint32_t number = 0; number <= 0xff; number++) {
		for (unsigned int is_64 = 0; is_64 < 2; is_64++) {
			struct ffa_regs regs;
			char text[FFA_TEXT_SIZE];

			memset(&regs, 0xff, sizeof(regs));
			regs.x[0] = is_64 ? FFA_FID_64(number) : FFA_FID_32(number);
			assert_in_range(ffa_text_call(&regs, text, sizeof(text)), 1, sizeof(text) - 1);
			assert_in_range(ffa_text_reply(FFA_FID_32(number), &regs, text, sizeof(text)), 1,
					sizeof(text) - 1);
			regs.x[0] = is_64 ? FFA_SUCCESS_64 : FFA_SUCCESS;
			assert_in_range(ffa_text_reply(FFA_FID_64(number), &regs, text, sizeof(text)), 1,
					sizeof(text) - 1);
		}
	}
}

static void test_truncation(void **state)
{
	struct ffa_regs regs = { { FFA_VERSION, 0x10002 } };
	static const char whole[] = "FFA_VERSION 1.2";

	for (size_t size = 0; size <= sizeof(whole) + 1; size++) {
		char text[sizeof(whole) + 2];

		memset(text, '#', sizeof(text));
		assert_int_equal(ffa_text_call(&regs, text, size), strlen(whole));
		if (size) {
			size_t kept = size - 1 < strlen(whole) ? size - 1 : strlen(whole);

			assert_memory_equal(text, whole, kept);
			assert_int_equal(text[kept], '\0');
		}
		for (size_t i = size; i < sizeof(text); i++)
			assert_int_equal(text[i], '#');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),           cmocka_unit_test(test_every_function_has_a_name),
		cmocka_unit_test(test_framework_types), cmocka_unit_test(test_replies),
		cmocka_unit_test(test_size_is_enough),  cmocka_unit_test(test_truncation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
