//! From the traits to the exports of a wasm module.

use std::any::Any;
use std::cell::RefCell;
use std::marker::PhantomData;
use std::rc::Rc;

use crate::bindings::exports::weir::filter::{jobs, lifecycle, media, session};
use crate::host::imports;
use crate::{
    Config, ConnectionInfo, Decision, Description, EndReason, Fault, Frame, FrameMeta, JobPlanner, MediaFilter,
    Metadata, PlayRequest, PublishRequest, SavedState, SessionFilter, SessionRef, StreamInfo, Subscription, Summary,
    TrackInfo, Verdict, panic,
};

thread_local! {
    /// What `configure` made: one value for each world that the module serves, each of a type of its own.
    static CONFIGURED: RefCell<Vec<Rc<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

fn configure<T: 'static>(make: impl FnOnce(Config) -> Result<T, Fault>) -> Result<(), Fault> {
    panic::install_hook();
    let value: Rc<dyn Any> = Rc::new(make(Config::new(imports::config::json()))?);
    CONFIGURED.with_borrow_mut(|all| all.push(value));
    Ok(())
}

fn configured<T: 'static>() -> Result<Rc<T>, Fault> {
    CONFIGURED
        .with_borrow(|all| all.iter().find_map(|value| Rc::clone(value).downcast::<T>().ok()))
        .ok_or_else(|| Fault::Internal("called before configure".into()))
}

/// What [`export_media!`](crate::export_media) exports.
#[doc(hidden)]
pub struct MediaExports<F>(PhantomData<F>);

impl<F: MediaFilter> lifecycle::Guest for MediaExports<F> {
    fn describe() -> Description {
        panic::install_hook();
        F::describe()
    }

    fn configure() -> Result<(), Fault> {
        configure(F::configure)
    }
}

impl<F: MediaFilter> media::Guest for MediaExports<F> {
    type StreamFilter = Stream<F>;
}

/// One stream's filter; empty once it has ended.
#[doc(hidden)]
pub struct Stream<F>(RefCell<Option<F>>);

impl<F: MediaFilter> Stream<F> {
    fn with<R>(&self, otherwise: R, call: impl FnOnce(&mut F) -> R) -> R {
        match self.0.borrow_mut().as_mut() {
            Some(filter) => call(filter),
            None => otherwise,
        }
    }
}

impl<F: MediaFilter> media::GuestStreamFilter for Stream<F> {
    fn open(info: StreamInfo, resume: Option<SavedState>) -> Result<media::StreamFilter, Fault> {
        let filter = F::open(&*configured::<F::Settings>()?, info, resume)?;
        Ok(media::StreamFilter::new(Stream(RefCell::new(Some(filter)))))
    }

    fn subscribe(&self) -> Subscription {
        self.with(Subscription::to([]), |f| f.subscribe())
    }

    fn on_header(&self, track: TrackInfo, header: Vec<u8>) -> Result<Verdict, Fault> {
        self.with(Ok(Verdict::Pass), |f| f.on_header(&track, &header, &mut Frame::in_hand()))
    }

    fn on_metadata(&self, meta: Metadata) -> Result<Verdict, Fault> {
        self.with(Ok(Verdict::Pass), |f| f.on_metadata(meta))
    }

    fn on_frame(&self, meta: FrameMeta) -> Verdict {
        self.with(Verdict::Pass, |f| f.on_frame(&meta, &mut Frame::in_hand()))
    }

    fn on_tick(&self, now: i64) {
        self.with((), |f| f.on_tick(now));
    }

    fn flush(&self) {
        self.with((), |f| f.flush());
    }

    fn snapshot(&self) -> Option<SavedState> {
        self.with(None, |f| f.snapshot())
    }

    fn end(&self, reason: EndReason) {
        if let Some(filter) = self.0.take() {
            filter.end(reason);
        }
    }
}

/// What [`export_session!`](crate::export_session) exports.
#[doc(hidden)]
pub struct SessionExports<F>(PhantomData<F>);

impl<F: SessionFilter> SessionExports<F> {
    /// Without a configuration nobody gets in.
    fn decide(ask: impl FnOnce(&mut F) -> Decision) -> Decision {
        match configured::<RefCell<F>>() {
            Ok(filter) => ask(&mut filter.borrow_mut()),
            Err(_) => Decision::deny("the filter is not configured"),
        }
    }
}

impl<F: SessionFilter> lifecycle::Guest for SessionExports<F> {
    fn describe() -> Description {
        panic::install_hook();
        F::describe()
    }

    fn configure() -> Result<(), Fault> {
        configure(|config| F::configure(config).map(RefCell::new))
    }
}

impl<F: SessionFilter> session::Guest for SessionExports<F> {
    fn on_connect(info: ConnectionInfo) -> Decision {
        Self::decide(|f| f.on_connect(&info))
    }

    fn on_publish(req: PublishRequest) -> Decision {
        Self::decide(|f| f.on_publish(&req))
    }

    fn on_play(req: PlayRequest) -> Decision {
        Self::decide(|f| f.on_play(&req))
    }

    fn on_recheck(who: SessionRef) -> Decision {
        Self::decide(|f| f.on_recheck(&who))
    }

    fn on_close(who: SessionRef, how: Summary) {
        if let Ok(filter) = configured::<RefCell<F>>() {
            filter.borrow_mut().on_close(&who, &how);
        }
    }
}

/// What [`export_session_and_media!`](crate::export_session_and_media) exports.
#[doc(hidden)]
pub struct SessionAndMediaExports<S, M>(PhantomData<(S, M)>);

impl<S: SessionFilter, M: MediaFilter> lifecycle::Guest for SessionAndMediaExports<S, M> {
    fn describe() -> Description {
        SessionExports::<S>::describe()
    }

    fn configure() -> Result<(), Fault> {
        SessionExports::<S>::configure()?;
        MediaExports::<M>::configure()
    }
}

impl<S: SessionFilter, M: MediaFilter> session::Guest for SessionAndMediaExports<S, M> {
    fn on_connect(info: ConnectionInfo) -> Decision {
        SessionExports::<S>::on_connect(info)
    }

    fn on_publish(req: PublishRequest) -> Decision {
        SessionExports::<S>::on_publish(req)
    }

    fn on_play(req: PlayRequest) -> Decision {
        SessionExports::<S>::on_play(req)
    }

    fn on_recheck(who: SessionRef) -> Decision {
        SessionExports::<S>::on_recheck(who)
    }

    fn on_close(who: SessionRef, how: Summary) {
        SessionExports::<S>::on_close(who, how);
    }
}

impl<S: SessionFilter, M: MediaFilter> media::Guest for SessionAndMediaExports<S, M> {
    type StreamFilter = Stream<M>;
}

/// What [`export_jobs!`](crate::export_jobs) exports.
#[doc(hidden)]
pub struct JobExports<F>(PhantomData<F>);

impl<F: JobPlanner> lifecycle::Guest for JobExports<F> {
    fn describe() -> Description {
        panic::install_hook();
        F::describe()
    }

    fn configure() -> Result<(), Fault> {
        configure(|config| F::configure(config).map(RefCell::new))
    }
}

impl<F: JobPlanner> jobs::Guest for JobExports<F> {
    fn plan(info: StreamInfo) -> Result<Vec<jobs::Rendition>, Fault> {
        configured::<RefCell<F>>()?.borrow_mut().plan(&info)
    }

    fn on_job(stream: u64, suffix: String, event: jobs::JobEvent) {
        if let Ok(planner) = configured::<RefCell<F>>() {
            planner.borrow_mut().on_job(stream, &suffix, &event);
        }
    }
}

/// Makes this crate's module a filter of the world `media-filter`.
#[macro_export]
macro_rules! export_media {
    ($filter:ty) => {
        $crate::__export!($crate::MediaExports<$filter>, MEDIA_FILTER, "component-type:weir:media-filter",
            media __export_weir_filter_media_0_1_0_cabi);
    };
}

/// Makes this crate's module a filter of the world `session-filter`.
#[macro_export]
macro_rules! export_session {
    ($filter:ty) => {
        $crate::__export!($crate::SessionExports<$filter>, SESSION_FILTER, "component-type:weir:session-filter",
            session __export_weir_filter_session_0_1_0_cabi);
    };
}

/// Makes this crate's module a filter of the worlds `session-filter` and `media-filter`: a [`SessionFilter`] and a [`MediaFilter`] that
/// read the same settings. What the session filter says of itself in `describe` holds for both. They share no memory: a media
/// filter has an instance per stream, and the two meet in a bucket of `kv` if they have to.
#[macro_export]
macro_rules! export_session_and_media {
    ($session:ty, $media:ty) => {
        $crate::__export!($crate::SessionAndMediaExports<$session, $media>,
            SESSION_FILTER, "component-type:weir:session-filter", session __export_weir_filter_session_0_1_0_cabi,
            MEDIA_FILTER, "component-type:weir:media-filter", media __export_weir_filter_media_0_1_0_cabi);
    };
}

/// Makes this crate's module a filter of the world `job-planner`.
#[macro_export]
macro_rules! export_jobs {
    ($filter:ty) => {
        $crate::__export!($crate::JobExports<$filter>, JOB_PLANNER, "component-type:weir:job-planner",
            jobs __export_weir_filter_jobs_0_1_0_cabi);
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __export {
    ($exports:ty, $($world:ident, $section:literal, $interface:ident $export:ident),+) => {
        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code)]
        const _: () = {
            type Exports = $exports;
    $crate::bindings::exports::weir::filter::lifecycle::__export_weir_filter_lifecycle_0_1_0_cabi!(
                Exports with_types_in $crate::bindings::exports::weir::filter::lifecycle);
            $(
                const _: () = {
                    #[used]
                    #[unsafe(link_section = $section)]
                    static WORLD: [u8; $crate::worlds::$world.len()] = $crate::worlds::$world;
                };
    $crate::bindings::exports::weir::filter::$interface::$export!(
                Exports with_types_in $crate::bindings::exports::weir::filter::$interface);
            )+
        };
        // Off wasm the filter is only checked: its tests call it through the fake host.
        #[cfg(not(target_arch = "wasm32"))]
        const _: ::core::marker::PhantomData<$exports> = ::core::marker::PhantomData;
    };
}
