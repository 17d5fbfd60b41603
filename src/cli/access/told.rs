//! Who can read, printed.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::domain::Safe;
use crate::readers::{Behind, Found, Reach, Reader, Readers, Who, requirement};

/// A table and who can read it.
pub struct Table {
    /// Its ARN.
    pub name: String,
    /// Who can read it.
    pub found: Readers,
    /// Why the users and roles of its account are not known.
    pub people: Option<String>,
}

fn named(reader: &Who, wanted: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| {
        let principal = reader.principal();
        principal == wanted
            || principal.ends_with(&format!(":{wanted}"))
            || principal.ends_with(&format!("/{wanted}"))
    })
}

/// For people.
pub fn text(tables: &[Table], principal: Option<&str>) -> String {
    let safe = |text: &str| Safe::neutral(text).to_string();
    let mut out = String::new();
    for (n, table) in tables.iter().enumerate() {
        if n > 0 {
            out.push('\n');
        }
        let _ = writeln!(out, "{}\n  {}", safe(&table.name), table.found.told());
        let mut row = |heading: &str, reader: &Reader| {
            let Some(way) = reader.best() else { return };
            let said = [
                if reader.reach == Reach::Could {
                    format!("{}: {}", way.action, way.gives)
                } else {
                    way.gives.clone()
                },
                way.conditions(),
                reader.last_used.as_ref().map(|at| format!("used {at}")).unwrap_or_default(),
                way.decision.deciding.iter().find(|d| !d.denies).map(ToString::to_string).unwrap_or_default(),
            ];
            let said: Vec<String> = said.into_iter().filter(|s| !s.is_empty()).map(|s| safe(&s)).collect();
            let who = safe(&reader.who.words());
            let _ = writeln!(out, "  {heading:<22} {who:<30} {}", said.join(" | "));
        };
        for reach in Reach::ALL {
            for (n, reader) in table.found.within(reach).filter(|r| named(&r.who, principal)).enumerate() {
                row(if n == 0 { reach.words() } else { "" }, reader);
            }
        }
        for (n, reader) in table.found.outside().filter(|r| named(&r.who, principal)).enumerate() {
            row(if n == 0 { "outside" } else { "" }, reader);
        }
        if let Some(wanted) = principal {
            let told = table.found.readers.iter().any(|r| named(&r.who, principal));
            if !told && !table.found.stopped.iter().any(|s| named(&s.who, principal)) {
                let said = "nothing that was read lets it in, or nobody is called so: see `dynaudit access` without --principal";
                let _ = writeln!(out, "  {:<22} {:<30} {said}", "no", safe(wanted));
            }
            for one in table.found.stopped.iter().filter(|s| named(&s.who, principal)) {
                let _ = writeln!(
                    out,
                    "  {:<22} {:<30} {}",
                    "no",
                    safe(&one.who.words()),
                    safe(&one.first.to_string())
                );
            }
        } else {
            for (n, (by, who)) in table.found.stopped_by().iter().enumerate() {
                let names: Vec<String> = who.iter().take(5).map(|w| safe(&w.words())).collect();
                let more = if who.len() > 5 { format!(" and {} more", who.len() - 5) } else { String::new() };
                let heading = if n == 0 { "stopped" } else { "" };
                let _ = writeln!(out, "  {heading:<22} {:<30} {}{more}", safe(by), names.join(", "));
            }
            let writers: Vec<String> =
                table.found.writers.iter().take(8).map(|(w, _)| safe(&w.words())).collect();
            if !writers.is_empty() {
                let more = table.found.writers.len().saturating_sub(8);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                let _ = writeln!(out, "  {:<22} {}{more}", "can write", writers.join(", "));
            }
        }
        if let Some(why) = &table.people {
            let _ = writeln!(out, "  {:<22} users and roles of the account: {}", "not read", safe(why));
        }
        for unread in table.found.unread.iter().take(20) {
            let _ = writeln!(out, "  {:<22} {}", "not read", safe(unread));
        }
    }
    out
}

/// For programs: a row for each principal, way and resource.
pub fn json(tables: &[Table], principal: Option<&str>) -> String {
    let way = |way: &Found| {
        let decision = &way.decision;
        json!({
            "reach": way.reach,
            "action": way.action,
            "resource": way.resource,
            "gives": way.gives,
            "decision": decision.answer.word(),
            "conditions": decision.conditions.iter().map(requirement).collect::<Vec<_>>(),
            "deciding": decision.deciding.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "gates": decision.gates.iter().map(|g| json!({"gate": g.name, "state": g.state.word()})).collect::<Vec<_>>(),
            "unread": decision.unread,
        })
    };
    let table = |table: &Table| {
        let readers = table.found.readers.iter().filter(|r| named(&r.who, principal));
        let stopped = table.found.stopped.iter().filter(|s| named(&s.who, principal));
        json!({
            "table": table.name,
            "people_read": table.found.people_read,
            "count": table.found.count(),
            "readers": readers.map(|reader| json!({
                "principal": reader.who.principal(),
                "outside": reader.who.is_outside(),
                "reach": reader.reach,
                "decision": reader.answer.word(),
                "last_used": reader.last_used,
                "taken_on_by": reader.behind.iter().map(Behind::words).collect::<Vec<_>>(),
                "ways": reader.ways.iter().map(way).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "stopped": stopped.map(|one| json!({
                "principal": one.who.principal(),
                "stopped_by": one.first.to_string(),
                "would_read_without": one.by.iter().map(ToString::to_string).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "writers": table.found.writers.iter().map(|(who, answer)| json!({
                "principal": who.principal(),
                "decision": answer.word(),
            })).collect::<Vec<_>>(),
            "unread": table.found.unread,
        })
    };
    let all: Vec<Value> = tables.iter().map(table).collect();
    document(json!({"schema": "dynaudit.access/1", "tables": all}))
}

/// A JSON document, indented, with a line break at its end. Names and policies are other people's texts.
pub fn document(mut value: Value) -> String {
    neutral(&mut value);
    let mut text = serde_json::to_string_pretty(&value).expect("text and numbers always print");
    text.push('\n');
    text
}

fn neutral(value: &mut Value) {
    match value {
        Value::String(text) => *text = Safe::neutral(text).into_string(),
        Value::Array(all) => all.iter_mut().for_each(neutral),
        Value::Object(members) => members.values_mut().for_each(neutral),
        _ => {}
    }
}
