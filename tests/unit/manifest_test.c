/* SPDX-License-Identifier: BSD-3-Clause */
/* The manifest loader: what it reads, what it refuses and why, and which manifests go together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <libfdt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi/version.h"
#include "base/cleanup.h"
#include "sim/behaviour.h"
#include "sim/builtin.h"
#include "sim/manifest_file.h"
#include "sim/manifest_set.h"
#include "tests/unit/manifest_cases.h"

#define SOURCE_MAX 8192
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* A sound manifest, by property. */
static const struct {
	const char *name, *text;
} defaults[] = {
	{ "compatible ", "compatible = \"arm,ffa-manifest-1.0\";" },
	{ "ffa-version ", "ffa-version = <0x00010002>;" },
	{ "uuid ", "uuid = <0x1e67b5b4 0xe14f904a 0x13fb1fb8 0xcbdae1da>;" },
	{ "messaging-method ", "messaging-method = <0x3>;" },
	{ "execution-ctx-count ", "execution-ctx-count = <1>;" },
	{ "exception-level ", "exception-level = <2>;" },
	{ "execution-state ", "execution-state = <0>;" },
};

static char directory[] = "/tmp/manifest_test.XXXXXX";

static void write_file(const char *path, const void *data, size_t size)
{
	_cleanup_fclose_ FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
}

/* The blob of a source text; freed by the caller. */
static void *compile(const char *source, size_t *ret_size)
{
	struct manifest_report report = MANIFEST_REPORT_INIT;
	char path[128];
	void *dtb = NULL;

	snprintf(path, sizeof(path), "%s/t.dts", directory);
	write_file(path, source, strlen(source));
	if (manifest_file_read(path, &report, &dtb, ret_size) < 0)
		fail_msg("%s\n%s", report.refusal, source);
	manifest_report_clear(&report);
	unlink(path);
	return dtb;
}

static void *compose(const char *drop, const char *add, size_t *ret_size)
{
	char source[SOURCE_MAX];
	size_t length = (size_t)snprintf(source, sizeof(source), "/dts-v1/; / { ");

	for (size_t i = 0; i < ARRAY_SIZE(defaults); i++)
		if (!strstr(drop, defaults[i].name))
			length += (size_t)snprintf(source + length, sizeof(source) - length, "%s ",
						   defaults[i].text);
	/* Properties come before nodes. */
	length += (size_t)snprintf(source + length, sizeof(source) - length, "%s };", add);
	assert_true(length < sizeof(source));
	return compile(source, ret_size);
}

static int parse(const char *file, const char *drop, const char *add, struct manifest_report *report,
		 struct manifest **ret_manifest)
{
	_cleanup_free_ void *dtb = NULL;
	size_t size;

	dtb = compose(drop, add, &size);
	return manifest_parse(file, dtb, size, report, ret_manifest);
}

static struct manifest *parse_sound(const char *file, const char *drop, const char *add)
{
	struct manifest_report report = MANIFEST_REPORT_INIT;
	struct manifest *manifest = NULL;

	if (parse(file, drop, add, &report, &manifest) < 0)
		fail_msg("%s", report.refusal);
	if (report.warning_count > 0)
		fail_msg("%s", report.warnings[0]);
	manifest_report_clear(&report);
	return manifest;
}

static void test_refused(void **state)
{
	bool failed = false;

	for (size_t i = 0; i < ARRAY_SIZE(refused_cases); i++) {
		const struct manifest_case *c = &refused_cases[i];
		struct manifest_report report = MANIFEST_REPORT_INIT;
		struct manifest *manifest = NULL;
		int error = parse("t.dts", c->drop, c->add, &report, &manifest);

		if (error != -EINVAL || manifest || !report.refusal ||
		    strcmp(report.refusal, c->sentence) != 0) {
			print_error("case %zu: drop \"%s\" add \"%s\"\n  is:     %s\n  expect: %s\n", i,
				    c->drop, c->add, report.refusal ? report.refusal : "(accepted)",
				    c->sentence);
			failed = true;
		}
		manifest_free(manifest);
		manifest_report_clear(&report);
	}
	assert_false(failed);
}

/* Every beginning of a sound blob, and a blob with anything else in one of its bytes. */
static void test_damaged(void **state)
{
	_cleanup_free_ uint8_t *dtb = NULL;
	size_t size;

	dtb = compose("", MEMORY("a { " REGION "base-address = <0x2000>; };"), &size);
	for (size_t length = 0; length < fdt_totalsize(dtb); length++) {
		_cleanup_free_ void *prefix = malloc(length > 0 ? length : 1);
		struct manifest *manifest = NULL;

		assert_non_null(prefix);
		memcpy(prefix, dtb, length);
		assert_int_equal(manifest_parse("t.dtb", prefix, length, NULL, &manifest), -EINVAL);
	}
	for (size_t i = 0; i < size; i++) {
		struct manifest *manifest = NULL;
		uint8_t saved = dtb[i];

		for (unsigned int bit = 0; bit < 8; bit++) {
			dtb[i] = saved ^ (uint8_t)(1u << bit);
			if (manifest_parse("t.dtb", dtb, size, NULL, &manifest) == 0)
				manifest = manifest_free(manifest);
			assert_null(manifest);
		}
		dtb[i] = saved;
	}
	assert_int_equal(manifest_parse("t.dtb", dtb, MANIFEST_SIZE_MAX + 1, NULL, NULL), -EINVAL);
}

static void test_read(void **state)
{
	struct manifest *manifest = parse_sound(
		"dir/sp.x.dts", "execution-ctx-count messaging-method ",
		"id = /bits/ 16 <2>; execution-ctx-count = /bits/ 16 <8>; boot-order = /bits/ 16 <7>;"
		"messaging-method = <0x607>; debug_name = \"debug\"; notification-support;"
		"vm-availability-messages = <3>; ns-interrupts-action = /bits/ 8 <0>; load-address = "
		"<0x7000000>;"
		"entrypoint-offset = <0x4000>; image-uuid = <9 8 7 6>;"
		"ffad,sim-behaviour = \"yielder\"; ffad,sim-count = <3>; ffad,sim-delay-us = <0 "
		"2000>;" MEMORY(
			"a { " REGION "load-address-relative-offset = <0x300000>; };"
			"b { pages-count = <2>; attributes = <0xb>; base-address = <0x8800 0x80001000>; };"
			"c { " REGION "};")
			DEVICES("d { " REGION
				"base-address = <0x1c0b0000>; exclusive-access; interrupts = <56 "
				"0x900>; };"));
	const struct sim_partition_config *partition = &manifest->partition;
	const struct manifest_region *regions = manifest->regions;
	char uuid[FFA_UUID_STR_SIZE];

	assert_string_equal(partition->name, "debug");
	assert_int_equal(partition->id, 0x8002);
	assert_int_equal(partition->exec_ctx_count, 8);
	assert_int_equal(partition->ffa_version, FFA_VERSION_1_2);
	assert_int_equal(partition->properties, FFA_PARTITION_AARCH64 | FFA_PARTITION_NOTIFICATION_RECV |
							FFA_PARTITION_VM_CREATED |
							FFA_PARTITION_VM_DESTROYED);
	assert_true(partition->ns_interrupt_queued);
	assert_int_equal(partition->service_count, 1);
	ffa_uuid_format(&partition->services[0].uuid, uuid);
	assert_string_equal(uuid, "b4b5671e-4a90-4fe1-b81f-fb13dae1dacb");
	assert_int_equal(partition->services[0].properties, 0x607);
	assert_false(ffa_uuid_is_nil(&partition->image_uuid));
	assert_int_equal(partition->behaviour.kind, SIM_YIELDER);
	assert_int_equal(partition->behaviour.count, 3);
	assert_int_equal(partition->behaviour.delay_us, 2000);
	assert_true(manifest->has_boot_order);
	assert_int_equal(manifest->boot_order, 7);
	assert_int_equal(manifest->interrupt_count, 1);
	assert_int_equal(manifest->interrupts[0], 56);

	assert_int_equal(manifest->region_count, 5);
	assert_int_equal(regions[0].kind, MANIFEST_IMAGE);
	assert_int_equal(regions[0].base, 0x7000000);
	assert_int_equal(regions[0].size, 0x5000); /* the page of the entry point is certain */
	assert_int_equal(regions[1].kind, MANIFEST_DEVICE);
	assert_true(regions[1].exclusive);
	assert_int_equal(regions[1].base, 0x1c0b0000);
	assert_int_equal(regions[2].base, 0x7300000);
	assert_int_equal(regions[3].base, 0x880080001000);
	assert_int_equal(regions[3].size, 0x2000);
	assert_int_equal(regions[3].attributes, MANIFEST_READ | MANIFEST_WRITE | MANIFEST_NON_SECURE);
	assert_false(regions[4].has_base);
	manifest_free(manifest);

	manifest = parse_sound("dir/sp.x.dts", "execution-state ", "execution-state = <1>; managed-exit;");
	assert_string_equal(manifest->partition.name, "sp");
	assert_int_equal(manifest->partition.id, 0);
	assert_int_equal(manifest->partition.properties, 0);
	assert_false(manifest->partition.ns_interrupt_queued);
	assert_int_equal(manifest->partition.behaviour.kind, SIM_ECHO);
	assert_int_equal(manifest->boot_order, 0xffff);
	assert_int_equal(manifest->region_count, 0);
	manifest_free(manifest);

	manifest = parse_sound("t.dts", "compatible uuid messaging-method ",
			       "compatible = \"arm,ffa-manifest-1.1\";" SERVICES(
				       "a { uuid = " UUID_A "; messaging-method = <0x200>; };"
				       "b { uuid = " UUID_B "; messaging-method = <0x7>; };"));
	assert_int_equal(manifest->partition.service_count, 2);
	assert_int_equal(manifest->partition.services[0].properties, 0x200);
	assert_int_equal(manifest->partition.services[1].properties, 0x7);
	ffa_uuid_format(&manifest->partition.services[1].uuid, uuid);
	assert_string_equal(uuid, "fed46119-b57c-449f-a852-c15fd346b1fc");
	manifest_free(manifest);

	manifest = parse_sound("t.dts", "", "ffad,sim-behaviour = \"slow:forever\";");
	assert_true(manifest->partition.behaviour.delay_us == SIM_DELAY_FOREVER);
	manifest_free(manifest);
	manifest = parse_sound("t.dts", "", "ffad,sim-behaviour = \"slow\"; ffad,sim-delay-us = <1500>;");
	assert_int_equal(manifest->partition.behaviour.delay_us, 1500);
	manifest_free(manifest);
	/* One method for all UUIDs; the end of the address space is inside it; devices may share a page. */
	manifest = parse_sound(
		"t.dts", "uuid ",
		"uuid = <1 2 3 4 5 6 7 8>;" MEMORY("a { " REGION "base-address = <0x000fffff 0xfffff000>; };"
						   "b { " REGION "base-address = <0x000fffff 0xffffe000>; };")
			DEVICES("d { " REGION "base-address = <0x1000>; }; e { " REGION
				"base-address = <0x1000>; };"));
	assert_int_equal(manifest->partition.service_count, 2);
	assert_int_equal(manifest->partition.services[1].properties, 3);
	manifest_free(manifest);
}

static void test_warnings(void **state)
{
	static const struct {
		const char *drop, *add, *warning;
	} cases[] = {
		{ "", "mesaging-method = <1>;",
		  "t.dts: /: mesaging-method: unknown property, ignored; check its spelling if it is meant "
		  "to matter" },
		{ "", "hftest { x; };",
		  "t.dts: /hftest: unknown node, ignored; check its name and compatible if it is meant to "
		  "matter" },
		{ "compatible ", "compatible = \"arm,ffa-manifest-1.2\";",
		  "t.dts: /: compatible: manifest version 1.2 is newer than 1.1, read as 1.1; check "
		  "warnings" },
		{ "", MEMORY("a { " REGION "colour = <1>; };"),
		  "t.dts: /memory-regions/a: colour: unknown property, ignored; check its spelling if it is "
		  "meant to "
		  "matter" },
		{ "", "managed-exit; ns-interrupts-action = <2>;",
		  "t.dts: /: managed-exit: is overruled by ns-interrupts-action; remove it" },
		{ "", "managed-exit-virq;",
		  "t.dts: /: managed-exit-virq: has no effect without managed exit; set ns-interrupts-action "
		  "to <1>" },
		{ "", "gp-register-num = <4>;",
		  "t.dts: /: gp-register-num: some firmware takes x0 to x3 only; use one of them" },
		{ "", MEMORY("a { pages-count = <1>; attributes = <7>; };"),
		  "t.dts: /memory-regions/a: attributes: writable and executable memory, which some firmware "
		  "refuses; "
		  "split the region" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct manifest_report report = MANIFEST_REPORT_INIT;
		struct manifest *manifest = NULL;

		if (parse("t.dts", cases[i].drop, cases[i].add, &report, &manifest) < 0)
			fail_msg("%s", report.refusal);
		assert_true(report.warning_count >= 1);
		assert_string_equal(report.warnings[0], cases[i].warning);
		manifest_free(manifest);
		manifest_report_clear(&report);
	}
}

/* What two manifests cannot both have. */
static void test_conflicts(void **state)
{
	static const struct {
		const char *a, *b, *sentence; /* NULL: they go together */
	} cases[] = {
		{ "id = <1>;", "id = <0x8001>;",
		  "b.dts: /: id: 0x8001 belongs to a (file a.dts); choose another, or leave id out to get a "
		  "free one" },
		{ "id = <1>;", "id = <2>;", NULL },
		{ "boot-order = <3>;", "boot-order = <3>;",
		  "b.dts: /: boot-order: 3 is also that of a (file a.dts); choose another, or leave it out" },
		{ "image-uuid = <1 2 3 4>;", "image-uuid = <1 2 3 4>;",
		  "b.dts: /: image-uuid: is also that of a (file a.dts); choose another (uuidgen)" },
		{ MEMORY("x { pages-count = <2>; attributes = <3>; base-address = <0x1000>; };"),
		  MEMORY("heap { " REGION "base-address = <0x2000>; };"),
		  "b.dts: /memory-regions/heap: base-address: region 0x2000-0x3000 overlaps "
		  "/memory-regions/x "
		  "0x1000-0x3000 of a (file a.dts); move or shrink one of them, or load one of the two" },
		/* One inside the other, both ways. */
		{ MEMORY("x { pages-count = <4>; attributes = <3>; base-address = <0x1000>; };"),
		  MEMORY("y { " REGION "base-address = <0x2000>; };"),
		  "b.dts: /memory-regions/y: base-address: region 0x2000-0x3000 overlaps /memory-regions/x "
		  "0x1000-0x5000 of a (file a.dts); move or shrink one of them, or load one of the two" },
		{ MEMORY("y { " REGION "base-address = <0x2000>; };"),
		  MEMORY("x { pages-count = <4>; attributes = <3>; base-address = <0x1000>; };"),
		  "b.dts: /memory-regions/x: base-address: region 0x1000-0x5000 overlaps /memory-regions/y "
		  "0x2000-0x3000 of a (file a.dts); move or shrink one of them, or load one of the two" },
		/* Touching is no overlap. */
		{ MEMORY("x { " REGION "base-address = <0x1000>; };"),
		  MEMORY("y { " REGION "base-address = <0x2000>; };"), NULL },
		{ MEMORY("x { " REGION "base-address = <0x2000>; };"),
		  MEMORY("y { " REGION "base-address = <0x1000>; };"), NULL },
		/* Whatever the SPMC places fits. */
		{ MEMORY("x { " REGION "};"), MEMORY("y { " REGION "};"), NULL },
		/* More than 32 bits. */
		{ MEMORY("x { pages-count = <0x100001>; attributes = <3>; base-address = <1 0>; };"),
		  MEMORY("y { " REGION "base-address = <2 0>; };"),
		  "b.dts: /memory-regions/y: base-address: region 0x200000000-0x200001000 overlaps "
		  "/memory-regions/x "
		  "0x100000000-0x200001000 of a (file a.dts); move or shrink one of them, or load one of the "
		  "two" },
		{ MEMORY("x { pages-count = <0x100000>; attributes = <3>; base-address = <1 0>; };"),
		  MEMORY("y { " REGION "base-address = <2 0>; };"), NULL },
		{ "load-address = <0x1000>; image-size = <0x3000>;",
		  MEMORY("y { " REGION "base-address = <0x3000>; };"),
		  "b.dts: /memory-regions/y: base-address: region 0x3000-0x4000 overlaps the image "
		  "0x1000-0x4000 of a "
		  "(file a.dts); move or shrink one of them, or load one of the two" },
		{ "load-address = <0x1000>;", "load-address = <0x1000>;",
		  "b.dts: /: load-address: image 0x1000-0x2000 overlaps the image 0x1000-0x2000 of a (file "
		  "a.dts); "
		  "move or shrink one of them, or load one of the two" },
		{ "load-address = <0x1000>; mem-size = <0x3000>;", "load-address = <0x4000>;", NULL },
		{ DEVICES("x { " REGION "base-address = <0x1000>; };"),
		  DEVICES("y { " REGION "base-address = <0x1000>; };"), NULL },
		{ DEVICES("x { " REGION "base-address = <0x1000>; exclusive-access; };"),
		  DEVICES("y { " REGION "base-address = <0x1000>; };"),
		  "b.dts: /device-regions/y: base-address: region 0x1000-0x2000 overlaps /device-regions/x "
		  "0x1000-0x2000 of a (file a.dts); remove exclusive-access or let one of them see the "
		  "device" },
		{ DEVICES("x { " REGION "base-address = <0x1000>; };"),
		  MEMORY("y { " REGION "base-address = <0x1000>; };"),
		  "b.dts: /memory-regions/y: base-address: region 0x1000-0x2000 overlaps /device-regions/x "
		  "0x1000-0x2000 of a (file a.dts); move or shrink one of them, or load one of the two" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct manifest *a = parse_sound("a.dts", "", cases[i].a);
		struct manifest *b = parse_sound("b.dts", "", cases[i].b);
		struct manifest_report report = MANIFEST_REPORT_INIT;
		struct manifest_set set = { 0 };
		int error;

		assert_int_equal(manifest_set_add(&set, a, &report), 0);
		error = manifest_set_add(&set, b, &report);
		if (cases[i].sentence) {
			assert_int_equal(error, -EINVAL);
			assert_string_equal(report.refusal, cases[i].sentence);
			assert_int_equal(set.count, 1);
			manifest_free(b);
		} else {
			if (error < 0)
				fail_msg("%s", report.refusal);
			assert_int_equal(set.count, 2);
		}
		manifest_report_clear(&report);
		manifest_set_clear(&set);
	}
}

static void test_set(void **state)
{
	struct manifest_report report = MANIFEST_REPORT_INIT;
	struct manifest_set set = { 0 };
	struct manifest *found;

	assert_int_equal(manifest_set_add(&set, parse_sound("last.dts", "", "description = \"x\";"), NULL),
			 0);
	assert_int_equal(
		manifest_set_add(
			&set, parse_sound("d/first.dtb", "", "boot-order = <1>; description = \"x\";"), NULL),
		0);
	assert_int_equal(manifest_set_add(&set,
					  parse_sound("fixed.dts", "uuid ",
						      "uuid = <1 2 3 4>; id = <1>; boot-order = <2>;"),
					  NULL),
			 0);
	manifest_set_settle(&set);
	/* In boot order; ids around the one that is taken. */
	assert_string_equal(set.manifests[0]->file, "d/first.dtb");
	assert_int_equal(set.manifests[0]->partition.id, 0x8002);
	assert_string_equal(set.manifests[1]->file, "fixed.dts");
	assert_int_equal(set.manifests[1]->partition.id, 0x8001);
	assert_string_equal(set.manifests[2]->file, "last.dts");
	assert_int_equal(set.manifests[2]->partition.id, 0x8003);

	assert_int_equal(manifest_set_find(&set, "0x8003", &found), 0);
	assert_ptr_equal(found, set.manifests[2]);
	assert_int_equal(manifest_set_find(&set, "1", &found), 0);
	assert_ptr_equal(found, set.manifests[1]);
	assert_int_equal(manifest_set_find(&set, "first", &found), 0);
	assert_ptr_equal(found, set.manifests[0]);
	assert_int_equal(manifest_set_find(&set, "fixed", &found), 0);
	assert_int_equal(manifest_set_find(&set, "01000000-0200-0000-0300-000004000000", &found), 0);
	assert_ptr_equal(found, set.manifests[1]);
	assert_int_equal(manifest_set_find(&set, "b4b5671e-4a90-4fe1-b81f-fb13dae1dacb", &found), -ENOTUNIQ);
	assert_int_equal(manifest_set_find(&set, "x", &found), -ENOTUNIQ);
	assert_int_equal(manifest_set_find(&set, "y", &found), -ENOENT);
	assert_int_equal(manifest_set_find(&set, "0x18003", &found), -ENOENT);

	manifest_set_remove(&set, set.manifests[0]);
	assert_int_equal(set.count, 2);
	assert_string_equal(set.manifests[0]->file, "fixed.dts");
	while (set.count < SIM_PARTITIONS_MAX)
		assert_int_equal(manifest_set_add(&set, parse_sound("n.dts", "", ""), NULL), 0);
	found = parse_sound("n.dts", "", "");
	assert_int_equal(manifest_set_add(&set, found, &report), -EINVAL);
	assert_string_equal(report.refusal,
			    "n.dts: there are 64 partitions already, which is the most; load fewer");
	manifest_free(found);
	manifest_report_clear(&report);
	manifest_set_clear(&set);
}

static void expect_file(const char *path, int expected, const char *sentence)
{
	struct manifest_report report = MANIFEST_REPORT_INIT;
	void *dtb = NULL;
	size_t size;
	int error;

	error = manifest_file_read(path, &report, &dtb, &size);
	if (error != expected || !report.refusal || !strstr(report.refusal, sentence))
		fail_msg("%s: %d, %s", path, error, report.refusal ? report.refusal : "(accepted)");
	manifest_report_clear(&report);
}

static void test_files(void **state)
{
	_cleanup_free_ char *saved_path = strdup(getenv("PATH"));
	_cleanup_free_ void *dtb = NULL, *again = NULL;
	char path[128];
	size_t size, again_size;

	snprintf(path, sizeof(path), "%s/f.dtb", directory);
	expect_file(path, -ENOENT,
		    "f.dtb: cannot be opened: No such file or directory; check path and permissions");
	expect_file(directory, -EINVAL, ": is no regular file; name a .dts or .dtb file");
	expect_file("/dev/zero", -EINVAL, "/dev/zero: is no regular file; name a .dts or .dtb file");

	dtb = compose("", "", &size);
	write_file(path, dtb, size);
	assert_int_equal(manifest_file_read(path, NULL, &again, &again_size), 0);
	assert_int_equal(again_size, size);
	assert_memory_equal(again, dtb, size);
	assert_int_equal(truncate(path, MANIFEST_SIZE_MAX + 1), 0);
	expect_file(path, -EINVAL, "has 1048577 bytes; a manifest of more than 1048576 is not read");

	write_file(path, "/dts-v1/; / { a = <", 19);
	expect_file(path, -EINVAL, "f.dtb: does not compile; correct what dtc says: ");
	setenv("PATH", "/nonexistent", 1);
	expect_file(path, -EINVAL,
		    "f.dtb: is a source and dtc is not installed; install device-tree-compiler, or compile "
		    "it elsewhere "
		    "and name the .dtb");
	setenv("PATH", saved_path, 1);
	unlink(path);
}

static void test_builtin(void **state)
{
	struct manifest_report report = MANIFEST_REPORT_INIT;
	struct manifest_set set = { 0 };

	assert_true(builtin_manifests_count > 0);
	for (size_t i = 0; i < builtin_manifests_count; i++) {
		struct manifest *manifest = NULL;

		if (manifest_parse(builtin_manifests[i].name, builtin_manifests[i].dtb,
				   builtin_manifests[i].size, &report, &manifest) < 0 ||
		    manifest_set_add(&set, manifest, &report) < 0)
			fail_msg("%s", report.refusal);
		assert_int_equal(manifest->partition.id, 0x8001 + i);
	}
	assert_int_equal(report.warning_count, 0);
	manifest_set_clear(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),   cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_read),      cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_conflicts), cmocka_unit_test(test_set),
		cmocka_unit_test(test_files),     cmocka_unit_test(test_builtin),
	};
	int failed;

	if (!mkdtemp(directory)) {
		perror(directory);
		return EXIT_FAILURE;
	}
	failed = cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
	rmdir(directory);
	return failed;
}
