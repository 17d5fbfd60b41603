//! `dynaudit inspect`: items from a stream, sightings out, in bounded memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::process::ExitCode;

use jiff::Timestamp;
use zeroize::{Zeroize, Zeroizing};

use super::args::InspectArgs;
use super::fail::{Fail, UNFINISHED};
use super::output::complain;
use crate::detect::{Detector, Scratch, TableContext, is_gap};
use crate::domain::Uninspected;
use crate::source::json::parse_line;

/// A longer line is not read. DynamoDB's items are 400 KB at most, and JSON escapes make that six times as long.
const LONGEST_LINE: usize = 16 << 20;
/// A buffer that a long line made larger than this is let go: wiping it for each line after takes longer than the line.
const LARGEST_BUFFER: usize = 1 << 20;

/// Runs it.
pub fn run(args: &InspectArgs, detector: &Detector, now: Timestamp) -> Result<ExitCode, Fail> {
    let input: Box<dyn BufRead> = match args.file.as_deref().filter(|f| f.as_os_str() != "-") {
        None => Box::new(BufReader::with_capacity(1 << 16, io::stdin())),
        Some(file) => {
            let fail = |why: &dyn std::fmt::Display| {
                Fail::usage(format!("{} cannot be read: {why}", file.display()), "check the path")
            };
            let opened = File::open(file).map_err(|e| fail(&e.kind()))?;
            if opened.metadata().is_ok_and(|about| about.is_dir()) {
                return Err(fail(&"it is a directory"));
            }
            Box::new(BufReader::with_capacity(1 << 16, opened))
        }
    };
    let tally = all(args, detector, now, input, &mut io::stdout().lock(), &mut |said| complain(said))?;
    tally.gaps().for_each(|gap| complain(&format!("dynaudit: {gap}")));
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

fn count(n: u64, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    /// Lines that are not blank.
    lines: u64,
    items: u64,
    sightings: u64,
    /// Lines that could not be read.
    bad: u64,
    /// Answers that hold fewer items than they count.
    short: u64,
    uninspected: Uninspected,
    /// The last page says that more follow.
    follows: bool,
    /// Nobody reads the output any more, so the rest of the input was not read.
    closed: bool,
    met: bool,
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
                self.follows,
                "the last page says that more items follow (LastEvaluatedKey or NextToken): they are not in the input",
            ),
        ]
        .into_iter()
        .flatten()
        .chain(self.uninspected.sentences())
    }
}

fn all(
    args: &InspectArgs,
    detector: &Detector,
    now: Timestamp,
    mut input: impl BufRead,
    output: &mut impl Write,
    complain: &mut dyn FnMut(&str),
) -> Result<Tally, Fail> {
    let context = TableContext {
        table: args.table_name.clone().unwrap_or_default(),
        key: args.key_schema.clone(),
        ttl: None,
    };
    let mut scratch = Scratch::default();
    let mut tally = Tally::default();
    let mut buffer = Zeroizing::new(Vec::new());
    for number in 1.. {
        wipe(&mut buffer);
        let read = read_line(&mut input, &mut buffer).map_err(|e| match e.kind() {
            io::ErrorKind::IsADirectory => {
                Fail::usage("the input cannot be read: it is a directory", "give a file, or pipe items in")
            }
            kind => {
                Fail::unfinished(format!("line {number}: the input cannot be read: {kind}"), "run it again")
            }
        })?;
        let blank = || buffer.iter().all(u8::is_ascii_whitespace);
        match read {
            Line::End => break,
            Line::Read if blank() => continue,
            _ => tally.lines += 1,
        }
        let bad = match read {
            Line::End => break,
            Line::TooLong => Some((0, format!("longer than {} MiB", LONGEST_LINE >> 20))),
            Line::Read => match std::str::from_utf8(&buffer).map(parse_line) {
                Err(e) => Some((e.valid_up_to() + 1, String::from("not UTF-8"))),
                Ok(Err(e)) => Some((e.column, e.message.to_string())),
                Ok(Ok(read)) => {
                    tally.items += read.items.len() as u64;
                    tally.follows = read.follows;
                    if let Some(counted) = read.counted {
                        tally.short += 1;
                        complain(&format!(
                            "dynaudit: line {number}: the answer counts {} and holds {}: the others were not inspected",
                            count(counted, "item"),
                            read.items.len()
                        ));
                    }
                    let mut uninspected = Uninspected::default();
                    let seen = read.items.iter().flat_map(|item| {
                        let inspection = detector.examine(&context, item, now, &mut scratch);
                        uninspected += inspection.uninspected;
                        let gap = !inspection.uninspected.is_none();
                        inspection.told().into_iter().map(move |s| (gap && is_gap(&s.rule), s))
                    });
                    for (gap, sighting) in seen {
                        // What stands for something that was not looked at is told, however sure a sighting must be.
                        if !gap && sighting.confidence < args.min_confidence {
                            continue;
                        }
                        tally.sightings += u64::from(!gap);
                        tally.met |= args.fail_on.is_met(sighting.severity);
                        let line = (args.format.sighting)(number, &sighting);
                        match writeln!(output, "{line}") {
                            // The reader has seen enough; the rest was not looked at.
                            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => {
                                tally.closed = true;
                                return Ok(tally);
                            }
                            Err(e) => {
                                return Err(Fail::unfinished(
                                    format!("stdout cannot be written: {}", e.kind()),
                                    "check where it leads to",
                                ));
                            }
                            Ok(()) => {}
                        }
                    }
                    tally.uninspected += uninspected;
                    None
                }
            },
        };
        if let Some((column, message)) = bad {
            tally.bad += 1;
            // Every line of it would be wrong in its own way: one word is enough.
            if (tally.items, tally.bad) == (0, 1) && opens_only(&buffer) {
                complain(&format!(
                    "dynaudit: line {number}: JSON over several lines; put each item on one: use jq -c '.Items[]'"
                ));
                return Ok(tally);
            }
            let column = if column > 0 { format!(", column {column}") } else { String::new() };
            complain(&format!("dynaudit: line {number}{column}: {message}"));
        }
    }
    Ok(tally)
}

/// Whether a line is the first of JSON that goes on: it ends where something opens.
fn opens_only(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    matches!(line, [b'{' | b'[', ..]) && matches!(line, [.., b'{' | b'['])
}

/// Wipes the line before. Only its own bytes were written to; of a buffer that one long line made large, the rest would
/// be wiped again for each line.
fn wipe(buffer: &mut Zeroizing<Vec<u8>>) {
    if buffer.capacity() > LARGEST_BUFFER {
        *buffer = Zeroizing::default();
        return;
    }
    buffer.as_mut_slice().zeroize();
    buffer.clear();
}

enum Line {
    Read,
    TooLong,
    End,
}

/// Reads up to a line break, which is not kept; the rest of a line that is too long is skipped, not kept.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Line> {
    let mut long = false;
    let mut any = false;
    loop {
        let chunk = match input.fill_buf() {
            Ok(chunk) => chunk,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(e),
        };
        if chunk.is_empty() {
            return Ok(match (any, long) {
                (false, _) => Line::End,
                (true, true) => Line::TooLong,
                (true, false) => Line::Read,
            });
        }
        any = true;
        let end = chunk.iter().position(|b| *b == b'\n');
        let part = &chunk[..end.unwrap_or(chunk.len())];
        long |= line.len() + part.len() > LONGEST_LINE;
        if !long {
            line.extend_from_slice(part);
        }
        let used = end.map_or(chunk.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            return Ok(if long { Line::TooLong } else { Line::Read });
        }
    }
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
            input,
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
        let mut input = vec![b'a'; LONGEST_LINE + 1];
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
    fn json_over_several_lines_is_told_once() {
        for text in ["{\n  \"Items\": [\n    {\n", "[\n  {\n", "{ \"Items\": [\n{\n"] {
            let (tally, said) = check(text.as_bytes());
            assert_eq!((tally.items, tally.bad, said.len()), (0, 1, 1), "{said:?}");
            assert!(said[0].contains("jq -c '.Items[]'"), "{said:?}");
        }
        // A line that is cut off later in the file is that line alone.
        let (tally, said) = check(b"{\"a\":\"x\"}\n{\n{\"a\":\"y\"}");
        assert_eq!((tally.items, tally.bad, said.len()), (2, 1, 1));
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
        let input = line.repeat(10);
        let tally =
            all(&args, &detector, Timestamp::UNIX_EPOCH, input.as_bytes(), &mut Head(1000), &mut |_| {});
        let tally = tally.expect("readable");
        assert!(tally.closed && tally.items < 10);
        assert_eq!(tally.exit(), ExitCode::from(UNFINISHED));
        assert!(tally.gaps().any(|gap| gap.contains("the output was closed")));
    }

    #[test]
    fn a_long_line_does_not_slow_down_those_after_it() {
        let mut buffer = Zeroizing::new(vec![b'x'; 16 << 20]);
        wipe(&mut buffer);
        assert!(buffer.is_empty() && buffer.capacity() <= LARGEST_BUFFER);
        buffer.extend_from_slice(b"a line");
        let kept = buffer.capacity();
        wipe(&mut buffer);
        assert!(buffer.is_empty() && buffer.capacity() == kept);
    }
}
