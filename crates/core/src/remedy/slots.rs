//! What can be put into a template: names, ARNs and settings. One line a slot.
//!
//! There is no slot for a value of an item, so no template can hold one.

use serde_json::{Value, json};

use super::Needs;
use super::flavour::json as ascii;
use crate::domain::{
    Arn, AttributePath, Billing, Cache, Encryption, FactKind, Field, Finding, Index, KeyAttribute,
    KeyManager, KeySchema, KmsKey, Origin, Projection, SecretClass, Step, TableDescription, TableFacts,
    TimeToLive, Trail,
};

/// What a snippet is asked for.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// What is known of its table.
    pub facts: &'a TableFacts,
}

/// A slot.
pub(super) struct Slot {
    /// Its name in templates.
    pub name: &'static str,
    /// Its text, not yet quoted.
    pub value: fn(&Ask<'_>) -> Result<String, Needs>,
}

/// Every slot.
pub(super) static SLOTS: &[Slot] = &[
    Slot { name: "table", value: |a| Ok(a.finding.table.name.clone()) },
    Slot { name: "table_id", value: |a| Ok(known_arn(a).unwrap_or_else(|| a.finding.table.name.clone())) },
    Slot { name: "table_arn", value: |a| known_arn(a).ok_or(Needs::Fact(FactKind::Description)) },
    Slot { name: "region", value: |a| Ok(a.finding.table.scope.region.clone()) },
    Slot { name: "path", value: |a| Ok(path(a).to_string()) },
    Slot { name: "seen", value: |a| Ok(seen(a.finding)) },
    Slot { name: "path_notes", value: |a| Ok(path_notes(&path(a), a.finding)) },
    Slot { name: "document_path", value: |a| Ok(expression(&path(a)).0) },
    Slot { name: "attribute_names", value: |a| Ok(ascii(&expression(&path(a)).1)) },
    Slot { name: "item_key", value: |a| Ok(ascii(&item_key(&description(a)?.key))) },
    Slot { name: "dir", value: |a| Ok(directory(a.finding)) },
    Slot { name: "first_step", value: |a| Ok(first_step(a.finding).into()) },
    Slot { name: "root_name", value: |a| Ok(ascii(&root_name(&path(a)))) },
    Slot { name: "leaf", value: |a| Ok(leaf(&path(a))) },
    Slot { name: "steps", value: |a| Ok(ascii(&steps(path(a).steps()))) },
    Slot { name: "inner", value: |a| Ok(ascii(&inner(a.finding))) },
    Slot { name: "layers", value: |a| Ok(ascii(&layers(a.finding).into())) },
    Slot { name: "part", value: |a| Ok(ascii(&is_part(a.finding).into())) },
    Slot { name: "inside_notes", value: |a| Ok(inside_notes(a.finding)) },
    Slot { name: "encrypted_name", value: |a| Ok(encrypted_name(&path(a))) },
    Slot { name: "secret_name", value: |a| Ok(secret_name(a.finding)) },
    Slot { name: "copies", value: copies },
    Slot { name: "carriers", value: |a| Ok(carriers(a)) },
    Slot { name: "key_arn", value: key_arn },
    Slot { name: "key_id", value: |a| key_arn(a).map(|arn| key_id(&arn)) },
    Slot { name: "window_days", value: window_days },
    Slot { name: "ttl_notes", value: |a| Ok(ttl_notes(a.facts)) },
    Slot { name: "ttl_new", value: |a| Ok(ttl_new(a.facts).into()) },
    Slot { name: "ttl_on", value: |a| Ok(ttl(true, ttl_new(a.facts))) },
    Slot { name: "ttl_wrong", value: |a| Ok(ttl_wrong(a.facts)?.to_owned()) },
    Slot { name: "ttl_off", value: |a| Ok(ttl(false, ttl_wrong(a.facts)?)) },
    Slot { name: "weak_regions", value: |a| Ok(weak_regions(a)?.join("\n")) },
    Slot { name: "replica_updates", value: replica_updates },
    Slot { name: "stream_arn", value: stream_arn },
    Slot { name: "index", value: |a| Ok(index(a)?.name.clone()) },
    Slot { name: "index_v2", value: |a| Ok(format!("{}_v2", index(a)?.name)) },
    Slot { name: "index_notes", value: index_notes },
    Slot { name: "index_attributes", value: |a| Ok(ascii(&definitions(&new_index_key(a)?))) },
    Slot { name: "index_key_note", value: index_key_note },
    Slot { name: "index_create", value: index_create },
    Slot { name: "index_delete", value: |a| Ok(ascii(&json!([{"Delete": {"IndexName": index(a)?.name}}]))) },
    Slot { name: "new_table", value: |a| Ok(format!("{}-v2", a.finding.table.name)) },
    Slot { name: "new_attributes", value: |a| Ok(ascii(&definitions(&hashed_key(a)?))) },
    Slot { name: "new_keys", value: |a| Ok(ascii(&schema(&hashed_key(a)?))) },
    Slot { name: "kinesis_arn", value: kinesis_arn },
    Slot { name: "vault", value: vault },
    Slot { name: "trail_arn", value: |a| Ok(trail(a)?.arn.clone()) },
    Slot { name: "trail_name", value: |a| Ok(trail(a)?.name.clone()) },
    Slot { name: "trail_region", value: |a| Ok(trail(a)?.home.clone()) },
    Slot { name: "data_selector", value: data_selector },
    Slot { name: "table_arns", value: |a| affected_arns(a).map(|arns| ascii(&json!(arns))) },
    Slot { name: "cache", value: |a| Ok(cache(a)?.name.clone()) },
    Slot { name: "cache_names", value: |a| Ok(ascii(&json!([cache(a)?.name]))) },
    Slot { name: "cache_role", value: |a| Ok(cache(a)?.role.clone()) },
    Slot { name: "tag_key", value: |a| Ok(tag_key(a).into()) },
    Slot { name: "tags", value: |a| Ok(ascii(&json!([{"Key": tag_key(a), "Value": "PUT-THE-VALUE-HERE"}]))) },
    Slot { name: "secret_key", value: |a| Ok(secret_key(a)?.name.clone()) },
    Slot { name: "secret_key_hashed", value: |a| Ok(hashed_name(&secret_key(a)?.name)) },
];

fn description<'a>(ask: &Ask<'a>) -> Result<&'a TableDescription, Needs> {
    ask.facts.description.known().ok_or(Needs::Fact(FactKind::Description))
}

/// The table's ARN, as the service gave it, or made of its parts where the account is known. An ARN without an
/// account names nothing.
fn known_arn(ask: &Ask<'_>) -> Option<String> {
    let told = ask.facts.description.known().map(|d| d.arn.clone());
    let own = || Some(ask.finding.table.arn());
    let whole = |arn: &String| Arn::parse(arn).is_some_and(|a| !a.account.is_empty());
    told.filter(whole).or_else(own).filter(whole)
}

/// The part of the finding's path that DynamoDB can address. A member whose name is itself the secret is edited in
/// the map that holds it: no name can be changed in place.
fn path(ask: &Ask<'_>) -> AttributePath {
    let stored = ask.finding.path().map(AttributePath::stored).unwrap_or_default();
    match stored.steps() {
        [above @ .., Step::HiddenName(..)] if !above.is_empty() && is_part(ask.finding) => {
            AttributePath::new(above.to_vec())
        }
        _ => stored,
    }
}

/// Whether the secret is only a part of the text that the path leads to.
fn is_part(finding: &Finding) -> bool {
    matches!(&finding.origin, Origin::Secret(flagged) if flagged.part)
}

/// What comes first for a secret of this class, before the table is changed.
fn first_step(finding: &Finding) -> &'static str {
    match &finding.origin {
        Origin::Secret(flagged) => super::fit_of(flagged.class).first,
        Origin::Posture(_) => super::fit_of(SecretClass::Unclassified).first,
    }
}

/// A directory for the files of one fix, of its own so that two fixes never take each other's. Made of the
/// finding's name, never of a value.
fn directory(finding: &Finding) -> String {
    // FNV-1a: the name has to be the same on every run and every machine.
    let hash = finding.id.to_string().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let plain = |c: char| if c.is_ascii_alphanumeric() || "_.".contains(c) { c } else { '-' };
    let table: String = finding.table.name.chars().map(plain).take(60).collect();
    let rule: String = finding.rule().chars().map(plain).take(60).collect();
    format!("dynaudit-{table}-{rule}-{:08x}", hash as u32)
}

fn root_name(path: &AttributePath) -> Value {
    json!({"#a0": path.root().unwrap_or(NAME)})
}

/// The value in the answer of GetItem that asks for its top-level attribute, as JMESPath. A position that a person
/// has to put in is no JMESPath, so nothing is read until then.
fn leaf(path: &AttributePath) -> String {
    let mut text = String::from("Item");
    if path.steps().is_empty() {
        text.push_str(&format!(".\"{NAME}\""));
    }
    for (nth, step) in path.steps().iter().enumerate() {
        let map = if nth == 0 { "" } else { ".M" };
        match step {
            Step::Name(name) => text.push_str(&format!("{map}.{}", ascii(&json!(name)))),
            Step::HiddenName(..) | Step::AnyName => text.push_str(&format!("{map}.\"{NAME}\"")),
            Step::Index(at) => text.push_str(&format!(".L[{at}]")),
            Step::Any => text.push_str(&format!(".L{POSITION}")),
            Step::Layer(_) => {}
        }
    }
    text
}

/// Steps for a program: texts are names, numbers are positions. What a person has to put in is a text, and fits
/// neither a list nor a map that is there.
fn steps(steps: &[Step]) -> Value {
    if steps.is_empty() {
        return json!([NAME]);
    }
    let step = |step: &Step| match step {
        Step::Name(name) => Some(json!(name)),
        Step::HiddenName(..) | Step::AnyName => Some(json!(NAME)),
        Step::Index(at) => Some(json!(at)),
        Step::Any => Some(json!("PUT-THE-POSITION-HERE")),
        Step::Layer(_) => None,
    };
    steps.iter().filter_map(step).collect()
}

/// What the value at the path is encoded in, outermost first.
fn layers(finding: &Finding) -> Vec<&'static str> {
    let steps = finding.path().map(AttributePath::steps).unwrap_or_default();
    let word = |step: &Step| if let Step::Layer(layer) = step { Some(layer.word()) } else { None };
    steps.iter().filter_map(word).collect()
}

/// The way inside a JSON text; null where the value is no such text, or the text holds another encoding.
fn inner(finding: &Finding) -> Value {
    let all = finding.path().map(AttributePath::steps).unwrap_or_default();
    let below: Vec<Step> = all.iter().skip_while(|s| !matches!(s, Step::Layer(_))).skip(1).cloned().collect();
    match layers(finding)[..] {
        ["json"] if !below.is_empty() => steps(&below),
        _ => Value::Null,
    }
}

fn inside_notes(finding: &Finding) -> String {
    let layers = layers(finding);
    let place = finding.path().map(ToString::to_string).unwrap_or_default();
    let in_name = matches!(finding.path().and_then(|p| p.steps().last()), Some(Step::HiddenName(..)));
    let mut notes = match layers[..] {
        [] if in_name => vec!["The secret is a name in the map there: the map is edited.".to_owned()],
        [] => vec!["The secret is a part of a longer text: only those characters change.".to_owned()],
        ["json"] => vec![format!("The value is a JSON text. The secret is in it, at {place}")],
        _ => vec![
            format!("The value is encoded: {}. The secret is at {place}", layers.join(", ")),
            "Decode it, change the secret in it, and encode it again in the same way: that is for you to do."
                .into(),
        ],
    };
    if !layers.is_empty() && is_part(finding) {
        notes.push("There it is a part of a longer text.".into());
    }
    notes.join("\n")
}

/// The attribute beside a seed that holds it encrypted.
fn encrypted_name(path: &AttributePath) -> String {
    format!("{}_encrypted", path.root().unwrap_or(NAME))
}

/// Stands for what a person has to look up. DynamoDB refuses an expression that still holds it.
const POSITION: &str = "[PUT-THE-POSITION-HERE]";
/// The same for a name: no item has an attribute of that name, so the condition of the update fails.
const NAME: &str = "PUT-THE-NAME-HERE";

/// The path as an expression with every name aliased, and the names. Reserved words and dots in names do no
/// harm that way. A name that is itself a secret is not put in.
fn expression(path: &AttributePath) -> (String, Value) {
    let mut text = String::new();
    let mut names = serde_json::Map::new();
    if path.steps().is_empty() {
        // A finding of the whole table: the name has to be put in.
        return ("#a0".into(), json!({"#a0": NAME}));
    }
    for step in path.steps() {
        match step {
            Step::Name(_) | Step::HiddenName(..) | Step::AnyName => {
                let alias = format!("#a{}", names.len());
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(&alias);
                let name = if let Step::Name(name) = step { name } else { NAME };
                names.insert(alias, name.into());
            }
            Step::Index(at) => text.push_str(&format!("[{at}]")),
            Step::Any => text.push_str(POSITION),
            Step::Layer(_) => {}
        }
    }
    (text, Value::Object(names))
}

/// What has to be known of a path before it is used.
fn path_notes(path: &AttributePath, finding: &Finding) -> String {
    let mut notes = match finding.topic {
        Some("secret-in-item") => {
            vec!["REMOVE takes the whole attribute at that path, with all it holds.".to_owned()]
        }
        _ => vec!["Nothing else of the item is changed.".to_owned()],
    };
    if path.steps().contains(&Step::Any) {
        notes.push(
            "The path goes through a list or set: put the position in. In a set, end the path at the set."
                .into(),
        );
    }
    if path.steps().iter().any(|s| matches!(s, Step::HiddenName(..))) {
        notes.push("A name in the path is itself the secret and is not shown: put it in by hand.".into());
    }
    if path.steps().contains(&Step::AnyName) {
        notes.push("The path goes through a map that has ids for names: put the id in.".into());
    }
    notes.join("\n")
}

/// A key to be filled in. The texts are no valid number and no valid base64, so nothing is hit by accident.
fn item_key(key: &KeySchema) -> Value {
    let attributes = std::iter::once(&key.partition).chain(&key.sort);
    let member = |a: &KeyAttribute| (a.name.clone(), json!({ a.kind.letter(): "PUT-THE-KEY-HERE" }));
    Value::Object(attributes.map(member).collect())
}

/// `sessions/stripe-secret-key/` in the characters that Secrets Manager allows, and what makes it one item's.
fn secret_name(finding: &Finding) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "_.".contains(c) { c } else { '-' };
    let name = format!("{}/{}", finding.table.name, finding.rule());
    let name: String = name.chars().map(|c| if c == '/' { c } else { plain(c) }).take(200).collect();
    name + "/PUT-A-NAME-FOR-THE-ITEM-HERE"
}

/// How often the steps have to be done. How many of the values differ is not among the facts.
fn seen(finding: &Finding) -> String {
    match &finding.origin {
        Origin::Secret(flagged) if flagged.count > 1 => format!(
            "Up to {n} different values in {n} places: repeat the steps for each, under a name of its own.",
            n = flagged.count
        ),
        Origin::Secret(_) => "Seen once in the items that were read.".into(),
        Origin::Posture(_) => "The finding names the attributes: do the steps for each.".into(),
    }
}

/// Where the value still is after it was removed, as far as facts tell.
fn copies(ask: &Ask<'_>) -> Result<String, Needs> {
    let mut lines = Vec::new();
    let path = path(ask);
    match ask.facts.description.known() {
        None => lines.push("Indexes, stream, replicas: not read.".to_owned()),
        Some(description) => {
            for index in holding(description, &path) {
                lines.push(format!("Index {}: follows the item by itself.", index.name));
            }
            if let Some(stream) = &description.stream {
                lines.push(format!("Stream, view {}: its records stay for 24 hours.", stream.view));
            }
            for region in description.replicas.iter().map(|replica| &replica.region) {
                lines.push(format!("Replica in {region}: follows the item, its backups do not."));
            }
        }
    }
    lines.push(match ask.facts.backups.known() {
        None => "Point-in-time recovery: not read.".into(),
        Some(backups) if backups.point_in_time => format!(
            "Point-in-time recovery is on: the old value can be restored for {} days. Do not switch it off to purge.",
            backups.window_days.unwrap_or(35)
        ),
        Some(_) => "Point-in-time recovery is off.".into(),
    });
    lines.push(
        "Backups, exports to S3, a Kinesis destination, a DAX cache, restored tables: look yourself.".into(),
    );
    Ok(lines.join("\n"))
}

/// The indexes that hold the attribute at a path: by their projection, or in their key.
fn holding<'a>(description: &'a TableDescription, path: &AttributePath) -> Vec<&'a Index> {
    let holds = |i: &&Index| path.root().is_some_and(|r| i.is_key(r) || i.projection.carries(r));
    description.indexes.iter().filter(holds).collect()
}

/// Which indexes carry the attribute, a line each.
fn carriers(ask: &Ask<'_>) -> String {
    let Some(description) = ask.facts.description.known() else {
        return "Indexes: not read.".into();
    };
    let lines: Vec<String> =
        holding(description, &path(ask)).iter().map(|i| format!("Index {} carries it.", i.name)).collect();
    if lines.is_empty() { "No index carries it.".into() } else { lines.join("\n") }
}

fn key_arn(ask: &Ask<'_>) -> Result<String, Needs> {
    if let Some(Some(key)) = ask.facts.key.known() {
        return Ok(key.arn.clone());
    }
    match &description(ask)?.encryption {
        Encryption::Kms { key_arn, .. } => Ok(key_arn.clone()),
        Encryption::AwsOwned => Err(Needs::NoTemplate),
    }
}

/// What stands after `key/`: Terraform imports keys by that.
fn key_id(arn: &str) -> String {
    arn.split_once(":key/").map_or(arn, |(_, id)| id).to_owned()
}

/// How many days back recovery reaches today.
fn window_days(ask: &Ask<'_>) -> Result<String, Needs> {
    let backups = ask.facts.backups.known().ok_or(Needs::Fact(FactKind::Backups))?;
    backups.window_days.map(|days| days.to_string()).ok_or(Needs::NoTemplate)
}

/// What time to live is to look at: the usual name where it is known to be off. Where it is on, a person has to say:
/// the attribute that it looks at today may be the wrong one.
fn ttl_new(facts: &TableFacts) -> &'static str {
    match facts.time_to_live.known() {
        Some(TimeToLive { attribute: None }) => "expires_at",
        _ => "PUT-THE-ATTRIBUTE-HERE",
    }
}

fn ttl_notes(facts: &TableFacts) -> String {
    match facts.time_to_live.known() {
        None => "Time to live: not read.".into(),
        Some(TimeToLive { attribute: None }) => "Time to live is off.".into(),
        Some(TimeToLive { attribute: Some(name) }) => format!(
            "Time to live is on and looks at {name}. If that is right, leave step 2 out. If it is not, switch it \
             off first, and wait an hour."
        ),
    }
}

fn ttl(on: bool, attribute: &str) -> String {
    ascii(&json!({"Enabled": on, "AttributeName": attribute}))
}

/// The attribute that time to live looks at today, which the finding calls wrong.
fn ttl_wrong(facts: &TableFacts) -> Result<&str, Needs> {
    let known = facts.time_to_live.known().ok_or(Needs::Fact(FactKind::TimeToLive))?;
    known.attribute.as_deref().ok_or(Needs::NoTemplate)
}

/// How much a customer decides about a key: nothing of one that AWS owns, everything of their own.
fn strength(key: Option<&KmsKey>) -> u8 {
    match key.map(|k| k.manager) {
        None => 0,
        Some(KeyManager::Aws) => 1,
        Some(KeyManager::Customer) => 2,
    }
}

/// The Regions whose replica is under a weaker key than the table.
fn weak_regions(ask: &Ask<'_>) -> Result<Vec<String>, Needs> {
    let own = strength(ask.facts.key.known().ok_or(Needs::Fact(FactKind::Key))?.as_ref());
    let keys = ask.facts.replica_keys.known().ok_or(Needs::Fact(FactKind::ReplicaKeys))?;
    let weak = keys.iter().filter(|r| strength(r.key.as_ref()) < own && is_region(&r.region));
    let weak: Vec<String> = weak.map(|r| r.region.clone()).collect();
    if weak.is_empty() { Err(Needs::NoTemplate) } else { Ok(weak) }
}

/// Names files of the snippet, so it holds nothing else than names of Regions do.
fn is_region(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// One update of all replicas, the table's own Region among them with the key it has: replicas of one account have
/// the same type of key, so none is left out. A weaker one has a word in the place of its key.
fn replica_updates(ask: &Ask<'_>) -> Result<String, Needs> {
    let weak = weak_regions(ask)?;
    let keys = ask.facts.replica_keys.known().ok_or(Needs::Fact(FactKind::ReplicaKeys))?;
    let update = |region: &str, key: &str| json!({"Update": {"RegionName": region, "KMSMasterKeyId": key}});
    let mut all = vec![update(&ask.finding.table.scope.region, &key_arn(ask)?)];
    for replica in keys.iter().filter(|r| r.region != ask.finding.table.scope.region) {
        match &replica.key {
            Some(key) if !weak.contains(&replica.region) => all.push(update(&replica.region, &key.arn)),
            _ => all.push(update(&replica.region, &format!("KEY-OF-{}-HERE", replica.region))),
        }
    }
    Ok(ascii(&Value::Array(all)))
}

fn stream_arn(ask: &Ask<'_>) -> Result<String, Needs> {
    let stream = description(ask)?.stream.as_ref();
    stream.map(|s| s.arn.clone()).ok_or(Needs::NoTemplate)
}

/// The data stream of another account before one of the table's own: it is the one that the finding is about.
fn kinesis_arn(ask: &Ask<'_>) -> Result<String, Needs> {
    let all = ask.facts.kinesis.known().ok_or(Needs::Fact(FactKind::Kinesis))?;
    let own = known_arn(ask).and_then(|arn| Arn::parse(&arn)).map(|arn| arn.account);
    let foreign = all.iter().find(|d| Arn::parse(&d.arn).is_some_and(|arn| Some(arn.account) != own));
    foreign.or(all.first()).map(|d| d.arn.clone()).ok_or(Needs::NoTemplate)
}

/// The vault that the finding names; where it names none, the first.
fn vault(ask: &Ask<'_>) -> Result<String, Needs> {
    let vaults = ask.facts.vaults.known().ok_or(Needs::Fact(FactKind::Vaults))?;
    let named = ask.finding.named("vault").and_then(|name| vaults.iter().find(|v| v.name == name));
    named.or(vaults.first()).map(|v| v.name.clone()).ok_or(Needs::NoTemplate)
}

/// The trail that the finding says is wrong; where it says none, the first.
fn trail<'a>(ask: &Ask<'a>) -> Result<&'a Trail, Needs> {
    let trails = ask.facts.trails.known().ok_or(Needs::Fact(FactKind::Trails))?;
    let wrong = ask.finding.named("trail_arn").and_then(|arn| trails.iter().find(|t| t.arn == arn));
    wrong.or(trails.first()).ok_or(Needs::NoTemplate)
}

/// The ARNs of all tables that the finding affects. One ARN tells the account, and so those of the others.
fn affected_arns(ask: &Ask<'_>) -> Result<Vec<String>, Needs> {
    let own = known_arn(ask).ok_or(Needs::Fact(FactKind::Description))?;
    let prefix = own.strip_suffix(&ask.finding.table.name).unwrap_or_default();
    let others =
        ask.finding.also.iter().filter(|_| !prefix.is_empty()).map(|t| format!("{prefix}{}", t.name));
    Ok(std::iter::once(own.clone()).chain(others).collect())
}

/// Data events of the tables, of reads and writes (CloudTrail User Guide, "Logging data events").
fn data_selector(ask: &Ask<'_>) -> Result<String, Needs> {
    let arns = affected_arns(ask)?;
    Ok(ascii(&json!({
        "Name": "Items of tables",
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::DynamoDB::Table"]},
            {"Field": "resources.ARN", "Equals": arns},
        ],
    })))
}

/// A DAX cluster that lacks what the finding is about; where it does not say, the first.
fn cache<'a>(ask: &Ask<'a>) -> Result<&'a Cache, Needs> {
    let caches = ask.facts.caches.known().ok_or(Needs::Fact(FactKind::Caches))?;
    let lacks = |c: &&Cache| match ask.finding.rule() {
        "dax-no-tls" => c.tls == Some(false),
        "dax-unencrypted" => c.encrypted == Some(false),
        _ => true,
    };
    caches.iter().find(lacks).ok_or(Needs::NoTemplate)
}

/// The tag that the finding misses.
fn tag_key(ask: &Ask<'_>) -> &'static str {
    if ask.finding.rule() == "untagged-owner" { "owner" } else { "environment" }
}

/// The index to replace: the one that the finding is about. Where it does not tell, the first that carries more
/// than keys. A local index cannot be replaced.
fn index<'a>(ask: &Ask<'a>) -> Result<&'a Index, Needs> {
    let description = description(ask)?;
    let holding = match ask.finding.path() {
        Some(_) => holding(description, &path(ask)),
        None => {
            let named = |i: &&Index| ask.finding.said().any(|e| e.text("index") == Some(&i.name));
            description.indexes.iter().filter(named).collect()
        }
    };
    let keyed = holding.iter().find(|i| i.global && index_secret(ask, i).is_some());
    if let Some(found) = keyed.or(holding.iter().find(|i| i.global)) {
        return Ok(found);
    }
    let global = || description.indexes.iter().filter(|i| i.global && holding.is_empty());
    let wide = global().find(|i| i.projection != Projection::KeysOnly);
    wide.or(global().next()).ok_or(Needs::NoTemplate)
}

/// Whether the evidence lists an attribute.
fn is_named(ask: &Ask<'_>, attribute: &str) -> bool {
    ask.finding.said().any(|e| match e.field("attributes") {
        Some(Field::Texts(all)) => all.kept.iter().any(|name| name.as_str() == attribute),
        _ => false,
    })
}

/// The key attribute of an index that is the secret, if one is.
fn index_secret<'a>(ask: &Ask<'_>, index: &'a Index) -> Option<&'a KeyAttribute> {
    let path = path(ask);
    std::iter::once(&index.key.partition).chain(&index.key.sort).find(|a| match path.steps() {
        [] => ask
            .finding
            .said()
            .any(|e| e.text("index") == Some(&index.name) && e.text("attribute") == Some(&a.name)),
        steps => steps == [Step::Name(a.name.clone())],
    })
}

/// The key of the new index: a hash in place of a secret.
fn new_index_key(ask: &Ask<'_>) -> Result<KeySchema, Needs> {
    let index = index(ask)?;
    Ok(match index_secret(ask, index) {
        Some(secret) => with_hash(&index.key, secret),
        None => index.key.clone(),
    })
}

fn index_key_note(ask: &Ask<'_>) -> Result<String, Needs> {
    Ok(match index_secret(ask, index(ask)?) {
        None => "The new index has the key of the old one.".into(),
        Some(secret) => format!(
            "The key {} is itself the secret: the new index has {} in its place.\nLet the application write that \
             into every item first, the SHA-256 of the value in hex, and look items up by it.\nThen take {} out of \
             the items, once nothing reads it.",
            secret.name,
            hashed_name(&secret.name),
            secret.name
        ),
    })
}

fn index_notes(ask: &Ask<'_>) -> Result<String, Needs> {
    let line = |i: &Index| {
        let kind = if i.global { "global" } else { "local, which needs a new table" };
        let what = match &i.projection {
            Projection::All => "every attribute".to_owned(),
            Projection::KeysOnly => "keys only".to_owned(),
            Projection::Include(names) => format!("keys and {}", names.join(", ")),
        };
        format!("Index {}: {kind}, carries {what}.", i.name)
    };
    Ok(description(ask)?.indexes.iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn index_create(ask: &Ask<'_>) -> Result<String, Needs> {
    let index = index(ask)?;
    let mut create = json!({
        "IndexName": format!("{}_v2", index.name),
        "KeySchema": schema(&new_index_key(ask)?),
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    });
    if let Billing::Provisioned { read } = description(ask)?.billing {
        // Write capacity is not among the facts: the same as for reading is a start.
        create["ProvisionedThroughput"] =
            json!({"ReadCapacityUnits": read.max(1), "WriteCapacityUnits": read.max(1)});
    }
    Ok(ascii(&json!([{ "Create": create }])))
}

fn definitions(key: &KeySchema) -> Value {
    let attributes = std::iter::once(&key.partition).chain(&key.sort);
    attributes.map(|a| json!({"AttributeName": a.name, "AttributeType": a.kind.letter()})).collect()
}

fn schema(key: &KeySchema) -> Value {
    let attributes = std::iter::once(&key.partition).chain(&key.sort);
    let role = |n| if n == 0 { "HASH" } else { "RANGE" };
    attributes.enumerate().map(|(n, a)| json!({"AttributeName": a.name, "KeyType": role(n)})).collect()
}

/// The key attribute that is the secret: the finding's, or the partition key where it does not say.
fn secret_key<'a>(ask: &Ask<'a>) -> Result<&'a KeyAttribute, Needs> {
    let key = &description(ask)?.key;
    let is = |s: &&KeyAttribute| match path(ask).root() {
        Some(root) => s.name == root,
        None => is_named(ask, &s.name) && !is_named(ask, &key.partition.name),
    };
    Ok(key.sort.as_ref().filter(is).unwrap_or(&key.partition))
}

fn hashed_name(name: &str) -> String {
    format!("{name}_sha256")
}

/// The table's key with the secret attribute replaced by its hash.
fn hashed_key(ask: &Ask<'_>) -> Result<KeySchema, Needs> {
    Ok(with_hash(&description(ask)?.key, secret_key(ask)?))
}

fn with_hash(key: &KeySchema, secret: &KeyAttribute) -> KeySchema {
    let replace = |a: &KeyAttribute| match a == secret {
        true => KeyAttribute { name: hashed_name(&a.name), kind: crate::domain::KeyType::S },
        false => a.clone(),
    };
    KeySchema { partition: replace(&key.partition), sort: key.sort.as_ref().map(replace) }
}
