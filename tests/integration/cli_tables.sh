#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# Every command and option of ffa-cli's tables is in --help, in the man page and in the completions.
# usage: cli_tables.sh FFA-CLI MAN-PAGE-SOURCE
set -eu
cli=$1 man=$2

# "command<tab>usage<tab>options" for each command
read_commands()
{
	python3 -c '
import json, sys
for row in json.load(sys.stdin)["commands"]:
    print(row["command"], row["usage"], " ".join(row["options"]), sep="\t")'
}

cases=0 failures=0
check()
{
	cases=$((cases + 1))
	if ! grep -qF -e "$2" <<<"$3"; then
		echo "FAIL: $1: there is no '$2'"
		failures=$((failures + 1))
	fi
}

commands=$("$cli" --json help | read_commands)
help=$("$cli" --help)
bash=$("$cli" completion bash)
zsh=$("$cli" completion zsh)
page=$(cat "$man")

while IFS=$'\t' read -r command usage options; do
	object=${command%% *} verb=${command#* }
	read -ra words <<<"$command"

	check "--help" "  $usage" "$help"
	check "$object --help" "  $usage" "$("$cli" "$object" --help | sed 's/^Usage: /  /')"
	own_help=$("$cli" "${words[@]}" --help)
	check "$command --help" "Usage: $usage" "$own_help"
	check "man page" "## $usage" "$page"
	check "bash completion" "$object" "$(grep -A5 '^_ffa_cli_operand()' <<<"$bash")"
	check "zsh completion" "'$object:" "$zsh"
	if [ "$object" != "$verb" ]; then
		check "bash completion" "$verb" "$(grep -F "'$object') _ffa_cli_words '" <<<"$bash")"
		check "zsh completion" "'$verb:" "$zsh"
	fi
	section=$(awk -v heading="## $usage" '$0 == heading { on = 1; next } /^#/ { on = 0 } on' "$man")
	globals=$(awk '/^# OPTIONS/ { on = 1; next } /^#/ { on = 0 } on' "$man")
	for option in $options; do
		check "$command --help" "  $option" "$own_help"
		check "man page on $command" "*$option*" "$section$globals"
		check "bash completion of $command" "$option" "$bash"
		check "zsh completion of $command" "'${option}[" "$zsh"
	done
done <<<"$commands"

# The other way round: the man page describes no command that does not exist.
while IFS= read -r usage; do
	check "commands" "$usage" "$commands"
done < <(sed -n 's/^## \(ffa-cli .*\)/\1/p' "$man")

if [ "$cases" -lt 100 ]; then
	echo "FAIL: only $cases cases: the tables were not read"
	exit 1
fi
echo "$((cases - failures)) passed, $failures failed, 0 skipped"
[ "$failures" = 0 ]
