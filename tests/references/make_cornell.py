#!/usr/bin/env python3
"""Make the small reference scenes of the test-suite and their Mitsuba references.

usage: make_cornell.py KIT [--out FOLDER] [--only cornell,glossy,textured] [--renders 256] [--spp 256]
       make_cornell.py KIT --check

KIT is the folder of the benchmark kit (glb.py, scenes/make_scenes.py, peers/mitsuba_gltf.py). Needed besides, as
pinned by the kit's requirements.txt: mitsuba 3.9.1, numpy, Pillow, OpenEXR; and a libLLVM that Mitsuba accepts.

Each reference is the mean over many renders with different seeds, with the variance of that mean, per pixel and
channel. The renders use Mitsuba's `independent` sampler: stratified samplers have less noise but their pixels are
not independent draws. README.md beside this file says what the files hold.

--check renders again with other seeds and prints how far these are from the stored files (a self-test of the
z-test, not of the physics).
"""
import argparse
import json
import math
import platform
import sys
import time
from pathlib import Path

import numpy as np
import OpenEXR

HERE = Path(__file__).resolve().parent
SIZE, MAX_DEPTH = 64, 6
CHECK_SEED = 1_000_000  # the seeds of --check start here, far from those of the references
SKY_ROWS, SKY_COLUMNS = 32, 64


# ---------------------------------------------------------------------------------------------- scenes


def cornell(kit, folder):
    """The kit's Cornell box with every surface Lambert: the tall box keeps its colour but is no metal."""
    class Matte(kit.glb.Writer):
        def material(self, color=(0.8, 0.8, 0.8), emit=None, **_):
            return super().material(color, matte=True, emit=emit)

    w = Matte()
    sky = kit.scenes.cornell(w, folder)["sky"]
    return w, sky


def glossy(kit, _):
    """Six metal spheres over a matte floor under a constant sky. Roughness grows row by row, front row first."""
    w = kit.glb.Writer()
    w.node(mesh=w.mesh((kit.scenes.floor(w, 20), w.material((0.5, 0.5, 0.5), matte=True))))
    ball = kit.scenes.sphere(w, 4)
    colors = [(0.9, 0.7, 0.4), (0.8, 0.8, 0.8), (0.9, 0.5, 0.4), (0.4, 0.6, 0.9), (0.5, 0.85, 0.6), (0.7, 0.4, 0.7)]
    for i, (roughness, color) in enumerate(zip((0.1, 0.28, 0.46, 0.64, 0.82, 1.0), colors)):
        mesh = w.mesh((ball, w.material(color, metallic=1.0, roughness=roughness)))
        w.node(mesh=mesh, translation=[(i % 3 - 1) * 1.1, 0.5, 0.6 - 1.2 * (i // 3)], scale=[0.5] * 3)
    w.camera((0, 2.8, 4.4), (0, 0.4, 0), 40, 1)
    return w, {"constant": [0.8, 0.9, 1.0]}


def textured(kit, folder):
    """A textured matte floor and box, a directional light and a sky picture with a bright patch.

    The texture is coarse (16 texels over 2 m, repeated), so it is magnified everywhere: linear filtering and the
    wrap at its edges show, mip maps do not.
    """
    w = kit.glb.Writer()
    rng = np.random.default_rng(5)
    y, x = np.mgrid[:16, :16]
    pixels = rng.integers(40, 240, (16, 16, 3))
    pixels[(x // 4 + y // 4) % 2 == 0] //= 3
    pixels[:3, :5] = (220, 30, 30)  # shows a flipped texture
    texture = w.texture(kit.scenes.png(pixels.astype(np.uint8)))
    uvs = np.array([[0, 1], [1, 1], [1, 0], [0, 0]]) * 2.0
    tiles = w.material((0.95, 0.9, 0.8), matte=True, texture=texture)
    w.node(mesh=w.mesh((kit.scenes.floor(w, 2, uvs=uvs), tiles)))
    parent = w.node(translation=[0.5, 0.45, -0.2], rotation=kit.scenes.about_y(0.7), scale=[0.45, 0.45, 0.3])
    grey = w.material((0.6, 0.65, 0.7), matte=True)
    w.node(parent, mesh=w.mesh((kit.scenes.box(w), grey)), rotation=kit.scenes.about_y(0.4))
    sun = w.light(type="directional", color=[1.0, 0.85, 0.6], intensity=1.5)
    # Turns the light, which shines along -z, to shine down, away from the camera and to the right.
    turn_x, turn_y = [math.sin(-0.45), 0.0, 0.0, math.cos(-0.45)], kit.scenes.about_y(-0.6)
    w.node(w.node(rotation=turn_y), extensions=sun, rotation=turn_x)
    w.camera((0.4, 2.6, 3.4), (0, 0.2, 0), 45, 1)
    v = (np.arange(SKY_ROWS)[:, None] + 0.5) / SKY_ROWS
    u = (np.arange(SKY_COLUMNS)[None] + 0.5) / SKY_COLUMNS
    u, v = np.broadcast_arrays(u, v)
    wave = np.cos(2 * math.pi * u)
    sky = np.stack([0.4 + 0.2 * wave, 0.45 - 0.15 * v, 0.35 + 0.4 * (1 - v) - 0.1 * wave], 2)
    sky[6:9, 44:48] = (14, 12, 9)  # above +z and a little towards -x: behind the camera, to its left
    kit.scenes.write_hdr(folder / "textured_small.hdr", sky)
    return w, {"hdr": "textured_small.hdr"}


SCENES = {"cornell": cornell, "glossy": glossy, "textured": textured}


# -------------------------------------------------------------------------------------- the references


def read_hdr(path):
    """Decode a Radiance picture with plain scanlines: value = mantissa * 2 ** (exponent - 136)."""
    head, _, rest = path.read_bytes().partition(b"\n\n")
    size, _, data = rest.partition(b"\n")
    _, rows, _, columns = size.split()
    rgbe = np.frombuffer(data, np.uint8).reshape(int(rows), int(columns), 4).astype(np.float64)
    return rgbe[..., :3] * np.exp2(rgbe[..., 3:] - 136)


def resample_sky(sky, rows=1025, columns=2048):
    """The sky that bilinear lookup with texel centres at (i + 0.5) / n means, in Mitsuba's layout.

    Mitsuba's envmap has texel centres at (i + 0.5) / n from left to right but at i / (n - 1) from top to bottom,
    half a texel off at the poles. At this size its own interpolation adds nothing visible.
    """
    def weights(count, places, wrap):
        low = np.floor(places).astype(int)
        fold = (lambda i: i % count) if wrap else (lambda i: np.clip(i, 0, count - 1))
        return fold(low), fold(low + 1), (places - low)

    a, b, t = weights(sky.shape[0], np.arange(rows) / (rows - 1) * sky.shape[0] - 0.5, False)
    sky = sky[a] * (1 - t)[:, None, None] + sky[b] * t[:, None, None]
    a, b, t = weights(sky.shape[1], (np.arange(columns) + 0.5) / columns * sky.shape[1] - 0.5, True)
    return (sky[:, a] * (1 - t)[None, :, None] + sky[:, b] * t[None, :, None]).astype(np.float32)


def gltf_metal(mi, dr):
    """A metal as a Mitsuba BSDF: the one of glTF 2.0, appendix B, and what is scattered more than once.

    D is GGX with alpha = roughness^2, F is Schlick with the base colour, and G is Smith's height-correlated term
    G2 = 1 / (1 + L(wi) + L(wo)), where L = 1 / G1 - 1 (Heitz 2014, eq. 99). Mitsuba's own `principled` and
    `roughconductor` use the separable G1(wi) * G1(wo) instead, which is darker at grazing angles.

    What leaves after more than one scattering is the lobe of Kulla and Conty 2017: F_ms (1 - E(wi)) (1 - E(wo)) / (pi (1 - E_mean))
    with F_ms = F_mean^2 E_mean / (1 - F_mean (1 - E_mean)), where F_mean = F0 + (1 - F0) / 21 is Schlick's.
    """
    NODES = 257

    def albedo(alpha):
        """E at NODES equally spaced square roots of the cosine, by the midpoint rule over half of the hemisphere."""
        steps = 600
        c = ((np.arange(steps) + 0.5) / steps)[:, None]
        phi = np.pi * (np.arange(steps) + 0.5) / steps
        s = np.sqrt(1 - c * c)
        lam = lambda c: 0.5 * (np.sqrt(1 + alpha ** 2 * (1 - c * c) / (c * c)) - 1)
        out = []
        for root in np.linspace(0, 1, NODES):
            mu = max(root * root, 1e-5)
            x = np.sqrt(1 - mu * mu)
            hx, hy, hz = x + s * np.cos(phi), s * np.sin(phi), mu + c
            cos2 = hz ** 2 / (hx ** 2 + hy ** 2 + hz ** 2)
            d = alpha ** 2 / (np.pi * (cos2 * (alpha ** 2 - 1) + 1) ** 2)
            out.append((d / (1 + lam(c) + lam(mu)) / (4 * mu)).mean() * 2 * np.pi)
        return np.array(out)

    class GltfMetal(mi.BSDF):
        def __init__(self, props):
            super().__init__(props)
            self.f0 = mi.Color3f(props["f0"])
            self.alpha = float(props["alpha"])
            self.correlated = bool(props.get("correlated", True))
            # Narrow lobes lose nothing, and the rule above would miss them.
            self.single = np.ones(NODES) if self.alpha < 0.03 else albedo(self.alpha)
            root = np.linspace(0, 1, NODES)
            self.mean = float(np.trapezoid(4 * self.single * root ** 3, root)) if hasattr(np, "trapezoid") else float(
                np.trapz(4 * self.single * root ** 3, root))
            f = np.array(props["f0"]) * (20 / 21) + 1 / 21
            again = f * f * self.mean / (1 - f * (1 - self.mean)) if self.correlated else 0 * f
            self.again = mi.Color3f(*(float(x) for x in again / (np.pi * max(1 - self.mean, 1e-6))))
            self.table = mi.Float(1 - self.single)
            self.share = 0.25 if self.correlated else 0.0
            self.m_flags = mi.BSDFFlags.GlossyReflection | mi.BSDFFlags.FrontSide
            self.m_components = [self.m_flags]

        def distribution(self):
            return mi.MicrofacetDistribution(mi.MicrofacetType.GGX, self.alpha, True)

        def terms(self, wi, wo):
            """(BSDF times cos wo, density of wo)"""
            d = self.distribution()
            h = dr.normalize(wi + wo)
            cos_h = dr.maximum(dr.dot(wi, h), 0)
            g1_i, g1_o = d.smith_g1(wi, h), d.smith_g1(wo, h)
            g = dr.rcp(dr.rcp(g1_i) + dr.rcp(g1_o) - 1) if self.correlated else g1_i * g1_o
            fresnel = self.f0 + (1 - self.f0) * (1 - cos_h) ** 5
            c_i, c_o = mi.Frame3f.cos_theta(wi), mi.Frame3f.cos_theta(wo)
            value = fresnel * d.eval(h) * g / (4 * c_i) + self.again * self.lost(c_i) * self.lost(c_o) * c_o
            return value, (1 - self.share) * d.pdf(wi, h) / (4 * cos_h) + self.share * c_o * dr.inv_pi

        def lost(self, cosine):
            """1 - E"""
            x = dr.sqrt(dr.clip(cosine, 0, 1)) * (NODES - 1)
            i = dr.minimum(mi.UInt32(x), NODES - 2)
            a, b = dr.gather(mi.Float, self.table, i), dr.gather(mi.Float, self.table, i + 1)
            return dr.lerp(a, b, x - i)

        def valid(self, wi, wo, active):
            return active & (mi.Frame3f.cos_theta(wi) > 0) & (mi.Frame3f.cos_theta(wo) > 0)

        def sample(self, ctx, si, sample1, sample2, active=True):
            m, _ = self.distribution().sample(si.wi, sample2)
            bs = mi.BSDFSample3f()
            bs.wo = dr.select(sample1 < self.share, mi.warp.square_to_cosine_hemisphere(sample2), mi.reflect(si.wi, m))
            bs.eta = 1.0
            bs.sampled_component = mi.UInt32(0)
            bs.sampled_type = mi.UInt32(+mi.BSDFFlags.GlossyReflection)
            value, bs.pdf = self.terms(si.wi, bs.wo)
            active = self.valid(si.wi, bs.wo, active) & (bs.pdf > 0)
            return bs, dr.select(active, value / bs.pdf, 0)

        def eval(self, ctx, si, wo, active=True):
            return dr.select(self.valid(si.wi, wo, active), self.terms(si.wi, wo)[0], 0)

        def pdf(self, ctx, si, wo, active=True):
            return dr.select(self.valid(si.wi, wo, active), self.terms(si.wi, wo)[1], 0)

        def eval_pdf(self, ctx, si, wo, active=True):
            value, pdf = self.terms(si.wi, wo)
            active = self.valid(si.wi, wo, active)
            return dr.select(active, value, 0), dr.select(active, pdf, 0)

        def to_string(self):
            return f"GltfMetal[alpha={self.alpha}]"

    mi.register_bsdf("gltfmetal", GltfMetal)


def load_scene(kit, folder, name, metal):
    """metal: "gltf" for height-correlated GGX with multiple scattering, "separable" for G1 * G1 without, "principled" for Mitsuba's own."""
    import drjit as dr
    import mitsuba as mi
    mi.set_variant("llvm_ad_rgb")
    peer = kit.mitsuba_peer
    config = json.loads((folder / f"{name}.json").read_text())
    scene = kit.glb.Reader(folder / f"{name}.glb")
    gltf_metal(mi, dr)

    class Materials(peer.Materials):
        def build(self, m):
            pbr = m.get("pbrMetallicRoughness", {})
            built = super().build(m)
            if pbr.get("metallicFactor", 1.0) != 1 or metal == "principled":
                return built
            bsdf = mi.load_dict({"type": "gltfmetal", "f0": mi.ScalarColor3f(pbr["baseColorFactor"][:3]),
                                 "alpha": pbr["roughnessFactor"] ** 2, "correlated": metal == "gltf"})
            return bsdf, *built[1:]

    class Builder(peer.Builder):
        def add_sky(self):
            if "hdr" not in self.config["sky"]:
                return super().add_sky()
            sky = resample_sky(read_hdr(folder / self.config["sky"]["hdr"]))
            self.add({"type": "envmap", "bitmap": mi.Bitmap(sky),
                      "to_world": mi.ScalarTransform4f().rotate([0, 1, 0], 90)})

    uses, instanced = peer.plan(scene)
    builder = Builder(scene, uses, instanced, config, "independent")
    builder.materials = Materials(scene)
    return mi, builder.build()


def render(kit, folder, name, metal, seeds, spp):
    """(mean, variance of the mean) over one render per seed, in float64, both (h, w, 3)."""
    mi, scene = load_scene(kit, folder, name, metal)
    mean = m2 = 0.0
    for count, seed in enumerate(seeds, 1):  # Welford 1962
        image = np.array(mi.render(scene, spp=spp, seed=seed), dtype=np.float64)
        if not np.isfinite(image).all():
            raise ValueError(f"{name}: seed {seed}: a pixel is not finite")
        delta = image - mean
        mean = mean + delta / count
        m2 = m2 + delta * (image - mean)
    return mean, m2 / (count - 1) / count


def write_reference(path, mean, variance):
    channels = {}
    for prefix, image in (("", mean), ("V", variance)):
        for k, letter in enumerate("RGB"):
            channels[prefix + letter] = OpenEXR.Channel(np.ascontiguousarray(image[..., k], np.float32))
    header = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    with OpenEXR.File(header, channels) as f:
        f.write(str(path))


def read_reference(path):
    with OpenEXR.File(str(path), separate_channels=True) as f:
        c = f.channels()
        get = lambda prefix: np.dstack([np.asarray(c[prefix + k].pixels, np.float64) for k in "RGB"])
        return get(""), get("V")


def references(name):
    """(file name without ending, metal model) of each reference of a scene."""
    if name == "glossy":
        return [("glossy_small", "gltf"), ("glossy_small_separable", "principled")]
    return [(f"{name}_small", "gltf")]


def make(kit, out, name, args):
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    w, sky = SCENES[name](kit, folder)
    w.save(folder / f"{name}_small.glb")
    config = dict(sky=sky, width=SIZE, height=SIZE, max_depth=MAX_DEPTH, spp=args.spp)
    (folder / f"{name}_small.json").write_text(json.dumps(config, indent=1) + "\n")
    first = 20_000 + 10_000 * list(SCENES).index(name)
    for stem, metal in references(name):
        start = time.time()
        mean, variance = render(kit, folder, f"{name}_small", metal, range(first, first + args.renders), args.spp)
        write_reference(folder / f"{stem}_reference.exr", mean, variance)
        import mitsuba as mi
        about = {"renderer": f"mitsuba {mi.__version__} {mi.variant()}", "integrator": "path", "sampler": "independent",
                 "metal": {"gltf": "height-correlated GGX with multiple scattering", "principled": "separable GGX"}[metal]
                 if name == "glossy" else None,
                 "first_seed": first, "renders": args.renders, "spp_per_render": args.spp,
                 "width": SIZE, "height": SIZE, "max_depth": MAX_DEPTH,
                 "channels": {"R,G,B": "mean radiance, linear Rec.709", "VR,VG,VB": "variance of that mean"},
                 "mean_rgb": mean.mean((0, 1)).tolist(),
                 "mean_standard_error": np.sqrt(variance).mean((0, 1)).tolist()}
        about = {k: v for k, v in about.items() if v is not None}
        (folder / f"{stem}_reference.json").write_text(json.dumps(about, indent=1) + "\n")
        print(f"{stem}: mean {mean.mean((0, 1)).round(5)}, {time.time() - start:.0f} s", flush=True)


def check(kit, out, name, args):
    for stem, metal in references(name):
        mean, variance = read_reference(out / name / f"{stem}_reference.exr")
        seeds = range(CHECK_SEED, CHECK_SEED + args.renders)
        for model in {metal, *(("separable", "gltf", "principled") if name == "glossy" else ())}:
            m, v = render(kit, out / name, f"{name}_small", model, seeds, args.spp)
            z = (m - mean) / np.sqrt(np.maximum(v + variance, 1e-20))
            print(f"{stem}, {model}: mean ratio {(m.mean((0, 1)) / mean.mean((0, 1))).round(5)}, "
                  f"rms z {np.sqrt(np.mean(z * z)):.3f}, |z| > 3: {np.mean(np.abs(z) > 3):.4%}, "
                  f"largest {np.abs(z).max():.2f}", flush=True)


class Kit:
    def __init__(self, folder):
        sys.path[:0] = [str(folder), str(folder / "scenes"), str(folder / "peers")]
        import glb
        import make_scenes
        import mitsuba_gltf
        self.glb, self.scenes, self.mitsuba_peer = glb, make_scenes, mitsuba_gltf


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kit", type=Path, help="folder of the benchmark kit")
    parser.add_argument("--out", type=Path, default=HERE)
    parser.add_argument("--only", default=",".join(SCENES))
    parser.add_argument("--renders", type=int, default=256)
    parser.add_argument("--spp", type=int, default=256, help="of each render")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    kit = Kit(args.kit.resolve())
    print(f"python {platform.python_version()}, numpy {np.__version__}", file=sys.stderr)
    for name in args.only.split(","):
        (check if args.check else make)(kit, args.out.resolve(), name, args)


if __name__ == "__main__":
    main()
