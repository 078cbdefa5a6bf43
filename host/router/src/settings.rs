//! Applications, their filters and limits; how a path finds its application.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use fanout::{Bounds, Flush, Limits, Start};
use filter::{Filter, SessionChain};
use media::time::Policy;

use crate::{Backup, Hevc, name};

/// All that a router is told.
///
/// A stream belongs to the application whose name is the longest whole-segment prefix of the stream's path: with `live`
/// and `live/eu`, `live/cam` and `live/us/cam` belong to the first and `live/eu/cam` to the second, wherever a client cuts
/// its URL. An application named `""` takes all that no other takes. A path without an application is refused.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Applications by name; slashes around a name do not count.
    pub apps: BTreeMap<String, App>,
    /// Connections at a time. Default 20,000.
    pub connections: usize,
    /// Streams, waiting names, and subscribers of one stream.
    pub bounds: Bounds,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { apps: BTreeMap::new(), connections: 20_000, bounds: Bounds::default() }
    }
}

/// One application.
#[derive(Clone, Debug)]
pub struct App {
    /// Asked on connect, publish and play, in this order. None: everyone may.
    pub session: Vec<Arc<Filter>>,
    /// Shown every frame as it comes in, in this order. None: every byte passes.
    pub media: Vec<Arc<Filter>>,
    /// Shown every frame as it goes out to a viewer, in this order, by instances of each viewer's own. None: all viewers share
    /// the frames.
    pub egress: Vec<Arc<Filter>>,
    /// What is done to publishers' timestamps.
    pub timestamps: Policy,
    /// What the ring of each stream may hold, and who is too slow.
    pub gop_cache: Limits,
    /// Where players begin that do not say it themselves. [`Start::Buffered`] needs [`Limits::back`].
    pub start: Start,
    /// When frames leave for the players.
    pub flush: Flush,
    /// How long a play waits for a publisher; 0 refuses at once. Default 10 s.
    pub play_wait: Duration,
    /// What happens to a second publisher of a name. Default: it is refused.
    pub on_duplicate: OnDuplicate,
    /// Players of a publisher that was lost are told of its end after this. One that comes back before, or takes the name
    /// over, goes on with them on their timeline; so does one that comes back so soon after an orderly end, although that is
    /// told at once. Default 15 s.
    pub reconnect_window: Duration,
    /// Streams that are fed from others of this application, whose media filters they do not pass again.
    pub backup: Vec<Backup>,
    /// How players get H.265. Default: as it was sent.
    pub hevc: Hevc,
}

impl App {
    /// Which filters viewers have for themselves.
    pub(crate) fn egress_names(&self) -> Vec<String> {
        self.egress.iter().map(|filter| filter.name().to_owned()).collect()
    }

    /// The filters of these names, wherever they are placed by now.
    pub(crate) fn placed(&self, names: &[String]) -> Vec<Arc<Filter>> {
        let all = self.media.iter().chain(&self.egress);
        all.filter(|filter| names.iter().any(|name| name == filter.name())).cloned().collect()
    }
}

impl Default for App {
    fn default() -> App {
        App {
            session: Vec::new(),
            media: Vec::new(),
            egress: Vec::new(),
            timestamps: Policy::default(),
            gop_cache: Limits::default(),
            start: Start::default(),
            flush: Flush::default(),
            play_wait: Duration::from_secs(10),
            on_duplicate: OnDuplicate::Refuse,
            reconnect_window: Duration::from_secs(15),
            backup: Vec::new(),
            hevc: Hevc::default(),
        }
    }
}

/// What happens to a second publisher of a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum OnDuplicate {
    /// It is refused; the first is not disturbed.
    #[default]
    Refuse,
    /// It takes the name over; the first is ended.
    Replace,
}

/// An application as it is in force, with its chain made.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) name: String,
    pub(crate) app: App,
    pub(crate) chain: SessionChain,
}

/// The settings in force.
#[derive(Debug)]
pub(crate) struct Routes {
    routes: BTreeMap<String, Arc<Route>>,
    pub(crate) connections: usize,
}

impl Routes {
    pub(crate) fn new(settings: Settings) -> Routes {
        let routes = settings.apps.into_iter().map(|(name, app)| {
            let name = name::path(&name).unwrap_or(name);
            let chain = SessionChain::new(app.session.clone());
            (name.clone(), Arc::new(Route { name, app, chain }))
        });
        Routes { routes: routes.collect(), connections: settings.connections }
    }

    /// All streams that are fed from others, with their applications.
    pub(crate) fn backups(&self) -> Vec<(String, Backup)> {
        let of =
            |route: &Arc<Route>| route.app.backup.iter().map(|b| (route.name.clone(), b.clone())).collect::<Vec<_>>();
        self.routes.values().flat_map(of).collect()
    }

    /// The application of a stream whose path without its last segment is `path`.
    pub(crate) fn find(&self, path: &str) -> Option<Arc<Route>> {
        let mut prefix = path;
        loop {
            if let Some(route) = self.routes.get(prefix) {
                return Some(Arc::clone(route));
            }
            if prefix.is_empty() {
                return None;
            }
            prefix = prefix.rsplit_once('/').map_or("", |(before, _)| before);
        }
    }

    /// Whether an application's name goes on behind `path`: a client may have cut its URL early.
    pub(crate) fn leads_to_one(&self, path: &str) -> bool {
        self.routes.keys().any(|name| path.is_empty() || name.strip_prefix(path).is_some_and(|r| r.starts_with('/')))
    }

    /// All names, for the log.
    pub(crate) fn names(&self) -> String {
        self.routes.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}
