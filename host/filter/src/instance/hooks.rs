//! The calls about one stream.

use std::sync::Arc;
use std::time::Duration;

use filter_wit::media::exports::weir::filter::media::Verdict;
use filter_wit::media::weir::filter::types;
use media::{Body, Frame, Metadata, track};

use super::{Answer, Instance, Refused, Shown, Vessel};
use crate::convert;
use crate::counters::Hook;
use crate::failure::{Cause, Failure};
use crate::frame::Applied;
use crate::output::Order;
use crate::tape::{Args, Outcome};

/// A snapshot larger than this is not carried over.
const MOST_STATE_BYTES: usize = 4 << 20;

impl Instance {
    /// Shows a frame for warm-up: whatever comes of it is thrown away.
    pub(crate) fn warm(&mut self, frame: Frame, shown: Shown) -> Result<(), Failure> {
        let desk = &mut self.desk;
        desk.output.begin(frame.dts_us);
        desk.output.rehearsal = Some(Box::new(crate::kv::scratch(&self.generation.guest.kv)));
        let mut meta = convert::frame_meta(&frame, shown.unit_types, shown.seq, shown.gop);
        meta.flags |= types::FrameFlags::WARM_UP;
        let (filter, limit) = (self.filter, self.media_time());
        let mut frame = Some(frame);
        let warmed = self.home.enter(&mut self.desk, Hook::Frame, |vessel| {
            vessel.state().hand.take(&mut frame, false, shown.unit_length_bytes);
            let (result, _) = vessel.call(limit, &mut Order::default(), |store, guest| {
                guest.weir_filter_media().stream_filter().call_on_frame(store, filter, meta)
            });
            vessel.state().hand.give_back();
            result.map_err(|e| vessel.trapped(Hook::Frame, &e))
        });
        self.desk.output.begin(0);
        self.desk.output.rehearsal = None;
        warmed?.map(drop)
    }

    /// A coded frame.
    #[inline]
    pub(crate) fn on_frame(&mut self, frame: Frame, shown: Shown, last: &mut Order) -> Result<Answer, Box<Refused>> {
        if self.desk.tape.is_none() {
            return self.frame(frame, shown, last);
        }
        let Shown { unit_types, unit_length_bytes, seq, gop } = shown;
        let args = Args::Frame { frame: frame.clone(), unit_types, unit_length_bytes, seq, gop };
        self.on_tape(Hook::Frame, args, |it| it.frame(frame, shown, last))
    }

    /// A call that somebody looks on at, its edits applied.
    #[cold]
    fn on_tape(
        &mut self,
        hook: Hook,
        args: Args,
        call: impl FnOnce(&mut Instance) -> Result<Answer, Box<Refused>>,
    ) -> Result<Answer, Box<Refused>> {
        self.desk.begins(hook, || args);
        let answer = call(self);
        self.desk.ends(&self.generation.guest.name, || match &answer {
            Ok(answer) => Outcome::Answered(answer.name().into()),
            Err(refused) => Outcome::failed(&refused.failure),
        });
        answer
    }

    #[inline]
    fn frame(&mut self, frame: Frame, shown: Shown, last: &mut Order) -> Result<Answer, Box<Refused>> {
        let meta = convert::frame_meta(&frame, shown.unit_types, shown.seq, shown.gop);
        let (filter, limit, unit_length_bytes) = (self.filter, self.media_time(), shown.unit_length_bytes);
        self.with_in_hand(Hook::Frame, frame, unit_length_bytes, |vessel| {
            let (result, took) = vessel.call(limit, last, |store, guest| {
                guest.weir_filter_media().stream_filter().call_on_frame(store, filter, meta)
            });
            let answer = result.as_ref().ok().map(|verdict| *verdict as usize);
            vessel.lane.frame(took, answer, vessel.copied());
            result.map_err(|e| vessel.trapped(Hook::Frame, &e))
        })
    }

    /// A sequence header.
    pub(crate) fn on_header(
        &mut self,
        frame: Frame,
        info: &track::Info,
        last: &mut Order,
    ) -> Result<Answer, Box<Refused>> {
        let args = Args::Header(frame.clone());
        self.on_tape(Hook::Header, args, |it| it.header(frame, info, last))
    }

    fn header(&mut self, frame: Frame, info: &track::Info, last: &mut Order) -> Result<Answer, Box<Refused>> {
        let (filter, limit, track) = (self.filter, self.media_time(), convert::track_info(info));
        self.with_in_hand(Hook::Header, frame, 0, |vessel| {
            let (result, took) = vessel.call(limit, last, |store, guest| {
                store.data_mut().budget.copy(info.header.len())?;
                guest.weir_filter_media().stream_filter().call_on_header(store, filter, &track, &info.header)
            });
            vessel.judged(Hook::Header, took, result)
        })
    }

    /// A call with a frame in hand, which comes back with the verdict, edits applied if it says so. It lies in the instance only while the
    /// call runs: streams that share one have one such place.
    #[inline]
    fn with_in_hand(
        &mut self,
        hook: Hook,
        frame: Frame,
        unit_length_bytes: u8,
        call: impl FnOnce(&mut Vessel) -> Result<Verdict, Failure>,
    ) -> Result<Answer, Box<Refused>> {
        self.desk.output.begin(frame.dts_us);
        let (mut frame, mut applied) = (Some(frame), None);
        let called = self.home.enter(&mut self.desk, hook, |vessel| {
            vessel.state().hand.take(&mut frame, hook == Hook::Header, unit_length_bytes);
            let judged = match call(vessel) {
                // Headers do not wait.
                Ok(Verdict::Hold) if hook == Hook::Header => Ok(Verdict::Pass),
                judged => judged,
            };
            let hand = &mut vessel.state().hand;
            if matches!(judged, Ok(Verdict::Edited | Verdict::Hold)) {
                applied = Some(hand.apply());
            }
            // It is still there if no edit took it.
            frame = hand.give_back();
            judged
        });
        match (called.and_then(|judged| judged), applied) {
            (Ok(Verdict::Hold), Some(Ok(applied))) => Ok(Answer::Hold(applied)),
            (Ok(_), Some(Ok(applied))) => Ok(Answer::Edited(applied)),
            (judged, unapplied) => {
                // Only an edit that was applied takes it.
                let Some(frame) = frame else { return Ok(Answer::Edited(Applied::nothing())) };
                match (judged, unapplied) {
                    (Err(failure), _) => Err(Box::new(Refused { failure, frame })),
                    (_, Some(Err(e))) => {
                        let why = format!("an edit that cannot be applied: {e}");
                        Err(Box::new(Refused {
                            failure: Failure { hook, cause: Cause::Trap, why, limit: None },
                            frame,
                        }))
                    }
                    (Ok(Verdict::Drop), _) => Ok(Answer::Drop(frame)),
                    (Ok(_), _) => Ok(Answer::Pass(frame)),
                }
            }
        }
    }

    /// A data message whose values are known. `edited` without `set-metadata` is `pass`.
    pub(crate) fn on_metadata(
        &mut self,
        frame: Frame,
        meta: &Arc<Metadata>,
        last: &mut Order,
    ) -> Result<Answer, Box<Refused>> {
        let args = Args::Metadata(frame.clone());
        self.on_tape(Hook::Metadata, args, |it| it.message(frame, meta, last))
    }

    fn message(&mut self, frame: Frame, meta: &Arc<Metadata>, last: &mut Order) -> Result<Answer, Box<Refused>> {
        let output = &mut self.desk.output;
        output.begin(frame.dts_us);
        output.original = Some(meta.clone());
        let (filter, limit, flat) = (self.filter, self.media_time(), convert::flatten(meta));
        let called = self.home.enter(&mut self.desk, Hook::Metadata, |vessel| {
            let (result, took) = vessel.call(limit, last, |store, guest| {
                store.data_mut().budget.copy(convert::metadata_bytes(&flat))?;
                guest.weir_filter_media().stream_filter().call_on_metadata(store, filter, &flat)
            });
            vessel.judged(Hook::Metadata, took, result)
        });
        let output = &mut self.desk.output;
        output.original = None;
        let changed = output.staged.as_mut().and_then(|staged| staged.metadata.take());
        // No frame is in hand in this hook: the message is, and `set-metadata` edits it.
        match called.and_then(|judged| judged) {
            Err(failure) => Err(Box::new(Refused { failure, frame })),
            Ok(Verdict::Drop) => Ok(Answer::Drop(frame)),
            Ok(Verdict::Edited) => match changed {
                Some(changed) => {
                    let frame = Frame { body: Body::new(), payload_at: 0, metadata: Some(Arc::new(changed)), ..frame };
                    Ok(Answer::Edited(Applied { frame: Some(frame), copied_bytes: 0, retimed: false }))
                }
                None => Ok(Answer::Pass(frame)),
            },
            Ok(Verdict::Pass | Verdict::Hold) => Ok(Answer::Pass(frame)),
        }
    }

    /// The stream's time.
    pub(crate) fn on_tick(&mut self, now_us: i64, last: &mut Order) -> Result<(), Failure> {
        let (filter, limit) = (self.filter, self.media_time());
        self.desk.output.begin(now_us);
        self.home.enter(&mut self.desk, Hook::Tick, |vessel| {
            vessel.state().begins(Hook::Tick, || Args::Tick(now_us));
            vessel.timed_with(Hook::Tick, limit, last, |store, guest| {
                guest.weir_filter_media().stream_filter().call_on_tick(store, filter, now_us)
            })
        })?
    }

    /// Last call for output.
    pub(crate) fn flush(&mut self, now_us: i64, last: &mut Order) -> Result<(), Failure> {
        let (filter, limit) = (self.filter, self.media_time());
        self.desk.output.begin(now_us);
        self.home.enter(&mut self.desk, Hook::Flush, |vessel| {
            vessel.timed(Hook::Flush, limit, last, |store, guest| {
                guest.weir_filter_media().stream_filter().call_flush(store, filter)
            })
        })?
    }

    /// State for the next generation; none if there is none, or too much.
    pub(crate) fn snapshot(&mut self) -> Result<Option<types::SavedState>, Failure> {
        let (filter, limit) = (self.filter, self.generation.guest.limits.start_time);
        let state = self.home.enter(&mut self.desk, Hook::Snapshot, |vessel| {
            vessel.timed(Hook::Snapshot, limit, &mut Order::default(), |store, guest| {
                guest.weir_filter_media().stream_filter().call_snapshot(store, filter)
            })
        })??;
        Ok(state.filter(|s| s.data.len() <= MOST_STATE_BYTES))
    }
}

impl Vessel {
    /// Counts a call that answers with a verdict or a fault.
    fn judged(
        &self,
        hook: Hook,
        took: Duration,
        result: wasmtime::Result<Result<Verdict, types::Fault>>,
    ) -> Result<Verdict, Failure> {
        let answer = result.as_ref().ok().and_then(|r| r.as_ref().ok()).map(|verdict| *verdict as usize);
        self.generation.guest.counters.call(hook, took, answer, self.copied());
        match result {
            Ok(Ok(verdict)) => Ok(verdict),
            Ok(Err(fault)) => Err(Failure::said(hook, &fault)),
            Err(e) => Err(self.trapped(hook, &e)),
        }
    }
}
