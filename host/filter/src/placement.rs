//! Where a media filter runs.

/// `placement` of a filter: whose way its calls are on. A stream keeps the placement that it began with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// On the publisher's task, once per stream, before the GOP cache: what it answers holds for every player.
    #[default]
    Ingest,
    /// On the viewer's task, behind the GOP cache, by an instance for each viewer: what it answers holds for this one alone. A
    /// filter that is placed here gets no grants to make tracks or streams.
    Egress,
}
