/* SPDX-License-Identifier: BSD-3-Clause */
/* Setting up EL2 on each CPU, and what comes back to it from the guest. */
#include "hyp.h"

#include <stdbool.h>

#include "fdt.h"
#include "layout.h"
#include "psci.h"
#include "spmc.h"
#include "uart.h"

#define READ_SYSREG(name)                                                                                    \
	({                                                                                                   \
		uint64_t sysreg_value;                                                                       \
		__asm__ volatile("mrs %0, " #name : "=r"(sysreg_value));                                     \
		sysreg_value;                                                                                \
	})
#define WRITE_SYSREG(name, value) __asm__ volatile("msr " #name ", %0" : : "r"((uint64_t)(value)) : "memory")

/* Exception classes of ESR_EL2. */
#define ESR_CLASS(esr) ((esr) >> 26 & 0x3f)
#define ESR_IMMEDIATE(esr) ((esr)&0xffff)
#define ESR_CLASS_HVC 0x16
#define ESR_CLASS_SMC 0x17

#define HCR_TSC (UINT64_C(1) << 19) /* SMC comes here */
#define HCR_RW (UINT64_C(1) << 31)  /* EL1 is AArch64 */
#define HCR_APK (UINT64_C(1) << 40) /* pointer authentication is the guest's */
#define HCR_API (UINT64_C(1) << 41)

#define ICC_SRE_ALL 0xf      /* the GIC's registers, for the guest too */
#define CNTHCTL_GUEST 0x3    /* the physical timer, for the guest */
#define CPTR_NO_TRAPS 0x33ff /* floating point */
#define SCTLR_EL1_OFF UINT64_C(0x30d00800)
#define SCTLR_EL2_RES1 UINT64_C(0x30c50830)
#define SCTLR_EL2_ON (SCTLR_EL2_RES1 | 1 << 0 | 1 << 2 | 1 << 12) /* MMU, data and instruction caches */

/* Identity map of the first 512 GiB in blocks of 1 GiB: devices below RAM, memory from there on. */
#define BLOCK_SHIFT 30
#define BLOCK_COUNT 512
#define BLOCK_VALID 0x41                            /* a block, readable and writable */
#define BLOCK_MEMORY (0u << 2 | 3u << 8 | 1u << 10) /* attribute 0, inner shareable, accessed */
#define BLOCK_DEVICE (1u << 2 | 1u << 10)           /* attribute 1 */
#define BLOCK_NO_EXECUTE (UINT64_C(1) << 54)
#define MAIR_VALUE 0x00ff /* attribute 0: write-back; 1: nGnRnE */
#define TCR_VALUE (25u | 1u << 8 | 1u << 10 | 3u << 12 | 2u << 16 | 1u << 23 | 1u << 31) /* 39 bits, 4 KiB */

static _Alignas(4096) uint64_t blocks[BLOCK_COUNT];

unsigned int hyp_cpu(void)
{
	return READ_SYSREG(mpidr_el1) & (HYP_CPUS_MAX - 1);
}

void hyp_panic(const char *why, uint64_t value)
{
	uart_puts("\nhypervisor: ");
	uart_puts(why);
	uart_puts(" ");
	uart_put_hex(value);
	uart_puts("\n");
	for (;;)
		hyp_smc(PSCI_SYSTEM_OFF, 0, 0, 0);
}

void hyp_unexpected(uint64_t esr, uint64_t elr)
{
	uart_puts("\nhypervisor: unexpected exception at ");
	uart_put_hex(elr);
	hyp_panic(", syndrome", esr);
}

static void map(void)
{
	for (uint64_t i = 0; i < BLOCK_COUNT; i++)
		blocks[i] =
			i << BLOCK_SHIFT | BLOCK_VALID |
			(i < HYP_RAM_BASE >> BLOCK_SHIFT ? BLOCK_DEVICE | BLOCK_NO_EXECUTE : BLOCK_MEMORY);
}

static void set_up_el2(void)
{
	WRITE_SYSREG(mair_el2, MAIR_VALUE);
	WRITE_SYSREG(tcr_el2, TCR_VALUE);
	WRITE_SYSREG(ttbr0_el2, (uintptr_t)blocks);
	__asm__ volatile("dsb sy; tlbi alle2; dsb sy; isb");
	WRITE_SYSREG(sctlr_el2, SCTLR_EL2_ON);
	__asm__ volatile("isb");

	WRITE_SYSREG(vbar_el2, (uintptr_t)hyp_vectors);
	WRITE_SYSREG(hcr_el2, HCR_RW | HCR_TSC | HCR_APK | HCR_API);
	WRITE_SYSREG(cptr_el2, CPTR_NO_TRAPS);
	WRITE_SYSREG(hstr_el2, 0);
	WRITE_SYSREG(cnthctl_el2, CNTHCTL_GUEST);
	WRITE_SYSREG(cntvoff_el2, 0);
	WRITE_SYSREG(vpidr_el2, READ_SYSREG(midr_el1));
	WRITE_SYSREG(vmpidr_el2, READ_SYSREG(mpidr_el1));
	WRITE_SYSREG(s3_4_c12_c9_5, ICC_SRE_ALL); /* ICC_SRE_EL2 */
	__asm__ volatile("isb");
	WRITE_SYSREG(s3_4_c12_c11_0, 0); /* ICH_HCR_EL2 */
	WRITE_SYSREG(sctlr_el1, SCTLR_EL1_OFF);
	__asm__ volatile("isb");
}

void hyp_main(void *fdt)
{
	struct fdt_facts facts;

	map();
	set_up_el2();
	if (fdt_adapt(fdt, HYP_RESERVED_SIZE, &facts) < 0)
		hyp_panic("no device tree of a machine that I know at", (uintptr_t)fdt);
	spmc_init(&facts);
	uart_puts("hypervisor: simulated SPMC by HVC\n");
	hyp_guest_enter(HYP_GUEST_BASE, (uintptr_t)fdt);
}

void hyp_secondary_main(void)
{
	set_up_el2();
	psci_secondary();
}

void hyp_trap(struct trap_frame *frame)
{
	uint64_t esr = READ_SYSREG(esr_el2);

	switch (ESR_CLASS(esr)) {
	case ESR_CLASS_SMC:
		/* A trapped instruction, unlike HVC, has not been executed. */
		WRITE_SYSREG(elr_el2, READ_SYSREG(elr_el2) + 4);
		break;
	case ESR_CLASS_HVC:
		break;
	default:
		hyp_unexpected(esr, READ_SYSREG(elr_el2));
	}
	if (ESR_IMMEDIATE(esr) != 0 || (!spmc_call(hyp_cpu(), &frame->regs) && !psci_call(&frame->regs)))
		frame->regs.x[0] = UINT64_MAX; /* SMCCC: NOT_SUPPORTED */
}
