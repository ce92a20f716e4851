/* SPDX-License-Identifier: BSD-3-Clause */
/* What the registers of each function mean, for the text form of frames. Internal to abi/. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum text_kind {
	TEXT_HEX,       /* label=0x… */
	TEXT_DEC,       /* label=… */
	TEXT_ENDPOINT,  /* 0x8001, or label=0x8001 */
	TEXT_MESSAGE,   /* sender → receiver */
	TEXT_TARGET,    /* 0x8001 vcpu 0 */
	TEXT_PAIR,      /* label=0x…, low word in this register, high word in the next */
	TEXT_UUID32,    /* in four 32-bit registers */
	TEXT_UUID64,    /* in two 64-bit registers */
	TEXT_FLAGS,     /* names of the bits that are set */
	TEXT_ENUM,      /* name of the value; nothing when it has none */
	TEXT_ERROR,     /* an FF-A error code */
	TEXT_VERSION,   /* 1.2 */
	TEXT_FEATURE,   /* a function or feature id */
	TEXT_FRAMEWORK, /* w2 of a direct message */
	TEXT_CHARS,     /* FFA_CONSOLE_LOG: count in this register, characters from the next on */
	TEXT_LISTS,     /* FFA_NOTIFICATION_INFO_GET: the endpoints and their vCPUs */
};

struct text_name {
	uint32_t value;   /* a bit of TEXT_FLAGS, a value of TEXT_ENUM */
	const char *name; /* NULL ends a table */
};

/*
 * One field of a frame. Bits that no field has taken are printed as plain registers afterwards, so a field
 * says what it knows and never hides the rest.
 */
struct text_field {
	enum text_kind kind;
	uint8_t reg;   /* never 0, the function id; 0 ends a table */
	uint8_t shift; /* of the lowest bit */
	uint8_t width; /* in bits; 0: the whole register */
	bool always;   /* print it when it is zero, too */
	const char *label;
	const struct text_name *names;
};

/* The fields of a frame with this function number; NULL when all that it carries are plain registers. */
const struct text_field *text_layout_call(uint32_t number);
/* The fields of FFA_SUCCESS as the reply to the function with this number; NULL likewise. */
const struct text_field *text_layout_success(uint32_t number);
/* The name of a framework message's type; NULL when unknown. */
const char *text_layout_framework(uint32_t type);
