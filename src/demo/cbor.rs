//! CBOR (RFC 8949) to JSON and back, as far as CloudWatch's protocol needs it.

use serde_json::{Map, Number, Value};

/// Nothing that an SDK sends is nested deeper.
const DEEPEST: u8 = 16;

/// Reads one value. A tag, as of a time, is left out; binary and simple values are null. `None` if it is cut off or
/// nested too deep.
pub(super) fn read(bytes: &[u8]) -> Option<Value> {
    CborReader { rest: bytes }.value(DEEPEST)
}

struct CborReader<'a> {
    rest: &'a [u8],
}

/// The second byte of a value of unknown length, and the end of it.
const OPEN: u8 = 31;
const BREAK: u8 = 0xff;

impl<'a> CborReader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(taken)
    }

    /// The number that the low five bits of a head stand for, or begin.
    fn number(&mut self, low: u8) -> Option<u64> {
        let length = match low {
            0..24 => return Some(u64::from(low)),
            24..28 => 1 << (low - 24),
            _ => return None,
        };
        Some(self.take(length)?.iter().fold(0, |n, byte| n << 8 | u64::from(*byte)))
    }

    fn ends(&mut self) -> bool {
        let ends = self.rest.first() == Some(&BREAK);
        self.rest = &self.rest[usize::from(ends)..];
        ends
    }

    fn value(&mut self, depth: u8) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        let head = *self.take(1)?.first()?;
        let (major, low) = (head >> 5, head & 0x1f);
        let left = if low == OPEN { None } else { Some(self.number(low)?) };
        Some(match major {
            0 => Value::from(left?),
            1 => Value::from(-1 - i64::try_from(left?).ok()?),
            2 => {
                self.take(usize::try_from(left?).ok()?)?;
                Value::Null
            }
            3 => {
                let text = self.take(usize::try_from(left?).ok()?)?;
                Value::String(String::from_utf8_lossy(text).into_owned())
            }
            4 => {
                let mut all = Vec::new();
                while left.map_or_else(|| !self.ends(), |n| (all.len() as u64) < n) {
                    all.push(self.value(depth)?);
                }
                Value::Array(all)
            }
            5 => {
                let (mut all, mut n) = (Map::new(), 0);
                while left.map_or_else(|| !self.ends(), |left| n < left) {
                    let Value::String(name) = self.value(depth)? else { return None };
                    all.insert(name, self.value(depth)?);
                    n += 1;
                }
                Value::Object(all)
            }
            6 => self.value(depth)?,
            _ => match (low, left?) {
                (20, _) => Value::Bool(false),
                (21, _) => Value::Bool(true),
                (26, bits) => number(f64::from(f32::from_bits(u32::try_from(bits).ok()?))),
                (27, bits) => number(f64::from_bits(bits)),
                _ => Value::Null,
            },
        })
    }
}

fn number(n: f64) -> Value {
    Number::from_f64(n).map_or(Value::Null, Value::Number)
}

/// Writes a value. A number with a point is a double.
pub(super) fn write(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    append(&mut out, value);
    out
}

fn append(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => out.push(0xf6),
        Value::Bool(yes) => out.push(if *yes { 0xf5 } else { 0xf4 }),
        Value::Number(n) => match (n.as_u64(), n.as_f64()) {
            (Some(n), _) => head(out, 0, n),
            (None, n) => {
                out.push(0xfb);
                out.extend(n.unwrap_or_default().to_be_bytes());
            }
        },
        Value::String(text) => {
            head(out, 3, text.len() as u64);
            out.extend(text.as_bytes());
        }
        Value::Array(all) => {
            head(out, 4, all.len() as u64);
            all.iter().for_each(|member| append(out, member));
        }
        Value::Object(all) => {
            head(out, 5, all.len() as u64);
            for (name, member) in all {
                head(out, 3, name.len() as u64);
                out.extend(name.as_bytes());
                append(out, member);
            }
        }
    }
}

fn head(out: &mut Vec<u8>, major: u8, n: u64) {
    match u8::try_from(n) {
        Ok(low) if low < 24 => out.push(major << 5 | low),
        _ => {
            out.push(major << 5 | 27);
            out.extend(n.to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_reads_the_same() {
        for value in [
            json!(null),
            json!(true),
            json!(7),
            json!(1_000_000),
            json!(0.5),
            json!(12.0),
            json!("a text of more than twenty-three bytes"),
            json!([1, [2.5, "b"], {}]),
            json!({"a": {"b": ["c"]}, "d": false}),
        ] {
            assert_eq!(read(&write(&value)), Some(value));
        }
    }

    #[test]
    fn open_lengths_tags_and_nonsense() {
        let check = |bytes: &[u8], expect: Option<Value>| assert_eq!(read(bytes), expect, "{bytes:x?}");
        check(&[0xbf, 0x61, b'a', 0x9f, 0x01, 0x20, 0xff, 0xff], Some(json!({"a": [1, -1]})));
        check(&[0xc1, 0x1a, 0x00, 0x00, 0x01, 0x00], Some(json!(256)));
        check(&[0x42, 1, 2], Some(json!(null)));
        check(&[0x61], None);
        check(&[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], None);
        check(&[0xa1, 0x01, 0x02], None);
        check(&[0x81; 64], None);
        check(&[], None);
    }
}
