//! What holds of any item that the detector inspects. The core is built without the AWS SDK, in a minute.

pub use dynaudit_core::{detect, domain};

use std::sync::{Arc, LazyLock};

use detect::{Detector, FingerprintKey, NOT_INSPECTED, Scratch, Screening, TableContext};
use domain::Item;
use jiff::Timestamp;

/// Inspects and screens an item, and holds what must hold of any: no panic (a contained one is seen as a blind item),
/// spans that are of their text, and the same answer twice.
///
/// # Panics
/// If it does not hold.
pub fn check(item: impl Fn() -> Item) {
    static DETECTOR: LazyLock<Arc<Detector>> =
        LazyLock::new(|| Arc::new(Detector::new(FingerprintKey::new(b"a key of the fuzzer"))));
    let (context, now) = (TableContext::default(), Timestamp::UNIX_EPOCH);
    let scratch = &mut Scratch::default();
    let seen = DETECTOR.inspect(&context, &item(), now, scratch);
    let blind = seen.iter().any(|s| &*s.rule == NOT_INSPECTED);
    assert!(!blind || item().size() > 2048, "a small item was not inspected");
    assert_eq!(seen, DETECTOR.inspect(&context, &item(), now, scratch), "once more, with the same scratch");
    let screening = Screening::new(&DETECTOR, context, now);
    let screened = screening.screen(item(), scratch).opened();
    let _ = screened.tree(80, false);
}
