#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# In the guest, /init of the stack "foreign": Linux's own FF-A driver finds the built-in partitions.
. /lib.sh
begin
devices=/sys/bus/arm_ffa/devices

dmesg | wc -l >/tmp/before
check "the bus of the kernel's driver loads" insmod /lib/ffa-core.ko
check "the kernel's driver loads" insmod /lib/ffa-module.ko
dmesg | tail -n "+$(($(cat /tmp/before) + 1))" >/tmp/messages
sed 's/^/    /' /tmp/messages
shows "it speaks the firmware's version" "Firmware version 1.2 found" cat /tmp/messages
if grep -q 'Notification setup failed -95' /tmp/messages; then
	skip "notifications: the simulated SPMC says that it has none"
fi
grep -ivE 'driver version|firmware version|notification setup failed -95|taint' /tmp/messages | grep -iE 'ffa|warn|fail|error|unable|invalid' \
	>/tmp/complaints
check "it has no complaint" test ! -s /tmp/complaints
sed 's/^/    /' /tmp/complaints

# Without the device that the driver makes for the normal world itself.
for device in "$devices"/*; do
	echo "$(cat "$device/partition_id") $(cat "$device/uuid")"
done | grep -v '^0x0000 ' | sort >/tmp/devices
sed 's/^/    /' /tmp/devices
sort /partitions.list >/tmp/expected
while read -r id uuid; do
	check "partition $id is a device with $uuid" grep -qi "^$id $uuid$" /tmp/devices
done </tmp/expected
check "there is no other device" test "$(wc -l </tmp/devices)" -eq "$(wc -l </tmp/expected)"
end
