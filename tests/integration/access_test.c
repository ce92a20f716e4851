/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who may do what, decided by the user at the other end of the socket. The test is root and connects under other
 * effective ids: the socket's credentials are those of the moment of connect().
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon.h"
#include "manifest.h"
#include "wire.h"

#define ECHO 0x8001
#define ECHO_MP 0x8002
#define YIELDER 0x8004

#define ALICE 60001 /* users and groups that no system has */
#define BOB 60002
#define STAFF 60100

#define OK FFA__V1__STATUS_CODE__STATUS_OK
#define DENIED FFA__V1__STATUS_CODE__STATUS_DENIED_BY_POLICY
#define GONE FFA__V1__STATUS_CODE__STATUS_GONE

#define RULE_ALICE_ECHO "[rule alice]\nuser = 60001\npartition = 0x8001\nallow = direct\n"

static struct daemon ffad;

static int setup(void **state)
{
	ffad = (struct daemon) { .pid_fd = -1, .notify_fd = -1, .sim_pid_fd = -1 };
	*state = &ffad;
	return 0;
}

static void start(const char *config)
{
	if (geteuid() != 0) {
		print_message("SKIP: connects as other users: run it as root\n");
		skip();
	}
	daemon_start(&ffad, &(struct daemon_options) { .config = config, .open_folder = true });
}

/* A session of that user. */
static int open_as(uid_t uid, gid_t gid, const gid_t *groups, size_t count)
{
	int fd;

	assert_return_code(setgroups(count, groups), errno);
	assert_return_code(setegid(gid), errno);
	assert_return_code(seteuid(uid), errno);
	fd = wire_open(ffad.socket);
	assert_return_code(seteuid(0), errno);
	assert_return_code(setegid(0), errno);
	assert_return_code(setgroups(0, NULL), errno);
	return fd;
}

static int open_user(uid_t uid)
{
	return open_as(uid, uid, NULL, 0);
}

static void expect_direct(int fd, uint16_t partition, int code)
{
	wire_direct(fd, 1, partition, 0);
	wire_expect_code(fd, 1, code);
}

static void expect_load(int fd, uint16_t id, int code)
{
	const struct manifest_recipe recipe = { .id = id };
	Ffa__V1__SimLoadRequest load = FFA__V1__SIM_LOAD_REQUEST__INIT;
	uint8_t blob[MANIFEST_BLOB_SIZE];

	load.file_name = (char *)"test.dtb";
	load.dtb = (ProtobufCBinaryData) { manifest_make(&recipe, blob), blob };
	wire_request(fd, FFA__V1__METHOD__METHOD_SIM_LOAD, 2, &load.base);
	wire_expect_code(fd, 2, code);
}

/* What the list shows of a partition: bit 0 that it is there, bit 1 that direct messages are allowed. */
static unsigned int listed(int fd, uint16_t id)
{
	Ffa__V1__PartitionListResponse *list;
	struct wire_frame frame;
	unsigned int seen = 0;

	wire_request_empty(fd, FFA__V1__METHOD__METHOD_PARTITION_LIST, 3);
	assert_true(wire_read(fd, &frame));
	list = (Ffa__V1__PartitionListResponse *)wire_unpack(&frame,
							     &ffa__v1__partition_list_response__descriptor);
	for (size_t i = 0; i < list->n_partitions; i++)
		if (list->partitions[i]->id == id)
			seen |= 1u | (list->partitions[i]->direct_allowed ? 2u : 0);
	ffa__v1__partition_list_response__free_unpacked(list, NULL);
	return seen;
}

static bool is_admin(int fd)
{
	Ffa__V1__HelloRequest hello = FFA__V1__HELLO_REQUEST__INIT;
	Ffa__V1__HelloResponse *response;
	struct wire_frame frame;
	bool admin;

	hello.major = FFA_WIRE_MAJOR;
	wire_request(fd, FFA__V1__METHOD__METHOD_HELLO, 4, &hello.base);
	assert_true(wire_read(fd, &frame));
	response = (Ffa__V1__HelloResponse *)wire_unpack(&frame, &ffa__v1__hello_response__descriptor);
	admin = response->admin;
	ffa__v1__hello_response__free_unpacked(response, NULL);
	return admin;
}

static void without_rules_root_may_all_and_others_list(void **state)
{
	int root, alice;

	start(NULL);
	root = wire_open(ffad.socket);
	alice = open_user(ALICE);
	assert_true(is_admin(root));
	assert_false(is_admin(alice));
	expect_direct(root, ECHO, OK);
	expect_direct(alice, ECHO, DENIED);
	assert_int_equal(listed(root, ECHO), 3);
	assert_int_equal(listed(alice, ECHO), 1);
	wire_ping(alice);
	expect_load(alice, 0x8101, DENIED);
	assert_int_equal(listed(root, 0x8101), 0);
	expect_load(root, 0x8101, OK);
	assert_int_equal(listed(alice, 0x8101), 1);
	close(root);
	close(alice);
	daemon_stop(&ffad);
}

static void rule_for_a_user(void **state)
{
	int alice, bob;

	start(RULE_ALICE_ECHO);
	alice = open_user(ALICE);
	bob = open_user(BOB);
	expect_direct(alice, ECHO, OK);
	expect_direct(alice, ECHO_MP, DENIED);
	expect_direct(bob, ECHO, DENIED);
	assert_int_equal(listed(alice, ECHO), 3);
	assert_int_equal(listed(alice, ECHO_MP), 1);
	assert_int_equal(listed(bob, ECHO), 1);
	close(alice);
	close(bob);
	daemon_stop(&ffad);
}

static void rule_for_a_group(void **state)
{
	const gid_t groups[] = { 60099, STAFF, 60101 };
	int primary, member, stranger;

	start("[rule staff]\ngroup = 60100\npartition = *\nallow = direct\n");
	primary = open_as(ALICE, STAFF, NULL, 0);
	member = open_as(ALICE, ALICE, groups, 3);
	stranger = open_as(ALICE, ALICE, groups, 1);
	expect_direct(primary, YIELDER, OK);
	expect_direct(member, YIELDER, OK);
	expect_direct(stranger, YIELDER, DENIED);
	close(primary);
	close(member);
	close(stranger);
	daemon_stop(&ffad);
}

static void rule_for_a_uuid(void **state)
{
	int alice;

	start("[rule yielder]\nuser = 60001\npartition = 5538d3aa-1272-5ee2-a083-880e684f55e6\n"
	      "allow = direct\n");
	alice = open_user(ALICE);
	expect_direct(alice, YIELDER, OK);
	expect_direct(alice, ECHO, DENIED);
	close(alice);
	daemon_stop(&ffad);
}

static void hidden_partition_is_not_there(void **state)
{
	int alice, root;

	start("[rule hide]\nuser = 60001\npartition = 0x8001\ndeny = list\n");
	alice = open_user(ALICE);
	root = wire_open(ffad.socket);
	assert_int_equal(listed(alice, ECHO), 0);
	assert_int_equal(listed(alice, ECHO_MP), 1);
	expect_direct(alice, ECHO, GONE);
	expect_direct(root, ECHO, OK);
	close(alice);
	close(root);
	daemon_stop(&ffad);
}

static void administrators_by_rule(void **state)
{
	int alice, bob;

	start("[rule operators]\nuser = 60001\nallow = admin\n");
	alice = open_user(ALICE);
	bob = open_user(BOB);
	assert_true(is_admin(alice));
	assert_false(is_admin(bob));
	expect_load(alice, 0x8101, OK);
	expect_load(bob, 0x8102, DENIED);
	/* Which is not a right to talk to partitions. */
	expect_direct(alice, ECHO, DENIED);
	close(alice);
	close(bob);
	daemon_stop(&ffad);
}

static void root_can_be_denied(void **state)
{
	int root;

	start("[rule nobody]\nuser = *\npartition = 0x8001\ndeny = direct\n");
	root = wire_open(ffad.socket);
	expect_direct(root, ECHO, DENIED);
	expect_direct(root, ECHO_MP, OK);
	close(root);
	daemon_stop(&ffad);
}

static void reload_grants_and_revokes_in_open_sessions(void **state)
{
	int alice, bob;

	start(RULE_ALICE_ECHO);
	alice = open_user(ALICE);
	bob = open_user(BOB);
	expect_direct(alice, ECHO, OK);
	expect_direct(bob, ECHO, DENIED);
	daemon_set_config(&ffad, "[rule bob]\nuser = 60002\npartition = 0x8001\nallow = direct\n");
	daemon_reload(&ffad);
	expect_direct(alice, ECHO, DENIED);
	expect_direct(bob, ECHO, OK);
	assert_int_equal(listed(alice, ECHO), 1);
	assert_int_equal(listed(bob, ECHO), 3);
	for (size_t i = 0; i < 20; i++) {
		daemon_set_config(&ffad, i % 2 ? "" : RULE_ALICE_ECHO);
		daemon_reload(&ffad);
		expect_direct(alice, ECHO, i % 2 ? DENIED : OK);
		expect_direct(bob, ECHO, DENIED);
	}
	close(alice);
	close(bob);
	daemon_stop(&ffad);
}

static void bad_reload_changes_nothing(void **state)
{
	static const char *const bad[] = {
		"[rule alice]\nuser = 60001\n",
		"[limits]\nsessions = 0\n",
		"[no such section]\n",
		"nonsense",
		"[rule alice]\nuser = 60001\npartition = 0x8001\nallow = everything\n",
	};
	int alice;

	start(RULE_ALICE_ECHO);
	alice = open_user(ALICE);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		daemon_set_config(&ffad, bad[i]);
		daemon_reload(&ffad);
		expect_direct(alice, ECHO, OK);
		expect_direct(alice, ECHO_MP, DENIED);
	}
	assert_true(daemon_has_logged(&ffad, "not reloaded"));
	/* Nor does a file that others may write, or none at all. */
	daemon_set_config(&ffad, "");
	assert_return_code(chmod(ffad.config, 0666), errno);
	daemon_reload(&ffad);
	expect_direct(alice, ECHO, OK);
	assert_return_code(unlink(ffad.config), errno);
	daemon_reload(&ffad);
	expect_direct(alice, ECHO, OK);
	close(alice);
	daemon_stop(&ffad);
}

static void reload_changes_limits(void **state)
{
	struct wire_status status;
	int first, second, third;

	start(NULL);
	first = wire_open(ffad.socket);
	second = wire_open(ffad.socket);
	daemon_set_config(&ffad, "[limits]\nsessions-per-user = 2\n");
	daemon_reload(&ffad);
	third = wire_connect(ffad.socket);
	status = wire_expect_notice(third);
	assert_int_equal(status.code, FFA__V1__STATUS_CODE__STATUS_QUOTA);
	wire_ping(first);
	wire_ping(second);
	close(first);
	close(second);
	close(third);
	daemon_stop(&ffad);
}

/* A call under way when its permission goes is seen to its end. */
static void reload_during_calls(void **state)
{
	int alice;

	start("[rule alice]\nuser = 60001\npartition = *\nallow = direct\n");
	alice = open_user(ALICE);
	for (uint64_t id = 10; id < 60; id++)
		wire_direct(alice, id, YIELDER, 60000);
	wire_drain(alice);
	daemon_set_config(&ffad, "");
	daemon_reload(&ffad);
	for (uint64_t id = 10; id < 60; id++) {
		struct wire_status status = wire_expect(alice, id);

		assert_true(status.code == OK || status.code == DENIED);
	}
	expect_direct(alice, YIELDER, DENIED);
	close(alice);
	daemon_stop(&ffad);
}

static void quotas_are_per_user(void **state)
{
	int alice[3], bob, extra;

	start("[limits]\nsessions-per-user = 3\n");
	for (size_t i = 0; i < 3; i++)
		alice[i] = open_user(ALICE);
	bob = open_user(BOB);
	assert_return_code(seteuid(ALICE), errno);
	extra = wire_connect(ffad.socket);
	assert_return_code(seteuid(0), errno);
	assert_int_equal(wire_expect_notice(extra).code, FFA__V1__STATUS_CODE__STATUS_QUOTA);
	wire_ping(bob);
	for (size_t i = 0; i < 3; i++) {
		wire_ping(alice[i]);
		close(alice[i]);
	}
	close(bob);
	close(extra);
	daemon_stop(&ffad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, daemon_teardown)
		TEST(without_rules_root_may_all_and_others_list),
		TEST(rule_for_a_user),
		TEST(rule_for_a_group),
		TEST(rule_for_a_uuid),
		TEST(hidden_partition_is_not_there),
		TEST(administrators_by_rule),
		TEST(root_can_be_denied),
		TEST(reload_grants_and_revokes_in_open_sessions),
		TEST(bad_reload_changes_nothing),
		TEST(reload_changes_limits),
		TEST(reload_during_calls),
		TEST(quotas_are_per_user),
	};

	return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
