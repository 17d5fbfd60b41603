//! Why a finding does not count, and until when: asked one after the other, then written into the working folder.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::findings::short;
use super::{Transition, View};
use crate::audit::{Audit, accepting, is_by_place};
use crate::detect::ACCEPTED_FILE;
use crate::domain::{Acceptance, Accepted, Finding, Safe};
use crate::tui::keymap::Context;
use crate::tui::model::Shared;
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::{Block, Prompt, blocks};
use crate::tui::{Action, Effect, Handling};

const WHY: &str = "why: ";
const UNTIL: &str = "until: ";

/// What is accepted, and what was said of it so far.
pub struct AcceptScreen {
    findings: Vec<Finding>,
    /// What will be written of each, of what was seen when the question was put.
    entries: Vec<Accepted>,
    /// Of each, whether it is accepted by its place.
    by_place: Vec<bool>,
    /// How many more go with them, as they come of these secrets.
    with_it: usize,
    false_alarm: bool,
    /// The reason, once it was given; then the day is asked for.
    reason: Option<Safe>,
    prompt: Prompt,
}

impl AcceptScreen {
    /// None where a value is not known any more that would have to be named.
    pub(super) fn new(audit: &Audit, findings: Vec<Finding>, with_it: usize) -> Option<Self> {
        let nobody = Arc::new(Acceptance {
            reason: Safe::neutral(""),
            false_alarm: false,
            by: Safe::neutral(""),
            on: None,
            until: None,
            file: Safe::neutral(ACCEPTED_FILE),
        });
        let entries: Option<Vec<Accepted>> =
            findings.iter().map(|finding| accepting(audit, finding, &nobody)).collect();
        let by_place = findings.iter().map(|finding| is_by_place(audit, finding)).collect();
        Some(Self {
            entries: entries?,
            by_place,
            findings,
            with_it,
            false_alarm: false,
            reason: None,
            prompt: Prompt::new(WHY),
        })
    }

    fn kind(&self) -> &'static str {
        if self.false_alarm { "false alarm: it is no finding" } else { "accepted: the risk is known" }
    }
}

/// A day as it is typed: `2026-12-31`, `90d`, `12w`, or nothing for good. The last day of calendars is far away.
fn day(text: &str, today: Date) -> Result<Option<Date>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let in_days = |days: i64| Span::new().try_days(days).and_then(|span| today.checked_add(span)).ok();
    let many = |unit: char| text.strip_suffix(unit).and_then(|n| n.trim().parse::<u16>().ok());
    let day = match (many('d'), many('w')) {
        (Some(days), _) => in_days(i64::from(days)),
        (_, Some(weeks)) => in_days(7 * i64::from(weeks)),
        _ => text.parse().ok(),
    };
    match day {
        Some(day) if day < today => Err(format!("{day} is over.")),
        Some(day) => Ok(Some(day)),
        None => {
            Err("A day is written as 2026-12-31, or as 90d or 12w from now; nothing means for good.".into())
        }
    }
}

/// Who says it: the last part of the ARN of whoever is signed in, else the user of this machine.
fn who(shared: &Shared) -> Safe {
    let arn = shared.place().identity.known().map(|who| who.arn.clone());
    let name = arn.as_deref().and_then(|arn| arn.rsplit(['/', ':']).next()).filter(|name| !name.is_empty());
    Safe::neutral(name.unwrap_or(&shared.options.user))
}

fn today(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

impl View for AcceptScreen {
    fn context(&self) -> Context {
        Context::Accept
    }

    fn title(&self, _: &Shared) -> String {
        let what = match self.findings.len() {
            1 => "a finding".to_owned(),
            n => format!("{n} findings"),
        };
        let with = match self.with_it {
            0 => String::new(),
            n => format!(", and {n} more that come of it"),
        };
        let how = if self.false_alarm { "False alarm" } else { "Accept" };
        format!("{how}: {what}{with}")
    }

    fn act(&mut self, _: &mut Shared, action: Action) -> Transition {
        match action {
            Action::Complete => self.false_alarm ^= true,
            Action::Back => return Transition::Close,
            _ => {}
        }
        Transition::Stay
    }

    fn prompt(&mut self) -> Option<&mut Prompt> {
        Some(&mut self.prompt)
    }

    fn entered(&mut self, shared: &mut Shared) -> Transition {
        let Some(reason) = self.reason.clone() else {
            // What is kept is shown to others: a secret in it is masked, as in every text.
            let reason = self.prompt.told(&shared.options.redactor);
            if reason.as_str().trim().is_empty() {
                shared.complain("Say why: whoever reads the list later has nothing else.");
            } else {
                self.reason = Some(reason);
                self.prompt = Prompt::new(UNTIL);
            }
            return Transition::Stay;
        };
        let until = match day(self.prompt.text(), today(shared.now)) {
            Ok(until) => until,
            Err(why) => {
                shared.complain(&why);
                return Transition::Stay;
            }
        };
        let why = Arc::new(Acceptance {
            reason,
            false_alarm: self.false_alarm,
            by: who(shared),
            on: Some(today(shared.now)),
            until,
            file: Safe::neutral(ACCEPTED_FILE),
        });
        let said = |one: &Accepted| Accepted { why: Arc::clone(&why), ..one.clone() };
        let all = self.entries.iter().map(said).collect();
        shared.effects.push(Effect::Handle(Handling::Accept(all)));
        Transition::Close
    }

    fn escaped(&mut self, _: &mut Shared) -> Transition {
        Transition::Close
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        self.prompt.draw(buf, Rect { height: 1.min(inner.height), ..inner }, shared);
        let item = |label: &str, text: &str, role| Block::Item(label.into(), text.into(), role);
        let mut text = vec![Block::Gap, item("as", &format!("{} (tab changes)", self.kind()), Role::Accent)];
        if let Some(reason) = &self.reason {
            text.push(item("why", reason.as_str(), Role::Plain));
            text.push(item("until", "2026-12-31, or 90d or 12w from now; nothing: for good", Role::Dim));
        }
        text.push(item("by", who(shared).as_str(), Role::Plain));
        text.push(Block::Gap);
        let say = |text: &str| Block::Text(text.into(), Role::Plain);
        if self.by_place.contains(&false) {
            text.push(say(
                "By value: these credentials do not count any more, another one in the same place does.",
            ));
        }
        if self.by_place.contains(&true) {
            text.push(say(
                "By place: settings, sessions, and what has 256 values and more, whatever stands there.",
            ));
        }
        text.push(Block::Gap);
        for (finding, by_place) in self.findings.iter().zip(&self.by_place) {
            let place = match shared.combined || shared.engine.places.len() > 1 {
                true => format!("{} · {}", finding.place(), short(&finding.table.scope)),
                false => finding.place(),
            };
            let how = if *by_place { " (by place)" } else { "" };
            let line = format!("{} {place}: {}{how}", glyph(finding.severity), finding.title);
            text.push(Block::Text(Safe::neutral(&line).to_string(), Role::Severity(finding.severity)));
        }
        text.push(Block::Gap);
        text.push(Block::Text(
            format!("Goes into {ACCEPTED_FILE} in this folder: the ids of the findings and what you write. No value."),
            Role::Dim,
        ));
        let below = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        blocks(buf, below, theme, &text, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days() {
        let today: Date = "2026-01-31".parse().expect("a day");
        let check = |text: &str, expect: Option<&str>| {
            let expect = expect.map(|day| Some(day.parse::<Date>().expect("a day")));
            assert_eq!(day(text, today).ok(), expect, "{text}");
        };
        assert_eq!(day(" ", today), Ok(None));
        check("2026-12-31", Some("2026-12-31"));
        check("2026-01-31", Some("2026-01-31"));
        check("1d", Some("2026-02-01"));
        check(" 2w ", Some("2026-02-14"));
        check("2026-01-30", None);
        check("soon", None);
        check("-1d", None);
        check("99999d", None);
        check("2026-02-30", None);
    }
}
