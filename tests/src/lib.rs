//! What holds the house together, and flows through the real binary.
//!
//! | room | what |
//! |---|---|
//! | [`workspace`] | the repository as cargo and git see it |
pub mod workspace;
