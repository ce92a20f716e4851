#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write device tree blobs as C arrays: embed.py [--symbol NAME] OUTPUT DTB..."""
import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--symbol", default="builtin_manifests")
parser.add_argument("output")
parser.add_argument("blobs", nargs="+")
arguments = parser.parse_args()
symbol, output, blobs = arguments.symbol, arguments.output, arguments.blobs
with open(output, "w", encoding="ascii") as c:
    c.write("/* SPDX-License-Identifier: BSD-3-Clause */\n")
    c.write('#include "sim/builtin.h"\n')
    for number, blob in enumerate(blobs):
        with open(blob, "rb") as f:
            data = f.read()
        c.write(f"\nstatic const unsigned char blob_{number}[] = {{")
        for i, byte in enumerate(data):
            c.write(("\n\t" if i % 16 == 0 else " ") + f"0x{byte:02x},")
        c.write("\n};\n")
    c.write(f"\nconst struct builtin_manifest {symbol}[] = {{\n")
    for number, blob in enumerate(blobs):
        name = os.path.splitext(os.path.basename(blob))[0]
        c.write(f'\t{{ "{name}.dts", blob_{number}, sizeof(blob_{number}) }},\n')
    c.write("};\n")
    c.write(f"const size_t {symbol}_count = {len(blobs)};\n")
