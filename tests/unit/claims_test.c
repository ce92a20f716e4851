/* SPDX-License-Identifier: BSD-3-Clause */
/* What kernel drivers have claimed, from folders as sysfs has them and from folders that it would never have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi/error.h"
#include "abi/features.h"
#include "abi/fid.h"
#include "abi/version.h"
#include "daemon/core/broker.h"
#include "daemon/core/claims.h"
#include "fake_conduit.h"

#define UUID_1 "11111111-2222-3333-4444-555566667777"
#define UUID_2 "aaaaaaaa-bbbb-cccc-dddd-eeeeffff0001"
#define UUID_OPTEE "486178e0-e7f8-11e3-bc5e-0002a5d5c51b"
#define PATH_SIZE 512

/* ---- A tree ---- */

struct tree {
	char root[64];
	char devices[80];
};

static void make_folder(const char *path)
{
	assert_return_code(mkdir(path, 0755), errno);
}

static void tree_begin(struct tree *tree)
{
	snprintf(tree->root, sizeof(tree->root), "/tmp/ffad-claims-XXXXXX");
	assert_non_null(mkdtemp(tree->root));
	snprintf(tree->devices, sizeof(tree->devices), "%s/devices", tree->root);
	make_folder(tree->devices);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static void tree_end(struct tree *tree)
{
	assert_return_code(nftw(tree->root, remove_one, 8, FTW_DEPTH | FTW_PHYS), errno);
}

static void write_bytes(const struct tree *tree, const char *device, const char *name, const void *bytes,
			size_t size)
{
	char path[PATH_SIZE];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s/%s", tree->devices, device, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void bind_driver(const struct tree *tree, const char *device, const char *target)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s/driver", tree->devices, device);
	assert_return_code(symlink(target, path), errno);
}

/* NULL: no such file or link. */
static void add_device(const struct tree *tree, const char *device, const char *id, const char *uuid,
		       const char *driver)
{
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s", tree->devices, device);
	make_folder(path);
	if (id)
		write_bytes(tree, device, "partition_id", id, strlen(id));
	if (uuid)
		write_bytes(tree, device, "uuid", uuid, strlen(uuid));
	if (driver) {
		snprintf(path, sizeof(path), "../../../bus/arm_ffa/drivers/%s", driver);
		bind_driver(tree, device, path);
	}
}

static struct claims read_tree(const struct tree *tree)
{
	struct claims claims;

	assert_int_equal(claims_read(tree->devices, &claims), 0);
	return claims;
}

static struct ffa_uuid uuid_of(const char *text)
{
	struct ffa_uuid uuid = { 0 };

	if (text)
		assert_int_equal(ffa_uuid_parse(text, &uuid), 0);
	return uuid;
}

/* The driver, or NULL. */
static const char *find(const struct claims *claims, uint16_t id, const char *text,
			const struct ffa_uuid *uuids, size_t count)
{
	struct ffa_uuid uuid = uuid_of(text);
	const struct claim *claim = claims_find(claims, id, &uuid, uuids, count);

	return claim ? claim->driver : NULL;
}

/* ---- Reading ---- */

static void reads_what_the_kernel_shows(void **state)
{
	struct tree tree;
	struct claims claims;

	tree_begin(&tree);
	add_device(&tree, "arm-ffa-1", "0x8001\n", UUID_OPTEE "\n", "optee");
	add_device(&tree, "arm-ffa-2", "0x8101\n", UUID_1 "\n", NULL);
	claims = read_tree(&tree);
	assert_int_equal(claims.count, 2);
	assert_int_equal(claims.items[0].id, 0x8001);
	assert_string_equal(claims.items[0].driver, "optee");
	assert_string_equal(claims.items[1].driver, "");
	assert_string_equal(find(&claims, 0x8001, UUID_OPTEE, NULL, 0), "optee");
	assert_null(find(&claims, 0x8101, UUID_1, NULL, 0));
	assert_null(find(&claims, 0x8002, NULL, NULL, 0));
	claims_clear(&claims);
	tree_end(&tree);
}

static void a_machine_without_the_driver_has_no_claims(void **state)
{
	struct claims claims = { .count = 7 };

	assert_int_equal(claims_read("/nonexistent/ffad/devices", &claims), 0);
	assert_int_equal(claims.count, 0);
	assert_int_equal(claims_read("/dev/null", &claims), 0);
	assert_int_equal(claims.count, 0);
}

static void a_claim_is_on_its_service(void **state)
{
	const struct ffa_uuid uuids[] = { uuid_of(UUID_1), uuid_of(UUID_2) };
	struct tree tree;
	struct claims claims;

	tree_begin(&tree);
	add_device(&tree, "arm-ffa-1", "0x8101\n", UUID_1 "\n", NULL);
	add_device(&tree, "arm-ffa-2", "0x8101\n", UUID_2 "\n", "tpm_ffa");
	add_device(&tree, "arm-ffa-3", "0x8102\n", "00000000-0000-0000-0000-000000000000\n", "whole");
	add_device(&tree, "arm-ffa-4", "0x8103\n", UUID_OPTEE "\n", "stranger");
	claims = read_tree(&tree);
	assert_null(find(&claims, 0x8101, UUID_1, uuids, 2));
	assert_string_equal(find(&claims, 0x8101, UUID_2, uuids, 2), "tpm_ffa");
	assert_string_equal(find(&claims, 0x8101, NULL, uuids, 2), "tpm_ffa");
	assert_string_equal(find(&claims, 0x8102, UUID_1, uuids, 2), "whole");
	/* A service that we do not know of: any of those that we do know. */
	assert_string_equal(find(&claims, 0x8103, UUID_1, uuids, 2), "stranger");
	claims_clear(&claims);
	tree_end(&tree);
}

static void odd_devices_are_left_out(void **state)
{
	static const char *const ids[] = { "",
					   "\n",
					   "8001\n",
					   "0x\n",
					   "0x10000\n",
					   "-0x1\n",
					   "0x8001 \n",
					   "0xz\n",
					   "0x 8001\n",
					   "0x-1\n",
					   "0x80010000000000001\n" };
	struct tree tree;
	struct claims claims;
	char name[16], path[PATH_SIZE], long_text[5000];

	tree_begin(&tree);
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		snprintf(name, sizeof(name), "odd-%zu", i);
		add_device(&tree, name, ids[i], UUID_1, "driver");
	}
	add_device(&tree, "no-id", NULL, UUID_1, "driver");
	add_device(&tree, "long-id", NULL, UUID_1, "driver");
	memset(long_text, '0', sizeof(long_text));
	long_text[1] = 'x';
	write_bytes(&tree, "long-id", "partition_id", long_text, sizeof(long_text));
	add_device(&tree, "nul-id", NULL, UUID_1, "driver");
	write_bytes(&tree, "nul-id", "partition_id", "0x8001\0\n", 8);
	add_device(&tree, "folder-id", NULL, UUID_1, "driver");
	snprintf(path, sizeof(path), "%s/folder-id/partition_id", tree.devices);
	make_folder(path);
	/* Nobody writes to it: opening it for good would not return. */
	add_device(&tree, "fifo-id", NULL, UUID_1, "driver");
	snprintf(path, sizeof(path), "%s/fifo-id/partition_id", tree.devices);
	assert_return_code(mkfifo(path, 0644), errno);
	snprintf(path, sizeof(path), "%s/file", tree.devices);
	fclose(fopen(path, "w"));
	snprintf(path, sizeof(path), "%s/dangling", tree.devices);
	assert_return_code(symlink("/nonexistent/device", path), errno);
	snprintf(path, sizeof(path), "%s/loop", tree.devices);
	assert_return_code(symlink("loop", path), errno);
	claims = read_tree(&tree);
	assert_int_equal(claims.count, 0);
	claims_clear(&claims);
	tree_end(&tree);
}

static void odd_drivers_are_claims_all_the_same(void **state)
{
	char long_name[300];
	struct tree tree;
	struct claims claims;

	tree_begin(&tree);
	add_device(&tree, "a", "0x8001\n", "no UUID", NULL);
	bind_driver(&tree, "a", "/sys/\x1b[31m\nred");
	add_device(&tree, "b", "0x8002\n", NULL, NULL);
	bind_driver(&tree, "b", "/ends/in/a/slash/");
	add_device(&tree, "c", "0x8003\n", NULL, NULL);
	memset(long_name, 'n', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	bind_driver(&tree, "c", long_name);
	add_device(&tree, "d", "0x8004\n", NULL, NULL);
	write_bytes(&tree, "d", "driver", "x", 1);
	claims = read_tree(&tree);
	assert_int_equal(claims.count, 4);
	assert_string_equal(find(&claims, 0x8001, UUID_1, NULL, 0), "?[31m?red");
	assert_string_equal(find(&claims, 0x8002, NULL, NULL, 0), "unknown");
	assert_int_equal(strlen(find(&claims, 0x8003, NULL, NULL, 0)), CLAIM_DRIVER_SIZE - 1);
	assert_string_equal(find(&claims, 0x8004, NULL, NULL, 0), "unknown");
	claims_clear(&claims);
	tree_end(&tree);
}

static void no_more_devices_than_are_believed(void **state)
{
	struct tree tree;
	struct claims claims;
	char name[16];

	tree_begin(&tree);
	for (int i = 0; i < CLAIMS_MAX + 3; i++) {
		snprintf(name, sizeof(name), "d%d", i);
		add_device(&tree, name, "0x8001\n", NULL, NULL);
	}
	claims = read_tree(&tree);
	assert_int_equal(claims.count, CLAIMS_MAX);
	claims_clear(&claims);
	tree_end(&tree);
}

/* ---- The broker beside the kernel's driver ---- */

struct machine {
	struct tree tree;
	struct fake_conduit fake;
	struct broker broker;
	bool registers;    /* has FFA_PARTITION_INFO_GET_REGS */
	bool own_rxtx;     /* RXTX_MAP works */
	uint32_t sri, npi; /* INTIDs; 0: not supported */
	unsigned int unmaps, irqs_calls;
	uint32_t irqs[2]; /* as given last */
	int irqs_result;
};

static struct machine *of(struct fake_conduit *fake)
{
	return fake->test;
}

static void features(struct machine *machine, struct ffa_regs *regs)
{
	uint32_t id = (uint32_t)regs->x[1];

	if (id == FFA_FEATURE_SRI && machine->sri)
		fake_reply(regs, FFA_SUCCESS, 0, machine->sri, 0);
	else if (id == FFA_FEATURE_NPI && machine->npi)
		fake_reply(regs, FFA_SUCCESS, 0, machine->npi, 0);
	else if (id == FFA_PARTITION_INFO_GET_REGS && machine->registers)
		fake_reply(regs, FFA_SUCCESS, 0, 0, 0);
	else
		fake_reply(regs, FFA_ERROR, 0, (uint32_t)FFA_NOT_SUPPORTED, 0);
}

/* One partition, 0x8001 with UUID_OPTEE, which has properties. */
static void partitions(struct ffa_regs *regs)
{
	const struct ffa_partition_info info = {
		.id = 0x8001, .exec_ctx_count = 4, .properties = 0x103, .uuid = uuid_of(UUID_OPTEE)
	};
	const struct ffa_partition_info_regs header = { .entry_size = 24 };

	*regs = (struct ffa_regs) { .x = { FFA_SUCCESS_64 } };
	assert_int_equal(ffa_partition_info_regs_encode(&header, &info, 1, regs), 0);
}

static int answer(struct fake_conduit *fake, unsigned int cpu, struct ffa_regs *regs)
{
	struct machine *machine = of(fake);

	switch (regs->x[0]) {
	case FFA_VERSION:
		fake_reply(regs, FFA_VERSION_1_2, 0, 0, 0);
		return 0;
	case FFA_FEATURES:
		features(machine, regs);
		return 0;
	case FFA_RXTX_MAP_64:
		if (machine->own_rxtx)
			fake_reply(regs, FFA_SUCCESS, 0, 0, 0);
		else
			fake_reply(regs, FFA_ERROR, 0, (uint32_t)FFA_DENIED, 0);
		return 0;
	case FFA_RXTX_UNMAP:
		machine->unmaps++;
		fake_reply(regs, FFA_SUCCESS, 0, 0, 0);
		return 0;
	case FFA_PARTITION_INFO_GET_REGS:
		partitions(regs);
		return 0;
	case FFA_ID_GET:
	case FFA_SPM_ID_GET:
		fake_reply(regs, FFA_SUCCESS, 0, 0, 0);
		return 0;
	default:
		fail_msg("unexpected call %llx", (unsigned long long)regs->x[0]);
		return -EIO;
	}
}

static int set_irqs(struct ffa_conduit *conduit, uint32_t schedule_receiver, uint32_t notification_pending)
{
	struct machine *machine = of((struct fake_conduit *)conduit);

	machine->irqs_calls++;
	machine->irqs[0] = schedule_receiver;
	machine->irqs[1] = notification_pending;
	return machine->irqs_result;
}

static void free_nothing(struct ffa_conduit *conduit)
{
}

static const struct ffa_conduit_ops machine_ops = {
	.call = fake_call,
	.pages_alloc = fake_pages_alloc,
	.pages_free = fake_pages_free,
	.irqs_set = set_irqs,
	.free = free_nothing,
};

static void machine_begin(struct machine *machine)
{
	*machine = (struct machine) { .fake = FAKE_CONDUIT(answer) };
	machine->fake.conduit.ops = &machine_ops;
	machine->fake.test = machine;
	tree_begin(&machine->tree);
}

static int machine_start(struct machine *machine)
{
	static const int cpu_ids[] = { -1, -1 };
	static const struct calls_settings settings = { .slow_ns = 1000000, .lanes_max = 1 };
	char *reason = NULL;
	int r = broker_start(&machine->broker, &machine->fake.conduit, machine->tree.devices, cpu_ids, 2,
			     &settings, &reason);

	assert_true((r < 0) == (reason != NULL));
	if (reason)
		print_message("%s\n", reason);
	free(reason);
	return r;
}

static void machine_stop(struct machine *machine)
{
	assert_true(broker_stop(&machine->broker));
	broker_deinit(&machine->broker);
	assert_int_equal(machine->fake.pages_out, 0);
	tree_end(&machine->tree);
}

static void table_from_the_kernel_where_firmware_has_none(void **state)
{
	struct machine machine;
	const struct partition *partition;
	const struct partition_table *table;

	machine_begin(&machine);
	machine.sri = 8;
	add_device(&machine.tree, "1", "0x8001\n", UUID_OPTEE "\n", "optee");
	add_device(&machine.tree, "2", "0x8101\n", UUID_1 "\n", NULL);
	add_device(&machine.tree, "3", "0x8101\n", UUID_2 "\n", NULL);
	add_device(&machine.tree, "4", "0x8101\n", NULL, NULL); /* says nothing beside the others */
	add_device(&machine.tree, "5", "0x8102\n", NULL, NULL);
	add_device(&machine.tree, "6", "0x0000\n", NULL, NULL); /* the normal world itself */
	assert_int_equal(machine_start(&machine), 0);
	assert_int_equal(machine.broker.rxtx.state, RXTX_FOREIGN);
	assert_false(machine.broker.calls.sole_user);
	table = machine.broker.table;
	assert_int_equal(table->partition_count, 3);
	assert_int_equal(table->entry_count, 4);
	partition = partition_table_find(table, 0x8001);
	assert_string_equal(partition->claim->driver, "optee");
	assert_int_equal(partition->properties, 0);
	assert_int_equal(partition->state->context_count, 1);
	partition = partition_table_find(table, 0x8101);
	assert_null(partition->claim);
	assert_int_equal(partition->entry_count, 2);
	assert_true(ffa_uuid_is_nil(&partition_table_find(table, 0x8102)->uuids[0]));
	/* The kernel's interrupt and buffers stay the kernel's. */
	assert_int_equal(machine.irqs_calls, 0);
	machine_stop(&machine);
	assert_int_equal(machine.unmaps, 0);
}

static void table_from_registers_where_firmware_has_them(void **state)
{
	struct machine machine;
	const struct partition *partition;

	machine_begin(&machine);
	machine.registers = true;
	add_device(&machine.tree, "1", "0x8001\n", UUID_OPTEE "\n", "optee");
	add_device(&machine.tree, "2", "0x8101\n", UUID_1 "\n", NULL);
	assert_int_equal(machine_start(&machine), 0);
	assert_int_equal(machine.broker.table->partition_count, 1);
	partition = partition_table_find(machine.broker.table, 0x8001);
	assert_int_equal(partition->properties, 0x103);
	assert_string_equal(partition->claim->driver, "optee");
	machine_stop(&machine);
	assert_int_equal(machine.unmaps, 0);
}

static void without_any_table_it_does_not_start(void **state)
{
	struct machine machine;

	machine_begin(&machine);
	assert_int_equal(machine_start(&machine), -ENXIO);
	assert_int_equal(machine.unmaps, 0);
	tree_end(&machine.tree);
}

static void drivers_come_and_go(void **state)
{
	struct machine machine;
	char path[PATH_SIZE];

	machine_begin(&machine);
	machine.registers = true;
	add_device(&machine.tree, "1", "0x8001\n", UUID_OPTEE "\n", NULL);
	assert_int_equal(machine_start(&machine), 0);
	assert_null(partition_table_find(machine.broker.table, 0x8001)->claim);
	assert_int_equal(broker_refresh(&machine.broker), 0);
	bind_driver(&machine.tree, "1", "drivers/optee");
	assert_int_equal(broker_refresh(&machine.broker), 1);
	assert_string_equal(partition_table_find(machine.broker.table, 0x8001)->claim->driver, "optee");
	assert_int_equal(broker_refresh(&machine.broker), 0);
	snprintf(path, sizeof(path), "%s/1/driver", machine.tree.devices);
	assert_return_code(unlink(path), errno);
	bind_driver(&machine.tree, "1", "drivers/other");
	assert_int_equal(broker_refresh(&machine.broker), 1);
	assert_string_equal(partition_table_find(machine.broker.table, 0x8001)->claim->driver, "other");
	assert_return_code(unlink(path), errno);
	assert_int_equal(broker_refresh(&machine.broker), 1);
	assert_null(partition_table_find(machine.broker.table, 0x8001)->claim);
	machine_stop(&machine);
}

static void interrupts_are_handed_over(void **state)
{
	static const struct {
		uint32_t sri, npi;
		int result;
		unsigned int calls;
	} rows[] = { { 8, 0, 0, 1 }, { 8, 5, 0, 1 }, { 0, 5, 0, 1 }, { 0, 0, 0, 0 }, { 8, 0, -EBUSY, 1 } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct machine machine;

		machine_begin(&machine);
		machine.registers = machine.own_rxtx = true;
		machine.sri = rows[i].sri;
		machine.npi = rows[i].npi;
		machine.irqs_result = rows[i].result;
		assert_int_equal(machine_start(&machine), 0);
		assert_int_equal(machine.irqs_calls, rows[i].calls);
		assert_int_equal(machine.irqs[0], rows[i].sri);
		assert_int_equal(machine.irqs[1], rows[i].npi);
		machine_stop(&machine);
		assert_int_equal(machine.unmaps, 1);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_the_kernel_shows),
		cmocka_unit_test(a_machine_without_the_driver_has_no_claims),
		cmocka_unit_test(a_claim_is_on_its_service),
		cmocka_unit_test(odd_devices_are_left_out),
		cmocka_unit_test(odd_drivers_are_claims_all_the_same),
		cmocka_unit_test(no_more_devices_than_are_believed),
		cmocka_unit_test(table_from_the_kernel_where_firmware_has_none),
		cmocka_unit_test(table_from_registers_where_firmware_has_them),
		cmocka_unit_test(without_any_table_it_does_not_start),
		cmocka_unit_test(drivers_come_and_go),
		cmocka_unit_test(interrupts_are_handed_over),
	};

	return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
