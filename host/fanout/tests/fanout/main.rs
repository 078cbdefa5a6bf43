//! What users of a stream notice.

mod flush;
mod interrupted;
mod join;
mod lag;
mod model;
mod slow;
mod start;
mod streams;
mod support;
mod tracks;
