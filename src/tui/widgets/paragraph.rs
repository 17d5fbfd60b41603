//! Text that wraps, with labels and headings.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::tui::theme::{Role, Theme};

/// A piece of text.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading on its own line.
    Heading(String),
    /// A paragraph.
    Text(String, Role),
    /// A label and, indented beside it, text.
    Item(String, String, Role),
    /// Code: a long line goes on below, indented.
    Code(String),
    /// Text with something in front of its first line, and something else in front of the lines it goes on in.
    Hang(String, String, String, Role),
    /// Two texts side by side where there is room, else one below the other.
    Beside(Vec<Block>, Vec<Block>),
    /// An empty line.
    Gap,
}

/// Columns a label takes.
const LABEL: usize = 14;

/// Minimum width, in columns, at which two texts stand side by side.
const ROOMY: usize = 100;

/// Two texts in two columns of the same width.
fn beside(left: &[Block], right: &[Block], width: usize) -> Vec<Vec<(String, Role)>> {
    let half = width.saturating_sub(2) / 2;
    let (left, right) = (lines(left, half), lines(right, half));
    (0..left.len().max(right.len()))
        .map(|n| {
            let mut line = left.get(n).cloned().unwrap_or_default();
            let used: usize = line.iter().map(|(text, _)| text.width()).sum();
            line.push((" ".repeat((half + 2).saturating_sub(used)), Role::Plain));
            line.extend(right.get(n).into_iter().flatten().cloned());
            line
        })
        .collect()
}

/// The blocks as lines of at most `width` columns.
fn lines(blocks: &[Block], width: usize) -> Vec<Vec<(String, Role)>> {
    let mut out = Vec::new();
    for block in blocks {
        match block {
            Block::Heading(text) => {
                out.extend(wrap(text, width).into_iter().map(|l| vec![(l, Role::Heading)]));
            }
            Block::Text(text, role) => out.extend(wrap(text, width).into_iter().map(|l| vec![(l, *role)])),
            Block::Item(label, text, role) => {
                let room = width.saturating_sub(LABEL).max(10);
                let mut label = label.as_str();
                if label.width() >= LABEL {
                    // It has lines of its own, or it would stand in the text and push its end off the screen.
                    out.extend(wrap(label, width).into_iter().map(|l| vec![(l, Role::Dim)]));
                    label = "";
                }
                for line in wrap(text, room) {
                    let pad = " ".repeat(LABEL - label.width());
                    out.push(vec![(format!("{label}{pad}"), Role::Dim), (line, *role)]);
                    label = "";
                }
            }
            Block::Code(text) => {
                for line in text.lines() {
                    let indent = line.len() - line.trim_start_matches(' ').len();
                    for (n, piece) in wrap(line.trim_start_matches(' '), width.saturating_sub(indent + 4))
                        .into_iter()
                        .enumerate()
                    {
                        // What goes on stands in, and a comment stays one: the copy has it on one line.
                        let lead = match (n, code_role(line)) {
                            (0, _) => "",
                            (_, Role::Dim) => "#   ",
                            _ => "    ",
                        };
                        out.push(vec![(format!("{:indent$}{lead}{piece}", ""), code_role(line))]);
                    }
                }
            }
            Block::Hang(first, others, text, role) => {
                let room = width.saturating_sub(first.width().max(others.width())).max(10);
                for (n, line) in wrap(text, room).into_iter().enumerate() {
                    let lead = if n == 0 { first } else { others };
                    out.push(vec![(lead.clone(), Role::Dim), (line, *role)]);
                }
            }
            Block::Beside(left, right) if width < ROOMY => {
                out.extend(lines(left, width));
                out.extend(lines(right, width));
            }
            Block::Beside(left, right) => out.extend(beside(left, right, width)),
            Block::Gap => out.push(Vec::new()),
        }
    }
    out
}

/// Comments of a snippet stand back behind its code.
fn code_role(line: &str) -> Role {
    if line.trim_start().starts_with('#') { Role::Dim } else { Role::Plain }
}

/// How many lines the blocks take at this width.
pub fn height(blocks: &[Block], width: u16) -> usize {
    lines(blocks, usize::from(width)).len()
}

/// Draws the blocks from line `scroll` on.
pub fn blocks(buf: &mut Buffer, area: Rect, theme: Theme, text: &[Block], scroll: usize) {
    let all = lines(text, usize::from(area.width));
    for (n, line) in all.iter().skip(scroll).take(usize::from(area.height)).enumerate() {
        let mut x = area.x;
        for (text, role) in line {
            let room = usize::from(area.right().saturating_sub(x));
            (x, _) = buf.set_stringn(x, area.y + n as u16, text, room, theme.style(*role));
        }
    }
    let below = all.len().saturating_sub(scroll + usize::from(area.height));
    if below > 0 && area.height > 0 {
        let more = format!(" ↓ {below} more ");
        let x = area.right().saturating_sub(more.width() as u16);
        buf.set_string(x, area.bottom() - 1, &more, theme.style(Role::Dim));
    }
}

/// Breaks at spaces; a word longer than the line is broken anywhere.
fn wrap(text: &str, width: usize) -> Vec<String> {
    use unicode_segmentation::UnicodeSegmentation;
    let width = width.max(1);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let w = word.width();
        if used > 0 && used + 1 + w > width {
            lines.push(String::new());
            used = 0;
        }
        let line = lines.last_mut().expect("there is always a line");
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        if w <= width {
            line.push_str(word);
            used += w;
            continue;
        }
        for g in word.graphemes(true) {
            if used + g.width() > width {
                lines.push(String::new());
                used = 0;
            }
            lines.last_mut().expect("there is always a line").push_str(g);
            used += g.width();
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 4), [""]);
    }

    /// The lines of a block, without their styles.
    fn shown(block: Block, width: usize) -> Vec<String> {
        let text = |line: Vec<(String, Role)>| line.into_iter().map(|(text, _)| text).collect::<String>();
        lines(&[block], width).into_iter().map(text).collect()
    }

    #[test]
    fn a_label_never_stands_in_its_text() {
        let check = |label: &str, text: &str, expect: &[&str]| {
            assert_eq!(shown(Block::Item(label.into(), text.into(), Role::Plain), 26), expect, "{label}");
        };
        check("user", "kim", &["user          kim"]);
        check("user", "one two three four", &["user          one two", "              three four"]);
        check("thirteen char", "kim", &["thirteen char kim"]);
        check("fourteen chars", "kim", &["fourteen chars", "              kim"]);
        check(
            "a label that is longer than a line",
            "kim",
            &["a label that is longer", "than a line", "              kim"],
        );
        check("日本", "kim", &["日本          kim"]);
    }

    #[test]
    fn a_heading_is_not_cut() {
        assert_eq!(shown(Block::Heading("one two three".into()), 8), ["one two", "three"]);
    }

    proptest::proptest! {
        #[test]
        fn no_block_is_wider_than_asked(label in "[ -~日本]{0,40}", text in "[ -~日本]{0,80}", width in 26usize..60) {
            let (l, t) = (label.clone(), text.clone());
            let blocks = [
                Block::Heading(text.clone()),
                Block::Item(label, text.clone(), Role::Plain),
                Block::Text(text.clone(), Role::Plain),
                Block::Hang(" ".into(), "   ".into(), text, Role::Plain),
            ];
            for block in blocks {
                for line in shown(block.clone(), width) {
                    proptest::prop_assert!(line.width() <= width, "{l:?} {t:?}: {line:?} in {block:?}");
                }
            }
        }

        #[test]
        fn no_line_is_wider_than_asked(text in "[ -~日本]{0,80}", width in 2usize..40) {
            for line in wrap(&text, width) {
                proptest::prop_assert!(line.width() <= width, "{line:?}");
            }
        }
    }
}
