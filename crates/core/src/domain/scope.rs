//! Where a table is: partition, account, Region, endpoint.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// One account in one Region, as one set of credentials reaches it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// `aws`, `aws-cn`, `aws-us-gov` ...
    pub partition: String,
    /// Twelve digits; empty while the identity is not known.
    pub account: String,
    /// For instance `eu-west-1`.
    pub region: String,
    /// An endpoint that was set by hand, shown loudly; `None` for AWS itself.
    pub endpoint: Option<String>,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let account = if self.account.is_empty() { "account unknown" } else { &self.account };
        write!(f, "{account} {}", self.region)
    }
}

/// One table of one scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableRef {
    /// The account and Region it is in.
    pub scope: Arc<Scope>,
    /// Its name.
    pub name: String,
}

impl TableRef {
    /// A table by name.
    pub fn new(scope: &Arc<Scope>, name: impl Into<String>) -> Self {
        Self { scope: Arc::clone(scope), name: name.into() }
    }

    /// The table's ARN.
    pub fn arn(&self) -> String {
        let Scope { partition, account, region, .. } = &*self.scope;
        format!("arn:{partition}:dynamodb:{region}:{account}:table/{}", self.name)
    }
}

impl fmt::Display for TableRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}
