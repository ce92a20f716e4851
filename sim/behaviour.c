/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/behaviour.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What each kind takes after its name. */
static const struct behaviour_form {
	const char *name;
	bool count, delay;
	bool delay_required;
	uint32_t default_count;
	const char *form;
} behaviour_forms[SIM_BEHAVIOUR_COUNT] = {
	[SIM_ECHO] = { .name = "echo", .form = "echo" },
	[SIM_REFUSER] = { .name = "refuser", .form = "refuser" },
	[SIM_YIELDER] = { .name = "yielder",
			  .count = true,
			  .delay = true,
			  .default_count = 1,
			  .form = "yielder[:COUNT[:MICROSECONDS]]" },
	[SIM_INTERRUPTIBLE] = { .name = "interruptible",
				.count = true,
				.default_count = 1,
				.form = "interruptible[:COUNT]" },
	[SIM_BUSY] = { .name = "busy", .count = true, .form = "busy[:COUNT]" },
	[SIM_SLOW] = { .name = "slow",
		       .delay = true,
		       .delay_required = true,
		       .form = "slow:MICROSECONDS or slow:forever" },
	[SIM_BORROWER] = { .name = "borrower", .count = true, .form = "borrower[:COUNT]" },
	[SIM_ABORTING] = { .name = "aborting", .form = "aborting" },
};

const char *behaviour_name(enum sim_behaviour_kind kind)
{
	return (unsigned int)kind < SIM_BEHAVIOUR_COUNT ? behaviour_forms[kind].name : NULL;
}

bool behaviour_takes_count(enum sim_behaviour_kind kind)
{
	return (unsigned int)kind < SIM_BEHAVIOUR_COUNT && behaviour_forms[kind].count;
}

bool behaviour_takes_delay(enum sim_behaviour_kind kind)
{
	return (unsigned int)kind < SIM_BEHAVIOUR_COUNT && behaviour_forms[kind].delay;
}

__attribute__((format(printf, 3, 4))) static int refuse(char *reason, size_t size, const char *format, ...)
{
	va_list args;

	if (reason && size > 0) {
		va_start(args, format);
		vsnprintf(reason, size, format, args);
		va_end(args);
	}
	return -EINVAL;
}

/* Decimal digits up to the next ':' or the end; *text moves behind them. */
static int parse_number(const char **text, uint64_t max, uint64_t *ret_number)
{
	const char *p = *text;
	uint64_t number = 0;

	if (*p < '0' || *p > '9')
		return -EINVAL;
	for (; *p >= '0' && *p <= '9'; p++) {
		number = number * 10 + (uint64_t)(*p - '0');
		if (number > max)
			return -ERANGE;
	}
	if (*p != '\0' && *p != ':')
		return -EINVAL;
	*text = p;
	*ret_number = number;
	return 0;
}

static int parse_delay(const char **text, uint64_t *ret_us)
{
	static const char forever[] = "forever";

	if (strcmp(*text, forever) != 0)
		return parse_number(text, BEHAVIOUR_DELAY_MAX_US, ret_us);
	*text += sizeof(forever) - 1;
	*ret_us = SIM_DELAY_FOREVER;
	return 0;
}

int behaviour_parse(const char *text, struct sim_behaviour *ret_behaviour, char *reason, size_t reason_size)
{
	size_t name_length = strcspn(text, ":");
	const struct behaviour_form *form = NULL;
	struct sim_behaviour behaviour = { 0 };
	uint64_t number;
	const char *p;

	for (size_t i = 0; i < SIM_BEHAVIOUR_COUNT; i++) {
		if (strlen(behaviour_forms[i].name) == name_length &&
		    memcmp(behaviour_forms[i].name, text, name_length) == 0) {
			behaviour.kind = (enum sim_behaviour_kind)i;
			form = &behaviour_forms[i];
		}
	}
	if (!form)
		return refuse(
			reason, reason_size,
			"unknown behaviour \"%.*s\": use echo, refuser, yielder, interruptible, busy, slow, "
			"borrower or aborting",
			(int)(name_length < SIM_NAME_SIZE ? name_length : SIM_NAME_SIZE), text);

	p = text + name_length;
	behaviour.count = form->default_count;
	if (form->count && *p == ':') {
		p++;
		if (parse_number(&p, BEHAVIOUR_COUNT_MAX, &number) < 0)
			return refuse(reason, reason_size,
				      "the count of \"%s\" must be a number up to %u: write %s", form->name,
				      BEHAVIOUR_COUNT_MAX, form->form);
		behaviour.count = (uint32_t)number;
	}
	if (form->delay && *p == ':') {
		p++;
		if (parse_delay(&p, &number) < 0)
			return refuse(reason, reason_size,
				      "the time of \"%s\" must be up to %llu microseconds: write %s",
				      form->name, BEHAVIOUR_DELAY_MAX_US, form->form);
		if (number == SIM_DELAY_FOREVER && !form->delay_required)
			return refuse(reason, reason_size, "\"%s\" cannot take forever: write %s", form->name,
				      form->form);
		behaviour.delay_us = number;
	} else if (form->delay_required) {
		return refuse(reason, reason_size, "\"%s\" needs a time: write %s", form->name, form->form);
	}
	if (*p != '\0')
		return refuse(reason, reason_size, "\"%s\" does not take that many numbers: write %s",
			      form->name, form->form);

	*ret_behaviour = behaviour;
	return 0;
}

void behaviour_format(const struct sim_behaviour *behaviour, char ret_text[static BEHAVIOUR_TEXT_SIZE])
{
	const struct behaviour_form *form;
	char *p = ret_text;
	char *end = ret_text + BEHAVIOUR_TEXT_SIZE;

	if ((unsigned int)behaviour->kind >= SIM_BEHAVIOUR_COUNT) {
		snprintf(ret_text, BEHAVIOUR_TEXT_SIZE, "unknown");
		return;
	}
	form = &behaviour_forms[behaviour->kind];
	p += snprintf(p, (size_t)(end - p), "%s", form->name);
	if (form->count && (behaviour->count != form->default_count || (form->delay && behaviour->delay_us)))
		p += snprintf(p, (size_t)(end - p), ":%" PRIu32, behaviour->count);
	if (form->delay && behaviour->delay_us == SIM_DELAY_FOREVER)
		snprintf(p, (size_t)(end - p), ":forever");
	else if (form->delay && (behaviour->delay_us || form->delay_required))
		snprintf(p, (size_t)(end - p), ":%" PRIu64, behaviour->delay_us);
}
