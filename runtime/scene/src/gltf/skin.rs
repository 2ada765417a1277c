//! Linear blend skinning on the CPU (glTF 2.0, 3.7.3).

use glam::{Affine3A, Mat3A, Mat4, Vec3, Vec3A, Vec4};

use super::accessor::Reader;
use super::fault::{ACCESSOR, Fault, INDEX, Result, pick};
use super::json::{Primitive, Root};
use super::mesh::same_length;
use crate::Mesh;

/// What every joint does to a vertex of the bind pose: world_from_joint * joint_from_mesh.
pub struct Pose {
    joints: Vec<Affine3A>,
}

impl Pose {
    pub fn new(root: &Root, reader: &Reader<'_>, skin: usize, world: &[Affine3A]) -> Result<Self> {
        let json = pick(&root.skins, skin, "skin", || format!("/skins/{skin}"))?;
        let inverse: Vec<[f32; 16]> = match json.inverse_bind_matrices {
            Some(accessor) => {
                let user = format!("/skins/{skin}/inverseBindMatrices");
                let matrices = reader.floats::<16>(accessor, &user)?;
                if matrices.len() < json.joints.len() {
                    let message = format!("{} matrices for {} joints", matrices.len(), json.joints.len());
                    return Err(Fault::new(ACCESSOR, user, message).hint("the file is damaged: export it again"));
                }
                matrices
            }
            None => Vec::new(),
        };
        let mut joints = Vec::with_capacity(json.joints.len());
        for (j, node) in json.joints.iter().enumerate() {
            let world = pick(world, node.0, "node", || format!("/skins/{skin}/joints/{j}"))?;
            // The fourth row has to be 0, 0, 0, 1 (3.7.3.1); writers leave rounding errors there.
            let bind = inverse.get(j).map_or(Affine3A::IDENTITY, |m| Affine3A::from_mat4(Mat4::from_cols_array(m)));
            joints.push(*world * bind);
        }
        Ok(Self { joints })
    }

    /// The matrix of the first joint.
    pub fn first(&self) -> Option<Affine3A> {
        self.joints.first().copied()
    }
}

/// Joints and weights of every vertex: all sets of four, one after the other.
pub struct Influences {
    sets: Vec<(Vec<[u32; 4]>, Vec<[f32; 4]>)>,
}

impl Influences {
    pub fn read(reader: &Reader<'_>, primitive: &Primitive, at: &str, vertices: usize) -> Result<Self> {
        let mut sets = Vec::new();
        for set in 0.. {
            let (joints, weights) = (format!("JOINTS_{set}"), format!("WEIGHTS_{set}"));
            let pointer = |name: &str| format!("{at}/attributes/{name}");
            match (primitive.attributes.get(&joints), primitive.attributes.get(&weights)) {
                (Some(&j), Some(&w)) => {
                    same_length(reader, j, vertices, || pointer(&joints))?;
                    same_length(reader, w, vertices, || pointer(&weights))?;
                    sets.push((reader.uints::<4>(j, &pointer(&joints))?, reader.floats::<4>(w, &pointer(&weights))?));
                }
                (None, None) => break,
                (Some(_), None) => {
                    return Err(Fault::new(ACCESSOR, format!("{at}/attributes"), format!("{joints} has no {weights}")));
                }
                (None, Some(_)) => {
                    return Err(Fault::new(ACCESSOR, format!("{at}/attributes"), format!("{weights} has no {joints}")));
                }
            }
        }
        Ok(Self { sets })
    }

    /// Moves positions, normals and tangents from the bind pose to the world.
    pub fn apply(&self, pose: &Pose, at: &str, mesh: &mut Mesh) -> Result<()> {
        if self.sets.is_empty() {
            let message = "the node has a skin, the primitive has no JOINTS_0 and WEIGHTS_0";
            return Err(
                Fault::new(ACCESSOR, format!("{at}/attributes"), message).hint("export the mesh with its weights")
            );
        }
        for v in 0..mesh.positions.len() {
            let matrix = self.blend(pose, at, v)?;
            mesh.positions[v] = matrix.transform_point3(mesh.positions[v].into()).into();
            let (linear, normal_matrix) = (matrix.matrix3, normal_matrix(&matrix.matrix3));
            if let Some(normal) = mesh.normals.get_mut(v) {
                let turned = normal_matrix * Vec3A::from(*normal);
                *normal = turned.try_normalize().map_or(*normal, Into::into);
            }
            if let Some(tangent) = mesh.tangents.get_mut(v) {
                let turned = linear * Vec3A::from(Vec4::from(*tangent).truncate());
                let side = if linear.determinant() < 0.0 { -tangent[3] } else { tangent[3] };
                let unit = turned.try_normalize().map_or([tangent[0], tangent[1], tangent[2]], Into::into);
                *tangent = Vec3::from(unit).extend(side).into();
            }
        }
        Ok(())
    }

    /// The weighted mean of the joints' matrices. Weights should sum to one (3.7.3.3) and are made to.
    fn blend(&self, pose: &Pose, at: &str, v: usize) -> Result<Affine3A> {
        let mut sum = 0.0;
        let mut linear = Mat3A::ZERO;
        let mut translation = Vec3A::ZERO;
        for (s, (joints, weights)) in self.sets.iter().enumerate() {
            for (joint, weight) in joints[v].into_iter().zip(weights[v]) {
                // An unused slot may hold any joint.
                if weight == 0.0 {
                    continue;
                }
                let Some(matrix) = pose.joints.get(joint as usize) else {
                    let message =
                        format!("vertex {v} follows joint {joint}, the skin has {} joints", pose.joints.len());
                    return Err(Fault::new(INDEX, format!("{at}/attributes/JOINTS_{s}"), message)
                        .hint("the file is damaged: export it again"));
                };
                sum += weight;
                linear += matrix.matrix3 * weight;
                translation += matrix.translation * weight;
            }
        }
        if sum.abs() < 1e-6 {
            // A vertex that nothing holds stays with the first joint, as other importers have it.
            let first = self.sets.first().map_or(0, |(joints, _)| joints[v][0] as usize);
            return Ok(pose.joints.get(first).copied().unwrap_or(Affine3A::IDENTITY));
        }
        Ok(Affine3A { matrix3: linear * (1.0 / sum), translation: translation / sum })
    }
}

/// The cofactor matrix, det(M) M^-T, without its sign: turns normals, also when M is singular.
fn normal_matrix(m: &Mat3A) -> Mat3A {
    let cofactor = Mat3A::from_cols(m.y_axis.cross(m.z_axis), m.z_axis.cross(m.x_axis), m.x_axis.cross(m.y_axis));
    if m.determinant() < 0.0 { cofactor * -1.0 } else { cofactor }
}
