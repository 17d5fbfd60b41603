//! A password among the arguments of a command: `mysql -u app -p...`, `curl -u user:...`, `redis-cli -a ...`, as histories,
//! jobs and notes keep them. Options that have the word for a password are seen by `written_password`.
//!
//! Sources: the manual pages of the programs named here.

use std::ops::Range;

use crate::detect::passwords;
use crate::detect::rule::{Found, StructureStart};

/// How far a command is read, in bytes.
const LONGEST: usize = 1024;
/// How many arguments of it.
const MOST: usize = 64;

/// Where a program takes a password.
#[derive(Clone, Copy)]
enum Takes {
    /// After one of these options, or in one word with it.
    Option(&'static [&'static str]),
    /// In one word with this option: `-pPASSWORD`. By itself the option asks for one.
    Glued(&'static str),
    /// After this option, where another of these is there: without it, it is a port or a path.
    With(&'static str, &'static [&'static str]),
    /// After the sign, in the word after one of these options: `user:password`.
    Pair(char, &'static [&'static str]),
    /// In the first word that is `user/password@...`.
    Login,
    /// In the word that comes this many after one of these.
    After(&'static [&'static str], usize),
    /// In the word after the one that begins so: `/user:x password`.
    Next(&'static str),
    /// In the word that begins so.
    Begins(&'static str),
}

/// Programs, and where each takes a password.
const PROGRAMS: &[(&[&str], Takes)] = &[
    (&["curl"], Takes::Pair(':', &["-u", "--user", "-U", "--proxy-user"])),
    (
        &[
            "mysql",
            "mysqldump",
            "mysqladmin",
            "mysqlimport",
            "mysqlcheck",
            "mysqlsh",
            "mysqlpump",
            "mariadb",
            "mariadb-dump",
            "7z",
            "7za",
        ],
        Takes::Glued("-p"),
    ),
    (&["sshpass"], Takes::Option(&["-p"])),
    (&["redis-cli", "valkey-cli"], Takes::Option(&["-a"])),
    (
        &["ldapsearch", "ldapmodify", "ldapadd", "ldapdelete", "ldapwhoami", "ldappasswd", "ldapcompare"],
        Takes::Option(&["-w"]),
    ),
    (&["sqlcmd", "bcp", "osql", "ipmitool", "zip", "unzip"], Takes::Option(&["-P"])),
    (
        &["docker", "podman", "buildah", "nerdctl", "helm", "oc", "az", "skopeo", "crane", "oras"],
        Takes::With("-p", &["login"]),
    ),
    (
        &[
            "mongo",
            "mongosh",
            "mongodump",
            "mongorestore",
            "mongoexport",
            "mongoimport",
            "cqlsh",
            "twine",
            "rabbitmqadmin",
            "psexec",
            "psexec.exe",
            "beeline",
            "nodetool",
            "influx",
            "rdesktop",
        ],
        Takes::With("-p", &["-u", "--username", "--user"]),
    ),
    (&["snmpwalk", "snmpget", "snmpset"], Takes::Option(&["-A", "-X"])),
    (&["smbclient", "rpcclient", "smbmap"], Takes::Pair('%', &["-U", "--user"])),
    (&["lftp"], Takes::Pair(',', &["-u", "--user"])),
    (&["sqlplus", "sqlldr", "expdp", "impdp"], Takes::Login),
    (&["rabbitmqctl"], Takes::After(&["add_user", "change_password", "authenticate_user"], 2)),
    (&["htpasswd"], Takes::After(&["-b", "-bc", "-cb", "-bB", "-Bb", "-nb", "-bn", "-nbB", "-bnB"], 3)),
    (&["net"], Takes::Next("/user:")),
    (&["xfreerdp", "mstsc"], Takes::Begins("/p:")),
];

/// An argument without its quotes, and where it stands.
struct Word<'a> {
    said: &'a str,
    span: Range<usize>,
}

pub(super) fn recognise(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, at, .. } = *place;
    let bytes = text.as_bytes();
    // The program begins a word; a folder may stand before it.
    if at > 0 && !b" \t\n\"'`;|&(/\\$".contains(&bytes[at - 1]) {
        return None;
    }
    let words = words(text, at);
    let (program, arguments) = words.split_first()?;
    let program = program.said.to_ascii_lowercase();
    let (_, takes) = PROGRAMS.iter().find(|(names, _)| names.contains(&program.as_str()))?;
    let span = password(*takes, arguments)?;
    let value = text.get(span.clone())?;
    let is_one = passwords::could_be("", value) && !value.starts_with('$') && !value.starts_with("{{");
    is_one.then(|| Found { reasons: vec![format!("where {program} takes a password")], ..Found::at(span) })
}

/// Where the password stands in the arguments.
fn password(takes: Takes, words: &[Word<'_>]) -> Option<Range<usize>> {
    let after = |at: usize| words.get(at + 1).map(|word| word.span.clone());
    let find = |options: &[&str]| words.iter().position(|word| options.contains(&word.said));
    let value = |option: &str| {
        let at =
            words.iter().position(|word| word.said.starts_with(option) && !word.said.starts_with("--"))?;
        let word = &words[at];
        match word.said.strip_prefix(option)? {
            "" => after(at).filter(|_| !words[at + 1].said.starts_with('-')),
            rest => Some(word.span.end - rest.len()..word.span.end),
        }
    };
    match takes {
        Takes::Option(options) => options.iter().find_map(|option| value(option)),
        Takes::Glued(option) => {
            let is_glued = |word: &&Word<'_>| {
                word.said.len() > option.len()
                    && word.said.starts_with(option)
                    && !word.said.starts_with("--")
            };
            let word = words.iter().find(is_glued)?;
            Some(word.span.start + option.len()..word.span.end)
        }
        Takes::With(option, needs) => {
            let is_needed = |word: &Word<'_>| {
                needs.iter().any(|need| word.said == *need || word.said.starts_with(&format!("{need}=")))
            };
            words.iter().any(is_needed).then(|| value(option)).flatten()
        }
        Takes::Pair(sign, options) => {
            let at = find(options)?;
            let word = words.get(at + 1)?;
            let (user, password) = word.said.split_once(sign)?;
            (!user.starts_with('$') && !user.is_empty())
                .then(|| word.span.end - password.len()..word.span.end)
        }
        Takes::Login => words.iter().find_map(|word| {
            let (user, rest) = word.said.split_once('/')?;
            let password = rest.rsplit_once('@')?.0;
            let start = word.span.start + user.len() + 1;
            let is_name = !user.is_empty() && user.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            is_name.then(|| start..start + password.len())
        }),
        Takes::After(names, count) => words.get(find(names)? + count).map(|word| word.span.clone()),
        Takes::Next(beginning) => {
            let at = words.iter().position(|word| word.said.to_ascii_lowercase().starts_with(beginning))?;
            after(at).filter(|_| !words[at + 1].said.starts_with('/'))
        }
        Takes::Begins(beginning) => {
            let word = words.iter().find(|word| word.said.starts_with(beginning))?;
            Some(word.span.start + beginning.len()..word.span.end)
        }
    }
}

/// The words of a command from here to its end, quotes taken off.
fn words(text: &str, at: usize) -> Vec<Word<'_>> {
    let end = text.floor_char_boundary((at + LONGEST).min(text.len()));
    let bytes = &text.as_bytes()[..end];
    let mut words = Vec::new();
    let mut from = at;
    while from < end && words.len() < MOST {
        match bytes[from] {
            b' ' | b'\t' => from += 1,
            // A line that goes on.
            b'\\' if matches!(bytes.get(from + 1), Some(b'\n' | b'\r')) => from += 2,
            b'\n' | b'\r' | b'|' | b';' | b'`' => break,
            quote @ (b'"' | b'\'') => {
                let start = from + 1;
                let length = bytes[start..].iter().position(|b| *b == quote || *b == b'\n');
                let Some(length) = length else { break };
                words.extend(
                    text.get(start..start + length).map(|said| Word { said, span: start..start + length }),
                );
                from = start + length + 1;
            }
            _ => {
                let length =
                    bytes[from..].iter().position(|b| b.is_ascii_whitespace() || b"\"'`".contains(b));
                let stop = length.map_or(end, |length| from + length);
                words.extend(text.get(from..stop).map(|said| Word { said, span: from..stop }));
                from = stop.max(from + 1);
                // What a quote ends was around the command: `command="curl ..."`.
                if bytes.get(stop).is_some_and(|b| b"\"`".contains(b))
                    && at > 0
                    && text.as_bytes()[at - 1] == bytes[stop]
                {
                    break;
                }
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use jiff::Timestamp;

    use super::*;

    fn seen(text: &str) -> Option<String> {
        let names = PROGRAMS.iter().flat_map(|(names, _)| *names);
        let mut places: Vec<usize> =
            names.flat_map(|name| text.match_indices(name)).map(|(at, _)| at).collect();
        places.sort_unstable();
        places.into_iter().find_map(|at| {
            let (budget, vain) = (Cell::new(0), Cell::default());
            let place = StructureStart {
                text,
                at,
                end: at,
                now: Timestamp::UNIX_EPOCH,
                budget: &budget,
                vain: &vain,
            };
            recognise(&place).map(|found| text[found.span].to_owned())
        })
    }

    #[test]
    fn where_each_program_takes_one() {
        let p = ["zebra", "7!x"].concat();
        for text in [
            format!("curl -u app:{p} https://x"),
            format!("curl -s -X POST --user 'app:{p}' https://x"),
            format!("level=info command=\"curl -u app:{p}\" took=3"),
            format!("/usr/bin/mysql -h db -u app -p{p} orders"),
            format!("mysqldump -uapp -p'{p}' orders").replace("-p'", "-p").replace('\'', ""),
            format!("sshpass -p {p} ssh app@db"),
            format!("sshpass -p '{p}' scp a b"),
            format!("redis-cli -h c -a {p} ping"),
            format!("ldapsearch -x -D cn=a -w {p} -b dc=x"),
            format!("sqlcmd -S db -U sa -P {p} -Q x"),
            format!("docker login -u app -p {p} registry.test"),
            format!("mongosh --host db --username app -p {p}"),
            format!("smbclient //srv/share -U app%{p}"),
            format!("sqlplus app/{p}@db"),
            format!("rabbitmqctl add_user app {p}"),
            format!("htpasswd -b file app {p}"),
            format!("net use Z: \\\\srv\\x /user:app {p}"),
        ] {
            assert_eq!(seen(&text).as_deref(), Some(p.as_str()), "{text}");
        }
    }

    #[test]
    fn where_there_is_none() {
        for text in [
            "docker run -p 8080:80 nginx",
            "mysql -u root -p orders",
            "mysql --port 3306 -u root",
            "curl -u $USER:$PASS https://x",
            "curl -u \"$USER:$PASS\" https://x",
            "curl -u app https://x",
            "redis-cli -h cache -p 6379",
            "sshpass -e ssh x",
            "mongosh -p",
            "net use Z: \\\\srv\\x /user:app /persistent:yes",
            "sqlplus / as sysdba",
            "unzip -P",
            "ssh -p 22 host",
        ] {
            assert_eq!(seen(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "(curl|mysql|net|htpasswd|sqlplus|docker) [ -~é\n\\\\\"']{0,80}") {
            seen(&text);
        }
    }
}
