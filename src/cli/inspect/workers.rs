//! Batches of an input on every core; what is told of them comes out in the order of the input.

use std::collections::BTreeMap;
use std::io::{self, BufRead};
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::records::{Batch, Records};

/// How many batches may be under way for each worker: read, looked at, or waiting for one before them.
const AHEAD: usize = 4;
/// How often a worker without work looks whether any is wanted.
const LOOKS_UP: Duration = Duration::from_millis(50);

/// Reads the input, has `look` look at each batch with a scratch of its own, and gives what came of each to `take`, in order;
/// `take` says whether to go on.
///
/// # Errors
/// What kept the input from being read; what was read before it was taken.
pub(super) fn each<S: Default, T: Send>(
    input: impl BufRead + Send + 'static,
    workers: usize,
    look: impl Fn(Batch, &mut S) -> T + Sync,
    mut take: impl FnMut(T) -> bool,
) -> io::Result<()> {
    // A ticket a batch: without one, nothing is read, so that no slow batch makes the others pile up.
    let (give, tickets) = sync_channel(workers * AHEAD);
    for _ in 0..workers * AHEAD {
        let _ = give.send(());
    }
    let (to_workers, work) = sync_channel(workers * AHEAD);
    let (ended, end) = sync_channel(1);
    // It belongs to nobody: where nobody wants more, it may still wait for the input.
    thread::spawn(move || drop(ended.send(read(input, &tickets, &to_workers))));
    let work = Mutex::new(work);
    let stopped = AtomicBool::new(false);
    let (work, look, stopped) = (&work, &look, &stopped);
    thread::scope(|scope| {
        let (done, results) = sync_channel(workers * AHEAD);
        for _ in 0..workers {
            let done = done.clone();
            scope.spawn(move || {
                let mut scratch = S::default();
                while let Some((number, batch)) = next(work, stopped) {
                    if done.send((number, look(batch, &mut scratch))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        let (mut waiting, mut expected) = (BTreeMap::new(), 0_u64);
        for (number, result) in results {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&expected) {
                expected += 1;
                if !take(result) {
                    // Whoever still works finds nobody to give to; the reader gets no ticket any more.
                    stopped.store(true, Relaxed);
                    drop(give);
                    return Ok(());
                }
                // At the end of the input nobody asks for it.
                let _ = give.send(());
            }
        }
        end.recv().unwrap_or_else(|_| Err(io::Error::other("the reader stopped")))
    })
}

/// The next batch, if one comes. The reader may wait for the input for ever: now and then the worker looks up.
fn next(work: &Mutex<Receiver<(u64, Batch)>>, stopped: &AtomicBool) -> Option<(u64, Batch)> {
    while !stopped.load(Relaxed) {
        match work.lock().ok()?.recv_timeout(LOOKS_UP) {
            Ok(batch) => return Some(batch),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    None
}

/// Reads batch after batch, one for each ticket.
fn read(
    input: impl BufRead,
    tickets: &Receiver<()>,
    to_workers: &SyncSender<(u64, Batch)>,
) -> io::Result<()> {
    let mut records = Records::new(input)?;
    let mut number = 0;
    while tickets.recv().is_ok() {
        let Some(batch) = records.next()? else { return Ok(()) };
        if to_workers.send((number, batch)).is_err() {
            return Ok(());
        }
        number += 1;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(batch: Batch, _: &mut ()) -> usize {
        // The first batches take longest.
        let is_early = batch.records.first().is_some_and(|record| record.line < 9000);
        thread::sleep(Duration::from_micros(if is_early { 900 } else { 0 }));
        batch.records.len()
    }

    #[test]
    fn the_order_of_the_input_is_kept() {
        let input = "{\"a\":\"a value of some length, so that there are many batches\"}\n".repeat(50_000);
        for workers in [1, 2, 5] {
            let (mut sizes, mut all) = (Vec::new(), 0);
            each(io::Cursor::new(input.clone()), workers, look, |n| {
                sizes.push(n);
                all += n;
                true
            })
            .expect("readable");
            assert_eq!(all, 50_000);
            assert!(sizes.len() > 10);
        }
        let lines = |batch: Batch, (): &mut ()| batch.records.iter().map(|r| r.line).collect::<Vec<_>>();
        let mut told = Vec::new();
        each(io::Cursor::new(input), 3, lines, |lines| {
            told.extend(lines);
            true
        })
        .expect("readable");
        assert!(told.windows(2).all(|two| two[0] < two[1]) && told.len() == 50_000);
    }

    #[test]
    fn who_has_seen_enough_stops_the_reading() {
        // It never ends by itself.
        let endless = io::BufReader::new(io::repeat(b'\n'));
        let input = io::Read::chain(io::Cursor::new("{\"a\":1}\n".repeat(100_000)), endless);
        let mut taken = 0;
        each(io::BufReader::new(input), 2, look, |_| {
            taken += 1;
            taken < 3
        })
        .expect("readable");
        assert_eq!(taken, 3);
    }

    /// Fails after some lines.
    struct Broken(usize);

    impl io::Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(1).ok_or(io::ErrorKind::ConnectionReset)?;
            let line = b"{\"a\":1}\n";
            buffer[..line.len()].copy_from_slice(line);
            Ok(line.len())
        }
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        let mut all = 0;
        let said = each(io::BufReader::new(Broken(40_000)), 2, look, |n| {
            all += n;
            true
        });
        assert_eq!(said.map_err(|e| e.kind()), Err(io::ErrorKind::ConnectionReset));
        assert!(all > 0);
    }
}
