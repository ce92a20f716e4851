#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# In the guest, /init of the stack "smc": OP-TEE's partition and two of our own, through the real module.
. /lib.sh
begin

refused "ffad without the module says what to do" "modprobe ffa-shim" ffad --conduit shim
check "the module loads" insmod /lib/ffa-shim.ko
shows "the module has found the conduit" "conduit SMC" dmesg
check "the device is root's alone" test "$(ls -l /dev/ffa-shim | cut -c1-10)" = crw-------

ffad --conduit shim --log stderr >/tmp/log 2>&1 &
pid=$!
shows "ffad is there" "shim (SMC)" ffa-cli --wait 20000 info
echo "FACT $(ffa-cli info | grep 'FF-A version of the firmware' | tr -s ' ')"
refused "a second ffad is told who has the device" "in use" ffad --conduit shim --socket /run/ffad/other.sock
refused "the module stays while it is in use" "busy\|unavailable" rmmod ffa-shim

shows "the firmware's interrupt comes to the module" "ffa-shim" cat /proc/interrupts

shows "OP-TEE's partition is listed" 0x8001.*486178e0-e7f8-11e3-bc5e-0002a5d5c51b ffa-cli partition list
shows "our first partition is listed" 0x8101.*11111111-2222-3333-4444-555566667777 ffa-cli partition list
shows "our second partition is listed" 0x8102.*aaaaaaaa-bbbb-cccc-dddd-eeeeffff0001 ffa-cli partition list
echo "FACT $(ffa-cli --no-headings partition list | wc -l) partitions"
shows "nobody may list too" 0x8001 as_nobody ffa-cli partition list
refused "nobody may not send" DENIED_BY_POLICY as_nobody ffa-cli message direct 0x8101 0

shows "a 32-bit message is echoed" "w4 *0x0000abcd" ffa-cli message direct --kind 32 0x8101 0 abcd
shows "a 64-bit message is echoed" "x4 *0x000000000000abcd" ffa-cli message direct --kind 64 0x8101 0 abcd
shows "a partition that is interrupted is resumed" "w4 *0x01000000" ffa-cli message direct 0x8101 2 1000000
shows "a partition that runs through comes back" "w4 *0x01000000" ffa-cli message direct 0x8102 2 1000000
refused "OP-TEE takes no REQ2" NOT_SUPPORTED ffa-cli message direct --kind req2 0x8101 0
refused "a partition that is not there" GONE ffa-cli message direct 0x8104 0
shows "OP-TEE tells its version" "w3 *0x0000000[1-9]" ffa-cli message direct 0x8001 0
kill "$pid"
wait "$pid"
check "ffad ends cleanly" test $? -eq 0
check "the firmware's interrupt is given back" sh -c '! grep ffa-shim /proc/interrupts'
ffad --conduit shim --log stderr >/tmp/log2 2>&1 &
pid=$!
shows "it unmapped its buffers: the next one maps its own" "RX and TX pages (4 KiB) each: *1" ffa-cli --wait 20000 info
kill -9 "$pid"
wait "$pid"
ffad --conduit shim --log stderr >/tmp/log2 2>&1 &
pid=$!
shows "after a kill -9 too" "RX and TX pages (4 KiB) each: *1" ffa-cli --wait 20000 info
shows "and it says what it found" "ffad that was killed" cat /tmp/log2
kill "$pid"
wait "$pid"

if [ -x /bin/ffa-conformance ]; then
	ffa-conformance --conduit shim --firmware optee --partition echo=7d0a6c55-3f21-4c0e-9d43-86b1f0a2c903 \
		>/tmp/conformance 2>&1
	cat /tmp/conformance
	add "$(tail -n 1 /tmp/conformance)"
fi
# Last: OP-TEE does not bring a partition back.
ffad --conduit shim --log stderr >/tmp/log3 2>&1 &
pid=$!
check "and one more" ffa-cli --wait 20000 info
shows "optee-call shows OP-TEE's interface" "^interface: 1\.0$" optee-call
shows "optee-call shows OP-TEE's release" "^release: [1-9]" optee-call
shows "optee-call shows OP-TEE's capabilities" "^capabilities: 0x" optee-call
refused "optee-call is for those whom the rules let" "rules\? " as_nobody optee-call
refused "a partition that crashes" ABORTED ffa-cli message direct 0x8102 3
shows "the other one goes on" "w4 *0x00000007" ffa-cli message direct 0x8101 0 7
kill "$pid"
wait "$pid"
check "ffad ends cleanly after a crash too" test $? -eq 0
check "the module unloads" rmmod ffa-shim
end
