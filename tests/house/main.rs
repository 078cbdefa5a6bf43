//! Rules about the repository that nobody has to remember: host/ARCHITECTURE.md says why, these tests hold them.

mod floors;
mod licences;
mod purity;
mod tree;
