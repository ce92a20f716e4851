# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# Shared by the scripts of this folder: where things are kept, and what is taken from Debian.
#
# Everything slow is kept in $FFAD_CACHE (default: ~/.cache/ffad), in folders named after a hash of what went into them. A
# missing cache costs time and nothing else.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
top=$(cd "$here/../.." && pwd)
cache=${FFAD_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ffad}
build=${FFAD_BUILD_DIR:-$top/build}-arm64
triplet=aarch64-linux-gnu
setup_options=() # more of them for build_guest
mkdir -p "$cache"

# A thing that cannot be had here: the caller counts it as skipped.
unavailable() {
	echo "  SKIP: $*"
	exit 77
}

# hash_of WORD|FILE…: of the words themselves and the contents of the files among them.
hash_of() {
	for word; do
		if [ -f "$word" ]; then cat "$word"; else echo "$word"; fi
	done | sha256sum | cut -c1-16
}

# kept NAME FUNCTION ARGUMENT…: prints nothing; $kept is the folder that FUNCTION filled, now or earlier. FUNCTION runs in an
# empty folder, with its output in a log.
kept() {
	local name=$1 work
	shift
	kept=$cache/$name
	[ -d "$kept" ] && return 0
	work=$(mktemp -d "$cache/.$name.XXXXXX") || return 1
	echo "  making $name"
	if ! (cd "$work" && "$@") >"$work.log" 2>&1; then
		tail -n 20 "$work.log"
		rm -rf "$work"
		return 1
	fi
	rm -f "$work.log"
	# Somebody else may have been faster.
	mv -T "$work" "$kept" 2>/dev/null || rm -rf "$work"
}

# ---- Debian ----

# site_of SUITE: where this machine's own apt configuration finds a suite.
site_of() {
	env -u APT_CONFIG apt-get indextargets --format '$(SITE) $(RELEASE)' | awk -v suite="$1" '$2 == suite { print $1; exit }'
}

# A view on suites that this system does not use; nothing of the system's own is touched. Lists are fetched once a day.
apt_view() {
	local view=$cache/apt mirror security key=/usr/share/keyrings/debian-archive-keyring.gpg
	mirror=$(site_of bookworm)
	[ -n "$mirror" ] || mirror=$(site_of trixie)
	security=$(site_of bookworm-security)
	[ -n "$mirror" ] || unavailable "no Debian mirror is configured here"
	mkdir -p "$view/lists/partial" "$view/cache/archives/partial"
	{
		echo "deb-src [signed-by=$key] $mirror trixie main"
		echo "deb-src [signed-by=$key] $mirror sid main"
		echo "deb [arch=amd64,arm64 signed-by=$key] $mirror bookworm main"
		[ -z "$security" ] || echo "deb [arch=amd64,arm64 signed-by=$key] $security bookworm-security main"
		echo "deb [arch=amd64,arm64 signed-by=$key] $mirror bookworm-backports main"
		echo "deb [arch=amd64,arm64 signed-by=$key] $mirror sid main"
	} >"$view/sources.list"
	cat >"$view/apt.conf" <<-EOF
		Dir::State::lists "$view/lists";
		Dir::Cache "$view/cache";
		Dir::Etc::sourcelist "$view/sources.list";
		Dir::Etc::sourceparts "-";
		APT::Sandbox::User "root";
		Acquire::Languages "none";
	EOF
	export APT_CONFIG=$view/apt.conf
	if [ -z "$(find "$view/updated" -mtime -1 2>/dev/null)" ]; then
		echo "  reading Debian's package lists"
		apt-get update -qq >/dev/null 2>&1 || unavailable "Debian's package lists cannot be read"
		rm -f "$view"/release.*
		touch "$view/updated"
	fi
}

# kernel_release SUITE: name of the newest arm64 kernel of a suite, as "6.12.95+deb12-arm64".
kernel_release() {
	local version known=$cache/apt/release.$1
	if [ -s "$known" ]; then
		cat "$known"
		return
	fi
	version=$(apt-cache madison linux-image-arm64:arm64 | awk -F' *[|] *' -v suite="$1/" '$3 ~ suite { print $2; exit }')
	[ -n "$version" ] || return 1
	apt-cache show "linux-image-arm64:arm64=$version" |
		sed -n 's/^Depends:.*linux-image-\([^ ,]*-arm64\).*/\1/p' | head -n 1 | tee "$known"
}

fetch_debs() {
	apt-get download -qq "$@"
	for deb in *.deb; do
		dpkg-deb -x "$deb" .
		rm "$deb"
	done
}

# Kernel image, modules and headers, ready for building a module against them.
fetch_kernel() {
	local release=$1 depends common kbuild
	depends=$(apt-cache show "linux-headers-$release:arm64" | sed -n 's/^Depends: //p' | tr ', ' '\n\n')
	common=$(grep -m 1 '^linux-headers-.*common$' <<<"$depends")
	kbuild=$(grep -m 1 '^linux-kbuild-' <<<"$depends")
	fetch_debs "linux-image-$release:arm64" "linux-headers-$release:arm64" "$common" "$kbuild:amd64"
	# The headers name their common part by its installed place.
	sed -i "s#include /usr/src/#include $kept/usr/src/#" "usr/src/linux-headers-$release/Makefile"
}

fetch_sysroot() {
	env -u APT_CONFIG mmdebstrap --quiet --variant=extract --architectures=arm64 "--include=$1" bookworm sysroot \
		"$(site_of bookworm)"
}

# $kernel: folder and $release of a suite's kernel; $busybox; $sysroot.
get_kernel() {
	release=$(kernel_release "$1") || unavailable "no arm64 kernel in Debian's $1"
	kept "kernel-$release" fetch_kernel "$release" || unavailable "the kernel $release cannot be fetched"
	kernel=$kept
}

get_busybox() {
	kept busybox-arm64 fetch_debs busybox-static:arm64 || unavailable "busybox for arm64 cannot be fetched"
	busybox=$(find "$kept" -path '*/bin/busybox' -type f | head -n 1)
}

get_sysroot() {
	local packages=libevent-dev,libprotobuf-c-dev,uuid-dev,libsystemd-dev,libfdt-dev,libinih-dev,libsmartcols-dev,libcmocka-dev,libc6-dev
	kept "sysroot-$(hash_of "$packages")" fetch_sysroot "$packages" || unavailable "arm64 libraries cannot be fetched"
	sysroot=$kept/sysroot
}

# ---- ffad and the module for arm64 ----

# build_guest TARGET…: cross-built in $build.
build_guest() {
	local cross=$build/cross.txt log
	log=$(mktemp)
	mkdir -p "$build"
	sed "s#@SYSROOT@#$sysroot#g" "$here/aarch64.cross.in" >"$cross.new"
	cmp -s "$cross.new" "$cross" || cp "$cross.new" "$cross"
	if [ ! -f "$build/build.ninja" ] && ! meson setup --cross-file "$cross" "${setup_options[@]}" "$build" "$top" >"$log" 2>&1; then
		tail -n 20 "$log"
		return 1
	fi
	if ! ninja -C "$build" "$@" >"$log" 2>&1; then
		tail -n 40 "$log"
		return 1
	fi
	rm -f "$log"
}

# build_module: $module for the kernel of get_kernel().
build_module() {
	local work headers=$kernel/usr/src/linux-headers-$release major compiler
	work=$build/kmod-$release
	# The compiler that the headers were made with, where it is to be had.
	major=$(sed -n 's/^CONFIG_GCC_VERSION=\([0-9]*\)[0-9]\{4\}$/\1/p' "$headers/.config")
	compiler=$triplet-gcc-$major
	command -v "$compiler" >/dev/null || compiler=$triplet-gcc
	rm -rf "$work"
	mkdir -p "$work"
	cp -r "$top/kmod-shim/." "$work/"
	if ! make -s -C "$headers" "M=$work" ARCH=arm64 "CROSS_COMPILE=$triplet-" "CC=$compiler" \
		CONFIG_DEBUG_INFO_BTF_MODULES= W=1 modules >"$work/log" 2>&1; then
		tail -n 20 "$work/log"
		return 1
	fi
	if [ -s "$work/log" ]; then
		cat "$work/log"
		echo "the module does not build without warnings"
		return 1
	fi
	module=$work/ffa-shim.ko
}

# ---- The initial RAM disk ----

# add_programs ROOT PROGRAM…: programs of $build, and the libraries they need.
add_programs() {
	local root=$1 file library found todo
	shift
	mkdir -p "$root/bin" "$root/lib"
	for file; do
		cp "$build/$file" "$root/bin/"
	done
	cp -L "$build"/client-lib/libffa-client.so.0 "$root/lib/"
	find "$sysroot/lib" "$sysroot/usr/lib" -name ld-linux-aarch64.so.1 -exec cp -L {} "$root/lib/" \; -quit
	todo=yes
	while [ -n "$todo" ]; do
		todo=
		for library in $(find "$root/bin" "$root/lib" -type f -exec "$triplet-readelf" -d {} + 2>/dev/null |
			sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u); do
			[ -e "$root/lib/$library" ] && continue
			found=$(find "$sysroot/lib/" "$sysroot/usr/lib/" -name "$library" -print -quit)
			[ -n "$found" ] || { echo "no $library for arm64" && return 1; }
			cp -L "$found" "$root/lib/$library"
			todo=yes
		done
	done
	find "$root/bin" "$root/lib" -type f -exec "$triplet-strip" -g {} + 2>/dev/null
	return 0
}

# pack ROOT FILE
pack() {
	(cd "$1" && find . | cpio -o -H newc --quiet | gzip -1) >"$2"
}

# make_root ROOT: busybox with the usual names, and folders.
make_root() {
	local root=$1 name
	rm -rf "$root"
	mkdir -p "$root"/{bin,lib,proc,sys,dev,run,etc,tmp}
	cp "$busybox" "$root/bin/busybox"
	for name in sh mount cat ls grep sed awk cut insmod rmmod dmesg poweroff sleep tail head id mknod kill mkdir wc tr od \
		date env setpriv timeout cp rm test printf seq uname sort su true false; do
		ln -sf busybox "$root/bin/$name"
	done
	printf 'root:x:0:0::/:/bin/sh\nffad:x:990:990::/:/bin/false\nnobody:x:65534:65534::/:/bin/sh\n' >"$root/etc/passwd"
	printf 'root:x:0:\nffad:x:990:\nnogroup:x:65534:\n' >"$root/etc/group"
	cp "$here/guest/lib.sh" "$root/lib.sh"
}

# ---- Results ----

# guest_count LOG STACK: prints what failed and was skipped, then the guest's own count; fails without its last line.
guest_count() {
	local log=$1 stack=$2
	tr -d '\r' <"$log" | grep -aE '^(not ok|FACT|SKIP) ' | sed 's/^/  /'
	if ! tr -d '\r' <"$log" | grep -aq '^GUEST DONE$'; then
		echo "  the guest did not come to its end; the last lines of $log:"
		tr -d '\r' <"$log" | tail -n 25 | cut -c1-160
		echo "$stack: 0 passed, 1 failed, 0 skipped"
		return 1
	fi
	tr -d '\r' <"$log" | sed -n "s/^GUEST COUNT /$stack: /p"
}
