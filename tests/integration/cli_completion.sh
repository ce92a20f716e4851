#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# The completion scripts load, and bash offers what it should.
# usage: cli_completion.sh FFA-CLI
set -u
cli=$(realpath "$1")
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cases=0 failures=0 skipped=0

fail()
{
	echo "FAIL: $*"
	failures=$((failures + 1))
}

"$cli" completion bash >"$directory/ffa-cli.bash" || fail "completion bash"
"$cli" completion zsh >"$directory/_ffa-cli" || fail "completion zsh"
bash -n "$directory/ffa-cli.bash" || fail "bash cannot read its script"

# What ffad would say: the completion asks the program that stands on the command line.
cat >"$directory/ffa-cli" <<'SCRIPT'
#!/bin/bash
[[ "$*" == *"partition list"* ]] || exit 2
[[ "$*" == *"--socket /elsewhere"* ]] && echo "0x9001 uuid" || printf '0x8001 a\n0x8001 b\n0x8002 c\n'
SCRIPT
chmod +x "$directory/ffa-cli"
# shellcheck source=/dev/null
source "$directory/ffa-cli.bash"

# offers EXPECTED WORD...: with the cursor in the last word.
offers()
{
	local expected=$1 got
	shift
	cases=$((cases + 1))
	COMP_WORDS=("$directory/ffa-cli" "$@")
	COMP_CWORD=$#
	COMPREPLY=()
	_ffa_cli
	got="${COMPREPLY[*]}"
	[ "$got" = "$expected" ] || fail "ffa-cli $*: offers '$got', not '$expected'"
}

offers "partition" par
offers "message" mes
offers "partition ping" p
offers "list show watch" partition ""
offers "direct" message ""
offers "load list" sim ""
offers "32 64 req2" message direct 0x8001 --kind ""
offers "req2" message direct --kind r
offers "auto always" --color a
offers "always" --color = al
offers "always" info --color al
offers "bash zsh" completion ""
offers "zsh" --json completion z
offers "--uuid" partition list --u
offers "--uuid" message --json direct 0x8001 1 2 --u
offers "--deadline --data" message direct --d
offers "" message direct 0x8001 ""
offers "" partition list ""
offers "" --timeout ""
offers "" message direct --deadline ""
offers "" nonsense ""
offers "0x8001 0x8002" message direct ""
offers "0x8001 0x8002" message direct --kind 64 ""
offers "0x8001 0x8002" partition show 0x80
offers "0x8001 0x8002" ping --partition ""
offers "0x9001" --socket /elsewhere partition show ""
offers "$directory/ffa-cli $directory/ffa-cli.bash" sim load "$directory/ffa"
offers "$directory/_ffa-cli" message direct 0x8001 --data "$directory/_"
offers "$directory/_ffa-cli" --socket "$directory/_"

if command -v zsh >/dev/null; then
	cases=$((cases + 1))
	zsh -n "$directory/_ffa-cli" || fail "zsh cannot read its script"
	zsh -fc "autoload -U compinit && compinit -u -d '$directory/dump' && source '$directory/_ffa-cli' &&
		[[ \$_comps[ffa-cli] == _ffa_cli ]]" || fail "zsh does not take the completion"
else
	skipped=$((skipped + 1))
	echo "SKIP: the zsh script was not loaded: zsh is not installed"
fi
echo "$((cases - failures)) passed, $failures failed, $skipped skipped"
[ "$failures" = 0 ]
