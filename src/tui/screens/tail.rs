//! Records of a table's stream, as they come in: asked for, never started by itself.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Screen, Transition, View, gap, item};
use crate::audit::AuditEvent;
use crate::domain::{Change, FactKind, Gap, Safe, StreamPosition, StreamRecord, StreamState, TableRef};
use crate::tui::keymap::Context;
use crate::tui::model::{Shared, Waiting};
use crate::tui::theme::{Role, glyph};
use crate::tui::widgets::{Block, Col, Grid, List, Rows, blocks, grid};
use crate::tui::{Action, Answer, Ask, Effect, RequestId, layout, text};

/// Maximum number of records held; the oldest go.
const HELD: usize = 200;

/// Seconds between two rounds. A shard gives five reads a second to all its readers together.
const PAUSE: i64 = 2;

/// How far it is.
enum Stage {
    /// The description of the table is on its way.
    Waiting,
    /// Who else reads is being asked.
    Asking(RequestId),
    /// What reading means is known; a key starts it.
    Question(StreamState),
    /// A round is under way.
    Reading(RequestId),
    /// Until the next round.
    Resting(Timestamp),
    /// It was stopped, or every shard is closed.
    Stopped,
    /// It ended so.
    Failed(Gap),
}

/// Records, and where to read on.
pub struct TailScreen {
    table: TableRef,
    stage: Stage,
    position: Option<StreamPosition>,
    records: VecDeque<StreamRecord>,
    seen: u64,
    /// Number of these that were not fully inspected.
    unseen: u64,
    reads: u32,
    list: List,
}

impl TailScreen {
    pub(super) fn new(table: TableRef) -> Self {
        Self {
            table,
            stage: Stage::Waiting,
            position: None,
            records: VecDeque::new(),
            seen: 0,
            unseen: 0,
            reads: 0,
            list: List::default(),
        }
    }

    fn read(&mut self, shared: &mut Shared) {
        let facts = shared.audit(&self.table).map(|t| t.facts.clone()).unwrap_or_default();
        let ask = Ask::Tail(self.table.clone(), self.position.clone(), Box::new(facts));
        let here = shared.here;
        self.stage = Stage::Reading(shared.ask(here, Waiting::Screen, ask));
    }

    /// The item of the record under the cursor.
    fn open(&self, shared: &Shared) -> Transition {
        let Some(record) = self.records.get(self.list.cursor) else { return Transition::Stay };
        let key = shared.audit(&self.table).and_then(|t| t.facts.description.known()).map(|d| d.key.clone());
        let item = Arc::new(record.item.clone());
        let item = item::ItemScreen::new(self.table.clone(), item, key, shared.options.mask_all);
        Transition::Open(Screen::Item(item.numbered(self.list.cursor + 1, self.records.len())))
    }

    fn stop(&mut self, shared: &mut Shared) {
        self.closed(shared);
        self.stage = Stage::Stopped;
    }

    fn take(&mut self, shared: &mut Shared, records: Vec<StreamRecord>) {
        // What was in an item that is gone is in the table no more.
        let there = |r: &&StreamRecord| r.change != Change::Remove;
        self.unseen += records.iter().filter(|r| !r.item.uninspected().is_none()).count() as u64;
        let sightings =
            records.iter().filter(there).flat_map(|r| r.item.sightings().iter().cloned()).collect();
        let event =
            AuditEvent::Records { table: self.table.clone(), records: records.len() as u64, sightings };
        shared.engine.record(event);
        for record in records.iter() {
            shared.queries.saw(&self.table, &record.item);
        }
        // The cursor stays on its record unless it is on the newest, which is the first row.
        let follow = self.list.cursor == 0;
        for record in records {
            self.seen += 1;
            self.records.push_front(record);
            self.list.cursor += usize::from(!follow);
        }
        self.records.truncate(HELD);
    }

    /// What reading means, before it starts. GetRecords calls of others than Lambda are billed; the first 2,500,000 a
    /// month are free, by account and Region (Developer Guide, "Evaluate your DynamoDB streams usage",
    /// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CostOptimization_StreamsUsage.html>). Two
    /// readers of a shard at most: the same guide, "Quotas", DynamoDB Streams.
    fn question(&self, state: &StreamState) -> Vec<Block> {
        let readers = match &state.functions {
            Ok(names) if names.is_empty() => "no Lambda function".to_owned(),
            Ok(names) => {
                let some: Vec<String> = names.iter().take(5).map(|n| Safe::neutral(n).to_string()).collect();
                format!("{}: {}", names.len(), some.join(", "))
            }
            Err(gap) => format!("not known ({})", Safe::neutral(&gap.to_string())),
        };
        let crowded = !matches!(&state.functions, Ok(names) if names.len() < 2);
        let mut out = vec![
            Block::Gap,
            Block::Item("shards".into(), format!("{} open; at most 4 are read", state.shards), Role::Plain),
            Block::Item("read by".into(), readers, if crowded { Role::Unknown } else { Role::Plain }),
            Block::Item(
                "cost".into(),
                format!("one streams read request unit a shard every {PAUSE} s (2,500,000 a month are free)"),
                Role::Plain,
            ),
            Block::Gap,
        ];
        let warning = "AWS advises at most two readers a shard: a third throttles the others. Readers other than Lambda functions cannot be listed.";
        out.push(Block::Text(warning.into(), if crowded { Role::Unknown } else { Role::Dim }));
        out.push(Block::Gap);
        out.push(Block::Text("enter starts reading new records; esc goes back.".into(), Role::Accent));
        out
    }

    fn said(&self) -> (String, Role) {
        let mut so_far = format!("{} records, {} reads", text::count(self.seen), self.reads);
        if self.unseen > 0 {
            so_far.push_str(&format!(", ? {} not fully inspected", text::count(self.unseen)));
        }
        match &self.stage {
            Stage::Waiting | Stage::Asking(_) => {
                ("asking which functions read the stream…".into(), Role::Dim)
            }
            Stage::Question(_) => ("nothing read yet".into(), Role::Dim),
            Stage::Reading(_) | Stage::Resting(_) => {
                (format!("{so_far} · newest first · S or esc pauses"), Role::Dim)
            }
            Stage::Stopped => (format!("{so_far} · paused; S resumes"), Role::Plain),
            Stage::Failed(gap) => {
                (format!("{so_far}, then: {}", Safe::neutral(&gap.to_string())), Role::Error)
            }
        }
    }
}

impl View for TailScreen {
    fn context(&self) -> Context {
        Context::Tail
    }

    fn list(&self, _body: u16) -> Option<Rows> {
        Some(Rows { list: self.list, above: 2, below: 0, len: self.records.len() })
    }

    fn title(&self, _: &Shared) -> String {
        format!("{} › stream", Safe::neutral(&self.table.name))
    }

    fn table(&self) -> Option<&TableRef> {
        Some(&self.table)
    }

    fn wants(&self, _: &Shared) -> Vec<TableRef> {
        vec![self.table.clone()]
    }

    fn waits_for(&self, id: RequestId) -> bool {
        matches!(self.stage, Stage::Asking(at) | Stage::Reading(at) if at == id)
    }

    fn closed(&self, shared: &mut Shared) {
        if let Stage::Asking(id) | Stage::Reading(id) = self.stage {
            shared.cancel(id);
        }
    }

    fn settle(&mut self, shared: &mut Shared) {
        let rows = layout::list_rows(shared.size.1).saturating_sub(1).max(1);
        self.list.clamp(self.records.len(), rows);
        match self.stage {
            Stage::Waiting => {
                let gap = shared.audit(&self.table).and_then(|t| t.facts.gap(FactKind::Description));
                if matches!(gap, Some(Gap::NotAsked | Gap::Pending)) {
                    return;
                }
                let facts = shared.audit(&self.table).map(|t| t.facts.clone()).unwrap_or_default();
                let here = shared.here;
                let ask = Ask::Stream(self.table.clone(), Box::new(facts));
                self.stage = Stage::Asking(shared.ask(here, Waiting::Screen, ask));
            }
            Stage::Resting(until) if until <= shared.now => self.read(shared),
            Stage::Resting(until) => shared.effects.push(Effect::WakeAt(until)),
            _ => {}
        }
    }

    fn answered(&mut self, shared: &mut Shared, answer: Answer) {
        self.stage = match answer {
            Answer::Stream(Ok(state)) => Stage::Question(state),
            Answer::Tail(Ok(tailed)) => {
                self.reads += tailed.reads;
                self.take(shared, tailed.records);
                self.position = tailed.next;
                if self.position.is_some() { Stage::Resting(shared.after(PAUSE)) } else { Stage::Stopped }
            }
            Answer::Stream(Err(gap)) | Answer::Tail(Err(gap)) => {
                let here = shared.here;
                shared.trouble(here, "stream", &gap);
                Stage::Failed(gap)
            }
            _ => return,
        };
    }

    fn act(&mut self, shared: &mut Shared, action: Action) -> Transition {
        let rows = layout::list_rows(shared.size.1).saturating_sub(1).max(1);
        if self.list.act(action, self.records.len(), rows) {
            return Transition::Stay;
        }
        match (action, &self.stage) {
            (Action::Open | Action::Tail, Stage::Question(_)) | (Action::Tail, Stage::Stopped) => {
                self.read(shared)
            }
            (Action::Tail, Stage::Reading(_) | Stage::Resting(_)) => self.stop(shared),
            (Action::Open, _) if !self.records.is_empty() => return self.open(shared),
            (Action::Open, Stage::Stopped) => self.read(shared),
            (Action::Open | Action::Tail, Stage::Failed(_)) | (Action::Refresh, _) => {
                self.closed(shared);
                self.stage = Stage::Waiting;
            }
            (Action::Back, Stage::Reading(_) | Stage::Resting(_)) => self.stop(shared),
            (Action::Back, _) => return Transition::Close,
            _ => {}
        }
        Transition::Stay
    }

    fn draw(&self, shared: &Shared, buf: &mut Buffer, area: Rect) {
        let theme = shared.options.theme;
        let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
        let (said, role) = self.said();
        blocks(buf, Rect { height: 1.min(inner.height), ..inner }, theme, &[Block::Text(said, role)], 0);
        let rest = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        match &self.stage {
            Stage::Question(state) => return blocks(buf, rest, theme, &self.question(state), 0),
            Stage::Failed(gap) if self.records.is_empty() => {
                return blocks(buf, rest, theme, &gap::explain(gap), 0);
            }
            _ => {}
        }
        let key = shared.audit(&self.table).and_then(|t| t.facts.description.known()).map(|d| d.key.clone());
        let columns = [
            Col { title: "Time".into(), width: 8, right: false },
            Col { title: "Event".into(), width: 6, right: false },
            Col { title: "Key".into(), width: (area.width / 3).clamp(10, 40), right: false },
            Col {
                title: "Changed, finding".into(),
                width: area.width.saturating_sub((area.width / 3).clamp(10, 40) + 20),
                right: false,
            },
        ];
        let rest = Rect { x: area.x, width: area.width, ..rest };
        let worst = |row: usize| self.records[row].item.worst().map(|(severity, _)| severity);
        grid(
            buf,
            rest,
            theme,
            &Grid { columns: &columns, list: self.list, len: self.records.len() },
            worst,
            |row, col| {
                let record = &self.records[row];
                match col {
                    0 => (
                        record.at.map_or_else(String::new, |t| t.strftime("%H:%M:%S").to_string()),
                        Role::Dim,
                    ),
                    1 => (record.change.word().to_owned(), Role::Plain),
                    2 => {
                        let names = key.iter().flat_map(|k| k.names());
                        let cells = names.filter_map(|n| record.item.cell(n, 40, shared.options.mask_all));
                        (cells.map(|c| c.text.to_string()).collect::<Vec<_>>().join(" "), Role::Plain)
                    }
                    _ => match record.item.sightings().iter().max_by_key(|s| s.severity) {
                        Some(s) => {
                            let found = format!("{} {} in {}", glyph(s.severity), s.title, s.path.general());
                            (Safe::neutral(&found).to_string(), Role::Severity(s.severity))
                        }
                        None => (Safe::neutral(&record.changed.join(", ")).to_string(), Role::Dim),
                    },
                }
            },
        );
    }
}
