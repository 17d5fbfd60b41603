//! The judgements that the table's policy and the stream's policy share.

use crate::domain::{
    Effect, Encryption, Evidence, FactKind, KeyManager, KmsKey, Message, Policy, ResourcePolicy, Severity,
    Statement, Verdict,
};
use crate::posture::check::{Judged, Subject};
use crate::posture::grant::{
    ACCOUNT, BEHALF, Governed, Grants, OTHERS, STATEMENT, Standing, Whom, allows_everything, cited,
    denies_plain_http, everyone_of, grants_index_alone, has_table_too, is_about, orphans, survey,
    weak_conditions, whole_accounts,
};
use crate::posture::messages::{fail, not_applicable, part, pass, unreadable};

/// Whether everyone is let in.
pub(super) fn public(subject: &Subject<'_>, policy: &ResourcePolicy, kind: FactKind) -> Judged {
    let of = whose(kind);
    let grants = match grants(subject, policy, kind)? {
        Ok(grants) => grants,
        Err(verdict) => return Ok(verdict),
    };
    if grants.public.is_empty() {
        return Ok(match grants.unclear.as_slice() {
            [] => pass(&format!("{of} policy does not grant access to anyone.")),
            unclear => unread(kind, unclear),
        });
    }
    let (denies, conditional) = (grants.denies, grants.conditional);
    let granted = PUBLIC
        .with("document", document(kind))
        .with("actions", grants.actions)
        .with("statements", grants.public);
    // Of everyone those of the own account are left.
    let own_only = under_aws_managed_key(subject)? == Some(true);
    let evidence = std::iter::once(granted)
        .chain(conditional.then(|| UNCOUNTED.alone()))
        .chain(own_only.then(|| INERT_ABROAD.alone()));
    let severity = if own_only { Severity::Medium } else { Severity::Critical };
    Ok(fail(severity, qualified(evidence, denies, &policy.policy)))
}

/// Whether somebody outside the account is let in.
pub(super) fn cross_account(subject: &Subject<'_>, policy: &ResourcePolicy, kind: FactKind) -> Judged {
    let of = whose(kind);
    let grants = match grants(subject, policy, kind)? {
        Ok(grants) => grants,
        Err(verdict) => return Ok(verdict),
    };
    if grants.foreign.is_empty() {
        return Ok(match (grants.unclear.as_slice(), grants.public.is_empty()) {
            ([], true) => pass(&format!("{of} policy grants access to nobody outside the account.")),
            ([], false) => {
                not_applicable(&format!("{of} policy grants access to anyone: see {}.", public_id(kind)))
            }
            (unclear, _) => unread(kind, unclear),
        });
    }
    let accounts = grants.foreign.iter().any(Whom::names_account);
    // A caller from another account cannot use aws/dynamodb, so what is granted cannot be used. Of a service that calls
    // on its behalf that is not documented.
    let by_service = grants.foreign.iter().any(|w| matches!(w, Whom::Behalf(..)));
    let inert = if by_service { Some(false) } else { under_aws_managed_key(subject)? };
    let severity = match (inert, accounts) {
        (Some(true), _) => Severity::Info,
        (_, true) => Severity::Medium,
        (_, false) => Severity::Low,
    };
    let granted = FOREIGN
        .with("document", document(kind))
        .with("principals", principals(&grants))
        .with("actions", grants.actions)
        .with("statements", grants.by)
        .with("conditional", grants.conditional);
    let evidence = std::iter::once(granted)
        .chain((!accounts).then(|| NO_ACCOUNT.alone()))
        .chain((inert == Some(true)).then(|| INERT.alone()))
        .chain(inert.is_none().then(|| PERHAPS_INERT.alone()));
    Ok(fail(severity, qualified(evidence, grants.denies, &policy.policy)))
}

/// Whether the table is under the AWS managed key, which nobody of another account can use; `None` if the key was not
/// read (DynamoDB Developer Guide, "Resource-based policy considerations").
fn under_aws_managed_key(subject: &Subject<'_>) -> Result<Option<bool>, crate::posture::Unseen> {
    Ok(match &subject.facts.description.read()?.encryption {
        Encryption::AwsOwned => Some(false),
        Encryption::Kms { .. } => {
            let key = subject.facts.key.known();
            key.map(|key| key.as_ref().is_some_and(|k| k.manager == KeyManager::Aws))
        }
    })
}

/// Whom a policy of something else than a table lets in: a key's, a vault's.
///
/// # Errors
/// Nobody is let in; what could not be understood, if anything.
pub(super) fn let_in(
    policy: &Policy,
    own: &str,
    of: LetIn<'_>,
    (everyone, others): (Severity, Severity),
) -> Result<Verdict, Vec<String>> {
    let on = match of {
        LetIn::Key(arn) => Governed::key(arn, own),
        LetIn::Vault(_) => Governed::vault(own),
        LetIn::DataStream(arn) => Governed::data_stream(arn, own),
        LetIn::Replica(arn) => Governed::table(Some(arn), own),
    };
    let grants = survey(&Standing::of(policy, on));
    let denies = grants.denies;
    let (severity, granted) = if !grants.public.is_empty() {
        let granted = match of {
            LetIn::Key(arn) => KEY_PUBLIC.with("key_arn", arn),
            LetIn::Vault(name) => VAULT_PUBLIC.with("vault", name),
            LetIn::DataStream(arn) => DATA_STREAM_PUBLIC.with("stream_arn", arn),
            LetIn::Replica(arn) => REPLICA_PUBLIC.with("replica_arn", arn),
        };
        (everyone, granted.with("statements", grants.public))
    } else if !grants.foreign.is_empty() {
        let granted = match of {
            LetIn::Key(arn) => KEY_FOREIGN.with("key_arn", arn),
            LetIn::Vault(name) => VAULT_FOREIGN.with("vault", name),
            LetIn::DataStream(arn) => DATA_STREAM_FOREIGN.with("stream_arn", arn),
            LetIn::Replica(arn) => REPLICA_FOREIGN.with("replica_arn", arn),
        };
        (others, granted.with("principals", principals(&grants)).with("statements", grants.by))
    } else {
        return Err(grants.unclear);
    };
    Ok(fail(severity, qualified(std::iter::once(granted), denies, policy)))
}

/// Whether a key's policy lets services use it for anybody's sake.
pub(super) fn key_serves_anybody(policy: &Policy, key: &KmsKey) -> Option<Verdict> {
    let standing = Standing::of(policy, Governed::key(&key.arn, &key.account));
    let wrong = |s: &&Statement| standing.minds(s) && standing.serves_anybody(s);
    let found: Vec<Evidence> = policy.statements.iter().filter(wrong).map(|s| cited(policy, s)).collect();
    (!found.is_empty()).then(|| {
        let evidence = KEY_UNBOUND.with("key_arn", &key.arn).with("statements", found);
        fail(Severity::Low, qualified(std::iter::once(evidence), false, policy))
    })
}

/// What a policy of something else than a table is attached to.
#[derive(Debug, Clone, Copy)]
pub(super) enum LetIn<'a> {
    /// A key, by its ARN.
    Key(&'a str),
    /// A vault, by its name.
    Vault(&'a str),
    /// A Kinesis data stream, by its ARN.
    DataStream(&'a str),
    /// The table in another Region, by its ARN there.
    Replica(&'a str),
}

fn principals(grants: &Grants) -> Vec<Evidence> {
    grants.foreign.iter().map(Whom::evidence).collect()
}

/// Evidence about a policy, and what may change how much it means.
fn qualified(evidence: impl Iterator<Item = Evidence>, denies: bool, policy: &Policy) -> Vec<Evidence> {
    let parts = policy.unread.len();
    let partly = (parts > 0).then(|| PARTLY.with("parts", parts));
    evidence.chain(denies.then(|| DENY.alone())).chain(partly).collect()
}

/// Whether statements that have an effect are wrong in one way: evidence made of those that are, or why there are none.
///
/// `fine` goes on with `The table's policy`.
fn statements<'a>(
    subject: &Subject<'a>,
    kind: FactKind,
    severity: Severity,
    fine: &str,
    wrong: impl Fn(&Standing<'_>, &Statement) -> bool,
    says: impl FnOnce(&Standing<'_>, &[&'a Statement], Vec<Evidence>) -> Evidence,
) -> Judged {
    let policy = match policy_of(subject, kind)? {
        Ok(policy) => &policy.policy,
        Err(verdict) => return Ok(verdict),
    };
    let standing = Standing::of(policy, governed(subject, kind));
    let found: Vec<&Statement> =
        policy.statements.iter().filter(|s| standing.is_about_it(s) && wrong(&standing, s)).collect();
    Ok(if !found.is_empty() {
        let cited = found.iter().map(|s| cited(policy, s)).collect();
        let evidence = says(&standing, &found, cited).with("document", document(kind));
        fail(severity, qualified(std::iter::once(evidence), false, policy))
    } else if policy.unread.is_empty() {
        pass(&format!("{} policy {fine}.", whose(kind)))
    } else {
        unread(kind, &policy.unread)
    })
}

/// What the policy is attached to. Before the description is read, the table's own name tells, where its account is known.
fn governed<'a>(subject: &Subject<'a>, kind: FactKind) -> Governed<'a> {
    let Some(description) = subject.facts.description.known() else {
        let scope = &subject.table.scope;
        return Governed::table(None, &scope.account);
    };
    let of_stream = description.stream.as_ref().filter(|_| kind == FactKind::StreamPolicy);
    let arn = of_stream.map_or(description.arn.as_str(), |stream| stream.arn.as_str());
    Governed::table(Some(arn), &subject.table.scope.account)
}

/// What several statements name, each once.
fn each<T: PartialEq>(found: &[&Statement], names: impl Fn(&Statement) -> Vec<T>) -> Vec<T> {
    let mut all: Vec<T> = Vec::new();
    for one in found.iter().flat_map(|s| names(s)) {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// Evidence that names the statements alone.
fn only(message: &'static Message) -> impl FnOnce(&Standing<'_>, &[&Statement], Vec<Evidence>) -> Evidence {
    move |_, _, cited| message.with("statements", cited)
}

/// The policy of the table or the stream; or the verdict of every check about it where there is none.
fn policy_of<'a>(
    subject: &Subject<'a>,
    kind: FactKind,
) -> Result<Result<&'a ResourcePolicy, Verdict>, crate::posture::Unseen> {
    if kind == FactKind::StreamPolicy {
        return super::stream_policy(subject);
    }
    Ok(subject.facts.policy.read()?.as_ref().ok_or_else(|| pass("The table has no resource-based policy.")))
}

/// Whether every action is allowed.
pub(super) fn wildcard_action(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let fine = "names the actions that it allows";
    let wrong = |standing: &Standing<'_>, s: &Statement| allows_everything(s) && standing.is_in_force(s);
    statements(subject, kind, Severity::Medium, fine, wrong, only(&EVERY_ACTION))
}

/// Whether whole accounts are let in. The own account by itself only leaves the choice to its administrators.
pub(super) fn whole_account(subject: &Subject<'_>, kind: FactKind) -> Judged {
    if let Err(verdict) = policy_of(subject, kind)? {
        return Ok(verdict);
    }
    if let Err(verdict) = super::own_account(subject)? {
        return Ok(verdict);
    }
    let fine = "names no whole account";
    let of = |standing: &Standing<'_>, s: &Statement, accounts: Vec<String>| -> Vec<String> {
        accounts.into_iter().filter(|account| standing.gives_account(s, account)).collect()
    };
    let foreign = |standing: &Standing<'_>, s: &Statement| -> Vec<String> {
        let others = whole_accounts(s).into_iter().filter(|account| account != standing.own());
        of(standing, s, others.collect())
    };
    let medium = Severity::Medium;
    let wrong = |standing: &Standing<'_>, s: &Statement| !foreign(standing, s).is_empty();
    let says = |standing: &Standing<'_>, found: &[&Statement], cited: Vec<Evidence>| {
        let accounts = each(found, |s| foreign(standing, s));
        WHOLE_ACCOUNTS.with("accounts", accounts).with("statements", cited)
    };
    match statements(subject, kind, medium, fine, wrong, says)? {
        Verdict::Pass(_) => {}
        other => return Ok(other),
    }
    let everyone = |standing: &Standing<'_>, s: &Statement| !of(standing, s, everyone_of(s)).is_empty();
    let says = |standing: &Standing<'_>, _: &[&Statement], cited| {
        EVERYONE_OF.with("account", standing.own()).with("statements", cited)
    };
    match statements(subject, kind, medium, fine, everyone, says)? {
        Verdict::Pass(_) => {}
        other => return Ok(other),
    }
    let own_too = |standing: &Standing<'_>, s: &Statement| !of(standing, s, whole_accounts(s)).is_empty();
    let says = |standing: &Standing<'_>, _: &[&Statement], cited| {
        OWN_ACCOUNT.with("account", standing.own()).with("statements", cited)
    };
    statements(subject, kind, Severity::Low, fine, own_too, says)
}

/// Whether a condition that does not fix who may come is all that narrows "everyone".
pub(super) fn weak_condition(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let wrong = |standing: &Standing<'_>, s: &Statement| !weak_conditions(s).is_empty() && standing.opens(s);
    let says = |_: &Standing<'_>, found: &[&Statement], cited: Vec<Evidence>| {
        let of = |(s, cited): (&&Statement, &Evidence)| {
            WEAK_CONDITION.with("keys", weak_conditions(s)).with("statements", vec![cited.clone()])
        };
        let conditions: Vec<Evidence> = found.iter().zip(&cited).map(of).collect();
        WEAK_CONDITIONS.with("conditions", conditions)
    };
    statements(subject, kind, Severity::Medium, "relies on no weak condition", wrong, says)
}

/// Whether a service is let in for anybody's sake.
pub(super) fn service_unbound(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let fine = "grants no service access for anybody's sake";
    let wrong = |standing: &Standing<'_>, s: &Statement| standing.serves_anybody(s);
    statements(subject, kind, Severity::Low, fine, wrong, only(&UNBOUND))
}

/// Whether somebody is named who was deleted.
pub(super) fn orphan_principal(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let wrong = |_: &Standing<'_>, s: &Statement| !orphans(s).is_empty();
    let says = |_: &Standing<'_>, found: &[&Statement], cited: Vec<Evidence>| {
        ORPHANS.with("principals", each(found, orphans)).with("statements", cited)
    };
    statements(subject, kind, Severity::Info, "names nobody who was deleted", wrong, says)
}

/// Whether somebody may change the policy by the policy.
pub(super) fn can_change_itself(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let changes = |standing: &Standing<'_>, s: &Statement| {
        let actions = ["dynamodb:PutResourcePolicy", "dynamodb:DeleteResourcePolicy"];
        s.effect == Effect::Allow && standing.gives(s, &actions)
    };
    statements(subject, kind, Severity::Medium, "lets nobody change it", changes, only(&CHANGES_ITSELF))
}

/// Whether plain HTTP is denied.
pub(super) fn no_tls_deny(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let Ok(policy) = policy_of(subject, kind)? else {
        let text = format!("The {} has no resource-based policy that could deny plain HTTP.", document(kind));
        return Ok(not_applicable(&text));
    };
    let description = subject.facts.description.read()?;
    let of_stream = description.stream.as_ref().filter(|_| kind == FactKind::StreamPolicy);
    let denies: Vec<&Statement> = policy.policy.statements.iter().filter(|s| denies_plain_http(s)).collect();
    let indexes = description.indexes.iter().filter(|_| of_stream.is_none());
    let indexes = indexes.map(|index| format!("{}/index/{}", description.arn, index.name));
    let open: Vec<String> = std::iter::once(of_stream.map_or(&description.arn, |stream| &stream.arn).clone())
        .chain(indexes)
        .filter(|arn| !denies.iter().any(|deny| is_about(deny, arn)))
        .collect();
    Ok(if open.is_empty() {
        pass(&format!("{} policy denies plain HTTP.", whose(kind)))
    } else if policy.policy.unread.is_empty() && !denies.is_empty() {
        let cited: Vec<Evidence> = denies.iter().map(|s| cited(&policy.policy, s)).collect();
        let evidence = TLS_IN_PART.with("document", document(kind)).with("open_arns", open);
        fail(Severity::Info, evidence.with("statements", cited))
    } else if policy.policy.unread.is_empty() {
        fail(Severity::Info, NO_TLS_DENY.with("document", document(kind)))
    } else {
        unread(kind, &policy.policy.unread)
    })
}

/// Whether an index is granted without its table.
pub(super) fn index_apart(subject: &Subject<'_>, kind: FactKind) -> Judged {
    let policy = match policy_of(subject, kind)? {
        Ok(policy) => &policy.policy,
        Err(verdict) => return Ok(verdict),
    };
    // Who has the table anyway is not missed by anybody who looks for the readers of the table.
    let apart = |standing: &Standing<'_>, s: &Statement| {
        grants_index_alone(s) && !has_table_too(policy, s) && standing.is_in_force(s)
    };
    statements(subject, kind, Severity::Low, "grants no index by itself", apart, only(&INDEX_APART))
}

/// The verdict on a document of which part is not understood, where the rest shows no harm.
pub(super) fn unread(kind: FactKind, what: &[impl ToString]) -> Verdict {
    unreadable(kind, &part(what))
}

fn grants(
    subject: &Subject<'_>,
    policy: &ResourcePolicy,
    kind: FactKind,
) -> Result<Result<Grants, Verdict>, crate::posture::Unseen> {
    Ok(super::own_account(subject)?.map(|_| survey(&Standing::of(&policy.policy, governed(subject, kind)))))
}

fn whose(kind: FactKind) -> &'static str {
    if kind == FactKind::StreamPolicy { "The stream's" } else { "The table's" }
}

fn public_id(kind: FactKind) -> &'static str {
    if kind == FactKind::StreamPolicy { "stream-policy-public" } else { "policy-public" }
}

/// What the policy is attached to, in a word.
fn document(kind: FactKind) -> &'static str {
    if kind == FactKind::StreamPolicy { "stream" } else { "table" }
}

/// What the checks of policies can say.
pub(super) static MESSAGES: &[&Message] = &[
    &PUBLIC,
    &UNCOUNTED,
    &FOREIGN,
    &NO_ACCOUNT,
    &INERT,
    &INERT_ABROAD,
    &PERHAPS_INERT,
    &DENY,
    &PARTLY,
    &EVERY_ACTION,
    &WHOLE_ACCOUNTS,
    &EVERYONE_OF,
    &OWN_ACCOUNT,
    &WEAK_CONDITIONS,
    &WEAK_CONDITION,
    &UNBOUND,
    &ORPHANS,
    &CHANGES_ITSELF,
    &INDEX_APART,
    &TLS_IN_PART,
    &NO_TLS_DENY,
    &KEY_PUBLIC,
    &KEY_FOREIGN,
    &KEY_UNBOUND,
    &VAULT_PUBLIC,
    &VAULT_FOREIGN,
    &DATA_STREAM_PUBLIC,
    &DATA_STREAM_FOREIGN,
    &REPLICA_PUBLIC,
    &REPLICA_FOREIGN,
    &STATEMENT,
    &ACCOUNT,
    &OTHERS,
    &BEHALF,
];

static PUBLIC: Message = Message::new(
    "policy-grants-anyone",
    "The {document}'s policy grants access to anyone, with {actions} ({statements}).",
);
static UNCOUNTED: Message = Message::new(
    "policy-conditions-not-counted",
    "Conditions that do not fix who may come, as an address does not, were not counted.",
);
static FOREIGN: Message = Message::new(
    "policy-grants-others",
    "The {document}'s policy grants access to {principals}, with {actions} ({statements}){conditional?, \
     under conditions|}.",
);
static NO_ACCOUNT: Message = Message::new(
    "policy-names-no-other-account",
    "No other account is named: who that is, and of which accounts, the policy does not tell.",
);
static INERT: Message = Message::new(
    "policy-grant-inert",
    "It is inert as long as the table is encrypted under the AWS managed key.",
);
static INERT_ABROAD: Message = Message::new(
    "policy-grant-inert-abroad",
    "As long as the table is encrypted under the AWS managed key, only those of the own account can use it.",
);
pub static PERHAPS_INERT: Message = Message::new(
    "policy-grant-perhaps-inert",
    "The key was not read: under the AWS managed key the grant would be inert.",
);
static DENY: Message = Message::new("policy-deny-not-weighed", "A Deny in it may take some of this away.");
static PARTLY: Message =
    Message::new("policy-partly-unread", "{parts:part|parts} of the policy could not be read.");
static EVERY_ACTION: Message =
    Message::new("policy-allows-every-action", "The {document}'s policy allows every action: {statements}.");
static WHOLE_ACCOUNTS: Message = Message::new(
    "policy-names-whole-accounts",
    "The {document}'s policy names whole accounts: {accounts} ({statements}).",
);
static EVERYONE_OF: Message = Message::new(
    "policy-grants-everyone-of-account",
    "The {document}'s policy grants access to everyone in account {account}, whatever their own policies \
     say: {statements}.",
);
static OWN_ACCOUNT: Message = Message::new(
    "policy-names-own-account",
    "The {document}'s policy names the whole account {account}: {statements}.",
);
static WEAK_CONDITIONS: Message = Message::new(
    "policy-relies-on-weak-conditions",
    "The {document}'s policy grants access to anyone who meets a condition that does not fix who it is: \
     {conditions}.",
);
static WEAK_CONDITION: Message = Message::new("policy-weak-condition", "{keys} ({statements})");
static UNBOUND: Message = Message::new(
    "policy-grants-services-unbound",
    "The {document}'s policy grants access to services without saying for whom: {statements}.",
);
static ORPHANS: Message = Message::new(
    "policy-names-deleted-principals",
    "The {document}'s policy names users or roles that were deleted: {principals} ({statements}).",
);
static CHANGES_ITSELF: Message = Message::new(
    "policy-can-be-changed-by-itself",
    "The {document}'s policy lets somebody change or delete it: {statements}.",
);
static INDEX_APART: Message = Message::new(
    "policy-grants-indexes-alone",
    "The {document}'s policy grants indexes without their table: {statements}.",
);
static TLS_IN_PART: Message = Message::new(
    "policy-denies-plain-http-in-part",
    "The {document}'s policy denies plain HTTP, but not for {open_arns}.",
)
.carrying(&["statements"]);
static NO_TLS_DENY: Message =
    Message::new("policy-allows-plain-http", "The {document}'s policy has no Deny for requests without TLS.");
static KEY_PUBLIC: Message =
    Message::new("key-policy-grants-anyone", "The key's policy grants access to anyone ({statements}).")
        .carrying(&["key_arn"]);
static KEY_FOREIGN: Message = Message::new(
    "key-policy-grants-others",
    "The key's policy grants access to {principals} ({statements}).",
)
.carrying(&["key_arn"]);
static KEY_UNBOUND: Message = Message::new(
    "key-policy-grants-services-unbound",
    "The key's policy lets services decrypt without saying for whom ({statements}).",
)
.carrying(&["key_arn"]);
static VAULT_PUBLIC: Message = Message::new(
    "vault-takes-copies-from-anyone",
    "The vault {vault}'s policy takes copies from anyone ({statements}).",
);
static VAULT_FOREIGN: Message = Message::new(
    "vault-takes-copies-from-others",
    "The vault {vault}'s policy takes copies from {principals} ({statements}).",
);
static DATA_STREAM_PUBLIC: Message = Message::new(
    "data-stream-read-by-anyone",
    "The data stream {stream_arn} may be read by anyone ({statements}).",
);
static DATA_STREAM_FOREIGN: Message = Message::new(
    "data-stream-read-by-others",
    "The data stream {stream_arn} may be read by {principals} ({statements}).",
);
static REPLICA_PUBLIC: Message = Message::new(
    "replica-policy-grants-anyone",
    "The policy of the replica {replica_arn} grants access to anyone ({statements}).",
);
static REPLICA_FOREIGN: Message = Message::new(
    "replica-policy-grants-others",
    "The policy of the replica {replica_arn} grants access to {principals} ({statements}).",
);
