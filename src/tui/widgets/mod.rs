//! Pieces that several screens draw.

mod filter;
mod grid;
mod list;
mod menu;
mod needle;
mod paragraph;
mod prompt;

pub use filter::Filter;
pub use grid::{BETWEEN, Col, Grid, cell_area, grid, scrollbar};
pub use list::{List, Rows};
pub use menu::Menu;
pub use needle::Needle;
pub use paragraph::{Block, blocks, height};
pub use prompt::{Edit, Prompt};

use unicode_width::UnicodeWidthStr;

/// How many cells of the buffer a text takes: as `unicode-width` has it, and one more for each halfwidth sound mark, which
/// is how ratatui draws them (`CellWidth`). Whoever measures otherwise has columns that reach into the next.
pub fn cells(text: &str) -> usize {
    text.width() + text.chars().filter(|c| matches!(c, '\u{ff9e}' | '\u{ff9f}')).count()
}

/// At most `width` columns of a text, the last of them `…` if something was cut off.
pub fn fit(text: &str, width: usize) -> String {
    use unicode_segmentation::UnicodeSegmentation;
    if cells(text) <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for g in text.graphemes(true) {
        let w = cells(g);
        if used + w + 1 > width {
            break;
        }
        used += w;
        out.push_str(g);
    }
    if width > 0 {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fits_by_columns_not_characters() {
        assert_eq!(fit("plain", 5), "plain");
        assert_eq!(fit("plains", 5), "plai…");
        assert_eq!(fit("日本語", 5), "日本…");
        assert_eq!(fit("日本語", 4), "日…");
        assert_eq!(fit("x", 0), "");
        use ratatui::buffer::CellWidth;
        assert_eq!(cells("ｶﾞ"), usize::from("ｶﾞ".cell_width()));
    }
}
