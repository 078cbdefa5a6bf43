//! Where a media filter runs, and what waits for it there.

use std::time::Duration;

use crate::Limits;

/// `placement` of a filter: whose way its calls are on. A stream keeps the placement that it began with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// On the publisher's task, once per stream, before the GOP cache: what it answers holds for every player.
    #[default]
    Ingest,
    /// On the viewer's task, behind the GOP cache, by an instance for each viewer: what it answers holds for this one alone. A
    /// filter that is placed here gets no grants to make tracks or streams.
    Egress,
    /// On a thread of the runtime's own, behind a bounded queue: it is shown what passes, and nothing that it answers counts.
    Observe,
    /// As [`Observe`](Placement::Observe), and what it makes counts: streams beside this one, and tracks of its own in it.
    Beside,
}

impl Placement {
    /// What the operator writes for it.
    pub fn word(self) -> &'static str {
        match self {
            Placement::Ingest => "ingest",
            Placement::Egress => "egress",
            Placement::Observe => "observe",
            Placement::Beside => "beside",
        }
    }

    /// Whether frames go by without waiting for its calls.
    pub fn is_aside(self) -> bool {
        matches!(self, Placement::Observe | Placement::Beside)
    }

    /// The limits of a filter for which the operator wrote none. Beside a stream nobody waits, and transcoders need room: 256 MiB
    /// of memory, and a second for one call; on the average a call may take as long as its frame lasts, for what comes to be behind is
    /// bounded by the [`Queue`].
    pub fn limits(self) -> Limits {
        let default = Limits::default();
        match self {
            Placement::Ingest | Placement::Egress | Placement::Observe => default,
            Placement::Beside => Limits { memory_bytes: 256 << 20, media_time: Duration::from_secs(1), ..default },
        }
    }
}

/// What may wait for a filter that frames do not wait for, of one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Media that waits, as time of the stream. Default 500 ms, beside a stream 2 s.
    pub time: Duration,
    /// Bytes of what waits; they are shared with players. Default 16 MiB.
    pub bytes: usize,
    /// What happens when it is full.
    pub overflow: Overflow,
    /// Streams at a time that have ended and of which frames still wait, of all together; beyond that, those that ended first lose
    /// what waits. Default 64.
    pub departed_streams: usize,
    /// Bytes of what waits of these, all together. Default 64 MiB.
    pub departed_bytes: usize,
}

impl Queue {
    /// What a placement has if the operator wrote nothing.
    pub fn of(placement: Placement) -> Queue {
        let time = match placement {
            Placement::Beside => Duration::from_secs(2),
            Placement::Ingest | Placement::Egress | Placement::Observe => Duration::from_millis(500),
        };
        let overflow = Overflow::default();
        Queue { time, bytes: 16 << 20, overflow, departed_streams: 64, departed_bytes: 64 << 20 }
    }
}

impl Default for Queue {
    fn default() -> Queue {
        Queue::of(Placement::default())
    }
}

/// What happens when a filter is behind by more than its [`Queue`] holds. The stream itself never notices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overflow {
    /// The newest frames are not shown to it until there is room again.
    #[default]
    Bypass,
    /// Frames that no other refers to are taken out of the queue; if that is not enough, as [`DropToKey`](Overflow::DropToKey).
    DropDisposable,
    /// The queue is emptied, and goes on with the next key frame, behind the headers.
    DropToKey,
    /// The filter leaves the stream.
    Detach,
}
