#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# In the guest, /init of the stack "coexist": ffad with the kernel's own FF-A driver in the same firmware.
. /lib.sh
begin
devices=/sys/bus/arm_ffa/devices

# start_ffad LOG [ARGUMENT…]: $pid.
start_ffad() {
	log=$1
	shift
	ffad --conduit shim --log stderr "$@" >"$log" 2>&1 &
	pid=$!
	ffa-cli --wait 20000 info >/tmp/info 2>&1
}

stop_ffad() {
	kill "$pid"
	wait "$pid"
	check "$1" test $? -eq 0
}

# device_of ID: the kernel's name of the partition's device.
device_of() {
	for device in "$devices"/*; do
		[ "$(cat "$device/partition_id")" != "$1" ] || basename "$device"
	done
}

check "the bus of the kernel's driver loads" insmod /lib/ffa-core.ko
check "the kernel's driver loads" insmod /lib/ffa-module.ko
shows "it speaks the firmware's version" "Firmware version 1.2 found" dmesg
[ ! -f /lib/rpmb-core.ko ] || insmod /lib/rpmb-core.ko
check "the kernel's TEE core loads" insmod /lib/tee.ko
check "our module loads beside them" insmod /lib/ffa-shim.ko

# Nothing is claimed yet.
start_ffad /tmp/log1
shows "ffad comes up beside the kernel's driver" "shim (SMC)" cat /tmp/info
shows "it says whose RX/TX is" "RX/TX buffers belong to the kernel's own FF-A driver" cat /tmp/log1
shows "and where partitions are known from" "known from $devices alone" cat /tmp/log1
shows "the kernel's interrupts are left alone" "interrupts are left to the owner" cat /tmp/log1
shows "OP-TEE's partition is listed" 0x8001.*486178e0-e7f8-11e3-bc5e-0002a5d5c51b ffa-cli partition list
shows "our first partition is listed" 0x8101.*11111111-2222-3333-4444-555566667777 ffa-cli partition list
shows "our second partition is listed" 0x8102.*aaaaaaaa-bbbb-cccc-dddd-eeeeffff0001 ffa-cli partition list
# Without the device that the driver makes for the normal world itself.
check "as many as the kernel shows" test "$(ffa-cli --no-headings partition list | wc -l)" -eq \
	"$(cat "$devices"/*/partition_id | grep -cv '^0x0000$')"
shows "OP-TEE answers while nobody has claimed it" "w3 *0x0000000[1-9]" ffa-cli message direct 0x8001 0
shows "a 32-bit message is echoed" "w4 *0x0000abcd" ffa-cli message direct --kind 32 0x8101 0 abcd
shows "a partition that is interrupted is resumed" "w4 *0x01000000" ffa-cli message direct 0x8101 2 1000000

# The driver comes while ffad runs.
check "the kernel's OP-TEE driver loads" insmod /lib/optee.ko
shows "it is bound" "optee" readlink "$devices/$(device_of 0x8001)/driver"
echo "FACT $(dmesg | grep -i 'optee: ' | head -n 1)"
kill -HUP "$pid"
# The reload is over when the list shows it: the watch's events come in order.
shows "a reload shows the claim" 0x8001.*claimed timeout 20 sh -c \
	'until ffa-cli partition list | grep claimed; do :; done'
refused "OP-TEE's partition is refused" CLAIMED ffa-cli message direct 0x8001 0
refused "the driver is named" "kernel driver .*optee" ffa-cli message direct 0x8001 0
shows "ours are not" "w4 *0x0000beef" ffa-cli message direct 0x8101 0 beef
check "the kernel's driver goes on: OP-TEE has a device" test -c /dev/tee0
stop_ffad "ffad ends cleanly"

# Claimed from the start; a rule sets it aside.
mkdir -p /etc/ffad
printf '[rule optee]\nuser = root\npartition = 0x8001\nallow = direct claimed\n' >/etc/ffad/ffad.conf
start_ffad /tmp/log2
shows "the log names what is claimed" "0x8001 is claimed by the kernel driver" cat /tmp/log2
shows "it is listed as claimed" 0x8001.*claimed ffa-cli partition list
shows "a rule sets the claim aside" "w3 *0x0000000[1-9]" ffa-cli message direct 0x8001 0
stop_ffad "ffad ends cleanly again"

# What ffad did has left the kernel's driver as it was.
check "our module unloads" rmmod ffa-shim
check "the kernel's OP-TEE driver unloads" rmmod optee
check "and talks to OP-TEE again" insmod /lib/optee.ko
shows "which is there" "optee" readlink "$devices/$(device_of 0x8001)/driver"
end
