//! One of several runs that read together: `--shard I/N`, or what a job array says.

use super::fail::Fail;
use super::output::complain;
use crate::audit::log::MOST_SHARES;
use crate::scan::Share;

/// The variables of one kind of job array: which, from 0, and of how many.
struct Array {
    number: &'static str,
    of: &'static str,
}

/// AWS Batch User Guide, "Job environment variables"; Kubernetes, "Indexed Job for Parallel Processing", which tells no job how many
/// there are.
const ARRAYS: &[Array] = &[
    Array { number: "AWS_BATCH_JOB_ARRAY_INDEX", of: "AWS_BATCH_JOB_ARRAY_SIZE" },
    Array { number: "JOB_COMPLETION_INDEX", of: "DYNAUDIT_SHARDS" },
];

/// Reads `I/N`.
pub fn parse(text: &str) -> Result<Share, String> {
    let whole = |part: &str| part.parse::<u32>().ok();
    let share = text.split_once('/').and_then(|(number, of)| Some((whole(number)?, whole(of)?)));
    let Some((number, of)) = share else { return Err(String::from("not I/N, for instance 1/4")) };
    if of > MOST_SHARES {
        return Err(format!("there are at most {MOST_SHARES} shares"));
    }
    if number < 1 || number > of {
        return Err(format!("the first share is 1 and the last is {of}"));
    }
    Ok(Share { number, of })
}

/// The one that was given, or else the one that the environment tells; one of one is none.
///
/// # Errors
/// When the environment tells half of one, or one that cannot be; or the fingerprints of the others would be made with another
/// key.
pub fn of(given: Option<Share>, key_is_given: bool) -> Result<Option<Share>, Fail> {
    let told = told(|name| std::env::var(name).ok());
    let told = told.map_err(|why| Fail::usage(why, "give --shard I/N, or unset the variables"));
    let found = match given {
        Some(share) => Some(share),
        None => told?,
    };
    if found.is_none() && std::env::var_os(ARRAYS[1].number).is_some() {
        complain(
            "dynaudit: JOB_COMPLETION_INDEX is set, and DYNAUDIT_SHARDS is not: everything is read, not a share",
        );
    }
    let Some(Share { number, of }) = found.filter(|share| share.of > 1) else { return Ok(None) };
    if !key_is_given {
        return Err(Fail::usage(
            "shards need one fingerprint key: without it the same secret in two of them would be two",
            "give each the same --key-file or DYNAUDIT_KEY; `openssl rand -hex 32` makes one",
        ));
    }
    if given.is_none() {
        complain(&format!("dynaudit: share {number} of {of}, as the job array says"));
    }
    Ok(Some(Share { number, of }))
}

/// What the variables of a job array tell.
fn told(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Share>, String> {
    for Array { number, of } in ARRAYS {
        let (Some(n), Some(all)) = (variable(number), variable(of)) else { continue };
        let parsed = n.parse::<u32>().ok().zip(all.parse::<u32>().ok());
        return match parsed {
            Some((n, of)) if n < of && of <= MOST_SHARES => Ok(Some(Share { number: n + 1, of })),
            _ => Err(format!("{number} has to be a number from 0, and below {of}")),
        };
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_are_read() {
        assert_eq!(parse("2/3"), Ok(Share { number: 2, of: 3 }));
        for wrong in ["1/10001", "0/3", "4/3", "1", "a/b", "1/0", "-1/3", ""] {
            assert!(parse(wrong).is_err(), "{wrong}");
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
