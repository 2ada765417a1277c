"""Picks rows of an independent OpenPBR implementation for `openpbr.csv` and `openpbr_albedo.csv`.

The values were made with Adobe's OpenPBR BSDF (github.com/adobe/openpbr-bsdf, Apache-2.0, commit a29da96), in double
precision; the folder that holds all of them is the argument. No code of it is here.

    python3 tests/references/make_openpbr.py FOLDER
"""

import csv
import gzip
import random
import sys

PARAMETERS = (
    "base_weight base_color_r base_color_g base_color_b base_diffuse_roughness base_metalness specular_weight "
    "specular_color_r specular_color_g specular_color_b specular_roughness specular_roughness_anisotropy specular_ior "
    "transmission_weight transmission_color_r transmission_color_g transmission_color_b transmission_depth coat_weight "
    "coat_color_r coat_color_g coat_color_b coat_roughness coat_roughness_anisotropy coat_ior coat_darkening"
).split()
PICKED = {"diffuse": 80, "specular": 120, "metal": 120, "coat": 80, "transmission": 120}
ALBEDOS = {
    "diffuse": 24, "specular": 40, "metal": 40, "transmission": 60, "coat": 24, "pair_diffuse_specular": 24,
    "pair_diffuse_metal": 24, "pair_coat_diffuse": 24, "pair_coat_metal": 24, "pair_coat_plastic": 24,
    "pair_transmission_plastic": 24, "pair_coat_transmission": 24,
}


def pick(path, wanted, keep):
    rows = {}
    with gzip.open(path, "rt") as file:
        for row in csv.DictReader(file):
            if row["family"] in wanted and keep(row):
                rows.setdefault(row["family"], []).append(row)
    for family, count in wanted.items():
        found = rows.get(family, [])
        chosen = random.Random(family).sample(found, min(count, len(found)))
        yield from chosen


def write(path, columns, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["family", *PARAMETERS, *columns])
        for row in rows:
            writer.writerow([row["family"], *(row[p] for p in PARAMETERS), *(row[c] for c in columns)])


def main(folder):
    directions = "wo_x wo_y wo_z wi_x wi_y wi_z".split()
    values = "f_r f_g f_b d_r d_g d_b ms_r ms_g ms_b dev_f".split()
    # A coat with anisotropy of its own is not rendered.
    keep = lambda r: (
        float(r["f_g"]) > 0 and float(r["coat_roughness_anisotropy"]) == 0 and float(r["specular_ior"]) >= 1
    )
    write("tests/references/openpbr.csv", directions + values, pick(f"{folder}/openpbr_eval.csv.gz", PICKED, keep))
    albedo = "mode wo_x wo_y wo_z refl_r refl_g refl_b trans_r trans_g trans_b".split()
    keep = lambda r: (
        r["mode"] == "default" and abs(float(r["wo_z"])) >= 0.05 and float(r["coat_roughness_anisotropy"]) == 0
        and float(r["specular_roughness_anisotropy"]) == 0 and float(r["specular_ior"]) >= 1
    )
    write("tests/references/openpbr_albedo.csv", albedo, pick(f"{folder}/openpbr_albedo.csv.gz", ALBEDOS, keep))


main(sys.argv[1])
