# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# For the stacks on the test hypervisor (hyp/): it, and how a guest is started on it.

boot_limit=${FFAD_BOOT_SECONDS:-180}
native=${FFAD_BUILD_DIR:-$top/build}

# build_hypervisor: $hypervisor, and $partitions, the list of its partitions.
build_hypervisor() {
	local log
	log=$(mktemp)
	if [ ! -f "$native/build.ninja" ] && ! meson setup "$native" "$top" >"$log" 2>&1; then
		tail -n 20 "$log"
		return 1
	fi
	if ! ninja -C "$native" tests/qemu/hyp/hyp.bin >"$log" 2>&1; then
		tail -n 40 "$log"
		return 1
	fi
	rm -f "$log"
	hypervisor=$native/tests/qemu/hyp/hyp.bin
	partitions=$native/tests/qemu/hyp/partitions.list
}

# boot_hvc KERNEL INITRD LOG: QEMU starts the hypervisor with the guest's arguments and RAM disk; the guest's kernel is where
# hyp/layout.h says.
boot_hvc() {
	timeout -k 5 "$boot_limit" qemu-system-aarch64 -nodefaults -display none \
		-machine virt,virtualization=on,gic-version=3 -cpu cortex-a57 -smp 2 -m 1024 -kernel "$hypervisor" \
		-initrd "$2" -append "console=ttyAMA0 panic=-1 quiet" \
		-device loader,file="$1",addr=0x60000000,force-raw=on \
		-serial stdio -monitor none -no-reboot -net none </dev/null >"$3" 2>&1
}
