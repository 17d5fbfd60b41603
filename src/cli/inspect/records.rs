//! The values of an input, in batches: one a line, or those of documents that go over many lines, item by item as they come.
//!
//! `aws dynamodb scan` prints one document of any size, and other tools an array: neither is ever held as a whole. What is
//! broken is named with its line, and the reading goes on where a value may begin.

use std::io::{self, BufRead, Cursor, Read};
use std::ops::Range;

use zeroize::Zeroizing;

/// A longer value is not read. DynamoDB's items are 400 KB at most, and JSON escapes make that six times as long.
pub(in crate::cli) const LONGEST: usize = 16 << 20;
/// A batch is full from this size on, in bytes.
const FULL: usize = 128 << 10;

/// Values of the input and where they are.
#[derive(Default)]
pub(in crate::cli) struct Batch {
    pub text: Zeroizing<Vec<u8>>,
    pub records: Vec<Record>,
}

/// One value.
#[derive(Debug, PartialEq)]
pub(in crate::cli) struct Record {
    /// The line where it begins, from 1.
    pub line: u64,
    pub what: What,
}

/// What it is.
#[derive(Debug, PartialEq)]
pub(in crate::cli) enum What {
    /// A value, here in the text of the batch; of a document its white space is left out.
    Value { at: Range<usize>, is_line: bool },
    /// What a document holds besides so many items that came before it.
    Rest { at: Range<usize>, items: u64 },
    /// Longer than is read.
    TooLong,
    /// A document ends, or goes wrong, before it is whole.
    Broken(&'static str),
}

/// How much room there is for the value that fills it, before it has to grow; in bytes.
const BUFFER: usize = 32 << 10;
/// And after so many lines.
const MOST: usize = 64 << 10;
/// How much of an input tells how values stand in it, in bytes.
const BEGINNING: u64 = 4096;

/// An input, from its beginning, which was read before.
type Begun<R> = io::Chain<Cursor<Zeroizing<Vec<u8>>>, R>;

/// Reads an input.
pub(in crate::cli) struct Records<R> {
    input: Begun<R>,
    line: u64,
    shape: Shape,
    document: Document,
    /// What kept it from being read on, after what was read before.
    failed: Option<io::Error>,
}

/// How values stand in an input.
#[derive(Clone, Copy, PartialEq)]
enum Shape {
    Lines,
    Documents,
}

impl<R: BufRead> Records<R> {
    /// Reads the beginning.
    pub(in crate::cli) fn new(mut input: R) -> io::Result<Self> {
        let mut beginning = Zeroizing::new(Vec::new());
        let mut first = input.by_ref().take(BEGINNING);
        // White space before the first value tells nothing.
        while first.read_until(b'\n', &mut beginning)? > 0 && beginning.iter().all(u8::is_ascii_whitespace) {}
        let shape = shape(&beginning);
        Ok(Self {
            input: Cursor::new(beginning).chain(input),
            line: 1,
            shape,
            document: Document::default(),
            failed: None,
        })
    }

    /// The next batch; `None` at the end of the input.
    pub(in crate::cli) fn next(&mut self) -> io::Result<Option<Batch>> {
        if let Some(failed) = self.failed.take() {
            return Err(failed);
        }
        let mut batch = Batch::default();
        batch.text.reserve_exact(FULL + BUFFER);
        // Blank lines take no room, and may go on for ever.
        for _ in 0..MOST {
            let goes_on = match self.shape {
                Shape::Lines => self.a_line(&mut batch),
                Shape::Documents => self.some_of_documents(&mut batch),
            };
            match goes_on {
                Ok(true) if batch.text.len() < FULL => {}
                Ok(true) => break,
                Ok(false) if self.failed.is_some() => break,
                Ok(false) => return Ok((!batch.records.is_empty()).then_some(batch)),
                Err(failed) => {
                    self.failed = Some(failed);
                    break;
                }
            }
        }
        Ok(Some(batch))
    }

    /// Reads up to a line break; the rest of a line that is too long is skipped, not kept. False at the end.
    fn a_line(&mut self, batch: &mut Batch) -> io::Result<bool> {
        let from = batch.text.len();
        let (mut any, mut long) = (false, false);
        loop {
            let chunk = match filled(&mut self.input) {
                Ok(chunk) => chunk,
                // What was read of the line counts: it may be whole, and if not, that is said.
                Err(failed) if any => {
                    self.failed = Some(failed);
                    &[]
                }
                Err(failed) => return Err(failed),
            };
            any |= !chunk.is_empty();
            let end = chunk.iter().position(|b| *b == b'\n');
            let part = &chunk[..end.unwrap_or(chunk.len())];
            long |= batch.text.len() - from + part.len() > LONGEST;
            if !long {
                batch.text.extend_from_slice(part);
            }
            let is_over = end.is_some() || chunk.is_empty();
            let used = end.map_or(chunk.len(), |end| end + 1);
            self.input.consume(used);
            if !is_over {
                continue;
            }
            let line = self.line;
            self.line += 1;
            // `{...},`: a list without its brackets.
            while !long && batch.text.len() > from && b", \r\t".contains(&batch.text[batch.text.len() - 1]) {
                batch.text.pop();
            }
            let at = from..batch.text.len();
            if !long && opens_only(&batch.text[at.clone()]) {
                // A document begins after lines of something else.
                self.shape = Shape::Documents;
                let opening = Zeroizing::new(batch.text.split_off(from));
                opening.iter().chain(b"\n").for_each(|byte| self.document.take(*byte, line, batch));
            } else if long {
                batch.text.truncate(from);
                batch.records.push(Record { line, what: What::TooLong });
            } else if !batch.text[at.clone()].iter().all(u8::is_ascii_whitespace) {
                batch.records.push(Record { line, what: What::Value { at, is_line: true } });
            }
            return Ok(any && self.failed.is_none());
        }
    }

    /// Reads on in a document. False at the end.
    fn some_of_documents(&mut self, batch: &mut Batch) -> io::Result<bool> {
        let chunk = filled(&mut self.input)?;
        if chunk.is_empty() {
            self.document.end(batch, self.line);
            return Ok(false);
        }
        let used = chunk.len();
        for byte in chunk {
            self.document.take(*byte, self.line, batch);
            self.line += u64::from(*byte == b'\n');
        }
        self.input.consume(used);
        Ok(true)
    }
}

/// What is there of the input; nothing at its end.
fn filled(input: &mut impl BufRead) -> io::Result<&[u8]> {
    loop {
        match input.fill_buf() {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
            // Asked again for a borrow that may be returned.
            Ok(_) => return input.fill_buf(),
        }
    }
}

/// How an input that begins so is read: as documents where its first line opens what it does not close, or is a list.
fn shape(beginning: &[u8]) -> Shape {
    let beginning = beginning.strip_prefix(b"\xef\xbb\xbf").unwrap_or(beginning).trim_ascii_start();
    let line = beginning.split(|b| *b == b'\n').next().unwrap_or_default().trim_ascii();
    let is_list = line.starts_with(b"[");
    let is_answer =
        line.strip_prefix(b"{").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\"Items\""));
    if is_list || is_answer || opens_only(line) { Shape::Documents } else { Shape::Lines }
}

/// Whether a line is the first of a document that goes on: it ends where something opens.
fn opens_only(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    matches!(line, [b'{' | b'[', ..]) && matches!(line, [.., b'{' | b'['])
}

/// A document, as far as it was read.
#[derive(Default)]
struct Document {
    /// What is open.
    open: Vec<u8>,
    in_string: bool,
    escaped: bool,
    /// The line where it began.
    began: u64,
    /// What it holds besides its items.
    rest: Zeroizing<Vec<u8>>,
    /// It is longer than is read.
    is_long: bool,
    /// The string of its own map that was read last: the name of a member.
    name: Vec<u8>,
    /// How many are open within its list of items, while that is.
    items_at: Option<usize>,
    /// It has one.
    has_items: bool,
    items: u64,
    /// Where in the batch the present item begins, and on which line; none between them.
    item: Option<Item>,
    /// The byte before this one, but for white space.
    before: u8,
    /// After something broken: nothing counts up to the next line.
    skips: bool,
}

/// An item that is being read: its bytes are kept until its end, as a batch may be full before.
struct Item {
    line: u64,
    text: Zeroizing<Vec<u8>>,
    is_long: bool,
}

impl Document {
    fn take(&mut self, byte: u8, line: u64, batch: &mut Batch) {
        if self.skips {
            self.skips = byte != b'\n';
            return;
        }
        if self.in_string {
            return self.in_string(byte, line, batch);
        }
        if byte.is_ascii_whitespace() || byte == 0xef || byte == 0xbb || byte == 0xbf {
            return;
        }
        // A value stands at the beginning, or after what one may stand after.
        let begins = !matches!(byte, b'}' | b']' | b',' | b':');
        // After what opens a map stands a name.
        let is_name = byte == b'"' && self.before == b'{';
        let may_begin = self.open.is_empty() || is_name || matches!(self.before, b'[' | b',' | b':');
        let is_word = byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
        let goes_on = is_word && (self.before.is_ascii_alphanumeric() || b"+-.".contains(&self.before));
        if begins && !may_begin && !goes_on {
            self.broken("it goes wrong before it ends", line, batch);
            if matches!(byte, b'{' | b'[') {
                self.skips = false;
                self.take(byte, line, batch);
            }
            return;
        }
        // What separates documents says nothing.
        if self.open.is_empty() && byte == b',' {
            return;
        }
        if self.open.is_empty() && !matches!(byte, b'{' | b'[') {
            return self.broken("neither an object nor a list of them", line, batch);
        }
        if self.open.is_empty() {
            self.began = line;
        }
        let is_between = self.item.is_none() && self.items_at == Some(self.open.len());
        match byte {
            b'"' => {
                self.begin_item(is_between, line);
                self.in_string = true;
                self.name.clear();
                self.keep(byte);
            }
            b'{' | b'[' => {
                self.begin_item(is_between, line);
                let is_list = byte == b'['
                    && (self.open.is_empty()
                        || self.open == [b'{'] && self.before == b':' && self.name == b"Items");
                self.open.push(byte);
                self.keep(byte);
                if is_list && !self.has_items {
                    (self.items_at, self.has_items) = (Some(self.open.len()), true);
                }
            }
            b'}' | b']' => {
                let closes = if byte == b'}' { b'{' } else { b'[' };
                // The last of a list that is no object or list itself.
                self.end_item(self.items_at == Some(self.open.len()), batch);
                if self.open.pop() != Some(closes) {
                    return self.broken("what closes is not what is open", line, batch);
                }
                self.keep(byte);
                self.end_item(self.items_at == Some(self.open.len()), batch);
                if self.items_at.is_some_and(|at| at > self.open.len()) {
                    self.items_at = None;
                }
                if self.open.is_empty() {
                    self.whole(batch);
                    return;
                }
            }
            b',' if self.items_at == Some(self.open.len()) => self.end_item(true, batch),
            _ => {
                self.begin_item(is_between && begins, line);
                self.keep(byte);
            }
        }
        self.before = byte;
    }

    fn in_string(&mut self, byte: u8, line: u64, batch: &mut Batch) {
        if byte == b'\n' {
            return self.broken("a line ends within a string", line, batch);
        }
        self.keep(byte);
        if self.escaped {
            self.escaped = false;
        } else if byte == b'\\' {
            self.escaped = true;
        } else if byte == b'"' {
            self.in_string = false;
            self.before = byte;
        } else if self.open.len() == 1 && self.name.len() < 16 {
            self.name.push(byte);
        }
    }

    /// Keeps a byte of the present item, or of the rest.
    fn keep(&mut self, byte: u8) {
        let (text, is_long) = match &mut self.item {
            Some(item) => (&mut item.text, &mut item.is_long),
            None => (&mut self.rest, &mut self.is_long),
        };
        *is_long |= text.len() >= LONGEST;
        if !*is_long {
            text.push(byte);
        }
    }

    fn begin_item(&mut self, is: bool, line: u64) {
        if is {
            self.item = Some(Item { line, text: Zeroizing::default(), is_long: false });
        }
    }

    fn end_item(&mut self, is: bool, batch: &mut Batch) {
        if let Some(item) = self.item.take_if(|_| is) {
            self.items += 1;
            let what = match item.is_long {
                true => What::TooLong,
                false => What::Value { at: added(batch, &item.text), is_line: false },
            };
            batch.records.push(Record { line: item.line, what });
        }
    }

    /// The end of a whole document.
    fn whole(&mut self, batch: &mut Batch) {
        let what = match (self.is_long, self.has_items) {
            (true, _) => What::TooLong,
            (false, false) => What::Value { at: added(batch, &self.rest), is_line: false },
            (false, true) => What::Rest { at: added(batch, &self.rest), items: self.items },
        };
        batch.records.push(Record { line: self.began, what });
        *self = Self::default();
    }

    /// What was read of a document that is broken counts; the rest of the line does not.
    fn broken(&mut self, why: &'static str, line: u64, batch: &mut Batch) {
        batch.records.push(Record { line, what: What::Broken(why) });
        *self = Self { skips: !why.starts_with("a line ends"), ..Self::default() };
    }

    /// The end of the input.
    fn end(&mut self, batch: &mut Batch, line: u64) {
        if !self.open.is_empty() {
            self.broken("the input ends within it", line, batch);
        }
    }
}

/// Adds bytes to a batch; where they are.
fn added(batch: &mut Batch, bytes: &[u8]) -> Range<usize> {
    let from = batch.text.len();
    batch.text.extend_from_slice(bytes);
    from..batch.text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of an input, each with its line, read in chunks of this size.
    fn read(input: &str, chunk: usize) -> Vec<String> {
        let input = io::BufReader::with_capacity(chunk, input.as_bytes());
        let mut records = Records::new(input).expect("readable");
        let mut all = Vec::new();
        while let Some(batch) = records.next().expect("readable") {
            let text = |at: &Range<usize>| String::from_utf8_lossy(&batch.text[at.clone()]).into_owned();
            all.extend(batch.records.iter().map(|record| match &record.what {
                What::Value { at, .. } => format!("{} {}", record.line, text(at)),
                What::Rest { at, items } => format!("{} rest {} of {items}", record.line, text(at)),
                What::TooLong => format!("{} too long", record.line),
                What::Broken(why) => format!("{} broken: {why}", record.line),
            }));
        }
        all
    }

    fn check(input: &str, expect: &[&str]) {
        assert_eq!(read(input, 8 << 10), expect, "{input}");
    }

    #[test]
    fn lines_and_documents() {
        check("{\"a\":1}\n\n{\"b\":2}", &["1 {\"a\":1}", "3 {\"b\":2}"]);
        check("{\"a\": hush}\n{\"b\":2}\n", &["1 {\"a\": hush}", "2 {\"b\":2}"]);
        check("[{\"a\":1}, {\"b\":[2, 3]}]", &["1 {\"a\":1}", "1 {\"b\":[2,3]}", "1 rest [] of 2"]);
        check(
            "[\n  {\n    \"a\": 1\n  },\n  {\"b\": \"x, ]\"}\n]\n",
            &["2 {\"a\":1}", "5 {\"b\":\"x, ]\"}", "1 rest [] of 2"],
        );
        check(
            "{\n \"Items\": [\n  {\"a\": {\"S\": \"x\"}},\n  {\"b\": {\"L\": []}}\n ],\n \"Count\": 2,\n \"LastEvaluatedKey\": {\"a\": {\"S\": \"x\"}}\n}",
            &[
                "3 {\"a\":{\"S\":\"x\"}}",
                "4 {\"b\":{\"L\":[]}}",
                "1 rest {\"Items\":[],\"Count\":2,\"LastEvaluatedKey\":{\"a\":{\"S\":\"x\"}}} of 2",
            ],
        );
        check(
            "{\"Items\":[{\"a\":1}],\"Count\":1}\n{\"Items\":[],\"Count\":0}",
            &[
                "1 {\"a\":1}",
                "1 rest {\"Items\":[],\"Count\":1} of 1",
                "2 rest {\"Items\":[],\"Count\":0} of 0",
            ],
        );
        check("{\n\"Item\": {\"Items\": {\"L\": [1]}}\n}", &["1 {\"Item\":{\"Items\":{\"L\":[1]}}}"]);
        check("[1, \"x\", {\"a\":1}]", &["1 1", "1 \"x\"", "1 {\"a\":1}", "1 rest [] of 3"]);
        check("[]", &["1 rest [] of 0"]);
    }

    #[test]
    fn what_is_broken_is_named_and_the_rest_is_read() {
        check(
            "[\n{\"a\":1},\n{\"b\":2}\n{\"c\":3}\n]",
            &[
                "2 {\"a\":1}",
                "3 {\"b\":2}",
                "4 broken: it goes wrong before it ends",
                "4 {\"c\":3}",
                "5 broken: neither an object nor a list of them",
            ],
        );
        check("[\n{\"a\":1},\n{\"b\": \"x\n", &["2 {\"a\":1}", "3 broken: a line ends within a string"]);
        check("[{\"a\":1}", &["1 {\"a\":1}", "1 broken: the input ends within it"]);
        check(
            "WARN: x\n{\n \"Items\": [\n  {\"a\": 1}\n ]\n}\n",
            &["1 WARN: x", "4 {\"a\":1}", "2 rest {\"Items\":[]} of 1"],
        );
        check("{\"a\":1},\n{\"b\":2},\n", &["1 {\"a\":1}", "2 {\"b\":2}"]);
        check(
            "[{\"a\":1}],\n[{\"b\":2}]",
            &["1 {\"a\":1}", "1 rest [] of 1", "2 {\"b\":2}", "2 rest [] of 1"],
        );
        check(
            "{\"a\":1}\n{\n{\"b\":2}\n",
            &["1 {\"a\":1}", "3 broken: it goes wrong before it ends", "3 {\"b\":2}"],
        );
        check("[{\"a\":1]\n{\"b\":2}", &["1 broken: what closes is not what is open", "2 {\"b\":2}"]);
    }

    #[test]
    fn chunks_change_nothing() {
        let input = "[\n {\"a\": {\"S\": \"x\\\"]}\"}},\n {\"b\": [1, 2.5e3, true, null]}\n]";
        for chunk in 1..40 {
            assert_eq!(read(input, chunk), read(input, 8 << 10), "{chunk}");
        }
        let lines = "{\"a\":1}\n{\"b\":2}\n";
        assert_eq!(read(lines, 9), ["1 {\"a\":1}", "2 {\"b\":2}"]);
    }

    #[test]
    fn what_is_too_long_is_skipped_and_not_kept() {
        let long = "x".repeat(LONGEST + 1);
        check(&format!("{{\"a\":\"{long}\"}}\n{{\"b\":2}}"), &["1 too long", "2 {\"b\":2}"]);
        check(
            &format!("[{{\"a\":\"{long}\"}},{{\"b\":2}}]"),
            &["1 too long", "1 {\"b\":2}", "1 rest [] of 2"],
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "[\\[{]?[]\\[{}\",:a1 \n\\\\-]{0,60}") {
            read(&text, 7);
        }

        #[test]
        fn a_list_is_its_members(members in proptest::collection::vec("[a-z \\]\\[{},:]{0,12}", 0..8), chunk in 1_usize..32) {
            let values: Vec<serde_json::Value> = members.iter().map(|text| serde_json::json!({ "m": text, "n": [text] })).collect();
            for text in [serde_json::to_string(&values), serde_json::to_string_pretty(&values)] {
                let read = read(&text.expect("it is written"), chunk);
                let told: Vec<&str> = read.iter().filter_map(|r| r.split_once(' ')).map(|(_, r)| r).filter(|r| r.starts_with('{')).collect();
                let expect: Vec<String> = values.iter().map(ToString::to_string).collect();
                proptest::prop_assert_eq!(told, expect);
            }
        }
    }
}
