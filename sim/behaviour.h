/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The textual form of a simulated partition's behaviour, the same in manifests and on command lines:
 *
 *   echo                 refuser              aborting
 *   yielder[:COUNT[:US]] interruptible[:COUNT]
 *   busy[:COUNT]         slow:US | slow:forever  borrower[:COUNT]
 *
 * COUNT is how often (1 when left out; busy without a number is busy always), US microseconds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "sim/sim.h"

#define BEHAVIOUR_COUNT_MAX 1000000u          /* yields, interrupts or refusals in a row */
#define BEHAVIOUR_DELAY_MAX_US 86400000000ull /* a day; longer is "forever" */
#define BEHAVIOUR_TEXT_SIZE 64                /* of any formatted behaviour, NUL included */
#define BEHAVIOUR_REASON_SIZE 192

/* "echo", …; NULL for a number that is no kind. */
const char *behaviour_name(enum sim_behaviour_kind kind);
/* Whether the kind has a use for `count`, and for `delay_us`. */
bool behaviour_takes_count(enum sim_behaviour_kind kind);
bool behaviour_takes_delay(enum sim_behaviour_kind kind);

/*
 * Read a text. -EINVAL when it is not of the form above; `reason` (may be NULL) then has a sentence that says
 * what is allowed. *ret_behaviour is untouched on failure.
 */
int behaviour_parse(const char *text, struct sim_behaviour *ret_behaviour, char *reason, size_t reason_size);

/* The shortest text that behaviour_parse() reads as the same behaviour. */
void behaviour_format(const struct sim_behaviour *behaviour, char ret_text[static BEHAVIOUR_TEXT_SIZE]);
