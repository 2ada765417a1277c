//! Where a ray that leaves a hit starts.

/// The hit point and a start for the next ray that is surely on the side of `direction`.
///
/// The point is interpolated from the corners, not from origin + t * direction: its error is then a few roundings of the
/// corners' size and not of the ray's length (Pharr, Jakob, Humphreys, Physically Based Rendering, 4th ed., section 6.8.4 and
/// 6.8.5: gamma(7) of the sum of absolute products bounds it). The start is moved along the geometric normal until the error
/// box lies behind it, then each component is rounded away by one step, as there in section 6.8.6.
///
/// `corners` in the space of the ray, `u`, `v` from the hit, `normal` a unit normal of the triangle in either direction.
pub fn offset_origin(corners: [[f32; 3]; 3], u: f32, v: f32, normal: [f32; 3], direction: [f32; 3]) -> [f32; 3] {
    // gamma(7) = 7 eps / (1 - 7 eps) with eps = 2^-24; doubled, because the watertight test's barycentrics are rounded too.
    const GAMMA: f32 = 8.4e-7;
    let w = 1.0 - u - v;
    let mut point = [0.0; 3];
    let mut reach = 0.0f32;
    for k in 0..3 {
        let parts = [corners[0][k] * w, corners[1][k] * u, corners[2][k] * v];
        point[k] = parts[0] + parts[1] + parts[2];
        // The corners' own size, not that of the products: at u + v > 1 by rounding the weights lose relative precision.
        let size = corners[0][k].abs().max(corners[1][k].abs()).max(corners[2][k].abs());
        reach += size * GAMMA * normal[k].abs();
    }
    let along = normal[0] * direction[0] + normal[1] * direction[1] + normal[2] * direction[2];
    let side = if along < 0.0 { -1.0 } else { 1.0 };
    [0, 1, 2].map(|k| {
        let move_by = side * reach * normal[k];
        let moved = point[k] + move_by;
        if move_by > 0.0 {
            moved.next_up()
        } else if move_by < 0.0 {
            moved.next_down()
        } else {
            moved
        }
    })
}
