//! A key schema as an argument: `pk`, `pk:S,sk:N`.

use crate::domain::{KeyAttribute, KeySchema, KeyType};

/// Reads `partition[:TYPE][,sort[:TYPE]]`; a type that is left out is S.
pub fn parse(text: &str) -> Result<KeySchema, String> {
    let mut parts = text.split(',');
    let partition = attribute(parts.next().unwrap_or_default())?;
    let sort = parts.next().map(attribute).transpose()?;
    if parts.next().is_some() {
        return Err(String::from("a key has one or two attributes"));
    }
    if sort.as_ref().is_some_and(|sort: &KeyAttribute| sort.name == partition.name) {
        return Err(String::from("the two attributes of a key have different names"));
    }
    Ok(KeySchema { partition, sort })
}

fn attribute(text: &str) -> Result<KeyAttribute, String> {
    let (name, kind) = match text.rsplit_once(':') {
        None => (text, KeyType::S),
        Some((name, "S")) => (name, KeyType::S),
        Some((name, "N")) => (name, KeyType::N),
        Some((name, "B")) => (name, KeyType::B),
        Some(_) => return Err(String::from("the type of a key attribute is S, N or B")),
    };
    if name.is_empty() {
        return Err(String::from("the name of a key attribute is empty"));
    }
    Ok(KeyAttribute { name: name.to_owned(), kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_keys() {
        let key = parse("pk:S,sk:N").expect("right");
        assert_eq!(key.names().collect::<Vec<_>>(), ["pk", "sk"]);
        assert_eq!(key.sort.expect("there").kind, KeyType::N);
        assert_eq!(parse("id").expect("right").partition.kind, KeyType::S);
        for wrong in ["a,a", "", ":S", "a:X", "a,b,c", "a,"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
