//! An endpoint on loopback that answers from its head: as many tables and items as one likes, in no time.
//!
//! It exists so that what is measured is the program, not a database.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What the account holds.
#[derive(Clone, Copy, Default)]
pub struct Account {
    /// Tables: `t000000`, `t000001` ...
    pub tables: usize,
    /// Items of each.
    pub items: usize,
    /// Bytes of an item, about.
    pub item_bytes: usize,
    /// How long a table's setting takes.
    pub setting: Duration,
    /// How long a page of items takes.
    pub page: Duration,
    /// Every so many items has a credential, where this is not 0.
    pub leak_every: usize,
    /// How many bytes a table says that it has; 0 for as many as it has.
    pub claimed: usize,
    /// Pages are made once and kept.
    pub kept: bool,
    /// How many short attributes an item has besides.
    pub short: usize,
}

/// A running endpoint.
pub struct Canned {
    /// Its URL.
    pub url: String,
    times: Arc<Times>,
}

/// Pages that were made, by what was asked for.
type Pages = Mutex<HashMap<Vec<u8>, Arc<String>>>;

/// When the last Scan came and was answered, in nanoseconds since the start.
struct Times {
    start: Instant,
    scans: AtomicU64,
    settings: AtomicU64,
    served: AtomicU64,
}

impl Canned {
    /// Starts one; it ends with the process.
    pub fn start(account: Account) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let times = Arc::new(Times {
            start: Instant::now(),
            scans: AtomicU64::new(0),
            settings: AtomicU64::new(0),
            served: AtomicU64::new(0),
        });
        let shared = Arc::clone(&times);
        let pages: Arc<Pages> = Arc::default();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (times, pages) = (Arc::clone(&shared), Arc::clone(&pages));
                std::thread::spawn(move || serve(stream, account, &times, &pages));
            }
        });
        Self { url, times }
    }

    /// Pages of items that were asked for.
    pub fn scans(&self) -> u64 {
        self.times.scans.load(Ordering::Relaxed)
    }

    /// Settings that were answered.
    pub fn settings(&self) -> u64 {
        self.times.settings.load(Ordering::Relaxed)
    }

    /// When the last page of items had been sent whole.
    pub fn last_served(&self) -> Instant {
        self.times.start + Duration::from_nanos(self.times.served.load(Ordering::Relaxed))
    }
}

/// How the names of operations begin that read settings.
const SETTINGS: &[&str] = &["Describe", "List", "GetResourcePolicy"];

fn serve(stream: TcpStream, account: Account, times: &Times, pages: &Pages) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut write = stream.try_clone().ok()?;
    let mut read = BufReader::new(stream);
    loop {
        let (mut length, mut operation) = (0, String::new());
        loop {
            let mut line = String::new();
            if read.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(": ").unwrap_or((line, ""));
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().ok()?,
                "x-amz-target" => operation = value.rsplit('.').next().unwrap_or_default().to_owned(),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        read.read_exact(&mut body).ok()?;
        if SETTINGS.iter().any(|verb| operation.starts_with(verb)) && operation != "ListTables" {
            std::thread::sleep(account.setting);
            times.settings.fetch_add(1, Ordering::Relaxed);
        }
        if operation == "Scan" {
            std::thread::sleep(account.page);
        }
        let (status, answer) = match account.kept && operation == "Scan" {
            false => {
                let (status, answer) = answer(account, &operation, &body);
                (status, Arc::new(answer))
            }
            true => {
                let kept = pages.lock().ok()?.get(&body).cloned();
                let page = kept.unwrap_or_else(|| Arc::new(answer(account, &operation, &body).1));
                pages.lock().ok()?.insert(body, Arc::clone(&page));
                (200, page)
            }
        };
        let head = format!("HTTP/1.1 {status} Canned\r\ncontent-length: {}\r\n\r\n", answer.len());
        write.write_all(&[head.as_bytes(), answer.as_bytes()].concat()).ok()?;
        if operation == "Scan" {
            times.scans.fetch_add(1, Ordering::Relaxed);
            let now = times.start.elapsed().as_nanos();
            times.served.store(u64::try_from(now).unwrap_or(u64::MAX), Ordering::Relaxed);
        }
    }
}

fn answer(account: Account, operation: &str, body: &[u8]) -> (u16, String) {
    let asked: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    match operation {
        "ListTables" => {
            let names: Vec<_> = (0..account.tables).map(|n| format!("\"t{n:06}\"")).collect();
            let after = asked["ExclusiveStartTableName"].as_str().and_then(|t| t[1..].parse::<usize>().ok());
            let from = after.map_or(0, |n| n + 1);
            let to = (from + 100).min(account.tables);
            let next = if to < account.tables {
                format!(",\"LastEvaluatedTableName\":{}", names[to - 1])
            } else {
                String::new()
            };
            (200, format!("{{\"TableNames\":[{}]{next}}}", names[from..to].join(",")))
        }
        "DescribeTable" => {
            let name = asked["TableName"].as_str().unwrap_or_default();
            let name = name.rsplit('/').next().unwrap_or_default();
            (
                200,
                format!(
                    r#"{{"Table":{{"TableName":"{name}","TableArn":"arn:aws:dynamodb:eu-west-1:111122223333:table/{name}","TableStatus":"ACTIVE","ItemCount":{},"TableSizeBytes":{},"KeySchema":[{{"AttributeName":"pk","KeyType":"HASH"}}],"AttributeDefinitions":[{{"AttributeName":"pk","AttributeType":"S"}}],"BillingModeSummary":{{"BillingMode":"PAY_PER_REQUEST"}},"ProvisionedThroughput":{{"ReadCapacityUnits":0,"WriteCapacityUnits":0}},"DeletionProtectionEnabled":false}}}}"#,
                    account.items,
                    if account.claimed > 0 { account.claimed } else { account.items * account.item_bytes }
                ),
            )
        }
        "Scan" => {
            let start = asked["ExclusiveStartKey"]["pk"]["S"].as_str().and_then(|k| k[1..].parse().ok());
            // A part is a run of items; those that it has not are in others.
            let parts = asked["TotalSegments"].as_u64().unwrap_or(1).max(1) as usize;
            let part = asked["Segment"].as_u64().unwrap_or(0) as usize;
            let (first, end) = (account.items * part / parts, account.items * (part + 1) / parts);
            let from = start.map_or(first, |n: usize| n + 1);
            let fit = (1 << 20) / account.item_bytes.max(1);
            let limit = asked["Limit"].as_u64().map_or(fit, |n| (n as usize).min(fit)).max(1);
            let to = (from + limit).min(end);
            let items: Vec<_> = (from..to).map(|n| item(account, n)).collect();
            let next = if to < end {
                format!(r#","LastEvaluatedKey":{{"pk":{{"S":"i{:09}"}}}}"#, to - 1)
            } else {
                String::new()
            };
            // Capacity as DynamoDB counts it, so that the read budget behaves as it would.
            let units = ((to - from) * account.item_bytes).div_ceil(4096) as f64 / 2.0;
            let n = to - from;
            (
                200,
                format!(
                    r#"{{"Items":[{}],"Count":{n},"ScannedCount":{n},"ConsumedCapacity":{{"TableName":"t","CapacityUnits":{units:?}}}{next}}}"#,
                    items.join(",")
                ),
            )
        }
        "GetCallerIdentity" => identity(),
        // STS speaks another protocol, without a target.
        "" => identity(),
        _ => (400, r#"{"__type":"com.amazonaws#UnknownOperationException","message":""}"#.into()),
    }
}

fn identity() -> (u16, String) {
    let body = "<GetCallerIdentityResponse><GetCallerIdentityResult>\
        <Arn>arn:aws:iam::111122223333:user/auditor</Arn><UserId>AIDAEXAMPLE</UserId>\
        <Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
    (200, body.into())
}

/// An order, filled up to its size.
pub fn item(account: Account, n: usize) -> String {
    let fixed = format!(
        r#""pk":{{"S":"i{n:09}"}},"status":{{"S":"waiting"}},"total":{{"N":"{}.50"}},"customer":{{"S":"customer {}"}},"created":{{"S":"2026-11-20T10:{:02}:{:02}Z"}}"#,
        n % 1000,
        n % 97,
        n / 60 % 60,
        n % 60
    );
    let words = ["left", "at", "the", "door", "of", "number", "second", "attempt", "carrier", "parcel"];
    let short: String = (0..account.short)
        .map(|k| match k % 4 {
            0 => format!(r#","count_{k}":{{"N":"{}"}}"#, n % 977 + k),
            1 => format!(r#","flag_{k}":{{"BOOL":{}}}"#, n.is_multiple_of(3)),
            2 => format!(r#","kind_{k}":{{"S":"{}"}}"#, words[(n + k) % words.len()]),
            _ => format!(r#","place_{k}":{{"S":"{} {}"}}"#, words[n % words.len()], words[k % words.len()]),
        })
        .collect();
    // A short attribute is some twenty bytes, as DynamoDB counts them.
    let rest = account.item_bytes.saturating_sub(90 + 20 * account.short);
    let mut note = String::with_capacity(rest);
    let mut k = n;
    while note.len() < rest {
        note.push_str(words[k % words.len()]);
        note.push(' ');
        k = k.wrapping_mul(31).wrapping_add(7);
    }
    let leaks = account.leak_every > 0 && n.is_multiple_of(account.leak_every);
    let leak = if leaks { format!(r#","api_key":{{"S":"{}"}}"#, credential(n)) } else { String::new() };
    format!(r#"{{{fixed}{short},"note":{{"S":"{}"}}{leak}}}"#, note.trim_end())
}

/// Made up: as long as a token of npm, and put together here.
fn credential(n: usize) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut seed = n as u64 ^ 0x9e37_79b9_7f4a_7c15;
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(letters[(seed >> 33) as usize % letters.len()])
    };
    let body: String = (0..36).map(|_| next()).collect();
    ["npm", "_", &body].concat()
}
