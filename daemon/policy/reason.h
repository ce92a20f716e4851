/* SPDX-License-Identifier: BSD-3-Clause */
/* Sentences for people beside error numbers. */
#pragma once

/*
 * Returns `error`, having put the sentence into *ret_reason (free() it), or -ENOMEM, then *ret_reason is as
 * it was.
 */
int reason_set(char **ret_reason, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));
