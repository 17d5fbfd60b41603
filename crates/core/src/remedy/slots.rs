//! What can be put into a template: names, ARNs and settings. One line a slot.
//!
//! There is no slot for a value of an item, so no template can hold one.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::cache::{self, cache};
use super::cloudformation;
use super::copies::{self, holding};
use super::events;
use super::flavour::json as ascii;
use super::guardrails;
use super::index;
use super::keys;
use super::policy::{self, Of, Proposal, Unedited};
use super::role;
use super::scaling;
use super::secret_name;
use super::states::{self, Exposure, exposure};
use super::table_key;
use super::trust;
use super::{Needs, Options};
use crate::domain::{
    Arn, AttributePath, Encryption, FactKind, Field, Finding, KeyAttribute, KeyManager, KeySchema, KmsKey,
    Origin, Step, TableDescription, TableFacts, TimeToLive, Trail,
};

/// What a snippet is asked for.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    /// The finding.
    pub finding: &'a Finding,
    /// What is known of its table.
    pub facts: &'a TableFacts,
    /// What the person wants.
    pub options: &'a Options,
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
    Slot { name: "found", value: |a| Ok(found(a.finding)) },
    Slot { name: "unlisted", value: |a| Ok(unlisted(a)) },
    Slot { name: "sse", value: |a| Ok(format!("Enabled=true,SSEType=KMS,KMSMasterKeyId={}", key_arn(a)?)) },
    Slot { name: "path_hints", value: |a| Ok(path_hints(&path(a)).join("\n")) },
    Slot { name: "path_notes", value: |a| Ok(path_notes(&path(a), a.finding)) },
    Slot { name: "document_path", value: |a| Ok(expression(&path(a)).0) },
    Slot { name: "attribute_names", value: |a| Ok(ascii(&expression(&path(a)).1)) },
    Slot { name: "account", value: |a| states::account(a).ok_or(Needs::Fact(FactKind::Description)) },
    Slot { name: "issuer", value: |a| Ok(issuer(a.finding)) },
    Slot { name: "exposure", value: |a| Ok(exposure_note(a).into()) },
    Slot { name: "reference_name", value: |a| Ok(reference_name(&path(a))) },
    Slot {
        name: "attribute_names_and_reference",
        value: |a| Ok(ascii(&names_and(a, "#name", reference_name(&path(a))))),
    },
    Slot { name: "hash_name", value: |a| Ok(hash_attribute(&path(a))) },
    Slot {
        name: "attribute_names_and_hash",
        value: |a| Ok(ascii(&names_and(a, "#hash", hash_attribute(&path(a))))),
    },
    Slot { name: "insights_indexes", value: |a| Ok(insights_indexes(a).join("\n")) },
    Slot { name: "insights_index_list", value: |a| Ok(ascii(&json!(insights_indexes(a)))) },
    Slot { name: "item_key", value: item_keys },
    Slot { name: "known_keys", value: |a| Ok(ascii(&all_keys(a)?)) },
    Slot { name: "more_keys", value: |a| Ok(ascii(&keys::known(a).split_off(1).into())) },
    Slot { name: "policy_after", value: |a| Ok(proposed(a)?.after.text().to_owned()) },
    Slot {
        name: "policy_before",
        value: |a| Ok(proposed(a)?.before.map_or("null".to_owned(), |d| d.text().to_owned())),
    },
    Slot { name: "policy_changes", value: |a| Ok(proposed(a)?.changes.join("\n")) },
    Slot { name: "policy_ends", value: |a| Ok(ends(&proposed(a)?)) },
    Slot { name: "policy_why", value: policy_why },
    Slot { name: "policy_of", value: |a| Ok(policy_of(a).into()) },
    Slot { name: "policy_resource", value: policy::resource },
    Slot { name: "revision", value: |a| Ok(revision(&proposed(a)?).unwrap_or_default()) },
    Slot { name: "tenant_policy", value: |a| Ok(ascii(&role::of_tenant(a)?)) },
    Slot { name: "tenant_name", value: |a| Ok(role::named(a, "own-items-only")) },
    Slot { name: "role_policy", value: |a| Ok(ascii(&role::of_service(a)?)) },
    Slot { name: "role_name", value: |a| Ok(role::named(a, "one-service")) },
    Slot { name: "reader_policy", value: |a| Ok(ascii(&role::of_reader(a)?)) },
    Slot { name: "reader_name", value: |a| Ok(role::named(a, "some-attributes")) },
    Slot { name: "rcp", value: |_| Ok(ascii(&guardrails::inside())) },
    Slot { name: "scp", value: |a| Ok(ascii(&guardrails::changes(a))) },
    Slot { name: "event_pattern", value: |a| Ok(ascii(&events::pattern(a)?)) },
    Slot { name: "key_pattern", value: |a| Ok(ascii(&events::key_pattern(a)?)) },
    Slot { name: "scan_pattern", value: events::scans },
    Slot { name: "scans_name", value: |a| Ok(role::named(a, "is-scanned")) },
    Slot { name: "key_rule_name", value: |a| Ok(role::named(a, "key-is-changed")) },
    Slot { name: "rule_name", value: |a| Ok(role::named(a, "is-changed")) },
    Slot { name: "pipe_input", value: |a| Ok(events::pipe_input(a)) },
    Slot { name: "pipe_target", value: |a| Ok(ascii(&events::pipe_target(a))) },
    Slot { name: "stream_arn", value: events::stream },
    Slot { name: "partition_key", value: |a| Ok(description(a)?.key.partition.name.clone()) },
    Slot { name: "table_key_policy", value: |a| Ok(ascii(&table_key::policy(a, table_key::OF_KEY)?)) },
    Slot {
        name: "own_key_policy",
        value: |a| Ok(ascii(&table_key::policy(a, &a.finding.table.scope.region)?)),
    },
    Slot { name: "scaling_lines", value: scaling::lines },
    Slot { name: "scaling_map", value: |a| Ok(ascii(&scaling::map(a)?)) },
    Slot { name: "trust_roles", value: trust::roles },
    Slot { name: "trust_seen", value: |a| Ok(trust::seen(a)) },
    Slot { name: "trail_pattern", value: |_| Ok(ascii(&events::trail_pattern())) },
    Slot { name: "trail_rule_name", value: |a| Ok(role::named(a, "trail-is-changed")) },
    Slot { name: "policy_hash", value: policy_hash },
    Slot { name: "cfn_table", value: cloudformation::table },
    Slot {
        name: "stream_view",
        value: |a| Ok(description(a)?.stream.as_ref().ok_or(Needs::NoTemplate)?.view.clone()),
    },
    Slot {
        name: "grants",
        value: |a| Ok(foreign_grants(a)?.iter().map(|g| g.1.clone()).collect::<Vec<_>>().join("\n")),
    },
    Slot {
        name: "grant_ids",
        value: |a| Ok(foreign_grants(a)?.iter().map(|g| g.0.clone()).collect::<Vec<_>>().join("\n")),
    },
    Slot {
        name: "grant_list",
        value: |a| Ok(ascii(&json!(foreign_grants(a)?.iter().map(|g| &g.0).collect::<Vec<_>>()))),
    },
    Slot { name: "dir", value: |a| Ok(directory(a)) },
    Slot { name: "first_step", value: |a| Ok(first_step(a).into()) },
    Slot { name: "root_name", value: |a| Ok(ascii(&root_name(&path(a)))) },
    Slot { name: "leaf", value: |a| Ok(leaf(&path(a))) },
    Slot { name: "steps", value: |a| Ok(ascii(&steps(path(a).steps()))) },
    Slot { name: "all_steps", value: |a| Ok(ascii(&all_steps(&path(a)))) },
    Slot { name: "each_steps", value: |a| Ok(ascii(&each_steps(&path(a)))) },
    Slot { name: "set_path", value: |a| Ok(expression(&without_place(&path(a))).0) },
    Slot { name: "sealed_name", value: |a| Ok(sealed_name(&path(a))) },
    Slot { name: "inner", value: |a| Ok(ascii(&inner(a.finding))) },
    Slot { name: "layers", value: |a| Ok(ascii(&layers(a.finding).into())) },
    Slot { name: "part", value: |a| Ok(ascii(&is_part(a.finding).into())) },
    Slot { name: "inside_notes", value: |a| Ok(inside_notes(a.finding)) },
    Slot { name: "secret_name", value: |a| Ok(secret_name::of_item(a)) },
    Slot { name: "secret_base", value: |a| Ok(secret_name::base(a)) },
    Slot { name: "key_alias", value: |a| Ok(format!("alias/{}", directory(a).replace('.', "-"))) },
    Slot { name: "copies", value: |a| Ok(copies::lines(a).join("\n")) },
    Slot { name: "carriers", value: |a| Ok(carriers(a)) },
    Slot { name: "key_arn", value: key_arn },
    Slot { name: "key_id", value: |a| key_arn(a).map(|arn| key_id(&arn)) },
    Slot { name: "window_days", value: window_days },
    Slot {
        name: "window",
        value: |a| {
            window_days(a).map(|days| if days == "1" { "1 day".into() } else { format!("{days} days") })
        },
    },
    Slot { name: "ttl_notes", value: |a| Ok(ttl_notes(a)) },
    Slot { name: "ttl_new", value: |_| Ok(TTL_NEW.into()) },
    Slot { name: "ttl_on", value: |_| Ok(ttl(true, TTL_NEW)) },
    Slot { name: "ttl_wrong", value: |a| Ok(ttl_wrong(a.facts)?.to_owned()) },
    Slot { name: "ttl_off", value: |a| Ok(ttl(false, ttl_wrong(a.facts)?)) },
    Slot { name: "weak_regions", value: |a| Ok(weak_regions(a)?.join("\n")) },
    Slot { name: "replica_updates", value: replica_updates },
    Slot { name: "index", value: |a| Ok(index::index(a)?.name.clone()) },
    Slot { name: "index_v2", value: |a| Ok(format!("{}_v2", index::index(a)?.name)) },
    Slot { name: "index_notes", value: index::notes },
    Slot { name: "index_attributes", value: index::attributes },
    Slot { name: "index_key_note", value: index::key_note },
    Slot { name: "index_create", value: index::create },
    Slot {
        name: "index_delete",
        value: |a| Ok(ascii(&json!([{"Delete": {"IndexName": index::index(a)?.name}}]))),
    },
    Slot { name: "session_partition", value: |a| Ok(session_key(a)?.partition.name) },
    Slot {
        name: "session_sort",
        value: |a| Ok(session_key(a)?.sort.map(|key| key.name).unwrap_or_default()),
    },
    Slot { name: "expires_name", value: |a| Ok(expires_name(a)) },
    Slot { name: "new_table", value: |a| Ok(format!("{}-v2", a.finding.table.name)) },
    Slot { name: "new_attributes", value: |a| Ok(ascii(&definitions(&hashed_key(a)?))) },
    Slot { name: "new_keys", value: |a| Ok(ascii(&schema(&hashed_key(a)?))) },
    Slot { name: "kinesis_arn", value: kinesis_arn },
    Slot { name: "trail_arn", value: |a| Ok(trail(a)?.arn.clone()) },
    Slot { name: "trail_name", value: |a| Ok(trail(a)?.name.clone()) },
    Slot {
        name: "trail_bucket",
        value: |a| Ok(or_put(trail(a)?.bucket.as_deref().unwrap_or_default(), "PUT-THE-BUCKET-HERE")),
    },
    Slot { name: "trail_region", value: |a| Ok(trail(a)?.home.clone()) },
    Slot { name: "data_selector", value: data_selector },
    Slot { name: "table_arns", value: |a| affected_arns(a).map(|arns| ascii(&json!(arns))) },
    Slot { name: "cache", value: |a| Ok(cache(a)?.name.clone()) },
    Slot { name: "cache_names", value: |a| Ok(ascii(&json!([cache(a)?.name]))) },
    Slot { name: "cache_new", value: |a| cache(a).map(|c| cache::new_name(&c.name)) },
    Slot {
        name: "cache_node_type",
        value: |a| cache(a).map(|c| or_put(&c.made.node_type, "PUT-THE-NODE-TYPE-HERE")),
    },
    Slot { name: "cache_nodes", value: |a| cache(a).map(|c| c.made.nodes.max(1).to_string()) },
    Slot {
        name: "cache_subnets",
        value: |a| cache(a).map(|c| or_put(&c.made.subnet_group, "PUT-THE-SUBNET-GROUP-HERE")),
    },
    Slot { name: "cache_groups", value: cache::groups },
    Slot {
        name: "cache_parameters",
        value: |a| cache(a).map(|c| or_put(&c.made.parameter_group, "PUT-THE-PARAMETER-GROUP-HERE")),
    },
    Slot { name: "cache_role", value: |a| Ok(cache(a)?.role.clone()) },
    Slot { name: "tag_key", value: |a| Ok(tag_key(a).into()) },
    Slot { name: "tags", value: |a| Ok(ascii(&json!([{"Key": tag_key(a), "Value": "PUT-THE-VALUE-HERE"}]))) },
    Slot { name: "secret_key", value: |a| Ok(secret_key(a)?.name.clone()) },
    Slot { name: "other_key", value: |a| other_key(a).map(|name| name.unwrap_or_default()) },
    Slot { name: "secret_key_hashed", value: |a| Ok(hashed_name(&secret_key(a)?.name)) },
];

pub(super) fn description<'a>(ask: &Ask<'a>) -> Result<&'a TableDescription, Needs> {
    ask.facts.description.known().ok_or(Needs::Fact(FactKind::Description))
}

/// The table's ARN, as the service gave it, or made of its parts where the account is known. An ARN without an
/// account names nothing.
pub(super) fn known_arn(ask: &Ask<'_>) -> Option<String> {
    let told = ask.facts.description.known().map(|d| d.arn.clone());
    let own = || Some(ask.finding.table.arn());
    let whole = |arn: &String| Arn::parse(arn).is_some_and(|a| !a.account.is_empty());
    told.filter(whole).or_else(own).filter(whole)
}

/// The part of the finding's path that DynamoDB can address. A member whose name is itself the secret is edited in
/// the map that holds it: no name can be changed in place.
pub(super) fn path(ask: &Ask<'_>) -> AttributePath {
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

/// What comes first for a secret of this class, before the table is changed: another thing where others can read it.
pub(super) fn first_step(ask: &Ask<'_>) -> &'static str {
    let fit = super::fit_of(states::class(ask));
    match exposure(ask) {
        Exposure::Open => fit.leaked.unwrap_or(fit.first),
        Exposure::Unknown | Exposure::Closed => fit.first,
    }
}

/// A directory for the files of one fix, of its own so that two fixes never take each other's. Made of the
/// finding's name and of the policy that is proposed, never of a value: another proposal, on another day, has another.
fn directory(ask: &Ask<'_>) -> String {
    let finding = ask.finding;
    let proposal = policy::proposal(ask).ok().map(|p| (p.after.text().to_owned(), p.revision));
    let of_trail = ["data-events", "trail-logging"].contains(&finding.topic.unwrap_or_default());
    let of = match proposal.filter(|_| finding.path().is_none()) {
        Some((text, revision)) => format!("{} {text} {revision:?}", finding.id),
        None if of_trail => format!("{} {}", finding.id, trail(ask).map_or("", |trail| &trail.arn)),
        None => finding.id.to_string(),
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() || "_.".contains(c) { c } else { '-' };
    let table: String = finding.table.name.chars().map(plain).take(60).collect();
    let rule: String = finding.rule().chars().map(plain).take(60).collect();
    format!("dynaudit-{table}-{rule}-{:08x}", hash(&of) as u32)
}

/// What makes names of one topic and one finding their own: `sessions_1a2b3c4d`.
pub(super) fn suffix(ask: &Ask<'_>, topic: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let table: String = ask.finding.table.name.chars().map(plain).take(40).collect();
    format!("{table}_{:08x}", hash(&format!("{topic} {}", ask.finding.id)) as u32)
}

/// FNV-1a: a name has to be the same on every run and every machine.
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// What a person knows of who issued it.
fn issuer(finding: &Finding) -> String {
    match (&finding.origin, rotation_page(finding)) {
        (Origin::Secret(flagged), Some(page)) => {
            format!("{}, how to rotate it: {page}", flagged.title)
        }
        _ => "Issuer: not known from the rule, find out who gave it.".into(),
    }
}

/// The issuer's page on rotating what the rule of a finding finds.
pub(super) fn rotation_page(finding: &Finding) -> Option<&'static str> {
    crate::detect::rotation_page(finding.rule())
}

pub(super) fn exposure_note(ask: &Ask<'_>) -> &'static str {
    match exposure(ask) {
        Exposure::Open => "Others than this account can read it: it counts as leaked.",
        Exposure::Unknown => {
            "Whether others can read it is not known: find out first. If they can, what ends it comes before all else."
        }
        Exposure::Closed => "Nobody outside this account is known to be able to read it.",
    }
}

/// The attribute that names the secret once it has moved.
fn reference_name(path: &AttributePath) -> String {
    format!("{}_secret_name", spelled(path, "moved"))
}

/// A path as one name: two secrets of one map have a name each.
pub(super) fn spelled(path: &AttributePath, otherwise: &str) -> String {
    let step = |step: &Step| match step {
        Step::Name(name) => Some(name.clone()),
        Step::Index(at) => Some(at.to_string()),
        _ => None,
    };
    let all: Vec<String> = path.steps().iter().filter_map(step).collect();
    if all.is_empty() { otherwise.to_owned() } else { all.join("_").chars().take(200).collect() }
}

/// The attribute that has the hash of a token.
fn hash_attribute(path: &AttributePath) -> String {
    format!("{}_sha256", spelled(path, "token"))
}

fn names_and(ask: &Ask<'_>, alias: &str, name: String) -> Value {
    let (_, mut names) = expression(&path(ask));
    names[alias] = name.into();
    names
}

/// The key of an item that holds it, or what has to be put in.
fn item_keys(ask: &Ask<'_>) -> Result<String, Needs> {
    let known = keys::known(ask).into_iter().next();
    Ok(ascii(&match known {
        Some(key) => key,
        None => item_key(&description(ask)?.key),
    }))
}

/// Every key that is known, or one that has to be put in.
fn all_keys(ask: &Ask<'_>) -> Result<Value, Needs> {
    let known = keys::known(ask);
    Ok(if known.is_empty() { json!([item_key(&description(ask)?.key)]) } else { known.into() })
}

fn proposed(ask: &Ask<'_>) -> Result<Proposal, Needs> {
    policy::proposal(ask).map_err(|unedited| match unedited {
        Unedited::Needs(needs) => needs,
        Unedited::Form(_) => Needs::NoTemplate,
    })
}

fn policy_why(ask: &Ask<'_>) -> Result<String, Needs> {
    match policy::proposal(ask) {
        Ok(_) => Ok(String::new()),
        Err(Unedited::Form(why)) => Ok(format!("{why}.")),
        Err(Unedited::Needs(needs)) => Err(needs),
    }
}

fn ends(proposal: &Proposal) -> String {
    if proposal.ends.is_empty() { "Nothing.".into() } else { proposal.ends.join("\n") }
}

fn policy_of(ask: &Ask<'_>) -> &'static str {
    match policy::attached_to(ask) {
        Of::Table => "the table",
        Of::Stream => "the stream",
        Of::Key => "the key",
        Of::Vault => "the backup vault",
    }
}

/// SHA-256 of the policy that the proposal was made from, as the shell sees it: without line breaks at its end.
fn policy_hash(ask: &Ask<'_>) -> Result<String, Needs> {
    let before = proposed(ask)?.before.map_or(String::new(), |d| d.text().trim_end_matches('\n').to_owned());
    Ok(Sha256::digest(before.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The revision that a policy is put over; `NO_POLICY` demands that there is none (API Reference, PutResourcePolicy).
pub(super) fn revision(proposal: &Proposal) -> Option<String> {
    if proposal.before.is_none() { Some("NO_POLICY".into()) } else { proposal.revision.clone() }
}

/// The grants that let others decrypt: the id, or what has to be put in, and a line to read.
fn foreign_grants(ask: &Ask<'_>) -> Result<Vec<(String, String)>, Needs> {
    let grants = ask.facts.key_grants.known().ok_or(Needs::Fact(FactKind::KeyGrants))?;
    let own = Arn::parse(&key_arn(ask)?).map(|arn| arn.account).unwrap_or_default();
    let account = |text: &str| Arn::parse(text).map(|arn| arn.account).filter(|id| !id.is_empty());
    let foreign = grants.iter().filter(|g| {
        let who = account(&g.grantee).or_else(|| g.source.as_deref().and_then(account));
        who.is_some_and(|id| id != own)
    });
    let told: Vec<(String, String)> = foreign
        .map(|g| {
            let id = g.id.clone().unwrap_or_else(|| "PUT-THE-GRANT-ID-HERE".into());
            (id, format!("{}: {}", g.grantee, g.operations.join(", ")))
        })
        .collect();
    if told.is_empty() { Err(Needs::NoTemplate) } else { Ok(told) }
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

/// The path without the place in a list at its end: that of a set whose element it is.
fn without_place(path: &AttributePath) -> AttributePath {
    match path.steps() {
        [above @ .., Step::Any | Step::Index(_)] => AttributePath::new(above.to_vec()),
        _ => path.clone(),
    }
}

/// The same as [`all_steps`], down to each element where the value is one of a list.
fn each_steps(path: &AttributePath) -> Value {
    let mut all = all_steps(path);
    if let (Some(all), [.., Step::Any | Step::Index(_)]) = (all.as_array_mut(), path.steps()) {
        all.push(Value::Null);
    }
    all
}

/// The way to every place of a value, for a program: null leads to each of a list, or of a map that has ids for names. Where
/// the value is itself one of a list, all of that are one value: a place in a list is no name that stays.
fn all_steps(path: &AttributePath) -> Value {
    let step = |step: &Step| match step {
        Step::Name(name) => Some(json!(name)),
        Step::HiddenName(..) => Some(json!(NAME)),
        Step::Index(at) => Some(json!(at)),
        Step::Any | Step::AnyName => Some(Value::Null),
        Step::Layer(_) => None,
    };
    let mut all: Vec<Value> = path.steps().iter().filter_map(step).collect();
    while all.last().is_some_and(|last| !last.is_string()) {
        all.pop();
    }
    if all.is_empty() { json!([NAME]) } else { all.into() }
}

/// What holds a value encrypted, beside it.
fn sealed_name(path: &AttributePath) -> String {
    let all = all_steps(path);
    let last = all.as_array().and_then(|all| all.last()).and_then(Value::as_str);
    format!("{}_encrypted", last.unwrap_or(NAME))
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
    let is_inside = is_part(finding) || !layers(finding).is_empty();
    let mut notes = match is_inside {
        false => vec!["What is taken out is the whole attribute at that path, with all it holds.".to_owned()],
        true => vec!["Nothing else of the item is changed.".to_owned()],
    };
    notes.extend(path_hints(path));
    notes.join("\n")
}

/// What a person has to put into a path.
pub(super) fn path_hints(path: &AttributePath) -> Vec<String> {
    let mut notes = Vec::new();
    if path.steps().contains(&Step::Any) {
        notes.push(
            "The path goes through a list or set: put the position in. In a set there is none: end the path at the set."
                .into(),
        );
    }
    if path.steps().iter().any(|s| matches!(s, Step::HiddenName(..))) {
        notes.push("A name in the path is itself the secret and is not shown: put it in by hand.".into());
    }
    if path.steps().contains(&Step::AnyName) {
        notes.push("The path goes through a map that has ids for names: put the id in.".into());
    }
    notes
}

/// A key to be filled in. The texts are no valid number and no valid base64, so nothing is hit by accident.
fn item_key(key: &KeySchema) -> Value {
    let attributes = std::iter::once(&key.partition).chain(&key.sort);
    let member = |a: &KeyAttribute| (a.name.clone(), json!({ a.kind.letter(): "PUT-THE-KEY-HERE" }));
    Value::Object(attributes.map(member).collect())
}

/// How often the steps have to be done.
fn seen(finding: &Finding) -> String {
    match &finding.origin {
        Origin::Secret(f) if f.count > 1 && f.distinct == 1 => format!(
            "One value in {} places: one secret takes its place, and the item is changed in each.",
            f.count
        ),
        Origin::Secret(f) if f.count > 1 => format!(
            "{} different values in {} places: repeat the steps for each, under a name of its own.",
            if f.distinct > 0 { f.distinct.to_string() } else { "Several".into() },
            f.count
        ),
        Origin::Secret(_) => "Seen once in the items that were read.".into(),
        Origin::Posture(_) => "The finding names the attributes: do the steps for each.".into(),
    }
}

/// How many there are, where all are dealt with by one thing.
fn found(finding: &Finding) -> String {
    match &finding.origin {
        Origin::Secret(f) if f.count > 1 && f.distinct > 1 => {
            format!("{} different values in {} places.", f.distinct, f.count)
        }
        Origin::Secret(f) if f.count > 1 => format!("Seen in {} places.", f.count),
        _ => seen(finding),
    }
}

/// That more are there than are listed, and how the rest is found.
fn unlisted(ask: &Ask<'_>) -> String {
    let known = keys::known(ask).len();
    let Origin::Secret(flagged) = &ask.finding.origin else { return String::new() };
    format!(
        "{} places hold one. Keys of it that are known here: {known}. Once those are done, audit the table again: it finds \
         the rest.",
        flagged.count
    )
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

pub(super) fn key_arn(ask: &Ask<'_>) -> Result<String, Needs> {
    if let Some(Some(key)) = ask.facts.key.known() {
        return Ok(key.arn.clone());
    }
    match &description(ask)?.encryption {
        Encryption::Kms { key_arn, .. } => Ok(key_arn.clone()),
        Encryption::AwsOwned => Err(Needs::NoTemplate),
    }
}

/// The indexes whose keys Contributor Insights shows.
fn insights_indexes<'a>(ask: &Ask<'a>) -> &'a [String] {
    ask.facts.insights.known().map(|on| on.indexes.as_slice()).unwrap_or_default()
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

/// What time to live is to look at: only a person knows. The attribute that it looks at today may be the wrong one.
const TTL_NEW: &str = "PUT-THE-ATTRIBUTE-HERE";

fn ttl_notes(ask: &Ask<'_>) -> String {
    let global = if states::is_global(ask) {
        "\nThe table has replicas: time to live is one setting for all of them, and deletes in all Regions. With strong \
         consistency between Regions, MRSC, there is no time to live."
    } else {
        ""
    };
    let today = match ask.facts.time_to_live.known() {
        None => "Time to live: not read.".into(),
        Some(TimeToLive { attribute: None }) => "Time to live is off.".into(),
        Some(TimeToLive { attribute: Some(name) }) => format!(
            "Time to live is on and looks at {name}. If that is right, leave step 2 out. If it is not, switch it \
             off first, and wait an hour."
        ),
    };
    today + global
}

fn ttl(on: bool, attribute: &str) -> String {
    ascii(&json!({"Enabled": on, "AttributeName": attribute}))
}

/// The attribute that time to live looks at today, which the finding calls wrong.
fn ttl_wrong(facts: &TableFacts) -> Result<&str, Needs> {
    let known = facts.time_to_live.known().ok_or(Needs::Fact(FactKind::TimeToLive))?;
    known.attribute.as_deref().ok_or(Needs::NoTemplate)
}

/// The Regions of the table, its own first, each with its customer managed key, if it has one.
fn regions(ask: &Ask<'_>) -> Result<Vec<(String, Option<String>)>, Needs> {
    let own_key = ask.facts.key.known().ok_or(Needs::Fact(FactKind::Key))?.as_ref();
    let customer =
        |key: Option<&KmsKey>| key.filter(|k| k.manager == KeyManager::Customer).map(|k| k.arn.clone());
    let own = &ask.finding.table.scope.region;
    let keys = ask.facts.replica_keys.known().ok_or(Needs::Fact(FactKind::ReplicaKeys))?;
    let mut all = vec![(own.clone(), customer(own_key))];
    let named = keys.iter().map(|r| (r.region.clone(), customer(r.key.as_ref())));
    let told = ask.facts.description.known().into_iter().flat_map(|d| &d.replicas);
    for (region, key) in named.chain(told.map(|r| (r.region.clone(), None))) {
        if is_region(&region) && all.iter().all(|(known, _)| *known != region) {
            all.push((region, key));
        }
    }
    Ok(all)
}

/// The Regions in which the table is under a key that its customer does not manage.
fn weak_regions(ask: &Ask<'_>) -> Result<Vec<String>, Needs> {
    let weak: Vec<String> =
        regions(ask)?.into_iter().filter(|(_, key)| key.is_none()).map(|(region, _)| region).collect();
    if weak.is_empty() { Err(Needs::NoTemplate) } else { Ok(weak) }
}

/// Names files of the snippet, so it holds nothing else than names of Regions do.
fn is_region(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// One update of all Regions, the table's own among them with the key it has: replicas of one account have the same type
/// of key, so none is left out. One that lacks a key has a word in its place.
fn replica_updates(ask: &Ask<'_>) -> Result<String, Needs> {
    let update = |(region, key): (String, Option<String>)| {
        let key = key.unwrap_or_else(|| format!("KEY-OF-{region}-HERE"));
        json!({"Update": {"RegionName": region, "KMSMasterKeyId": key}})
    };
    Ok(ascii(&regions(ask)?.into_iter().map(update).collect()))
}

/// The data stream of another account before one of the table's own: it is the one that the finding is about.
fn kinesis_arn(ask: &Ask<'_>) -> Result<String, Needs> {
    let all = ask.facts.kinesis.known().ok_or(Needs::Fact(FactKind::Kinesis))?;
    let own = known_arn(ask).and_then(|arn| Arn::parse(&arn)).map(|arn| arn.account);
    let foreign = all.iter().find(|d| Arn::parse(&d.arn).is_some_and(|arn| Some(arn.account) != own));
    foreign.or(all.first()).map(|d| d.arn.clone()).ok_or(Needs::NoTemplate)
}

/// The vault that the finding names; where it names none, the first.
pub(super) fn vault(ask: &Ask<'_>) -> Result<String, Needs> {
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
pub(super) fn affected_arns(ask: &Ask<'_>) -> Result<Vec<String>, Needs> {
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

fn or_put(known: &str, placeholder: &str) -> String {
    if known.is_empty() { placeholder.to_owned() } else { known.to_owned() }
}

/// The key attribute beside the one that is the secret, if there is one.
fn other_key(ask: &Ask<'_>) -> Result<Option<String>, Needs> {
    let secret = secret_key(ask)?;
    Ok(description(ask)?.key.names().find(|name| *name != secret.name).map(str::to_owned))
}

/// The tag that the finding misses.
pub(super) fn tag_key(ask: &Ask<'_>) -> &'static str {
    if ask.finding.rule() == "untagged-owner" { "owner" } else { "environment" }
}

/// Whether the evidence lists an attribute.
pub(super) fn is_named(ask: &Ask<'_>, attribute: &str) -> bool {
    ask.finding.said().any(|e| match e.field("attributes") {
        Some(Field::Texts(all)) => all.kept.iter().any(|name| name.as_str() == attribute),
        _ => false,
    })
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

pub(super) fn hashed_name(name: &str) -> String {
    format!("{name}_sha256")
}

/// The table's key with the secret attribute replaced by its hash.
fn hashed_key(ask: &Ask<'_>) -> Result<KeySchema, Needs> {
    Ok(with_hash(&description(ask)?.key, secret_key(ask)?))
}

/// The key of the table that sessions are in: of one whose key was the secret, that of the new table.
fn session_key(ask: &Ask<'_>) -> Result<KeySchema, Needs> {
    if states::is_table_key(ask) { hashed_key(ask) } else { Ok(description(ask)?.key.clone()) }
}

/// What time to live looks at today, or a proposal.
fn expires_name(ask: &Ask<'_>) -> String {
    let known = ask.facts.time_to_live.known().and_then(|ttl| ttl.attribute.clone());
    known.unwrap_or_else(|| "expires_at".into())
}

fn with_hash(key: &KeySchema, secret: &KeyAttribute) -> KeySchema {
    let replace = |a: &KeyAttribute| match a == secret {
        true => KeyAttribute { name: hashed_name(&a.name), kind: crate::domain::KeyType::S },
        false => a.clone(),
    };
    KeySchema { partition: replace(&key.partition), sort: key.sort.as_ref().map(replace) }
}
