//! Types of expressions.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Dimension, node::Wire};

/// What the numbers of an image mean. Encodings do not mix; conversions are named nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// Scene-linear Rec. 709 radiance.
    SceneLinear,
    /// Display-referred sRGB, after a view transform.
    Display,
    /// Metres along the camera's axis.
    Depth,
    /// 0 far to 1 near, linear in 1 / depth.
    InverseDepth,
    /// Unit normals in the camera's space: x right, y up, z towards the viewer.
    Normal,
    /// Coverage, 0 to 1.
    Mask,
    /// A colour for each object, material or asset; edges are not blended.
    Ids,
    /// Skeletons of figures in the colours of OpenPose, display values.
    Pose,
}

impl Encoding {
    /// What an image of it is called in a sentence, with its article.
    pub fn noun(self) -> &'static str {
        match self {
            Self::SceneLinear => "a scene-linear picture",
            Self::Display => "a picture for displays",
            Self::Depth => "a depth map",
            Self::InverseDepth => "an inverse depth map",
            Self::Normal => "a normal map",
            Self::Mask => "a mask",
            Self::Ids => "an id map",
            Self::Pose => "a pose map",
        }
    }

    /// The name of its type in programs.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::SceneLinear => "Image",
            Self::Display => "DisplayImage",
            Self::Depth => "DepthImage",
            Self::InverseDepth => "InverseDepthImage",
            Self::Normal => "NormalImage",
            Self::Mask => "MaskImage",
            Self::Ids => "IdImage",
            Self::Pose => "PoseImage",
        }
    }

    /// The encoding whose type has this name.
    pub fn of_type(name: &str) -> Option<Self> {
        use Encoding::{Depth, Display, Ids, InverseDepth, Mask, Normal, Pose, SceneLinear};
        [SceneLinear, Display, Depth, InverseDepth, Normal, Mask, Ids, Pose].into_iter().find(|e| e.type_name() == name)
    }
}

/// A closed enumeration, known by the place of its declaration: two versions of a kit have two.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EnumType {
    /// Name for messages, such as `mira.Outfit`.
    pub name: String,
    /// Path of the module that declares it; empty for one of a node's parameter.
    pub home: String,
    /// Members in order of declaration.
    pub members: Vec<String>,
}

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A number with a dimension; a plain number is a `Ratio`.
    Quantity(Dimension),
    /// Text.
    Text,
    /// A colour, linear Rec. 709.
    Color,
    /// Two numbers of one dimension.
    Vec2(Dimension),
    /// Three numbers of one dimension.
    Vec3(Dimension),
    /// A member of a closed enumeration.
    Enum(Arc<EnumType>),
    /// A list of one type.
    List(Box<Type>),
    /// A half-open range.
    Range(Box<Type>),
    /// A value of a type, or `none`; never optional twice. `none` by itself is an optional [`Type::Unknown`].
    Optional(Box<Type>),
    /// Something that flows between nodes.
    Wire(Wire),
    /// A glTF asset.
    Asset,
    /// A shot.
    Shot,
    /// A pose of a figure.
    Pose,
    /// A box in the world, read off the stage: `.min`, `.max`, `.size` and `.center`, each a `Vec3<Length>`.
    Bounds,
    /// The type of an expression that already has an error; agrees with everything, so no error follows it.
    Unknown,
}

impl Type {
    /// A value of this type, or `none`.
    pub fn optional(self) -> Self {
        match self {
            Self::Unknown | Self::Optional(_) => self,
            ty => Self::Optional(Box::new(ty)),
        }
    }

    /// The type of `none` alone.
    pub fn none() -> Self {
        Self::Optional(Box::new(Self::Unknown))
    }

    /// The type of what is there: `Length` of `Length?`.
    pub fn present(&self) -> &Self {
        match self {
            Self::Optional(ty) => ty,
            ty => ty,
        }
    }

    /// True when it may be `none`.
    pub fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_))
    }
}

/// The corners, the size and the middle of a [`Type::Bounds`], in the order of its record.
pub const BOUNDS_FIELDS: [&str; 4] = ["min", "max", "size", "center"];

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("Bool"),
            Self::Int => f.write_str("Int"),
            Self::Quantity(d) => write!(f, "{d}"),
            Self::Text => f.write_str("Text"),
            Self::Color => f.write_str("Color"),
            Self::Vec2(d) => write!(f, "Vec2<{d}>"),
            Self::Vec3(d) => write!(f, "Vec3<{d}>"),
            Self::Enum(e) => f.write_str(&e.name),
            // Of what an empty list is, its use says.
            Self::List(t) if **t == Self::Unknown => f.write_str("List"),
            Self::Range(t) if **t == Self::Unknown => f.write_str("Range"),
            Self::List(t) => write!(f, "List<{t}>"),
            Self::Range(t) => write!(f, "Range<{t}>"),
            Self::Optional(t) if **t == Self::Unknown => f.write_str("none"),
            Self::Optional(t) => write!(f, "{t}?"),
            Self::Wire(w) => write!(f, "{w}"),
            Self::Asset => f.write_str("Asset"),
            Self::Shot => f.write_str("Shot"),
            Self::Pose => f.write_str("Pose"),
            Self::Bounds => f.write_str("Bounds"),
            Self::Unknown => f.write_str("?"),
        }
    }
}
