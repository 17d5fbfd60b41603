//! Draws pictures of the real binary: starts it in a terminal, types what a scene says, and paints the screen.
//!
//! `dynaudit-screenshots PROGRAM DIRECTORY [SCENE]...`; `screenshots/make` calls it.

mod boxes;
mod paint;
mod scenes;

// The driver of the end-to-end tests: what the pictures show is what the tests see.
#[path = "../../../tests/it/pty.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod pty;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use scenes::{SCENES, Scene, Step};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (Some(program), Some(directory)) = (args.next(), args.next().map(PathBuf::from)) else {
        eprintln!("usage: dynaudit-screenshots PROGRAM DIRECTORY [SCENE]...");
        return ExitCode::from(2);
    };
    let wanted: Vec<String> = args.collect();
    if let Some(unknown) = wanted.iter().find(|name| SCENES.iter().all(|scene| scene.name != **name)) {
        let known: Vec<&str> = SCENES.iter().map(|scene| scene.name).collect();
        eprintln!("no scene is called {unknown}; there are {}", known.join(", "));
        return ExitCode::from(2);
    }
    let fonts = match paint::Fonts::load() {
        Ok(fonts) => fonts,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    for scene in SCENES.iter().filter(|scene| wanted.is_empty() || wanted.iter().any(|w| w == scene.name)) {
        let screen = play(&program, scene);
        let file = directory.join(format!("{}.png", scene.name));
        if let Err(error) = paint::paint(&screen, scene.title, &fonts, scene.ground).save(&file) {
            eprintln!("{}: {error}", file.display());
            return ExitCode::FAILURE;
        }
        println!("{}", file.display());
    }
    ExitCode::SUCCESS
}

/// The screen at the end of a scene. Panics with the screen printed when a wait is in vain.
fn play(program: &str, scene: &Scene) -> vt100::Screen {
    let terminal = pty::Start::program(program)
        .args(scene.args)
        .size(scene.cols, scene.rows)
        .env("COLORTERM", "truecolor")
        .background(&scene.ground.told())
        .start();
    for step in scene.steps {
        match *step {
            Step::Wait(text) => terminal.wait_for(text),
            Step::Type(text) => terminal.send(text),
            Step::Press(name) => match pty::key::ALL.iter().find(|(known, _)| *known == name) {
                Some((_, bytes)) => terminal.send(bytes),
                None => panic!("scene {}: no key is called {name}", scene.name),
            },
        }
    }
    // What still loads may draw: the picture is of a quiet screen.
    while terminal.bytes_within(Duration::from_millis(300)) > 0 {}
    terminal.screen()
}
