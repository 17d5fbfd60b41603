//! The clipboard: the desktop's own, or the terminal's through OSC 52 (over SSH that comes first).

use std::io::Write;

use base64::Engine;

/// What xterm takes at most in one OSC 52 sequence, in bytes of base64
/// (<https://invisible-island.net/xterm/ctlseqs/ctlseqs.html>, and hterm's limit of 74,994).
const OSC_52_LIMIT: usize = 74_994;

/// Where we run, as far as the clipboard is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// Over SSH.
    pub ssh: bool,
    /// Inside tmux.
    pub tmux: bool,
    /// Inside GNU screen.
    pub screen: bool,
    /// There is a desktop to talk to.
    pub desktop: bool,
}

impl Surroundings {
    /// From environment variables.
    pub fn from_env(var: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| var(name).is_some_and(|v| !v.is_empty());
        Self {
            ssh: set("SSH_TTY") || set("SSH_CONNECTION"),
            tmux: set("TMUX"),
            screen: !set("TMUX") && var("TERM").is_some_and(|t| t.starts_with("screen")),
            desktop: cfg!(not(all(unix, not(target_os = "macos"))))
                || set("DISPLAY")
                || set("WAYLAND_DISPLAY"),
        }
    }
}

/// The desktop's clipboard is kept open for the session: on X11 the text is gone with the handle.
#[derive(Default)]
pub struct Clipboard {
    desktop: Option<arboard::Clipboard>,
}

impl Clipboard {
    /// Copies text, and says how.
    ///
    /// # Errors
    /// A sentence for the person: what did not work, and what does.
    pub fn copy(
        &mut self,
        around: Surroundings,
        what: &str,
        text: &str,
        tty: &mut impl Write,
    ) -> Result<String, String> {
        if around.desktop && !around.ssh && self.desktop_takes(text).is_ok() {
            return Ok(format!("Copied {what} to the clipboard."));
        }
        let sequence = osc52(around, text).ok_or_else(|| {
            format!("{what} is too long for the terminal's clipboard; w writes it to a file.")
        })?;
        tty.write_all(sequence.as_bytes()).and_then(|()| tty.flush()).map_err(|e| {
            format!("The terminal did not take {what}: {e}. A fix can be written to a file with w.")
        })?;
        // There is no acknowledgement: the terminal may ignore it.
        Ok(format!("Sent {what} to the terminal's clipboard (OSC 52); some terminals ignore that."))
    }

    fn desktop_takes(&mut self, text: &str) -> Result<(), arboard::Error> {
        let handle = match &mut self.desktop {
            Some(handle) => handle,
            none => none.insert(arboard::Clipboard::new()?),
        };
        handle.set_text(text)
    }
}

/// The escape sequence that puts text into the terminal's clipboard; `None` if it is too long.
fn osc52(around: Surroundings, text: &str) -> Option<String> {
    let payload = base64::engine::general_purpose::STANDARD.encode(text);
    if payload.len() > OSC_52_LIMIT {
        return None;
    }
    let plain = format!("\x1b]52;c;{payload}\x07");
    Some(if around.tmux {
        // tmux takes the first form itself (set-clipboard on) and hands the second through
        // (allow-passthrough on); which one is set up cannot be asked.
        format!("{plain}\x1bPtmux;\x1b\x1b]52;c;{payload}\x07\x1b\\")
    } else if around.screen {
        // GNU screen hands through at most 768 bytes at a time.
        let pieces: Vec<String> = plain
            .as_bytes()
            .chunks(500)
            .map(|c| format!("\x1bP{}\x1b\\", String::from_utf8_lossy(c)))
            .collect();
        pieces.concat()
    } else {
        plain
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(vars: &[(&str, &str)]) -> Surroundings {
        Surroundings::from_env(|name| vars.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn over_ssh_the_terminal_comes_first() {
        let ssh = around(&[("SSH_TTY", "/dev/pts/1"), ("DISPLAY", ":10")]);
        let mut tty = Vec::new();
        let said = Clipboard::default().copy(ssh, "the fix", "hello", &mut tty).expect("short");
        assert!(said.starts_with("Sent"), "{said}");
        assert_eq!(tty, b"\x1b]52;c;aGVsbG8=\x07");
    }

    #[test]
    fn tmux_and_screen_are_wrapped() {
        let tmux = osc52(around(&[("TMUX", "x"), ("TERM", "screen-256color")]), "hello").expect("short");
        assert!(tmux.ends_with("\x1bPtmux;\x1b\x1b]52;c;aGVsbG8=\x07\x1b\\"), "{tmux:?}");
        let screen = osc52(around(&[("TERM", "screen")]), &"x".repeat(900)).expect("short");
        assert_eq!(screen.matches("\x1bP").count(), 3);
    }

    #[test]
    fn too_long_says_what_works() {
        let mut tty = Vec::new();
        let said = Clipboard::default().copy(around(&[]), "the fix", &"x".repeat(60_000), &mut tty);
        assert!(said.expect_err("too long").contains("w writes it to a file"));
        assert!(tty.is_empty());
    }
}
