#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# In the guest, a service of the stack "systemd": ffad as it is installed, on the simulated SPMC and on real firmware.
cd /usr/lib/ffad-check || exit 1
. ./lib.sh
export PATH=/usr/sbin:/usr/bin
unset LD_LIBRARY_PATH

optee=486178e0-e7f8-11e3-bc5e-0002a5d5c51b
drop_in=/etc/systemd/system/ffad.service.d/hardware.conf
rules=/etc/ffad/ffad.conf.d/50-check.conf

unprivileged() {
	setpriv --reuid nobody --regid nogroup --clear-groups "$@"
}

main_pid() {
	systemctl show --value -p MainPID ffad
}

# of_all_threads NAME VALUE: a line of /proc/PID/task/TID/status that all of ffad's threads have.
of_all_threads() {
	pid=$(main_pid)
	threads=$(ls "/proc/$pid/task" | wc -l)
	same=$(cat "/proc/$pid"/task/*/status | tr -s '\t' ' ' | grep -cx "$1: $2")
	if [ "$threads" -lt 2 ] || [ "$same" -ne "$threads" ]; then
		echo "$same of $threads threads have $1: $2"
		return 1
	fi
}

# expect_no_privileges USER
expect_no_privileges() {
	uid=$(id -u "$1")
	gid=$(id -g "$1")
	check "all threads are user $1's" of_all_threads Uid "$uid $uid $uid $uid"
	check "all threads are group $1's" of_all_threads Gid "$gid $gid $gid $gid"
	for set in CapInh CapPrm CapEff CapBnd CapAmb; do
		check "no thread has anything in $set" of_all_threads $set 0000000000000000
	done
	check "no thread can gain privileges" of_all_threads NoNewPrivs 1
}

journal() {
	journalctl --sync
	journalctl --no-pager -o cat -u ffad "$@"
}

# The last line that ffad itself has logged, with its fields.
last_entry() {
	journal -n 1 -o json --output-fields=SYSLOG_IDENTIFIER,PRIORITY,MESSAGE _COMM=ffad
}

# start WHAT…: systemctl, and what the journal says when it fails.
start() {
	systemctl "$@" && return 0
	systemctl status --no-pager --lines=0 ffad
	journal -n 10
	return 1
}

echo "FACT kernel $(uname -r), systemd $(systemctl --version | sed -n 's/^systemd \([0-9]*\).*/\1/p')"

# ---- As it is installed: the simulated SPMC ----

check "systemd-sysusers makes the user" systemd-sysusers
shows "the user is there" "^ffad:" getent passwd ffad
check "systemd-tmpfiles makes the folder" systemd-tmpfiles --create /usr/lib/tmpfiles.d/ffad.conf
check "the service starts" start start ffad
shows "on the simulated SPMC" "Conduit to the firmware: *sim$" ffa-cli info
expect_no_privileges ffad
check "the service stops" systemctl stop ffad
check "the device is not there yet" test ! -e /dev/ffa-shim

# ---- On the firmware ----

check "the drop-in for hardware is installed" install -D -m 644 /usr/share/ffad/hardware.conf $drop_in
systemctl daemon-reload
shows "depmod has found the module" "updates/ffa-shim.ko" modinfo -n ffa-shim
check "the service starts with the module and the device" start start ffad
udevadm settle
shows "the module was loaded for it" "^ffa_shim" lsmod
check "the device is root's alone" test "$(stat -c '%U:%G %a' /dev/ffa-shim)" = "root:root 600"
shows "udev knows the device" "TAGS=.*:systemd:" udevadm info /dev/ffa-shim
shows "systemd knows the device" "^active" systemctl is-active 'dev-ffa\x2dshim.device'
shows "ffad talks to the firmware" "shim (SMC)" ffa-cli info
expect_no_privileges ffad
shows "its status says what it has" "partitions through shim (SMC)" systemctl status --no-pager ffad
shows "its journal names it" '"SYSLOG_IDENTIFIER":"ffad"' last_entry
shows "its journal has priorities" '"PRIORITY":"6"' last_entry
shows "its journal says what it found" "FF-A 1.2 with shim (SMC)" journal

shows "anybody lists OP-TEE's partition" "0x8001.*$optee" unprivileged ffa-cli partition list
shows "anybody lists our partition" "0x8101.*11111111-2222-3333-4444-555566667777" unprivileged ffa-cli partition list
shows "root sends messages" "w4 *0x0000abcd" ffa-cli message direct --kind 32 0x8101 0 abcd
refused "others may not" DENIED_BY_POLICY unprivileged ffa-cli message direct 0x8101 0
refused "others may not open the device" "Permission denied" unprivileged dd if=/dev/ffa-shim count=0

# ---- Reload ----

mkdir -p "${rules%/*}"
printf '[rule check]\nuser = nobody\npartition = 0x8101\nallow = direct\n' >$rules
before=$(main_pid)
check "the service is reloaded" systemctl reload ffad
check "it is the same process" test "$before" = "$(main_pid)"
shows "the new rule is in force" "w4 *0x00000007" unprivileged ffa-cli --wait 5000 message direct --kind 32 0x8101 0 7
echo 'nonsense' >>$rules
check "a bad configuration does not end it" systemctl reload ffad
shows "the old rules stay" "w4 *0x00000007" unprivileged ffa-cli message direct --kind 32 0x8101 0 7
shows "the journal says where it is bad" "50-check.conf:5" journal -p err
refused "it does not start with it" "failed" systemctl restart ffad
refused "its status says why" "50-check.conf:5" systemctl status --no-pager --lines=20 ffad
printf '[rule check]\nuser = nobody\npartition = 0x8101\nallow = direct\n' >$rules
systemctl reset-failed ffad ffad.socket

# ---- Restart, stop, activation ----

check "it starts with a good one" start restart ffad
before=$(main_pid)
check "it restarts" start restart ffad
check "it is another process" test "$before" != "$(main_pid)"
shows "the buffers are its own again" "RX and TX pages (4 KiB) each: *1" ffa-cli info
check "it stops" systemctl stop ffad
check "its end was clean" test "$(systemctl show --value -p ExecMainStatus ffad)" = 0
refused "it does not run" inactive systemctl is-active ffad
shows "a client starts it again" "0x8001.*$optee" unprivileged ffa-cli --wait 20000 partition list
check "it runs" systemctl is-active ffad
check "it stops with its socket" systemctl stop ffad.socket ffad.service
refused "a client is told what to do" "systemctl start ffad" ffa-cli info

# ---- Without the module ----

check "the module unloads" modprobe -r ffa-shim
echo 'install ffa-shim /bin/false' >/etc/modprobe.d/ffad-check.conf
refused "it does not start without the module" "failed" systemctl start ffad.service
check "with its own exit status" test "$(systemctl show --value -p ExecMainStatus ffad)" = 4
shows "the journal says what to do" "modprobe ffa-shim" journal -p err
end
