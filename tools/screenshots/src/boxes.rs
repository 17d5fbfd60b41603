//! Lines and blocks drawn as geometry, so that they meet from cell to cell at any line height.

/// How heavy the arms of a box-drawing character are: left, right, up, down; 0 none, 1 light, 2 heavy.
const ARMS: &[(char, [u8; 4])] = &[
    ('─', [1, 1, 0, 0]),
    ('━', [2, 2, 0, 0]),
    ('│', [0, 0, 1, 1]),
    ('┃', [0, 0, 2, 2]),
    ('┌', [0, 1, 0, 1]),
    ('┐', [1, 0, 0, 1]),
    ('└', [0, 1, 1, 0]),
    ('┘', [1, 0, 1, 0]),
    ('├', [0, 1, 1, 1]),
    ('┤', [1, 0, 1, 1]),
    ('┬', [1, 1, 0, 1]),
    ('┴', [1, 1, 1, 0]),
    ('┼', [1, 1, 1, 1]),
    ('┏', [0, 2, 0, 2]),
    ('┓', [2, 0, 0, 2]),
    ('┗', [0, 2, 2, 0]),
    ('┛', [2, 0, 2, 0]),
    ('┣', [0, 2, 2, 2]),
    ('┫', [2, 0, 2, 2]),
    ('┳', [2, 2, 0, 2]),
    ('┻', [2, 2, 2, 0]),
    ('╋', [2, 2, 2, 2]),
    ('╴', [1, 0, 0, 0]),
    ('╶', [0, 1, 0, 0]),
    ('╵', [0, 0, 1, 0]),
    ('╷', [0, 0, 0, 1]),
];

/// Rounded corners: which way they open, right or left and down or up.
const CORNERS: &[(char, bool, bool)] =
    &[('╭', true, true), ('╮', false, true), ('╰', true, false), ('╯', false, false)];

/// A part of a cell in eighths: left, top, right, bottom.
const BLOCKS: &[(char, [u8; 4])] = &[
    ('█', [0, 0, 8, 8]),
    ('▀', [0, 0, 8, 4]),
    ('▔', [0, 0, 8, 1]),
    ('▁', [0, 7, 8, 8]),
    ('▂', [0, 6, 8, 8]),
    ('▃', [0, 5, 8, 8]),
    ('▄', [0, 4, 8, 8]),
    ('▅', [0, 3, 8, 8]),
    ('▆', [0, 2, 8, 8]),
    ('▇', [0, 1, 8, 8]),
    ('▏', [0, 0, 1, 8]),
    ('▎', [0, 0, 2, 8]),
    ('▍', [0, 0, 3, 8]),
    ('▌', [0, 0, 4, 8]),
    ('▋', [0, 0, 5, 8]),
    ('▊', [0, 0, 6, 8]),
    ('▉', [0, 0, 7, 8]),
    ('▐', [4, 0, 8, 8]),
    ('▕', [7, 0, 8, 8]),
];

const SHADES: &[(char, f32)] = &[('░', 0.25), ('▒', 0.5), ('▓', 0.75)];

/// Draws a character into a cell of `width` by `height` as coverage from 0 to 1; whether it is one of ours.
pub fn draw(c: char, width: u32, height: u32, mut dot: impl FnMut(u32, u32, f32)) -> bool {
    let mut fill = |left: u32, top: u32, right: u32, bottom: u32, cover: f32| {
        (top..bottom).for_each(|y| (left..right).for_each(|x| dot(x, y, cover)));
    };
    let light = (height / 16).max(2);
    if let Some((_, arms)) = ARMS.iter().find(|(known, _)| *known == c) {
        let thick = |arm: u8| light * u32::from(arm);
        let widest = thick(*arms.iter().max().unwrap_or(&1));
        let across = |arm: u8, of: u32| ((of - thick(arm)) / 2, (of - thick(arm)) / 2 + thick(arm));
        // Every arm reaches over the middle, so that corners are closed.
        let [left, right, up, down] = *arms;
        if left > 0 {
            let (top, bottom) = across(left, height);
            fill(0, top, (width + widest) / 2, bottom, 1.0);
        }
        if right > 0 {
            let (top, bottom) = across(right, height);
            fill((width - widest) / 2, top, width, bottom, 1.0);
        }
        if up > 0 {
            let (from, to) = across(up, width);
            fill(from, 0, to, (height + widest) / 2, 1.0);
        }
        if down > 0 {
            let (from, to) = across(down, width);
            fill(from, (height - widest) / 2, to, height, 1.0);
        }
    } else if let Some((_, [left, top, right, bottom])) = BLOCKS.iter().find(|(known, _)| *known == c) {
        let part = |eighths: u8, of: u32| (u32::from(eighths) * of + 4) / 8;
        fill(part(*left, width), part(*top, height), part(*right, width), part(*bottom, height), 1.0);
    } else if let Some((_, cover)) = SHADES.iter().find(|(known, _)| *known == c) {
        fill(0, 0, width, height, *cover);
    } else if let Some((_, right, down)) = CORNERS.iter().find(|(known, ..)| *known == c) {
        corner(width, height, light, *right, *down, dot);
    } else {
        return false;
    }
    true
}

/// A quarter of a circle from the middle of one edge to the middle of the other, with what is left straight.
fn corner(width: u32, height: u32, light: u32, right: bool, down: bool, mut dot: impl FnMut(u32, u32, f32)) {
    let radius = width as f32 / 2.0;
    // The middles of straight lines as `draw` rounds them.
    let (axis_x, axis_y) = (
        ((width - light) / 2) as f32 + light as f32 / 2.0,
        ((height - light) / 2) as f32 + light as f32 / 2.0,
    );
    for y in 0..height {
        for x in 0..width {
            // As if the corner opened to the right and down.
            let dx = (x as f32 + 0.5 - axis_x) * if right { 1.0 } else { -1.0 };
            let dy = (y as f32 + 0.5 - axis_y) * if down { 1.0 } else { -1.0 };
            let off = if dx < radius && dy < radius {
                ((dx - radius).powi(2) + (dy - radius).powi(2)).sqrt() - radius
            } else if dx >= radius {
                dy
            } else {
                dx
            };
            let cover = (light as f32 / 2.0 + 0.5 - off.abs()).clamp(0.0, 1.0);
            if cover > 0.0 {
                dot(x, y, cover);
            }
        }
    }
}
