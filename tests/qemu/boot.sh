# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# QEMU's virt machine with the firmware of get_firmware().

boot_limit=${FFAD_BOOT_SECONDS:-180}
boot_memory=1024 # MiB

# boot KERNEL INITRD LOG [ARGUMENT…]: until the guest powers itself off. Arguments are the kernel's.
boot() {
	local kernel=$1 initrd=$2 log=$3
	shift 3
	# The kernel that runs is the one at 0x50000000, started by the firmware; -kernel is for its arguments.
	timeout "$boot_limit" qemu-system-aarch64 -nodefaults -display none -machine virt,secure=on,gic-version=3 \
		-cpu cortex-a57 -smp 2 -m "$boot_memory" -bios "$firmware" -kernel "$kernel" \
		-append "console=ttyAMA0 initrd=0x58000000,$(stat -c %s "$initrd") panic=-1 quiet $*" \
		-device loader,file="$kernel",addr=0x50000000,force-raw=on \
		-device loader,file="$initrd",addr=0x58000000,force-raw=on \
		-serial stdio -serial file:"$log.secure" -monitor none -no-reboot -net none </dev/null >"$log" 2>&1
}
