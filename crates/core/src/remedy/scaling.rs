//! What of a table has capacity that can follow the load.

use serde_json::{Value, json};

use super::Needs;
use super::slots::{Ask, description};
use crate::domain::Billing;

/// What can scale: the table and each global index that has capacity of its own, each for reading and for writing. A table on
/// demand is never told to scale.
fn scalable(ask: &Ask<'_>) -> Result<Vec<(String, &'static str, &'static str, u64)>, Needs> {
    let table = description(ask)?;
    let Billing::Provisioned { read, write } = table.billing else { return Err(Needs::NoTemplate) };
    let own = format!("table/{}", ask.finding.table.name);
    let indexes = table.indexes.iter().filter(|index| index.global);
    let of_indexes = indexes
        .filter_map(|i| Some((format!("{own}/index/{}", i.name), "index", i.capacity?)))
        .collect::<Vec<_>>();
    let all = std::iter::once((own, "table", (read, write.unwrap_or(read)))).chain(of_indexes);
    Ok(all
        .flat_map(|(resource, kind, (read, write))| {
            [("Read", read), ("Write", write)]
                .map(|(what, units)| (resource.clone(), kind, what, units.max(1)))
        })
        // What of the table scales already is known; of an index it is not.
        .filter(|(_, kind, what, _)| {
            let own = format!("dynamodb:{kind}:{what}CapacityUnits");
            *kind != "table" || !ask.facts.scaling.known().is_some_and(|all| all.contains(&own))
        })
        .collect())
}

/// The same, as words in lines: resource, kind, what, least.
pub(super) fn lines(ask: &Ask<'_>) -> Result<String, Needs> {
    let lines =
        scalable(ask)?.into_iter().map(|(at, kind, what, least)| format!("{at} {kind} {what} {least}"));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// The same, by a name for each.
pub(super) fn map(ask: &Ask<'_>) -> Result<Value, Needs> {
    let one = |(at, kind, what, least): (String, &str, &str, u64)| {
        let value = json!({"resource": at, "kind": kind, "what": what, "least": least});
        (format!("{at} {what}"), value)
    };
    Ok(Value::Object(scalable(ask)?.into_iter().map(one).collect()))
}
