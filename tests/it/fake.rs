//! A fake endpoint: a few lines of HTTP that answer as a test says and count what arrives.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What arrived.
#[derive(Debug, Clone)]
pub struct Request {
    /// The operation, from `X-Amz-Target` or `Action`.
    pub operation: String,
    /// The body.
    pub body: String,
}

/// Status and body.
pub type Answer = (u16, String);
/// Instead of a status: the connection stays open and no answer comes.
pub const SILENT: u16 = 0;
/// Instead of a status: the connection is closed without an answer.
pub const DROPPED: u16 = 1;
type Handler = Arc<dyn Fn(&Request) -> Answer + Send + Sync>;

/// A running endpoint; it ends with its runtime.
pub struct Fake {
    /// Its URL.
    pub url: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Fake {
    /// Starts one.
    pub async fn start(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, handler): (_, Handler) = (Arc::clone(&requests), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&seen), Arc::clone(&handler)));
            }
        });
        Self { url, requests }
    }

    /// What arrived so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().expect("not poisoned").clone()
    }

    /// How often an operation arrived.
    pub fn count(&self, operation: &str) -> usize {
        self.requests().iter().filter(|r| r.operation == operation).count()
    }
}

async fn serve(stream: TcpStream, seen: Arc<Mutex<Vec<Request>>>, handler: Handler) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let (mut length, mut operation) = (0, String::new());
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
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
    stream.read_exact(&mut body).await.ok()?;
    let body = String::from_utf8_lossy(&body).into_owned();
    if let Some((_, rest)) = body.split_once("Action=") {
        operation = rest.split('&').next().unwrap_or_default().to_owned();
    }
    let request = Request { operation, body };
    seen.lock().expect("not poisoned").push(request.clone());
    let (status, body) = handler(&request);
    match status {
        SILENT => std::future::pending().await,
        DROPPED => return None,
        _ => {}
    }
    let answer = format!(
        "HTTP/1.1 {status} Fake\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(answer.as_bytes()).await.ok()?;
    stream.shutdown().await.ok()
}

/// An error of the JSON protocol.
pub fn error(code: &str) -> Answer {
    (400, format!(r#"{{"__type":"com.amazonaws#{code}","message":"a reason"}}"#))
}

/// STS's answer to GetCallerIdentity.
pub fn identity() -> Answer {
    let body = "<GetCallerIdentityResponse><GetCallerIdentityResult>\
        <Arn>arn:aws:iam::111122223333:user/auditor</Arn><UserId>AIDAEXAMPLE</UserId>\
        <Account>111122223333</Account></GetCallerIdentityResult></GetCallerIdentityResponse>";
    (200, body.into())
}
