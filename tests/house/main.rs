//! Rules about the repository that nobody has to remember: host/ARCHITECTURE.md says why, these tests hold them.

mod defects;
mod floors;
mod licences;
mod limits;
mod purity;
mod tree;
