/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ask OP-TEE, by FF-A direct messages, which interface it has, which release it is, and what it can do.
 *
 *    optee-call [--help]
 *
 * OP-TEE's partition takes 32-bit direct requests. w3 names the call; below 0x80000000 are those that it answers at once.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ffa-client.h>

#define OPTEE_UUID "486178e0-e7f8-11e3-bc5e-0002a5d5c51b"

/* Arguments of a message are w3-w7; w3 of a request. */
enum optee_call {
	OPTEE_GET_API_VERSION = 0,       /* → w3 major, w4 minor */
	OPTEE_GET_OS_VERSION = 1,        /* → w3 major, w4 minor, w5 first digits of the commit or 0 */
	OPTEE_EXCHANGE_CAPABILITIES = 2, /* → w3 FF-A error code, w4[7:0] parameters, w5 bits, w6 see below */
};

#define OPTEE_API_MAJOR 1
#define OPTEE_RPC_PARAMETERS 0xff /* of w4 */
#define OPTEE_CAP_ASYNC_NOTIF (UINT32_C(1) << 1)

static const struct {
	uint32_t bit;
	const char *text;
} capabilities[] = {
	{ UINT32_C(1) << 0, "arguments at an offset in shared memory" },
	{ OPTEE_CAP_ASYNC_NOTIF, "asynchronous notifications" },
	{ UINT32_C(1) << 2, "finding an RPMB device" },
	{ UINT32_C(1) << 3, "protected memory" },
};

static const char help[] =
	"Usage: optee-call [--help]\n"
	"\n"
	"Asks OP-TEE, through ffad and by FF-A direct messages, for the version of its interface,\n"
	"its release and its capabilities. Prints one \"name: value\" a line.\n"
	"\n"
	"ffad is looked for at $FFAD_SOCKET, else at " FFA_DEFAULT_SOCKET ". Its rules have to allow\n"
	"direct messages to OP-TEE's partition:\n"
	"\n"
	"    [rule optee]\n"
	"    group = tee\n"
	"    partition = " OPTEE_UUID "\n"
	"    allow = direct\n"
	"\n"
	"Exit status: 0 OP-TEE has answered, 1 it has not, 2 the command line is wrong.\n";

/* What failed, why, and the sentence of ffad or of the library that says what to do. */
static int fail(const struct ffa_client *client, const char *what, int error)
{
	fprintf(stderr, "optee-call: %s: %s\n", what, strerror(-error));
	if (client && *ffa_client_get_message(client))
		fprintf(stderr, "optee-call: %s\n", ffa_client_get_message(client));
	return error;
}

/* ---- Finding it ---- */

static int find_optee(struct ffa_client *client, uint16_t *ret_partition)
{
	struct ffa_partition_list *list = NULL;
	const struct ffa_partition *partition;
	uint8_t uuid[FFA_UUID_BYTES];
	int r = ffa_parse_uuid(OPTEE_UUID, uuid);

	if (r == 0)
		r = ffa_client_list_partitions(client, uuid, &list);
	if (r < 0)
		return fail(client, "partitions cannot be listed", r);
	partition = ffa_partition_list_get(list, 0);
	if (!partition) {
		fputs("optee-call: this firmware has no OP-TEE partition (" OPTEE_UUID
		      "), or ffad's rules hide it: see ffa-cli partition list\n",
		      stderr);
		r = -ENODEV;
	} else if (ffa_partition_is_claimed(partition)) {
		fputs("optee-call: the kernel's driver has OP-TEE: use it by /dev/tee0, or unload the module "
		      "optee\n",
		      stderr);
		r = -EBUSY;
	} else {
		*ret_partition = ffa_partition_get_id(partition);
	}
	ffa_partition_list_free(list);
	return r;
}

/* ---- Its calls ---- */

static int call(struct ffa_client *client, uint16_t partition, enum optee_call number,
		uint32_t ret_words[FFA_MESSAGE_ARGS])
{
	const uint32_t request[FFA_MESSAGE_ARGS] = { number };

	return ffa_client_direct32(client, partition, request, 0, ret_words);
}

static int show_versions(struct ffa_client *client, uint16_t partition)
{
	uint32_t words[FFA_MESSAGE_ARGS];
	int r = call(client, partition, OPTEE_GET_API_VERSION, words);

	if (r < 0)
		return fail(client, "the version of the interface was not answered", r);
	printf("interface: %" PRIu32 ".%" PRIu32 "\n", words[0], words[1]);
	if (words[0] != OPTEE_API_MAJOR) {
		fprintf(stderr,
			"optee-call: interface %" PRIu32 " is not the one that this program knows (%d): "
			"use a newer program\n",
			words[0], OPTEE_API_MAJOR);
		return -EPROTONOSUPPORT;
	}
	r = call(client, partition, OPTEE_GET_OS_VERSION, words);
	if (r < 0)
		return fail(client, "the release was not answered", r);
	printf("release: %" PRIu32 ".%" PRIu32 "\n", words[0], words[1]);
	if (words[2])
		printf("commit: %08" PRIx32 "\n", words[2]);
	return 0;
}

static int show_capabilities(struct ffa_client *client, uint16_t partition)
{
	uint32_t words[FFA_MESSAGE_ARGS];
	int r = call(client, partition, OPTEE_EXCHANGE_CAPABILITIES, words);

	if (r < 0)
		return fail(client, "the capabilities were not answered", r);
	if (words[0]) {
		const char *name = ffa_code_name((int32_t)words[0]);

		fprintf(stderr, "optee-call: OP-TEE does not tell its capabilities: %s; see its console\n",
			name ? name : "an unknown error");
		return ffa_code_to_errno((int32_t)words[0]);
	}
	printf("parameters for its own requests: %" PRIu32 "\n", words[1] & OPTEE_RPC_PARAMETERS);
	printf("capabilities: 0x%" PRIx32 "\n", words[2]);
	for (size_t i = 0; i < sizeof(capabilities) / sizeof(*capabilities); i++)
		if (words[2] & capabilities[i].bit)
			printf("capability: %s\n", capabilities[i].text);
	if (words[2] & OPTEE_CAP_ASYNC_NOTIF)
		printf("largest notification: %" PRIu32 "\n", words[3]);
	return 0;
}

static int ask(struct ffa_client *client)
{
	uint16_t partition;
	int r = ffa_client_connect(client);

	if (r < 0)
		return fail(client, "no connection to ffad", r);
	r = find_optee(client, &partition);
	if (r < 0)
		return r;
	printf("partition: 0x%04x\n", partition);
	r = show_versions(client, partition);
	return r < 0 ? r : show_capabilities(client, partition);
}

int main(int argc, char **argv)
{
	struct ffa_client *client = NULL;
	int r;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		fputs(help, stdout);
		return EXIT_SUCCESS;
	}
	if (argc > 1) {
		fprintf(stderr, "optee-call: \"%s\" is not expected here. Try \"optee-call --help\".\n",
			argv[1]);
		return 2;
	}
	r = ffa_client_new(NULL, &client);
	if (r < 0) {
		fail(NULL, "cannot make a client", r);
		return EXIT_FAILURE;
	}
	r = ask(client);
	ffa_client_free(client);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
