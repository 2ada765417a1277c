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

/// Unit vector from two 16-bit signed numbers by the octahedral map (Cigolle et al. 2014, section 3.2).
fn octahedral_decode(word: u32) -> vec3f {
    let x = f32(i32(word << 16u) >> 16u) * (1.0 / 32767.0);
    let y = f32(i32(word) >> 16u) * (1.0 / 32767.0);
    let z = 1.0 - abs(x) - abs(y);
    let fold = select(-z, 0.0, z > 0.0);
    return unit(vec3f(x - select(fold, -fold, x < 0.0), y - select(fold, -fold, y < 0.0), z));
}
