/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What firmwares differ in when memory is shared: for each call a list of rules, in the order in which that
 * firmware looks at them. The first rule that a call breaks is its error. Part of the profiles (profile.h), and
 * from the same sources.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What can be wrong. `what` is a parameter of the check: see struct sim_memory_rule. */
enum sim_memory_check {
	SIM_CHECK_END,    /* of a list */
	SIM_CHECK_ALWAYS, /* what the rule applies to is not offered */

	/* The registers of a call that passes a descriptor, and the buffer that it is in. */
	SIM_CHECK_BUFFER_GIVEN,      /* x3 or w4 name a buffer of the caller's */
	SIM_CHECK_BUFFER_PAGES,      /* w4 counts pages of no buffer */
	SIM_CHECK_BUFFER_BAD,        /* is no RAM, or the fragment does not fit it */
	SIM_CHECK_UPPER_HALVES,      /* of registers in `what`, which an SMC32 call should leave alone */
	SIM_CHECK_REGISTERS,         /* in `what` are not zero */
	SIM_CHECK_NOT_MAPPED,        /* neither RX/TX buffers nor one of the caller's */
	SIM_CHECK_FRAGMENT_LONG,     /* longer than the whole */
	SIM_CHECK_FRAGMENT_EMPTY,    /* and the whole too */
	SIM_CHECK_FRAGMENT_SHORT,    /* less than header and one receiver */
	SIM_CHECK_FRAGMENT_OVERFLOW, /* longer than the buffer */
	SIM_CHECK_FRAGMENTED,        /* not the whole */
	SIM_CHECK_RX_FULL,

	/* A transaction descriptor. */
	SIM_CHECK_UNREADABLE,            /* its parts are not inside */
	SIM_CHECK_RECEIVERS_WRAP,        /* the receivers end above 32 bits */
	SIM_CHECK_FAULTS,                /* `what`: of enum ffa_memory_fault */
	SIM_CHECK_LENGTH_UNALIGNED,      /* total or fragment, to 16 bytes */
	SIM_CHECK_LENGTH_SHORT,          /* shorter than the ranges need that the composite counts */
	SIM_CHECK_ATTRIBUTES,            /* has bits in `what` */
	SIM_CHECK_ATTRIBUTES_NOT,        /* is not `what` */
	SIM_CHECK_ATTRIBUTES_DEVICE,     /* asks for device memory */
	SIM_CHECK_ATTRIBUTES_NOT_CACHED, /* not inner shareable and, by type, write-back or nGnRnE */
	SIM_CHECK_FLAGS,                 /* has bits in `what` */
	SIM_CHECK_SENDER_SECURE,         /* a secure id, by a caller that is not */
	SIM_CHECK_SENDER_PARTITION,      /* the id of a partition, by a caller that is none */
	SIM_CHECK_SENDER_OTHER,          /* not the caller */
	SIM_CHECK_RECEIVER_LAYOUT,       /* not 16 bytes or, from 1.2 on, 32, right behind the header */
	SIM_CHECK_RECEIVER_SIZE,         /* not a multiple of 16 */
	SIM_CHECK_RECEIVER_FIELDS,       /* size over 8 bits, count over 8, offset over 16 */
	SIM_CHECK_RECEIVER_RESERVED, /* the bytes that the version, not the size, leaves without meaning */
	SIM_CHECK_RECEIVERS_MANY,    /* more than `what` */
	SIM_CHECK_RECEIVER_NORMAL_WORLD,
	SIM_CHECK_RECEIVER_UNKNOWN,    /* neither a partition nor, for one, the normal world */
	SIM_CHECK_PERMISSIONS,         /* some receiver's have bits in `what` */
	SIM_CHECK_PERMISSIONS_VALUE,   /* some receiver has a value without meaning */
	SIM_CHECK_PERMISSIONS_LOGICAL, /* of the partition inside the SPMC are not `what` */
	SIM_CHECK_COMPOSITE_ALIGN,     /* not at a multiple of `what` */
	SIM_CHECK_COMPOSITE_EARLY,     /* before the end of the receivers */
	SIM_CHECK_COMPOSITE_EMPTY,     /* no pages or no ranges */
	SIM_CHECK_COMPOSITE_HUGE,      /* more than `what` pages */
	SIM_CHECK_RANGES_MISSING,      /* of what is no fragment, not all are inside */
	SIM_CHECK_TAG_NOT,             /* the tag, which names a use, is not `what` */

	/* All ranges of a send. */
	SIM_CHECK_RANGES_OVERLAP,
	SIM_CHECK_RANGES_EMPTY,
	SIM_CHECK_RANGES_ALIGN,
	SIM_CHECK_PAGE_SUM,
	SIM_CHECK_PAGES_NOT_RAM,
	SIM_CHECK_PAGES_MIXED,  /* some range is not all in one state */
	SIM_CHECK_PAGES_TAKEN,  /* some page is not the sender's own, exclusively */
	SIM_CHECK_FIRST_EMPTY,  /* no range was in the first fragment */
	SIM_CHECK_LAST_TAKEN,   /* the last range of the first fragment is not */
	SIM_CHECK_LATER_DIFFER, /* ranges of later fragments are in another state than that one */

	/* A call about a transaction. */
	SIM_CHECK_HANDLE_UNKNOWN,
	SIM_CHECK_INCOMPLETE, /* fragments are missing */
	SIM_CHECK_COMPLETE,   /* none are */
	SIM_CHECK_NOT_OWNER,
	SIM_CHECK_NOT_BORROWER,
	SIM_CHECK_HELD,       /* by any borrower */
	SIM_CHECK_HELD_SELF,  /* by the caller, already */
	SIM_CHECK_HELD_OFTEN, /* as often as can be counted */
	SIM_CHECK_NOT_HELD,   /* by the caller, completely */

	/* A retrieve request, against what was sent. */
	SIM_CHECK_REQUEST_LENGTH, /* not what receivers take */
	SIM_CHECK_REQUEST_SENDER,
	SIM_CHECK_REQUEST_TAG,
	SIM_CHECK_REQUEST_TYPE,
	SIM_CHECK_REQUEST_ZERO,        /* which the sender did not ask for */
	SIM_CHECK_REQUEST_LIST,        /* not the borrowers of the transaction, unless that is bypassed */
	SIM_CHECK_REQUEST_BYPASS,      /* of a list of one */
	SIM_CHECK_REQUEST_COMPOSITE,   /* address ranges of the borrower's */
	SIM_CHECK_REQUEST_STRANGER,    /* a receiver that is no borrower */
	SIM_CHECK_REQUEST_ABSENT,      /* the caller is not listed */
	SIM_CHECK_REQUEST_DATA,        /* more than the sender gave */
	SIM_CHECK_REQUEST_INSTRUCTION, /* missing for exclusive access, given for other */
	SIM_CHECK_REQUEST_EXECUTE,     /* of memory that is not executable */
	SIM_CHECK_REQUEST_READ_ONLY,   /* and zeroed */
	SIM_CHECK_REQUEST_ATTRIBUTES,  /* less strict than the sender's */
	SIM_CHECK_REQUEST_IMPDEF,
	SIM_CHECK_HYPERVISOR_BUSY, /* it retrieves already */

	/* FFA_MEM_FRAG_RX and FFA_MEM_FRAG_TX. */
	SIM_CHECK_FRAGMENT_ENDPOINT, /* w4[31:16] is not the sender */
	SIM_CHECK_FRAGMENT_SIZE,     /* none, or not of whole ranges */
	SIM_CHECK_FRAGMENT_MANY,     /* more than `what` */
	SIM_CHECK_FRAGMENT_RANGES,   /* more than are missing */
	SIM_CHECK_OFFSET,            /* neither the next one nor, with `what`, the last one again */

	/* FFA_MEM_RELINQUISH and FFA_MEM_RECLAIM. */
	SIM_CHECK_RELINQUISH_COUNT, /* not one endpoint */
	SIM_CHECK_RELINQUISH_OTHER, /* another endpoint than the caller; one in the caller's world with `what` */
	SIM_CHECK_RELINQUISH_FLAGS, /* in `what` */
	SIM_CHECK_RELINQUISH_ZERO_SHARED,
	SIM_CHECK_RELINQUISH_ZERO_READ_ONLY,
	SIM_CHECK_RECLAIM_FLAGS, /* in `what` */
	SIM_CHECK_COUNT,
};

/* When a rule applies: of each group all, or one of those that are given. */
#define SIM_ON_SHARE (1u << 0)
#define SIM_ON_LEND (1u << 1)
#define SIM_ON_DONATE (1u << 2)
#define SIM_ON_OPS (SIM_ON_SHARE | SIM_ON_LEND | SIM_ON_DONATE)
#define SIM_ON_LOGICAL (1u << 3)   /* the first receiver is inside the SPMC */
#define SIM_ON_PARTITION (1u << 4) /* it is not */
#define SIM_ON_RECEIVER (SIM_ON_LOGICAL | SIM_ON_PARTITION)
#define SIM_ON_ONE (1u << 5) /* borrower */
#define SIM_ON_SEVERAL (1u << 6)
#define SIM_ON_BORROWERS (SIM_ON_ONE | SIM_ON_SEVERAL)
#define SIM_ON_NORMAL_WORLD (1u << 7) /* the caller */
#define SIM_ON_SECURE_WORLD (1u << 8)
#define SIM_ON_CALLER (SIM_ON_NORMAL_WORLD | SIM_ON_SECURE_WORLD)

struct sim_memory_rule {
	enum sim_memory_check check;
	int32_t error;
	uint32_t what; /* the check's parameter */
	uint32_t on;   /* SIM_ON_… */
	bool panics;   /* the firmware does not survive the call, which is counted */
};

enum sim_handle_kind {
	SIM_HANDLE_LOWEST,  /* the lowest free one: handles are used again at once */
	SIM_HANDLE_COUNTER, /* each one once */
};

struct sim_memory_profile {
	size_t regions_max; /* transactions at a time */
	enum sim_handle_kind handle_kind;
	uint64_t handle_first;
	uint64_t handle_logical; /* the first of what is sent to a partition inside the SPMC */

	/* Lists of rules, ended by SIM_CHECK_END. */
	const struct sim_memory_rule *send_call;       /* before the descriptor is read */
	const struct sim_memory_rule *send_descriptor; /* with the first fragment */
	const struct sim_memory_rule *send_pages;      /* with the last */
	const struct sim_memory_rule *fragment;        /* FFA_MEM_FRAG_TX */
	const struct sim_memory_rule *retrieve_call;
	const struct sim_memory_rule *retrieve_region; /* a borrower's */
	const struct sim_memory_rule *retrieve_hypervisor;
	const struct sim_memory_rule *retrieve_fragment; /* FFA_MEM_FRAG_RX */
	const struct sim_memory_rule *relinquish;
	const struct sim_memory_rule *reclaim;

	bool sent_pages_tracked;       /* states of pages change; else what was sent can be sent again */
	bool fragment_surplus_ignored; /* ranges beyond the last are not looked at */
	bool fragment_error_kept;      /* a bad fragment leaves the transaction as it was */
	bool fragment_sender_told;     /* FFA_MEM_FRAG_RX has the sender in w4[31:16] */
	bool hypervisor_retrieves;     /* the normal world may, without being a borrower */
	bool retrieve_as_sent;         /* fragments have the ranges of those that were sent */
	bool retrieve_tag_told;        /* the response has the tag of the sender */
	bool retrieve_whole_buffer;    /* the response gives the size of the buffer as its length */
	bool abort_relinquishes;       /* memory of a partition that aborted can be reclaimed */
	bool map_live_refused;         /* RX/TX buffers cannot be in memory that was sent */
};

extern const struct sim_memory_profile sim_memory_spec, sim_memory_hafnium, sim_memory_el3, sim_memory_optee;
/* OP-TEE with its fragments corrected. */
extern const struct sim_memory_profile sim_memory_optee_mended;
