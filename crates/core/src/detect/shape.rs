//! What a pattern asks of a text, read off its source: where a match may begin, and how long it can be. With that a
//! rule looks at a keyword's surroundings instead of the whole text, and mostly without its regular expression.
//!
//! Only what patterns of secrets are made of is understood: literals, classes, groups, alternatives, repetition. A
//! pattern with anything else (flags, nested classes) has no shape, and is matched against the whole text.

/// A pattern with more alternatives than this has no shape.
const WAYS: usize = 128;
/// Groups nested deeper than this are not understood.
const DEPTH: usize = 16;
/// What stands at the beginning of a match, of few kinds: its keywords then name them all.
const FEW: u32 = 8;

/// Characters that may stand at one place.
#[derive(Clone, Copy, Default, PartialEq)]
struct Set {
    /// A bit for each ASCII character.
    ascii: u128,
    /// Any other character, perhaps.
    other: bool,
}

impl Set {
    fn one(byte: u8) -> Self {
        Self { ascii: 1 << byte, other: false }
    }

    fn of(holds: impl Fn(u8) -> bool) -> Self {
        let ascii = (0..128).filter(|b| holds(*b)).fold(0, |bits, b| bits | 1 << b);
        Self { ascii, other: false }
    }

    fn has(self, byte: u8) -> bool {
        byte < 128 && self.ascii >> byte & 1 == 1
    }

    fn and(self, more: Self) -> Self {
        Self { ascii: self.ascii | more.ascii, other: self.other || more.other }
    }
}

/// Between `least` and `most` characters of a set.
#[derive(Clone, Copy, PartialEq)]
struct Unit {
    set: Set,
    least: usize,
    most: usize,
}

/// One of the alternatives of a pattern.
type Way = Vec<Unit>;

/// How a match of a pattern begins.
struct Beginning {
    /// Number of characters of each set, one after the other, in every match.
    fixed: Vec<(Set, usize)>,
    /// Minimum length of a match in bytes.
    shortest: usize,
}

impl Beginning {
    fn of(way: &Way) -> Self {
        let mut fixed = Vec::new();
        for unit in way.iter().take_while(|unit| !unit.set.other) {
            fixed.push((unit.set, unit.least));
            if unit.least < unit.most {
                break;
            }
        }
        Self { fixed, shortest: way.iter().fold(0, |sum, unit| sum.saturating_add(unit.least)) }
    }

    fn fits(&self, bytes: &[u8]) -> bool {
        let mut rest = bytes;
        bytes.len() >= self.shortest
            && self.fixed.iter().all(|(set, count)| {
                let Some((here, after)) = rest.split_at_checked(*count) else { return false };
                rest = after;
                here.iter().all(|b| set.has(*b))
            })
    }

    /// Where in a match one of the keywords stands.
    fn keyword(&self, keywords: &[String]) -> Option<usize> {
        let places =
            || self.fixed.iter().flat_map(|(set, count)| std::iter::repeat_n(*set, (*count).min(256)));
        let places: Vec<Set> = places().take(512).collect();
        let at = |offset: usize, fits: &dyn Fn(Set, u8) -> bool| {
            let here = places.get(offset..).unwrap_or_default();
            let stands = |word: &String| {
                word.len() <= here.len() && word.bytes().zip(here).all(|(byte, set)| fits(*set, byte))
            };
            keywords.iter().any(stands)
        };
        let either =
            |set: Set, byte: u8| set.has(byte.to_ascii_lowercase()) || set.has(byte.to_ascii_uppercase());
        let literal = |set: Set, byte: u8| set.ascii.count_ones() == 1 && either(set, byte);
        (0..places.len()).find(|offset| at(*offset, &literal)).or_else(|| {
            let few = places.first().is_some_and(|set| set.ascii.count_ones() <= FEW);
            (few && at(0, &either)).then_some(0)
        })
    }
}

/// What is known of a pattern.
pub(super) struct Shape {
    beginnings: Vec<Beginning>,
    /// How far before a keyword a match may begin; none where a match may have no keyword at a certain place.
    pub offsets: Vec<usize>,
    /// The pattern may take the character before.
    pub before: bool,
    /// Minimum length of a match in bytes.
    pub shortest: usize,
    /// Maximum length of a match in bytes, where that is limited.
    pub longest: Option<usize>,
}

impl Shape {
    /// Of a pattern and the keywords of its rule.
    pub(super) fn of(pattern: &str, keywords: &[String]) -> Option<Self> {
        let mut reader = ShapeReader { bytes: pattern.as_bytes(), at: 0 };
        let before = reader.before();
        let ways = reader.alternatives(0).filter(|_| reader.at == pattern.len())?;
        let beginnings: Vec<Beginning> = ways.iter().map(Beginning::of).collect();
        let offsets: Option<Vec<usize>> = beginnings.iter().map(|b| b.keyword(keywords)).collect();
        let mut offsets = offsets.unwrap_or_default();
        offsets.sort_unstable();
        offsets.dedup();
        let most = ways.iter().map(longest).max().unwrap_or(0);
        Some(Self {
            offsets,
            before,
            shortest: beginnings.iter().map(|b| b.shortest).min().unwrap_or(0),
            longest: (most < usize::MAX).then_some(most),
            beginnings,
        })
    }

    /// Whether a match may begin at the beginning of these bytes, as far as can be told cheaply.
    pub(super) fn fits(&self, bytes: &[u8]) -> bool {
        self.beginnings.iter().any(|beginning| beginning.fits(bytes))
    }
}

/// How many bytes a match has at most; the largest number where that is not limited.
fn longest(way: &Way) -> usize {
    let bytes = |unit: &Unit| unit.most.saturating_mul(if unit.set.other { 4 } else { 1 });
    way.iter().fold(0, |sum, unit| sum.saturating_add(bytes(unit)))
}

/// Reads a pattern. Whatever is not understood is `None`.
struct ShapeReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl ShapeReader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek().filter(u8::is_ascii)?;
        self.at += 1;
        Some(byte)
    }

    fn skip(&mut self, literal: &str) -> bool {
        let is = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(literal.as_bytes()));
        self.at += if is { literal.len() } else { 0 };
        is
    }

    /// Whether it begins with what may stand before a secret, `(?:^|[^...])`; that is read.
    fn before(&mut self) -> bool {
        let is = self.skip("(?:^|[") && self.class().is_some() && self.skip(")");
        self.at = if is { self.at } else { 0 };
        is && !self.peek().is_some_and(|b| b"?*+{".contains(&b))
    }

    fn alternatives(&mut self, depth: usize) -> Option<Vec<Way>> {
        let mut ways = Vec::new();
        loop {
            ways.extend(self.sequence(depth)?);
            if ways.len() > WAYS {
                return None;
            }
            if !self.skip("|") {
                return Some(ways);
            }
        }
    }

    fn sequence(&mut self, depth: usize) -> Option<Vec<Way>> {
        let mut ways = vec![Way::new()];
        while !matches!(self.peek(), None | Some(b'|' | b')')) {
            let atom = self.atom(depth)?;
            ways = product(&ways, &self.repeated(atom)?)?;
        }
        Some(ways)
    }

    fn atom(&mut self, depth: usize) -> Option<Vec<Way>> {
        let set = match self.next()? {
            b'(' if depth < DEPTH => {
                let group = self.skip("?:") || self.peek() != Some(b'?');
                let ways = group.then(|| self.alternatives(depth + 1)).flatten()?;
                return self.skip(")").then_some(ways);
            }
            b'(' | b')' | b'*' | b'+' | b'?' | b'{' => return None,
            b'^' | b'$' => return Some(vec![Way::new()]),
            b'[' => self.class()?,
            b'.' => Set { ascii: !0, other: true },
            b'\\' if matches!(self.peek(), Some(b'b' | b'B')) => {
                self.at += 1;
                return Some(vec![Way::new()]);
            }
            b'\\' => self.escape()?,
            byte => Set::one(byte),
        };
        Some(vec![vec![Unit { set, least: 1, most: 1 }]])
    }

    /// What a backslash stands for; letters and digits of other alphabets are in the named classes too.
    fn escape(&mut self) -> Option<Set> {
        Some(match self.next()? {
            b'd' => Set { other: true, ..Set::of(|b| b.is_ascii_digit()) },
            b'w' => Set { other: true, ..Set::of(|b| b.is_ascii_alphanumeric() || b == b'_') },
            b's' => Set { other: true, ..Set::of(|b| matches!(b, b'\t'..=b'\r' | b' ')) },
            b'n' => Set::one(b'\n'),
            b'r' => Set::one(b'\r'),
            b't' => Set::one(b'\t'),
            byte if byte.is_ascii_alphanumeric() => return None,
            byte => Set::one(byte),
        })
    }

    /// A class, from after its opening bracket.
    fn class(&mut self) -> Option<Set> {
        let negated = self.skip("^");
        let mut set = Set::default();
        let mut empty = true;
        loop {
            let rest = self.bytes.get(self.at..)?;
            // Operations on sets, and classes in classes.
            if [b"&&".as_slice(), b"--", b"~~", b"["].iter().any(|operation| rest.starts_with(operation)) {
                return None;
            }
            let one = match self.next()? {
                b']' if empty => return None,
                b']' => break,
                b'\\' => {
                    let escaped = self.escape()?;
                    if self.peek() == Some(b'-') && self.bytes.get(self.at + 1) != Some(&b']') {
                        return None;
                    }
                    escaped
                }
                byte if self.peek() == Some(b'-') && self.bytes.get(self.at + 1) != Some(&b']') => {
                    self.at += 1;
                    let last = self.next().filter(|last| *last >= byte && !b"\\[]".contains(last))?;
                    Set::of(|b| (byte..=last).contains(&b))
                }
                byte => Set::one(byte),
            };
            set = set.and(one);
            empty = false;
        }
        Some(if negated { Set { ascii: !set.ascii, other: true } } else { set })
    }

    fn number(&mut self) -> Option<usize> {
        let from = self.at;
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        std::str::from_utf8(self.bytes.get(from..self.at)?).ok()?.parse().ok()
    }

    /// How often what was read last is repeated, and what that makes of it.
    fn repeated(&mut self, atom: Vec<Way>) -> Option<Vec<Way>> {
        let (least, most) = match self.peek() {
            Some(b'?') => (0, 1),
            Some(b'*') => (0, usize::MAX),
            Some(b'+') => (1, usize::MAX),
            Some(b'{') => {
                self.at += 1;
                let least = self.number()?;
                let most = match self.peek()? {
                    b',' => {
                        self.at += 1;
                        if self.peek() == Some(b'}') { usize::MAX } else { self.number()? }
                    }
                    _ => least,
                };
                (self.peek() == Some(b'}')).then_some((least, most))?
            }
            _ => return Some(atom),
        };
        self.at += 1;
        // Lazy or not, it matches the same texts.
        self.skip("?");
        if self.peek().is_some_and(|b| b"?*+{".contains(&b)) {
            return None;
        }
        Some(match atom.as_slice() {
            [way] if matches!(way.as_slice(), [Unit { least: 1, most: 1, .. }]) => {
                vec![vec![Unit { least, most, ..way[0] }]]
            }
            _ if (least, most) == (0, 1) => {
                let mut ways = atom;
                ways.push(Way::new());
                ways
            }
            // Less is known of it than could be: any characters of it, in any order.
            ways => {
                let set = ways.iter().flatten().fold(Set::default(), |set, unit| set.and(unit.set));
                let sum = |way: &Way| way.iter().fold(0usize, |sum, unit| sum.saturating_add(unit.least));
                let shortest = ways.iter().map(sum).min().unwrap_or(0);
                let longest = ways.iter().map(longest).max().unwrap_or(0);
                vec![vec![Unit {
                    set,
                    least: least.saturating_mul(shortest),
                    most: if longest == 0 { 0 } else { most.saturating_mul(longest) },
                }]]
            }
        })
    }
}

/// Each of the first, followed by each of the second.
fn product(first: &[Way], second: &[Way]) -> Option<Vec<Way>> {
    (first.len() * second.len() <= WAYS).then_some(())?;
    let joined = |a: &Way| second.iter().map(move |b| [a.as_slice(), b].concat()).collect::<Vec<_>>();
    Some(first.iter().flat_map(joined).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_says_where_a_match_begins_and_how_long_it_is() {
        let check = |pattern: &str, keywords: &[&str], said: Option<(&[usize], usize, Option<usize>)>| {
            let keywords: Vec<String> = keywords.iter().map(ToString::to_string).collect();
            let shape = Shape::of(pattern, &keywords);
            let shape = shape.as_ref().map(|s| (s.offsets.as_slice(), s.shortest, s.longest));
            assert_eq!(shape, said, "{pattern}");
        };
        check("abc_[0-9]{4}", &["abc_"], Some((&[0], 8, Some(8))));
        check("(?:^|[^a-z])(abc_[0-9]{4,6})(?:$|[^a-z])", &["ABC_"], Some((&[0], 8, Some(14))));
        check("(?:ab|cd)x_[a-z]+", &["abx_", "cdx_"], Some((&[0], 5, None)));
        check("[0-9]{4}/keys/[0-9]", &["/keys/"], Some((&[4], 11, Some(11))));
        check("c[ks]_[0-9]", &["ck_", "cs_"], Some((&[0], 4, Some(4))));
        check("https://(?:a\\.)?b\\.io/x", &["b.io/"], Some((&[8, 10], 14, Some(16))));
        check("(?:ab){2,3}c", &["ab"], Some((&[0], 5, Some(7))));
        // A keyword that could be anywhere in a class is no beginning.
        check("[a-z]{8}", &["key"], Some((&[], 8, Some(8))));
        check("\\d+abc", &["abc"], Some((&[], 4, None)));
        for pattern in ["(?i)abc", "[[:alpha:]]a", "a{2}{3}", "é", "[a&&b]", "\\p{L}", "(?P<a>b)", "a{,3}"] {
            check(pattern, &["abc"], None);
        }
        check(&"(?:a|b)".repeat(9), &["abc"], None);
        check(&format!("{}a{}", "(".repeat(99), ")".repeat(99)), &["abc"], None);
    }

    #[test]
    fn what_does_not_fit_matches_nowhere() {
        let shape = Shape::of("abc_[0-9]{4,6}x?", &["abc_".into()]).expect("understood");
        assert!(shape.fits(b"abc_1234") && shape.fits(b"abc_123456789"));
        assert!(!shape.fits(b"abc_123") && !shape.fits(b"ABC_1234") && !shape.fits(b"abc_123x"));
    }

    proptest::proptest! {
        #[test]
        fn a_match_fits_and_is_within_its_bounds(
            parts in proptest::collection::vec(0usize..12, 1..8), text in "[abc_.0-9é]{0,24}",
        ) {
            const PARTS: [&str; 12] = [
                "a", "b_", "[0-9]{2}", "[a-c]{1,3}", "(?:a|bc)", "(?:ab)?", "\\.", ".", "[^a]", "(?:a_|b){0,2}", "\\w", "c+?",
            ];
            let pattern: String = parts.iter().map(|n| PARTS[*n]).collect();
            let shape = Shape::of(&pattern, &["a".into()]).expect("understood");
            let regex = regex::Regex::new(&pattern).expect("a pattern");
            for found in regex.find_iter(&text) {
                proptest::prop_assert!(shape.fits(&text.as_bytes()[found.start()..]), "{pattern} {text}");
                proptest::prop_assert!(found.len() >= shape.shortest);
                proptest::prop_assert!(shape.longest.is_none_or(|most| found.len() <= most));
            }
        }
    }
}
