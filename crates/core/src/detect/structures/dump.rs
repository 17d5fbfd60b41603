//! What a program told of itself when something went wrong, stored whole: a stack trace, the debug page of a framework, an
//! environment, a settings file, a request with its headers. It gives away how the program is made, and often what it holds.

use crate::detect::rule::{Found, StructureStart};
use crate::domain::Severity;

/// How much of a text is looked at, in bytes.
const LONGEST: usize = 64 * 1024;

/// A kind of dump: what it is and gives away, how bad that is by itself, and how it is told.
struct Kind {
    what: &'static str,
    severity: Severity,
    is: fn(&str) -> bool,
}

/// The kinds; the first that fits counts.
const KINDS: &[Kind] = &[
    kind("Django's debug page: settings, paths, and the values of every frame", Severity::Medium, |text| {
        text.contains("DEBUG = True") && (text.contains("Django") || text.contains("seeing this error"))
    }),
    kind("Werkzeug's debugger: the code around every frame, and a console", Severity::Medium, |text| {
        text.contains("Werkzeug Debugger") || text.contains("werkzeug.debug")
    }),
    kind("phpinfo: the environment, paths and headers", Severity::Medium, |text| {
        text.contains("phpinfo()") && text.contains("PHP Version")
    }),
    kind("Django's settings: databases, middleware, keys", Severity::Medium, |text| {
        const NAMES: &[&str] = &[
            "INSTALLED_APPS",
            "MIDDLEWARE",
            "DATABASES",
            "ROOT_URLCONF",
            "SECRET_KEY",
            "ALLOWED_HOSTS",
            "TEMPLATES",
        ];
        NAMES.iter().filter(|name| text.contains(**name)).count() >= 3
    }),
    kind(
        "the environment of a process: paths, regions, and every variable with a secret in it",
        Severity::Medium,
        is_environment,
    ),
    kind("a request with its headers: cookies, authorization, addresses", Severity::Medium, is_request),
    kind("a stack trace of Python: files, lines, and what they were called with", Severity::Low, |text| {
        text.contains("Traceback (most recent call last)") && text.contains("File \"")
    }),
    kind("a stack trace of Go: files, lines, and addresses", Severity::Low, |text| {
        text.contains("goroutine ") && text.contains("[running]")
    }),
    kind("a stack trace of Rust: files and lines", Severity::Low, |text| {
        text.contains("panicked at") && (text.contains("stack backtrace") || text.contains("RUST_BACKTRACE"))
    }),
    kind("a stack trace of PHP: files, lines, and what they were called with", Severity::Low, |text| {
        text.contains("Stack trace:") && text.contains("#0 ")
    }),
    kind("a stack trace of Ruby: files and lines", Severity::Low, |text| {
        lines(text, 1, |line| line.contains(".rb:") && line.contains(":in "))
    }),
    kind(
        "a stack trace of Java or another language of its machine: classes, files and lines",
        Severity::Low,
        |text| {
            let ends = [".java:", ".kt:", ".scala:", ".groovy:", "(Native Method)", "(Unknown Source)"];
            lines(text, 2, |line| {
                line.trim_start().starts_with("at ") && ends.iter().any(|end| line.contains(end))
            })
        },
    ),
    kind("a stack trace of .NET: methods, files and lines", Severity::Low, |text| {
        let is_frame =
            |line: &str| line.trim_start().starts_with("at ") && line.contains('(') && line.contains('.');
        lines(text, if text.contains(":line ") { 1 } else { 2 }, is_frame)
            && (text.contains(":line ") || text.contains("System."))
    }),
    kind("a stack trace of JavaScript: files and lines", Severity::Low, |text| {
        let is_frame = |line: &str| {
            // `index.js:12:21`
            let mut numbers = line.trim_end_matches(')').rsplit(':').take(2);
            let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            line.trim_start().starts_with("at ") && numbers.clone().count() == 2 && numbers.all(is_number)
        };
        lines(text, 2, is_frame)
    }),
];

const fn kind(what: &'static str, severity: Severity, is: fn(&str) -> bool) -> Kind {
    Kind { what, severity, is }
}

/// Whether at least so many lines are of a kind.
fn lines(text: &str, least: usize, is: impl Fn(&str) -> bool) -> bool {
    text.lines().filter(|line| is(line)).take(least).count() == least
}

/// Lines of variables, among them some that every process has.
fn is_environment(text: &str) -> bool {
    let is_variable = |line: &str| {
        let name = line.split_once('=').map_or("", |(name, _)| name);
        name.len() > 1 && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    };
    const OWN: &[&str] =
        &["HOME=", "PWD=", "HOSTNAME=", "SHLVL=", "LANG=", "USER=", "TZ=", "LD_LIBRARY_PATH=", "AWS_LAMBDA_"];
    lines(text, 5, is_variable)
        && lines(text, 1, |line| line.starts_with("PATH="))
        && lines(text, 2, |line| OWN.iter().any(|own| line.starts_with(own)))
}

/// A request line and headers (RFC 9112, 3).
fn is_request(text: &str) -> bool {
    let begins = |line: &str| {
        let mut words = line.split(' ');
        let method = words.next().unwrap_or_default();
        (3..=7).contains(&method.len())
            && method.bytes().all(|b| b.is_ascii_uppercase())
            && words.next().is_some_and(|target| target.starts_with('/') || target.starts_with("http"))
            && words.next().is_some_and(|version| version.starts_with("HTTP/"))
    };
    let is_header = |line: &str| {
        let Some((name, value)) = line.split_once(':') else { return false };
        !name.is_empty()
            && value.starts_with(' ')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    text.lines().next().is_some_and(begins) && lines(text, 2, is_header)
}

pub(super) fn recognise(place: &StructureStart<'_>) -> Option<Found> {
    let StructureStart { text, vain, .. } = *place;
    // The whole of a text is one, or none of it: asked once.
    if vain.replace((0, text.len())) == (0, text.len()) && !text.is_empty() {
        return None;
    }
    let looked = &text[..text.floor_char_boundary(LONGEST.min(text.len()))];
    let kind = KINDS.iter().find(|kind| (kind.is)(looked))?;
    Some(Found { severity: Some(kind.severity), reasons: vec![kind.what.into()], ..Found::at(0..text.len()) })
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use jiff::Timestamp;

    use super::*;

    fn seen(text: &str) -> Option<String> {
        let (budget, vain) = (Cell::new(0), Cell::default());
        let place =
            StructureStart { text, at: 0, end: 0, now: Timestamp::UNIX_EPOCH, budget: &budget, vain: &vain };
        recognise(&place).map(|found| found.reasons[0].clone())
    }

    #[test]
    fn what_programs_tell_of_themselves() {
        for (text, word) in [
            (
                "Traceback (most recent call last):\n  File \"/srv/a.py\", line 4, in get\n    raise E\nE: x",
                "Python",
            ),
            ("E: x\n\tat com.acme.A.b(A.java:4)\n\tat com.acme.C.d(C.java:5)\nCaused by: y", "Java"),
            (
                "TypeError: x\n    at handler (/var/task/index.js:12:21)\n    at run (node:internal/x:5:9)",
                "JavaScript",
            ),
            ("panic: x\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:12", "Go"),
            ("NoMethodError: x\n/app/a.rb:12:in `token'", "Ruby"),
            ("PHP Fatal error: x\nStack trace:\n#0 /var/www/db.php(12): f()\n#1 {main}", "PHP"),
            ("System.E: x\n   at A.B.C(Int32 d) in C:\\e.cs:line 42\n   at A.F(String[] g)", ".NET"),
            (
                "<p>You're seeing this error because you have <code>DEBUG = True</code> in your Django settings",
                "debug page",
            ),
            ("PATH=/usr/bin\nHOME=/root\nLANG=C\nAWS_REGION=x\nSHLVL=0", "environment"),
            ("{'INSTALLED_APPS': [], 'MIDDLEWARE': [], 'DATABASES': {}}", "settings"),
            ("POST /login HTTP/1.1\r\nHost: a.test\r\nCookie: a=b\r\n\r\nc=d", "request"),
        ] {
            assert!(seen(text).is_some_and(|what| what.contains(word)), "{text}");
        }
        for text in [
            "meet me at home (at 5:30)\nat noon: 12:00",
            "A=1\nB=2\nC=3\nD=4\nE=5",
            "Monday\n   at Hotel Adler (Room 12)\n   at Museum (10:30)\n   at Harbour (09:15)",
            "the traceback is in the log",
            "GET /index.html HTTP/1.1",
            "Dear all,\nNote: this\nCc: that",
        ] {
            assert_eq!(seen(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "[ -~é\n\t]{0,200}") {
            seen(&text);
        }
    }
}
