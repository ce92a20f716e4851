/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Contents of RX and TX buffers other than memory descriptors. Input: one byte of version, one byte of stride,
 * then the buffer: read as an indirect message, a relinquish descriptor, a table of partitions and a UUID.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "abi/indirect.h"
#include "abi/partition_info.h"
#include "abi/relinquish.h"
#include "abi/uuid.h"
#include "abi/version.h"

#define HEAD 2

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
	if (!holds)
		abort();
}

static void check_indirect(uint32_t version, const uint8_t *buf, size_t size)
{
	struct ffa_indirect message, received;
	uint8_t *encoded;

	if (ffa_indirect_decode_received(buf, size, &received) == 0)
		check((uint64_t)received.offset + received.size <= size);
	if (ffa_indirect_decode(version, buf, size, &message) < 0)
		return;
	check((uint64_t)message.offset + message.size <= size);
	check(ffa_indirect_decode_received(buf, size, &received) == 0);
	if (ffa_indirect_validate(&message, message.sender) < 0 ||
	    message.offset != ffa_indirect_header_size(version))
		return;
	/* What breaks no rule comes back as it went in. */
	encoded = malloc(size);
	check(encoded != NULL);
	check(ffa_indirect_encode(version, &message, buf + message.offset, message.size, encoded, size) ==
	      (int)(message.offset + message.size));
	check(memcmp(encoded, buf, (size_t)message.offset + message.size) == 0);
	free(encoded);
}

static void check_relinquish(const uint8_t *buf, size_t size)
{
	struct ffa_relinquish relinquish;
	uint16_t endpoint;
	uint32_t i;

	if (ffa_relinquish_decode(buf, size, &relinquish) < 0)
		return;
	(void)ffa_relinquish_validate(&relinquish);
	for (i = 0; ffa_relinquish_endpoint(&relinquish, i, &endpoint) == 0; i++)
		;
	check(i == relinquish.endpoint_count);
}

static void check_partitions(const uint8_t *buf, size_t size, size_t stride)
{
	struct ffa_partition_info info;
	size_t count;

	for (count = 0; ffa_partition_info_decode(buf, size, stride, count, &info) == 0; count++)
		;
	if (stride >= FFA_PARTITION_INFO_SIZE_1_0 && stride % 8 == 0)
		check(count == size / stride);
	else
		check(count == 0);
}

static void check_uuid(const uint8_t *buf, size_t size)
{
	char *text = strndup((const char *)buf, size);
	char formatted[FFA_UUID_STR_SIZE];
	struct ffa_uuid uuid;

	check(text != NULL);
	if (ffa_uuid_parse(text, &uuid) == 0) {
		ffa_uuid_format(&uuid, formatted);
		for (size_t i = 0; i < FFA_UUID_STR_SIZE; i++)
			check(formatted[i] == text[i] || (formatted[i] - 'a' == text[i] - 'A'));
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *buf;

	if (size < HEAD)
		return 0;
	/* An allocation of its own size, so that one byte too far is found. */
	buf = malloc(size - HEAD ? size - HEAD : 1);
	check(buf != NULL);
	memcpy(buf, data + HEAD, size - HEAD);
	check_indirect(FFA_VERSION_MAKE(1, data[0] & 3), buf, size - HEAD);
	check_relinquish(buf, size - HEAD);
	check_partitions(buf, size - HEAD, data[1]);
	check_uuid(buf, size - HEAD);
	free(buf);
	return 0;
}
