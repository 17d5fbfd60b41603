//! Consumers, functions and pipes read the table's changes from Kinesis.

use crate::domain::{
    Evidence, FactKind, FactValue, KinesisDestination, Level, Message, Pipe, Severity, StreamConsumer,
};
use crate::posture::check::{Case, Fixed, Judged, PostureCheck, Reference, Subject};
use crate::posture::examples::facts;
use crate::posture::messages::{fail, not_applicable, pass};

pub(super) static CHECK: PostureCheck = PostureCheck {
    id: "kinesis-consumers",
    title: "Consumers read the table's changes from Kinesis",
    why: "Each of them gets whole items, and keeps what it logs or writes elsewhere.",
    severity: Severity::Info,
    level: Level::Table,
    reads: &[
        FactKind::Kinesis,
        FactKind::KinesisConsumers,
        FactKind::KinesisFunctions,
        FactKind::KinesisPipes,
    ],
    reads_items: false,
    judge,
    topic: Fixed::Not("a list of readers to look at, nothing to switch off"),
    messages: &[&READ, &CONSUMER, &FUNCTION, &PIPE],
    source: "https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html",
    refs: &[Reference::OwaspApi(9), Reference::Cwe(200)],
    field: "ListStreamConsumers Consumers[].ConsumerName, ListEventSourceMappings EventSourceMappings[].FunctionArn, \
            ListPipes Pipes[].Name",
    cases: &[
        Case::of("no data stream", || facts([to(0)]), "not-applicable", "no Kinesis data stream"),
        Case::of(
            "nobody reads it",
            || facts([to(1), consumed(&[]), read_by(&[]), piped(&[])]),
            "pass",
            "No consumer is registered at the data stream, and no function and no pipe reads it",
        ),
        Case::of(
            "one registered",
            || facts([to(1), consumed(&["lake"]), read_by(&[]), piped(&[])]),
            "fail",
            "info: The data stream is read by consumer lake.",
        ),
        Case::of(
            "a function and a pipe",
            || facts([to(1), consumed(&[]), read_by(&["alarms"]), piped(&["out"])]),
            "fail",
            "info: The data stream is read by function alarms and pipe out.",
        ),
        Case::of(
            "one registered; the rest not read",
            || facts([to(1), consumed(&["lake"])]),
            "fail",
            "is read by consumer lake",
        ),
        Case::of(
            "consumers not read",
            || facts([to(1), read_by(&[]), piped(&[])]),
            "unknown",
            "kinesis_consumers: not asked",
        ),
        Case::of(
            "a mapping that is switched off",
            || facts([to(1), consumed(&[]), switched_off("alarms"), piped(&[])]),
            "pass",
            "No consumer is registered",
        ),
        Case::of(
            "functions not read",
            || facts([to(1), consumed(&[]), piped(&[])]),
            "unknown",
            "kinesis_functions: not asked",
        ),
        Case::of(
            "pipes not read",
            || facts([to(1), consumed(&[]), read_by(&[])]),
            "unknown",
            "kinesis_pipes: not asked",
        ),
        Case::of("nothing read", || facts([]), "unknown", "kinesis: not asked"),
    ],
};

static READ: Message = Message::new("data-stream-readers", "The data stream is read by {readers}.");

static CONSUMER: Message = Message::new("reader-consumer", "consumer {consumer}");

static FUNCTION: Message =
    Message::new("data-stream-reader-function", "function {function}").carrying(&["function_arn"]);

static PIPE: Message = Message::new("data-stream-reader-pipe", "pipe {pipe}").carrying(&["target_arn"]);

fn judge(subject: &Subject<'_>) -> Judged {
    if subject.facts.kinesis.read()?.is_empty() {
        return Ok(not_applicable("Changes go to no Kinesis data stream."));
    }
    let facts = subject.facts;
    let consumers = facts.kinesis_consumers.known().into_iter().flatten();
    let consumers = consumers.map(|name| CONSUMER.with("consumer", name));
    let short = |arn: &str| arn.rsplit(':').next().unwrap_or(arn).to_owned();
    let functions = facts.kinesis_functions.known().into_iter().flatten();
    let functions = functions
        .filter(|f| f.reads())
        .map(|f| FUNCTION.with("function", short(&f.function)).with("function_arn", &f.function));
    let pipes = facts
        .kinesis_pipes
        .known()
        .into_iter()
        .flatten()
        .filter(|p| p.reads())
        .map(|p| PIPE.with("pipe", &p.name).with("target_arn", &p.target));
    let readers: Vec<Evidence> = consumers.chain(functions).chain(pipes).collect();
    Ok(if readers.is_empty() {
        // Who is known to read does so, whoever else does.
        facts.kinesis_consumers.read()?;
        facts.kinesis_functions.read()?;
        facts.kinesis_pipes.read()?;
        pass(
            "No consumer is registered at the data stream, and no function and no pipe reads it. Who reads it without \
             registering does not show.",
        )
    } else {
        fail(Severity::Info, READ.with("readers", readers))
    })
}

fn read_by(names: &[&str]) -> FactValue {
    let function = |name: &&str| StreamConsumer {
        function: format!("arn:aws:lambda:eu-west-1:111122223333:function:{name}"),
        state: "Enabled".into(),
    };
    FactValue::KinesisFunctions(names.iter().map(function).collect())
}

fn switched_off(name: &'static str) -> FactValue {
    let FactValue::KinesisFunctions(mut all) = read_by(&[name]) else { return read_by(&[]) };
    all[0].state = "Disabled".into();
    FactValue::KinesisFunctions(all)
}

fn piped(names: &[&str]) -> FactValue {
    let pipe = |name: &&str| Pipe { name: (*name).into(), target: "out".into(), state: "RUNNING".into() };
    FactValue::KinesisPipes(names.iter().map(pipe).collect())
}

fn to(n: usize) -> FactValue {
    let arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/out";
    FactValue::Kinesis(vec![KinesisDestination { arn: arn.into(), status: "ACTIVE".into() }; n])
}

fn consumed(names: &[&str]) -> FactValue {
    FactValue::KinesisConsumers(names.iter().map(|n| (*n).to_owned()).collect())
}
