//! Encodings that hide secrets in items, opened within bounds: nothing here panics or grows without limit.
//!
//! Three kinds, by what they hold: text with names and values in it ([`walk`]), bytes written as text ([`of_text`]) and
//! compressed streams ([`of_bytes`]).

mod compressed;
mod env;
mod form;
mod json;
mod text;
mod yaml;

use std::cell::Cell;

use zeroize::Zeroizing;

use crate::detect::byte_classes::Signs;
use crate::detect::walk::Visitor;
use crate::domain::Layer;

pub(super) use compressed::{End, Stream};
pub(super) use text::{base64, base64url, of_text, to_base64};

/// Maximum number of encodings opened one inside the other.
pub(super) const LAYERS: usize = 8;
/// How many bytes may come out of the encodings of one byte that is stored. Logs and JSON compress to a tenth or a
/// fiftieth; a bomb, to a thousandth. So what an item costs grows with what the table stores, and no faster.
pub(super) const RATIO: usize = 128;
/// How many bytes the encodings of one top-level attribute may have together beyond that: a bomb in one attribute does
/// not keep the others shut.
pub(super) const ATTRIBUTE: usize = 1024 * 1024;
/// The same, of an item.
pub(super) const ITEM: usize = 4 * 1024 * 1024;
/// How many bytes all opened encodings of one item may have together, whatever it stores.
pub(super) const MOST: usize = 64 * 1024 * 1024;
/// Longer texts are not held, but looked at part by part as they come out of their stream.
pub(super) const HELD: usize = 4 * 1024 * 1024;
/// What opening a stream takes of these at least, for the memory of its decoder.
pub(super) const STREAM: usize = 8 * 1024;
/// How many bytes one compressed session may have: no framework writes larger ones.
const SESSION: usize = 256 * 1024;

/// How much of a text was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Told {
    /// All of it.
    Whole,
    /// A part: it is too deep, or no further readable.
    Partly,
    /// It is something else, although it looked like it. What was entered last was not left again.
    Not,
}

/// A form of text with values in it: whether a text looks like it, and how it is told.
struct Form {
    layer: Layer,
    /// Signs of which a text of it has each.
    each: &'static [Signs],
    /// Signs that it has none of.
    none: Signs,
    fits: fn(&str) -> bool,
    walk: fn(&str, &mut dyn Visitor) -> Told,
}

const FORMS: &[Form] = &[
    Form { layer: Layer::Json, each: &[], none: Signs::NONE, fits: json::fits, walk: json::walk },
    Form {
        layer: Layer::Form,
        each: &[Signs::all_in(b"&"), Signs::all_in(b"=")],
        none: Signs::NOT_IN_URLS,
        fits: form::fits,
        walk: form::walk,
    },
    Form {
        layer: Layer::Env,
        each: &[Signs::all_in(b"="), Signs::BREAK],
        none: Signs::NONE,
        fits: env::fits,
        walk: env::walk,
    },
    Form { layer: Layer::Yaml, each: &[Signs::BREAK], none: Signs::NONE, fits: yaml::fits, walk: yaml::walk },
];

/// The form that a text of those signs looks like.
pub(super) fn form_of(text: &str, signs: Signs) -> Option<Layer> {
    let (text, signs) = trimmed(text, signs);
    let may_be = |form: &&Form| !signs.has(form.none) && form.each.iter().all(|one| signs.has(*one));
    FORMS.iter().filter(may_be).find(|form| (form.fits)(text)).map(|form| form.layer)
}

/// Tells a text of that form to a visitor, in the order of the text.
pub(super) fn walk(layer: Layer, text: &str, visitor: &mut dyn Visitor) -> Told {
    match FORMS.iter().find(|form| form.layer == layer) {
        Some(form) => (form.walk)(text.trim(), visitor),
        None => Told::Not,
    }
}

/// What came out of a compressed stream.
pub(super) struct Inflated {
    /// As much as there was room for.
    pub bytes: Zeroizing<Vec<u8>>,
    /// There is more, or it could not be read.
    pub cut: bool,
}

/// Bytes that begin like a compressed stream, to be opened.
pub(super) fn of_bytes(bytes: &[u8]) -> Option<Stream<'_>> {
    Stream::new(bytes)
}

/// Bytes that are a container which may hold text, and which cannot be opened.
pub(super) fn is_closed(bytes: &[u8]) -> bool {
    compressed::is_closed(bytes)
}

/// Zlib alone, for sessions that say so; what comes out is taken off the budget.
pub(super) fn session(bytes: &[u8], budget: &Cell<usize>) -> Inflated {
    let most = budget.get().min(SESSION);
    let mut opened = compressed::read(flate2::read::ZlibDecoder::new(bytes), most);
    // A damaged one is no session, rather than one that is too large.
    opened.cut &= opened.bytes.len() == most;
    budget.set(budget.get() - opened.bytes.len());
    opened
}

/// A text of those signs without the white space around it, which most have none of.
fn trimmed(text: &str, signs: Signs) -> (&str, Signs) {
    match text.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => (text, signs),
        _ => match text.trim() {
            trimmed if trimmed.len() == text.len() => (text, signs),
            trimmed => (trimmed, Signs::of(trimmed)),
        },
    }
}

/// Whether decoded bytes are worth a look: compressed, or text.
fn promising(bytes: &[u8]) -> bool {
    compressed::kind(bytes).is_some()
        || compressed::is_closed(bytes)
        || std::str::from_utf8(bytes).is_ok_and(readable)
}

/// Whether bytes that begin so, at most `size` of them, may be worth a look.
fn may_promise(beginning: &[u8], size: usize) -> bool {
    let text = match std::str::from_utf8(beginning) {
        Ok(_) => true,
        // The last character may go on.
        Err(e) => e.error_len().is_none(),
    };
    let odd = || beginning.iter().filter(|b| b.is_ascii_control() && !b"\n\r\t".contains(b)).count();
    (text && odd() * 20 <= size)
        || compressed::kind_by(beginning, size).is_some()
        || compressed::is_closed(beginning)
}

/// Whether nearly all characters are printable.
fn readable(text: &str) -> bool {
    let odd = text.chars().filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')).count();
    odd * 20 <= text.len()
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::{Read, Write};

    use super::*;

    pub(crate) fn pack(layer: Layer, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        match layer {
            Layer::Gzip => {
                let reader = flate2::read::GzEncoder::new(bytes, flate2::Compression::best());
                { reader }.read_to_end(&mut out).expect("memory");
            }
            Layer::Zlib => {
                let reader = flate2::read::ZlibEncoder::new(bytes, flate2::Compression::best());
                { reader }.read_to_end(&mut out).expect("memory");
            }
            Layer::Zstd => {
                ruzstd::encoding::compress(bytes, &mut out, ruzstd::encoding::CompressionLevel::Fastest);
            }
            Layer::Lz4 => {
                let mut frame = lz4_flex::frame::FrameEncoder::new(&mut out);
                frame.write_all(bytes).expect("memory");
                frame.finish().expect("memory");
            }
            Layer::Snappy => out = snap::raw::Encoder::new().compress_vec(bytes).expect("memory"),
            _ => unreachable!("{layer:?} is no compression"),
        }
        out
    }

    fn filled(stream: &mut Stream<'_>, most: usize) -> (Vec<u8>, End) {
        let mut out = Vec::new();
        stream.fill(&mut out, most);
        (out, stream.end())
    }

    fn snappy_framed(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        { snap::read::FrameEncoder::new(bytes) }.read_to_end(&mut out).expect("memory");
        out
    }

    pub(crate) const COMPRESSIONS: [Layer; 5] =
        [Layer::Gzip, Layer::Zlib, Layer::Zstd, Layer::Lz4, Layer::Snappy];

    #[test]
    fn text_that_is_readable_bytes_is_opened_and_nothing_else() {
        use ::base64::Engine;
        use ::base64::engine::general_purpose::{STANDARD, URL_SAFE};
        let check = |text: &str, expected: Option<(Layer, &str)>| {
            let opened = of_text(text, Signs::of(text));
            let opened = opened.as_ref().map(|(layer, b)| (*layer, std::str::from_utf8(b).unwrap_or("")));
            assert_eq!(opened, expected, "{text}");
        };
        let sentence = "a sentence that can be read";
        check(&STANDARD.encode(sentence), Some((Layer::Base64, sentence)));
        let url = "??>>??>> can be read ??>>??>>";
        check(&URL_SAFE.encode(url), Some((Layer::Base64Url, url)));
        check(&STANDARD.encode("é".repeat(12)), Some((Layer::Base64, &"é".repeat(12))));
        check("612073656e74656e63652074686174", Some((Layer::Hex, "a sentence that")));
        check("61207265616461626c6520", Some((Layer::Hex, "a readable ")));
        check("%7B%22a%22%3A%22a%20value%22%7D", Some((Layer::Percent, "{\"a\":\"a value\"}")));
        let pem = format!("-----BEGIN MESSAGE-----\n{}\n-----END MESSAGE-----", STANDARD.encode(sentence));
        check(&pem, Some((Layer::Pem, sentence)));
        for text in [
            "d41d8cd98f00b204e9800998ecf8427e",
            "0d24e101-bad5-46e4-90ad-93859f3a7059",
            sentence,
            "100% of the people asked",
            "-----BEGIN A-----\nAAAA\n-----END B-----",
        ] {
            check(text, None);
        }
        for layer in COMPRESSIONS {
            let packed = STANDARD.encode(pack(layer, sentence.repeat(100).as_bytes()));
            assert_eq!(
                of_text(&packed, Signs::of(&packed)).map(|(layer, _)| layer),
                Some(Layer::Base64),
                "{layer:?}"
            );
        }
    }

    #[test]
    fn every_compression_is_opened() {
        let text = "a sentence that can be read, ".repeat(400);
        let mut packed: Vec<_> = COMPRESSIONS.map(|layer| (layer, pack(layer, text.as_bytes()))).into();
        packed.push((Layer::Snappy, snappy_framed(text.as_bytes())));
        for (layer, packed) in packed {
            let mut stream = of_bytes(&packed).expect("a stream");
            assert_eq!(stream.layer(), layer);
            assert_eq!(filled(&mut stream, 1 << 20), (text.clone().into_bytes(), End::Yes));
            // In parts, which are no longer than asked for by more than a byte.
            let (mut stream, mut parts) = (of_bytes(&packed).expect("a stream"), Vec::new());
            while stream.end() == End::No {
                let before = parts.len();
                stream.fill(&mut parts, 1000);
                assert!(parts.len() - before <= 1001);
            }
            assert_eq!((parts, stream.end()), (text.clone().into_bytes(), End::Yes));
            // Damaged, it says so, and shows what could be read.
            let mut damaged = of_bytes(&packed[..packed.len() - 5]).expect("a stream");
            assert_eq!(filled(&mut damaged, 1 << 20).1, End::Damaged, "{layer:?}");
        }
        let two = [pack(Layer::Zstd, b"one"), pack(Layer::Zstd, b"two")].concat();
        assert_eq!(filled(&mut of_bytes(&two).expect("frames"), 100), (b"onetwo".to_vec(), End::Yes));
    }

    #[test]
    fn random_bytes_are_no_stream() {
        // Numbers of an LCG (Knuth's MMIX), behind the two bytes of zlib.
        let mut state = 7u64;
        let mut random = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 56) as u8
        };
        for _ in 0..2000 {
            let bytes: Vec<u8> =
                [0x78, 0x9c].into_iter().chain(std::iter::repeat_with(&mut random).take(500)).collect();
            let mut stream = of_bytes(&bytes).expect("it begins like one");
            let (opened, _) = filled(&mut stream, 1 << 20);
            assert!(!stream.is_one(&opened), "{} bytes came out", opened.len());
        }
        // What is a stream, but for its end, is told by its text.
        let text: String = (0..4000).map(|n| format!("line {n} of a text\n")).collect();
        let packed = pack(Layer::Zlib, text.as_bytes());
        let mut stream = of_bytes(&packed[..packed.len() / 2]).expect("a stream");
        let (opened, end) = filled(&mut stream, 1 << 20);
        assert!(end == End::Damaged && stream.is_one(&opened));
    }

    #[test]
    fn a_bomb_of_any_kind_stops_at_the_budget() {
        let much = vec![b'a'; 20 * 1024 * 1024];
        let mut bombs: Vec<_> = COMPRESSIONS.map(|layer| (layer, pack(layer, &much))).into();
        bombs.push((Layer::Snappy, snappy_framed(&much)));
        for (layer, bomb) in bombs {
            for budget in [0, 1000, 100_000] {
                let (out, end) = filled(&mut of_bytes(&bomb).expect("recognised"), budget);
                assert!(end != End::Yes && out.len() <= budget + 1, "{layer:?} {budget} {}", out.len());
            }
        }
        // A window of 2 GB takes no memory.
        let hungry = [0x28, 0xb5, 0x2f, 0xfd, 0, 0xa8, 1, 0, 0];
        let info = allocation_counter::measure(|| {
            assert_eq!(filled(&mut of_bytes(&hungry).expect("recognised"), 1 << 20).1, End::Damaged);
        });
        assert!(info.bytes_max < 1 << 20, "{} bytes", info.bytes_max);
        let four = pack(Layer::Gzip, b"four");
        assert_eq!(filled(&mut of_bytes(&four).expect("gzip"), 4).1, End::Yes);
    }

    /// Tells what is told, as `name=value` with dots between names.
    #[derive(Default)]
    struct Teller {
        names: Vec<String>,
        told: Vec<String>,
    }

    impl Visitor for Teller {
        fn enter_name(&mut self, _: usize, name: &str) {
            self.names.push(name.to_owned());
        }
        fn enter_index(&mut self, n: usize) {
            self.names.push(n.to_string());
        }
        fn leave(&mut self) {
            self.names.pop().expect("no more left than entered");
        }
        fn text(&mut self, text: &str) {
            self.told.push(format!("{}={text}", self.names.join(".")));
        }
        fn number(&mut self, _: &str) {}
        fn binary(&mut self, _: &[u8]) {}
    }

    #[test]
    fn forms_of_text_are_told_with_their_names() {
        let check = |text: &str, layer: Option<Layer>, told: &[&str]| {
            assert_eq!(form_of(text, Signs::of(text)), layer, "{text}");
            let mut teller = Teller::default();
            if let Some(layer) = layer {
                assert_eq!(walk(layer, text, &mut teller), Told::Whole, "{text}");
            }
            assert!(teller.names.is_empty(), "{text}");
            assert_eq!(teller.told, told, "{text}");
        };
        check(" {\"a\":{\"b\":[\"x\",1,\"y\"]}} ", Some(Layer::Json), &["a.b.0=x", "a.b.2=y"]);
        check("user=ada&api_key=a%2Bb+c", Some(Layer::Form), &["user=ada", "api_key=a+b c"]);
        check("# of the shop\nexport A=\"x y\"\n\nB_C = 'z'\n", Some(Layer::Env), &["A=x y", "B_C=z"]);
        let yaml = "db:\n  user: ada\n  keys:\n    - one\n    - &k two\nagain: *k\n";
        check(yaml, Some(Layer::Yaml), &["db.user=ada", "db.keys.0=one", "db.keys.1=two"]);
        check("---\n? [a, b]\n: x\n", None, &[]);
        check("- a: x\n- b: y\n", Some(Layer::Yaml), &["0.a=x", "1.b=y"]);
        check("a: 1\n? {b: c}\n: x\n", Some(Layer::Yaml), &["a=1", "?.b=c", "?=x"]);
        for text in ["a=b", "if a = b & c = d then", "A line.\nAnother: line.", "x = 1\nsee there", "a&b=c"] {
            check(text, None, &[]);
        }
    }

    #[test]
    fn what_only_looks_like_a_form_is_none_of_it() {
        for text in ["{not json}", "[1, 2", "{\"a\":1}}"] {
            let layer = form_of(text, Signs::of(text));
            assert!(layer.is_none_or(|l| walk(l, text, &mut Teller::default()) == Told::Not), "{text}");
        }
        // Deeper than it is followed.
        let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
        assert_eq!(walk(Layer::Json, &deep, &mut Teller::default()), Told::Partly);
        // Half an emoji, a whole one, and a backslash before the letters of an escape.
        let mut teller = Teller::default();
        let halves = r#"{"a":"\ud83d","b":"x\ud83d\ude00","c":"\\ud83d","d":"\ude00\ud83d!"}"#;
        assert_eq!(walk(Layer::Json, halves, &mut teller), Told::Whole);
        assert_eq!(teller.told, ["a=\u{fffd}", "b=x\u{1f600}", "c=\\ud83d", "d=\u{fffd}\u{fffd}!"]);
    }

    #[test]
    fn hostile_yaml_ends_in_time() {
        let started = std::time::Instant::now();
        let laughs = format!("a: &a [x,x,x]\n{}", "b: &b [*a,*a,*a,*a]\n".repeat(2000));
        for unit in ["[", "{", "- ", "? ", "a: ", ": ", "\n- [", "&a ", "'", "\"", "|\n", "%", "\n ", "!!a "]
        {
            for text in [format!("a: b\n{}", unit.repeat(200_000 / unit.len())), laughs.clone()] {
                if form_of(&text, Signs::of(&text)) == Some(Layer::Yaml) {
                    let _ = walk(Layer::Yaml, &text, &mut Teller::default());
                }
            }
        }
        assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    }

    proptest::proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), text in "(?s).{0,80}", layer in 0..5_usize, cut in 0..200_usize) {
            let _ = of_bytes(&bytes).map(|mut stream| filled(&mut stream, 1000));
            let _ = of_text(&text, Signs::of(&text));
            for form in FORMS {
                let _ = walk(form.layer, &text, &mut Teller::default());
            }
            // Behind the right beginning.
            let mut packed = pack(COMPRESSIONS[layer], &bytes);
            let at = cut % packed.len();
            packed[at] ^= 1 << (cut % 8);
            let _ = of_bytes(&packed).map(|mut stream| filled(&mut stream, 1000));
        }
    }
}
