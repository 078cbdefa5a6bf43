//! Bounds what a publisher may send and how many may watch.
//!
//! One module, two filters: as a session filter it sets the terms of a publication and counts viewers, as a media filter it looks at
//! pictures and codecs. The media half cannot end a publication; it leaves its finding in a bucket, and the session half
//! sends the publisher away, with the reason, when it is asked again.

mod config;
mod pictures;
mod viewers;

use guest_sdk::{
    Config, Decision, Denial, Description, EndReason, Fault, Frame, FrameFlags, FrameMeta, Grant, Interest,
    MediaFilter, MediaKind, PlayRequest, PublishRequest, Role, SavedState, SessionFilter, SessionRef, StreamInfo,
    Subscription, Summary, TrackInfo, Verdict, kv, log,
};

pub use crate::config::Limits;
use crate::pictures::Pictures;

/// A finding is of use until the publisher has been asked again.
const FINDING_MS: u64 = 120_000;

fn finding_key(stream: u64) -> String {
    format!("finding/{stream}")
}

/// The half that knows sessions.
pub struct Sessions {
    limits: Limits,
}

impl Sessions {
    fn terms(&self) -> Grant {
        Grant {
            max_kbps: self.limits.kbps,
            max_duration_ms: self.limits.duration_ms,
            recheck_ms: self.limits.looks_at_media().then_some(self.limits.recheck_ms),
            ..Grant::default()
        }
    }
}

fn refusal(code: &str, reason: String) -> Decision {
    Decision::Deny(Denial { code: code.into(), reason, disconnect: false, hold_ms: 0 })
}

impl SessionFilter for Sessions {
    fn describe() -> Description {
        let summary = "Bounds what a publisher may send and how many may watch.";
        Description::new("limits", env!("CARGO_PKG_VERSION"), summary)
            .with_config_schema(include_str!("../config.schema.json"))
    }

    fn configure(config: Config) -> Result<Sessions, Fault> {
        Limits::read(&config).map(|limits| Sessions { limits })
    }

    fn on_publish(&mut self, _: &PublishRequest) -> Decision {
        Decision::Allow(self.terms())
    }

    fn on_play(&mut self, request: &PlayRequest) -> Decision {
        let Some(most) = self.limits.viewers else { return Decision::Abstain };
        match viewers::enter(&self.limits.bucket, &request.key.path(), request.conn.id, most) {
            Ok(true) => Decision::Allow(Grant { recheck_ms: Some(viewers::RENEW_MS), ..Grant::default() }),
            Ok(false) => {
                let path = request.key.path();
                log::write(log::Level::Info, "too many viewers", &[("stream", &path), ("max", &most.to_string())]);
                refusal("NetStream.Play.Failed", format!("no more than {most} may watch this stream at a time"))
            }
            Err(viewers::Uncounted) => refusal("NetStream.Play.Failed", "not available at the moment".into()),
        }
    }

    fn on_recheck(&mut self, session: &SessionRef) -> Decision {
        match (session.role, session.stream, &session.key) {
            (Role::Publishing, Some(stream), _) => match kv::get(&self.limits.bucket, &finding_key(stream)) {
                Ok(None) => Decision::Abstain,
                Ok(Some(item)) => {
                    refusal("NetStream.Publish.Denied", String::from_utf8_lossy(&item.value).into_owned())
                }
                Err(error) => {
                    let (bucket, why) = (&self.limits.bucket, kv::why(&error));
                    log::write(log::Level::Error, "findings cannot be read", &[("bucket", bucket), ("why", &why)]);
                    refusal("NetStream.Publish.Denied", "not available at the moment".into())
                }
            },
            (Role::Playing, _, Some(key)) => {
                // Who sits there already is not sent away because others came while a renewal failed.
                let _ = viewers::enter(&self.limits.bucket, &key.path(), session.conn.id, u32::MAX);
                Decision::Abstain
            }
            _ => Decision::Abstain,
        }
    }

    fn on_close(&mut self, session: &SessionRef, _: &Summary) {
        match (session.role, session.stream, &session.key) {
            (Role::Publishing, Some(stream), _) => _ = kv::delete(&self.limits.bucket, &finding_key(stream)),
            (Role::Playing, _, Some(key)) if self.limits.viewers.is_some() => {
                viewers::leave(&self.limits.bucket, &key.path(), session.conn.id);
            }
            _ => {}
        }
    }
}

/// The half that knows pictures and codecs.
pub struct Media {
    limits: Limits,
    stream: u64,
    path: String,
    pictures: Pictures,
    found: bool,
}

impl Media {
    /// Says it once; the session half does the rest.
    fn found(&mut self, what: String) {
        if std::mem::replace(&mut self.found, true) {
            return;
        }
        log::write(log::Level::Warn, "over its limits", &[("stream", &self.path), ("what", &what)]);
        let left = kv::set(&self.limits.bucket, &finding_key(self.stream), what.as_bytes(), Some(FINDING_MS));
        if let Err(error) = left {
            let (bucket, why) = (&self.limits.bucket, kv::why(&error));
            log::write(log::Level::Error, "the finding cannot be kept", &[("bucket", bucket), ("why", &why)]);
            self.found = false;
        }
    }

    fn codec(&mut self, kind: MediaKind, codec: u32) {
        let (allowed, what) = match kind {
            MediaKind::Video => (&self.limits.video, "video"),
            MediaKind::Audio => (&self.limits.audio, "audio"),
            MediaKind::Data => return,
        };
        if allowed.as_ref().is_some_and(|allowed| !allowed.contains(&codec)) {
            self.found(format!("{what} of the codec {} is not allowed here", name(codec)));
        }
    }
}

/// A FourCC as people write it.
fn name(codec: u32) -> String {
    let bytes = codec.to_be_bytes();
    match bytes.iter().all(u8::is_ascii_graphic) {
        true => String::from_utf8_lossy(&bytes).into_owned(),
        false => format!("{codec:#010x}"),
    }
}

impl MediaFilter for Media {
    type Settings = Limits;

    fn describe() -> Description {
        <Sessions as SessionFilter>::describe()
    }

    fn configure(config: Config) -> Result<Limits, Fault> {
        Limits::read(&config)
    }

    fn open(limits: &Limits, stream: StreamInfo, _: Option<SavedState>) -> Result<Media, Fault> {
        let (limits, path) = (limits.clone(), stream.key.path());
        let mut media = Media { pictures: Pictures::new(limits.fps), limits, stream: stream.id, path, found: false };
        for track in &stream.tracks {
            media.codec(track.kind, track.codec);
        }
        Ok(media)
    }

    fn subscribe(&self) -> Subscription {
        // Codecs without a sequence header show themselves by their frames; of those that are allowed none is asked for.
        let mut frames: Vec<Interest> = Vec::new();
        for (kind, allowed) in [(MediaKind::Audio, &self.limits.audio), (MediaKind::Video, &self.limits.video)] {
            let bare = pictures::WITHOUT_HEADER.iter().filter(|(of, _)| *of == kind).map(|(_, codec)| *codec);
            let codecs: Vec<u32> = match allowed {
                Some(allowed) => bare.filter(|codec| !allowed.contains(codec)).collect(),
                None => continue,
            };
            if !codecs.is_empty() {
                frames.push(Interest { kinds: vec![kind], codecs, ..Interest::any() });
            }
        }
        if self.limits.fps.is_some() {
            frames.push(Interest::video());
        }
        let subscription = Subscription::to(frames);
        if self.limits.looks_at_media() { subscription.with_headers() } else { subscription }
    }

    fn on_header(&mut self, track: &TrackInfo, _: &[u8], _: &mut Frame<'_>) -> Result<Verdict, Fault> {
        self.codec(track.kind, track.codec);
        if let Some(video) = &track.video {
            let sides = [(video.width, self.limits.width, "wide"), (video.height, self.limits.height, "high")];
            for (is, most, side) in sides {
                if let Some(most) = most.filter(|most| is > *most) {
                    self.found(format!(
                        "pictures of {}x{}: no more than {most} {side} is allowed here",
                        video.width, video.height
                    ));
                }
            }
        }
        Ok(Verdict::Pass)
    }

    fn on_frame(&mut self, meta: &FrameMeta, _: &mut Frame<'_>) -> Verdict {
        // What is found while this is warmed does not last: it is found again.
        let warming = meta.flags.contains(FrameFlags::WARM_UP);
        if !warming {
            self.codec(meta.kind, meta.codec);
        }
        if meta.kind == MediaKind::Video
            && meta.track == 0
            && let Some(fps) = self.pictures.too_many(meta.dts)
            && !warming
        {
            let most = self.limits.fps.unwrap_or_default();
            self.found(format!("{fps:.0} pictures per second: no more than {most} are allowed here"));
        }
        Verdict::Pass
    }

    fn end(self, _: EndReason) {}
}

guest_sdk::export_session_and_media!(Sessions, Media);
