/* SPDX-License-Identifier: BSD-3-Clause */
/* Partition lists, watches, loading into the simulated SPMC, and what ffad tells about itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "daemon.h"
#include "manifest.h"
#include "wire.h"

#define ECHO 0x8001
#define LOADED 0x8101
#define BUILTIN_PARTITIONS 9
#define BUILTIN_ENTRIES 10 /* echo has two UUIDs */
#define ENDPOINTS_MAX 64   /* of the simulated SPMC */

#define OK FFA__V1__STATUS_CODE__STATUS_OK
#define BAD_ARGUMENT FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT
#define QUOTA FFA__V1__STATUS_CODE__STATUS_QUOTA

static const uint8_t echo_uuid[16] = { 0x0c, 0xa7, 0xe5, 0xb1, 0x25, 0xdd, 0x58, 0x3b,
				       0x84, 0x39, 0x6d, 0xc5, 0x6e, 0x85, 0x54, 0x8a };

static struct daemon ffad;
static int client, other;

static int setup(void **state)
{
	ffad = (struct daemon) { .pid_fd = -1, .notify_fd = -1, .sim_pid_fd = -1 };
	*state = &ffad;
	daemon_start(&ffad, &(struct daemon_options) {
				    .config = "[limits]\nsessions = 321\nin-flight-per-session = 17\n" });
	client = wire_open(ffad.socket);
	other = wire_open(ffad.socket);
	return 0;
}

static void finish(void)
{
	wire_echo(client, ECHO);
	close(client);
	close(other);
	daemon_stop(&ffad);
}

/* ---- Lists ---- */

static Ffa__V1__PartitionListResponse *list(const void *uuid, size_t size)
{
	Ffa__V1__PartitionListRequest request = FFA__V1__PARTITION_LIST_REQUEST__INIT;
	struct wire_frame frame;

	request.uuid = (ProtobufCBinaryData) { size, (uint8_t *)uuid };
	wire_request(client, FFA__V1__METHOD__METHOD_PARTITION_LIST, 1, &request.base);
	assert_true(wire_read(client, &frame));
	assert_int_equal(frame.header.id, 1);
	return (Ffa__V1__PartitionListResponse *)wire_unpack(&frame,
							     &ffa__v1__partition_list_response__descriptor);
}

static void free_list(Ffa__V1__PartitionListResponse *response)
{
	ffa__v1__partition_list_response__free_unpacked(response, NULL);
}

static void all_partitions(void **state)
{
	Ffa__V1__PartitionListResponse *all = list(NULL, 0);

	assert_int_equal(all->n_partitions, BUILTIN_ENTRIES);
	for (size_t i = 0; i < all->n_partitions; i++) {
		const Ffa__V1__Partition *partition = all->partitions[i];

		assert_in_range(partition->id, ECHO, ECHO + BUILTIN_PARTITIONS - 1);
		assert_int_equal(partition->uuid.len, 16);
		assert_true(partition->direct_allowed);
		assert_false(partition->claimed);
		assert_false(partition->stalled);
		assert_true(partition->exec_ctx_count > 0);
		if (i > 0) /* in the order of their ids */
			assert_true(partition->id >= all->partitions[i - 1]->id);
	}
	free_list(all);
	finish();
}

static void partitions_of_a_uuid(void **state)
{
	static const uint8_t unknown[16] = { 1, 2, 3 };
	Ffa__V1__PartitionListResponse *some = list(echo_uuid, sizeof(echo_uuid));
	static const size_t lengths[] = { 1, 15, 17, 32 };
	uint8_t bytes[32] = { 0 };

	assert_int_equal(some->n_partitions, 1);
	assert_int_equal(some->partitions[0]->id, ECHO);
	assert_memory_equal(some->partitions[0]->uuid.data, echo_uuid, sizeof(echo_uuid));
	free_list(some);
	some = list(unknown, sizeof(unknown));
	assert_int_equal(some->n_partitions, 0);
	free_list(some);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
		Ffa__V1__PartitionListRequest request = FFA__V1__PARTITION_LIST_REQUEST__INIT;

		request.uuid = (ProtobufCBinaryData) { lengths[i], bytes };
		wire_request(client, FFA__V1__METHOD__METHOD_PARTITION_LIST, 2, &request.base);
		wire_expect_code(client, 2, BAD_ARGUMENT);
	}
	finish();
}

static void stalled_partition_is_shown(void **state)
{
	const struct manifest_recipe recipe = { .id = LOADED, .behaviour = "slow:forever" };
	uint8_t uuid[16];
	bool stalled = false;

	manifest_load(&recipe, other);
	manifest_uuid(&recipe, uuid);
	wire_direct(other, 1, LOADED, 60000);
	while (!stalled) {
		Ffa__V1__PartitionListResponse *one = list(uuid, sizeof(uuid));

		assert_int_equal(one->n_partitions, 1);
		stalled = one->partitions[0]->stalled;
		free_list(one);
	}
	finish();
}

/* ---- Loading ---- */

static struct wire_status load(const void *blob, size_t size, const char *behaviour, uint32_t *ret_id)
{
	Ffa__V1__SimLoadRequest request = FFA__V1__SIM_LOAD_REQUEST__INIT;
	Ffa__V1__SimLoadResponse *response;
	struct wire_status status;
	struct wire_frame frame;

	request.file_name = (char *)"loaded.dtb";
	request.dtb = (ProtobufCBinaryData) { size, (uint8_t *)blob };
	request.behaviour = (char *)behaviour;
	wire_request(other, FFA__V1__METHOD__METHOD_SIM_LOAD, 2, &request.base);
	assert_true(wire_read(other, &frame));
	assert_int_equal(frame.header.id, 2);
	status = wire_status(&frame);
	if (status.code == OK) {
		response = ffa__v1__sim_load_response__unpack(NULL, frame.header.length, frame.body);
		*ret_id = response->partition;
		ffa__v1__sim_load_response__free_unpacked(response, NULL);
	}
	return status;
}

static void loaded_partition_answers(void **state)
{
	const struct manifest_recipe recipe = { .id = LOADED };
	uint8_t blob[MANIFEST_BLOB_SIZE];
	size_t size = manifest_make(&recipe, blob);
	Ffa__V1__PartitionListResponse *table = list(NULL, 0);
	uint64_t generation = table->generation;
	uint32_t id = 0;

	free_list(table);
	assert_int_equal(load(blob, size, "yielder:2:100", &id).code, OK);
	assert_int_equal(id, LOADED);
	wire_echo(client, LOADED);
	table = list(NULL, 0);
	assert_int_equal(table->n_partitions, BUILTIN_ENTRIES + 1);
	assert_true(table->generation > generation);
	free_list(table);
	finish();
}

static void manifest_in_a_memfd(void **state)
{
	const struct manifest_recipe recipe = { .id = LOADED };
	const struct ffa_frame header = {
		.method = FFA__V1__METHOD__METHOD_SIM_LOAD, .kind = FFA_FRAME_REQUEST, .fds = 1, .id = 3
	};
	uint8_t blob[MANIFEST_BLOB_SIZE], bytes[FFA_FRAME_HEADER_SIZE];
	size_t size = manifest_make(&recipe, blob);
	_cleanup_close_ int fd = memfd_create("manifest", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	_cleanup_close_ int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	ffa_frame_encode(&header, bytes);
	assert_int_equal(write(fd, blob, size), size);
	/* Not sealed, it could change between check and use. */
	wire_send_fds(client, bytes, sizeof(bytes), &fd, 1);
	wire_expect_code(client, 3, BAD_ARGUMENT);
	/* No memfd at all. */
	wire_send_fds(client, bytes, sizeof(bytes), &null_fd, 1);
	wire_expect_code(client, 3, BAD_ARGUMENT);
	assert_return_code(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL),
			   errno);
	wire_send_fds(client, bytes, sizeof(bytes), &fd, 1);
	wire_expect_code(client, 3, OK);
	wire_echo(client, LOADED);
	/* The same once more: the id is taken. */
	wire_send_fds(client, bytes, sizeof(bytes), &fd, 1);
	wire_expect_code(client, 3, BAD_ARGUMENT);
	finish();
}

static void bad_manifests_are_explained(void **state)
{
	const struct manifest_recipe recipe = { .id = LOADED }, taken = { .id = ECHO, .uuid_end = 9 };
	uint8_t blob[MANIFEST_BLOB_SIZE];
	struct wire_status status;
	size_t size;
	uint32_t id;

	status = load("nonsense", 8, "", &id);
	assert_int_equal(status.code, BAD_ARGUMENT);
	assert_non_null(strstr(status.message, "loaded.dtb"));
	size = manifest_make(&recipe, blob);
	assert_int_equal(load(blob, size / 2, "", &id).code, BAD_ARGUMENT);
	status = load(blob, size, "dancer", &id);
	assert_int_equal(status.code, BAD_ARGUMENT);
	assert_non_null(strstr(status.message, "dancer"));
	size = manifest_make(&taken, blob);
	assert_int_equal(load(blob, size, "", &id).code, BAD_ARGUMENT);
	/* Every bit of a good one, wrong: nothing worse than a refusal or another partition. */
	size = manifest_make(&recipe, blob);
	for (size_t i = 0; i < size; i += 5) {
		uint8_t kept = blob[i];

		blob[i] ^= (uint8_t)(1u << i % 8);
		(void)load(blob, size, "", &id);
		blob[i] = kept;
	}
	finish();
}

static void more_partitions_than_fit(void **state)
{
	uint8_t blob[MANIFEST_BLOB_SIZE];
	size_t loaded = BUILTIN_PARTITIONS;
	uint32_t id;

	for (uint16_t i = 0; i < ENDPOINTS_MAX + 10; i++) {
		const struct manifest_recipe recipe = { .id = (uint16_t)(LOADED + i) };
		size_t size = manifest_make(&recipe, blob);

		loaded += load(blob, size, "", &id).code == OK;
	}
	assert_int_equal(loaded, ENDPOINTS_MAX);
	wire_echo(client, LOADED);
	finish();
}

/* ---- Watches ---- */

/* Next event of a watch: entries of its table. */
static size_t expect_event(int fd, uint64_t id, uint64_t *generation)
{
	Ffa__V1__PartitionEvent *event;
	struct wire_frame frame;
	size_t count;

	assert_true(wire_read(fd, &frame));
	assert_int_equal(frame.header.kind, FFA_FRAME_EVENT);
	assert_int_equal(frame.header.method, FFA__V1__METHOD__METHOD_PARTITION_WATCH);
	assert_int_equal(frame.header.id, id);
	event = ffa__v1__partition_event__unpack(NULL, frame.header.length, frame.body);
	assert_non_null(event);
	assert_true(event->generation > *generation);
	*generation = event->generation;
	count = event->n_partitions;
	ffa__v1__partition_event__free_unpacked(event, NULL);
	return count;
}

static void watch(int fd, uint64_t id, bool stop)
{
	Ffa__V1__PartitionWatchRequest request = FFA__V1__PARTITION_WATCH_REQUEST__INIT;

	request.stop = stop;
	wire_request(fd, FFA__V1__METHOD__METHOD_PARTITION_WATCH, id, &request.base);
	wire_expect_code(fd, id, OK);
}

static void watch_tells_of_the_table_and_each_change(void **state)
{
	uint64_t generation = 0;

	watch(client, 9, false);
	assert_int_equal(expect_event(client, 9, &generation), BUILTIN_ENTRIES);
	for (uint16_t i = 0; i < 5; i++) {
		manifest_load(&(struct manifest_recipe) { .id = (uint16_t)(LOADED + i) }, other);
		assert_int_equal(expect_event(client, 9, &generation), BUILTIN_ENTRIES + i + 1);
	}
	watch(client, 10, true);
	manifest_load(&(struct manifest_recipe) { .id = LOADED + 5 }, other);
	wire_ping(client);
	/* And again from the beginning. */
	generation = 0;
	watch(client, 11, false);
	assert_int_equal(expect_event(client, 11, &generation), BUILTIN_ENTRIES + 6);
	watch(client, 12, true);
	finish();
}

static void many_watch(void **state)
{
	enum {
		WATCHERS = 50
	};
	uint64_t generations[WATCHERS] = { 0 };
	int fds[WATCHERS];

	for (size_t i = 0; i < WATCHERS; i++) {
		fds[i] = wire_open(ffad.socket);
		watch(fds[i], 1, false);
		assert_int_equal(expect_event(fds[i], 1, &generations[i]), BUILTIN_ENTRIES);
	}
	/* Some die, some do not read; the others are told. */
	for (size_t i = 0; i < 10; i++)
		close(fds[i]);
	for (uint16_t k = 0; k < 10; k++)
		manifest_load(&(struct manifest_recipe) { .id = (uint16_t)(LOADED + k) }, other);
	for (size_t i = 20; i < WATCHERS; i++) {
		size_t count = 0;

		while (count < BUILTIN_ENTRIES + 10)
			count = expect_event(fds[i], 1, &generations[i]);
	}
	for (size_t i = 10; i < WATCHERS; i++)
		close(fds[i]);
	finish();
}

/* ---- About itself ---- */

static void information(void **state)
{
	Ffa__V1__InfoResponse *info = wire_info(client);

	assert_int_equal(info->ffa_version, 0x00010002);
	assert_int_equal(info->partition_count, BUILTIN_PARTITIONS);
	assert_int_equal(info->session_count, 2);
	assert_int_equal(info->direct_calls, 0);
	assert_int_equal(info->parked_calls, 0);
	assert_true(info->cpus > 0);
	assert_int_equal(strncmp(info->conduit, "sim", 3), 0);
	assert_true(*info->daemon_version);
	ffa__v1__info_response__free_unpacked(info, NULL);
	wire_echo(client, ECHO);
	info = wire_info(client);
	assert_int_equal(info->direct_calls, 1);
	ffa__v1__info_response__free_unpacked(info, NULL);
	finish();
}

static void features(void **state)
{
	Ffa__V1__FeaturesResponse *response;
	struct wire_frame frame;
	size_t supported = 0;

	wire_request_empty(client, FFA__V1__METHOD__METHOD_FEATURES, 1);
	assert_true(wire_read(client, &frame));
	response = (Ffa__V1__FeaturesResponse *)wire_unpack(&frame, &ffa__v1__features_response__descriptor);
	assert_true(response->n_features > 10);
	for (size_t i = 0; i < response->n_features; i++) {
		assert_true(*response->features[i]->name);
		supported += response->features[i]->supported;
	}
	assert_true(supported > 10);
	ffa__v1__features_response__free_unpacked(response, NULL);
	finish();
}

static uint64_t limit(const char *name, uint64_t *ret_used)
{
	Ffa__V1__LimitsResponse *response;
	struct wire_frame frame;
	uint64_t value = UINT64_MAX;

	wire_request_empty(client, FFA__V1__METHOD__METHOD_LIMITS, 1);
	assert_true(wire_read(client, &frame));
	response = (Ffa__V1__LimitsResponse *)wire_unpack(&frame, &ffa__v1__limits_response__descriptor);
	for (size_t i = 0; i < response->n_limits; i++) {
		assert_true(*response->limits[i]->description);
		if (strcmp(response->limits[i]->name, name) == 0) {
			value = response->limits[i]->value;
			*ret_used = response->limits[i]->used;
		}
	}
	ffa__v1__limits_response__free_unpacked(response, NULL);
	return value;
}

static void limits(void **state)
{
	uint64_t used;

	assert_int_equal(limit("sessions", &used), 321);
	assert_int_equal(used, 2);
	assert_int_equal(limit("sessions-per-user", &used), 2048);
	assert_int_equal(used, 2);
	assert_int_equal(limit("in-flight-per-session", &used), 17);
	assert_int_equal(used, 0);
	manifest_load(&(struct manifest_recipe) { .id = LOADED, .behaviour = "slow:forever" }, other);
	wire_direct(other, 1, LOADED, 60000);
	wire_direct(other, 2, LOADED, 60000);
	wire_ping(other);
	limit("in-flight-per-user", &used);
	assert_int_equal(used, 2);
	finish();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, daemon_teardown)
		TEST(all_partitions),
		TEST(partitions_of_a_uuid),
		TEST(stalled_partition_is_shown),
		TEST(loaded_partition_answers),
		TEST(manifest_in_a_memfd),
		TEST(bad_manifests_are_explained),
		TEST(more_partitions_than_fit),
		TEST(watch_tells_of_the_table_and_each_change),
		TEST(many_watch),
		TEST(information),
		TEST(features),
		TEST(limits),
	};

	return cmocka_run_group_tests_name("partitions", tests, NULL, NULL);
}
