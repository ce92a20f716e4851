/* SPDX-License-Identifier: BSD-3-Clause */
/* What a conformance case is: a row of a table with a function that drives one machine. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tests/conformance/expect.h"

struct probe;

/* Versions that a normal world is tried with, as bits of a mask. */
enum conformance_version {
	AT_1_0,
	AT_1_1,
	AT_1_2,
	AT_COUNT,
};

#define ONLY(version) (1u << (version))
#define SINCE_1_1 (ONLY(AT_1_1) | ONLY(AT_1_2))
#define SINCE_1_2 ONLY(AT_1_2)

uint32_t conformance_version(enum conformance_version version); /* FFA_VERSION_1_0 … */
const char *conformance_version_name(enum conformance_version version);

/* What has happened before a case's function is called. */
enum case_start {
	START_MAPPED,     /* the version is negotiated and RX/TX are mapped */
	START_UNMAPPED,   /* the version is negotiated and nobody has mapped RX/TX */
	START_NEGOTIATED, /* the version is negotiated */
	START_RESET,      /* nothing */
};

struct conformance_case {
	const char *suite; /* whose case it is: "ACS", "TF-A-tests", "Hafnium", "ffad" */
	const char *name;  /* as the suite calls it; /sub-check */
	const char *checks;
	unsigned int versions;  /* ONLY(…) bits it applies to; 0: all */
	unsigned int firmwares; /* 1 << FIRMWARE_… bits it applies to; 0: all */
	enum case_start start;
	void (*function)(struct probe *probe);
	const char *skip; /* why there is no function */
};

struct case_table {
	const struct conformance_case *cases;
	size_t count;
};

#define CASE_TABLE(array)                                                                                    \
	{                                                                                                    \
		.cases = (array), .count = sizeof(array) / sizeof((array)[0])                                \
	}

extern const struct case_table version_cases;
extern const struct case_table feature_cases;
extern const struct case_table rxtx_cases;
extern const struct case_table partition_cases;
extern const struct case_table partition_regs_cases;
extern const struct case_table direct_cases;
extern const struct case_table direct2_cases;
extern const struct case_table run_cases;
extern const struct case_table left_out_cases;

/* All tables, in the order in which they are shown. The n-th case of all, NULL past the end. */
const struct conformance_case *conformance_case_at(size_t index);
/* Does the name, or SUITE/name, match the shell pattern? */
int conformance_case_matches(const struct conformance_case *conformance_case, const char *glob);
