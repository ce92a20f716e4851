/* SPDX-License-Identifier: BSD-3-Clause */
/* Entry, exception vectors, and the ways out: to the guest at EL1, and to PSCI above us by SMC. */
#include "layout.h"

#define FRAME_SIZE 256 /* struct trap_frame */

	/* The header of an arm64 kernel image: QEMU then starts us as it would start Linux. */
	.section .text.image, "ax"
	.global hyp_image
hyp_image:
	b	start
	.word	0
	.quad	0				// text offset
	.quad	hyp_end - hyp_image		// size in memory
	.quad	2				// little endian, 4 KiB pages
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.word	0

	/* x0: device tree */
start:
	mov	x19, x0
	ldr	x0, =hyp_bss
	ldr	x1, =hyp_bss_end
1:	cmp	x0, x1
	b.hs	2f
	stp	xzr, xzr, [x0], #16
	b	1b
2:	bl	set_stack
	mov	x0, x19
	b	hyp_main

	/* Secondary CPUs, from PSCI. */
	.text
	.global hyp_secondary_start
hyp_secondary_start:
	bl	set_stack
	b	hyp_secondary_main

/* SP of this CPU; changes x0-x2. */
set_stack:
	mrs	x0, mpidr_el1
	and	x0, x0, #(HYP_CPUS_MAX - 1)
	add	x0, x0, #1
	mov	x1, #HYP_STACK_SIZE
	ldr	x2, =hyp_stacks
	madd	x0, x0, x1, x2
	mov	sp, x0
	ret

	/* void hyp_guest_enter(uint64_t entry, uint64_t x0): this CPU continues there, at EL1. */
	.global hyp_guest_enter
hyp_guest_enter:
	msr	elr_el2, x0
	mov	x0, #0x3c5			// EL1h, exceptions masked
	msr	spsr_el2, x0
	mrs	x0, mpidr_el1
	mov	x19, x1
	bl	set_stack			// nothing of us is kept
	mov	x0, x19
	mov	x1, #0
	mov	x2, #0
	mov	x3, #0
	eret

	/* int64_t hyp_smc(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3) */
	.global hyp_smc
hyp_smc:
	smc	#0
	ret

.macro vector target
	.balign	128
	b	\target
.endm

	.balign	2048
	.global hyp_vectors
hyp_vectors:
	.rept 8					// from EL2: none is expected
	vector	unexpected
	.endr
	vector	from_guest
	.rept 7					// interrupts are the guest's; it is no AArch32
	vector	unexpected
	.endr

from_guest:
	sub	sp, sp, #FRAME_SIZE
	stp	x0, x1, [sp, #0]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	str	x30, [sp, #240]
	mov	x0, sp
	bl	hyp_trap
	ldp	x0, x1, [sp, #0]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	ldr	x30, [sp, #240]
	add	sp, sp, #FRAME_SIZE
	eret

unexpected:
	mrs	x0, esr_el2
	mrs	x1, elr_el2
	b	hyp_unexpected

	.bss
	.balign	16
hyp_stacks:
	.space	HYP_CPUS_MAX * HYP_STACK_SIZE
