// Elementary functions as polynomials, so that every machine and executor computes the same values.
// Platform libraries and GPU drivers differ in the last digits; these use + - * / and sqrt alone.

const PI: f32 = 3.14159265;
const INV_PI: f32 = 0.31830989;
const TWO_PI: f32 = 6.2831853;
const INV_TWO_PI: f32 = 0.15915494;
/// The greatest f32 below 1.
const ONE_BELOW: f32 = 0.99999994;


/// (sin, cos) of `turns` full turns, for turns in 0..1. Coefficients: Cephes sinf/cosf (Moshier), error below 2e-7.
fn sin_cos_turns(turns: f32) -> vec2f {
    let quadrant = i32(turns * 4.0 + 0.5);
    let x = (turns * 4.0 - f32(quadrant)) * (0.5 * PI);
    let x2 = x * x;
    let s = x + x * x2 * (-1.6666654611e-1 + x2 * (8.3321608736e-3 - x2 * 1.9515295891e-4));
    let c = 1.0 - 0.5 * x2 + x2 * x2 * (4.166664568298827e-2 + x2 * (-1.388731625493765e-3 + x2 * 2.443315711809948e-5));
    let swap = (quadrant & 1) != 0;
    let sine = select(s, c, swap);
    let cosine = select(c, s, swap);
    return vec2f(
        select(sine, -sine, (quadrant & 2) != 0),
        select(cosine, -cosine, ((quadrant + 1) & 2) != 0),
    );
}

/// atan of x in 0..1. Cephes atanf: reduced by pi/4 above tan(pi/8).
fn atan_unit(x: f32) -> f32 {
    let big = x > 0.41421357;
    let r = select(x, (x - 1.0) / (x + 1.0), big);
    let z = r * r;
    let p = r + r * z * (-3.33329491539e-1 + z * (1.99777106478e-1 + z * (-1.38776856032e-1 + z * 8.05374449538e-2)));
    return select(p, p + 0.25 * PI, big);
}

/// Angle of (x, y) in -pi..pi; 0 at the origin.
fn atan2_poly(y: f32, x: f32) -> f32 {
    let ax = abs(x);
    let ay = abs(y);
    let steep = ay > ax;
    let num = select(ay, ax, steep);
    let den = select(ax, ay, steep);
    if !(den > 0.0) {
        return 0.0;
    }
    var angle = atan_unit(num / den);
    angle = select(angle, 0.5 * PI - angle, steep);
    angle = select(angle, PI - angle, x < 0.0);
    return select(angle, -angle, y < 0.0);
}

/// e^x for x at most 0; 0 below -87. Cephes expf, x = n ln 2 + r; relative error below 2e-7.
fn exp_negative(x: f32) -> f32 {
    if !(x > -87.0) {
        return 0.0;
    }
    let n = i32(x * 1.44269504 - 0.5);
    let r = (x - f32(n) * 0.693359375) + f32(n) * 2.12194440e-4;
    let p = 5.0000001201e-1 + r * (1.6666665459e-1 + r * (4.1665795894e-2 + r * (8.3334519073e-3 + r * (1.3981999507e-3
        + r * 1.9875691500e-4))));
    return (1.0 + (r + r * r * p)) * bitcast<f32>(u32(n + 127) << 23u);
}

/// (1 - e^-x) / x for x at least 0, 1 at 0: the mean of e^-x over 0..x. Relative error below 4e-7.
fn exp_mean(x: f32) -> f32 {
    if x < 0.5 {
        return 1.0 - x * (0.5 - x * (1.6666667e-1 - x * (4.1666668e-2 - x * (8.3333333e-3 - x * (1.3888889e-3
            - x * 1.9841270e-4)))));
    }
    return (1.0 - exp_negative(-x)) / x;
}

/// ln(1 + x) / x for x in -0.2929..0.4143. Cephes logf, relative error below 2e-7.
fn log1p_ratio_poly(x: f32) -> f32 {
    let p = 3.3333331174e-1 + x * (-2.4999993993e-1 + x * (2.0000714765e-1 + x * (-1.6668057665e-1 + x * (1.4249322787e-1
        + x * (-1.2420140846e-1 + x * (1.1676998740e-1 + x * (-1.1514610310e-1 + x * 7.0376836292e-2)))))));
    return 1.0 + x * (-0.5 + x * p);
}

/// ln x for normal x above 0. Cephes logf; error below 2e-7 of the greater of 1 and |ln x|.
fn log_poly(x: f32) -> f32 {
    let bits = bitcast<u32>(x);
    // The mantissa in sqrt(1/2)..sqrt(2), whose words are 0x3f3504f3 and 0x3fb504f3.
    let e = i32(bits - 0x3f3504f3u) >> 23u;
    let m = bitcast<f32>(bits - (u32(e) << 23u)) - 1.0;
    return (m * log1p_ratio_poly(m) - f32(e) * 2.12194440e-4) + f32(e) * 0.693359375;
}

/// ln(1 + x) / x for x above -1, 1 at 0.
fn log1p_ratio(x: f32) -> f32 {
    if x > -0.2928 && x < 0.4142 {
        return log1p_ratio_poly(x);
    }
    return log_poly(1.0 + x) / x;
}

fn saturate1(x: f32) -> f32 {
    return select(select(x, 1.0, x > 1.0), 0.0, !(x > 0.0));
}

fn square(x: f32) -> f32 {
    return x * x;
}

fn min1(a: f32, b: f32) -> f32 {
    return select(b, a, a < b);
}

fn max1(a: f32, b: f32) -> f32 {
    return select(b, a, a > b);
}

fn max_component(c: vec3f) -> f32 {
    return max1(c.x, max1(c.y, c.z));
}

/// Luminance of linear Rec. 709 (ITU-R BT.709-6, item 3.2).
fn luminance(c: vec3f) -> f32 {
    return 0.2126 * c.x + 0.7152 * c.y + 0.0722 * c.z;
}

fn unit(v: vec3f) -> vec3f {
    return v * (1.0 / sqrt(dot(v, v)));
}

/// Two unit vectors that make a right-handed frame with unit `n` (Duff et al. 2017, listing 3).
struct Frame3 {
    x: vec3f,
    y: vec3f,
    z: vec3f,
}

fn frame_around(n: vec3f) -> Frame3 {
    let s = select(1.0, -1.0, n.z < 0.0);
    let a = -1.0 / (s + n.z);
    let b = n.x * n.y * a;
    return Frame3(vec3f(1.0 + s * n.x * n.x * a, s * b, -s * n.x), vec3f(b, s + n.y * n.y * a, -n.y), n);
}

fn to_local(f: Frame3, v: vec3f) -> vec3f {
    return vec3f(dot(f.x, v), dot(f.y, v), dot(f.z, v));
}

fn to_world(f: Frame3, v: vec3f) -> vec3f {
    return f.x * v.x + f.y * v.y + f.z * v.z;
}

/// A unit vector as two 16-bit signed numbers; `octahedral_decode` is its inverse.
fn octahedral_encode(n: vec3f) -> u32 {
    let scale = 1.0 / (abs(n.x) + abs(n.y) + abs(n.z));
    var x = n.x * scale;
    var y = n.y * scale;
    if n.z < 0.0 {
        let folded = 1.0 - abs(y);
        y = (1.0 - abs(x)) * select(1.0, -1.0, y < 0.0);
        x = folded * select(1.0, -1.0, x < 0.0);
    }
    let a = i32(x * 32767.0 + select(0.5, -0.5, x < 0.0));
    let b = i32(y * 32767.0 + select(0.5, -0.5, y < 0.0));
    return (u32(a) & 0xffffu) | (u32(b) << 16u);
}

/// Unit vector from two 16-bit signed numbers by the octahedral map (Cigolle et al. 2014, section 3.2).
fn octahedral_decode(word: u32) -> vec3f {
    let x = f32(i32(word << 16u) >> 16u) * (1.0 / 32767.0);
    let y = f32(i32(word) >> 16u) * (1.0 / 32767.0);
    let z = 1.0 - abs(x) - abs(y);
    let fold = select(-z, 0.0, z > 0.0);
    return unit(vec3f(x - select(fold, -fold, x < 0.0), y - select(fold, -fold, y < 0.0), z));
}
