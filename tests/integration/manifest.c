/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "manifest.h"
#include "wire.h"

#define FFA_VERSION_1_2 0x00010002
#define LOAD_ID 0x4c6f6164
#define MESSAGES 0x203 /* direct requests, both ways, and REQ2 */

void manifest_uuid(const struct manifest_recipe *recipe, uint8_t ret_uuid[static 16])
{
	static const uint8_t base[16] = { 0x7e, 0x57, 0x00, 0x00, 0xaa, 0xbb, 0x4c, 0xcc,
					  0x8d, 0xdd, 0xee, 0xff, 0x00, 0x11, 0x22, 0x00 };

	memcpy(ret_uuid, base, sizeof(base));
	if (recipe->uuid_end) {
		ret_uuid[15] = recipe->uuid_end;
	} else {
		ret_uuid[2] = (uint8_t)(recipe->id >> 8);
		ret_uuid[3] = (uint8_t)recipe->id;
	}
}

static void format_uuid(const uint8_t uuid[static 16], char ret_text[static 37])
{
	char *p = ret_text;

	for (size_t i = 0; i < 16; i++)
		p += sprintf(p, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", uuid[i]);
}

size_t manifest_make(const struct manifest_recipe *recipe, uint8_t ret_blob[static MANIFEST_BLOB_SIZE])
{
	uint8_t uuid[16];
	char text[37], name[32];
	int r = 0;

	manifest_uuid(recipe, uuid);
	format_uuid(uuid, text);
	snprintf(name, sizeof(name), "test-%04x", recipe->id);
	r |= fdt_create(ret_blob, MANIFEST_BLOB_SIZE);
	r |= fdt_finish_reservemap(ret_blob);
	r |= fdt_begin_node(ret_blob, "");
	r |= fdt_property_string(ret_blob, "compatible", "arm,ffa-manifest-1.1");
	r |= fdt_property_string(ret_blob, "description", name);
	r |= fdt_property_u32(ret_blob, "ffa-version", FFA_VERSION_1_2);
	r |= fdt_property_u32(ret_blob, "id", recipe->id);
	r |= fdt_property_u32(ret_blob, "execution-ctx-count", recipe->contexts ? recipe->contexts : 1);
	r |= fdt_property_u32(ret_blob, "exception-level", 2);
	r |= fdt_property_u32(ret_blob, "execution-state", 0);
	r |= fdt_property_u32(ret_blob, "ns-interrupts-action", 2);
	if (recipe->behaviour)
		r |= fdt_property_string(ret_blob, "ffad,sim-behaviour", recipe->behaviour);
	r |= fdt_begin_node(ret_blob, "services");
	r |= fdt_property_string(ret_blob, "compatible", "arm,ffa-manifest-services");
	r |= fdt_begin_node(ret_blob, "primary");
	r |= fdt_property_string(ret_blob, "uuid", text);
	r |= fdt_property_u32(ret_blob, "messaging-method", MESSAGES);
	r |= fdt_end_node(ret_blob);
	r |= fdt_end_node(ret_blob);
	r |= fdt_end_node(ret_blob);
	r |= fdt_finish(ret_blob);
	assert_int_equal(r, 0);
	return fdt_totalsize(ret_blob);
}

void manifest_write(const struct manifest_recipe *recipe, const char *path)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	uint8_t blob[MANIFEST_BLOB_SIZE];
	size_t size = manifest_make(recipe, blob);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, blob, size), size);
}

void manifest_load(const struct manifest_recipe *recipe, int fd)
{
	Ffa__V1__SimLoadRequest load = FFA__V1__SIM_LOAD_REQUEST__INIT;
	uint8_t blob[MANIFEST_BLOB_SIZE];

	load.file_name = (char *)"test.dtb";
	load.dtb = (ProtobufCBinaryData) { manifest_make(recipe, blob), blob };
	wire_request(fd, FFA__V1__METHOD__METHOD_SIM_LOAD, LOAD_ID, &load.base);
	wire_expect_code(fd, LOAD_ID, FFA__V1__STATUS_CODE__STATUS_OK);
}
