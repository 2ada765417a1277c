//! Pose maps: the node, key points of a human figure as OpenPose numbers and draws them, and the joints of rigs that are
//! these points.
//!
//! Order, limbs and colours are those of the COCO model with 18 points (Cao et al. 2021, "OpenPose", figure 6 and the
//! reference implementation), which image models that are driven by poses were trained on.

use super::data::{BASE, SHOT};
use super::render::SIZE;
use crate::node::{Default, Determinism, NodeDecl, Param, ParamType, Port, Wire};
use crate::{Dimension, Encoding};

/// Skeletons of figures.
pub const POSE_MAP: NodeDecl = NodeDecl {
    name: "pose_map",
    output: Wire::Image(Encoding::Pose),
    params: &[
        SHOT,
        SIZE,
        Param::new(
            "width",
            ParamType::Quantity(Dimension::PIXEL),
            "Half the width of limbs, and the radius of points.",
        )
        .or(Default::Number(4.0))
        .within(0.5, 1000.0),
    ],
    ports: &[
        Port::new("of", Wire::Thing, "A figure, or a list of figures: things whose joints are those of a human.")
            .some(),
        Port::new("camera", Wire::Camera, "Comes from the shot.").internal(),
    ],
    determinism: Determinism::Exact,
    doc: "Skeletons of figures as OpenPose draws them (COCO, 18 points), as image models that are driven by poses want them.\n\n\
          Joints are found by their names, those of Blender, Mixamo, VRM, Unreal and 3ds Max among them; arms and legs must be whole. The neck is the middle of the \
          shoulders. Nose, eyes and ears are drawn when the rig has joints or nodes of these names. What hides a figure does not hide its skeleton, \
          and nearer figures lie in front. Give the picture the size at which the model looks at it: limbs are 4 pixels to each side.",
    example: r#"ngs 1
asset body = gltf("bibles/mira.glb")
bible Mira { rig: body.skin("Mira") }
environment studio { sky = constant_sky() }
character cast { hero = Mira() }
camera main { frame: hero }
shot s010 { camera: main, size: (512px, 768px) }
output skeleton { image: pose_map(s010, of: hero), file: "pose.png" }
"#,
    ..BASE
};

/// Names of the points, by number.
pub const POINTS: [&str; 18] = [
    "nose",
    "neck",
    "right shoulder",
    "right elbow",
    "right wrist",
    "left shoulder",
    "left elbow",
    "left wrist",
    "right hip",
    "right knee",
    "right ankle",
    "left hip",
    "left knee",
    "left ankle",
    "right eye",
    "left eye",
    "right ear",
    "left ear",
];

/// Pairs of points that a limb joins, in the order in which they are drawn.
pub const LIMBS: [[usize; 2]; 17] = [
    [1, 2],
    [1, 5],
    [2, 3],
    [3, 4],
    [5, 6],
    [6, 7],
    [1, 8],
    [8, 9],
    [9, 10],
    [1, 11],
    [11, 12],
    [12, 13],
    [1, 0],
    [0, 14],
    [14, 16],
    [0, 15],
    [15, 17],
];

/// Colours, 8-bit red, green and blue: of a point by its number, of a limb by its place in [`LIMBS`].
pub const COLORS: [[u8; 3]; 18] = [
    [255, 0, 0],
    [255, 85, 0],
    [255, 170, 0],
    [255, 255, 0],
    [170, 255, 0],
    [85, 255, 0],
    [0, 255, 0],
    [0, 255, 85],
    [0, 255, 170],
    [0, 255, 255],
    [0, 170, 255],
    [0, 85, 255],
    [0, 0, 255],
    [85, 0, 255],
    [170, 0, 255],
    [255, 0, 255],
    [255, 0, 170],
    [255, 0, 85],
];

/// The neck lies between the shoulders; no rig has a joint for it in that place.
pub const NECK: usize = 1;

/// Words of rigs for a point, the likeliest first. A point of one side has a number for the right and one for the left.
const WORDS: [(&[&str], [usize; 2]); 9] = [
    (&["upperarm", "uparm", "arm", "shoulder"], [2, 5]),
    (&["forearm", "lowerarm", "lowarm", "elbow"], [3, 6]),
    (&["hand", "wrist"], [4, 7]),
    (&["thigh", "upleg", "upperleg", "leg", "hip"], [8, 11]),
    (&["shin", "calf", "lowerleg", "lowleg", "leg", "knee"], [9, 12]),
    (&["foot", "ankle"], [10, 13]),
    (&["eye"], [14, 15]),
    (&["ear"], [16, 17]),
    (&["nose"], [0, 0]),
];

/// Words in names of joints that say nothing of which joint it is.
const FILLERS: [&str; 20] = [
    "armature",
    "b",
    "biped",
    "bip",
    "bn",
    "bone",
    "cc",
    "char",
    "character",
    "def",
    "j",
    "jnt",
    "joint",
    "jt",
    "mixamorig",
    "org",
    "rig",
    "sk",
    "skeleton",
    "valve",
];

/// The joint that each point is, of joints with these names. It knows the usual ones: of Blender, Mixamo, VRM, Unreal, 3ds
/// Max, and plain ones such as `forearm_l`. [`NECK`] is nothing.
pub fn joints_of_points<'n>(names: impl IntoIterator<Item = &'n str>) -> [Option<&'n str>; 18] {
    let names: Vec<(&str, String, Option<usize>)> = names
        .into_iter()
        .map(|name| {
            let (word, side) = plain(name);
            (name, word, side)
        })
        .collect();
    let mut found = [None; 18];
    for (words, points) in WORDS {
        for (side, point) in points.into_iter().enumerate() {
            let named = |word: &str| {
                let same =
                    names.iter().filter(|(_, own, of)| own == word && (*of == Some(side) || points[0] == points[1]));
                // One joint is one point: a `leg` with a `shin` is the thigh.
                same.map(|(name, ..)| *name).find(|name| !found.contains(&Some(*name)))
            };
            let joint = words.iter().find_map(|word| named(word));
            // The nose is asked for twice.
            found[point] = found[point].or(joint);
        }
    }
    found
}

/// Points without which a figure is none: all of arms and legs.
pub fn missing(found: &[Option<&str>; 18]) -> Vec<&'static str> {
    let of_body = (0..14).filter(|point| ![0, NECK].contains(point));
    of_body.filter(|point| found[*point].is_none()).map(|point| POINTS[point]).collect()
}

/// The word of a joint's name without side, fillers and numbers, and its side: 0 right, 1 left.
fn plain(name: &str) -> (String, Option<usize>) {
    let name = name.rsplit([':', '|']).next().unwrap_or(name);
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        let begins = !before.is_alphabetic() || (before.is_lowercase() && c.is_uppercase());
        if c.is_alphabetic() {
            match words.last_mut() {
                Some(word) if !begins => word.extend(c.to_lowercase()),
                _ => words.push(c.to_lowercase().collect()),
            }
        }
        before = c;
    }
    let mut side = None;
    words.retain(|word| {
        match word.as_str() {
            "r" | "right" => side = Some(0),
            "l" | "left" => side = Some(1),
            word => return !FILLERS.contains(&word),
        }
        false
    });
    (words.concat(), side)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Joints of common rigs, in the order of [`POINTS`] from the right shoulder to the left ankle.
    #[test]
    fn common_rigs_are_known() {
        let sides = |right: &str, left: &str, names: [&str; 6]| -> Vec<String> {
            let side = |side: &str| names.map(|n| n.replace('*', side));
            let (r, l) = (side(right), side(left));
            [&r[..3], &l[..3], &r[3..], &l[3..]].concat()
        };
        let rigs = [
            sides("r", "l", ["arm_*", "forearm_*", "hand_*", "leg_*", "shin_*", "foot_*"]),
            sides("R", "L", ["upper_arm.*", "forearm.*", "hand.*", "thigh.*", "shin.*", "foot.*"]),
            sides("Right", "Left", ["mixamorig:*Arm", "*ForeArm", "*Hand", "*UpLeg", "*Leg", "*Foot"]),
            sides("r", "l", ["upperarm_*", "lowerarm_*", "hand_*", "thigh_*", "calf_*", "foot_*"]),
            sides(
                "R",
                "L",
                [
                    "J_Bip_*_UpperArm",
                    "J_Bip_*_LowerArm",
                    "J_Bip_*_Hand",
                    "J_Bip_*_UpperLeg",
                    "J_Bip_*_LowerLeg",
                    "J_Bip_*_Foot",
                ],
            ),
            sides(
                "R",
                "L",
                [
                    "Bip01 * UpperArm",
                    "Bip01 * Forearm",
                    "Bip01 * Hand",
                    "Bip01 * Thigh",
                    "Bip01 * Calf",
                    "Bip01 * Foot",
                ],
            ),
            sides("right", "left", ["*Shoulder", "*Elbow", "*Wrist", "*Hip", "*Knee", "*Ankle"]),
        ];
        for rig in rigs {
            let others =
                ["spine", "Hips", "neck", "head", "shoulder_l", "mixamorig:LeftHandIndex1", "upperarm_twist_01_l"];
            let names: Vec<&str> = rig.iter().map(String::as_str).chain(others).collect();
            let found = joints_of_points(names.iter().copied());
            let body: Vec<&str> = (2..14).filter_map(|p| found[p]).collect();
            assert_eq!(body, rig.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(missing(&found), [""; 0]);
            assert_eq!([found[0], found[NECK], found[14]], [None; 3]);
        }
    }

    #[test]
    fn what_a_rig_lacks_is_named() {
        let found = joints_of_points(["arm_l", "forearm_l", "hand_l", "leg_l", "foot_l", "nose", "eye_r", "Ear.L"]);
        assert_eq!([found[0], found[14], found[17]], [Some("nose"), Some("eye_r"), Some("Ear.L")]);
        let lacks = missing(&found);
        assert_eq!(lacks[..3], ["right shoulder", "right elbow", "right wrist"]);
        assert_eq!(lacks.last(), Some(&"left knee"));
        assert_eq!(joints_of_points([""; 0]), [None; 18]);
    }

    #[test]
    fn every_limb_joins_two_points() {
        let mut reached: Vec<usize> = LIMBS.iter().flatten().copied().collect();
        reached.sort_unstable();
        reached.dedup();
        assert_eq!(reached, (0..18).collect::<Vec<_>>());
    }
}
