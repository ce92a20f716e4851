/* SPDX-License-Identifier: BSD-3-Clause */
#include "watch.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "client.h"

static void watch_deliver(struct ffa_request *request)
{
	struct ffa_partition_watch *watch = watch_of_request(request);
	struct ffa_partition_list *list = take_ptr(watch->list);

	if (!list) {
		watch->callback(watch, request->outcome.result, NULL, watch->userdata);
		return;
	}
	/* The end comes after the table, and the callback may free the watch. */
	if (request->state == REQUEST_DONE)
		client_queue_ready(request);
	watch->callback(watch, 0, list, watch->userdata);
	ffa_partition_list_free(list);
}

int ffa_partition_watch_new(struct ffa_client *client, ffa_partition_watch_fn callback, void *userdata,
			    struct ffa_partition_watch **ret_watch)
{
	_cleanup_free_ struct ffa_partition_watch *watch = NULL;
	int r;

	if (client->watch)
		return -EBUSY;
	watch = calloc(1, sizeof(*watch));
	if (!watch)
		return -ENOMEM;
	watch->callback = callback;
	watch->userdata = userdata;
	watch->request.deliver = watch_deliver;
	r = client_attach(client, &watch->request);
	if (r < 0)
		return r;
	client->watch = watch;
	*ret_watch = take_ptr(watch);
	return 0;
}

struct ffa_partition_watch *ffa_partition_watch_free(struct ffa_partition_watch *watch)
{
	Ffa__V1__PartitionWatchRequest stop = FFA__V1__PARTITION_WATCH_REQUEST__INIT;
	struct ffa_client *client;

	if (!watch)
		return NULL;
	client = watch->request.client;
	if (client) {
		client->watch = NULL;
		stop.stop = true;
		/* If it cannot be sent, events for an id that nobody has are left alone. */
		if (request_waits(&watch->request))
			(void)client_post(client, FFA__V1__METHOD__METHOD_PARTITION_WATCH, &stop.base);
		client_detach(&watch->request);
	}
	ffa_partition_list_free(watch->list);
	free(watch);
	return NULL;
}

int ffa_partition_watch_start(struct ffa_partition_watch *watch)
{
	Ffa__V1__PartitionWatchRequest body = FFA__V1__PARTITION_WATCH_REQUEST__INIT;

	return client_start(&watch->request, FFA__V1__METHOD__METHOD_PARTITION_WATCH, &body.base, -1);
}
