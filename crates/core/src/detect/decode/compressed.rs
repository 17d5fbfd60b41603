//! Compressed streams, by their magic numbers, opened up to a budget: a bomb stops there.

use std::io::Read;

use zeroize::Zeroizing;

use super::Inflated;
use crate::domain::Layer;

/// The largest window of a Zstandard frame that is allowed to take memory; RFC 8878, 3.1.1.1.2 recommends decoders
/// to support 8 MB.
const WINDOW: u64 = 8 * 1024 * 1024;

/// What a stream says it is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Compression {
    Gzip,
    Zlib,
    Zstd,
    Lz4,
    SnappyFramed,
    SnappyRaw,
}

impl Compression {
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
pub(super) fn kind(bytes: &[u8]) -> Option<Compression> {
    kind_by(bytes, bytes.len())
}

/// By its beginning, of a stream of that many bytes.
pub(super) fn kind_by(beginning: &[u8], size: usize) -> Option<Compression> {
    match beginning {
        [0x1f, 0x8b, 8, ..] => Some(Compression::Gzip),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Compression::Zstd),
        [0x04, 0x22, 0x4d, 0x18, ..] => Some(Compression::Lz4),
        [0xff, 6, 0, 0, b's', b'N', b'a', b'P', b'p', b'Y', ..] => Some(Compression::SnappyFramed),
        [cmf, flg, _, ..]
            if cmf & 0x0f == 8
                && cmf >> 4 <= 7
                && (u16::from(*cmf) << 8 | u16::from(*flg)).is_multiple_of(31) =>
        {
            Some(Compression::Zlib)
        }
        _ if snappy_raw(beginning, size) => Some(Compression::SnappyRaw),
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

/// A compressed stream that is being opened.
pub(in crate::detect) struct Stream<'a> {
    kind: Compression,
    reader: Box<dyn Read + 'a>,
    end: End,
    /// It says that it is larger than may be opened at once.
    refused: bool,
}

/// How far a stream was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::detect) enum End {
    /// There is more of it.
    No,
    /// To its end.
    Yes,
    /// To where it is damaged, or asks for more memory than it may have.
    Damaged,
}

impl<'a> Stream<'a> {
    /// Of bytes that begin like one.
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let kind = kind(bytes)?;
        let reader: Box<dyn Read + 'a> = match kind {
            Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(bytes)),
            Compression::Zlib => Box::new(Zlib::new(bytes)),
            Compression::Zstd => Box::new(Frames { rest: bytes, frame: None }),
            Compression::Lz4 => Box::new(lz4_flex::frame::FrameDecoder::new(bytes)),
            Compression::SnappyFramed => Box::new(snap::read::FrameDecoder::new(bytes)),
            Compression::SnappyRaw => Box::new(Block { packed: bytes, opened: None }),
        };
        let refused = kind == Compression::SnappyRaw
            && snap::raw::decompress_len(bytes).is_ok_and(|len| len > LARGEST_BLOCK);
        Some(Self { kind, reader, end: if refused { End::Damaged } else { End::No }, refused })
    }

    pub(in crate::detect) fn layer(&self) -> Layer {
        self.kind.layer()
    }

    /// How far it was read.
    pub(in crate::detect) fn end(&self) -> End {
        self.end
    }

    /// Adds at most `most` further bytes to `out`, and finds out whether the stream ends there.
    pub(in crate::detect) fn fill(&mut self, out: &mut Vec<u8>, most: usize) {
        let before = out.len();
        // A buffer that grows leaves copies behind.
        out.reserve(most.min(CHUNK));
        let mut chunk = Zeroizing::new([0; 8 * 1024]);
        while self.end == End::No && out.len() - before < most {
            let room = chunk.len().min(most - (out.len() - before));
            match self.reader.read(&mut chunk[..room]) {
                Ok(0) => self.end = End::Yes,
                Ok(read) => out.extend_from_slice(&chunk[..read]),
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => self.end = End::Damaged,
            }
        }
        if self.end == End::No && most > 0 {
            self.peek(out);
        }
    }

    /// A stream that ends with the last byte that was asked for has no more.
    fn peek(&mut self, out: &mut Vec<u8>) {
        let mut one = [0];
        match self.reader.read(&mut one) {
            Ok(0) => self.end = End::Yes,
            Ok(_) => out.push(one[0]),
            Err(_) => self.end = End::Damaged,
        }
    }

    /// Whether it is one, after what came out of it first: two bytes of a zlib stream stand at the beginning of one random
    /// binary in a thousand, and those break soon and give no text.
    pub(in crate::detect) fn is_one(&self, opened: &[u8]) -> bool {
        match self.end {
            _ if self.kind.certain() || self.refused => true,
            End::Damaged => opened.len() >= TELLING && is_text(opened),
            End::Yes | End::No => !opened.is_empty(),
        }
    }
}

/// A larger raw Snappy block is not opened, as it must be held whole. No stored value makes one: see [`snappy_raw`].
const LARGEST_BLOCK: usize = 16 * 1024 * 1024;
/// How much memory is taken at once for what comes out of a stream.
const CHUNK: usize = 256 * 1024;
/// So much text comes out of no random bytes.
const TELLING: usize = 32;

/// Whether bytes are text, as far as they go.
fn is_text(bytes: &[u8]) -> bool {
    let whole = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) if e.error_len().is_none() => {
            std::str::from_utf8(&bytes[..e.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    super::readable(whole)
}

/// What could be read before the budget, the end or an error: a damaged stream still shows its beginning.
pub(super) fn read(reader: impl Read, budget: usize) -> Inflated {
    let mut bytes = Zeroizing::new(Vec::new());
    let failed = reader.take(budget as u64 + 1).read_to_end(&mut bytes).is_err();
    let cut = failed || bytes.len() > budget;
    bytes.truncate(budget);
    Inflated { bytes, cut }
}

/// One Zstandard frame after the other.
struct Frames<'a> {
    rest: &'a [u8],
    frame: Option<ruzstd::decoding::StreamingDecoder<&'a [u8], ruzstd::decoding::FrameDecoder>>,
}

impl Read for Frames<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        use ruzstd::decoding::StreamingDecoder;
        loop {
            if let Some(frame) = &mut self.frame {
                let read = frame.read(out)?;
                if read > 0 || out.is_empty() {
                    return Ok(read);
                }
                self.rest = frame.get_ref();
                self.frame = None;
            }
            if kind(self.rest) != Some(Compression::Zstd) {
                return Ok(0);
            }
            let frame = StreamingDecoder::new_with_max_window_size(self.rest, WINDOW);
            self.frame = Some(frame.map_err(|_| std::io::ErrorKind::InvalidData)?);
        }
    }
}

/// A zlib stream. What comes out of it before it breaks is given, which flate2's own reader keeps back; and what stands
/// behind it is no part of it, so that it does not end well there.
struct Zlib<'a> {
    rest: &'a [u8],
    inflate: flate2::Decompress,
    /// It came to its end, or broke.
    ended: Option<bool>,
}

impl<'a> Zlib<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, inflate: flate2::Decompress::new(true), ended: None }
    }

    /// Padding and a line break are nothing.
    fn is_followed(&self) -> bool {
        self.rest.iter().any(|b| *b != 0 && !b.is_ascii_whitespace())
    }
}

impl Read for Zlib<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        while self.ended.is_none() && !out.is_empty() {
            let (consumed, made) = (self.inflate.total_in(), self.inflate.total_out());
            let state = self.inflate.decompress(self.rest, out, flate2::FlushDecompress::None);
            let taken = usize::try_from(self.inflate.total_in() - consumed).unwrap_or(usize::MAX);
            self.rest = self.rest.get(taken..).unwrap_or_default();
            let made = usize::try_from(self.inflate.total_out() - made).unwrap_or_default();
            self.ended = match state {
                Ok(flate2::Status::StreamEnd) => Some(!self.is_followed()),
                // Nothing goes in and nothing comes out: it is cut off.
                Ok(_) if taken == 0 && made == 0 => Some(false),
                Ok(_) => None,
                Err(_) => Some(false),
            };
            if made > 0 {
                return Ok(made);
            }
        }
        match self.ended {
            Some(false) => Err(std::io::ErrorKind::InvalidData.into()),
            _ => Ok(0),
        }
    }
}

/// A raw Snappy block, which can be opened as a whole only. Its length is at most 22 times that of its bytes: see
/// [`snappy_raw`].
struct Block<'a> {
    packed: &'a [u8],
    opened: Option<(Zeroizing<Vec<u8>>, usize)>,
}

impl Read for Block<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.opened.is_none() {
            let opened = snap::raw::Decoder::new().decompress_vec(self.packed);
            self.opened = Some((Zeroizing::new(opened.map_err(|_| std::io::ErrorKind::InvalidData)?), 0));
        }
        let Some((bytes, at)) = &mut self.opened else { return Ok(0) };
        let read = (&bytes[*at..]).read(out)?;
        *at += read;
        Ok(read)
    }
}

/// Containers that may hold text and are not opened here: zip (APPNOTE.TXT, 4.3.7), xz (xz-file-format.txt, 2.1.1.1),
/// bzip2, 7z (7zFormat.txt) and RAR. Pictures, sound, fonts and the like are none: what they hold is no text.
pub(super) fn is_closed(bytes: &[u8]) -> bool {
    const CLOSED: &[&[u8]] = &[b"PK\x03\x04", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07"];
    let bzip2 = || matches!(bytes, [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ..]);
    CLOSED.iter().any(|magic| bytes.starts_with(magic)) || bzip2()
}
