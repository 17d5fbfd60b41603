//! The body of an answer, between the wire and the SDK's reader.
//!
//! Its checksum is verified, which the SDK does not do. Of a Scan that is folded, the items are taken out where they lie, and
//! the SDK reads the rest with an empty list in their place: counts, cost and the key to go on after stay typed.
//!
//! It has to be given to each operation, and not to the client's configuration: there, the guard against stalled streams
//! stands around it, sees no byte while a page comes in, and ends the read.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use hyper::body::{Body, Bytes, Frame};
use zeroize::Zeroizing;

use crate::domain::KeySchema;
use crate::dynamodb_json::{Answer, Fault, Page};
use crate::source::live::wire::LONGEST_ANSWER;

/// Why a body is not what was sent, or is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damaged {
    /// The checksum in its header is of other bytes.
    #[error("its checksum is not that of its bytes")]
    Checksum,
    /// It is compressed, which was not asked for.
    #[error("it is encoded, which was not asked for")]
    Encoded,
    /// It is not as an answer is.
    #[error("{0}")]
    Fault(Fault),
}

/// Where a page goes that was taken out of an answer.
#[derive(Default)]
pub struct Slot {
    key: Option<KeySchema>,
    page: Mutex<Option<Page>>,
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Slot(…)")
    }
}

impl Slot {
    /// The page, once.
    pub fn take(&self) -> Option<Page> {
        self.page.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What is done with the bodies of good answers.
#[derive(Debug, Clone, Default)]
pub struct Tap(Option<Arc<Slot>>);

impl Tap {
    /// Only verifies.
    pub fn verifying() -> Self {
        Self::default()
    }

    /// Takes the items out, their attributes in the order that this key gives.
    pub fn taking(key: Option<KeySchema>) -> (Self, Arc<Slot>) {
        let slot = Arc::new(Slot { key, page: Mutex::default() });
        (Self(Some(Arc::clone(&slot))), slot)
    }
}

#[dyn_dispatch_hint]
impl Intercept for Tap {
    fn name(&self) -> &'static str {
        "Tap"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let answer = context.response_mut();
        // Of an error there is nothing to take, and its code decides what follows.
        if !answer.status().is_success() {
            return Ok(());
        }
        let header = |name| answer.headers().get(name);
        if header("content-encoding").is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
            return Err(Damaged::Encoded.into());
        }
        // Without one there is nothing to verify: endpoints that are not AWS send none.
        let crc = header("x-amz-crc32").map(str::parse::<u32>).transpose().map_err(|_| Damaged::Checksum)?;
        let length = header("content-length").and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
        let body = Tapped {
            inner: answer.take_body(),
            held: Zeroizing::new(Vec::with_capacity(length.min(LONGEST_ANSWER))),
            crc,
            slot: self.0.clone(),
            done: false,
        };
        *answer.body_mut() = SdkBody::from_body_1_x(body);
        Ok(())
    }
}

/// A body that is held until it is whole.
struct Tapped {
    inner: SdkBody,
    held: Zeroizing<Vec<u8>>,
    crc: Option<u32>,
    slot: Option<Arc<Slot>>,
    done: bool,
}

impl Tapped {
    /// What the SDK reads of it.
    fn whole(&mut self) -> Result<Vec<u8>, Damaged> {
        let mut body = std::mem::take(&mut self.held);
        if self.crc.is_some_and(|crc| crc != crc32fast::hash(&body)) {
            return Err(Damaged::Checksum);
        }
        let Some(slot) = &self.slot else { return Ok(std::mem::take(&mut *body)) };
        let answer = Answer::read(body, slot.key.as_ref()).map_err(Damaged::Fault)?;
        *slot.page.lock().unwrap_or_else(PoisonError::into_inner) = answer.page;
        Ok(answer.rest)
    }
}

impl Body for Tapped {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let me = self.get_mut();
        if me.done {
            return Poll::Ready(None);
        }
        loop {
            match ready!(Pin::new(&mut me.inner).poll_frame(cx)) {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        me.held.extend_from_slice(&data);
                    }
                }
                Some(Err(cut)) => {
                    me.done = true;
                    return Poll::Ready(Some(Err(cut)));
                }
                None => {
                    me.done = true;
                    let whole = me.whole().map(|body| Frame::data(body.into()));
                    return Poll::Ready(Some(whole.map_err(BoxError::from)));
                }
            }
        }
    }
}
