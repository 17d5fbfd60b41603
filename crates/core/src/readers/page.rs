//! The page of who can read: every way that is looked at, and what is not known.

use std::fmt::Write;

use super::ways::{PASSING, STEPS, WAYS};

/// As Markdown.
pub fn page() -> String {
    let mut out = String::from(
        "# Who can read\n\nMade by `dynaudit generate docs`; change the code, not this page.\n\n\
         `dynaudit access` and the page on `P` ask everybody about every way below: each user and role of the account, \
         and everybody whom the policies of the table and its stream name. An answer is `allowed`, `allowed_if` with its \
         conditions, or `denied`. What was not read never makes an answer `denied`; it is listed as not read.\n\n\
         ## Ways to read\n\n| way | needs | gives |\n|---|---|---|\n",
    );
    for way in WAYS {
        let _ = writeln!(out, "| {} | {} | {} |", way.reach.words(), way.words(), way.gives);
    }
    out.push_str(
        "\nAn item, an index and the stream of an encrypted table are readable only for whom the table's key decrypts: \
         that is asked once more, of the key.\n\n## Ways to become a reader\n\n| action | what somebody does with it |\n|---|---|\n",
    );
    for step in STEPS {
        let _ = writeln!(out, "| {} | {} |", step.action, step.does);
    }
    for (service, creates) in PASSING {
        let _ = writeln!(
            out,
            "| iam:PassRole + {creates} | runs what it likes as a role that {service} takes on |"
        );
    }
    out.push_str(
        "\n## From files\n\n\
         Files are what the AWS CLI writes with `--output json`. A document that is not given is not read; for \
         `dynaudit access explain` it is taken not to exist, and named under `assumed`.\n\n\
         `--org-policies` takes a folder:\n\n\
         | file | what it holds |\n|---|---|\n\
         | `organization.json` | `aws organizations describe-organization` |\n\
         | `tree.json` | the root: `Id`, `Type` (`ROOT`, `ORGANIZATIONAL_UNIT`, `ACCOUNT`), `ServiceControlPolicies` and \
         `ResourceControlPolicies` (ids), `Children` (the same again) |\n\
         | `policies/ID.json` | a policy's document |\n\n\
         ## What is not looked at\n\n\
         - On a live account: policies of the organization (give `--org-policies`), of VPC endpoints and of sessions, and \
         the documents of boundaries that nobody has attached.\n\
         - DAX, and services that read with a role of their own, but for the role itself.\n\
         - Whether a copy that somebody can make is readable where it goes.\n\n\
         The exit code is 3 where the users and roles of an account could not be read, or the list of tables not to its \
         end.\n",
    );
    out.push_str(
        "\n## Proof\n\n\
         Decisions that the tests ask for, each derived from the page of AWS that it rests on, and no two the same. \
         `DYNAUDIT_WRITE_DOCS=1 cargo test -p dynaudit-core access` counts them.\n\n",
    );
    out.push_str(include_str!("../../assets/access/cases.md"));
    out.push_str(
        "\nBeside them, random worlds: a Deny never widens, an Allow that goes never widens, order never matters, and what is \
         learnt never turns an answer that was certain.\n",
    );
    out
}
