//! The port to where tables are. It has no method that could write; AWS SDK types stop here.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::domain::{
    AccessKeyAnswer, AccessKeyFacts, AccessKeyId, AccessKeyQuestion, FactKind, FactValue, Gap, Identity,
    LookedUp, Lookup, MfaCode, PageRequest, Scope, StreamPosition, StreamState, TableFacts, TableRef, Tailed,
};
pub use crate::domain::{Call, Page, Tables};
use crate::engine::Folded;

pub mod export;
pub mod given;
pub mod json;
pub mod live;
pub mod perform;

/// Where calls are reported.
pub type Ledger = Arc<dyn Fn(Call) + Send + Sync>;

/// A place with tables: one account in one Region.
///
/// Every method answers or says why not; none can write.
pub trait Source: Send + Sync {
    /// The account and Region; the account is empty until [`Source::identity`] answered once.
    fn scope(&self) -> Arc<Scope>;
    /// Whose credentials these are.
    fn identity(&self) -> BoxFuture<'_, Result<Identity, Gap>>;
    /// The MFA devices of which signing in again needs a code each, by their serial numbers and in this order.
    fn devices(&self) -> Vec<String> {
        Vec::new()
    }
    /// Gets credentials anew: files are read again, roles are assumed with these codes, one for each of
    /// [`Source::devices`]. On failure the old ones stay.
    fn renew(&self, _codes: Vec<MfaCode>) -> BoxFuture<'_, Result<(), Gap>> {
        Box::pin(std::future::ready(Ok(())))
    }
    /// A person asks again: nothing that was answered before is the answer any more, neither a good one that stands for
    /// all tables nor that a service was silent.
    fn ask_anew(&self) {}
    /// A page of tables, after a name.
    fn tables(&self, after: Option<String>) -> BoxFuture<'_, Result<Tables, Gap>>;
    /// One fact; `known` holds what [`FactKind::needs`] asks for.
    fn fact<'a>(
        &'a self,
        table: &'a TableRef,
        kind: FactKind,
        known: &'a TableFacts,
    ) -> BoxFuture<'a, Result<FactValue, Gap>>;
    /// One fact about an access key that was found in an item; `known` holds what the status needs. Unsupported unless
    /// told otherwise.
    fn access_key<'a>(
        &'a self,
        _id: &'a AccessKeyId,
        _question: AccessKeyQuestion,
        _known: &'a AccessKeyFacts,
    ) -> BoxFuture<'a, Result<AccessKeyAnswer, Gap>> {
        Box::pin(std::future::ready(Err(Gap::Unsupported)))
    }
    /// What reading a table's stream would mean; `known` holds the stream's ARN. Unsupported unless told otherwise.
    fn stream<'a>(&'a self, _known: &'a TableFacts) -> BoxFuture<'a, Result<StreamState, Gap>> {
        Box::pin(std::future::ready(Err(Gap::Unsupported)))
    }
    /// Records of a table's stream, from now on or from where the last round ended.
    fn tail<'a>(
        &'a self,
        _table: &'a TableRef,
        _position: Option<StreamPosition>,
        _known: &'a TableFacts,
    ) -> BoxFuture<'a, Result<Tailed, Gap>> {
        Box::pin(std::future::ready(Err(Gap::Unsupported)))
    }
    /// A page of CloudTrail's event history. Unsupported unless told otherwise.
    fn look_up(&self, _lookup: Lookup) -> BoxFuture<'_, Result<LookedUp, Gap>> {
        Box::pin(std::future::ready(Err(Gap::Unsupported)))
    }
    /// A page of items. `known` gives the table's key schema to the detector.
    fn page<'a>(&'a self, request: PageRequest, known: &'a TableFacts) -> BoxFuture<'a, Result<Page, Gap>>;
    /// The same page of a whole table, of which only counts and sightings leave: the items end where they came from.
    fn fold<'a>(&'a self, request: PageRequest, known: &'a TableFacts) -> BoxFuture<'a, Result<Folded, Gap>> {
        Box::pin(async move { self.page(request, known).await.map(|page| Folded::of(&page)) })
    }
}
