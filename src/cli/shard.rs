//! One of several runs that read together: `--shard I/N`, or what a job array says.

use super::fail::Fail;
use super::output::complain;

/// Which of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    pub number: u32,
    /// At least [`Shard::number`].
    pub of: u32,
}

/// The variables of one kind of job array: which, from 0, and of how many.
struct Array {
    number: &'static str,
    of: &'static str,
}

/// AWS Batch User Guide, "Array jobs"; Kubernetes, "Indexed Job for Parallel Processing", which tells no job how many
/// there are.
const ARRAYS: &[Array] = &[
    Array { number: "AWS_BATCH_JOB_ARRAY_INDEX", of: "AWS_BATCH_JOB_ARRAY_SIZE" },
    Array { number: "JOB_COMPLETION_INDEX", of: "DYNAUDIT_SHARDS" },
];

impl Shard {
    /// Reads `I/N`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let whole = |part: &str| part.parse::<u32>().ok();
        let of = text.split_once('/').and_then(|(number, of)| Some((whole(number)?, whole(of)?)));
        let Some((number, of)) = of else { return Err(String::from("not I/N, for instance 1/4")) };
        if number < 1 || number > of {
            return Err(format!("the first shard is 1 and the last is {of}"));
        }
        Ok(Self { number, of })
    }

    /// The one that was given, or else the one that the environment tells; a single shard is none.
    ///
    /// # Errors
    /// When the environment tells half of one, or one that cannot be.
    pub fn of(given: Option<Self>) -> Result<Option<Self>, Fail> {
        let found = match given {
            Some(shard) => Some(shard),
            None => told(|name| std::env::var(name).ok()).map_err(|why| {
                Fail::usage(why, "give --shard I/N, or unset the variables")
            })?,
        };
        if given.is_none()
            && let Some(Self { number, of }) = found
        {
            complain(&format!("dynaudit: shard {number} of {of}, as the job array says"));
        }
        Ok(found.filter(|shard| shard.of > 1))
    }

    /// Whether a file or segment is its own, by its place in the list of all, from 0.
    pub fn takes(self, place: usize) -> bool {
        place % self.of as usize == self.number as usize - 1
    }
}

/// What the variables of a job array tell.
fn told(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Shard>, String> {
    for Array { number, of } in ARRAYS {
        let (Some(n), Some(all)) = (variable(number), variable(of)) else { continue };
        let parsed = n.parse::<u32>().ok().zip(all.parse::<u32>().ok());
        return match parsed {
            Some((n, of)) if n < of => Ok(Some(Shard { number: n + 1, of })),
            _ => Err(format!("{number} and {of} tell no shard")),
        };
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_read() {
        assert_eq!(Shard::parse("2/3"), Ok(Shard { number: 2, of: 3 }));
        for wrong in ["0/3", "4/3", "1", "a/b", "1/0", "-1/3", ""] {
            assert!(Shard::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn together_they_take_everything_once() {
        for of in 1..7 {
            let shards: Vec<Shard> = (1..=of).map(|number| Shard { number, of }).collect();
            for place in 0..50 {
                assert_eq!(shards.iter().filter(|shard| shard.takes(place)).count(), 1);
            }
        }
    }

    #[test]
    fn a_job_array_counts_from_0() {
        let check = |set: &[(&str, &str)], expect: Result<Option<(u32, u32)>, ()>| {
            let variable = |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
            let found = told(variable).map(|s| s.map(|s| (s.number, s.of))).map_err(|_| ());
            assert_eq!(found, expect, "{set:?}");
        };
        check(&[], Ok(None));
        check(&[("AWS_BATCH_JOB_ARRAY_INDEX", "0"), ("AWS_BATCH_JOB_ARRAY_SIZE", "4")], Ok(Some((1, 4))));
        check(&[("JOB_COMPLETION_INDEX", "3"), ("DYNAUDIT_SHARDS", "4")], Ok(Some((4, 4))));
        // Kubernetes alone does not tell how many there are: then it is one that reads all.
        check(&[("JOB_COMPLETION_INDEX", "3")], Ok(None));
        check(&[("JOB_COMPLETION_INDEX", "4"), ("DYNAUDIT_SHARDS", "4")], Err(()));
        check(&[("JOB_COMPLETION_INDEX", "x"), ("DYNAUDIT_SHARDS", "4")], Err(()));
    }
}
