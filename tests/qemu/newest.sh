# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# The newest arm64 kernel that Debian builds: its image and some of its modules, and a root file system with the compiler that
# its headers want, since neither that compiler nor the headers' own programs run on older systems.

# What is kept of the modules, each behind those that it needs.
newest_modules=(ffa-core ffa-module rpmb-core tee optee)

# fetch_newest RELEASE: image/vmlinuz and image/NAME.ko. A kernel package may be an empty one that depends on its parts.
fetch_newest() {
	local parts name
	parts=$(apt-cache show "linux-image-$1:arm64" | sed -n 's/^Depends: //p' | tr ', |' '\n\n\n' |
		grep -E '^linux-(binary|modules)-' | sed 's/$/:arm64/')
	# shellcheck disable=SC2086 # a list of words
	fetch_debs "linux-image-$1:arm64" $parts
	mkdir image
	find . -path "./image" -prune -o -name 'vmlinuz*' -type f -exec mv {} image/vmlinuz \;
	for name in "${newest_modules[@]}"; do
		find . -path "./image" -prune -o -name "$name.ko*" -type f -exec mv {} image/ \;
	done
	find . -mindepth 1 -maxdepth 1 ! -name image -exec rm -rf {} +
	find image -name '*.ko.xz' -exec xz -d {} \;
	[ -s image/vmlinuz ] && [ -s image/ffa-core.ko ] && [ -s image/ffa-module.ko ] && [ -s image/optee.ko ]
}

# get_newest: $release, and $image, the folder of its image and modules.
get_newest() {
	release=$(kernel_release sid) || unavailable "no arm64 kernel in Debian's sid"
	kept "newest-$release" fetch_newest "$release" || unavailable "the kernel $release cannot be fetched"
	image=$kept/image
}

# fetch_builder RELEASE COMPILER-MAJOR COMMON KBUILD: the folder root.
fetch_builder() {
	local key=/usr/share/keyrings/debian-archive-keyring.gpg packages
	packages=gcc-$2-$triplet,make,bash,dash,coreutils,sed,gawk,grep,findutils,perl-base,sparse,$4
	# A mirror may stand still for longer than sid's lists say that they are good; their signatures are checked.
	env -u APT_CONFIG mmdebstrap --quiet --variant=extract --architectures=amd64 "--include=$packages" \
		--aptopt='APT::Sandbox::User "root"' --aptopt='Acquire::Check-Valid-Until "false"' sid root \
		"deb [signed-by=$key] $(site_of bookworm) sid main" || return 1
	apt-get download -qq "linux-headers-$1:arm64" "$3" || return 1
	for deb in *.deb; do
		dpkg-deb -x "$deb" root
		rm "$deb"
	done
	ln -sf gawk root/usr/bin/awk
	# Debian's packages leave out the script that tells Kbuild whether sparse can be used.
	printf '#!/bin/sh\ncommand -v sparse >/dev/null && echo 1\n' >"root/usr/lib/$4/scripts/checker-valid.sh"
	chmod 755 "root/usr/lib/$4/scripts/checker-valid.sh"
}

# get_builder RELEASE: $builder, a root file system with headers and compiler, and $compiler_major.
get_builder() {
	local depends common kbuild
	[ "$(id -u)" -eq 0 ] || unavailable "only root can build for Linux $1: its compiler needs a root file system of its own"
	depends=$(apt-cache show "linux-headers-$1:arm64" | sed -n 's/^Depends: //p' | tr ', ' '\n\n')
	common=$(grep -m 1 '^linux-headers-.*common$' <<<"$depends")
	kbuild=$(grep -m 1 '^linux-kbuild-' <<<"$depends")
	compiler_major=$(sed -n 's/^gcc-\([0-9]*\)-for-host.*/\1/p; s/^gcc-\([0-9]*\)$/\1/p' <<<"$depends" | head -n 1)
	[ -n "$compiler_major" ] || unavailable "the headers of Linux $1 name no compiler"
	kept "builder-$1" fetch_builder "$1" "$compiler_major" "$common" "$kbuild" ||
		unavailable "the compiler for Linux $1 cannot be fetched"
	builder=$kept/root
}

# build_in_builder RELEASE FOLDER [ARGUMENT…]: the module of FOLDER, in place; make's output on stdout.
build_in_builder() {
	local release=$1 folder=$2 work
	shift 2
	work=$(mktemp -d "$builder/tmp/module.XXXXXX") || return 1
	cp -r "$folder/." "$work/"
	chroot "$builder" /usr/bin/env -i PATH=/usr/bin:/bin HOME=/ make -s -C "/usr/src/linux-headers-$release" \
		"M=/tmp/${work##*/}" ARCH=arm64 "CROSS_COMPILE=$triplet-" "CC=$triplet-gcc-$compiler_major" \
		CONFIG_DEBUG_INFO_BTF_MODULES= "$@" modules 2>&1
	local status=$?
	[ "$status" -ne 0 ] || cp "$work/ffa-shim.ko" "$folder/"
	rm -rf "$work"
	return "$status"
}
