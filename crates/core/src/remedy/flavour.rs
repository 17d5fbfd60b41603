//! The languages of fixes, and how a foreign name is quoted in each.
//!
//! Names are written by whoever writes to the table, and end up in somebody's shell. Whatever goes in, the
//! snippet stays printable ASCII: a raw escape character could end a terminal's bracketed paste.

use std::fmt::Write;

/// A language a fix is written in. A template's file name picks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flavour {
    /// AWS CLI, for a POSIX shell.
    AwsCli,
    /// Terraform, aws provider 5 and 6.
    Terraform,
    /// Python with boto3, and Django where that is the application.
    Boto3,
    /// A CloudFormation template.
    CloudFormation,
    /// A policy document alone, in JSON.
    Policy,
}

impl Flavour {
    /// Every flavour, in the order of the tabs.
    pub const ALL: &'static [Self] =
        &[Self::AwsCli, Self::Terraform, Self::Boto3, Self::CloudFormation, Self::Policy];

    /// What the tab says.
    pub const fn title(self) -> &'static str {
        match self {
            Self::AwsCli => "AWS CLI",
            Self::Terraform => "Terraform",
            Self::Boto3 => "boto3 / Django",
            Self::CloudFormation => "CloudFormation",
            Self::Policy => "Policy JSON",
        }
    }

    /// The same in fewer letters, for a narrow line.
    pub const fn short_title(self) -> &'static str {
        match self {
            Self::AwsCli => "CLI",
            Self::Terraform => "Terraform",
            Self::Boto3 => "boto3",
            Self::CloudFormation => "CFN",
            Self::Policy => "JSON",
        }
    }

    /// What stands above every fix. An interactive zsh would take comments for commands, and a pager would take the
    /// next lines of a paste for its own keys; a shell that has no `setopt` says nothing of it. An alias of `aws` could
    /// bring another account's credentials to some of the commands and not to others, one of `cp` or `mv` may ask, and
    /// read the next lines of the paste for an answer.
    pub(super) const fn head(self) -> &'static str {
        match self {
            Self::AwsCli => {
                "setopt interactive_comments 2> /dev/null; unalias aws cp mv rm 2> /dev/null; export AWS_PAGER=\n"
            }
            Self::Terraform | Self::Boto3 | Self::CloudFormation | Self::Policy => "",
        }
    }

    /// The program's own words, as they stand in a comment.
    #[cfg(test)]
    pub(super) fn comment(self, text: &str) -> String {
        Quote::Own.apply(text, 0)
    }

    /// What a file with it is called after the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::AwsCli => "sh",
            Self::Terraform => "tf",
            Self::Boto3 => "py",
            Self::CloudFormation => "yaml",
            Self::Policy => "json",
        }
    }

    /// Its word on a command line and in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AwsCli => "aws-cli",
            Self::Terraform => "terraform",
            Self::Boto3 => "boto3",
            Self::CloudFormation => "cloudformation",
            Self::Policy => "policy",
        }
    }

    /// What sees to it that the account is the right one, before the first command that makes or changes something.
    pub(super) fn guarded(self, template: &str) -> String {
        let part = |name: &str| super::parts::part(name, self, "").unwrap_or_default();
        match self {
            Self::AwsCli if template.contains("in_account ") => {
                // Behind what is said at the top.
                let mut at = 0;
                for line in template.split_inclusive('\n') {
                    if !(line.starts_with('#')
                        || line.starts_with("{{?")
                        || line.starts_with("{{:")
                        || line.starts_with("{{/"))
                    {
                        break;
                    }
                    at += line.len();
                }
                format!("{}{}{}", &template[..at], part("own.sh"), &template[at..])
            }
            Self::Boto3 => match template.split_once("\nimport boto3\n") {
                Some((before, after)) if !template.contains("# Application code") => {
                    format!("{before}\nimport boto3\n{}{after}", part("own.py"))
                }
                _ => template.to_owned(),
            },
            _ => template.to_owned(),
        }
    }

    /// A template in which every call goes to an endpoint and is made by a profile, where they are named, before it is
    /// filled. All calls: one that went to AWS itself would change an account that was never looked at.
    pub(super) fn through(self, template: &str, endpoint: Option<&str>, profile: Option<&str>) -> String {
        match self {
            Self::AwsCli => {
                let named = [("endpoint-url", endpoint), ("profile", profile)];
                let options: String = named
                    .into_iter()
                    .filter_map(|(name, value)| Some(format!(" --{name}={}", sh(value?))))
                    .collect();
                let mut out = String::with_capacity(template.len() + 256);
                for line in template.split_inclusive('\n') {
                    with_options(line, &options, &mut out);
                }
                out
            }
            Self::Boto3 => match endpoint {
                Some(endpoint) => at_endpoint(template, endpoint),
                None => template.to_owned(),
            },
            Self::Terraform | Self::CloudFormation | Self::Policy => template.to_owned(),
        }
    }
}

/// A line of a shell with options put behind the verb of each call of the AWS CLI.
fn with_options(line: &str, options: &str, out: &mut String) {
    let mut rest = line;
    if line.trim_start().starts_with('#') {
        return out.push_str(line);
    }
    while let Some(at) = rest.find("aws ") {
        let is_word = rest[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || "_-./\\".contains(c));
        let mut words = rest[at + 4..].split([' ', '\n']);
        let is_call = |word: Option<&str>| {
            word.is_some_and(|w| {
                w.starts_with(|c: char| c.is_ascii_lowercase()) && !w.contains([')', '"', '\''])
            })
        };
        let (service, verb) = (words.next(), words.next());
        if is_word || !is_call(service) || !is_call(verb) {
            out.push_str(&rest[..at + 4]);
            rest = &rest[at + 4..];
            continue;
        }
        // `aws dynamodb wait table-exists` has its verb in two words.
        let mut end = at + 4 + service.map_or(0, str::len) + 1 + verb.map_or(0, str::len);
        if verb == Some("wait") {
            end += 1 + words.next().map_or(0, str::len);
        }
        out.push_str(&rest[..end]);
        out.push_str(options);
        rest = &rest[end..];
    }
    out.push_str(rest);
}

/// Python in which every client of boto3 is one of an endpoint.
fn at_endpoint(template: &str, endpoint: &str) -> String {
    let mut out = String::with_capacity(template.len() + 256);
    let mut rest = template;
    let named = format!(", endpoint_url={}", py(endpoint));
    while let Some(at) =
        [".client(\"", ".resource(\""].iter().filter_map(|call| Some(rest.find(call)? + call.len())).min()
    {
        let end = rest[at..].find('"').map_or(rest.len(), |n| at + n + 1);
        out.push_str(&rest[..end]);
        out.push_str(&named);
        rest = &rest[end..];
    }
    out + rest
}

/// A way to put text into a template: the second word of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    /// One word of a POSIX shell.
    Sh,
    /// As many words of a POSIX shell as there are lines.
    Words,
    /// A quoted template of HCL.
    Hcl,
    /// A string literal of Python.
    Py,
    /// A double-quoted string of YAML.
    Yaml,
    /// A JSON document as a value of the language, over several lines.
    Doc(Flavour),
    /// Lines of YAML that are quoted already.
    Yml,
    /// Words in a comment, for reading; the same in all languages.
    Note,
    /// Words of the program itself in a comment: not cut, and changed only where a shell would take them for its own.
    Own,
}

impl Quote {
    /// By its word, if the flavour has it.
    pub(super) fn of(word: &str, flavour: Flavour) -> Option<Self> {
        match (word, flavour) {
            ("sh", Flavour::AwsCli) => Some(Self::Sh),
            ("words", Flavour::AwsCli) => Some(Self::Words),
            ("hcl", Flavour::Terraform) => Some(Self::Hcl),
            ("py", Flavour::Boto3) => Some(Self::Py),
            ("yml", Flavour::CloudFormation) => Some(Self::Yml),
            ("yaml", Flavour::CloudFormation) => Some(Self::Yaml),
            ("doc", _) => Some(Self::Doc(flavour)),
            ("note", _) => Some(Self::Note),
            ("own", _) => Some(Self::Own),
            _ => None,
        }
    }

    /// The text, quoted; where it takes several lines, the further ones are indented by this many spaces.
    pub(super) fn apply(self, text: &str, indent: usize) -> String {
        match self {
            Self::Yml => text.to_owned(),
            Self::Yaml => yaml(text),
            Self::Doc(flavour) => doc(text, flavour, indent),
            Self::Sh => sh(text),
            Self::Words => words(text),
            Self::Hcl => hcl(text),
            Self::Py => py(text),
            Self::Note => note(text),
            Self::Own => own(text),
        }
    }
}

/// In single quotes. What is not printable ASCII becomes `?`: no name that AWS gives has it, and names of
/// attributes go in as `json`, which escapes it.
pub fn sh(text: &str) -> String {
    let plain: String = text.chars().map(|c| if matches!(c, ' '..='~') { c } else { '?' }).collect();
    quoted(&plain)
}

/// Most characters of a quoted text on one line. A terminal that takes in line by line drops what is beyond its limit
/// (4,095 in Linux, 1,024 in macOS: termios(3), `MAX_CANON`), and with it a closing quote: what follows would be read
/// as commands.
const LINE: usize = 300;

/// In single quotes; a long line is broken where the shell joins it again: outside of the quotes, behind a backslash.
fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    let mut line = 1;
    for c in text.chars() {
        if line > LINE {
            out.push_str("'\\\n'");
            line = 1;
        }
        match c {
            '\'' => out.push_str("'\"'\"'"),
            c => out.push(c),
        }
        line = if c == '\n' { 0 } else { line + if c == '\'' { 5 } else { 1 } };
    }
    out + "'"
}

/// A word of a shell for each line.
fn words(text: &str) -> String {
    let all: Vec<String> = text.lines().map(sh).collect();
    let between = if all.iter().map(String::len).sum::<usize>() > LINE { " \\\n  " } else { " " };
    all.join(between)
}

/// In double quotes, with interpolation and directives taken apart.
fn hcl(text: &str) -> String {
    let mut out = String::from("\"");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '$' | '%' if chars.peek() == Some(&'{') => out.extend([c, c]),
            // Of several before a brace the first ones must not pair up with the last.
            '$' | '%' if chars.peek() == Some(&c) => unicode(&mut out, c),
            ' '..='~' => out.push(c),
            c => unicode(&mut out, c),
        }
    }
    out + "\""
}

/// Like Python's own `ascii()`, always in single quotes.
pub(super) fn py(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            c => unicode(&mut out, c),
        }
    }
    out + "'"
}

/// `\uXXXX` or `\UXXXXXXXX`, as both Python and HCL read it.
fn unicode(out: &mut String, c: char) {
    let code = u32::from(c);
    // Writing to a String cannot fail.
    let _ = if code > 0xffff { write!(out, "\\U{code:08X}") } else { write!(out, "\\u{code:04X}") };
}

/// Longest line of a comment that holds a name.
const NOTE: usize = 160;

/// In double quotes, as YAML 1.1 reads it.
pub(super) fn yaml(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            c => unicode(&mut out, c),
        }
    }
    out + "\""
}

/// A JSON document, laid out as a value of the language. What is no JSON becomes nothing.
fn doc(text: &str, flavour: Flavour, indent: usize) -> String {
    let Ok(value) = serde_json::from_str::<serde_json::Value>(text) else { return String::new() };
    let mut out = String::new();
    match flavour {
        // In one word: ASCII and line breaks are all that is in it, besides quotes.
        Flavour::AwsCli => {
            lay_out(&value, flavour, 0, &mut out);
            quoted(&out)
        }
        _ => {
            lay_out(&value, flavour, indent, &mut out);
            out
        }
    }
}

fn lay_out(value: &serde_json::Value, flavour: Flavour, indent: usize, out: &mut String) {
    use serde_json::Value;
    let text = |text: &str| match flavour {
        Flavour::AwsCli | Flavour::Policy => json(&text.into()),
        Flavour::Terraform => hcl(text),
        Flavour::Boto3 => py(text),
        Flavour::CloudFormation => yaml(text),
    };
    let (open, close, inner): (char, char, Vec<(Option<&String>, &Value)>) = match value {
        Value::Array(all) if !all.is_empty() => ('[', ']', all.iter().map(|v| (None, v)).collect()),
        Value::Object(all) if !all.is_empty() => ('{', '}', all.iter().map(|(k, v)| (Some(k), v)).collect()),
        Value::String(word) => return out.push_str(&text(word)),
        Value::Null if flavour == Flavour::Boto3 => return out.push_str("None"),
        Value::Bool(b) if flavour == Flavour::Boto3 => {
            return out.push_str(if *b { "True" } else { "False" });
        }
        _ => return out.push_str(&value.to_string()),
    };
    out.push(open);
    let last = inner.len() - 1;
    for (n, (name, value)) in inner.into_iter().enumerate() {
        out.push('\n');
        out.push_str(&" ".repeat(indent + 2));
        if let Some(name) = name {
            out.push_str(&text(name));
            // As terraform fmt has it.
            out.push_str(if flavour == Flavour::Terraform { " : " } else { ": " });
        }
        lay_out(value, flavour, indent + 2, out);
        if n < last {
            out.push(',');
        }
    }
    out.push('\n');
    out.push_str(&" ".repeat(indent));
    out.push(close);
}

/// For a comment. An interactive zsh takes comments for commands, so only characters that mean nothing to a
/// shell stay; the rest becomes `_`. Further lines start a comment of their own.
fn note(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(note_line).collect();
    lines.join("\n# ")
}

fn note_line(line: &str) -> String {
    let mut rest = line.char_indices().nth(NOTE).map_or(line, |(at, _)| &line[..at]);
    let mut out = String::with_capacity(rest.len());
    while let Some(c) = rest.chars().next() {
        let taken = if let Some(length) = position(rest) {
            out.push_str(&rest[..length]);
            length
        } else {
            out.push(plain(c));
            c.len_utf8()
        };
        rest = &rest[taken..];
    }
    out
}

/// The program's own words in a comment. Parentheses and semicolons become commas, so that no `_` stands for them; a
/// link is neither cut nor changed, and ends at the next blank.
fn own(text: &str) -> String {
    let told = |word: &str| match word.starts_with("https://") {
        true => word.chars().map(|c| if c == '#' || c == '?' || c == '%' { c } else { plain(c) }).collect(),
        false => word.chars().map(plain).collect::<String>(),
    };
    let text = text.replace(" (", ", ").replace(')', "").replace(';', ",").replace('\'', "");
    let lines = text.split('\n').map(|line| line.split(' ').map(told).collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("\n# ")
}

/// What means nothing to a shell stays.
fn plain(c: char) -> char {
    // A star would at most be the names of files, and only where comments are commands: the first line sees to it that they
    // are not.
    if c.is_ascii_alphanumeric() || " _.,:/@=+-*".contains(c) { c } else { '_' }
}

/// How long a position of a list is that the text starts with: `[*]` or `[12]`. To a shell that is one
/// character, a star or a digit: nothing is run, and no folder is searched through.
fn position(text: &str) -> Option<usize> {
    let (inside, _) = text.strip_prefix('[')?.split_once(']')?;
    let is = inside == "*" || (!inside.is_empty() && inside.bytes().all(|b| b.is_ascii_digit()));
    is.then_some(inside.len() + 2)
}

/// A JSON document in ASCII.
pub(super) fn json(value: &serde_json::Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        if matches!(c, ' '..='~') {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes() {
        for (quote, text, expect) in [
            (Quote::Sh, "a'b $(id) `id` \"", r#"'a'"'"'b $(id) `id` "'"#),
            (Quote::Words, "eu-west-1\n$(id) x", "'eu-west-1' '$(id) x'"),
            (Quote::Sh, "a\nb\u{1b}[201~", "'a?b?[201~'"),
            (Quote::Hcl, "${x} %{ if } \"\\ é", r#""$${x} %%{ if } \"\\ \u00E9""#),
            (Quote::Hcl, "$${x} $x 100%", r#""\u0024$${x} $x 100%""#),
            (Quote::Py, "it's \\ \n 😀", r"'it\'s \\ \u000A \U0001F600'"),
            (Quote::Note, "a'$(id);\u{202e}[2]\nnext", "a___id___[2]\n# next"),
            (Quote::Note, "k[*].t[10][a-z][*", "k[*].t[10]_a-z__*"),
            (Quote::Note, "*[]**[^*]é[é]", "*__**__*_____"),
            (
                Quote::Own,
                "A token (classic); $(id): https://a.example/b?c=d#e`",
                "A token, classic, __id: https://a.example/b?c=d#e_",
            ),
        ] {
            assert_eq!(quote.apply(text, 0), expect);
        }
        assert_eq!(json(&serde_json::json!({"é\u{7f}": "😀"})), r#"{"\u00e9\u007f":"\ud83d\ude00"}"#);
    }

    /// What a POSIX shell makes of one word (Shell Command Language, 2.2 Quoting), of the forms that are written here.
    fn word_of(written: &str) -> String {
        let joined = written.replace("'\\\n'", "");
        let (mut out, mut quote) = (String::new(), None);
        for c in joined.chars() {
            match quote {
                Some(q) if c == q => quote = None,
                None if c == '\'' || c == '"' => quote = Some(c),
                None => panic!("{c:?} stands outside of quotes in {written}"),
                Some(_) => out.push(c),
            }
        }
        assert_eq!(quote, None, "{written}");
        out
    }

    proptest::proptest! {
        /// A terminal drops what is beyond its limit of a line, and with it a closing quote.
        #[test]
        fn no_line_of_a_shell_is_long(text in "[ -~\n']{0,3000}", quotes in "'{0,800}") {
            for text in [text, quotes] {
                let longest = |written: &str| written.lines().map(str::len).max().unwrap_or_default();
                let written = sh(&text);
                proptest::prop_assert!(longest(&written) <= LINE + 16, "{}", longest(&written));
                proptest::prop_assert_eq!(word_of(&written), text.replace('\n', "?"));
                let document = serde_json::json!({"a": text, "b": [text]}).to_string();
                let written = doc(&document, Flavour::AwsCli, 0);
                proptest::prop_assert!(longest(&written) <= LINE + 16, "{}", longest(&written));
                let read: serde_json::Value = serde_json::from_str(&word_of(&written)).expect("JSON");
                proptest::prop_assert_eq!(read.to_string(), document);
                proptest::prop_assert!(longest(&words(&text)) <= LINE + 64, "{}", words(&text));
            }
        }

        #[test]
        fn nothing_but_printable_ascii_comes_out(text in "(?s).*") {
            for quote in [Quote::Sh, Quote::Words, Quote::Hcl, Quote::Py, Quote::Yaml, Quote::Note, Quote::Own] {
                let plain = quote.apply(&text, 0).chars().all(|c| matches!(c, ' '..='~' | '\n'));
                proptest::prop_assert!(plain, "{:?}", quote);
            }
        }

        #[test]
        fn json_round_trips(text in "(?s).*") {
            let value = serde_json::json!({ text.as_str(): [text.as_str()] });
            let again: serde_json::Value = serde_json::from_str(&json(&value)).expect("JSON");
            proptest::prop_assert_eq!(again, value);
        }
    }
}
