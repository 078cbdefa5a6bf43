//! What the hooks return, in words.

use filter_wit::media::exports::weir::filter::{lifecycle, media};
use filter_wit::media::weir::filter::types;
use wasmtime::component::ResourceAny;

use super::Outcome;
use crate::convert;

/// What a hook returned, for the tape.
pub(crate) trait Said {
    fn said(&self) -> Outcome;
}

fn ok() -> Outcome {
    Outcome::Answered("ok".into())
}

impl Said for () {
    fn said(&self) -> Outcome {
        ok()
    }
}

impl Said for filter_wit::media::MediaFilter {
    fn said(&self) -> Outcome {
        ok()
    }
}

impl Said for lifecycle::Description {
    fn said(&self) -> Outcome {
        Outcome::Answered(format!("{} {}", self.name, self.version))
    }
}

impl Said for ResourceAny {
    fn said(&self) -> Outcome {
        ok()
    }
}

impl<T: Said> Said for Result<T, types::Fault> {
    fn said(&self) -> Outcome {
        match self {
            Ok(value) => value.said(),
            Err(fault) => Outcome::Fault(convert::fault(fault)),
        }
    }
}

impl Said for Option<types::SavedState> {
    fn said(&self) -> Outcome {
        Outcome::Answered(match self {
            Some(state) => format!("schema {}, {} bytes", state.schema, state.data.len()),
            None => "none".into(),
        })
    }
}

impl Said for media::Subscription {
    fn said(&self) -> Outcome {
        let mut parts = vec![format!("{} interests", self.frames.len())];
        parts.extend(self.headers.then(|| "headers".into()));
        parts.extend(self.metadata.then(|| "metadata".into()));
        parts.extend((self.max_hold_frames > 0).then(|| format!("holds {}", self.max_hold_frames)));
        parts.extend(self.tick_ms.map(|ms| format!("a tick every {ms} ms")));
        Outcome::Answered(parts.join(", "))
    }
}
