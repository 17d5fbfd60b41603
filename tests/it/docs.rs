//! The pages under docs/ are what the code says.

use std::path::Path;
use std::process::Command;

fn generate(dir: &Path, args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_dynaudit"))
        .args(["generate", "docs", "--dir"])
        .arg(dir)
        .args(args)
        .output()
        .expect("it runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn pages_equal_the_code() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let (code, said) = generate(&docs, &["--check"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_page_is_printed_by_its_name() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    for name in ["checks", "cli", "coverage", "exit-codes", "json", "keys", "permissions", "rules"] {
        let output =
            Command::new(env!("CARGO_BIN_EXE_dynaudit")).args(["generate", name]).output().expect("it runs");
        let page = std::fs::read_to_string(docs.join(name).with_extension("md")).expect("there");
        assert_eq!(String::from_utf8_lossy(&output.stdout), page, "{name}");
    }
}

#[test]
fn a_page_that_differs_is_named_and_nothing_is_written() {
    let dir = tempfile::tempdir().expect("a folder");
    assert_eq!(generate(dir.path(), &[]).0, Some(0));
    assert_eq!(generate(dir.path(), &["--check"]).0, Some(0));
    let page = dir.path().join("exit-codes.md");
    std::fs::write(&page, "changed").expect("writable");
    let (code, said) = generate(dir.path(), &["--check"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("exit-codes.md differs"), "{said}");
    assert_eq!(std::fs::read_to_string(&page).expect("there"), "changed");
}
