//! Made-up text that is the same in every run: the demo must be reproducible to the byte.

/// A small generator (SplitMix64, Steele, Lea and Flood 2014). Not for secrets that protect anything.
pub(super) struct Random(u64);

/// Letters and digits in base-62 order.
pub(super) const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Lower-case hexadecimal digits.
pub(super) const HEX: &[u8; 16] = b"0123456789abcdef";
/// RFC 4648 base32.
pub(super) const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// RFC 4648 base64url.
pub(super) const BASE64URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl Random {
    /// The same name gives the same numbers, in any table: that is how a secret comes to be in two of them.
    pub(super) fn named(name: &str) -> Self {
        // FNV-1a: any spread of names over seeds will do.
        Self(
            name.bytes()
                .fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3)),
        )
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`, which is not 0.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }

    pub(super) fn text(&mut self, alphabet: &[u8], len: usize) -> String {
        (0..len).map(|_| char::from(self.pick(alphabet))).collect()
    }

    pub(super) fn bytes(&mut self, len: usize) -> Vec<u8> {
        (0..len).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    /// A version 4 UUID.
    pub(super) fn uuid(&mut self) -> String {
        let hex = self.text(HEX, 31);
        let variant = char::from(self.pick(b"89ab"));
        format!("{}-{}-4{}-{variant}{}-{}", &hex[..8], &hex[8..12], &hex[12..15], &hex[15..18], &hex[18..30])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_the_same_text_and_another_name_another() {
        let make = |name| Random::named(name).text(BASE62, 40);
        assert_eq!(make("a"), make("a"));
        assert_ne!(make("a"), make("b"));
        let uuid = Random::named("u").uuid();
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
    }
}
