#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# In the guest, /init of the stack "hvc": the built-in partitions of the simulated SPMC, through the real module.
. /lib.sh
begin

check "all CPUs run" test "$(grep -c ^processor /proc/cpuinfo)" -eq 2
check "the module loads" insmod /lib/ffa-shim.ko
shows "the module has found the conduit" "conduit HVC" dmesg

raw=$(busybox taskset 1 guest-bench shim 0x8001) || not_ok "messages by the module alone: $raw"
ffad --conduit shim --log stderr >/tmp/log 2>&1 &
pid=$!
shows "ffad is there" "shim (HVC)" ffa-cli --wait 20000 info
echo "FACT $(ffa-cli info | grep 'FF-A version of the firmware' | tr -s ' ')"
refused "the module stays while ffad uses it" "busy\|unavailable" rmmod ffa-shim
refused "a second ffad is told who has the device" "in use" ffad --conduit shim --socket /run/ffad/other.sock

ffa-cli --no-headings partition list >/tmp/partitions
while read -r id uuid; do
	shows "partition $id is listed with $uuid" "$id.*$uuid" cat /tmp/partitions
done </partitions.list
check "no other partition is listed" test "$(wc -l </tmp/partitions)" -eq "$(wc -l </partitions.list)"

shows "a 32-bit message is echoed" "w4 *0x0000abcd" ffa-cli message direct --kind 32 0x8001 0 abcd
shows "a 64-bit message is echoed" "x4 *0x0123456789abcdef" ffa-cli message direct --kind 64 0x8001 0 123456789abcdef
shows "a REQ2 message is echoed" "x17 *0x000000000000000e" \
	ffa-cli message direct --kind req2 0x8001 1 2 3 4 5 6 7 8 9 a b c d e
shows "a partition of all CPUs answers" "w3 *0x00000007" ffa-cli message direct --kind 32 0x8002 7
refused "a partition that takes no requests" "DENIED\|does not" ffa-cli message direct --kind 32 0x8003 0
shows "a partition that yields is resumed" "w3 *0x00000007" ffa-cli message direct --kind 32 0x8004 7
shows "a partition that is interrupted is resumed" "w3 *0x00000007" ffa-cli message direct --kind 32 0x8005 7
shows "a busy partition is asked again" "w3 *0x00000007" ffa-cli message direct --kind 32 0x8006 7
shows "a slow partition answers" "w3 *0x00000007" ffa-cli message direct --kind 32 0x8007 7
refused "a partition that crashes" ABORTED ffa-cli message direct --kind 32 0x8008 0
refused "a partition that is not there" GONE ffa-cli message direct --kind 32 0x8055 0

kill "$pid"
wait "$pid"
check "ffad ends cleanly" test $? -eq 0
shows "it unmapped its buffers" "RX/TX free" cat /tmp/log

# On one CPU: waking another costs more than the message where CPUs are emulated.
# Emulated calls take longer than real ones: none of them shall count as slow here.
mkdir -p /etc/ffad
printf '[limits]\nslow-call-us = 1000000\n' >/etc/ffad/bench.conf
busybox taskset 1 ffad --conduit shim --config /etc/ffad/bench.conf --log stderr >/tmp/log2 2>&1 &
pid=$!
check "the next ffad can map its own" ffa-cli --wait 20000 info
if [ -n "$raw" ] && daemon=$(busybox taskset 1 guest-bench ffad 0x8001); then
	ok "messages by ffad"
	ratio=$(echo "$raw $daemon" | awk '{ printf "%.1f", $5 / $1 }')
	echo "FACT a direct message: ${raw%% *} ns by the module alone, ${daemon%% *} ns by ffad: $ratio times as long"
else
	not_ok "messages by ffad: $daemon"
fi
kill "$pid"
wait "$pid"
check "the next ffad ends cleanly" test $? -eq 0

if [ -x /bin/ffa-conformance ]; then
	ffa-conformance --conduit shim >/tmp/conformance 2>&1
	cat /tmp/conformance
	add "$(tail -n 1 /tmp/conformance)"
fi

# Leaves the partitions in any state: last.
shim-fuzz >/tmp/fuzz 2>&1
cat /tmp/fuzz
add "$(tail -n 1 /tmp/fuzz)"
check "the module unloads" rmmod ffa-shim
end
