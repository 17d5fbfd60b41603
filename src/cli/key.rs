//! The key under which fingerprints are made. It is never printed, and never written beside fingerprints.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use etcetera::BaseStrategy;
use zeroize::Zeroizing;

use super::args::Global;
use super::fail::Fail;
use super::output::complain;
use crate::detect::FingerprintKey;

/// The variable that may hold the key.
const VARIABLE: &str = "DYNAUDIT_KEY";

/// A key shorter than this could be guessed.
const LEAST: usize = 16;
/// How long a key may take to come through a pipe.
const PATIENCE: Duration = Duration::from_secs(5);
/// A key file longer than this is some other file.
const MOST: u64 = 4096;

/// The key: from the file if one was named, else from the variable, else one that is made once and kept.
fn load(file: Option<&Path>) -> Result<FingerprintKey, Fail> {
    if let Some(file) = file {
        let bytes = read(file).map_err(|e| {
            Fail::usage(
                format!("--key-file {} cannot be read: {e}", file.display()),
                "check the path and its mode",
            )
        })?;
        return from_bytes(&bytes, &format!("the key in {}", file.display()));
    }
    if let Some(text) = std::env::var_os(VARIABLE) {
        let bytes = Zeroizing::new(text.into_encoded_bytes());
        return from_bytes(&bytes, VARIABLE);
    }
    let kept = etcetera::choose_base_strategy().ok().map(|dirs| dirs.data_dir().join("dynaudit"));
    match kept.as_deref().map(kept_in) {
        Some(Ok(key)) => Ok(key),
        Some(Err(Kept::Broken(fail))) => Err(fail),
        // A container without a home can still audit: its fingerprints are good within this run.
        Some(Err(Kept::NoPlace)) | None => {
            complain(&format!(
                "dynaudit: no place to keep a fingerprint key: fingerprints will not be comparable with other runs\n  \
                 next: set {VARIABLE} or --key-file"
            ));
            Ok(FingerprintKey::new(&*fresh()?))
        }
    }
}

/// The key of a command. The demo has one of its own unless one is given, so that it always prints the same.
pub fn choose(demo: bool, global: &Global) -> Result<FingerprintKey, Fail> {
    if demo && !is_given(global) {
        return Ok(FingerprintKey::new(b"the embedded account holds no secret"));
    }
    load(global.key_file.as_deref())
}

/// Whether a key is given, rather than made here and kept.
pub fn is_given(global: &Global) -> bool {
    global.key_file.is_some() || std::env::var_os(VARIABLE).is_some()
}

enum Kept {
    NoPlace,
    Broken(Fail),
}

fn kept_in(folder: &Path) -> Result<FingerprintKey, Kept> {
    let file = folder.join("fingerprint.key");
    match read(&file) {
        Ok(bytes) => return used(&file, &bytes),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {}
        Err(e) => {
            return Err(Kept::Broken(Fail::usage(
                format!("the fingerprint key {} cannot be read: {}", file.display(), e.kind()),
                format!("give it back to you (`chmod 600`), or set {VARIABLE}"),
            )));
        }
    }
    make(folder, &file).map_err(|_| Kept::NoPlace)?;
    // Read back: another process may have made it first, and then its key is the key.
    let bytes = read(&file).map_err(|_| Kept::NoPlace)?;
    used(&file, &bytes)
}

fn used(file: &Path, bytes: &[u8]) -> Result<FingerprintKey, Kept> {
    if let Some(mode) = open_to_others(file) {
        complain(&format!(
            "dynaudit: the fingerprint key {} can be read by others (mode {mode:o})\n  next: chmod 600 it",
            file.display()
        ));
    }
    from_bytes(bytes, &format!("the key in {}", file.display())).map_err(Kept::Broken)
}

#[cfg(unix)]
fn open_to_others(file: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(file).ok()?.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn open_to_others(_file: &Path) -> Option<u32> {
    None
}

fn make(folder: &Path, file: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let key = fresh().map_err(|_| io::Error::other("no random numbers"))?;
    let hex: Zeroizing<String> = Zeroizing::new(key.iter().map(|b| format!("{b:02x}")).collect());
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(hex.as_bytes())?;
    temporary.as_file().sync_all()?;
    match temporary.persist_noclobber(file) {
        Err(e) if e.error.kind() != io::ErrorKind::AlreadyExists => Err(e.error),
        _ => Ok(()),
    }
}

fn fresh() -> Result<Zeroizing<[u8; 32]>, Fail> {
    let mut key = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *key).map_err(|_| {
        Fail::usage("the system gives no random numbers for a fingerprint key", format!("set {VARIABLE}"))
    })?;
    Ok(key)
}

fn read(file: &Path) -> io::Result<Zeroizing<Vec<u8>>> {
    let read = |file: &Path| {
        let mut bytes = Zeroizing::new(Vec::with_capacity(128));
        fs::File::open(file)?.take(MOST + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    if fs::metadata(file)?.is_file() {
        return read(file);
    }
    // A pipe whose other end nobody has opened would be waited for without end.
    let (send, receive) = std::sync::mpsc::channel();
    let file = file.to_owned();
    std::thread::spawn(move || send.send(read(&file)));
    receive.recv_timeout(PATIENCE).unwrap_or_else(|_| Err(io::Error::other("nothing came from it")))
}

fn from_bytes(bytes: &[u8], what: &str) -> Result<FingerprintKey, Fail> {
    let bytes = bytes.trim_ascii_end();
    if bytes.len() < LEAST || bytes.len() as u64 > MOST {
        return Err(Fail::usage(
            format!("{what} has {} bytes; a key has {LEAST} to {MOST}", bytes.len()),
            "make one: `openssl rand -hex 32`",
        ));
    }
    Ok(FingerprintKey::new(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_its_owner() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("new");
        assert!(kept_in(&folder).is_ok());
        let file = folder.join("fingerprint.key");
        let first = fs::read(&file).expect("made");
        assert_eq!(first.len(), 64);
        assert!(open_to_others(&file).is_none());
        assert!(kept_in(&folder).is_ok());
        assert_eq!(fs::read(&file).expect("kept"), first);
    }

    #[test]
    fn short_and_endless_keys_are_refused() {
        assert!(from_bytes(b"short\n", "it").is_err());
        assert!(from_bytes(&[b'k'; 5000], "it").is_err());
        assert!(from_bytes(b"sixteen bytes ok", "it").is_ok());
        let said = from_bytes(b"a word", "it").err().expect("refused").to_string();
        assert!(!said.contains("a word"), "{said}");
    }
}
