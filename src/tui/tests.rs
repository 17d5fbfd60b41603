//! Sessions by key strings.
