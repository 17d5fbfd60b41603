//! Compressed streams, by their magic numbers, opened up to a budget: a bomb stops there.

use std::io::Read;

use zeroize::Zeroizing;

use super::Opened;
use crate::domain::Layer;

/// The largest window of a Zstandard frame that is allowed to take memory; RFC 8878, 3.1.1.1.2 recommends decoders
/// to support 8 MB.
const WINDOW: u64 = 8 * 1024 * 1024;

/// What a stream says it is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Gzip,
    Zlib,
    Zstd,
    Lz4,
    SnappyFramed,
    SnappyRaw,
}

impl Kind {
    pub(super) fn layer(self) -> Layer {
        match self {
            Self::Gzip => Layer::Gzip,
            Self::Zlib => Layer::Zlib,
            Self::Zstd => Layer::Zstd,
            Self::Lz4 => Layer::Lz4,
            Self::SnappyFramed | Self::SnappyRaw => Layer::Snappy,
        }
    }

    /// Its magic number is too long to stand there by chance.
    fn certain(self) -> bool {
        !matches!(self, Self::Zlib | Self::SnappyRaw)
    }
}

/// By magic number: gzip (RFC 1952, 2.3.1), zlib (RFC 1950, 2.2), Zstandard (RFC 8878, 3.1.1), LZ4 frames
/// (lz4_Frame_format.md), framed Snappy (framing_format.txt, 4.1). Raw Snappy has none: see [`snappy_raw`].
pub(super) fn kind(bytes: &[u8]) -> Option<Kind> {
    kind_by(bytes, bytes.len())
}

/// By its beginning, of a stream of that many bytes.
pub(super) fn kind_by(beginning: &[u8], size: usize) -> Option<Kind> {
    match beginning {
        [0x1f, 0x8b, 8, ..] => Some(Kind::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Kind::Zstd),
        [0x04, 0x22, 0x4d, 0x18, ..] => Some(Kind::Lz4),
        [0xff, 6, 0, 0, b's', b'N', b'a', b'P', b'p', b'Y', ..] => Some(Kind::SnappyFramed),
        [cmf, flg, _, ..]
            if cmf & 0x0f == 8
                && cmf >> 4 <= 7
                && (u16::from(*cmf) << 8 | u16::from(*flg)).is_multiple_of(31) =>
        {
            Some(Kind::Zlib)
        }
        _ if snappy_raw(beginning, size) => Some(Kind::SnappyRaw),
        _ => None,
    }
}

/// Whether bytes may be a raw Snappy block (format_description.txt): a length that such a block can have, then a short
/// literal of text.
fn snappy_raw(bytes: &[u8], size: usize) -> bool {
    let Some(header) = bytes.iter().take(4).position(|b| *b < 0x80).map(|n| n + 1) else { return false };
    let Ok(length) = snap::raw::decompress_len(bytes) else { return false };
    let body = size - header;
    let Some(tag) = bytes.get(header) else { return false };
    // An element of three bytes makes 64 at the most; a literal costs a byte in 60 or less.
    if tag & 3 != 0 || length < 8 || length > body.saturating_mul(22) || length + length / 6 + 32 < body {
        return false;
    }
    // The length of the literal, less one: in the tag, or in the one or two bytes after it.
    let (literal, extra) = match tag >> 2 {
        n @ 0..=59 => (usize::from(n) + 1, 0),
        60 => (bytes.get(header + 1).map_or(0, |b| usize::from(*b) + 1), 1),
        61 => match bytes.get(header + 1..header + 3) {
            Some([low, high]) => (usize::from(*low) + usize::from(*high) * 256 + 1, 2),
            _ => return false,
        },
        _ => return false,
    };
    let from = header + 1 + extra;
    let Some(text) = bytes.get(from..bytes.len().min(from + literal.min(12))) else { return false };
    (1..=length).contains(&literal)
        && !text.is_empty()
        && text.iter().all(|b| (b' '..0x7f).contains(b) || b"\n\r\t".contains(b))
}

/// Opens a stream, at most `budget` bytes of it; `None` if it turned out to be none.
pub(super) fn open(kind: Kind, bytes: &[u8], budget: usize) -> Option<Opened> {
    let opened = match kind {
        Kind::Gzip => read(flate2::read::MultiGzDecoder::new(bytes), budget),
        Kind::Zlib => read(flate2::read::ZlibDecoder::new(bytes), budget),
        Kind::Zstd => zstd(bytes, budget),
        Kind::Lz4 => read(lz4_flex::frame::FrameDecoder::new(bytes), budget),
        Kind::SnappyFramed => read(snap::read::FrameDecoder::new(bytes), budget),
        Kind::SnappyRaw => return snappy(bytes, budget),
    };
    (kind.certain() || !opened.bytes.is_empty() || (opened.cut && budget == 0)).then_some(opened)
}

/// What could be read before the budget, the end or an error: a damaged stream still shows its beginning.
pub(super) fn read(reader: impl Read, budget: usize) -> Opened {
    let mut bytes = Zeroizing::new(Vec::new());
    let failed = reader.take(budget as u64 + 1).read_to_end(&mut bytes).is_err();
    let cut = failed || bytes.len() > budget;
    bytes.truncate(budget);
    Opened { bytes, cut }
}

/// One frame after the other.
fn zstd(mut bytes: &[u8], budget: usize) -> Opened {
    use ruzstd::decoding::StreamingDecoder;
    let mut all = Opened { bytes: Zeroizing::new(Vec::new()), cut: false };
    while kind(bytes) == Some(Kind::Zstd) && !all.cut {
        let left = budget - all.bytes.len();
        let part = match StreamingDecoder::new_with_max_window_size(&mut bytes, WINDOW) {
            Ok(frame) => read(frame, left),
            Err(_) => Opened { bytes: Zeroizing::default(), cut: true },
        };
        all.bytes.extend_from_slice(&part.bytes);
        all.cut = part.cut;
    }
    all
}

fn snappy(bytes: &[u8], budget: usize) -> Option<Opened> {
    if snap::raw::decompress_len(bytes).ok()? > budget {
        return Some(Opened { bytes: Zeroizing::default(), cut: true });
    }
    let bytes = Zeroizing::new(snap::raw::Decoder::new().decompress_vec(bytes).ok()?);
    Some(Opened { bytes, cut: false })
}
