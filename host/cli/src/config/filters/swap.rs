//! `[filters.NAME.swap]`: how streams go over to another generation.

use std::{ops::RangeInclusive, time::Duration};

use filter::Swap;
use filter::rollout::{Pin, Rollout, Shadow, WarmUp};

use super::super::{
    kind::{Integer, Kind, Number, Parsed, Size, Time},
    read::{Context, Table},
    tree::{Node, Value, quote},
};

const UP_TO_A_DAY: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(86_400);

pub(super) fn read(mut table: Table<'_, '_>) -> Swap {
    let default = Swap::default();
    let rollout =
        Parsed::<Rollout>::new("\"all\", \"new\" (streams that begin from now on), or a percentage such as \"25%\"");
    let swap = Swap {
        rollout: table.read("rollout", rollout, default.rollout),
        pin: table.read("pin", Pinned, default.pin),
        keep: table.read("keep", Integer(1..=16), default.keep),
        probation: table.read("probation", Time(UP_TO_A_DAY), default.probation),
        slower: table.read("slower", Number(1.0..=1000.0), default.slower),
        slower_floor: table.read("slower_floor", Time(Duration::ZERO..=Duration::from_secs(60)), default.slower_floor),
        bad_after: table.read("bad_after", Integer(1..=1_000_000), default.bad_after),
        warm_up: warm_up(table.inline("warm_up")),
        shadow: table.read("shadow", Beside, default.shadow),
        shadow_streams: table.read("shadow_streams", Integer(1..=64), default.shadow_streams),
        shadow_differs: table.read("shadow_differs", Number(0.0..=1.0), default.shadow_differs),
    };
    table.finish();
    swap
}

fn warm_up(mut table: Table<'_, '_>) -> WarmUp {
    let default = WarmUp::default();
    let bytes = u64::try_from(default.bytes).unwrap_or(u64::MAX);
    let warm_up = WarmUp {
        frames: table.read("frames", Integer(0..=100_000), default.frames),
        bytes: usize::try_from(table.read("bytes", Size(0..=4 << 30), bytes)).unwrap_or(usize::MAX),
        time: table.read("time", Time(Duration::ZERO..=Duration::from_secs(3600)), default.time),
    };
    table.finish();
    warm_up
}

/// A generation by the beginning of its digest; empty for none.
struct Pinned;

impl Kind for Pinned {
    type Out = Option<Pin>;
    fn expects(&self) -> String {
        "the beginning of a digest as the log shows it behind the `@`, 4 to 64 hex digits, with or without that of the settings \
         (\"1a2b3c4d\", \"1a2b3c4d.5e6f7a8b\"), or \"\" for none"
            .into()
    }
    fn read(&self, node: &Node, _: &str, context: &Context<'_>) -> Option<Option<Pin>> {
        let text = context.text(node)?;
        if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
    }
    fn write(&self, value: &Option<Pin>) -> String {
        quote(&value.as_ref().map(ToString::to_string).unwrap_or_default())
    }
}

/// A time or a number of frames; nothing at all for zero.
struct Beside;

impl Kind for Beside {
    type Out = Shadow;
    fn expects(&self) -> String {
        "a duration up to \"1d\", such as \"10s\", or a number of frames; \"0s\" for not at all".into()
    }
    fn read(&self, node: &Node, key: &str, context: &Context<'_>) -> Option<Shadow> {
        match node.value {
            Value::Integer(0) => Some(Shadow::Off),
            Value::Integer(frames) => u64::try_from(frames).ok().map(Shadow::Frames),
            _ => match Time(UP_TO_A_DAY).read(node, key, context)? {
                Duration::ZERO => Some(Shadow::Off),
                time => Some(Shadow::Time(time)),
            },
        }
    }
    fn write(&self, value: &Shadow) -> String {
        match value {
            Shadow::Off => quote("0s"),
            Shadow::Time(time) => Time(UP_TO_A_DAY).write(time),
            Shadow::Frames(frames) => frames.to_string(),
        }
    }
}
