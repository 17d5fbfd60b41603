//! Names by pattern: `*` stands for any text, `?` for one character.

/// Whether a pattern is a plain name. Table names hold neither `*` nor `?`
/// (Developer Guide, "Naming rules": letters, digits, `_`, `-` and `.`).
pub fn is_name(pattern: &str) -> bool {
    !pattern.contains(['*', '?'])
}

/// Whether a name matches; linear in practice, quadratic at worst, never more.
pub fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // Where the last star was, and how much of the name it stands for so far.
    let mut star = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                p = at + 1;
                n = taken + 1;
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, name, expect) in [
            ("orders", "orders", true),
            ("orders", "orders2", false),
            ("orders*", "orders", true),
            ("*orders", "old-orders", true),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxa", false),
            ("t?", "t1", true),
            ("t?", "t", false),
            ("*", "", true),
            ("", "x", false),
        ] {
            assert_eq!(matches(pattern, name), expect, "{pattern} {name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_name_matches_itself_and_any_star_around_it(name in "[a-z._-]{0,20}", cut in 0usize..20) {
            let cut = cut.min(name.len());
            let starred = format!("{}*{}", &name[..cut], &name[cut..]);
            proptest::prop_assert!(matches(&name, &name) && matches(&starred, &name));
        }
    }
}
