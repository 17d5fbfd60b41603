//! The item as JSON, laid out for the screen.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::domain::{JsonForm, Screened};

/// How the item is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Tree,
    Json(JsonForm),
}

impl Form {
    pub fn next(self) -> Self {
        match self {
            Self::Tree => Self::Json(JsonForm::Plain),
            Self::Json(JsonForm::Plain) => Self::Json(JsonForm::DynamoDb),
            Self::Json(JsonForm::DynamoDb) => Self::Tree,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Tree => "item",
            Self::Json(JsonForm::Plain) => "item as JSON",
            Self::Json(JsonForm::DynamoDb) => "item as DynamoDB JSON",
        }
    }
}

/// Lines of JSON that fit a width. Made when the form, the width or the masking changes, not for every frame.
#[derive(Default)]
pub(super) struct Pages {
    made_for: Option<(JsonForm, usize, bool)>,
    pub lines: Vec<String>,
}

impl Pages {
    pub fn make(&mut self, item: &Screened, form: JsonForm, width: usize, mask_all: bool) {
        if self.made_for.replace((form, width, mask_all)) == Some((form, width, mask_all)) {
            return;
        }
        self.lines.clear();
        for line in item.json(form, mask_all).lines() {
            break_into(line, width.max(8), &mut self.lines);
        }
    }
}

/// Breaks a line anywhere; what goes on stands in.
fn break_into(line: &str, width: usize, out: &mut Vec<String>) {
    let spaces = line.len() - line.trim_start_matches(' ').len();
    let indent = (spaces + 4).min(width / 2);
    let mut piece = String::new();
    let mut used = 0;
    for g in line.graphemes(true) {
        let wide = g.width();
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
        fn nothing_is_lost_and_nothing_is_too_wide(text in "[a-z日é]{1,200}", width in 8usize..60) {
            let mut lines = Vec::new();
            break_into(&text, width, &mut lines);
            proptest::prop_assert!(lines.iter().all(|l| l.width() <= width));
            let joined: String = lines.iter().map(|l| l.trim_start()).collect();
            proptest::prop_assert_eq!(joined, text);
        }
    }
}
