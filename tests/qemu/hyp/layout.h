/* SPDX-License-Identifier: BSD-3-Clause */
/* Where things are on QEMU's machine `virt`; for C, assembly and the linker script. */
#pragma once

#define HYP_RAM_BASE 0x40000000 /* of the machine */
#define HYP_RESERVED_SIZE                                                                                    \
	0x1000000 /* the first 16 MiB of RAM are the hypervisor's, the guest is not told of them */
#define HYP_IMAGE_BASE 0x40200000 /* where QEMU puts a kernel image whose text offset is 0 */
#define HYP_GUEST_BASE 0x60000000 /* where the guest's kernel image has been loaded */
#define HYP_UART_BASE 0x09000000  /* PL011 */

#define HYP_CPUS_MAX 16       /* affinity level 0 of the GICv3 machine */
#define HYP_STACK_SIZE 0x4000 /* bytes, of each CPU */
