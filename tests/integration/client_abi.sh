#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# What libffa-client promises to programs: its header, its symbol map and the library agree; nothing else is
# exported; the name that programs are linked against stays; the header stands alone in C11, C17 and C++.
# usage: client_abi.sh HEADER MAP LIBRARY CC [CXX]
set -eu

header=$1 map=$2 library=$3 cc=$4 cxx=${5:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

check()
{
	if [ "$1" = 0 ]; then
		echo "ok - $2"
	else
		echo "not ok - $2"
		failed=1
	fi
}

# Declared: lower-case names before a parenthesis, outside of comments, that are not function types.
sed -e 's,/\*.*\*/,,' -e '/\/\*/,/\*\//d' "$header" | grep -v '^typedef' |
	grep -oE '(^|[ *])ffa_[a-z0-9_]+\(' | tr -d ' *(' | sort -u >"$work/header"
# Listed: one name with a semicolon in each line of the global part.
awk '/global:/ { on = 1; next } /local:/ { on = 0 } on && /;/ { gsub(/[ \t;]/, ""); print }' "$map" |
	sort >"$work/map"
# Exported: defined functions and data; version nodes are absolute symbols.
nm -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort >"$work/library"

awk 'END { exit NR <= 100 }' "$work/map"
check $? "the map lists the functions ($(wc -l <"$work/map"))"
sort -u "$work/map" | cmp -s - "$work/map"
check $? "the map lists each of them once"
r=0
diff -u "$work/header" "$work/map" || r=1
check $r "header and map agree"
r=0
diff -u "$work/map" "$work/library" || r=1
check $r "map and library agree"
r=0
nm -D --defined-only "$library" | awk '$2 != "A" && $3 !~ /@@FFA_CLIENT_0$/ { print; bad = 1 } END { exit bad }' || r=1
check $r "every symbol is in the node FFA_CLIENT_0"
r=0
readelf -d "$library" | grep -q 'SONAME.*\[libffa-client\.so\.0\]' || r=1
check $r "the library's name is libffa-client.so.0"
r=0
readelf -d "$library" | awk '/NEEDED/ && !/libc\.so|libprotobuf-c\.so|libuuid\.so|lib(a|ub|t)san|ld-linux/ { print; bad = 1 }
	END { exit bad }' || r=1
check $r "the library needs the C library, protobuf-c and libuuid only"

# The header, found where a program finds it, twice and alone.
mkdir "$work/include"
cp "$header" "$work/include/ffa-client.h"
printf '#include <ffa-client.h>\n#include <ffa-client.h>\nint main(void) { return ffa_client_free(NULL) != NULL; }\n' \
	>"$work/main.c"
cp "$work/main.c" "$work/main.cpp"
for std in c11 c17; do
	r=0
	$cc -std=$std -pedantic-errors -Wall -Wextra -Werror -I"$work/include" -c "$work/main.c" -o "$work/main.o" ||
		r=1
	check $r "the header stands alone in $std"
done
if [ -n "$cxx" ]; then
	for std in c++11 c++17; do
		r=0
		$cxx -std=$std -pedantic-errors -Wall -Wextra -Werror -I"$work/include" -c "$work/main.cpp" \
			-o "$work/main.o" || r=1
		check $r "the header stands alone in $std"
	done
else
	echo "ok - the header in C++ # SKIP there is no C++ compiler"
fi

exit $failed
