/* SPDX-License-Identifier: BSD-3-Clause */
/* Completion scripts, written from the command tables. */
#pragma once

#include <stdio.h>

void completion_print_bash(FILE *stream);
void completion_print_zsh(FILE *stream);
