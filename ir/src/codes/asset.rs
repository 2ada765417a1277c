//! Codes of the asset phase.

use super::Code;

/// A whole model that holds one triangle.
const TRIANGLE: &str = r#"{
  "asset": { "version": "2.0" },
  "scene": 0,
  "scenes": [{ "nodes": [0] }],
  "nodes": [{ "mesh": 0 }],
  "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 } }] }],
  "accessors": [{ "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0] }],
  "bufferViews": [{ "buffer": 0, "byteLength": 36 }],
  "buffers": [{ "byteLength": 36, "uri": "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }]
}"#;

/// The pages.
pub const CODES: &[Code] = &[
    Code {
        code: "E0501",
        title: "a file of an asset can't be read",
        page: "A glTF asset, or a buffer or image that it refers to, is missing or can't be opened. The message names the path as \
the asset writes it; such a path is relative to the folder of the asset.\n\nPut the file where the path says, or pack everything into \
one .glb file, which refers to nothing.",
        wrong: r#"{
  "asset": { "version": "2.0" },
  "scene": 0,
  "scenes": [{ "nodes": [0] }],
  "nodes": [{ "mesh": 0 }],
  "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 } }] }],
  "accessors": [{ "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0] }],
  "bufferViews": [{ "buffer": 0, "byteLength": 36 }],
  "buffers": [{ "byteLength": 36, "uri": "chair.bin" }]
}"#,
        right: TRIANGLE,
    },
    Code {
        code: "E0502",
        title: "the file is not glTF 2.0",
        page: "The file is neither a GLB container nor glTF JSON, or its JSON is malformed, or it declares another version. The \
message gives line and column of malformed JSON, and a JSON pointer where a value has the wrong type.\n\nExport the model again as glTF \
2.0. Files of glTF 1.0 can be converted with gltf-pipeline.",
        wrong: r#"{
  "asset": { "version": "1.0" },
  "scene": 0,
  "scenes": [{ "nodes": [0] }],
  "nodes": [{ "mesh": 0 }],
  "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 } }] }],
  "accessors": [{ "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0] }],
  "bufferViews": [{ "buffer": 0, "byteLength": 36 }],
  "buffers": [{ "byteLength": 36, "uri": "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }]
}"#,
        right: TRIANGLE,
    },
    Code {
        code: "E0503",
        title: "an asset is truncated",
        page: "A buffer has fewer bytes than its `byteLength`, a buffer view or accessor reaches beyond the end of its buffer, or \
a chunk of a GLB file is cut off. Usually a copy or download was not finished.\n\nCopy, download or export the file again.",
        wrong: r#"{
  "asset": { "version": "2.0" },
  "scene": 0,
  "scenes": [{ "nodes": [0] }],
  "nodes": [{ "mesh": 0 }],
  "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 } }] }],
  "accessors": [{ "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0] }],
  "bufferViews": [{ "buffer": 0, "byteLength": 36 }],
  "buffers": [{ "byteLength": 36, "uri": "data:application/octet-stream;base64,AAAAAAAAAAA=" }]
}"#,
        right: TRIANGLE,
    },
    Code {
        code: "E0504",
        title: "an index inside an asset points at nothing",
        page: "The parts of a glTF file refer to each other by index: a node to its mesh, a primitive to its accessors, a triangle to \
its vertices, a vertex to the joints of its skin. One of these indices is too large. The JSON pointer shows the property that holds \
it.\n\nThe file is damaged or was edited by hand: export it again.",
        wrong: r#"{
  "asset": { "version": "2.0" },
  "scene": 0,
  "scenes": [{ "nodes": [0] }],
  "nodes": [{ "mesh": 3 }],
  "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 } }] }],
  "accessors": [{ "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0] }],
  "bufferViews": [{ "buffer": 0, "byteLength": 36 }],
  "buffers": [{ "byteLength": 36, "uri": "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }]
}"#,
        right: TRIANGLE,
    },
    Code {
        code: "E0505",
        title: "the nodes of an asset form no trees",
        page: "Each node of a glTF file has at most one parent and is no ancestor of itself, a scene lists root nodes only, and a skin \
names each joint once. The message shows the path of a cycle, or both parents.\n\nRemove one of the `children` entries that the message \
names, or copy the node.",
        wrong: r#"{
  "asset": { "version": "2.0" },
  "scene": 0,
  "scenes": [{ "nodes": [0] }],
  "nodes": [{ "mesh": 0, "children": [1] }, { "children": [0] }],
  "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 } }] }],
  "accessors": [{ "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0] }],
  "bufferViews": [{ "buffer": 0, "byteLength": 36 }],
  "buffers": [{ "byteLength": 36, "uri": "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }]
}"#,
        right: r#"{
  "asset": { "version": "2.0" },
  "scene": 0,
  "scenes": [{ "nodes": [0] }],
  "nodes": [{ "mesh": 0, "children": [1] }, {}],
  "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 } }] }],
  "accessors": [{ "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0] }],
  "bufferViews": [{ "buffer": 0, "byteLength": 36 }],
  "buffers": [{ "byteLength": 36, "uri": "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }]
}"#,
    },
    Code {
        code: "E0506",
        title: "an asset requires an extension that is not supported",
        page: "The file lists an extension in `extensionsRequired`, which says that it makes no sense without it: compressed \
geometry or textures in most cases. The hint gives a command that converts the file, where there is one.\n\nAn extension that is only \
in `extensionsUsed` leaves a note and is ignored.",
        wrong: r#"{
  "asset": { "version": "2.0" },
  "extensionsUsed": ["KHR_draco_mesh_compression"],
  "extensionsRequired": ["KHR_draco_mesh_compression"],
  "scene": 0,
  "scenes": [{ "nodes": [0] }],
  "nodes": [{ "mesh": 0 }],
  "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 } }] }],
  "accessors": [{ "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0] }],
  "bufferViews": [{ "buffer": 0, "byteLength": 36 }],
  "buffers": [{ "byteLength": 36, "uri": "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }]
}"#,
        right: TRIANGLE,
    },
    Code {
        code: "E0507",
        title: "an asset holds unusable values",
        page: "An accessor has the wrong type, number of elements or alignment for its use, or a value is not finite, or out of \
its range: a rotation of length zero, a keyframe before the one before it, a field of view above pi.\n\nExport the file again. When it was \
written by a program of yours, the Khronos glTF validator shows all such places.",
        wrong: r#"{
  "asset": { "version": "2.0" },
  "scene": 0,
  "scenes": [{ "nodes": [0] }],
  "nodes": [{ "mesh": 0 }],
  "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 } }] }],
  "accessors": [{ "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC2", "min": [0, 0], "max": [1, 1] }],
  "bufferViews": [{ "buffer": 0, "byteLength": 36 }],
  "buffers": [{ "byteLength": 36, "uri": "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }]
}"#,
        right: TRIANGLE,
    },
    Code {
        code: "E0508",
        title: "an image of an asset can't be decoded",
        page: "PNG and JPEG images are read. The image is damaged or has another format; its content counts, not its name or \
declared media type.\n\nOpen the image and save it again as PNG or JPEG.\n\nNo example: it is about bytes of a picture.",
        wrong: "",
        right: "",
    },
    Code {
        code: "E0509",
        title: "an asset has no such name",
        page: "A node, mesh, skin, material, variant, clip, camera or morph target was asked for by a name that the asset does \
not have. The hint gives the closest name that it has, or lists the first few.",
        wrong: "scenec render lantern.glb --node Lantren -o out.png",
        right: "scenec render lantern.glb --node Lantern -o out.png",
    },
    Code {
        code: "E0510",
        title: "an asset is beyond a limit",
        page: "Limits keep a broken or hostile file from taking all memory: 16384 x 16384 pixels per image, 4 GiB of decoded textures, \
256 MiB of JSON, 2 million JSON objects, 4 million instances, 2^28 elements read at once, 2048 morph targets per mesh, 1024 bytes per \
name.\n\nScale images down, select fewer \
nodes, or split the asset.\n\nNo example: it would be as large.",
        wrong: "",
        right: "",
    },
    Code {
        code: "E0511",
        title: "a URI of an asset is refused",
        page: "Buffers and images are read from data URIs and from relative paths that stay inside the folder of the asset. Absolute \
paths, other schemes (http:, file:), back slashes and paths that lead out of the folder are refused: opening a stranger's model must \
not read other files. Data URIs with broken base64 are refused as well.\n\nPut the files beside or below the asset and name them by \
relative paths, or pack the model as .glb.",
        wrong: r#"{
  "asset": { "version": "2.0" },
  "scene": 0,
  "scenes": [{ "nodes": [0] }],
  "nodes": [{ "mesh": 0 }],
  "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 } }] }],
  "accessors": [{ "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0] }],
  "bufferViews": [{ "buffer": 0, "byteLength": 36 }],
  "buffers": [{ "byteLength": 36, "uri": "../../secret/key.bin" }]
}"#,
        right: TRIANGLE,
    },
];
