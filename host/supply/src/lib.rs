//! Filters from elsewhere: a URL → verified bytes in a file.
//!
//! It knows servers, digests, signatures and a folder, and nothing of what a filter is: whether a file that came can run is for
//! others to say. They say it with [`Supplier::keep`] or [`Supplier::discard`], so that only what has run is started from again.
//!
//! | room | what |
//! |---|---|
//! | [`source`], [`url`], [`mod@reference`] | what can be named, and what of it may be shown |
//! | [`order`] | a source with what is demanded of it |
//! | [`supplier`] | the way from an order to a file |
//! | `client`, `tls` | GET over HTTP/1.1, with redirects and bounds |
//! | `registry`, `challenge`, `manifest` | OCI registries |
//! | [`signature`], [`digest`] | whether it is what was ordered |
//! | `store` | the folder with the last good file of each source |

mod challenge;
mod client;
pub mod digest;
pub mod error;
mod manifest;
pub mod order;
pub mod reference;
mod registry;
pub mod signature;
pub mod source;
mod store;
pub mod supplier;
mod tls;
pub mod url;

pub use digest::Digest;
pub use error::{Error, Wrong};
pub use order::{Credentials, Order, Place, Trust};
pub use signature::Key;
pub use source::Remote;
pub use supplier::{Answer, Fetched, Kept, Seen, Settings, Supplier};
