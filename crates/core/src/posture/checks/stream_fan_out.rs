//! Functions and pipes get every change of the table.

use crate::domain::{Evidence, FactKind, FactValue, Level, Message, Pipe, Severity, StreamConsumer};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::{described, facts, plain, secret, stream};
use crate::posture::messages::{fail, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "stream-fan-out",
    title: "The stream hands the items on",
    why: "Each reader of the stream gets the items, and keeps what it logs or writes elsewhere. A deletion here reaches \
          none of that.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[FactKind::Description, FactKind::StreamConsumers, FactKind::Pipes],
    reads_items: false,
    judge,
    topic: Fixed::Not("a list of readers to look at, nothing to switch off"),
    messages: &[&READ, &FUNCTION, &PIPE],
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html",
    refs: &[Reference::OwaspApi(9), Reference::Cwe(200)],
    field: "ListEventSourceMappings EventSourceMappings[].FunctionArn, ListPipes Pipes[].Target",
    cases: &[
        Case::of("no stream", || facts([plain()]), "not-applicable", "no stream"),
        Case::of(
            "nobody reads it",
            || facts([streaming(), read_by(&[]), piped(&[])]),
            "pass",
            "no Lambda function and no pipe",
        ),
        Case::of(
            "a function reads it",
            || facts([streaming(), read_by(&["indexer"]), piped(&[])]),
            "fail",
            "info: Its stream (NEW_AND_OLD_IMAGES) is read by function indexer",
        ),
        Case::seen(
            "a pipe reads secrets",
            || facts([streaming(), read_by(&[]), piped(&["out"])]),
            secret,
            "fail",
            "medium: Its stream (NEW_AND_OLD_IMAGES) is read by pipe out",
        ),
        Case::of(
            "all of them are switched off",
            || facts([streaming(), off(read_by(&["indexer"])), off(piped(&["out"]))]),
            "pass",
            "no Lambda function and no pipe that reads it",
        ),
        Case::of(
            "a function reads it; pipes not read",
            || facts([streaming(), read_by(&["indexer"])]),
            "fail",
            "is read by function indexer",
        ),
        Case::of(
            "functions not read",
            || facts([streaming(), piped(&[])]),
            "unknown",
            "stream_consumers: not asked",
        ),
        Case::of("pipes not read", || facts([streaming(), read_by(&[])]), "unknown", "pipes: not asked"),
        Case::of("nothing read", || facts([]), "unknown", "description: not asked"),
    ],
};

static READ: Message = Message::new(
    "stream-readers",
    "Its stream ({view}) is read by {readers}.{secrets? Secrets were seen in the items: they get those, \
     too.|}",
)
.carrying(&["stream_arn"]);

static FUNCTION: Message =
    Message::new("stream-reader-function", "function {function}").carrying(&["function_arn"]);

static PIPE: Message = Message::new("stream-reader-pipe", "pipe {pipe} to {target_arn}");

fn judge(subject: &Subject<'_>) -> Judged {
    let Some(stream) = &subject.facts.description.read()?.stream else {
        return Ok(not_applicable("The table has no stream."));
    };
    let (functions, pipes) = (&subject.facts.stream_consumers, &subject.facts.pipes);
    let short = |arn: &str| arn.rsplit(':').next().unwrap_or(arn).to_owned();
    let readers: Vec<Evidence> = functions
        .known()
        .into_iter()
        .flatten()
        .filter(|f| f.reads())
        .map(|f| FUNCTION.with("function", short(&f.function)).with("function_arn", &f.function))
        .chain(
            pipes
                .known()
                .into_iter()
                .flatten()
                .filter(|p| p.reads())
                .map(|p| PIPE.with("pipe", &p.name).with("target_arn", &p.target)),
        )
        .collect();
    // Who is known to read does so, whoever else does.
    if readers.is_empty() {
        functions.read()?;
        pipes.read()?;
        return Ok(pass(
            "The stream has no Lambda function and no pipe that reads it. Other readers do not show.",
        ));
    }
    let secrets = subject.flagged.is_some_and(|f| !f.is_empty()) && stream.view != "KEYS_ONLY";
    let evidence = READ
        .with("view", &stream.view)
        .with("readers", readers)
        .with("secrets", secrets)
        .with("stream_arn", &stream.arn);
    Ok(fail(if secrets { Severity::Medium } else { Severity::Info }, evidence))
}

fn streaming() -> FactValue {
    described(|d| d.stream = stream())
}

fn read_by(names: &[&str]) -> FactValue {
    let consumer = |name: &&str| StreamConsumer {
        function: format!("arn:aws:lambda:eu-west-1:111122223333:function:{name}"),
        state: "Enabled".into(),
    };
    FactValue::StreamConsumers(names.iter().map(consumer).collect())
}

fn off(readers: FactValue) -> FactValue {
    match readers {
        FactValue::StreamConsumers(mut all) => {
            all.iter_mut().for_each(|f| f.state = "Disabled".into());
            FactValue::StreamConsumers(all)
        }
        FactValue::Pipes(mut all) => {
            all.iter_mut().for_each(|p| p.state = "STOPPED".into());
            FactValue::Pipes(all)
        }
        other => other,
    }
}

fn piped(names: &[&str]) -> FactValue {
    let pipe = |name: &&str| Pipe {
        name: (*name).into(),
        target: "arn:aws:sqs:eu-west-1:111122223333:out".into(),
        state: "RUNNING".into(),
    };
    FactValue::Pipes(names.iter().map(pipe).collect())
}
