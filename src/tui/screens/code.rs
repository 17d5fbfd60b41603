//! The codes of MFA devices, where credentials of a role ran out in mid-session.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Transition, View};
use crate::domain::{MfaCode, Safe};
use crate::tui::keymap::Context;
use crate::tui::model::{PlaceId, Shared, Waiting};
use crate::tui::theme::Role;
use crate::tui::widgets::{Block, Prompt, blocks};
use crate::tui::{Action, Ask};

/// Where it signs in, and what was typed.
pub struct CodeScreen {
    place: PlaceId,
    /// Codes of the devices before this one.
    codes: Vec<MfaCode>,
    prompt: Prompt,
}

impl CodeScreen {
    pub(super) fn new(place: PlaceId) -> Self {
        Self { place, codes: Vec::new(), prompt: Prompt::digits("MFA code: ") }
    }
}

impl View for CodeScreen {
    fn context(&self) -> Context {
        Context::Code
    }

    fn title(&self, _: &Shared) -> String {
        "Sign in again".into()
    }

    fn act(&mut self, _: &mut Shared, action: Action) -> Transition {
        if action == Action::Back { Transition::Close } else { Transition::Stay }
    }

    fn prompt(&mut self) -> Option<&mut Prompt> {
        Some(&mut self.prompt)
    }

    fn entered(&mut self, shared: &mut Shared) -> Transition {
        let Some(code) = MfaCode::parse(self.prompt.text()) else {
            shared.complain("An MFA code is six digits.");
            return Transition::Stay;
        };
        self.codes.push(code);
        if self.codes.len() < shared.devices(self.place).len() {
            self.prompt.set("");
            return Transition::Stay;
        }
        shared.say("Signing in again.");
        shared.ask(self.place, Waiting::Renewal, Ask::Renew(std::mem::take(&mut self.codes)));
        Transition::Close
    }

    fn escaped(&mut self, _: &mut Shared) -> Transition {
        Transition::Close
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        self.prompt.draw(buf, Rect { height: 1.min(inner.height), ..inner }, shared);
        let safe = |text: &str| Safe::neutral(text).to_string();
        let devices = shared.devices(self.place);
        let device = devices.get(self.codes.len()).map(String::as_str).unwrap_or_default();
        let which = match devices.len() {
            0 | 1 => safe(device),
            // A device takes no code twice, so the same one has to show its next.
            all if devices[..self.codes.len()].iter().any(|d| d == device) => {
                format!("{} (code {} of {all}: its next one)", safe(device), self.codes.len() + 1)
            }
            all => format!("{} (code {} of {all})", safe(device), self.codes.len() + 1),
        };
        let text = [
            Block::Gap,
            Block::Item("device".into(), which, Role::Plain),
            Block::Item("region".into(), safe(&shared.engine.places[self.place.0].scope.region), Role::Plain),
            Block::Gap,
            Block::Text(
                "The code goes to AWS STS (AssumeRole) and is not stored. The screen returns as it was."
                    .into(),
                Role::Dim,
            ),
        ];
        let below = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        blocks(buf, below, theme, &text, 0);
    }
}
