//! `dynaudit access explain`: one decision, from files.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::json;

use super::super::args::{ExplainAccess, Format};
use super::super::fail::Fail;
use super::super::output;
use super::{files, told};
use crate::access::{
    Answer, Around, Caller, Context, Decision, Key, Layer, Open, Question, Source, World, decide,
};
use crate::domain::Safe;

/// Runs it.
pub fn run(args: &ExplainAccess) -> Result<ExitCode, Fail> {
    let caller = Caller::parse(&args.principal)
        .map_err(|why| Fail::usage(format!("--principal \"{}\" {why}", args.principal), "see `--help`"))?;
    if !args.action.contains(':') {
        return Err(Fail::usage(
            format!("--action \"{}\" names no service", args.action),
            "give it whole, for instance dynamodb:GetItem",
        ));
    }
    let mut context = Context::default();
    for (key, value) in &args.context {
        context.give(key, value);
    }
    let mut world = World::default();
    for path in &args.account_details {
        files::details(&mut world, path)?;
    }
    if let Some(folder) = &args.org_policies {
        world.organization = Some(files::organization(folder)?);
    }
    let around = around(args)?;
    let question = Question { action: args.action.clone(), resource: args.resource.clone(), caller, context };
    let decision = decide(&world, &question, &around);
    let assumed = assumed(args, &question, &world);
    match args.format {
        Format::Json => output::print(&as_json(&decision, &assumed))?,
        Format::Text => output::print(&as_text(&question, &decision, &assumed))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn around(args: &ExplainAccess) -> Result<Around, Fail> {
    let read = |layer, name: &str, path: &Option<PathBuf>| {
        path.as_ref().map(|path| files::policy(layer, name, path)).transpose()
    };
    let is_role = args.resource.contains(":iam:");
    let (layer, name) =
        if is_role { (Layer::Trust, "trust policy") } else { (Layer::Resource, "resource policy") };
    let described = args.describe_table.as_deref().map(|file| files::described(file, None)).transpose()?;
    // What is told of another table, or of the same one in another Region, is not told of this one.
    let described = described.filter(|d| d.arn.as_deref().is_none_or(|arn| is_within(&args.resource, arn)));
    let described = described.unwrap_or_default();
    let policy = read(Layer::Key, "key policy", &args.key_policy)?;
    let (grants, grants_unread) = args.grants.as_deref().map(files::grants).transpose()?.unwrap_or_default();
    let key = (policy.is_some() || described.key.is_some() || !grants.is_empty()).then(|| {
        // The question may be about the key itself.
        let asked = args.resource.contains(":kms:").then(|| args.resource.clone());
        Key {
            arn: asked.or(described.key),
            managed_by_aws: false,
            policy: policy.unwrap_or_else(|| Arc::new(Source::unread(Layer::Key, "key policy", "not given"))),
            grants,
            grants_unread,
        }
    });
    Ok(Around {
        resource: read(layer, name, &args.resource_policy)?,
        stream: read(Layer::Resource, "stream policy", &args.stream_policy)?,
        session: read(Layer::Session, "session policy", &args.session_policy)?,
        endpoint: read(Layer::Endpoint, "VPC endpoint policy", &args.endpoint_policy)?,
        key,
    })
}

/// Whether a resource is the table of this ARN, or something of it; anything that is no table may belong to it.
fn is_within(resource: &str, table: &str) -> bool {
    let of_table = resource.contains(":dynamodb:") && resource.contains(":table/");
    !of_table || resource.strip_prefix(table).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Each document that was taken not to exist, because it was not given.
fn assumed(args: &ExplainAccess, question: &Question, world: &World) -> Vec<&'static str> {
    let dynamodb = args.resource.contains(":dynamodb:");
    let stream = args.resource.contains("/stream/");
    let mut assumed = Vec::new();
    let mut add = |missing: bool, what| {
        if missing {
            assumed.push(what);
        }
    };
    add(args.resource_policy.is_none() && !stream && args.resource != "*", "no resource policy");
    add(args.stream_policy.is_none() && stream, "no stream policy");
    add(
        args.key_policy.is_none() && args.describe_table.is_none() && dynamodb,
        "no key that is not AWS's own",
    );
    add(args.grants.is_none() && args.key_policy.is_some(), "no grants of the key");
    let session = matches!(question.caller, Caller::Session { .. } | Caller::FederatedUser { .. });
    add(args.session_policy.is_none() && session, "no session policy");
    add(args.endpoint_policy.is_none(), "no VPC endpoint policy");
    add(world.organization.is_none(), "no organization");
    assumed
}

fn as_json(decision: &Decision, assumed: &[&str]) -> String {
    let conditions: Vec<_> = decision
        .conditions
        .iter()
        .map(|one| {
            let mut condition = match &one.open {
                Open::Condition { operator, key, values } => {
                    json!({"operator": operator, "key": key, "values": values})
                }
                Open::Principal(whom) => json!({"principal": whom}),
                Open::Resource(pattern) => json!({"resource": pattern}),
                Open::Unread(why) => json!({"unread": why}),
            };
            condition["unless"] = json!(one.unless);
            condition["for_key"] = json!(one.of_key);
            condition["statement"] = json!(one.statement.to_string());
            condition
        })
        .collect();
    let deciding: Vec<_> = decision
        .deciding
        .iter()
        .map(|one| {
            json!({
                "source": one.source,
                "statement": one.position,
                "sid": one.sid,
                "effect": if one.denies { "Deny" } else { "Allow" },
            })
        })
        .collect();
    let gates: Vec<_> =
        decision.gates.iter().map(|gate| json!({"gate": gate.name, "state": gate.state.word()})).collect();
    told::document(json!({
        "decision": decision.answer.word(),
        "conditions": conditions,
        "deciding": deciding,
        "gates": gates,
        "stopped_by": decision.stop.map(|stop| stop.to_string()),
        "would_pass_without": decision.lifting.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "unread": decision.unread,
        "assumed": assumed,
    }))
}

fn as_text(question: &Question, decision: &Decision, assumed: &[&str]) -> String {
    let safe = |text: &str| Safe::neutral(text).to_string();
    let mut out = String::new();
    let word = match decision.answer {
        Answer::Allowed => "allowed",
        Answer::AllowedIf => "allowed on conditions, or if what is not read allows it",
        Answer::Denied => "denied",
    };
    let _ = writeln!(out, "{word}");
    for (label, text) in [
        ("principal", question.caller.to_string()),
        ("action", question.action.clone()),
        ("resource", question.resource.clone()),
    ] {
        let _ = writeln!(out, "  {label:<10} {}", safe(&text));
    }
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(out, "\n{title}");
            for line in lines {
                let _ = writeln!(out, "  {}", safe(&line));
            }
        }
    };
    section("conditions", decision.conditions.iter().map(ToString::to_string).collect());
    if let Some(stop) = decision.stop {
        section("stopped by", vec![stop.to_string()]);
    }
    section("would pass without", decision.lifting.iter().map(ToString::to_string).collect());
    let effect = |denies| if denies { "Deny " } else { "Allow" };
    section(
        "deciding",
        decision.deciding.iter().map(|one| format!("{} {one}", effect(one.denies))).collect(),
    );
    section(
        "gates",
        decision.gates.iter().map(|gate| format!("{:<26} {}", gate.name, gate.state.word())).collect(),
    );
    section("not read", decision.unread.clone());
    section("taken as", assumed.iter().map(|one| (*one).to_owned()).collect());
    out
}
