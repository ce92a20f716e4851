/* SPDX-License-Identifier: BSD-3-Clause */
/* Partitions that kernel drivers have claimed: a folder of the test's stands for the kernel's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon.h"
#include "wire.h"

#define ECHO 0x8001
#define ECHO_MP 0x8002
#define UUID_FIRST "0ca7e5b1-25dd-583b-8439-6dc56e85548a" /* of ECHO's services */
#define CONFIG_SIZE 512

#define OK FFA__V1__STATUS_CODE__STATUS_OK
#define CLAIMED FFA__V1__STATUS_CODE__STATUS_CLAIMED

static struct daemon ffad;
static char config[CONFIG_SIZE];
static char folder[] = "/tmp/ffad-kernel-XXXXXX";

static int setup(void **state)
{
	ffad = (struct daemon) { .pid_fd = -1, .notify_fd = -1, .sim_pid_fd = -1 };
	strcpy(folder, "/tmp/ffad-kernel-XXXXXX");
	assert_non_null(mkdtemp(folder));
	*state = &ffad;
	return 0;
}

/* At most one device, which a test makes. */
static int teardown(void **state)
{
	static const char *const names[] = { "/device/partition_id", "/device/uuid", "/device/driver" };
	char path[80];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s%s", folder, names[i]);
		(void)unlink(path);
	}
	snprintf(path, sizeof(path), "%s/device", folder);
	(void)rmdir(path);
	(void)rmdir(folder);
	return daemon_teardown(state);
}

static const char *config_with(const char *rules)
{
	snprintf(config, sizeof(config), "[daemon]\nkernel-devices = %s\n%s", folder, rules);
	return config;
}

static void write_file(const char *name, const char *text)
{
	char path[80];
	FILE *file;

	snprintf(path, sizeof(path), "%s/device/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void make_device(const char *id, const char *uuid)
{
	char path[80];

	snprintf(path, sizeof(path), "%s/device", folder);
	assert_return_code(mkdir(path, 0755), errno);
	write_file("partition_id", id);
	write_file("uuid", uuid);
}

static void bind_driver(void)
{
	char path[80];

	snprintf(path, sizeof(path), "%s/device/driver", folder);
	assert_return_code(symlink("../../drivers/kernel-echo", path), errno);
}

static void unbind_driver(void)
{
	char path[80];

	snprintf(path, sizeof(path), "%s/device/driver", folder);
	assert_return_code(unlink(path), errno);
}

/* Entries of the partition, and how many of them are listed as claimed. */
static void listed(int fd, uint16_t id, unsigned int *ret_entries, unsigned int *ret_claimed)
{
	Ffa__V1__PartitionListResponse *list;
	struct wire_frame frame;

	*ret_entries = *ret_claimed = 0;
	wire_request_empty(fd, FFA__V1__METHOD__METHOD_PARTITION_LIST, 3);
	assert_true(wire_read(fd, &frame));
	list = (Ffa__V1__PartitionListResponse *)wire_unpack(&frame,
							     &ffa__v1__partition_list_response__descriptor);
	for (size_t i = 0; i < list->n_partitions; i++) {
		if (list->partitions[i]->id != id)
			continue;
		++*ret_entries;
		*ret_claimed += list->partitions[i]->claimed;
	}
	ffa__v1__partition_list_response__free_unpacked(list, NULL);
}

static void expect_claimed(int fd, uint16_t id, unsigned int expected)
{
	unsigned int entries, claimed;

	listed(fd, id, &entries, &claimed);
	assert_in_range(entries, expected, 64);
	assert_int_equal(claimed, expected);
}

/* The next event of a watch: how many entries are claimed. */
static unsigned int next_event(int fd)
{
	struct wire_frame frame;
	Ffa__V1__PartitionEvent *event;
	unsigned int claimed = 0;

	assert_true(wire_read(fd, &frame));
	assert_int_equal(frame.header.kind, FFA_FRAME_EVENT);
	event = ffa__v1__partition_event__unpack(NULL, frame.header.length, frame.body);
	assert_non_null(event);
	for (size_t i = 0; i < event->n_partitions; i++)
		claimed += event->partitions[i]->claimed;
	ffa__v1__partition_event__free_unpacked(event, NULL);
	return claimed;
}

static void expect_direct(int fd, uint16_t partition, int code)
{
	wire_direct(fd, 1, partition, 0);
	wire_expect_code(fd, 1, code);
}

static void a_claimed_partition_is_refused(void **state)
{
	struct wire_status status;
	int fd;

	make_device("0x8001\n", UUID_FIRST "\n");
	bind_driver();
	daemon_start(&ffad, &(struct daemon_options) { .config = config_with("") });
	fd = wire_open(ffad.socket);
	expect_claimed(fd, ECHO, 1);
	expect_claimed(fd, ECHO_MP, 0);
	wire_direct(fd, 1, ECHO, 0);
	status = wire_expect(fd, 1);
	assert_int_equal(status.code, CLAIMED);
	assert_non_null(strstr(status.message, "kernel-echo"));
	assert_non_null(strstr(status.message, "allow = claimed"));
	expect_direct(fd, ECHO_MP, OK);
	close(fd);
	daemon_stop(&ffad);
}

static void a_rule_sets_the_claim_aside(void **state)
{
	int fd;

	make_device("0x8001\n", UUID_FIRST "\n");
	bind_driver();
	daemon_start(&ffad, &(struct daemon_options) {
				    .config = config_with("[rule kernel]\nuser = *\npartition = 0x8001\n"
							  "allow = direct claimed\n") });
	fd = wire_open(ffad.socket);
	expect_claimed(fd, ECHO, 1);
	expect_direct(fd, ECHO, OK);
	close(fd);
	daemon_stop(&ffad);
}

static void all_is_not_enough(void **state)
{
	int fd;

	make_device("0x8001\n", UUID_FIRST "\n");
	bind_driver();
	daemon_start(&ffad,
		     &(struct daemon_options) {
			     .config = config_with("[rule all]\nuser = *\npartition = *\nallow = all\n") });
	fd = wire_open(ffad.socket);
	expect_direct(fd, ECHO, CLAIMED);
	close(fd);
	daemon_stop(&ffad);
}

static void a_reload_sees_drivers_come_and_go(void **state)
{
	struct wire_frame frame;
	int fd, watch;

	make_device("0x8001\n", UUID_FIRST "\n");
	daemon_start(&ffad, &(struct daemon_options) { .config = config_with("") });
	fd = wire_open(ffad.socket);
	watch = wire_open(ffad.socket);
	wire_request_empty(watch, FFA__V1__METHOD__METHOD_PARTITION_WATCH, 9);
	assert_true(wire_read(watch, &frame));
	assert_int_equal(next_event(watch), 0);
	expect_direct(fd, ECHO, OK);

	bind_driver();
	daemon_reload(&ffad);
	assert_int_equal(next_event(watch), 1);
	expect_claimed(fd, ECHO, 1);
	expect_direct(fd, ECHO, CLAIMED);

	unbind_driver();
	/* Not even a broken configuration keeps the claim alive. */
	daemon_set_config(&ffad, "nonsense");
	daemon_reload(&ffad);
	assert_int_equal(next_event(watch), 0);
	expect_direct(fd, ECHO, OK);
	close(watch);
	close(fd);
	daemon_stop(&ffad);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_claimed_partition_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_rule_sets_the_claim_aside, setup, teardown),
		cmocka_unit_test_setup_teardown(all_is_not_enough, setup, teardown),
		cmocka_unit_test_setup_teardown(a_reload_sees_drivers_come_and_go, setup, teardown),
	};

	return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
