//! The data plane: one embedded database for each table.
//!
//! The only file that knows the engine. A database of its own for each table means that filling a large one
//! holds up nobody who reads a small one: the engine serves a database under one lock.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

use dynoxide::actions::{get_item::GetItemRequest, query::QueryRequest, scan::ScanRequest};
use dynoxide::{Database, DynoxideError, ImportOptions};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::account::Table;
use super::answers::{dynamodb, error::ServiceError};
use super::row::{Cell, Row};
use crate::domain::AttributeValue;

/// Items a transaction when a table is filled.
const CHUNK: usize = 500;

/// A table's items.
pub(super) struct Store(Database);

impl Store {
    /// Makes the table and fills it, chunk by chunk, unless the account ends meanwhile.
    pub(super) fn fill(table: &Table, stopped: &AtomicBool) -> Result<Self, ServiceError> {
        let db = Database::memory().map_err(refused)?;
        db.create_table(read(&dynamodb::creation(table).to_string())?).map_err(refused)?;
        let mut rows = (table.items)().into_iter().map(item).peekable();
        while rows.peek().is_some() {
            if stopped.load(Ordering::Relaxed) {
                return Err(ServiceError::new(500, "InternalServerError", "the account has ended"));
            }
            let chunk = rows.by_ref().take(CHUNK).collect();
            db.import_items(table.name, chunk, ImportOptions::default()).map_err(refused)?;
        }
        Ok(Self(db))
    }

    /// Answers one of the operations on items; `None` for any other. The body names the table, not its ARN.
    ///
    /// The engine counts the item that no longer fitted into a page of 1 MB as looked at; it is taken off again.
    pub(super) fn answer(&self, operation: &str, body: &str) -> Option<Result<String, ServiceError>> {
        Some(match operation {
            "Scan" => self.run::<ScanRequest, _>(body, |db, request| {
                let unlimited = request.limit.is_none();
                let mut answer = db.scan(request)?;
                let full = unlimited && answer.last_evaluated_key.is_some();
                answer.scanned_count -= usize::from(full);
                Ok(answer)
            }),
            "Query" => self.run::<QueryRequest, _>(body, |db, request| {
                let unlimited = request.limit.is_none();
                let mut answer = db.query(request)?;
                let full = unlimited && answer.last_evaluated_key.is_some();
                answer.scanned_count -= usize::from(full);
                Ok(answer)
            }),
            "GetItem" => self.run::<GetItemRequest, _>(body, |db, request| db.get_item(request)),
            _ => return None,
        })
    }

    fn run<Request: DeserializeOwned, Answer: Serialize>(
        &self,
        body: &str,
        call: fn(&Database, Request) -> Result<Answer, DynoxideError>,
    ) -> Result<String, ServiceError> {
        let answer = call(&self.0, read(body)?).map_err(refused)?;
        serde_json::to_string(&answer)
            .map_err(|_| ServiceError::new(500, "InternalServerError", "the answer could not be written"))
    }
}

/// A request of the engine. Its readers also validate, and mark what they then say.
fn read<Request: DeserializeOwned>(body: &str) -> Result<Request, ServiceError> {
    serde_json::from_str(body).map_err(|e| {
        let message = e.to_string();
        match message.split_once("VALIDATION:") {
            Some((_, rest)) => ServiceError::new(400, "ValidationException", rest),
            None => ServiceError::new(400, "SerializationException", "the request could not be read"),
        }
    })
}

fn refused(error: DynoxideError) -> ServiceError {
    let code = error.error_type().rsplit('#').next().unwrap_or("InternalServerError").to_owned();
    ServiceError { status: error.status_code(), code, message: error.to_string() }
}

fn item(row: Row) -> HashMap<String, dynoxide::AttributeValue> {
    row.into_iter().map(|(name, cell)| (name, engine_cell(cell))).collect()
}

fn engine_cell(cell: Cell) -> dynoxide::AttributeValue {
    match cell {
        Cell::Plain(value) | Cell::Planted(value, _) => engine_value(value),
        Cell::Map(members) => dynoxide::AttributeValue::M(item(members)),
        Cell::List(members) => dynoxide::AttributeValue::L(members.into_iter().map(engine_cell).collect()),
    }
}

fn engine_value(value: AttributeValue) -> dynoxide::AttributeValue {
    use dynoxide::AttributeValue as Engine;
    match value {
        AttributeValue::S(text) => Engine::S(text),
        AttributeValue::N(number) => Engine::N(number),
        AttributeValue::B(bytes) => Engine::B(bytes),
        AttributeValue::Bool(flag) => Engine::BOOL(flag),
        AttributeValue::Null | AttributeValue::Unknown => Engine::NULL(true),
        AttributeValue::Ss(set) => Engine::SS(set),
        AttributeValue::Ns(set) => Engine::NS(set),
        AttributeValue::Bs(set) => Engine::BS(set),
        AttributeValue::L(members) => Engine::L(members.into_iter().map(engine_value).collect()),
        AttributeValue::M(members) => {
            Engine::M(members.into_iter().map(|(name, value)| (name, engine_value(value))).collect())
        }
    }
}
