//! No core dumps: a file of all memory would hold the values of items that were being looked at.

/// Asks the system to write none of this process. Where it cannot be asked, or says no, nothing else changes: the administrator's
/// own limit holds then.
#[cfg(unix)]
pub fn off() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, none);
}

/// Other systems write none by themselves.
#[cfg(not(unix))]
pub fn off() {}
