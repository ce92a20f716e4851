/* SPDX-License-Identifier: BSD-3-Clause */
/* What the manifest loader refuses: a sound manifest with one thing changed, and the sentence about it. */
#pragma once

struct manifest_case {
	const char *drop; /* names of default properties to leave out, each followed by a blank */
	const char *add;  /* what to add to the root node */
	const char *sentence;
};

#define MEMORY(text) "memory-regions { compatible = \"arm,ffa-manifest-memory-regions\"; " text " };"
#define DEVICES(text) "device-regions { compatible = \"arm,ffa-manifest-device-regions\"; " text " };"
#define SERVICES(text) "services { compatible = \"arm,ffa-manifest-services\"; " text " };"
#define BUFFERS(text) "rx_tx-info { compatible = \"arm,ffa-manifest-rx_tx-buffer\"; " text " };"
#define UUID_A "\"b4b5671e-4a90-4fe1-b81f-fb13dae1dacb\""
#define UUID_B "\"fed46119-b57c-449f-a852-c15fd346b1fc\""
#define REGION "pages-count = <1>; attributes = <3>; "

static const struct manifest_case refused_cases[] = {
	{ "compatible ", "",
	  "t.dts: /: compatible: is no FF-A partition manifest; set \"arm,ffa-manifest-1.0\" or \"-1.1\"" },
	{ "compatible ", "compatible = \"arm,ffa-core-manifest-1.0\";",
	  "t.dts: /: compatible: is no FF-A partition manifest; set \"arm,ffa-manifest-1.0\" or \"-1.1\"" },
	{ "compatible ", "compatible = \"arm,ffa-manifest-2.0\";",
	  "t.dts: /: compatible: manifest version 2.0 is unknown; use \"arm,ffa-manifest-1.0\" or \"-1.1\"" },
	{ "compatible ", "compatible = \"arm,ffa-manifest-1.x\";",
	  "t.dts: /: compatible: manifest version 1.x is unknown; use \"arm,ffa-manifest-1.0\" or \"-1.1\"" },
	{ "ffa-version ", "",
	  "t.dts: /: ffa-version: is missing; use major << 16 | minor, as in <0x00010002>" },
	{ "ffa-version ", "ffa-version = <0x00020000>;",
	  "t.dts: /: ffa-version: 0x00020000 is no version that can be simulated; use 1.0 (<0x00010000>) to "
	  "1.3 (<0x00010003>)" },
	{ "ffa-version ", "ffa-version = <0x00010004>;",
	  "t.dts: /: ffa-version: 0x00010004 is no version that can be simulated; use 1.0 (<0x00010000>) to "
	  "1.3 (<0x00010003>)" },
	{ "ffa-version ", "ffa-version = <0x80010000>;",
	  "t.dts: /: ffa-version: 0x80010000 is no version that can be simulated; use 1.0 (<0x00010000>) to "
	  "1.3 (<0x00010003>)" },
	{ "ffa-version ", "ffa-version = <0x00010000 0>;",
	  "t.dts: /: ffa-version: has 8 bytes where 4 belong; use major << 16 | minor, as in <0x00010002>" },
	{ "ffa-version ", "ffa-version = \"1.2\";",
	  "t.dts: /: ffa-version: 0x312e3200 is no version that can be simulated; use 1.0 (<0x00010000>) to "
	  "1.3 (<0x00010003>)" },
	{ "", "id = <0>;", "t.dts: /: id: 0x8000 belongs to the firmware itself; use <0x8001> to <0xfffe>" },
	{ "", "id = <0x8000>;",
	  "t.dts: /: id: 0x8000 belongs to the firmware itself; use <0x8001> to <0xfffe>" },
	{ "", "id = <0xffff>;",
	  "t.dts: /: id: 0xffff belongs to the firmware itself; use <0x8001> to <0xfffe>" },
	{ "", "id = <0x7fff>;",
	  "t.dts: /: id: 0xffff belongs to the firmware itself; use <0x8001> to <0xfffe>" },
	{ "", "id = <0x10001>;",
	  "t.dts: /: id: cannot be 0x10001; use an endpoint id of 16 bits, as in <0x8001>" },
	{ "", "auxiliary-id = <0x10000>;",
	  "t.dts: /: auxiliary-id: cannot be 0x10000; use an endpoint id of 16 bits" },
	{ "uuid ", "",
	  "t.dts: /: uuid: is missing; give the protocol's UUID as four cells (or a services node)" },
	{ "messaging-method ", "",
	  "t.dts: /: messaging-method: is missing; use 1 (receive direct requests), 2 (send them), 4 "
	  "(indirect messages), 0x200 and 0x400 (receive and send REQ2)" },
	{ "uuid ", "uuid = <1 2 3>;",
	  "t.dts: /: uuid: has 12 bytes, which is no list of 4-cell entries; give 4 cells for each" },
	{ "uuid ", "uuid;",
	  "t.dts: /: uuid: has 0 bytes, which is no list of 4-cell entries; give 4 cells for each" },
	{ "uuid ", "uuid = <0 0 0 0>;",
	  "t.dts: /: uuid: is nil, which means every partition in a query; choose one (uuidgen)" },
	{ "uuid ", "uuid = <1 2 3 4 1 2 3 4>;",
	  "t.dts: /: uuid: 01000000-0200-0000-0300-000004000000 is listed twice in this manifest; remove "
	  "one" },
	{ "uuid ",
	  "uuid = <1 2 3 4  1 2 3 5  1 2 3 6  1 2 3 7  1 2 3 8  1 2 3 9  1 2 3 10  1 2 3 11  1 2 3 12>;",
	  "t.dts: /: uuid: has 9 entries; at most 8 are supported" },
	{ "uuid messaging-method ", "uuid = <1 2 3 4 1 2 3 5 1 2 3 6>; messaging-method = <1 1>;",
	  "t.dts: /: messaging-method: has 2 values for 3 UUIDs; give one for all or one for each" },
	{ "messaging-method ", "messaging-method = <0x8>;",
	  "t.dts: /: messaging-method: 0x8 has reserved bits; use 1 (receive direct requests), 2 (send "
	  "them), 4 (indirect messages), 0x200 and 0x400 (receive and send REQ2)" },
	{ "messaging-method ffa-version ", "messaging-method = <0x200>; ffa-version = <0x00010001>;",
	  "t.dts: /: messaging-method: 0x200 names REQ2 (bits 9, 10), which came with FF-A 1.2; raise "
	  "ffa-version to <0x00010002> or clear the bits" },
	{ "messaging-method ffa-version ", "messaging-method = <0x400>; ffa-version = <0x00010000>;",
	  "t.dts: /: messaging-method: 0x400 names REQ2 (bits 9, 10), which came with FF-A 1.2; raise "
	  "ffa-version to <0x00010002> or clear the bits" },
	{ "", SERVICES("a { uuid = " UUID_A "; messaging-method = <3>; };"),
	  "t.dts: /: uuid: contradicts the services node; keep the UUIDs and methods in one place" },
	{ "uuid messaging-method ", SERVICES(""),
	  "t.dts: /services: is empty; add a node with uuid and messaging-method for each service" },
	{ "uuid messaging-method ",
	  SERVICES("a { uuid = " UUID_A "; messaging-method = <3>; };"
		   "b { uuid = " UUID_A "; messaging-method = <3>; };"),
	  "t.dts: /services/b: uuid: b4b5671e-4a90-4fe1-b81f-fb13dae1dacb is listed twice in this manifest; "
	  "remove one" },
	{ "uuid messaging-method ",
	  SERVICES("a { uuid = \"00000000-0000-0000-0000-000000000000\"; messaging-method = <3>; };"),
	  "t.dts: /services/a: uuid: is nil, which means every partition in a query; choose one (uuidgen)" },
	{ "uuid messaging-method ", SERVICES("a { uuid = \"b4b5671e\"; messaging-method = <3>; };"),
	  "t.dts: /services/a: uuid: \"b4b5671e\" is no UUID; use the form "
	  "\"b4b5671e-4a90-4fe1-b81f-fb13dae1dacb\"" },
	{ "uuid messaging-method ", SERVICES("a { uuid = <1 2 3 4>; messaging-method = <3>; };"),
	  "t.dts: /services/a: uuid: is not one string; write it in quotes" },
	{ "uuid messaging-method ", SERVICES("a { messaging-method = <3>; };"),
	  "t.dts: /services/a: uuid: is missing; add it as a string" },
	{ "uuid messaging-method ", SERVICES("a { uuid = " UUID_A "; };"),
	  "t.dts: /services/a: messaging-method: is missing; use 1 (receive direct requests), 2 (send them), "
	  "4 (indirect messages), 0x200 and 0x400 (receive and send REQ2)" },
	{ "uuid messaging-method ffa-version ",
	  "ffa-version = <0x00010001>;" SERVICES("a { uuid = " UUID_A "; messaging-method = <0x203>; };"),
	  "t.dts: /services/a: messaging-method: 0x203 names REQ2 (bits 9, 10), which came with FF-A 1.2; "
	  "raise ffa-version to <0x00010002> or clear the bits" },
	{ "uuid messaging-method ", SERVICES("a {}; b {}; c {}; d {}; e {}; f {}; g {}; h {}; i {};"),
	  "t.dts: /services: has 9 services; at most 8 are supported" },
	{ "uuid messaging-method ", "services { a { uuid = " UUID_A "; messaging-method = <3>; }; };",
	  "t.dts: /services: compatible: must be \"arm,ffa-manifest-services\"; set it" },
	{ "uuid messaging-method ",
	  SERVICES("a { uuid = " UUID_A
		   "; messaging-method = <3>; };") "more { compatible = \"arm,ffa-manifest-services\"; };",
	  "t.dts: /more: is a second node of this kind (\"arm,ffa-manifest-services\"); join them" },
	{ "execution-ctx-count ", "",
	  "t.dts: /: execution-ctx-count: is missing; use 1, or one per CPU (64 at most)" },
	{ "execution-ctx-count ", "execution-ctx-count = <0>;",
	  "t.dts: /: execution-ctx-count: cannot be 0x0; use 1, or one per CPU (64 at most)" },
	{ "execution-ctx-count ", "execution-ctx-count = <65>;",
	  "t.dts: /: execution-ctx-count: cannot be 0x41; use 1, or one per CPU (64 at most)" },
	{ "execution-ctx-count exception-level ", "execution-ctx-count = <2>; exception-level = <1>;",
	  "t.dts: /: execution-ctx-count: a partition at S-EL0 has one execution context; use <1>" },
	{ "exception-level ", "exception-level = <1>; ffad,sim-ctx-per-cpu;",
	  "t.dts: /: execution-ctx-count: a partition at S-EL0 has one execution context; use <1>" },
	{ "exception-level ", "",
	  "t.dts: /: exception-level: is missing; use <1> for S-EL0 or <2> for S-EL1 (there are only secure "
	  "partitions here)" },
	{ "exception-level ", "exception-level = <0>;",
	  "t.dts: /: exception-level: cannot be 0x0; use <1> for S-EL0 or <2> for S-EL1 (there are only "
	  "secure partitions here)" },
	{ "exception-level ", "exception-level = <3>;",
	  "t.dts: /: exception-level: cannot be 0x3; use <1> for S-EL0 or <2> for S-EL1 (there are only "
	  "secure partitions here)" },
	{ "execution-state ", "",
	  "t.dts: /: execution-state: is missing; use <0> for AArch64 or <1> for AArch32" },
	{ "execution-state ", "execution-state = <2>;",
	  "t.dts: /: execution-state: cannot be 0x2; use <0> for AArch64 or <1> for AArch32" },
	{ "", "xlat-granule = <3>;",
	  "t.dts: /: xlat-granule: cannot be 0x3; use <0> for 4K, <1> for 16K, <2> for 64K" },
	{ "", "boot-order = <0x10000>;",
	  "t.dts: /: boot-order: cannot be 0x10000; use a number up to 0xffff" },
	{ "", "ns-interrupts-action = <3>;",
	  "t.dts: /: ns-interrupts-action: cannot be 0x3; use <0> queued, <1> managed exit, <2> signaled" },
	{ "exception-level ", "exception-level = <1>; ns-interrupts-action = <1>;",
	  "t.dts: /: ns-interrupts-action: a partition at S-EL0 cannot make a managed exit; use <0> or <2>" },
	{ "exception-level ", "exception-level = <1>; managed-exit;",
	  "t.dts: /: managed-exit: a partition at S-EL0 cannot make a managed exit; use <0> or <2>" },
	{ "", "other-s-interrupts-action = <0>; ns-interrupts-action = <2>;",
	  "t.dts: /: other-s-interrupts-action: secure interrupts can only be queued when non-secure ones "
	  "are; set ns-interrupts-action to <0> or this to <1>" },
	{ "", "other-s-interrupts-action = <2>;",
	  "t.dts: /: other-s-interrupts-action: cannot be 0x2; use <0> queued, <1> signaled" },
	{ "", "sri-interrupts-policy = <4>;",
	  "t.dts: /: sri-interrupts-policy: cannot be 0x4; use bits 0 and 1 only" },
	{ "exception-level ", "exception-level = <1>; sri-interrupts-policy = <1>;",
	  "t.dts: /: sri-interrupts-policy: is not for S-EL0; remove it" },
	{ "", "gp-register-num = <8>;", "t.dts: /: gp-register-num: cannot be 0x8; use a register x0 to x3" },
	{ "", "power-management-messages = <8>;",
	  "t.dts: /: power-management-messages: cannot be 0x8; use bits 0 (CPU_OFF), 1 (SUSPEND), 2 "
	  "(SUSPEND_RESUME)" },
	{ "", "vm-availability-messages = <4>;",
	  "t.dts: /: vm-availability-messages: cannot be 0x4; bits [31:2] are reserved: use bits 0 (VM "
	  "created) and 1 (VM destroyed)" },
	{ "messaging-method ", "messaging-method = <2>; vm-availability-messages = <1>;",
	  "t.dts: /: vm-availability-messages: come as direct requests, which no messaging-method receives; "
	  "set its bit 0" },
	{ "", "notification-support = <1>;",
	  "t.dts: /: notification-support: has a value of 4 bytes, but is true by being there; remove the "
	  "value (or the property, for false)" },
	{ "", "description = \"a\", \"b\";", "t.dts: /: description: is not one string; write it in quotes" },
	{ "", "description;", "t.dts: /: description: is not one string; write it in quotes" },
	{ "", "image-uuid = <1 2 3>;",
	  "t.dts: /: image-uuid: has 12 bytes, which is no list of 4-cell entries; give 4 cells for each" },
	{ "", "image-uuid = <0 0 0 0>;", "t.dts: /: image-uuid: is nil; choose one (uuidgen)" },
	{ "uuid ", "uuid = <1 2 3 4>; image-uuid = <1 2 3 4>;",
	  "t.dts: /: image-uuid: is also a protocol UUID; choose another (uuidgen)" },
	{ "execution-ctx-count ", "execution-ctx-count = <8>; lifecycle-support;",
	  "t.dts: /: lifecycle-support: is for partitions with one execution context; set "
	  "execution-ctx-count to <1>" },
	{ "", "abort-action = <1>;", "t.dts: /: abort-action: needs lifecycle-support; add it" },
	{ "", "abort-action = <4>; lifecycle-support;",
	  "t.dts: /: abort-action: cannot be 0x4; use <0> stop, <1> destroy, <2> restart, <3> propagate" },
	{ "", "live-activation-support;",
	  "t.dts: /: live-activation-support: needs lifecycle-support, image-uuid, live-activation-register "
	  "and a live-state-buffer-info node; add what is missing" },
	{ "",
	  "lifecycle-support; live-activation-support; image-uuid = <9 9 9 9>; live-activation-register = "
	  "<4>;" MEMORY("b: b { " REGION
			"};") "live-state-buffer-info { compatible = \"arm,ffa-manifest,live-state-buffer\"; "
			      "live-state-buffer = <&b>; };",
	  "t.dts: /: live-activation-register: cannot be x4 or the register of gp-register-num; use another "
	  "of x0 to x7" },
	{ "", "load-address = <0x7000001>;",
	  "t.dts: /: load-address: 0x7000001 is not aligned to the granule of 0x1000 bytes; move it" },
	{ "", "load-address = <0x7000000>; entrypoint-offset = <0x4000>; image-size = <0x4000>;",
	  "t.dts: /: entrypoint-offset: 0x4000 lies behind the image of 0x4000 bytes; correct one of them" },
	{ "", "load-address = <0xffffffff 0xfffff000>;",
	  "t.dts: /: load-address: 0xfffffffffffff000 and an image of 0x1000 bytes end beyond the 52-bit "
	  "physical address space; lower one of them" },
	{ "", "load-address = <0x000fffff 0xfffff000>; image-size = <0x2000>;",
	  "t.dts: /: load-address: 0xffffffffff000 and an image of 0x2000 bytes end beyond the 52-bit "
	  "physical address space; lower one of them" },
	{ "", "load-address = <0x1000>; entrypoint-offset = <0xffffffff 0xffffffff>;",
	  "t.dts: /: load-address: 0x1000 and an image of 0xfffffffffffff000 bytes end beyond the 52-bit "
	  "physical address space; lower one of them" },
	{ "", "load-address = <1 2 3>;",
	  "t.dts: /: load-address: has 12 bytes where 4 or 8 belong; give an address of one or two cells" },
	{ "", "image-size = <0>;", "t.dts: /: image-size: cannot be 0x0; give the size in bytes" },
	{ "", "memory-regions { a { " REGION "}; };",
	  "t.dts: /memory-regions: compatible: must be \"arm,ffa-manifest-memory-regions\"; set it" },
	{ "", MEMORY("a { attributes = <3>; };"),
	  "t.dts: /memory-regions/a: pages-count: is missing; give the number of pages, at least 1" },
	{ "", MEMORY("a { pages-count = <0>; attributes = <3>; };"),
	  "t.dts: /memory-regions/a: pages-count: cannot be 0x0; give the number of pages, at least 1" },
	{ "", MEMORY("a { pages-count = <1>; };"),
	  "t.dts: /memory-regions/a: attributes: is missing; use 1 (read) or 3 (read, write), plus 4 for "
	  "executable memory and 8 for non-secure" },
	{ "", MEMORY("a { pages-count = <1>; attributes = <0x10>; };"),
	  "t.dts: /memory-regions/a: attributes: cannot be 0x10; use 1 (read) or 3 (read, write), plus 4 for "
	  "executable memory and 8 for non-secure" },
	{ "", MEMORY("a { pages-count = <1>; attributes = <0>; };"),
	  "t.dts: /memory-regions/a: attributes: cannot be 0x0; use 1 (read) or 3 (read, write), plus 4 for "
	  "executable memory and 8 for non-secure" },
	{ "", MEMORY("a { pages-count = <1>; attributes = <2>; };"),
	  "t.dts: /memory-regions/a: attributes: 0x2 does not allow reading; use 1 (read) or 3 (read, "
	  "write), plus 4 for executable memory and 8 for non-secure" },
	{ "exception-level ", "exception-level = <1>;" MEMORY("a { pages-count = <1>; attributes = <7>; };"),
	  "t.dts: /memory-regions/a: attributes: 0x7 is writable and executable, which a partition at S-EL0 "
	  "cannot have; split the region" },
	{ "", MEMORY("a { " REGION "base-address = <0x1001>; };"),
	  "t.dts: /memory-regions/a: base-address: 0x1001 is not aligned to the granule of 0x1000 bytes; "
	  "move the region to a multiple of it" },
	{ "", "xlat-granule = <1>;" MEMORY("a { " REGION "base-address = <0x1000>; };"),
	  "t.dts: /memory-regions/a: base-address: 0x1000 is not aligned to the granule of 0x4000 bytes; "
	  "move the region to a multiple of it" },
	{ "", MEMORY("a { " REGION "base-address = <0xffffffff 0xfffff000>; };"),
	  "t.dts: /memory-regions/a: base-address: 0xfffffffffffff000 and 0x1000 bytes (pages-count) end "
	  "beyond the 52-bit physical address space; lower one of them" },
	{ "", MEMORY("a { " REGION "base-address = <0x00100000 0>; };"),
	  "t.dts: /memory-regions/a: base-address: 0x10000000000000 and 0x1000 bytes (pages-count) end "
	  "beyond the 52-bit physical address space; lower one of them" },
	{ "", MEMORY("a { pages-count = <2>; attributes = <3>; base-address = <0x000fffff 0xfffff000>; };"),
	  "t.dts: /memory-regions/a: base-address: 0xffffffffff000 and 0x2000 bytes (pages-count) end beyond "
	  "the 52-bit physical address space; lower one of them" },
	{ "", MEMORY("a { " REGION "base-address = <0 0 0>; };"),
	  "t.dts: /memory-regions/a: base-address: has 12 bytes where 4 or 8 belong; give an address of one "
	  "or two cells" },
	{ "",
	  "load-address = <0x1000>;" MEMORY(
		  "a { " REGION "base-address = <0x2000>; load-address-relative-offset = <0x1000>; };"),
	  "t.dts: /memory-regions/a: load-address-relative-offset: contradicts base-address; keep one of "
	  "them" },
	{ "", MEMORY("a { " REGION "load-address-relative-offset = <0x1000>; };"),
	  "t.dts: /memory-regions/a: load-address-relative-offset: is relative to load-address, which the "
	  "manifest does not have; add it or use base-address" },
	{ "",
	  "load-address = <0x1000>;" MEMORY("a { " REGION
					    "load-address-relative-offset = <0xffffffff 0xfffff000>; };"),
	  "t.dts: /memory-regions/a: load-address-relative-offset: 0xfffffffffffff000 after load-address "
	  "0x1000 is beyond the end of the address space; lower it" },
	{ "",
	  MEMORY("a { " REGION "base-address = <0x2000>; };"
		 "b { pages-count = <2>; attributes = <1>; base-address = <0 0x1000>; };"),
	  "t.dts: /memory-regions/b: base-address: region 0x1000-0x3000 overlaps /memory-regions/a "
	  "0x2000-0x3000 of the same manifest; move or shrink one of them" },
	{ "",
	  "load-address = <0x0>;" MEMORY(
		  "a { pages-count = <16>; attributes = <3>; base-address = <0x10000>; };"
		  "b { " REGION "load-address-relative-offset = <0x13000>; };"),
	  "t.dts: /memory-regions/b: load-address-relative-offset: region 0x13000-0x14000 overlaps "
	  "/memory-regions/a 0x10000-0x20000 of the same manifest; move or shrink one of them" },
	{ "",
	  MEMORY("a { " REGION "base-address = <0x2000>; };")
		  DEVICES("d { " REGION "base-address = <0x2000>; };"),
	  "t.dts: /memory-regions/a: base-address: region 0x2000-0x3000 overlaps /device-regions/d "
	  "0x2000-0x3000 of the same manifest; move or shrink one of them" },
	{ "", MEMORY("a { " REGION "stream-ids = <1>; stream-ids-access-permissions = <1>; };"),
	  "t.dts: /memory-regions/a: stream-ids: needs to know the SMMU; add smmu-id" },
	{ "",
	  MEMORY("a { " REGION "smmu-id = <0>; stream-ids = <1>; stream-ids-access-permissions = <1>; };"),
	  "t.dts: /memory-regions/a: stream-ids: stream 0x1 of SMMU 0 belongs to no device region of this "
	  "manifest; declare it there" },
	{ "",
	  MEMORY("a { " REGION "smmu-id = <0>; stream-ids = <1 2>; stream-ids-access-permissions = <1>; };"),
	  "t.dts: /memory-regions/a: stream-ids-access-permissions: has 1 entries for 2 stream-ids; give one "
	  "for each" },
	{ "",
	  MEMORY("a { pages-count = <1>; attributes = <1>; smmu-id = <0>; stream-ids = <1>; "
		 "stream-ids-access-permissions = <3>; };")
		  DEVICES("d { " REGION "base-address = <0x2000>; smmu-id = <0>; stream-ids = <1>; };"),
	  "t.dts: /memory-regions/a: stream-ids-access-permissions: 0x3 allows more than the region's "
	  "attributes 0x1; reduce it" },
	{ "", DEVICES("d { " REGION "base-address = <0x2000>; stream-ids = <1>; };"),
	  "t.dts: /device-regions/d: stream-ids: needs to know the SMMU; add smmu-id" },
	{ "", DEVICES("d { " REGION "};"),
	  "t.dts: /device-regions/d: base-address: is missing; give the device's address in one or two "
	  "cells" },
	{ "", DEVICES("d { base-address = <0x1000>; pages-count = <1>; attributes = <5>; };"),
	  "t.dts: /device-regions/d: attributes: 0x5 makes a device executable; remove bit 2 (4)" },
	{ "", DEVICES("d { " REGION "base-address = <0x1000>; exclusive-access = <1>; };"),
	  "t.dts: /device-regions/d: exclusive-access: has a value of 4 bytes, but is true by being there; "
	  "remove the value (or the property, for false)" },
	{ "", DEVICES("d { " REGION "base-address = <0x1000>; interrupts = <56>; };"),
	  "t.dts: /device-regions/d: interrupts: has 4 bytes, which is no list of 2-cell entries; give 2 "
	  "cells for each" },
	{ "", DEVICES("d { " REGION "base-address = <0x1000>; interrupts = <56 0xd00>; };"),
	  "t.dts: /device-regions/d: interrupts: attributes 0xd00 of interrupt 56; use [7:0] priority, bit 8 "
	  "secure, bit 9 level, [11:10] 0 SGI, 1 PPI, 2 SPI" },
	{ "", DEVICES("d { " REGION "base-address = <0x1000>; interrupts = <56 0x900 56 0x900>; };"),
	  "t.dts: /device-regions/d: interrupts: interrupt 56 is listed twice in this manifest; remove one" },
	{ "",
	  DEVICES("d { " REGION
		  "base-address = <0x1000>; interrupts = <56 0x900>; interrupts-target = <57 0 0>; };"),
	  "t.dts: /device-regions/d: interrupts-target: names interrupt 57, which interrupts does not list; "
	  "add it there" },
	{ "", MEMORY("a: a { " REGION "};") BUFFERS("rx-buffer = <&a>;"),
	  "t.dts: /rx_tx-info: tx-buffer: is missing; point it to a node of memory-regions, as in "
	  "<&buffer>" },
	{ "", MEMORY("a: a { " REGION "};") BUFFERS("rx-buffer = <&a>; tx-buffer = <0x1234>;"),
	  "t.dts: /rx_tx-info: tx-buffer: phandle 0x1234 is no child of memory-regions; point it to one, as "
	  "in <&buffer>" },
	{ "", MEMORY("a: a { " REGION "};") BUFFERS("rx-buffer = <&a>; tx-buffer = <&a>;"),
	  "t.dts: /rx_tx-info: tx-buffer: is the same region as rx-buffer; give each a region of its own" },
	{ "",
	  MEMORY("a: a { " REGION "}; b: b { pages-count = <2>; attributes = <3>; };")
		  BUFFERS("rx-buffer = <&a>; tx-buffer = <&b>;"),
	  "t.dts: /rx_tx-info: tx-buffer: has 0x2000 bytes and rx-buffer 0x1000; make their pages-count "
	  "equal" },
	{ "", "ffad,sim-behaviour = \"sleeper\";",
	  "t.dts: /: ffad,sim-behaviour: unknown behaviour \"sleeper\": use echo, refuser, yielder, "
	  "interruptible, busy, slow, borrower or aborting" },
	{ "", "ffad,sim-behaviour = \"yielder:x\";",
	  "t.dts: /: ffad,sim-behaviour: the count of \"yielder\" must be a number up to 1000000: write "
	  "yielder[:COUNT[:MICROSECONDS]]" },
	{ "", "ffad,sim-behaviour = \"slow\";",
	  "t.dts: /: ffad,sim-behaviour: \"slow\" needs a time: write slow:MICROSECONDS or slow:forever" },
	{ "", "ffad,sim-behaviour = \"echo\"; ffad,sim-count = <3>;",
	  "t.dts: /: ffad,sim-count: \"echo\" has no use for a count; remove it" },
	{ "", "ffad,sim-behaviour = \"busy\"; ffad,sim-delay-us = <3>;",
	  "t.dts: /: ffad,sim-delay-us: \"busy\" has no use for a time; remove it" },
	{ "", "ffad,sim-behaviour = \"yielder:2\"; ffad,sim-count = <3>;",
	  "t.dts: /: ffad,sim-behaviour: has numbers, and ffad,sim-count or ffad,sim-delay-us too; keep them "
	  "in one place" },
	{ "", "ffad,sim-behaviour = \"yielder\"; ffad,sim-count = <1000001>;",
	  "t.dts: /: ffad,sim-count: cannot be 0xf4241; use at most 1000000" },
	{ "", "ffad,sim-behaviour = \"slow\"; ffad,sim-delay-us = <0xff 0xffffffff>;",
	  "t.dts: /: ffad,sim-delay-us: is more than a day; use less, or \"slow:forever\" as behaviour" },
};
