//! The scenes: data. To add a picture, add a row.

/// One picture.
pub struct Scene {
    /// The picture's file name.
    pub name: &'static str,
    /// What the window's title says.
    pub title: &'static str,
    /// The program's arguments.
    pub args: &'static [&'static str],
    /// The terminal's colours, which it also tells.
    pub ground: &'static Ground,
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
    /// Types.
    Type(&'static str),
    /// Presses a key by its name in `tests/it/pty.rs`.
    Press(&'static str),
}

use crate::paint::{DARK, Ground, LIGHT};
use Step::{Press, Type, Wait};

const DEMO: Scene = Scene {
    name: "",
    title: "dynaudit demo",
    args: &["demo"],
    ground: &DARK,
    cols: 112,
    rows: 30,
    steps: &[],
};

/// Every picture.
pub const SCENES: &[Scene] = &[
    Scene { name: "tables", steps: &[Wait("webhooks"), Type("A"), Wait("Audit done")], ..DEMO },
    Scene {
        name: "overview",
        steps: &[Wait("webhooks"), Type("A"), Wait("Audit done"), Type("1"), Wait("What to do first")],
        ..DEMO
    },
    Scene {
        name: "findings",
        steps: &[Wait("webhooks"), Type("A"), Wait("Audit done"), Type("F"), Wait("enter fix")],
        ..DEMO
    },
    Scene {
        name: "finding",
        rows: 44,
        steps: &[
            Wait("webhooks"),
            Type("A"),
            Wait("Audit done"),
            Type("F"),
            Wait("enter fix"),
            Press("Enter"),
            Wait("copy fix"),
        ],
        ..DEMO
    },
    Scene {
        name: "items",
        steps: &[
            Wait("webhooks"),
            Type("/api_metadata"),
            Press("Enter"),
            Wait("filter: api_metadata"),
            Press("Enter"),
            Wait("enter open"),
            Wait("items read ·"),
        ],
        ..DEMO
    },
    Scene {
        name: "item",
        steps: &[
            Wait("webhooks"),
            Type("/api_metadata"),
            Press("Enter"),
            Wait("filter: api_metadata"),
            Press("Enter"),
            Wait("enter open"),
            Wait("items read ·"),
            Press("Enter"),
            Wait("reveal"),
        ],
        ..DEMO
    },
    Scene {
        name: "access-key",
        rows: 20,
        steps: &[
            Wait("webhooks"),
            Type("/api_metadata"),
            Press("Enter"),
            Wait("filter: api_metadata"),
            Press("Enter"),
            Wait("items read ·"),
            Type("jjjjj"),
            Press("Enter"),
            Wait("a asks who owns it"),
            Type("a"),
            Wait("enter asks"),
            Press("Enter"),
            Wait("ACTIVE"),
        ],
        ..DEMO
    },
    Scene {
        name: "roles",
        rows: 20,
        steps: &[
            Wait("webhooks"),
            Type("/orders"),
            Press("Enter"),
            Wait("filter: orders"),
            Type("p"),
            Wait("enter fix"),
            Type("X"),
            Wait("enter asks"),
            Press("Enter"),
            Wait("order-mailer"),
        ],
        ..DEMO
    },
    Scene {
        name: "access",
        rows: 24,
        steps: &[
            Wait("webhooks"),
            Type("/orders"),
            Press("Enter"),
            Wait("filter: orders"),
            Type("p"),
            Wait("enter fix"),
            Type("P"),
            Wait("break-glass"),
        ],
        ..DEMO
    },
    Scene {
        name: "count",
        rows: 16,
        steps: &[
            Wait("webhooks"),
            Type("/orders"),
            Press("Enter"),
            Wait("filter: orders"),
            Press("Enter"),
            Wait("items read ·"),
            Type("#"),
            Wait("enter counts"),
            Press("Enter"),
            Wait("complete"),
        ],
        ..DEMO
    },
    Scene {
        name: "light",
        ground: &LIGHT,
        steps: &[Wait("webhooks"), Type("A"), Wait("Audit done"), Type("F"), Wait("enter fix")],
        ..DEMO
    },
    Scene {
        name: "posture",
        steps: &[
            Wait("webhooks"),
            Type("/tenants"),
            Press("Enter"),
            Wait("filter: tenants"),
            Type("p"),
            Wait("enter fix"),
        ],
        ..DEMO
    },
    Scene {
        name: "copies",
        steps: &[
            Wait("webhooks"),
            Type("A"),
            Wait("Audit done"),
            Type("/tenants"),
            Press("Enter"),
            Wait("filter: tenants"),
            Type("O"),
            Wait("copies remain in"),
        ],
        ..DEMO
    },
    Scene {
        name: "policy",
        rows: 44,
        steps: &[
            Wait("webhooks"),
            Type("/api_metadata"),
            Press("Enter"),
            Wait("filter: api_metadata"),
            Type("W"),
            Wait("esc back"),
        ],
        ..DEMO
    },
    Scene {
        name: "query",
        steps: &[
            Wait("webhooks"),
            Type("/api_tokens"),
            Press("Enter"),
            Wait("filter: api_tokens"),
            Type("="),
            Wait("esc"),
            Type("user_id = 1007 and begins_with(token, \"ghp_\")"),
            Wait("because"),
        ],
        ..DEMO
    },
    Scene { name: "help", rows: 44, steps: &[Wait("webhooks"), Type("?"), Wait("esc back")], ..DEMO },
    Scene {
        name: "small",
        title: "dynaudit demo, 60 columns",
        cols: 60,
        rows: 16,
        steps: &[Wait("webhooks"), Type("A"), Wait("Audit done")],
        ..DEMO
    },
];
