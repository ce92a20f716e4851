/* SPDX-License-Identifier: BSD-3-Clause */
#include "query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/features.h"
#include "abi/fid.h"
#include "base/cleanup.h"
#include "daemon/core/clock.h"
#include "ffa.pb-c.h"
#include "reply.h"
#include "server.h"
#include "view.h"
#include "worker.h"

static enum request_outcome no_memory(struct worker *worker, const struct ffa_frame *frame)
{
	reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_UNAVAILABLE, 0,
		    "ffad is out of memory: try again later");
	return REQUEST_DONE;
}

/* ---- What ffad and the firmware are ---- */

enum request_outcome query_info(struct worker *worker, const struct ffa_frame *frame,
				const ProtobufCMessage *message)
{
	const struct broker *broker = worker->server->broker;
	const struct endpoint *endpoint = &broker->endpoint;
	Ffa__V1__InfoResponse response = FFA__V1__INFO_RESPONSE__INIT;

	response.ffa_version = endpoint->version;
	response.firmware_version = endpoint->firmware_version;
	response.endpoint_id = endpoint->id;
	response.spmc_id = endpoint->spmc_id;
	response.conduit = (char *)broker->conduit->name;
	response.cpus = broker->calls.cpus;
	response.rxtx_pages = worker->server->rxtx_pages;
	response.partition_count = (uint32_t)worker->view->table->partition_count;
	response.daemon_version = (char *)FFAD_VERSION;
	response.session_count = atomic_load_explicit(&worker->server->session_count, memory_order_relaxed);
	response.parked_calls = atomic_load_explicit(&broker->calls.parked, memory_order_relaxed);
	response.direct_calls = atomic_load_explicit(&broker->calls.issued, memory_order_relaxed);
	reply(worker, frame, &response.base);
	return REQUEST_DONE;
}

static const char *feature_name(uint32_t id)
{
	const char *name = ffa_fid_name(id);

	for (size_t i = 0; !name && i < ffa_features_count; i++)
		if (ffa_features[i].id == id)
			name = ffa_features[i].name;
	return name ? name : "";
}

enum request_outcome query_features(struct worker *worker, const struct ffa_frame *frame,
				    const ProtobufCMessage *message)
{
	const struct endpoint *endpoint = &worker->server->broker->endpoint;
	Ffa__V1__FeaturesResponse response = FFA__V1__FEATURES_RESPONSE__INIT;
	Ffa__V1__Feature features[ENDPOINT_QUERIES_MAX];
	Ffa__V1__Feature *pointers[ENDPOINT_QUERIES_MAX];

	for (size_t i = 0; i < endpoint->feature_count; i++) {
		const struct endpoint_feature *feature = &endpoint->features[i];

		ffa__v1__feature__init(&features[i]);
		features[i].id = feature->id;
		features[i].name = (char *)feature_name(feature->id);
		features[i].supported = feature->supported;
		features[i].properties2 = feature->properties2;
		features[i].properties3 = feature->properties3;
		pointers[i] = &features[i];
	}
	response.n_features = endpoint->feature_count;
	response.features = pointers;
	reply(worker, frame, &response.base);
	return REQUEST_DONE;
}

/* ---- Partitions ---- */

/* A list on its way out. */
struct listing {
	size_t count;
	Ffa__V1__Partition *partitions;
	Ffa__V1__Partition **pointers;
};

static void listing_clear(struct listing *listing)
{
	free(listing->partitions);
	free(listing->pointers);
}

static void list_entry(struct worker *worker, const struct partition *partition, size_t entry,
		       Ffa__V1__Partition *out)
{
	const struct partition_table *table = worker->view->table;
	const struct ffa_partition_info *info = &table->entries[entry];

	ffa__v1__partition__init(out);
	out->id = info->id;
	out->exec_ctx_count = info->exec_ctx_count;
	out->properties = info->properties;
	out->uuid = (ProtobufCBinaryData) { FFA_UUID_SIZE, (uint8_t *)info->uuid.bytes };
	if (!ffa_uuid_is_nil(&info->image_uuid))
		out->image_uuid = (ProtobufCBinaryData) { FFA_UUID_SIZE, (uint8_t *)info->image_uuid.bytes };
	out->ffa_version = info->ffa_version;
	out->claimed = table->entry_claims[entry] != NULL;
	out->direct_allowed = request_granted(worker, worker->batch.session, partition, POLICY_DIRECT);
	out->stalled = partition_state_stalled(partition->state, clock_now_ns(),
					       worker->view->limits.stall_ms * NSEC_PER_MSEC);
}

/* The entries that the client may see. `uuid` NULL: all of them. */
static int make_listing(struct worker *worker, const struct ffa_uuid *uuid, struct listing *ret_listing)
{
	const struct partition_table *table = worker->view->table;
	_cleanup_(listing_clear) struct listing listing = { 0 };

	listing.partitions = calloc(table->entry_count + 1, sizeof(*listing.partitions));
	listing.pointers = calloc(table->entry_count + 1, sizeof(*listing.pointers));
	if (!listing.partitions || !listing.pointers)
		return -ENOMEM;
	for (size_t i = 0; i < table->partition_count; i++) {
		const struct partition *partition = &table->partitions[i];

		if (!request_granted(worker, worker->batch.session, partition, POLICY_LIST))
			continue;
		for (size_t k = 0; k < partition->entry_count; k++) {
			size_t entry = partition->first_entry + k;

			if (uuid && !ffa_uuid_equal(uuid, &table->entries[entry].uuid))
				continue;
			listing.pointers[listing.count] = &listing.partitions[listing.count];
			list_entry(worker, partition, entry, &listing.partitions[listing.count++]);
		}
	}
	*ret_listing = listing;
	listing = (struct listing) { 0 };
	return 0;
}

enum request_outcome query_partitions(struct worker *worker, const struct ffa_frame *frame,
				      const ProtobufCMessage *message)
{
	const Ffa__V1__PartitionListRequest *request = (const Ffa__V1__PartitionListRequest *)message;
	Ffa__V1__PartitionListResponse response = FFA__V1__PARTITION_LIST_RESPONSE__INIT;
	_cleanup_(listing_clear) struct listing listing = { 0 };
	struct ffa_uuid uuid;

	if (request->uuid.len && request->uuid.len != FFA_UUID_SIZE) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT, 0,
			    "a UUID has 16 bytes, not %zu", request->uuid.len);
		return REQUEST_DONE;
	}
	if (request->uuid.len)
		memcpy(uuid.bytes, request->uuid.data, FFA_UUID_SIZE);
	if (make_listing(worker, request->uuid.len ? &uuid : NULL, &listing) < 0)
		return no_memory(worker, frame);
	response.n_partitions = listing.count;
	response.partitions = listing.pointers;
	response.generation = worker->view->table->generation;
	reply(worker, frame, &response.base);
	return REQUEST_DONE;
}

enum request_outcome query_watch(struct worker *worker, const struct ffa_frame *frame,
				 const ProtobufCMessage *message)
{
	const Ffa__V1__PartitionWatchRequest *request = (const Ffa__V1__PartitionWatchRequest *)message;
	Ffa__V1__PartitionWatchResponse response = FFA__V1__PARTITION_WATCH_RESPONSE__INIT;
	struct session *session = worker->batch.session;

	session->watch_id = request->stop ? 0 : frame->id;
	session->watch_sent = 0;
	reply(worker, frame, &response.base);
	if (session->watch_id)
		request_watch_event(worker, session);
	return REQUEST_DONE;
}

void request_watch_event(struct worker *worker, struct session *session)
{
	Ffa__V1__PartitionEvent event = FFA__V1__PARTITION_EVENT__INIT;
	_cleanup_(listing_clear) struct listing listing = { 0 };
	const struct partition_table *table = worker->view->table;

	if (session->watch_sent == table->generation || request_update_grants(worker, session) < 0 ||
	    make_listing(worker, NULL, &listing) < 0)
		return;
	session->watch_sent = table->generation;
	event.generation = table->generation;
	event.n_partitions = listing.count;
	event.partitions = listing.pointers;
	(void)batch_send(worker, FFA_FRAME_EVENT, FFA__V1__METHOD__METHOD_PARTITION_WATCH, session->watch_id,
			 &event.base);
}

/* ---- Limits ---- */

static uint64_t limit_used(const struct worker *worker, const char *name)
{
	const struct session *session = worker->batch.session;

	if (strcmp(name, "sessions") == 0)
		return atomic_load_explicit(&worker->server->session_count, memory_order_relaxed);
	if (strcmp(name, "sessions-per-user") == 0)
		return atomic_load_explicit(&session->account->sessions, memory_order_relaxed);
	if (strcmp(name, "in-flight-per-session") == 0)
		return session->in_flight_count;
	if (strcmp(name, "in-flight-per-user") == 0)
		return atomic_load_explicit(&session->account->in_flight, memory_order_relaxed);
	return 0;
}

#define LIMIT_ONE(...) +1
enum {
	LIMIT_COUNT = LIMITS(LIMIT_ONE)
};

enum request_outcome query_limits(struct worker *worker, const struct ffa_frame *frame,
				  const ProtobufCMessage *message)
{
	Ffa__V1__LimitsResponse response = FFA__V1__LIMITS_RESPONSE__INIT;
	Ffa__V1__Limit limits[LIMIT_COUNT];
	Ffa__V1__Limit *pointers[LIMIT_COUNT];

	for (size_t i = 0; i < LIMIT_COUNT; i++) {
		ffa__v1__limit__init(&limits[i]);
		limits[i].name = (char *)limit_infos[i].name;
		limits[i].description = (char *)limit_infos[i].description;
		limits[i].value = limits_get(&worker->view->limits, &limit_infos[i]);
		limits[i].used = limit_used(worker, limit_infos[i].name);
		pointers[i] = &limits[i];
	}
	response.n_limits = LIMIT_COUNT;
	response.limits = pointers;
	reply(worker, frame, &response.base);
	return REQUEST_DONE;
}
