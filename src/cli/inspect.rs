//! `dynaudit inspect`: items from a stream, sightings out, in bounded memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::process::ExitCode;

use jiff::Timestamp;
use zeroize::{Zeroize, Zeroizing};

use super::args::{Format, InspectArgs};
use super::fail::{Fail, UNFINISHED};
use super::output::complain;
use crate::detect::{Detector, Scratch, TableContext};
use crate::report;
use crate::source::json::parse_line;

/// A longer line is not read. DynamoDB's items are 400 KB at most, and JSON escapes make that six times as long.
const LONGEST_LINE: usize = 16 << 20;

/// Runs it.
pub fn run(args: &InspectArgs, detector: &Detector, now: Timestamp) -> Result<ExitCode, Fail> {
    let input: Box<dyn BufRead> = match args.file.as_deref().filter(|f| f.as_os_str() != "-") {
        None => Box::new(BufReader::with_capacity(1 << 16, io::stdin())),
        Some(file) => Box::new(BufReader::with_capacity(
            1 << 16,
            File::open(file).map_err(|e| {
                Fail::usage(format!("{} cannot be read: {}", file.display(), e.kind()), "check the path")
            })?,
        )),
    };
    let tally = all(args, detector, now, input, &mut io::stdout().lock(), &mut |said| complain(said))?;
    if args.format == Format::Text {
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
    items: u64,
    sightings: u64,
    bad: u64,
    met: bool,
}

impl Tally {
    fn exit(&self) -> ExitCode {
        ExitCode::from(if self.bad > 0 { UNFINISHED } else { u8::from(self.met) })
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
        buffer.zeroize();
        let read = read_line(&mut input, &mut buffer).map_err(|e| {
            Fail::unfinished(format!("line {number}: the input cannot be read: {}", e.kind()), "run it again")
        })?;
        let bad = match read {
            Line::End => break,
            Line::Read if buffer.iter().all(u8::is_ascii_whitespace) => continue,
            Line::TooLong => Some((0, format!("longer than {} MiB", LONGEST_LINE >> 20))),
            Line::Read => match std::str::from_utf8(&buffer).map(parse_line) {
                Err(e) => Some((e.valid_up_to() + 1, String::from("not UTF-8"))),
                Ok(Err(e)) => Some((e.column, e.message.to_string())),
                Ok(Ok(items)) => {
                    tally.items += items.len() as u64;
                    let seen = items.iter().flat_map(|i| detector.inspect(&context, i, now, &mut scratch));
                    for sighting in seen {
                        if sighting.confidence < args.min_confidence {
                            continue;
                        }
                        tally.sightings += 1;
                        tally.met |= args.fail_on.is_met(sighting.severity);
                        let line = match args.format {
                            Format::Json => report::json::sighting(number, &sighting),
                            Format::Text => report::text::sighting(number, &sighting),
                        };
                        match writeln!(output, "{line}") {
                            // The reader has seen enough.
                            Err(e) if e.kind() == io::ErrorKind::BrokenPipe => return Ok(tally),
                            Err(e) => {
                                return Err(Fail::unfinished(
                                    format!("stdout cannot be written: {}", e.kind()),
                                    "check where it leads to",
                                ));
                            }
                            Ok(()) => {}
                        }
                    }
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
    fn nothing_is_nothing() {
        assert_eq!(check(b""), (Tally::default(), Vec::new()));
    }
}
