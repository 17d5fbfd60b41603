//! The scenes: data. To add a picture, add a row.

/// One picture.
pub struct Scene {
    /// The picture's file name.
    pub name: &'static str,
    /// What the window's title says.
    pub title: &'static str,
    /// The program's arguments.
    pub args: &'static [&'static str],
    /// The size of the terminal.
    pub cols: u16,
    /// The size of the terminal.
    pub rows: u16,
    /// What happens until the picture is taken. End with a wait, or the picture is of an unfinished screen.
    pub steps: &'static [Step],
}

/// One thing that happens in a scene.
pub enum Step {
    /// Waits until a text is on the screen.
    Wait(&'static str),
    /// Waits until a text is no longer on the screen.
    Gone(&'static str),
    /// Types.
    Type(&'static str),
    /// Presses a key by its name in `tests/it/pty.rs`.
    Press(&'static str),
}

use Step::{Gone, Press, Type, Wait};

const DEMO: Scene =
    Scene { name: "", title: "dynaudit demo", args: &["demo"], cols: 112, rows: 30, steps: &[] };

/// Every picture.
pub const SCENES: &[Scene] = &[
    Scene { name: "tables", steps: &[Wait("webhooks"), Wait("api_metadata")], ..DEMO },
    Scene {
        name: "findings",
        steps: &[Wait("api_metadata"), Type("A"), Type("F"), Wait("critical"), Gone("reading")],
        ..DEMO
    },
    Scene {
        name: "fix",
        steps: &[
            Wait("api_metadata"),
            Type("A"),
            Type("F"),
            Wait("critical"),
            Press("Enter"),
            Wait("AWS CLI"),
        ],
        ..DEMO
    },
    Scene {
        name: "item",
        steps: &[
            Wait("api_metadata"),
            Type("/api_metadata"),
            Press("Enter"),
            Press("Enter"),
            Wait("••••••••"),
            Press("Enter"),
            Wait("Attribute"),
        ],
        ..DEMO
    },
    Scene { name: "posture", steps: &[Wait("api_metadata"), Type("p"), Wait("posture")], ..DEMO },
    Scene { name: "help", steps: &[Wait("api_metadata"), Type("?"), Wait("back")], ..DEMO },
    Scene {
        name: "small",
        title: "dynaudit demo, 60 columns",
        cols: 60,
        rows: 16,
        steps: &[Wait("api_metadata")],
        ..DEMO
    },
];
