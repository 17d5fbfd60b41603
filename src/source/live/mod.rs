//! The live adapter.
