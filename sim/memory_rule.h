/* SPDX-License-Identifier: BSD-3-Clause */
/* How lists of rules are written. Internal to the profiles' tables. */
#pragma once

#include "abi/error.h"

#include "memory_profile.h"

#define RULE(check_name, error_code, ...)                                                                    \
	{                                                                                                    \
		.check = SIM_CHECK_##check_name, .error = (error_code), ##__VA_ARGS__                        \
	}
#define END                                                                                                  \
	{                                                                                                    \
		.check = SIM_CHECK_END                                                                       \
	}
#define INVALID FFA_INVALID_PARAMETERS
#define DENIED FFA_DENIED
#define W(n) (1u << (n)) /* register n */
