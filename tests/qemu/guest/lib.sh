# SPDX-License-Identifier: BSD-3-Clause
# For the guests' scripts: checks with names, and their count. Sourced by a guest's /init.
export PATH=/bin LD_LIBRARY_PATH=/lib
passed=0
failed=0
skipped=0

ok() {
	passed=$((passed + 1))
	echo "ok $*"
}

not_ok() {
	failed=$((failed + 1))
	echo "not ok $*"
}

skip() {
	skipped=$((skipped + 1))
	echo "SKIP $*"
}

# check NAME COMMAND…: it has to succeed.
check() {
	name=$1
	shift
	if output=$("$@" 2>&1); then
		ok "$name"
	else
		not_ok "$name"
		echo "$output" | sed 's/^/    /'
	fi
}

# refused NAME PATTERN COMMAND…: it has to fail, and say so.
refused() {
	name=$1
	pattern=$2
	shift 2
	if output=$("$@" 2>&1); then
		not_ok "$name: was not refused"
	elif echo "$output" | grep -q "$pattern"; then
		ok "$name"
	else
		not_ok "$name: refused with other words than \"$pattern\""
	fi
	echo "$output" | sed 's/^/    /'
}

# shows NAME PATTERN COMMAND…: it has to succeed and print the pattern.
shows() {
	name=$1
	pattern=$2
	shift 2
	if output=$("$@" 2>&1) && echo "$output" | grep -q "$pattern"; then
		ok "$name"
	else
		not_ok "$name: \"$pattern\" is not shown"
	fi
	echo "$output" | sed 's/^/    /'
}

# as_nobody COMMAND…: as a user without any rights.
as_nobody() {
	su -s /bin/sh nobody -c "export PATH=/bin LD_LIBRARY_PATH=/lib; $*"
}

# add LINE: the count of a runner, "NAME: N passed, N failed, N skipped".
add() {
	numbers=$(echo "$1" | sed -n 's/.*: \([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped.*/\1 \2 \3/p')
	if [ -z "$numbers" ]; then
		not_ok "a runner ended without its count: $1"
		return
	fi
	# shellcheck disable=SC2086 # three numbers
	set -- $numbers
	passed=$((passed + $1))
	failed=$((failed + $2))
	skipped=$((skipped + $3))
}

begin() {
	mount -t proc proc /proc
	mount -t sysfs sys /sys
	mount -t devtmpfs dev /dev
	mkdir -p /run/ffad
	echo "FACT kernel $(uname -r)"
}

end() {
	bad=$(dmesg | grep -cE 'WARNING:|BUG:|Oops|Call trace|Unable to handle')
	if [ "$bad" -eq 0 ]; then
		ok "the kernel log is clean"
	else
		not_ok "the kernel log is clean"
		dmesg | grep -E -A 20 'WARNING:|BUG:|Oops|Unable to handle' | head -n 60
	fi
	echo "GUEST COUNT $passed passed, $failed failed, $skipped skipped"
	echo "GUEST DONE"
	poweroff -f
}
