//! `dynaudit inspect`: items from a stream, sightings out, in bounded memory.

pub(super) mod records;
mod workers;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::ops::AddAssign;
use std::process::ExitCode;

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;

use self::records::{Batch, LONGEST, Record, What};

use super::args::InspectArgs;
use super::fail::{Fail, UNFINISHED};
use super::output::complain;
use crate::detect::{Detector, Scratch, TableContext, is_gap};
use crate::domain::{Severity, Uninspected};
use crate::dynamodb_json::{Order, Tape};
use crate::source::given::{Given, each_item};
use crate::source::json::parse_line;

/// How much of the input is read at a time, in bytes.
const BUFFER: usize = 64 << 10;
/// What a file of gzip begins with (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Runs it.
pub fn run(args: &InspectArgs, detector: &Detector, now: Timestamp) -> Result<ExitCode, Fail> {
    let input: Box<dyn Read + Send> = match args.file.as_deref().filter(|f| f.as_os_str() != "-") {
        None => Box::new(io::stdin()),
        Some(file) => {
            let fail = |why: &dyn std::fmt::Display| {
                Fail::usage(format!("{} cannot be read: {why}", file.display()), "check the path")
            };
            let opened = File::open(file).map_err(|e| fail(&e.kind()))?;
            if opened.metadata().is_ok_and(|about| about.is_dir()) {
                return Err(fail(&"it is a directory"));
            }
            Box::new(opened)
        }
    };
    let input = unpacked(BufReader::with_capacity(BUFFER, input)).map_err(|e| unreadable(&e, 0))?;
    let tally = all(args, detector, now, input, &mut io::stdout().lock(), &mut |said| complain(said))?;
    tally.gaps().for_each(|gap| complain(&format!("dynaudit: {gap}")));
    if args.format.for_people && tally.withheld > 0 {
        let what = count(tally.withheld, "less sure sighting");
        complain(&format!("dynaudit: {what} not shown: --min-confidence low shows all"));
    }
    if args.format.for_people {
        complain(&format!(
            "dynaudit: {} in {}; {} could not be read",
            count(tally.sightings, "sighting"),
            count(tally.items, "item"),
            count(tally.bad, "line")
        ));
    }
    Ok(tally.exit())
}

/// The input, out of gzip where it is in that, as the files of an export to S3 are.
fn unpacked(mut input: impl BufRead + Send + 'static) -> io::Result<Box<dyn BufRead + Send>> {
    if input.fill_buf()?.starts_with(&GZIP) {
        return Ok(Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(input))));
    }
    Ok(Box::new(input))
}

/// Why an input cannot be read, after so many values of it.
fn unreadable(error: &io::Error, after: u64) -> Fail {
    match error.kind() {
        io::ErrorKind::IsADirectory => {
            Fail::usage("the input cannot be read: it is a directory", "give a file, or pipe items in")
        }
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => {
            Fail::unfinished(
                format!("after {}: the input is damaged: it is no whole gzip", count(after, "value")),
                "fetch it again",
            )
        }
        kind => Fail::unfinished(
            format!("after {}: the input cannot be read: {kind}", count(after, "value")),
            "run it again",
        ),
    }
}

fn count(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    /// Values, and lines that are none.
    lines: u64,
    items: u64,
    sightings: u64,
    /// Sightings that are less sure than asked for.
    withheld: u64,
    /// Lines that could not be read.
    bad: u64,
    /// Answers that hold fewer items than they count.
    short: u64,
    uninspected: Uninspected,
    /// Whether the last page says that more follow.
    follows: Option<bool>,
    /// Nobody reads the output any more, so the rest of the input was not read.
    closed: bool,
    met: bool,
}

impl AddAssign for Tally {
    /// Adds what comes after it in the input.
    fn add_assign(&mut self, next: Self) {
        self.lines += next.lines;
        self.items += next.items;
        self.sightings += next.sightings;
        self.withheld += next.withheld;
        self.bad += next.bad;
        self.short += next.short;
        self.uninspected += next.uninspected;
        self.follows = next.follows.or(self.follows);
        self.closed |= next.closed;
        self.met |= next.met;
    }
}

impl Tally {
    fn exit(&self) -> ExitCode {
        let unseen = self.lines == 0 || self.bad > 0 || self.short > 0 || self.closed;
        let unfinished = unseen || !self.uninspected.is_none();
        ExitCode::from(if unfinished { UNFINISHED } else { u8::from(self.met) })
    }

    /// What was not seen, one sentence each. Lines that could not be read were told with their numbers.
    fn gaps(&self) -> impl Iterator<Item = String> {
        let sentence = |is: bool, what: &str| is.then(|| what.to_owned());
        [
            sentence(self.lines == 0, "the input is empty: nothing was inspected"),
            sentence(self.closed, "the output was closed: the rest of the input was not inspected"),
            sentence(
                self.follows == Some(true),
                "the last page says that more items follow (LastEvaluatedKey or NextToken): they are not in the input",
            ),
        ]
        .into_iter()
        .flatten()
        .chain(self.uninspected.sentences())
    }
}

/// What a batch came to.
#[derive(Default)]
struct Looked {
    /// What is printed.
    text: String,
    complaints: Vec<String>,
    tally: Tally,
}

/// The buffers of one worker.
#[derive(Default)]
struct Scratches {
    tape: Tape,
    scratch: Scratch,
}

/// What the items of an input are looked at with.
struct Look<'a> {
    args: &'a InspectArgs,
    detector: &'a Detector,
    context: TableContext,
    now: Timestamp,
}

impl Look<'_> {
    /// Looks at the values of a batch.
    fn batch(&self, batch: &Batch, scratch: &mut Scratches) -> Looked {
        let mut looked = Looked::default();
        for record in &batch.records {
            let (line, bad) = (record.line, self.record(record, batch, scratch, &mut looked));
            if let Some((column, message)) = bad {
                looked.tally.bad += 1;
                let column = if column > 0 { format!(", column {column}") } else { String::new() };
                looked.complaints.push(format!("dynaudit: line {line}{column}: {message}"));
            }
        }
        looked
    }

    /// Looks at one value; what is wrong with it, and in which column of its line.
    fn record(
        &self,
        record: &Record,
        batch: &Batch,
        scratch: &mut Scratches,
        looked: &mut Looked,
    ) -> Option<(usize, String)> {
        looked.tally.lines += 1;
        let at = match &record.what {
            What::TooLong => return Some((0, format!("longer than {} MiB", LONGEST >> 20))),
            What::Broken(why) => return Some((0, format!("a document over several lines: {why}"))),
            What::Value { at, .. } | What::Rest { at, .. } => at.clone(),
        };
        let is_line = matches!(record.what, What::Value { is_line: true, .. });
        let column = |column: usize| if is_line { column } else { 0 };
        let text = match std::str::from_utf8(batch.text.get(at)?) {
            Err(e) => return Some((column(e.valid_up_to() + 1), String::from("not UTF-8"))),
            Ok(text) => text,
        };
        if let What::Rest { items, .. } = record.what {
            return self.rest(text, items, record.line, looked);
        }
        let Scratches { tape, scratch } = scratch;
        let told = each_item(text, tape, Order::Sent, |item| self.item(item, record.line, scratch, looked));
        match told {
            Err(e) => Some((column(e.column), e.message.to_string())),
            Ok(told) => {
                looked.tally.items += told.items;
                looked.tally.follows = Some(told.follows);
                looked.short(record.line, told.counted, told.items);
                None
            }
        }
    }

    /// Looks at one item, which stands on this line.
    fn item(&self, item: &Given<'_>, line: u64, scratch: &mut Scratch, looked: &mut Looked) {
        let inspection = self.detector.examine(&self.context, item, self.now, scratch);
        looked.tally.uninspected += inspection.uninspected;
        let gap = !inspection.uninspected.is_none();
        for sighting in inspection.told() {
            let is_gap = gap && is_gap(&sighting.rule);
            // What stands for something that was not looked at is told, however sure a sighting must be.
            if !is_gap && sighting.confidence < self.args.min_confidence {
                looked.tally.withheld += u64::from(sighting.severity > Severity::Info);
                continue;
            }
            looked.tally.sightings += u64::from(!is_gap);
            looked.tally.met |= self.args.fail_on.is_met(sighting.severity);
            if let Some(print) = self.args.format.sighting {
                looked.text.push_str(&print(line, &sighting));
            }
            looked.text.push('\n');
        }
    }

    /// What a document says of the items that were in it: how many there are, and that more follow.
    fn rest(&self, text: &str, items: u64, line: u64, looked: &mut Looked) -> Option<(usize, String)> {
        // A list has nothing besides.
        if text.starts_with('[') {
            return None;
        }
        match parse_line(text) {
            Err(e) => Some((0, e.message.to_string())),
            Ok(read) => {
                looked.tally.follows = Some(read.follows);
                looked.short(line, read.counted.filter(|counted| *counted > items), items);
                None
            }
        }
    }
}

impl Looked {
    /// An answer that counts more items than it holds.
    fn short(&mut self, line: u64, counted: Option<u64>, holds: u64) {
        if let Some(counted) = counted {
            self.tally.short += 1;
            self.complaints.push(format!(
                "dynaudit: line {line}: the answer counts {} and holds {holds}: the others were not inspected",
                count(counted, "item"),
            ));
        }
    }
}

/// How many threads look at items: one a core.
fn workers() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn all(
    args: &InspectArgs,
    detector: &Detector,
    now: Timestamp,
    input: impl BufRead + Send + 'static,
    output: &mut impl Write,
    complain: &mut dyn FnMut(&str),
) -> Result<Tally, Fail> {
    let context = TableContext {
        table: args.table_name.clone().unwrap_or_default(),
        key: args.key_schema.clone(),
        ttl: None,
    };
    let look = Look { args, detector, context, now };
    let mut tally = Tally::default();
    let mut failed = None;
    let read = workers::each(
        input,
        workers(),
        |batch, scratch: &mut Scratches| look.batch(&batch, scratch),
        |looked: Looked| {
            looked.complaints.iter().for_each(|said| complain(said));
            tally += looked.tally;
            match output.write_all(looked.text.as_bytes()) {
                Ok(()) => return true,
                // The reader has seen enough; the rest was not looked at.
                Err(e) if e.kind() == io::ErrorKind::BrokenPipe => tally.closed = true,
                Err(e) => {
                    let said = format!("stdout cannot be written: {}", e.kind());
                    failed = Some(Fail::unfinished(said, "check where it leads to"));
                }
            }
            false
        },
    );
    if let Some(failed) = failed {
        return Err(failed);
    }
    read.map_err(|e| unreadable(&e, tally.lines))?;
    Ok(tally)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::args::{Cli, Command};

    /// Runs over the text and gives the counts and the complaints.
    fn check(input: &[u8]) -> (Tally, Vec<String>) {
        let cli = Cli::try_parse_from(["dynaudit", "inspect", "--format", "json"]).expect("right");
        let Some(Command::Inspect(args)) = cli.command else { panic!("not inspect") };
        let mut complaints = Vec::new();
        let tally = all(
            &args,
            &Detector::new(crate::detect::FingerprintKey::new(b"a fixed key for tests")),
            Timestamp::UNIX_EPOCH,
            io::Cursor::new(input.to_vec()),
            &mut io::sink(),
            &mut |said| complaints.push(said.to_owned()),
        );
        (tally.expect("readable"), complaints)
    }

    #[test]
    fn a_bad_line_is_named_and_the_rest_is_read() {
        let (tally, said) = check(b"{\"a\":\"x\"}\n{\"a\": hush}\n\n\xff\n{\"b\":{\"S\":\"y\"}}");
        assert_eq!((tally.items, tally.bad), (2, 2));
        assert_eq!(said, ["dynaudit: line 2, column 7: not JSON", "dynaudit: line 4, column 1: not UTF-8"]);
    }

    #[test]
    fn an_endless_line_is_skipped_and_not_kept() {
        let mut input = vec![b'a'; LONGEST + 1];
        input.extend_from_slice(b"\n{\"a\":\"x\"}\n");
        let (tally, said) = check(&input);
        assert_eq!((tally.items, tally.bad), (1, 1));
        assert_eq!(said, ["dynaudit: line 1: longer than 16 MiB"]);
    }

    #[test]
    fn an_answer_of_scan_is_as_many_items_as_it_holds() {
        let (tally, said) = check(b"{\"Items\":[{\"a\":{\"S\":\"x\"}},{\"a\":{\"S\":\"y\"}}],\"Count\":2}");
        assert_eq!((tally.items, tally.bad, said.len()), (2, 0, 0));
    }

    #[test]
    fn a_document_is_its_items_wherever_its_lines_end() {
        let answer = serde_json::json!({
            "Items": [{ "a": { "S": "x" } }, { "a": { "S": "y" } }],
            "Count": 2,
            "LastEvaluatedKey": { "a": { "S": "y" } },
        });
        for text in [answer.to_string(), format!("{answer:#}"), format!("{:#}", answer["Items"])] {
            let (tally, said) = check(text.as_bytes());
            assert_eq!((tally.items, tally.bad, said.len()), (2, 0, 0), "{text}");
            assert_eq!(tally.follows == Some(true), text.starts_with('{'), "{text}");
        }
        // An answer that was cut off counts more than it holds, or does not end.
        let short = format!("{answer:#}").replace("\"Count\": 2", "\"Count\": 9");
        let (tally, said) = check(short.as_bytes());
        assert_eq!((tally.items, tally.short, said.len()), (2, 1, 1), "{said:?}");
        let (tally, said) = check(b"{\n \"Items\": [\n  {\"a\": {\"S\": \"x\"}},\n");
        assert_eq!((tally.items, tally.bad), (1, 1));
        assert!(said[0].contains("the input ends within it"), "{said:?}");
        // A line that is cut off later in the file is that line alone.
        let (tally, said) = check(b"{\"a\":\"x\"}\n{\n{\"a\":\"y\"}");
        assert_eq!((tally.items, tally.bad, said.len()), (2, 1, 1));
    }

    #[test]
    fn what_gzip_holds_is_read() {
        let packed = |text: &str| {
            let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            out.write_all(text.as_bytes()).expect("in memory");
            out.finish().expect("in memory")
        };
        let read = |bytes: Vec<u8>| {
            let mut text = String::new();
            let input =
                unpacked(io::Cursor::new(bytes)).and_then(|mut input| input.read_to_string(&mut text));
            input.map(|_| text).map_err(|e| unreadable(&e, 0).to_string())
        };
        let lines = "{\"Item\":{\"a\":{\"S\":\"x\"}}}\n";
        assert_eq!(read(packed(lines)), Ok(lines.to_owned()));
        // Several one after the other, as tools that add to a file write them.
        assert_eq!(read([packed(lines), packed(lines)].concat()), Ok(lines.repeat(2)));
        assert_eq!(read(lines.into()), Ok(lines.to_owned()));
        let cut = packed(&lines.repeat(99));
        let said = read(cut[..cut.len() / 2].to_vec()).expect_err("it is cut off");
        assert!(said.contains("no whole gzip"), "{said}");
    }

    #[test]
    fn what_was_not_seen_is_a_gap() {
        let exit = |input: &[u8]| {
            let (tally, said) = check(input);
            let gaps: Vec<String> = said.into_iter().chain(tally.gaps()).collect();
            (tally.exit() == ExitCode::from(UNFINISHED), gaps.join("; "))
        };
        let check = |input: &[u8], gap: bool, told: &str| {
            let (is, said) = exit(input);
            let input = String::from_utf8_lossy(&input[..input.len().min(80)]).into_owned();
            assert_eq!(is, gap, "{input}: {said}");
            assert!(said.contains(told) && said.is_empty() == told.is_empty(), "{input}: {said}");
        };
        check(b"", true, "the input is empty");
        check(b" \n\n\t\r\n", true, "the input is empty");
        check(b"{\"Items\":[],\"Count\":0}", false, "");
        check(b"{}", false, "");
        check(b"{\"Items\":[{\"a\":{\"S\":\"x\"}}],\"Count\":50}", true, "counts 50 items and holds 1");
        check(b"{\"Count\":1,\"ScannedCount\":9}", true, "counts 1 item and holds 0");
        // More pages are named; what is in the input was inspected.
        let page = b"{\"Items\":[{\"a\":{\"S\":\"x\"}}],\"LastEvaluatedKey\":{\"a\":{\"S\":\"x\"}}}\n";
        check(page, false, "more items follow");
        check(&[&page[..], b"{\"Items\":[]}"].concat(), false, "");
        // What could not be opened, and what is too much.
        check(b"{\"a\":{\"B\":\"H4sIAAAAAAAA\"}}", true, "could not be fully decoded");
        let many: Vec<String> = (0..5000).map(|n| format!("\"password{n}\":\"p4ssw0rd{n:04}\"")).collect();
        check(format!("{{{}}}", many.join(",")).as_bytes(), true, "inspected in part");
    }

    #[test]
    fn of_two_members_of_one_name_both_are_inspected() {
        let secret = concat!("sk_li", "ve_", "Qq3Wer5Ty7Ui9Op1As2Df4Gh");
        for line in
            [format!("{{\"a\":\"{secret}\",\"a\":\"x\"}}"), format!("{{\"a\":\"x\",\"a\":\"{secret}\"}}")]
        {
            assert_eq!(check(line.as_bytes()).0.sightings, 1);
        }
    }

    /// Takes one write and is closed.
    struct Head(usize);

    impl Write for Head {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(bytes.len()).ok_or(io::ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_went_away_leaves_the_rest_unseen() {
        let cli = Cli::try_parse_from(["dynaudit", "inspect", "--format", "json"]).expect("right");
        let Some(Command::Inspect(args)) = cli.command else { panic!("not inspect") };
        let line = format!("{{\"a\":\"{}\"}}\n", concat!("sk_li", "ve_", "Qq3Wer5Ty7Ui9Op1As2Df4Gh"));
        let detector = Detector::new(crate::detect::FingerprintKey::new(b"a fixed key for tests"));
        let input = line.repeat(10_000);
        let input = io::Cursor::new(input);
        let tally = all(&args, &detector, Timestamp::UNIX_EPOCH, input, &mut Head(1000), &mut |_| {});
        let tally = tally.expect("readable");
        assert!(tally.closed && tally.items < 10_000);
        assert_eq!(tally.exit(), ExitCode::from(UNFINISHED));
        assert!(tally.gaps().any(|gap| gap.contains("the output was closed")));
    }
}
