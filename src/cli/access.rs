//! `dynaudit access`: who can read a table, and why.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::{AccessArgs, AccessQuestion, AccessReaders, Format, ScanArgs};
use super::fail::{Fail, UNFINISHED};
use super::{output, scan};
use crate::detect::Detector;
use crate::domain::FactKind;
use crate::readers::{readers, target, world};
use told::Table;

mod explain;
mod files;
mod offline;
mod told;

/// Runs it.
pub fn run(args: &AccessArgs, detector: Arc<Detector>) -> Result<ExitCode, Fail> {
    match (&args.what, &args.readers.describe_table) {
        (Some(AccessQuestion::Explain(args)), _) => explain::run(args),
        (None, Some(file)) => print(&args.readers, &[offline::table(&args.readers, file)?], true),
        (None, None) => live(&args.readers, detector),
    }
}

/// Reads the settings of the tables and the people of their accounts.
fn live(args: &AccessReaders, detector: Arc<Detector>) -> Result<ExitCode, Fail> {
    let organization = args.org_policies.as_deref().map(files::organization).transpose()?;
    let (run, _) = scan::audited(&ScanArgs::for_access(args), detector)?;
    let mut worlds = BTreeMap::new();
    let mut tables = Vec::new();
    for audit in run.audit.tables() {
        let account = &audit.table.scope.account;
        let known = worlds.entry(account.clone()).or_insert_with(|| {
            let mut known = audit.facts.account.known().map(|a| world(account, a)).unwrap_or_default();
            known.organization = organization.clone();
            known
        });
        let Some(target) = target(&audit.table, &audit.facts, args.attribute.as_deref()) else { continue };
        let people = audit.facts.gap(FactKind::Account).map(ToString::to_string);
        tables.push(Table { name: target.table.to_string(), found: readers(known, &target), people });
    }
    print(args, &tables, run.is_complete())
}

/// Who reads by policies of their own is not known of a table whose account was not read: that is no success either.
fn print(args: &AccessReaders, tables: &[Table], complete: bool) -> Result<ExitCode, Fail> {
    let text = match args.format {
        Format::Json => told::json(tables, args.principal.as_deref()),
        Format::Text => told::text(tables, args.principal.as_deref()),
    };
    output::print(&text)?;
    let whole = complete && tables.iter().all(|t| t.people.is_none());
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(UNFINISHED) })
}
