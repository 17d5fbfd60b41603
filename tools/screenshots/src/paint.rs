//! A screen as a picture: cells, colours and styles in a window with a title.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::Path;

use ab_glyph::{Font, FontVec, Glyph, PxScale, ScaleFont, point};
use vt100::{Cell, Color, Screen};

use crate::boxes;

/// Everything is drawn at twice the usual size, to be crisp on a dense display.
const FONT: f32 = 34.0;
const LINE: u32 = 38;
const PADDING: u32 = 28;
const TITLE: u32 = 68;
const MARGIN: u32 = 40;
const RADIUS: f32 = 22.0;

type Rgb = [u8; 3];

/// The terminal's own colours.
pub struct Ground {
    back: Rgb,
    fore: Rgb,
    bar: Rgb,
    edge: Rgb,
    title: Rgb,
}

/// Of a dark terminal.
pub const DARK: Ground = Ground {
    back: [0x17, 0x1a, 0x21],
    fore: [0xd8, 0xdc, 0xe6],
    bar: [0x22, 0x26, 0x30],
    edge: [0x3a, 0x40, 0x4d],
    title: [0x96, 0x9e, 0xae],
};

/// Of a light one.
pub const LIGHT: Ground = Ground {
    back: [0xff, 0xff, 0xff],
    fore: [0x24, 0x29, 0x2f],
    bar: [0xec, 0xee, 0xf1],
    edge: [0xc4, 0xc9, 0xd0],
    title: [0x5b, 0x63, 0x70],
};

impl Ground {
    /// The background as a terminal tells it.
    pub fn told(&self) -> String {
        let [r, g, b] = self.back;
        format!("rgb:{r:02x}/{g:02x}/{b:02x}")
    }
}

const BUTTONS: [Rgb; 3] = [[0xff, 0x5f, 0x57], [0xfe, 0xbc, 0x2e], [0x28, 0xc8, 0x40]];

/// The sixteen colours, dark ones first.
const ANSI: [Rgb; 16] = [
    [0x2b, 0x30, 0x3b],
    [0xe0, 0x6c, 0x75],
    [0x98, 0xc3, 0x79],
    [0xe5, 0xb5, 0x67],
    [0x61, 0xaf, 0xef],
    [0xc6, 0x78, 0xdd],
    [0x56, 0xb6, 0xc2],
    [0xc8, 0xcd, 0xd8],
    [0x7a, 0x83, 0x95],
    [0xff, 0x85, 0x8d],
    [0xb3, 0xdd, 0x95],
    [0xff, 0xd0, 0x82],
    [0x82, 0xc4, 0xff],
    [0xdd, 0x98, 0xf2],
    [0x78, 0xd3, 0xde],
    [0xff, 0xff, 0xff],
];

/// Where Debian's `fonts-dejavu-core` and others put fonts.
const MONO: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf";
const MONO_BOLD: &str = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf";
/// For what the monospaced font lacks; each is used if it is there.
const OTHERS: &[&str] = &[
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/opentype/unifont/unifont.otf",
];

/// The fonts, in the order they are asked.
pub struct Fonts {
    mono: FontVec,
    bold: FontVec,
    others: Vec<FontVec>,
}

impl Fonts {
    /// From where Debian puts them.
    pub fn load() -> Result<Self, String> {
        let font = |path: &str| -> Result<FontVec, String> {
            let told =
                |error: &dyn std::fmt::Display| format!("{path}: {error}; apt-get install fonts-dejavu-core");
            let bytes = fs::read(path).map_err(|error| told(&error))?;
            FontVec::try_from_vec(bytes).map_err(|error| told(&error))
        };
        Ok(Self {
            mono: font(MONO)?,
            bold: font(MONO_BOLD)?,
            others: OTHERS.iter().filter_map(|path| font(path).ok()).collect(),
        })
    }

    fn cell_width(&self) -> u32 {
        self.mono.as_scaled(PxScale::from(FONT)).h_advance(self.mono.glyph_id('M')).round() as u32
    }

    /// The first font that has a character.
    fn of(&self, c: char, bold: bool) -> Option<&FontVec> {
        let first = if bold { &self.bold } else { &self.mono };
        [first, &self.mono].into_iter().chain(&self.others).find(|font| font.glyph_id(c).0 != 0)
    }
}

/// A picture: red, green, blue and how opaque, a byte each.
pub struct Picture {
    width: u32,
    height: u32,
    dots: Vec<u8>,
}

impl Picture {
    fn new(width: u32, height: u32) -> Self {
        Self { width, height, dots: vec![0; (width * height * 4) as usize] }
    }

    /// Lays a colour over a dot; `cover` from 0 to 1.
    fn dot(&mut self, x: u32, y: u32, colour: Rgb, cover: f32) {
        if x >= self.width || y >= self.height {
            return;
        }
        let at = ((y * self.width + x) * 4) as usize;
        let under = f32::from(self.dots[at + 3]) / 255.0;
        let cover = cover.clamp(0.0, 1.0);
        let out = cover + under * (1.0 - cover);
        if out <= 0.0 {
            return;
        }
        for (n, part) in colour.into_iter().enumerate() {
            let below = f32::from(self.dots[at + n]);
            let mixed = (f32::from(part) * cover + below * under * (1.0 - cover)) / out;
            self.dots[at + n] = mixed.round() as u8;
        }
        self.dots[at + 3] = (out * 255.0).round() as u8;
    }

    fn fill(&mut self, left: u32, top: u32, width: u32, height: u32, colour: Rgb) {
        for y in top..top + height {
            (left..left + width).for_each(|x| self.dot(x, y, colour, 1.0));
        }
    }

    /// Writes it as a PNG.
    pub fn save(&self, file: &Path) -> io::Result<()> {
        let mut encoder = png::Encoder::new(BufWriter::new(File::create(file)?), self.width, self.height);
        encoder.set_color(png::ColorType::Rgba);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        encoder.write_header()?.write_image_data(&self.dots)?;
        Ok(())
    }
}

/// Paints a screen in a window.
pub fn paint(screen: &Screen, title: &str, fonts: &Fonts, ground: &Ground) -> Picture {
    let (rows, cols) = screen.size();
    let cell = fonts.cell_width();
    let inner = (u32::from(cols) * cell, u32::from(rows) * LINE);
    let window = (inner.0 + 2 * PADDING, inner.1 + TITLE + 2 * PADDING);
    let mut picture = Picture::new(window.0 + 2 * MARGIN, window.1 + 2 * MARGIN);
    frame(&mut picture, window, title, fonts, ground);

    let (left, top) = (MARGIN + PADDING, MARGIN + TITLE + PADDING);
    let cells = |row: u16| (0..cols).filter_map(move |col| Some((row, col, screen.cell(row, col)?)));
    let at = |row: u16, col: u16| (left + u32::from(col) * cell, top + u32::from(row) * LINE);
    let cursor = (!screen.hide_cursor()).then(|| screen.cursor_position());
    // Backgrounds first: a glyph may lean over into the next cell.
    for (row, col, is) in (0..rows).flat_map(cells) {
        let (x, y) = at(row, col);
        let look = Look::of(is, cursor == Some((row, col)), ground);
        if look.back != ground.back {
            picture.fill(x, y, cell, LINE, look.back);
        }
    }
    for (row, col, is) in (0..rows).flat_map(cells) {
        let (x, y) = at(row, col);
        let look = Look::of(is, cursor == Some((row, col)), ground);
        let width = if is.is_wide() { 2 * cell } else { cell };
        for c in is.contents().chars().filter(|c| !c.is_whitespace()) {
            let drawn =
                boxes::draw(c, width, LINE, |dx, dy, cover| picture.dot(x + dx, y + dy, look.fore, cover));
            if !drawn {
                glyph(&mut picture, fonts, c, is.bold(), (x, y), width, look.fore);
            }
        }
        if is.underline() {
            picture.fill(x, y + LINE - 5, width, 2, look.fore);
        }
    }
    picture
}

/// The colours of a cell.
struct Look {
    fore: Rgb,
    back: Rgb,
}

impl Look {
    fn of(cell: &Cell, cursor: bool, ground: &Ground) -> Self {
        // Bold text in a dark colour is shown in the bright one, as terminals do.
        let fore = match cell.fgcolor() {
            Color::Idx(n @ 0..8) if cell.bold() => Color::Idx(n + 8),
            colour => colour,
        };
        let (mut fore, mut back) = (rgb(fore, ground.fore), rgb(cell.bgcolor(), ground.back));
        if cell.inverse() != cursor {
            (fore, back) = (back, fore);
        }
        if cell.dim() {
            fore = mix(fore, back, 0.42);
        }
        Self { fore, back }
    }
}

fn rgb(colour: Color, default: Rgb) -> Rgb {
    match colour {
        Color::Default => default,
        Color::Rgb(r, g, b) => [r, g, b],
        Color::Idx(n @ 0..16) => ANSI[usize::from(n)],
        Color::Idx(n @ 16..232) => {
            let level = |of: u8| if of == 0 { 0 } else { 55 + 40 * of };
            [level((n - 16) / 36), level((n - 16) / 6 % 6), level((n - 16) % 6)]
        }
        Color::Idx(n) => [8 + 10 * (n - 232); 3],
    }
}

fn mix(a: Rgb, b: Rgb, of_b: f32) -> Rgb {
    std::array::from_fn(|n| (f32::from(a[n]) * (1.0 - of_b) + f32::from(b[n]) * of_b).round() as u8)
}

/// A character in the middle of its cell; an outline where no font has it.
fn glyph(picture: &mut Picture, fonts: &Fonts, c: char, bold: bool, at: (u32, u32), width: u32, colour: Rgb) {
    let Some(font) = fonts.of(c, bold) else {
        let (w, h) = (width - 6, LINE - 14);
        for (x, y, w, h) in [(3, 7, w, 2), (3, 5 + h, w, 2), (3, 7, 2, h), (1 + w, 7, 2, h)] {
            picture.fill(at.0 + x, at.1 + y, w, h, colour);
        }
        return;
    };
    // A wide or foreign glyph is made to fit.
    let natural = font.as_scaled(PxScale::from(FONT));
    let advance = natural.h_advance(font.glyph_id(c));
    let size = if advance > width as f32 + 1.0 { FONT * width as f32 / advance } else { FONT };
    let scaled = font.as_scaled(PxScale::from(size));
    let x = at.0 as f32 + (width as f32 - scaled.h_advance(font.glyph_id(c))) / 2.0;
    let mono = fonts.mono.as_scaled(PxScale::from(FONT));
    let baseline = at.1 as f32 + (LINE as f32 - mono.height()) / 2.0 + mono.ascent();
    draw(
        picture,
        font,
        font.glyph_id(c).with_scale_and_position(size, point(x.round(), baseline.round())),
        colour,
    );
}

fn draw(picture: &mut Picture, font: &FontVec, glyph: Glyph, colour: Rgb) {
    if let Some(outline) = font.outline_glyph(glyph) {
        let bounds = outline.px_bounds();
        outline.draw(|x, y, cover| {
            let (x, y) = (bounds.min.x as i64 + i64::from(x), bounds.min.y as i64 + i64::from(y));
            if let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) {
                picture.dot(x, y, colour, cover);
            }
        });
    }
}

/// The window: a soft shadow, rounded corners, a bar with three buttons and the title.
fn frame(picture: &mut Picture, window: (u32, u32), title: &str, fonts: &Fonts, ground: &Ground) {
    let (width, height) = (window.0 as f32, window.1 as f32);
    for y in 0..picture.height {
        for x in 0..picture.width {
            let (wx, wy) = (x as f32 + 0.5 - MARGIN as f32, y as f32 + 0.5 - MARGIN as f32);
            let shadow = outside(wx, wy - 10.0, width, height);
            if shadow < MARGIN as f32 {
                let fade = 1.0 - shadow.max(0.0) / MARGIN as f32;
                picture.dot(x, y, [0, 0, 0], 0.32 * fade * fade);
            }
            let off = outside(wx, wy, width, height);
            let colour = if off > -2.0 {
                ground.edge
            } else if wy < TITLE as f32 {
                ground.bar
            } else {
                ground.back
            };
            picture.dot(x, y, colour, 0.5 - off);
        }
    }
    let middle = MARGIN + TITLE / 2;
    for (n, colour) in BUTTONS.into_iter().enumerate() {
        let (cx, cy) = ((MARGIN + 38 + 40 * n as u32) as f32, middle as f32);
        for y in middle - 14..middle + 14 {
            for x in cx as u32 - 14..cx as u32 + 14 {
                let away = ((x as f32 + 0.5 - cx).powi(2) + (y as f32 + 0.5 - cy).powi(2)).sqrt();
                picture.dot(x, y, colour, 12.5 - away);
            }
        }
    }
    let cell = fonts.cell_width();
    let start = MARGIN + (window.0 - cell * title.chars().count() as u32) / 2;
    for (n, c) in title.chars().enumerate().filter(|(_, c)| *c != ' ') {
        glyph(picture, fonts, c, false, (start + cell * n as u32, middle - LINE / 2), cell, ground.title);
    }
}

/// How far a dot is outside of a rectangle with rounded corners; negative inside.
fn outside(x: f32, y: f32, width: f32, height: f32) -> f32 {
    let dx = (x - width / 2.0).abs() - (width / 2.0 - RADIUS);
    let dy = (y - height / 2.0).abs() - (height / 2.0 - RADIUS);
    (dx.max(0.0).powi(2) + dy.max(0.0).powi(2)).sqrt() + dx.max(dy).min(0.0) - RADIUS
}
