//! How the layers are put together, for one resource or for many at once.

use super::Layer;
use super::action::Abroad;
use super::truth::{Logic, Truth};

/// A layer: what allows, and what denies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Side<T> {
    pub allow: T,
    pub deny: T,
}

impl<T: Logic> Side<T> {
    /// Nothing of the kind exists, wherever `like` is of.
    pub fn free(like: &T) -> Self {
        Self { allow: like.everywhere(Truth::Yes), deny: like.everywhere(Truth::No) }
    }

    /// Nothing allows, and nothing denies.
    pub fn silent(like: &T) -> Self {
        Self { allow: like.everywhere(Truth::No), deny: like.everywhere(Truth::No) }
    }
}

/// How who asks stands to what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    SameAccount,
    /// Of a key or a role: identity policies count only if the resource's own policy names the account.
    SameAccountDelegating,
    OtherAccount(Abroad),
    NotOfIam,
}

/// One thing that could be taken as allowing, to see whether it is what stops somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lift {
    Layer(Layer),
    Gate,
}

/// What every layer says.
#[derive(Debug, Clone)]
pub(super) struct Weights<T> {
    /// Of whom the resource policy speaks.
    pub itself: T,
    pub behind: T,
    pub account: T,
    pub grant: T,
    pub resource: Side<T>,
    pub identity: Side<T>,
    pub boundary: Side<T>,
    pub session: Side<T>,
    pub endpoint: Side<T>,
    pub service_control: Side<T>,
    pub resource_control: Side<T>,
    pub relation: Relation,
}

impl<T: Logic> Weights<T> {
    /// Nobody is let in, and nothing stands in the way.
    pub fn nothing(relation: Relation, like: &T) -> Self {
        let no = || like.everywhere(Truth::No);
        Self {
            itself: no(),
            behind: no(),
            account: no(),
            grant: no(),
            resource: Side::free(like),
            identity: Side::silent(like),
            boundary: Side::free(like),
            session: Side::free(like),
            endpoint: Side::free(like),
            service_control: Side::free(like),
            resource_control: Side::free(like),
            relation,
        }
    }

    /// What a layer says.
    pub fn side(&self, layer: Layer) -> &Side<T> {
        match layer {
            Layer::Identity => &self.identity,
            Layer::Boundary => &self.boundary,
            Layer::Session => &self.session,
            Layer::Resource | Layer::Trust | Layer::Key => &self.resource,
            Layer::Endpoint => &self.endpoint,
            Layer::ServiceControl => &self.service_control,
            Layer::ResourceControl => &self.resource_control,
        }
    }

    /// Whether it is allowed, with one thing taken as allowing; `gate` is what the table's key says.
    pub fn verdict(&self, lift: Option<Lift>, gate: T) -> T {
        let like = &self.itself;
        let is_lifted = |layer| lift == Some(Lift::Layer(layer));
        let allow = |layer| {
            if is_lifted(layer) { like.everywhere(Truth::Yes) } else { self.side(layer).allow.clone() }
        };
        // Of the layers that give, only their Denies can be taken away.
        const ALL: [Layer; 7] = [
            Layer::Boundary,
            Layer::Session,
            Layer::Endpoint,
            Layer::ServiceControl,
            Layer::ResourceControl,
            Layer::Identity,
            Layer::Resource,
        ];
        let denies = ALL.into_iter().filter(|layer| !is_lifted(*layer)).map(|layer| &self.side(layer).deny);
        let deny = denies.fold(like.everywhere(Truth::No), |all, one| all.or(one));
        let limits = allow(Layer::Boundary).and(&allow(Layer::Session));
        let by_identity = self.identity.allow.and(&limits);
        let given = self.itself.or(&self.behind.and(&limits));
        let core = match self.relation {
            Relation::SameAccount => given.or(&by_identity),
            Relation::SameAccountDelegating => given.or(&self.account.and(&by_identity)).or(&self.grant),
            Relation::OtherAccount(abroad) => {
                let let_in = self.itself.or(&self.behind).or(&self.account);
                // Whether a grant alone is enough across accounts, no page says.
                let by_grant = self.grant.and(&by_identity.or(&like.everywhere(Truth::Unknown)));
                let at_most = match abroad {
                    Abroad::Yes => Truth::Yes,
                    Abroad::Unclear => Truth::Unknown,
                    Abroad::No => Truth::No,
                };
                let_in.and(&by_identity).or(&by_grant).and(&like.everywhere(at_most))
            }
            Relation::NotOfIam => self.itself.or(&self.grant),
        };
        core.and(&allow(Layer::ServiceControl)).and(&allow(Layer::Endpoint)).and(&deny.not()).and(&gate)
    }
}
