//! What a condition may name of an item: its attributes, and what is in them.

use super::Screened;
use crate::domain::ids::is_id;
use crate::domain::{AttributePath, AttributeValue, Step};

/// Steps of a path at most.
const DEEPEST: usize = 6;

/// Members of one map that are looked at.
const MEMBERS: usize = 100;

impl Screened {
    /// Calls with every way to a value by names that may be shown, outermost first, and DynamoDB's name for the type of
    /// the value. Of a list its first element stands for all; names that are ids of something are passed over, and so
    /// are names too long for a path, what is deeper than 6 steps, and what follows the first 100 members of a map.
    pub fn ways(&self, mut each: impl FnMut(&[Step], &'static str)) {
        self.ways_in(&mut Vec::new(), self.item.attributes(), &mut each);
    }

    fn ways_in(
        &self,
        path: &mut Vec<Step>,
        members: &[(String, AttributeValue)],
        each: &mut impl FnMut(&[Step], &'static str),
    ) {
        let map = AttributePath::new(path.clone());
        for (n, (name, value)) in members.iter().enumerate().take(MEMBERS) {
            let step = Step::member(n, name);
            let passed_over = !path.is_empty() && is_id(name);
            if passed_over || self.hides(&map, n, name) || !matches!(step, Step::Name(_)) {
                continue;
            }
            path.push(step);
            each(path, value.kind());
            self.ways_below(path, value, each);
            path.pop();
        }
    }

    fn ways_below(
        &self,
        path: &mut Vec<Step>,
        value: &AttributeValue,
        each: &mut impl FnMut(&[Step], &'static str),
    ) {
        if path.len() >= DEEPEST {
            return;
        }
        match value {
            AttributeValue::M(members) => self.ways_in(path, members, each),
            AttributeValue::L(list) => {
                let Some(first) = list.first() else { return };
                path.push(Step::Index(0));
                each(path, first.kind());
                self.ways_below(path, first, each);
                path.pop();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::s;
    use super::*;
    use crate::domain::{Item, Sighting};

    fn names(item: Vec<(&str, AttributeValue)>, sightings: Vec<Sighting>, blind: bool) -> Vec<String> {
        let item = Item::new(item.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
        let item = if blind { Screened::blind(item, ["pk"]) } else { Screened::new(item, sightings) };
        let mut out = Vec::new();
        item.ways(|path, kind| out.push(format!("{} {kind}", AttributePath::new(path.to_vec()))));
        out
    }

    fn map(members: Vec<(&str, AttributeValue)>) -> AttributeValue {
        AttributeValue::M(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    #[test]
    fn members_of_maps_and_first_elements_of_lists_are_named() {
        let lines = AttributeValue::L(vec![map(vec![("sku", s("a"))]), map(vec![("other", s("b"))])]);
        let deep = map(vec![("lines", lines), ("user-1001-2002", map(vec![("token", s("x"))]))]);
        let found = names(vec![("pk", s("1")), ("order", deep)], Vec::new(), false);
        let expect = ["pk S", "order M", "order.lines L", "order.lines[0] M", "order.lines[0].sku S"];
        assert_eq!(found[..5], expect);
    }

    #[test]
    fn what_is_hidden_is_not_named() {
        let inner = || map(vec![("inner", s("x"))]);
        assert_eq!(names(vec![("pk", s("1")), ("b", inner())], Vec::new(), true), ["pk S"]);
        let long = "n".repeat(500);
        assert_eq!(names(vec![(&long, s("1")), ("b", inner())], Vec::new(), false), ["b M", "b.inner S"]);
    }
}
