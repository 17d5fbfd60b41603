//! The item as JSON, laid out for the screen.

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::{AttributePath, JsonForm, Safe, Screened};
use crate::tui::widgets::cells;

/// How the item is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Form {
    Tree,
    /// One value, whole.
    Value(AttributePath),
    Json(JsonForm),
}

impl Form {
    pub fn next(&self) -> Self {
        match self {
            Self::Tree => Self::Json(JsonForm::Plain),
            Self::Json(JsonForm::Plain) => Self::Json(JsonForm::DynamoDb),
            Self::Json(JsonForm::DynamoDb) | Self::Value(_) => Self::Tree,
        }
    }

    pub fn word(&self) -> &'static str {
        match self {
            Self::Tree => "item",
            Self::Value(_) => "value",
            Self::Json(JsonForm::Plain) => "item as JSON",
            Self::Json(JsonForm::DynamoDb) => "item as DynamoDB JSON",
        }
    }
}

/// Lines of JSON, or of one value, that fit a width. Made when the form, the width or the masking changes, not for every
/// frame.
#[derive(Default)]
pub(super) struct Pages {
    made_for: Option<(Form, usize, bool)>,
    pub lines: Vec<String>,
}

impl Pages {
    pub fn make(&mut self, item: &Screened, form: &Form, width: usize, mask_all: bool) {
        let wanted = (form.clone(), width, mask_all);
        if self.made_for.as_ref() == Some(&wanted) {
            return;
        }
        self.made_for = Some(wanted);
        self.lines.clear();
        let text = match form {
            Form::Tree => return,
            Form::Json(form) => item.json(*form, mask_all),
            Form::Value(path) => match item.dump(path, usize::MAX, mask_all) {
                Some(dump) => return self.lines.extend(dump.into_iter().map(Safe::into_string)),
                None => item.value(path, mask_all).unwrap_or_default(),
            },
        };
        // What goes on stands in where that shows the structure, not where it would change the value.
        let stands_in = matches!(form, Form::Json(_));
        for line in text.split('\n') {
            break_into(line, width.max(8), stands_in, &mut self.lines);
        }
    }
}

/// Breaks a line anywhere; what goes on may stand in.
fn break_into(line: &str, width: usize, stands_in: bool, out: &mut Vec<String>) {
    let spaces = line.len() - line.trim_start_matches(' ').len();
    let indent = if stands_in { (spaces + 4).min(width / 2) } else { 0 };
    let mut piece = String::new();
    let mut used = 0;
    for g in line.graphemes(true) {
        let wide = cells(g);
        if used + wide > width {
            out.push(std::mem::replace(&mut piece, " ".repeat(indent)));
            used = indent;
        }
        piece.push_str(g);
        used += wide;
    }
    out.push(piece);
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_too_wide(text in "[a-z日é]{1,200}", width in 8usize..60, stands_in: bool) {
            let mut lines = Vec::new();
            break_into(&text, width, stands_in, &mut lines);
            proptest::prop_assert!(lines.iter().all(|l| cells(l) <= width));
            let joined: String = lines.iter().map(|l| l.trim_start()).collect();
            proptest::prop_assert_eq!(joined, text);
        }
    }
}
