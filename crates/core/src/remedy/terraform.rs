//! Names of Terraform: of their own for each fix, so that several stand in one module.

/// A template whose blocks and locals have a suffix. It is done before names are filled in: what is written by others is no
/// part of it.
pub(super) fn distinct(template: &str, suffix: &str) -> String {
    let mut all = String::with_capacity(template.len() + 256);
    let mut in_locals = false;
    for line in template.split_inclusive('\n') {
        in_locals = if in_locals { line != "}\n" } else { line == "locals {\n" };
        match local(line).filter(|_| in_locals) {
            Some(name) => all.extend(["  ", name, "_", suffix, &line[2 + name.len()..]]),
            None => all.push_str(line),
        }
    }
    for (before, after) in declared(template).iter().flat_map(|name| name.places(suffix)) {
        all = replaced(&all, &before, &after);
    }
    all
}

/// The name that a line of a block of locals gives a value.
fn local(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("  ")?;
    let (name, after) = rest.split_at(rest.find(|c: char| !is_of_name(c))?);
    (!name.is_empty() && after.trim_start().starts_with('=')).then_some(name)
}

/// What a template declares.
#[derive(Debug, PartialEq)]
enum Declared<'a> {
    /// A resource, by its type and name.
    Resource(&'a str, &'a str),
    /// What is read, by its type and name.
    Data(&'a str, &'a str),
    Variable(&'a str),
    Output(&'a str),
    Local(&'a str),
    /// A provider beside the one of the module.
    Provider(&'a str),
}

impl Declared<'_> {
    /// Where it stands, and what stands there then.
    fn places(&self, suffix: &str) -> Vec<(String, String)> {
        let both = |of: &dyn Fn(&str) -> String, name: &str| (of(name), of(&format!("{name}_{suffix}")));
        match self {
            Self::Resource(kind, name) => vec![
                both(&|n| format!("resource \"{kind}\" \"{n}\""), name),
                both(&|n| format!("{kind}.{n}"), name),
            ],
            Self::Data(kind, name) => vec![
                both(&|n| format!("data \"{kind}\" \"{n}\""), name),
                both(&|n| format!("data.{kind}.{n}"), name),
            ],
            Self::Variable(name) => {
                vec![both(&|n| format!("variable \"{n}\""), name), both(&|n| format!("var.{n}"), name)]
            }
            Self::Output(name) => vec![both(&|n| format!("output \"{n}\""), name)],
            // Where it is declared is in a block of its own.
            Self::Local(name) => vec![both(&|n| format!("local.{n}"), name)],
            Self::Provider(name) => {
                vec![both(&|n| format!("alias  = \"{n}\""), name), both(&|n| format!("aws.{n}"), name)]
            }
        }
    }
}

fn declared(template: &str) -> Vec<Declared<'_>> {
    let mut all = Vec::new();
    let mut in_locals = false;
    for line in template.lines() {
        let quoted: Vec<&str> = line.split('"').collect();
        match quoted[..] {
            ["resource ", kind, " ", name, ..] => all.push(Declared::Resource(kind, name)),
            ["data ", kind, " ", name, ..] => all.push(Declared::Data(kind, name)),
            ["variable ", name, ..] => all.push(Declared::Variable(name)),
            ["output ", name, ..] => all.push(Declared::Output(name)),
            ["  alias  = ", name, ..] => all.push(Declared::Provider(name)),
            _ => {}
        }
        in_locals = if in_locals { line != "}" } else { line == "locals {" };
        all.extend(local(line).filter(|_| in_locals).map(Declared::Local));
    }
    all
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Whole words only: what goes on before or behind is another name.
fn replaced(text: &str, before: &str, after: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find(before) {
        let (head, tail) = (&rest[..at], &rest[at + before.len()..]);
        let goes_on = before.ends_with(is_of_name) && tail.starts_with(is_of_name);
        let began = before.starts_with(is_of_name) && head.ends_with(|c: char| is_of_name(c) || c == '.');
        out.push_str(head);
        out.push_str(if goes_on || began { before } else { after });
        rest = tail;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_the_suffix_where_it_is_declared_and_where_it_is_used() {
        for (before, after) in [
            (
                "locals {\n  policy = jsonencode({\n    policy = 1\n  })\n}\n  policy = local.policy\ny = local.policy_two\n",
                "locals {\n  policy_s = jsonencode({\n    policy = 1\n  })\n}\n  policy = local.policy_s\ny = local.policy_two\n",
            ),
            (
                "resource \"aws_a\" \"this\" {\n  this = aws_a.this.id\n  b = aws_a.this_two\n}\n",
                "resource \"aws_a\" \"this_s\" {\n  this = aws_a.this_s.id\n  b = aws_a.this_two\n}\n",
            ),
            (
                "data \"aws_a\" \"x\" {\n}\nresource \"aws_a\" \"x\" {\n  y = data.aws_a.x.id\n}\n",
                "data \"aws_a\" \"x_s\" {\n}\nresource \"aws_a\" \"x_s\" {\n  y = data.aws_a.x_s.id\n}\n",
            ),
            (
                "variable \"v\" {\n}\noutput \"o\" {\n  value = var.v\n}\n",
                "variable \"v_s\" {\n}\noutput \"o_s\" {\n  value = var.v_s\n}\n",
            ),
            (
                "provider \"aws\" {\n  alias  = \"other\"\n}\nprovider = aws.other\n",
                "provider \"aws\" {\n  alias  = \"other_s\"\n}\nprovider = aws.other_s\n",
            ),
            // What is put in later is no name of a block.
            ("x = {{table:hcl}} # local.y\n", "x = {{table:hcl}} # local.y\n"),
        ] {
            assert_eq!(distinct(before, "s"), after);
        }
    }
}
