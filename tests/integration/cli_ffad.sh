#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# ffa-cli on the real ffad with the simulated SPMC: output for people and for programs, exit codes.
# usage: cli_ffad.sh FFA-CLI FFAD
set -u
cli=$(realpath "$1") ffad=$(realpath "$2")
directory=$(mktemp -d)
cases=0 failures=0 skipped=0 pids=()
export FFAD_SOCKET=$directory/ffad.sock LC_ALL=C
unset NO_COLOR

# shellcheck disable=SC2317 # called by the trap
clean_up()
{
	local pid
	for pid in "${pids[@]}"; do
		kill -KILL "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	rm -rf "$directory"
}
trap clean_up EXIT

fail()
{
	echo "FAIL: $*"
	failures=$((failures + 1))
}

# run STATUS ARGUMENT…: $output and $errors are what it printed.
run()
{
	local expected=$1 got
	shift
	cases=$((cases + 1))
	output=$("$cli" "$@" 2>"$directory/errors" </dev/null)
	got=$?
	errors=$(cat "$directory/errors")
	[ "$got" = "$expected" ] || fail "ffa-cli $*: exit $got, not $expected: $errors"
}

# same WHAT: the output is what stands on stdin.
same()
{
	local expected
	expected=$(cat)
	cases=$((cases + 1))
	[ "$output" = "$expected" ] || fail "$1:" $'\n'"$(diff <(echo "$expected") <(echo "$output"))"
}

# says TEXT: the last error does.
says()
{
	cases=$((cases + 1))
	[[ $errors == *"$1"* ]] || fail "the error does not say '$1': $errors"
}

# json EXPRESSION: Python's view of the output, d, has this property.
json()
{
	cases=$((cases + 1))
	python3 -c 'import json, sys; d = json.loads(sys.argv[1]); sys.exit(not eval(sys.argv[2]))' \
		"$output" "$1" || fail "not so: $1: $output"
}

# manifest NAME ID METHOD UUID…
manifest()
{
	local name=$1 id=$2 method=$3 uuid i=0
	shift 3
	{
		printf '/dts-v1/;\n/ {\ncompatible = "arm,ffa-manifest-1.1";\ndescription = "%s";\n' "$name"
		printf 'ffa-version = <0x00010002>;\nid = <%s>;\nexecution-ctx-count = <1>;\n' "$id"
		printf 'exception-level = <2>;\nexecution-state = <0>;\nns-interrupts-action = <2>;\nservices {\n'
		printf 'compatible = "arm,ffa-manifest-services";\n'
		for uuid; do
			printf 's%d { uuid = "%s"; messaging-method = <%s>; };\n' $((i++)) "$uuid" "$method"
		done
		printf '};\n};\n'
	} >"$directory/$name.dts"
}

start_ffad()
{
	"$ffad" --conduit sim --config "$directory/ffad.conf" --socket "$FFAD_SOCKET" --log stderr "$@" \
		2>>"$directory/log" &
	ffad_pid=$!
	pids+=("$ffad_pid")
}

u=6ba7b810-9dad-11d1-80b4-00c04fd4300
manifest first 0x8001 0x203 ${u}1 ${u}2
manifest second 0x8002 0x203 ${u}2
manifest refuser 0x8003 0x2 ${u}3
manifest req2 0x8004 0x200 ${u}4
manifest bare 0x8005 0 ${u}5
manifest late 0x8006 0x203 ${u}6
manifest eternal 0x8007 0x203 ${u}7
cat >"$directory/ffad.conf" <<END
[rule self]
user = $(id -u)
partition = *
allow = all
[rule not-that]
user = $(id -u)
partition = 0x8005
deny = direct
END
chmod 644 "$directory/ffad.conf"

# --wait: the client is there first.
"$cli" --wait 20000 --json info >"$directory/early" 2>&1 &
early=$!
pids+=("$early")
start_ffad --sim-manifest "$directory/first.dts" --sim-manifest "$directory/second.dts" \
	--sim-manifest "$directory/refuser.dts" --sim-manifest "$directory/req2.dts" \
	--sim-manifest "$directory/bare.dts"
cases=$((cases + 1))
if ! wait "$early"; then
	cat "$directory/early" "$directory/log"
	fail "--wait"
	exit 1
fi
output=$(cat "$directory/early")
json 'list(d) == ["info"] and len(d["info"]) == 1'
json 'list(d["info"][0]) == ["daemon_version", "conduit", "ffa_version", "firmware_version", "endpoint_id",
	"spmc_id", "cpus", "rxtx_pages", "partitions", "sessions", "parked_calls", "direct_calls", "socket", "admin",
	"max_in_flight"]'
json 'all(isinstance(d["info"][0][k], str) for k in ["daemon_version", "conduit", "ffa_version",
	"firmware_version", "endpoint_id", "spmc_id", "socket"])'
json 'all(type(d["info"][0][k]) is int for k in ["cpus", "rxtx_pages", "partitions", "sessions",
	"parked_calls", "direct_calls", "max_in_flight"])'
json 'd["info"][0]["admin"] is True and d["info"][0]["partitions"] == 5'
json 'd["info"][0]["ffa_version"] == "1.2" and d["info"][0]["spmc_id"] == "0x8000"'

# ---- Tables ----

run 0 partition list
same "partition list" <<END
ID     UUID                                 CONTEXTS ALLOWED STATE PROPERTIES
0x8001 ${u}1        1 yes     ok    direct-req-recv,direct-req-send,aarch64,direct-req2-recv
0x8001 ${u}2        1 yes     ok    direct-req-recv,direct-req-send,aarch64,direct-req2-recv
0x8002 ${u}2        1 yes     ok    direct-req-recv,direct-req-send,aarch64,direct-req2-recv
0x8003 ${u}3        1 yes     ok    direct-req-send,aarch64
0x8004 ${u}4        1 yes     ok    aarch64,direct-req2-recv
0x8005 ${u}5        1 no      ok    aarch64
END
wide=$output
COLUMNS=20 run 0 partition list
same "partition list on a narrow terminal" <<<"$wide"
run 0 partition list --no-headings --uuid ${u}2
output=$(tr -s ' ' <<<"$output") # some versions of libsmartcols leave room for the headings
same "partition list --uuid" <<END
0x8001 ${u}2 1 yes ok direct-req-recv,direct-req-send,aarch64,direct-req2-recv
0x8002 ${u}2 1 yes ok direct-req-recv,direct-req-send,aarch64,direct-req2-recv
END
run 0 partition list --uuid ${u}f
same "partition list of nothing" </dev/null
run 0 --json partition list --uuid ${u}f
json 'd == {"partitions": []}'
run 0 --json partition list --uuid ${u}4
same "partition list --json" <<END
{
   "partitions": [
      {
         "id": "0x8004",
         "uuid": "${u}4",
         "exec_ctx_count": 1,
         "proxy_id": null,
         "type": "PE endpoint",
         "ffa_version": null,
         "image_uuid": null,
         "direct_allowed": true,
         "claimed": false,
         "stalled": false,
         "properties": ["aarch64","direct-req2-recv"],
         "property_bits": "0x00000300"
      }
   ]
}
END
run 0 --json partition show 0x8001
json '[p["uuid"][-1] for p in d["partitions"]] == ["1", "2"]'
run 0 partition show ${u}4
same "partition show" <<END
ID:            0x8004
UUID:          ${u}4
CONTEXTS:      1
PROXY:         -
TYPE:          PE endpoint
FF-A:          -
IMAGE-UUID:    -
ALLOWED:       yes
STATE:         ok
PROPERTIES:    aarch64,direct-req2-recv
PROPERTY-BITS: 0x00000300
END
run 0 partition show 32772
same "partition show in decimal" <<<"$output"
run 0 sim list
same "sim list" <<END
ID     CONTEXTS SERVICES
0x8001        1 ${u}1,${u}2
0x8002        1 ${u}2
0x8003        1 ${u}3
0x8004        1 ${u}4
0x8005        1 ${u}5
END
run 0 --json sim list
json 'd["simulated"][0] == {"id": "0x8001", "exec_ctx_count": 1, "services": ["'${u}1'", "'${u}2'"]}'
run 0 --json feature list
json 'all(set(f) == {"id", "name", "supported", "w2", "w3"} for f in d["features"])'
json 'any(f["name"] == "FFA_MSG_SEND_DIRECT_REQ2" and f["supported"] is True for f in d["features"])'
json 'all((f["w2"] is None) == (not f["supported"]) for f in d["features"])'
run 0 --json limit list
json 'all(type(l["value"]) is int and type(l["used"]) is int and l["description"] for l in d["limits"])'
json '"call-deadline-ms" in [l["name"] for l in d["limits"]]'
run 0 --json version
json 'd["version"][0]["daemon"] == d["version"][0]["cli"] and d["version"][0]["ffa"] == "1.2"'

# ---- Messages ----

run 0 message direct 0x8001 1 0xdeadBEEF
same "a message of kind 32" <<END
REGISTER VALUE
w3       0x00000001
w4       0xdeadbeef
w5       0x00000000
w6       0x00000000
w7       0x00000000
END
run 0 message direct 32769 --kind 64 ffffffffffffffff --no-headings
output=$(tr -s ' ' <<<"$output")
same "a message of kind 64" <<END
x3 0xffffffffffffffff
x4 0x0000000000000000
x5 0x0000000000000000
x6 0x0000000000000000
x7 0x0000000000000000
END
run 0 --json message direct ${u}4 --kind req2 1 2 3 4 5 6 7 8 9 a b c d e
json '[r["register"] for r in d["reply"]] == ["x%d" % n for n in range(4, 18)]'
json '[int(r["value"], 16) for r in d["reply"]] == list(range(1, 15))'
run 0 --json message direct 0x8004 --uuid ${u}4 1
json 'len(d["reply"]) == 14'
run 1 message direct 0x8004 1
says "FF-A error"
run 1 message direct 0x8003 1
says "DENIED (-6)"
run 1 message direct 0x8005 1
says "DENIED_BY_POLICY"
says "allow = direct"
run 1 message direct 0xbeef 1
says "GONE"
run 1 message direct ${u}2 1
says "2 partitions offer the service ${u}2"
says "0x8001"
says "0x8002"
run 1 message direct ${u}f 1
says "no partition offers the service"
run 1 partition show 0xbeef
says "ffa-cli partition list"

head -c 112 /dev/urandom >"$directory/data"
for kind in 32:20 64:40 req2:112; do
	head -c "${kind#*:}" "$directory/data" >"$directory/request"
	cases=$((cases + 1))
	"$cli" message direct 0x8001 --kind "${kind%:*}" --data - --output - <"$directory/request" \
		>"$directory/reply" || fail "bytes of kind $kind: exit $?"
	cmp "$directory/request" "$directory/reply" || fail "bytes of kind $kind"
done
printf 'abcde' >"$directory/request"
run 0 message direct 0x8001 --data "$directory/request" --output "$directory/reply"
same "nothing beside --output" </dev/null
cases=$((cases + 1))
cmp "$directory/reply" <(printf 'abcde\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0') || fail "padding with zeros"
run 0 --json message direct 0x8001 --data "$directory/request"
json '[r["value"] for r in d["reply"]][:2] == ["0x64636261", "0x00000065"]'
run 5 message direct 0x8001 --output "$directory/none/reply"
says "has answered"

# ---- Ping ----

run 0 --json ping --count 20
json 'd["ping"][0]["target"] == "ffad" and d["ping"][0]["sent"] == 20 and d["ping"][0]["answered"] == 20'
json '0 < d["ping"][0]["min_ns"] <= d["ping"][0]["p50_ns"] <= d["ping"][0]["p90_ns"]'
json 'd["ping"][0]["p90_ns"] <= d["ping"][0]["p99_ns"] <= d["ping"][0]["max_ns"]'
run 0 --json ping --partition 0x8002 --count 5 --interval 1
json 'd["ping"][0]["target"] == "0x8002" and d["ping"][0]["answered"] == 5'
run 0 --json ping --partition 0x8004
json 'd["ping"][0]["answered"] == 10'
run 1 --json ping --partition 0x8003
says "DENIED"
json 'd["ping"][0]["sent"] == 1 and d["ping"][0]["answered"] == 0 and d["ping"][0]["p50_ns"] is None'
run 0 ping
cases=$((cases + 1))
[[ $output =~ ^TARGET\ SENT\ ANSWERED.*ffad\ +10\ +10\ +[0-9.]+\ us ]] || fail "ping: $output"

# parked N: wait until so many calls wait for their partition.
parked()
{
	until "$cli" --json info | grep -qF "\"parked_calls\": $1,"; do :; done
}

# direct_calls N: wait until at least so many messages were sent.
direct_calls()
{
	until [ "$("$cli" info | sed -n 's/^Direct messages since start: *//p')" -ge "$1" ]; do :; done
}

sent=$("$cli" info | sed -n 's/^Direct messages since start: *//p')
"$cli" --json ping --partition 0x8001 --count 1000000 --interval 1 >"$directory/ping" 2>&1 &
ping_pid=$!
pids+=("$ping_pid")
direct_calls $((sent + 3))
kill -INT "$ping_pid"
cases=$((cases + 1))
wait "$ping_pid" || fail "an interrupted ping: exit $?"
output=$(cat "$directory/ping")
json '1 < d["ping"][0]["answered"] < 1000000 and d["ping"][0]["sent"] == d["ping"][0]["answered"]'

# ---- Loading, watching ----

mkfifo "$directory/fifo"
"$cli" partition watch --count 2 --no-headings >"$directory/fifo" &
watch=$!
pids+=("$watch")
exec 3<"$directory/fifo"
cases=$((cases + 1))
for id in 0x8001 0x8001 0x8002 0x8003 0x8004 0x8005; do
	read -r line <&3
	[[ $line == "present"*"$id ${u}"* ]] || fail "watch: $line is not about $id"
done
run 0 sim load "$directory/late.dts"
same "sim load" <<END
ID     FILE
0x8006 $directory/late.dts
END
read -r line <&3
[[ $line == "added "*" 0x8006 ${u}6 "*"direct-req-recv"* ]] || fail "watch: $line"
wait "$watch" || fail "watch: exit $?"
exec 3<&-
run 0 --json partition watch --count 1
json 'len(d["partitions"]) == 7 and all(p["change"] == "present" for p in d["partitions"])'
json 'all(type(p["generation"]) is int for p in d["partitions"])'
run 4 partition watch --timeout 500
says "nothing has changed"
run 1 sim load "$directory/late.dts"
says "0x8006"
run 1 sim load "$directory/eternal.dts" --behaviour nonsense
says "nonsense"
cases=$((cases + 1))
dtc -q -I dts -O dtb "$directory/eternal.dts" |
	"$cli" sim load - --behaviour yielder:1000000:1000 >"$directory/out" || fail "sim load from stdin"
grep -q '^0x8007 -$' "$directory/out" || fail "sim load from stdin: $(cat "$directory/out")"

# ---- Time ----

run 4 message direct 0x8007 1 --deadline 20
says "DEADLINE"
run 4 --timeout 20 message direct 0x8007 1
says "--timeout"

# ---- Colours ----

run 0 partition list
cases=$((cases + 1))
[[ $output != *$'\e'* ]] || fail "colours in a pipe"
run 0 --color=always partition list
cases=$((cases + 1))
[[ $output == *$'\e['* ]] || fail "no colours with --color=always"
run 0 --color=always --json partition list
cases=$((cases + 1))
[[ $output != *$'\e'* ]] || fail "colours in JSON"
if command -v script >/dev/null; then
	on_terminal()
	{
		script -qec "env TERM=xterm $1 '$cli' $2 partition list" /dev/null </dev/null
	}
	cases=$((cases + 5))
	[[ $(on_terminal "" "") == *$'\e['* ]] || fail "no colours on a terminal"
	[[ $(on_terminal "NO_COLOR=1" "") != *$'\e['* ]] || fail "colours in spite of NO_COLOR"
	[[ $(on_terminal "NO_COLOR=" "") == *$'\e['* ]] || fail "no colours with an empty NO_COLOR"
	[[ $(on_terminal "NO_COLOR=1" "--color=always") == *$'\e['* ]] || fail "NO_COLOR over --color=always"
	[[ $(on_terminal "" "--color=never") != *$'\e['* ]] || fail "colours in spite of --color=never"
else
	skipped=$((skipped + 1))
	echo "SKIP: colours on a terminal: util-linux's script is not installed"
fi

# ---- Another user ----

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	chmod 755 "$directory"
	mkdir "$directory/bin"
	cp "$cli" "$(dirname "$cli")"/../client-lib/libffa-client.so.0 "$directory/bin/"
	nobody()
	{
		cases=$((cases + 1))
		errors=$(LD_LIBRARY_PATH=$directory/bin setpriv --reuid=65534 --regid=65534 --clear-groups \
			"$directory/bin/ffa-cli" "$@" 2>&1)
	}
	nobody partition list || fail "another user cannot list: $errors"
	nobody message direct 0x8001 1 && fail "another user can send"
	says "partition = 0x8001"
	nobody message direct ${u}3 1 && fail "another user can send to a service"
	says "partition = 0x8003"
	nobody sim load "$directory/late.dts" && fail "another user can load"
	says "allow = admin"
else
	skipped=$((skipped + 1))
	echo "SKIP: what another user may do: needs root and setpriv"
fi

# ---- The end of ffad ----

"$cli" message direct 0x8007 1 >"$directory/lost" 2>&1 &
lost=$!
"$cli" partition watch >"$directory/fifo" 2>"$directory/watch-errors" &
watch=$!
pids+=("$lost" "$watch")
exec 3<"$directory/fifo"
read -r line <&3
parked 1
# Not a job any more: the shell does not report how it ended.
disown "$ffad_pid"
kill -KILL "$ffad_pid"
cases=$((cases + 2))
wait "$lost"
status=$?
[ "$status" = 3 ] || fail "a message when ffad dies: exit $status: $(cat "$directory/lost")"
wait "$watch"
status=$?
[ "$status" = 3 ] || fail "a watch when ffad dies: exit $status: $(cat "$directory/watch-errors")"
exec 3<&-
run 3 info
says "--wait MS"

echo "$((cases - failures)) passed, $failures failed, $skipped skipped"
[ "$failures" = 0 ]
