//! The file of what was accepted, changed in the working folder.

use std::io::{ErrorKind, Read};
use std::path::Path;

use super::save::replace;
use crate::detect::edit;
use crate::tui::Handling;

/// A larger file is some other file, in bytes.
const LARGEST: u64 = 4 << 20;

/// Changes the file and gives what stands in it then. It is read anew, so that nothing is lost that somebody else wrote
/// meanwhile.
///
/// # Errors
/// Why it was not changed, a sentence.
pub fn handle(file: &Path, handling: &Handling) -> Result<String, String> {
    let refused = |why: String| format!("{} was not changed: {why}.", file.display());
    let text = read(file).map_err(refused)?;
    let changed = match handling {
        Handling::Accept(all) => edit::accept(&text, all),
        Handling::TakeBack(all) => {
            all.iter().try_fold(text, |text, one| match edit::take_back(&text, one)? {
                (_, 0) => Err(format!("no `[[allow]]` of {} is in it", one.finding)),
                (text, _) => Ok(text),
            })
        }
    };
    let changed = changed.map_err(refused)?;
    if changed.len() as u64 > LARGEST {
        return Err(refused(format!("it would be larger than {} MiB", LARGEST >> 20)));
    }
    let mode = std::fs::metadata(file).map(|about| about.permissions());
    let absolute = std::path::absolute(file).map_err(|e| refused(e.to_string()))?;
    replace(&absolute, &changed).map_err(|e| refused(e.to_string()))?;
    // A list that a team shares stays as readable as it was.
    if let Ok(mode) = mode {
        std::fs::set_permissions(file, mode).map_err(|e| refused(e.to_string()))?;
    }
    Ok(changed)
}

/// What stands in it; nothing where it is not there.
fn read(file: &Path) -> Result<String, String> {
    let about = match std::fs::symlink_metadata(file) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(String::new()),
        Err(e) => return Err(e.to_string()),
        Ok(about) => about,
    };
    if !about.is_file() {
        return Err("it is no plain file".into());
    }
    if about.permissions().readonly() {
        return Err("it may not be written".into());
    }
    let mut text = String::new();
    let opened = std::fs::File::open(file).map_err(|e| e.to_string())?;
    opened.take(LARGEST + 1).read_to_string(&mut text).map_err(|e| e.to_string())?;
    if text.len() as u64 > LARGEST {
        return Err(format!("it is larger than {} MiB", LARGEST >> 20));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::*;
    use crate::domain::{Acceptance, Accepted, Safe};

    #[test]
    fn it_changes_a_plain_file_and_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a.toml");
        let why = Acceptance {
            reason: Safe::neutral("r"),
            false_alarm: false,
            by: Safe::neutral(""),
            on: None,
            until: None,
            file: Safe::neutral("a.toml"),
        };
        let one = Accepted { finding: "x#y".into(), fingerprints: BTreeSet::new(), why: Arc::new(why) };
        let nothing = Handling::TakeBack(vec![one]);
        assert!(handle(&file, &nothing).is_err(), "nothing is there to take back");
        let mine = "# mine\n[[allow]]\nfinding = 'x#y'\nreason = 'r'\n";
        std::fs::write(&file, mine).expect("written");
        let changed = handle(&file, &nothing).expect("changed");
        assert!(!changed.contains("x#y"), "{changed}");
        assert_eq!(std::fs::read_to_string(&file).expect("there"), changed);
        std::fs::write(&file, "[[allow").expect("written");
        let wrong = handle(&file, &nothing).expect_err("no TOML");
        assert!(wrong.contains("was not changed"), "{wrong}");
        assert_eq!(std::fs::read_to_string(&file).expect("there"), "[[allow");
        #[cfg(unix)]
        {
            let link = folder.path().join("link.toml");
            std::os::unix::fs::symlink(&file, &link).expect("made");
            assert!(handle(&link, &nothing).is_err());
        }
        assert!(handle(folder.path(), &nothing).is_err());
    }
}
