# shellcheck shell=bash
# SPDX-License-Identifier: BSD-3-Clause
# TF-A (SPMD at EL3) and OP-TEE (SPMC at S-EL1) with our secure partitions, from Debian's source packages.

tfa_version=2.12.1+dfsg-1
optee_version=4.10.0-2

# unpack PACKAGE VERSION FOLDER: a source package with Debian's patches.
unpack() {
	apt-get source -qq --download-only "$1=$2"
	mkdir -p "$3" "$3.deb"
	tar xf "$1"_*.orig.tar.* -C "$3" --strip-components=1
	tar xf "$1"_*.debian.tar.xz -C "$3.deb"
	grep -v '^#' "$3.deb/debian/patches/series" | while read -r patch; do
		patch -s -d "$3" -p1 <"$3.deb/debian/patches/$patch"
	done
}

fetch_firmware_sources() {
	unpack arm-trusted-firmware "$tfa_version" tfa && unpack optee-os "$optee_version" optee
}

# add_partition NUMBER UUID ACTION [OPTION…]: image and manifest, where OP-TEE's build looks for them.
add_partition() {
	local number=$1 uuid=$2 action=$3 words
	shift 3
	words=$(echo "$uuid" | tr -d - | sed 's/\(..\)\(..\)\(..\)\(..\)/0x\4\3\2\1 /g')
	mkdir -p sp/bin sp/manifest
	"$triplet-gcc" -Os -Wall -Wextra -Werror -std=gnu17 -ffreestanding -fPIE -mgeneral-regs-only -fno-stack-protector \
		-mbranch-protection=none -ffixed-x18 -fno-asynchronous-unwind-tables -nostdlib -static \
		-Wl,--build-id=none -Wl,--no-warn-rwx-segments "-I$top" "$@" -Wl,-T,"$here/sp/sp.ld" "$here/sp/sp.c" \
		-o "sp/$uuid.elf" || return 1
	"$triplet-objcopy" -O binary "sp/$uuid.elf" "sp/bin/$uuid.bin"
	sed "s/@NAME@/sp$number/; s/@UUID@/$words/; s/@ID@/0x810$number/; s/@ORDER@/$number/; s/@ACTION@/$action/" \
		"$here/sp/sp.dts.in" | dtc -q -I dts -O dtb -o "sp/manifest/$uuid.dtb" -
}

# The first is interrupted and resumed, the second runs through, the third is a plain echo.
build_partitions() {
	add_partition 1 11111111-2222-3333-4444-555566667777 2 &&
		add_partition 2 aaaaaaaa-bbbb-cccc-dddd-eeeeffff0001 0 &&
		add_partition 3 7d0a6c55-3f21-4c0e-9d43-86b1f0a2c903 2 -DSP_ECHO=1
}

# build_firmware SOURCES: leaves flash.bin.
build_firmware() {
	local sources=$1 core
	build_partitions || return 1
	make -s -C "$sources/optee" -j"$(nproc)" "O=$PWD/optee" PYTHON3=/usr/bin/python3 "CROSS_COMPILE64=$triplet-" \
		PLATFORM=vexpress-qemu_armv8a CFG_ARM64_core=y CFG_USER_TA_TARGETS=ta_arm64 CFG_ARM_GICV3=y \
		CFG_CORE_SEL1_SPMC=y CFG_SECURE_PARTITION=y "SP_PATHS=$(echo "$PWD"/sp/bin/*.bin)" \
		CFG_TEE_CORE_LOG_LEVEL=2 CFG_TEE_BENCHMARK=n CFG_WERROR=n || return 1
	core=$PWD/optee/core
	make -s -C "$sources/tfa" -j"$(nproc)" PLAT=qemu "CROSS_COMPILE=$triplet-" DEBUG=0 LOG_LEVEL=20 \
		"BUILD_BASE=$PWD/tfa" QEMU_USE_GIC_DRIVER=QEMU_GICV3 SPD=spmd SPMD_SPM_AT_SEL2=0 SPMC_OPTEE=1 \
		CTX_INCLUDE_EL2_REGS=0 ENABLE_SME_FOR_NS=0 ENABLE_SME_FOR_SWD=0 ENABLE_SVE_FOR_NS=0 \
		"QEMU_TOS_FW_CONFIG_DTS=$here/spmc.dts" BL32_RAM_LOCATION=tdram \
		ARM_LINUX_KERNEL_AS_BL33=1 PRELOADED_BL33_BASE=0x50000000 \
		"BL32=$core/tee-header_v2.bin" "BL32_EXTRA1=$core/tee-pager_v2.bin" "BL32_EXTRA2=$core/tee-pageable_v2.bin" \
		qemu_fw.bios || return 1
	cp tfa/qemu/release/qemu_fw.bios flash.bin
	rm -rf optee tfa
}

# get_firmware: $firmware is the flash image.
get_firmware() {
	local sources
	kept "firmware-sources-$(hash_of "$tfa_version" "$optee_version")" fetch_firmware_sources ||
		unavailable "the sources of TF-A $tfa_version and OP-TEE $optee_version cannot be fetched"
	sources=$kept
	kept "firmware-$(hash_of "$tfa_version" "$optee_version" "$here"/firmware.sh "$here"/spmc.dts "$here"/sp/* "$top"/abi/*.h)" \
		build_firmware "$sources" || return 1
	firmware=$kept/flash.bin
}
