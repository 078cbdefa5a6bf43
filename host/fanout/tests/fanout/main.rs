//! What users of a stream notice.

mod flush;
mod join;
mod lag;
mod model;
mod streams;
mod support;
mod tracks;
