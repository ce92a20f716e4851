# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# A Debian arm64 root file system with systemd.

# What ffad and its commands are linked with comes with the packages that a user would install.
debian_packages=systemd,systemd-sysv,udev,dbus,kmod,util-linux,libevent-core-2.1-7,libevent-pthreads-2.1-7,libprotobuf-c1,libuuid1,libsystemd0,libfdt1,libinih1,libsmartcols1

# Configuring the packages runs their programs.
with_arm64_programs() {
	local misc=/proc/sys/fs/binfmt_misc added= status
	mountpoint -q "$misc" || mount -t binfmt_misc binfmt_misc "$misc" || return 1
	if [ ! -e "$misc/qemu-aarch64" ]; then
		# F: the interpreter is opened here, so that it need not be inside the root.
		printf '%s' ':qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-aarch64-static:F' \
			>"$misc/register" || return 1
		added=yes
	fi
	"$@"
	status=$?
	[ -z "$added" ] || echo -1 >"$misc/qemu-aarch64"
	return $status
}

fetch_debian() {
	# By way of an archive: should it fail, there is nothing mounted that somebody removes.
	with_arm64_programs env -u APT_CONFIG mmdebstrap --quiet --skip=check/qemu --mode=root --variant=minbase --architectures=arm64 \
		"--include=$debian_packages" --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' --aptopt='Acquire::Languages "none"' bookworm root.tar \
		"$(site_of bookworm)" || return 1
	mkdir root && tar -C root -xpf root.tar --numeric-owner && rm root.tar || return 1
	rm -rf root/var/lib/apt/lists/* root/var/cache/apt/* root/usr/share/zoneinfo root/usr/share/i18n \
		root/usr/lib/aarch64-linux-gnu/perl-base root/usr/lib/aarch64-linux-gnu/gconv
}

# get_debian: $debian is the root file system's folder.
get_debian() {
	command -v mmdebstrap >/dev/null || unavailable "mmdebstrap is missing: apt-get install mmdebstrap"
	[ -x /usr/bin/qemu-aarch64-static ] || unavailable "qemu-aarch64-static is missing: apt-get install qemu-user-static"
	[ "$(id -u)" -eq 0 ] || unavailable "only root can make a Debian root file system for another architecture"
	kept "debian-$(hash_of "$debian_packages" "$here/debian.sh")" fetch_debian ||
		unavailable "Debian for arm64 cannot be fetched or configured here"
	debian=$kept/root
}
