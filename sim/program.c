/* SPDX-License-Identifier: BSD-3-Clause */
#include "program.h"

#include "abi/direct.h"
#include "abi/error.h"
#include "abi/fid.h"

#include "borrower.h"

#define NS_PER_US 1000

/* Use of sim_context.words by the yielding and interruptible programs. */
#define WORD_TURNS 0

/* Answer the request that the context was entered with: by its own arguments, or with success. */
static enum sim_exit answer(const struct sim_context *context, struct ffa_regs *regs)
{
	struct ffa_direct msg;
	uint16_t requester;

	if (ffa_direct_decode_req(&context->request, &msg) != 0)
		return SIM_EXIT_ABORTED;
	requester = msg.sender;
	msg.sender = msg.receiver;
	msg.receiver = requester;
	if ((msg.flags & FFA_DIRECT_FRAMEWORK) != 0) {
		msg.flags++;
		for (unsigned int i = 0; i < FFA_DIRECT_ARGS_MAX; i++)
			msg.args[i] = 0;
	} else {
		msg.flags = 0;
	}
	ffa_direct_encode_resp(&msg, regs);
	return SIM_EXIT_CALL;
}

/* What all built-in programs handle alike: cycles without a message, framework messages, refusals. */
static bool common(const struct sim_context *context, struct ffa_regs *regs, enum sim_exit *ret_exit)
{
	struct ffa_direct msg;

	if (ffa_regs_w(regs, 0) == FFA_RUN) {
		*regs = (struct ffa_regs) { .x = { FFA_MSG_WAIT } };
		*ret_exit = SIM_EXIT_CALL;
		return true;
	}
	/* None of them makes a call that could be refused, unless SPMC and program disagree on the rules. */
	if (ffa_regs_w(regs, 0) == FFA_ERROR) {
		*ret_exit = SIM_EXIT_ABORTED;
		return true;
	}
	if (ffa_direct_decode_req(regs, &msg) == 0 && (msg.flags & FFA_DIRECT_FRAMEWORK) != 0) {
		*ret_exit = answer(context, regs);
		return true;
	}
	return false;
}

static bool is_new_request(const struct ffa_regs *regs)
{
	struct ffa_direct msg;

	return ffa_direct_decode_req(regs, &msg) == 0;
}

static enum sim_exit echo_run(struct sim_context *context, struct ffa_regs *regs)
{
	enum sim_exit exit;

	return common(context, regs, &exit) ? exit : answer(context, regs);
}

static enum sim_exit yielder_run(struct sim_context *context, struct ffa_regs *regs)
{
	const struct sim_behaviour *behaviour = &context->config->behaviour;
	uint64_t timeout = behaviour->delay_us * NS_PER_US;
	enum sim_exit exit;

	if (common(context, regs, &exit))
		return exit;
	if (is_new_request(regs))
		context->words[WORD_TURNS] = behaviour->count;
	if (context->words[WORD_TURNS] == 0)
		return answer(context, regs);
	context->words[WORD_TURNS]--;
	*regs = (struct ffa_regs) { .x = { FFA_YIELD } };
	ffa_regs_set_w64(regs, 2, timeout);
	return SIM_EXIT_CALL;
}

static enum sim_exit interruptible_run(struct sim_context *context, struct ffa_regs *regs)
{
	enum sim_exit exit;

	if (common(context, regs, &exit))
		return exit;
	/* The registers come back as they were left: zero marks work in progress. */
	if (is_new_request(regs))
		context->words[WORD_TURNS] = context->config->behaviour.count;
	if (context->words[WORD_TURNS] == 0)
		return answer(context, regs);
	context->words[WORD_TURNS]--;
	*regs = (struct ffa_regs) { 0 };
	return SIM_EXIT_PREEMPTED;
}

static int32_t busy_admit(const struct sim_partition_config *config, uint64_t words[SIM_PROGRAM_WORDS])
{
	if (config->behaviour.count == 0)
		return FFA_BUSY;
	if (words[WORD_TURNS] < config->behaviour.count) {
		words[WORD_TURNS]++;
		return FFA_BUSY;
	}
	words[WORD_TURNS] = 0;
	return FFA_OK;
}

static enum sim_exit slow_run(struct sim_context *context, struct ffa_regs *regs)
{
	uint64_t us = context->config->behaviour.delay_us;
	enum sim_exit exit;

	if (common(context, regs, &exit))
		return exit;
	context->host->delay(context->host->ctx, context->cpu, us);
	/* A host that ends "forever", to shut down, has ended the partition. */
	return us == SIM_DELAY_FOREVER ? SIM_EXIT_ABORTED : answer(context, regs);
}

static enum sim_exit aborting_run(struct sim_context *context, struct ffa_regs *regs)
{
	enum sim_exit exit;

	return common(context, regs, &exit) ? exit : SIM_EXIT_ABORTED;
}

static enum sim_exit borrower_run(struct sim_context *context, struct ffa_regs *regs)
{
	struct ffa_direct msg;

	if (ffa_direct_decode_req(regs, &msg) == 0 && (msg.flags & FFA_DIRECT_FRAMEWORK) != 0)
		return answer(context, regs);
	return sim_borrower_run(context, regs);
}

static const struct sim_program programs[SIM_BEHAVIOUR_COUNT] = {
	[SIM_ECHO] = { .run = echo_run },
	[SIM_REFUSER] = { .run = echo_run },
	[SIM_YIELDER] = { .run = yielder_run },
	[SIM_INTERRUPTIBLE] = { .run = interruptible_run },
	[SIM_BUSY] = { .admit = busy_admit, .run = echo_run },
	[SIM_SLOW] = { .run = slow_run },
	[SIM_BORROWER] = { .run = borrower_run },
	[SIM_ABORTING] = { .run = aborting_run },
};

const struct sim_program *sim_program_of(const struct sim_behaviour *behaviour)
{
	if (behaviour->program != NULL)
		return behaviour->program;
	return (unsigned int)behaviour->kind < SIM_BEHAVIOUR_COUNT ? &programs[behaviour->kind] : NULL;
}
