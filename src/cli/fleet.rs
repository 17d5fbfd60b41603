//! Many accounts at once: a file names them, and one role is assumed in each. One that cannot be opened is told, and the
//! others are read.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use futures_util::StreamExt;

use super::args::{Account, Accounts};
use super::connect::{Connection, NotOpened, opened, settings};
use super::fail::Fail;
use crate::detect::Detector;
use crate::domain::{Failure, FailureKind, Scope};
use crate::source::live::{self, Clock, Lender};
use crate::source::{Ledger, Source};

/// Maximum number of accounts signed in to at the same time.
const AT_ONCE: usize = 8;

/// The longest file that is read: some ten thousand accounts.
const LONGEST: u64 = 1 << 20;

/// An account of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Member {
    /// Twelve digits.
    account: String,
    /// What the file calls it, or its number.
    name: String,
}

/// The accounts of a text, each once, and the lines that name none: their numbers from 1.
fn members(text: &str) -> (Vec<Member>, Vec<usize>) {
    let (mut members, mut bad, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (n, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if line.is_empty() {
            continue;
        }
        let (account, name) = line.split_once(|c: char| c.is_whitespace() || c == ',').unwrap_or((line, ""));
        if account.len() != 12 || !account.bytes().all(|b| b.is_ascii_digit()) {
            bad.push(n + 1);
        } else if seen.insert(account.to_owned()) {
            let name = name.trim().trim_start_matches(',').trim();
            let name = if name.is_empty() { account } else { name };
            members.push(Member { account: account.to_owned(), name: name.to_owned() });
        }
    }
    (members, bad)
}

fn read(file: &Path) -> Result<String, Fail> {
    let mut text = String::new();
    let read = match file.as_os_str() == "-" {
        true => std::io::stdin().take(LONGEST).read_to_string(&mut text),
        false => std::fs::File::open(file).and_then(|f| f.take(LONGEST).read_to_string(&mut text)),
    };
    let next = "name a file with one account of twelve digits a line, or - for stdin";
    match read {
        Ok(_) => Ok(text),
        Err(e) => Err(Fail::usage(format!("--accounts {} cannot be read: {e}", file.display()), next)),
    }
}

/// Whether a text is the name of a role, with its path or without it (IAM User Guide, "IAM and AWS STS quotas").
fn is_role(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-/".contains(c);
    !name.is_empty() && name.len() <= 576 && !name.starts_with('/') && name.chars().all(fits)
}

/// Opens every account of a file in every Region.
///
/// # Errors
/// When the file cannot be read, names no account, or nobody can assume the role in any of them.
pub(super) async fn connect(
    places: &Accounts,
    file: &Path,
    role: &str,
    detector: Arc<Detector>,
    ledger: Ledger,
) -> Result<Connection, Fail> {
    if !is_role(role) {
        return Err(Fail::usage(
            format!("{role} is not the name of a role"),
            "give its name without an account, for instance --assume-role security-audit",
        ));
    }
    let (members, bad) = members(&read(file)?);
    if members.is_empty() {
        let bad: Vec<String> = bad.iter().take(5).map(ToString::to_string).collect();
        let lines = match bad.is_empty() {
            true => String::new(),
            false => format!(" (not an account of twelve digits: line {})", bad.join(", ")),
        };
        return Err(Fail::usage(
            format!("--accounts {} names no account{lines}", file.display()),
            "write one a line: twelve digits, then a name if it has one",
        ));
    }
    if places.profile.len() > 1 {
        return Err(Fail::usage("one profile assumes the role in every account", "give --profile once"));
    }
    let all = places.each();
    let base = all.first().cloned().unwrap_or_default();
    let lender = Lender::open(settings(&base), &ledger).await?;
    let regions: Vec<String> =
        all.iter().map(|a| a.region.clone().unwrap_or_else(|| lender.region().to_owned())).collect();
    let clock: Clock = Arc::new(jiff::Timestamp::now);
    let partition = live::partition(lender.region());
    let signed_in = futures_util::stream::iter(&members).map(|member| {
        let arn = format!("arn:{partition}:iam::{}:role/{role}", member.account);
        let lender = &lender;
        async move { (member, lender.assume(&arn).await) }
    });
    let signed_in: Vec<_> = signed_in.buffered(AT_ONCE).collect().await;
    let mut connection = Connection::new(Arc::clone(&clock));
    connection.failed.extend(bad.into_iter().map(|line| not_named(line, &regions)));
    for (member, lent) in signed_in {
        let not_opened = |region: &str, why: Failure| NotOpened {
            name: member.name.clone(),
            scope: scope(partition, &member.account, region),
            why,
        };
        let given = match lent {
            Ok(given) => given,
            Err(why) => {
                connection.failed.extend(regions.iter().map(|region| not_opened(region, why.clone())));
                continue;
            }
        };
        for region in &regions {
            let mut settings = settings(&Account { region: Some(region.clone()), ..base.clone() });
            settings.credentials = Some(given.clone());
            // It was told when the lender was opened.
            settings.on_foreign = None;
            let source =
                live::open(settings, Arc::clone(&detector), Arc::clone(&clock), Arc::clone(&ledger)).await;
            match source {
                Ok(source) => {
                    let source: Arc<dyn Source> = Arc::new(source);
                    connection.sources.push(source);
                    connection.names.push(member.name.clone());
                }
                Err(why) => connection.failed.push(not_opened(region, why)),
            }
        }
    }
    opened(connection)
}

fn scope(partition: &str, account: &str, region: &str) -> Scope {
    Scope {
        partition: partition.to_owned(),
        account: account.to_owned(),
        region: region.to_owned(),
        endpoint: None,
    }
}

fn not_named(line: usize, regions: &[String]) -> NotOpened {
    let why = Failure {
        kind: FailureKind::Invalid,
        message: format!("line {line} of --accounts is not an account of twelve digits"),
        next: "correct the line".into(),
    };
    let region = regions.first().map_or("", String::as_str);
    NotOpened { name: format!("line {line}"), scope: scope("aws", "", region), why }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_each_account_once_and_bad_lines_by_their_number() {
        let check = |text: &str, expect: &[(&str, &str)], bad: &[usize]| {
            let (members, lines) = members(text);
            let members: Vec<_> = members.iter().map(|m| (m.account.as_str(), m.name.as_str())).collect();
            assert_eq!((members.as_slice(), lines.as_slice()), (expect, bad), "{text:?}");
        };
        check("", &[], &[]);
        check("111122223333\n", &[("111122223333", "111122223333")], &[]);
        check("111122223333\tProduction EU\r\n", &[("111122223333", "Production EU")], &[]);
        check("111122223333, prod # ours\n\n# none\n", &[("111122223333", "prod")], &[]);
        check("11112222333\nabc\n111122223333\n", &[("111122223333", "111122223333")], &[1, 2]);
        check("111122223333 a\n111122223333 b\n", &[("111122223333", "a")], &[]);
    }

    #[test]
    fn a_role_is_given_by_its_name() {
        for (name, expect) in [
            ("security-audit", true),
            ("path/security-audit", true),
            ("", false),
            ("arn:aws:iam::111122223333:role/x", false),
            ("/x", false),
            ("a b", false),
        ] {
            assert_eq!(is_role(name), expect, "{name}");
        }
    }
}
