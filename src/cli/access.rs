//! `dynaudit access`: who can read a table, and why.

use std::process::ExitCode;
use std::sync::Arc;

use super::args::{AccessArgs, AccessQuestion};
use super::fail::Fail;
use crate::detect::Detector;

mod explain;
mod files;
mod offline;
mod told;

use super::args::{AccessReaders, Format, ScanArgs};
use super::fail::UNFINISHED;
use super::{output, scan};
use crate::readers::{readers, target, world};
use told::Table;

/// Runs it.
pub fn run(args: &AccessArgs, detector: Arc<Detector>) -> Result<ExitCode, Fail> {
    match &args.what {
        Some(AccessQuestion::Explain(args)) => explain::run(args),
        None if args.readers.describe_table.is_some() => {
            print(&args.readers, &[offline::table(&args.readers)?])
        }
        None => print(&args.readers, &live(&args.readers, detector)?),
    }
}

/// Reads the settings of the tables and the people of their accounts.
fn live(args: &AccessReaders, detector: Arc<Detector>) -> Result<Vec<Table>, Fail> {
    let organization = args.org_policies.as_deref().map(files::organization).transpose()?;
    let (run, _) = scan::audited(&ScanArgs::for_access(args), detector)?;
    let mut worlds = std::collections::BTreeMap::new();
    let mut tables = Vec::new();
    for audit in run.audit.tables() {
        let account = &audit.table.scope.account;
        let known = worlds.entry(account.clone()).or_insert_with(|| {
            let mut known = audit.facts.account.known().map(|a| world(account, a)).unwrap_or_default();
            known.organization = organization.clone();
            known
        });
        let Some(mut target) = target(&audit.table, &audit.facts) else { continue };
        if let Some(attribute) = &args.attribute {
            let holds = |index: &crate::domain::Index| told::holds(index, &audit.facts, attribute);
            let described = audit.facts.description.known();
            let without = described.into_iter().flat_map(|d| &d.indexes).filter(|i| !holds(i));
            let without: Vec<&str> = without.map(|i| i.name.as_str()).collect();
            target.indexes.retain(|name| !without.contains(&name.as_str()));
            target.attribute = Some(attribute.clone());
        }
        let gap = audit.facts.account.known().is_none().then(|| {
            match audit.facts.gap(crate::domain::FactKind::Account) {
                Some(gap) => gap.to_string(),
                None => "not asked".into(),
            }
        });
        let found = readers(known, &target);
        tables.push(Table { name: target.table.to_string(), found, people: gap });
    }
    Ok(tables)
}

fn print(args: &AccessReaders, tables: &[Table]) -> Result<ExitCode, Fail> {
    let text = match args.format {
        Format::Json => told::json(tables, args.principal.as_deref()),
        Format::Text => told::text(tables, args.principal.as_deref()),
    };
    output::print(&text)?;
    // Who reads by policies of their own is not known of a table whose account was not read.
    let whole = tables.iter().all(|t| t.people.is_none());
    Ok(if whole { ExitCode::SUCCESS } else { ExitCode::from(UNFINISHED) })
}
