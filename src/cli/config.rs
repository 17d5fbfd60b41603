//! The configuration file: found and read. What it says is [`tui::config`](crate::tui::config)'s matter.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::fail::Fail;
use crate::tui::config::{Config, LONGEST, parse};

/// Reads the file that was named, or the usual one if it is there; with it what is wrong with it, as
/// `file:line:column: what`.
///
/// # Errors
/// If a file that was named cannot be read. The usual one that cannot be read is a problem like others.
pub fn load(named: Option<&Path>) -> Result<(Config, Vec<String>), Fail> {
    let usual = || etcetera::choose_base_strategy().ok().map(|s| s.config_dir().join("dynaudit/config.toml"));
    let Some(file) = named.map(Path::to_owned).or_else(usual) else {
        return Ok((Config::default(), Vec::new()));
    };
    match read(&file) {
        Ok(text) => Ok(checked(&file, &text)),
        Err(e) if named.is_none() && e.kind() == io::ErrorKind::NotFound => {
            Ok((Config::default(), Vec::new()))
        }
        Err(e) if named.is_none() => {
            Ok((Config::default(), vec![format!("{}: cannot be read: {e}", file.display())]))
        }
        Err(e) => Err(Fail::usage(
            format!("--config {} cannot be read: {e}", file.display()),
            "name a file made from `dynaudit generate config`",
        )),
    }
}

fn checked(file: &Path, text: &str) -> (Config, Vec<String>) {
    let (config, problems) = parse(text);
    let place = |p: &crate::tui::config::Problem| {
        format!("{}:{}:{}: {}", shown(file).display(), p.line, p.column, p.what)
    };
    let problems: Vec<String> = problems.iter().map(place).collect();
    problems.iter().for_each(|problem| tracing::warn!(%problem, "configuration"));
    (config, problems)
}

/// The end of the path is enough: the line is short.
fn shown(file: &Path) -> PathBuf {
    let parts: Vec<_> = file.components().collect();
    parts[parts.len().saturating_sub(2)..].iter().collect()
}

fn read(file: &Path) -> io::Result<String> {
    let mut text = String::new();
    let opened = File::open(file)?;
    if !opened.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    opened.take(LONGEST as u64 + 1).read_to_string(&mut text)?;
    if text.len() > LONGEST {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too long to be a configuration"));
    }
    Ok(text)
}
