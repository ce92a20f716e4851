#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Exit codes and messages of ffa-cli without ffad.
# usage: cli_usage.sh FFA-CLI
set -u
cli=$1
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
export FFAD_SOCKET=$directory/none.sock
cases=0 failures=0 skipped=0

# expect STATUS TEXT ARGUMENT...: stderr has the text, and every error says what to do next.
expect()
{
	local status=$1 text=$2 got
	shift 2
	cases=$((cases + 1))
	"$cli" "$@" >"$directory/out" 2>"$directory/err" </dev/null
	got=$?
	if [ "$got" != "$status" ]; then
		echo "FAIL: ffa-cli $*: exit $got, not $status"
		sed 's/^/    /' "$directory/err"
		failures=$((failures + 1))
	elif ! grep -qF -e "$text" "$directory/out" "$directory/err"; then
		echo "FAIL: ffa-cli $*: does not say '$text' but:"
		sed 's/^/    /' "$directory/err"
		failures=$((failures + 1))
	elif [ "$status" != 0 ] && ! grep -q '^  hint: ' "$directory/err"; then
		echo "FAIL: ffa-cli $*: does not say what to do next"
		failures=$((failures + 1))
	fi
}

expect 0 "Usage: ffa-cli" --help
expect 0 "Usage: ffa-cli" -h
expect 0 "Usage: ffa-cli" help
expect 0 "partition list" partition --help
expect 0 "partition list" partition help
expect 0 "partition list" --help partition
expect 0 "Usage: ffa-cli partition list" partition list --help
expect 0 "Usage: ffa-cli partition show" --help partition show
expect 0 "ffa-cli 0." --version
expect 0 "libffa-client" version
expect 0 '"daemon": null' version --json
expect 0 "_ffa_cli" completion bash

expect 2 "a command is missing"
expect 2 "a command is missing" --json
expect 2 "a command is missing" partition
expect 2 "there is no command nonsense" nonsense
expect 2 "partition has no command nonsense" partition nonsense
expect 2 "unknown option --nonsense" info --nonsense
expect 2 "unknown option --kind" info --kind 32
expect 2 "unknown option --uuid" --uuid x partition list
expect 2 "--socket needs a value" info --socket
expect 2 "the path is empty" --socket "" info
expect 2 "too many" info surplus
expect 2 "auto, always or never" --color sometimes info
expect 2 "milliseconds" --timeout soon info
expect 2 "milliseconds" --timeout 0 info
expect 2 "milliseconds" --timeout -1 info
expect 2 "milliseconds" --wait 4294967296 info
expect 2 "no UUID" partition list --uuid 0x8001
expect 2 "is missing" partition show
expect 2 "no partition id" partition show sp1
expect 2 "no partition id" partition show 0x10000
expect 2 "no partition id" partition show 0x0x1
expect 2 "no partition id" partition show -- -1
expect 2 "no partition id" partition show " 1"
expect 2 "a number from 1" partition watch --count 0
expect 2 "is missing" message direct
expect 2 "must be one of: 32 64 req2" message direct 0x8001 --kind 16
expect 2 "no hexadecimal number" message direct 0x8001 xyz
expect 2 "no hexadecimal number" message direct 0x8001 -- -1
expect 2 "has 32 bits" message direct 0x8001 100000000
expect 2 "has 64 bits" message direct 0x8001 --kind 64 10000000000000000
expect 2 "has 5 registers" message direct 0x8001 1 2 3 4 5 6
expect 2 "has 5 registers" message direct 0x8001 1 2 3 4 5 6 --kind 64
expect 2 "too many" message direct 0x8001 1 2 3 4 5 6 7 8 9 a b c d e f --kind req2
expect 2 "only a message of --kind req2" message direct 0x8001 --kind 64 \
	--uuid 0ca7e5b1-25dd-583b-8439-6dc56e85548a
expect 2 "no UUID" message direct 0x8001 --uuid 1234
expect 2 "milliseconds" message direct 0x8001 --deadline 0
expect 2 "one of them only" message direct 0x8001 1 --data "$0"
expect 2 "hold 20 bytes" message direct 0x8001 --data "$0"
expect 2 "hold 40 bytes" message direct 0x8001 --data "$0" --kind 64
expect 2 "hold 112 bytes" message direct 0x8001 --data "$0" --kind req2
expect 2 "a number from 1" ping --count 0
expect 2 "milliseconds" ping --interval 1s
expect 2 "no partition id" ping --partition echo
expect 2 "is missing" sim load
expect 2 "must be one of: bash zsh" completion fish
expect 2 "at most 107 bytes" --socket "/$(printf '%0200d' 0)" info

for command in info "feature list" "partition list" "partition show 0x8001" "partition watch" \
	"message direct 0x8001" ping "sim list" "limit list"; do
	# shellcheck disable=SC2086
	expect 3 "$FFAD_SOCKET" $command
done
expect 3 "cannot connect" --wait 1 info
touch "$directory/file"
expect 3 "cannot connect" --socket "$directory/file" info
expect 3 "cannot connect" --json info

expect 5 "cannot read" message direct 0x8001 --data "$directory/missing"
expect 5 "cannot read" sim load "$directory/missing.dts"
expect 5 "cannot read" sim load "$directory"
head -c 1048577 /dev/zero >"$directory/large"
expect 5 "larger than a manifest may be" sim load "$directory/large"
printf '/dts-v1/;\n/ { broken\n' >"$directory/broken.dts"
if command -v dtc >/dev/null; then
	expect 5 "dtc cannot compile it" sim load "$directory/broken.dts"
	expect 5 "dtc cannot compile it" sim load /dev/null
else
	skipped=$((skipped + 1))
	echo "SKIP: compiling manifests: dtc is not installed"
fi
mkdir "$directory/bin"
cases=$((cases + 1))
if PATH=$directory/bin "$cli" sim load "$directory/broken.dts" 2>"$directory/err" ||
	[ $? != 5 ] || ! grep -q "install device-tree-compiler" "$directory/err"; then
	echo "FAIL: without dtc: $(cat "$directory/err")"
	failures=$((failures + 1))
fi
cases=$((cases + 1))
"$cli" version >/dev/full 2>"$directory/err"
if [ $? != 5 ]; then
	echo "FAIL: an output that cannot be written: $(cat "$directory/err")"
	failures=$((failures + 1))
fi
echo "$((cases - failures)) passed, $failures failed, $skipped skipped"
[ "$failures" = 0 ]
