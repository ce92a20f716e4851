/* SPDX-License-Identifier: BSD-3-Clause */
#include "mailbox.h"

static struct sim_mailbox of_partition(const struct sim_call *call)
{
	struct sim_partition *partition = sim_find_partition(call->sim, call->caller->id);
	struct sim_vcpu *vcpu = sim_vcpu_of_cpu(partition, call->cpu);

	return (struct sim_mailbox) {
		.tx = vcpu->context.tx,
		.rx = vcpu->context.rx,
		.size = SIM_MESSAGE_SIZE,
		.rxtx = &vcpu->rxtx,
	};
}

struct sim_mailbox sim_mailbox_of(const struct sim_call *call)
{
	const struct sim_host *host = &call->sim->host;
	struct sim_mailbox mailbox = { .rxtx = &call->caller->rxtx };

	if (!sim_is_normal_world(call))
		return of_partition(call);
	if (!mailbox.rxtx->mapped)
		return mailbox;
	mailbox.tx = host->memory(host->ctx, mailbox.rxtx->tx, mailbox.rxtx->size);
	mailbox.rx = host->memory(host->ctx, mailbox.rxtx->rx, mailbox.rxtx->size);
	/* RAM that the host took away again is as good as not mapped. */
	if (mailbox.tx != NULL && mailbox.rx != NULL)
		mailbox.size = (uint32_t)mailbox.rxtx->size;
	return mailbox;
}

void sim_mailbox_filled(const struct sim_call *call, const struct sim_mailbox *mailbox, uint32_t used)
{
	if (call->sim->profile->rx_tail_zeroed)
		__builtin_memset(mailbox->rx + used, 0, mailbox->size - used);
	sim_rx_set_state(mailbox->rxtx, SIM_RX_FULL);
}
