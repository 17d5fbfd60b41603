//! The interface without a terminal: a model that pages through as many items as one likes.

use std::sync::Arc;

use dynaudit::domain::{
    AttributeValue, Billing, Cursor, Encryption, FactKind, FactValue, Identity, Item, KeyAttribute,
    KeySchema, KeyType, Page, PageRequest, Rcu, Scope, Screened, TableDescription, TableRef, Tables, Traits,
};
use dynaudit::engine::{self, Question};
use dynaudit::tui::{Answer, Ask, Effect, Key, Model, Msg, Options, update, view};
use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A session that answers itself at once, but for facts other than descriptions: those stay under way.
pub struct Paged {
    model: Model,
    buffer: Buffer,
    tables: usize,
    items: usize,
    columns: usize,
}

impl Paged {
    /// A list of this many tables.
    pub fn listing(size: (u16, u16), tables: usize) -> Self {
        Self::new(size, tables, 0, 0)
    }

    /// A table of this many items with this many attributes each, opened.
    pub fn open(size: (u16, u16), items: usize, columns: usize) -> Self {
        let mut paged = Self::new(size, 1, items, columns);
        paged.key("enter");
        paged
    }

    /// Goes to the end until there is nothing more to read.
    pub fn page_through(&mut self) {
        let last = format!("{:09}", self.items - 1);
        loop {
            self.key("G");
            self.draw();
            if self.shows(&last) {
                return;
            }
        }
    }

    fn new(size: (u16, u16), tables: usize, items: usize, columns: usize) -> Self {
        let options = Options { budget: Rcu::units(1 << 40), ..Options::default() };
        let scope = Arc::new(Scope {
            partition: "aws".into(),
            account: "111122223333".into(),
            region: "eu-west-1".into(),
            endpoint: None,
        });
        let model = Model::new(vec![scope], options, size, Timestamp::UNIX_EPOCH);
        let buffer = Buffer::empty(Rect::new(0, 0, size.0, size.1));
        let mut paged = Self { model, buffer, tables, items, columns };
        paged.send(Msg::Start);
        paged
    }

    /// Presses a key and answers everything that is asked because of it.
    pub fn key(&mut self, key: &str) {
        self.send(Msg::Key(Key::parse(key).expect("a key")));
    }

    /// Draws a frame.
    pub fn draw(&mut self) {
        self.buffer.reset();
        view(&self.model, &mut self.buffer);
    }

    /// Whether a text is in the last frame.
    pub fn shows(&self, text: &str) -> bool {
        let area = self.buffer.area;
        (0..area.height).any(|y| {
            let row: String = (0..area.width).map(|x| self.buffer[(x, y)].symbol()).collect();
            row.contains(text)
        })
    }

    fn send(&mut self, msg: Msg) {
        let mut open = update(&mut self.model, Timestamp::UNIX_EPOCH, msg);
        while let Some(effect) = open.pop() {
            if let Effect::Ask(_, id, ask) = effect
                && let Some(answer) = self.answer(&ask)
            {
                open.extend(update(&mut self.model, Timestamp::UNIX_EPOCH, Msg::Answer(id, answer)));
            }
        }
    }

    fn answer(&self, ask: &Ask) -> Option<Answer> {
        Some(match ask {
            Ask::Audit(Question::Identity) => Answer::Audit(engine::Answer::Identity(Ok(Identity {
                account: "111122223333".into(),
                arn: "arn:aws:iam::111122223333:user/auditor".into(),
            }))),
            Ask::Audit(Question::Tables(_)) => {
                let scope = &self.model.shared.place().scope;
                let tables = (0..self.tables)
                    .map(|n| TableRef::new(scope, format!("{}-{}-{n:05}", WORDS[n % 7], WORDS[n / 7 % 7])));
                Answer::Audit(engine::Answer::Tables(Ok(Tables { tables: tables.collect(), next: None })))
            }
            Ask::Audit(Question::Fact(table, FactKind::Description, _)) => {
                Answer::Audit(engine::Answer::Fact(Ok(FactValue::Description(self.description(table)))))
            }
            Ask::Page(request, _) => Answer::Page(Ok(self.page(request))),
            Ask::Audit(Question::Fact(..)) => return None,
            _ => panic!("nothing else is asked here"),
        })
    }

    fn description(&self, table: &TableRef) -> TableDescription {
        TableDescription {
            arn: table.arn(),
            status: "ACTIVE".into(),
            key: KeySchema { partition: KeyAttribute { name: "pk".into(), kind: KeyType::S }, sort: None },
            indexes: Vec::new(),
            items: self.items as u64,
            bytes: 0,
            billing: Billing::OnDemand,
            encryption: Encryption::AwsOwned,
            stream: None,
            deletion_protection: Some(false),
            restored_from: None,
            vectors: Vec::new(),
            replicas: Vec::new(),
            class: "STANDARD".into(),
            created: None,
        }
    }

    fn page(&self, request: &PageRequest) -> Page {
        let from = match request.start.as_ref().and_then(|c| c.key().get("pk")) {
            Some(AttributeValue::S(key)) => key.parse::<usize>().expect("a key we gave") + 1,
            _ => 0,
        };
        let to = (from + request.limit.unwrap_or(100) as usize).min(self.items);
        let key = |n: usize| ("pk".to_owned(), AttributeValue::S(format!("{n:09}")));
        let item = |n: usize| {
            let rest = (1..self.columns)
                .map(|c| (format!("column{c:03}"), AttributeValue::S(format!("v{}", n ^ c))));
            Screened::new(Item::new(std::iter::once(key(n)).chain(rest).collect()), Vec::new())
        };
        Page {
            items: (from..to).map(item).collect(),
            traits: Traits::default(),
            scanned: (to - from) as u64,
            matched: (to - from) as u64,
            cost: Some(Rcu::from_f64(0.5)),
            next: (to < self.items).then(|| Cursor::new(Item::new(vec![key(to - 1)]))),
        }
    }
}

const WORDS: [&str; 7] = ["orders", "sessions", "customers", "audit", "billing", "carts", "tokens"];
