/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Find the secure partition that offers a service, send it one direct message, print its answer.
 *
 *    partition-client UUID [WORD…]
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ffa-client.h>

/* What failed, why, and the sentence of ffad or of the library that says what to do. */
static int fail(const struct ffa_client *client, const char *what, int error)
{
	fprintf(stderr, "partition-client: %s: %s\n", what, strerror(-error));
	if (client && *ffa_client_get_message(client))
		fprintf(stderr, "partition-client: %s\n", ffa_client_get_message(client));
	return EXIT_FAILURE;
}

/* The call that this partition takes. */
static enum ffa_message_kind kind_of(const struct ffa_partition *partition)
{
	uint32_t properties = ffa_partition_get_properties(partition);

	if (properties & FFA_PROPERTY_DIRECT_REQ_RECV)
		return properties & FFA_PROPERTY_AARCH64 ? FFA_MESSAGE_DIRECT_64 : FFA_MESSAGE_DIRECT_32;
	return FFA_MESSAGE_DIRECT_REQ2;
}

static int talk(struct ffa_client *client, const uint8_t uuid[FFA_UUID_BYTES], const uint64_t *words,
		size_t word_count)
{
	struct ffa_partition_list *list = NULL;
	const struct ffa_partition *partition;
	struct ffa_message *message = NULL;
	int r;

	r = ffa_client_list_partitions(client, uuid, &list);
	if (r < 0)
		return fail(client, "cannot list partitions", r);
	partition = ffa_partition_list_get(list, 0);
	if (!partition) {
		ffa_partition_list_free(list);
		fprintf(stderr, "partition-client: no partition offers this service; see ffa-cli partition "
				"list\n");
		return EXIT_FAILURE;
	}

	r = ffa_message_new(kind_of(partition), ffa_partition_get_id(partition), &message);
	ffa_partition_list_free(list);
	if (r < 0)
		return fail(NULL, "cannot make a message", r);
	r = ffa_message_set_args(message, words, word_count);
	if (r >= 0 && ffa_message_get_kind(message) == FFA_MESSAGE_DIRECT_REQ2)
		r = ffa_message_set_uuid(message, uuid);
	if (r < 0)
		fail(NULL, "these words do not fit the partition's messages", r);
	else if ((r = ffa_client_direct(client, message, message)) < 0)
		fail(client, "the message was not answered", r);
	for (size_t i = 0; r >= 0 && i < ffa_message_get_arg_count(message); i++)
		printf("0x%" PRIx64 "\n", ffa_message_get_args(message)[i]);
	ffa_message_free(message);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	uint64_t words[FFA_MESSAGE_REQ2_ARGS] = { 0 };
	struct ffa_client *client = NULL;
	uint8_t uuid[FFA_UUID_BYTES];
	size_t word_count = 0;
	char *end;
	int r;

	if (argc < 2 || argc > 2 + FFA_MESSAGE_REQ2_ARGS || ffa_parse_uuid(argv[1], uuid) < 0) {
		fprintf(stderr, "usage: partition-client UUID [WORD]...\n");
		return EXIT_FAILURE;
	}
	for (; word_count + 2 < (size_t)argc; word_count++) {
		words[word_count] = strtoull(argv[word_count + 2], &end, 0);
		if (*end)
			return fail(NULL, argv[word_count + 2], -EINVAL);
	}

	r = ffa_client_new(NULL, &client);
	if (r < 0)
		return fail(NULL, "cannot make a client", r);
	r = ffa_client_connect(client);
	r = r < 0 ? fail(client, "cannot connect", r) : talk(client, uuid, words, word_count);
	ffa_client_free(client);
	return r;
}
