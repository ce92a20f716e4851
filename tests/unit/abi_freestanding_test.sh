#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The archive $1 needs nothing but the memory functions of a freestanding implementation, and has no data that
# can change.
set -eu

nm=${NM:-nm}
symbols=$("$nm" --format=posix "$1")
defined=$(printf '%s\n' "$symbols" | awk 'NF > 1 && $2 != "U" { print $1 }' | sort -u)
undefined=$(printf '%s\n' "$symbols" | awk '$2 == "U" { print $1 }' | sort -u)
writable=$(printf '%s\n' "$symbols" | awk '$2 ~ /^[bBdDsSgGC]$/ { print $1 }' | sort -u)
status=0

test "$(printf '%s\n' "$defined" | wc -l)" -gt 20 || {
	echo "$1 defines nearly nothing: is it the right archive?"
	status=1
}
for symbol in $undefined; do
	case $symbol in
	memcpy | memset | memmove | memcmp) continue ;;
	esac
	printf '%s\n' "$defined" | grep -qx -e "$symbol" || {
		echo "$symbol is not defined in abi/: it must build without a C library"
		status=1
	}
done
for symbol in $writable; do
	echo "$symbol is data that can change: make it const"
	status=1
done
exit $status
