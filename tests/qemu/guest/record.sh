#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# In the guest, /init of the stack "record": calls to real firmware, written down and brought out over the console.
. /lib.sh
begin

check "the module loads" insmod /lib/ffa-shim.ko
partitions="--partition 0x8101 --partition 0x8102 --partition 0x8103 --spinner 0x8101 --spinner 0x8102"
# Whole recordings, each a boot of its own as far as the format goes.
for seed in 1 2 3; do
	check "seed $seed is recorded" sh -c "ffa-record --name tests-$seed --seed $seed --sequences 60 \
		$partitions >>/tmp/recording"
done
# What was recorded can be played as a script, and the firmware answers the same. How often a partition is interrupted
# depends on time.
sed -n '/^BOOT tests-1 /,/^BOOT tests-2 /p' /tmp/recording | grep -v '^BOOT tests-2 ' >/tmp/script
check "a recording is a script" sh -c "ffa-record --script /tmp/script \
	$partitions >/tmp/again"
grep '^RET' /tmp/script | sed 's/P[0-9]*//g' >/tmp/first
grep '^RET' /tmp/again | sed 's/P[0-9]*//g' >/tmp/second
check "with the same answers" cmp /tmp/first /tmp/second
echo "FACT $(grep -c '^CALL' /tmp/recording) calls"
check "the module unloads" rmmod ffa-shim

echo "RECORDING BEGIN"
gzip -c /tmp/recording | base64
echo "RECORDING END"
end
