//! The code of an MFA device, where credentials of a role ran out in mid-session.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Flow, View};
use crate::domain::{MfaCode, Safe};
use crate::tui::keymap::Context;
use crate::tui::model::{PlaceId, Shared, Waiting};
use crate::tui::theme::Role;
use crate::tui::widgets::{Block, Prompt, blocks};
use crate::tui::{Action, Ask};

/// Where it signs in, and what was typed.
pub struct State {
    place: PlaceId,
    /// The device's serial number.
    device: String,
    prompt: Prompt,
}

impl State {
    pub(super) fn new(place: PlaceId, device: String) -> Self {
        Self { place, device, prompt: Prompt::digits("MFA code: ") }
    }
}

impl View for State {
    fn context(&self) -> Context {
        Context::Code
    }

    fn title(&self, _: &Shared) -> String {
        "Sign in again".into()
    }

    fn act(&mut self, _: &mut Shared, action: Action) -> Flow {
        if action == Action::Back { Flow::Close } else { Flow::Stay }
    }

    fn prompt(&mut self) -> Option<&mut Prompt> {
        Some(&mut self.prompt)
    }

    fn entered(&mut self, shared: &mut Shared) -> Flow {
        let Some(code) = MfaCode::parse(self.prompt.text()) else {
            shared.complain("An MFA code is six digits.");
            return Flow::Stay;
        };
        shared.say("Signing in again.");
        shared.ask(self.place, Waiting::Renewal, Ask::Renew(Some(code)));
        Flow::Close
    }

    fn escaped(&mut self, _: &mut Shared) -> Flow {
        Flow::Close
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        self.prompt.draw(buf, Rect { height: 1.min(inner.height), ..inner }, theme);
        let safe = |text: &str| Safe::neutral(text).to_string();
        let text = [
            Block::Gap,
            Block::Item("device".into(), safe(&self.device), Role::Plain),
            Block::Item("region".into(), safe(&shared.places[self.place.0].scope.region), Role::Plain),
            Block::Gap,
            Block::Text(
                "The code is sent to AWS STS (AssumeRole) and kept nowhere. What was on screen is there again after it."
                    .into(),
                Role::Dim,
            ),
        ];
        let below = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        blocks(buf, below, theme, &text, 0);
    }
}
