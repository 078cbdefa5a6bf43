//! Connect, publish, play: asking the session filters.

mod admission;

use std::future::Future;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use fanout::StreamKey as StreamName;
use filter::session::{Attributes, ConnectionInfo, EndReason, Grant, PlayRequest, PublishRequest, Role, StreamKey};
use tracing::Span;

use self::admission::no_app;
use crate::pass::{Good, Holder};
use crate::refusal::{Asked, Kick, Refusal};
use crate::router::{Place, Shared};
use crate::session::Session;
use crate::settings::{App, OnDuplicate, Route};
use crate::via::{self, Loop, Via};
use crate::{Publication, Published, Subscription, Wanted, name};

/// A peer that was let in. Clones are the same connection; it is over when the last one and all that came of it are
/// dropped.
#[derive(Clone, Debug)]
pub struct Connection {
    inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    shared: Arc<Shared>,
    /// Shared with all that is told to filters.
    info: Arc<ConnectionInfo>,
    /// The application as the peer sent it, with its query.
    app: String,
    session: Option<Session>,
    /// What each application's filters said to this connection: an application is asked once.
    /// Seldom more than one.
    admitted: Mutex<Vec<Known>>,
    /// The house's own: nobody is asked about it.
    internal: bool,
    /// What it came in by, if the house let it in to do one thing.
    pass: Option<Holder>,
    /// Which servers stand behind it.
    via: Via,
    /// Which servers a stream that it fetched has passed, as far as the last of them said.
    fetched: OnceLock<Via>,
    /// Tags of the streams that it fetches.
    given: OnceLock<Attributes>,
    _place: Place,
}

/// An application that has let the connection in.
#[derive(Debug)]
struct Known {
    app: String,
    tags: Attributes,
    /// So that its filters are told of the end, unless they are by the connection's own session.
    _told: Option<Session>,
}

/// What came of asking to publish or play.
struct Admitted {
    id: u64,
    /// The public name.
    key: StreamKey,
    /// As the peer asked for it.
    asked_for: StreamKey,
    name: StreamName,
    route: Arc<Route>,
    grant: Grant,
    session: Session,
}

impl Connection {
    pub(crate) async fn admit(shared: Arc<Shared>, mut info: ConnectionInfo) -> Result<Connection, Refusal> {
        let asked = Asked::Connect;
        let place = place(&shared)?;
        let app = std::mem::take(&mut info.app);
        info.app = name::app(&app, "").map_err(|e| refused(asked, e.to_string()))?.0;
        if let Some(entered) = shared.passes.enter(&info.app) {
            let (holder, app) = entered.map_err(|e| refused(asked, e.to_string()))?;
            let app = app.to_owned();
            return Ok(Connection::by_pass(Arc::clone(&shared), info, app, holder, place));
        }
        let said = info.extra.iter().find(|(name, _)| name == via::PROPERTY);
        let via = said.map(|(_, text)| Via::parse(text)).unwrap_or_default();
        let routes = shared.routes();
        let mut connection = Inner::new(shared, info, app, via, place);
        match routes.find(&connection.info.app) {
            Some(route) => {
                let grant = connection.ask_connect(&route).await?;
                connection.knows(&route, &grant, None);
                let span = Span::current();
                let who = connection.who(Role::Connecting, None, None, grant.tags.clone());
                let shared = Arc::clone(&connection.shared);
                connection.session = Some(Session::begin(shared, route.chain.clone(), asked, who, &grant, span));
            }
            // The name of the application may go on in the stream's name; publish and play will find it, and ask.
            None if routes.leads_to_one(&connection.info.app) => {}
            None => return Err(no_app(asked, &routes, &connection.info.app)),
        }
        Ok(Connection { inner: Arc::new(connection) })
    }

    /// See [`Router::internal`](crate::Router::internal).
    pub(crate) fn internal(shared: Arc<Shared>, mut info: ConnectionInfo, via: Via) -> Result<Connection, Refusal> {
        let place = place(&shared)?;
        info.app = String::new();
        let connection = Inner { internal: true, ..Inner::new(shared, info, String::new(), via, place) };
        Ok(Connection { inner: Arc::new(connection) })
    }

    /// The rest of the application's path stands behind the secret, which nobody is told.
    fn by_pass(shared: Arc<Shared>, mut info: ConnectionInfo, app: String, pass: Holder, place: Place) -> Connection {
        info.tc_url = String::new();
        info.extra.clear();
        info.app.clone_from(&app);
        let fetched = OnceLock::new();
        if let Good::Publish { via, .. } = pass.good() {
            let _ = fetched.set(via.clone());
        }
        let inner = Inner::new(shared, info, app, Via::default(), place);
        Connection { inner: Arc::new(Inner { internal: true, pass: Some(pass), fetched, ..inner }) }
    }

    /// Says where a stream that is fetched over this connection has been, before it is published. The first word counts.
    pub fn came_through(&self, via: Via) {
        let _ = self.inner.fetched.set(via);
    }

    /// Gives tags to the streams of the house's own way in, where no session filter is asked for them. The first word counts.
    pub fn tag(&self, tags: Attributes) {
        let _ = self.inner.given.set(tags);
    }

    /// What the peer said of itself.
    pub fn info(&self) -> &ConnectionInfo {
        &self.inner.info
    }

    pub(crate) fn shared_info(&self) -> Arc<ConnectionInfo> {
        Arc::clone(&self.inner.info)
    }

    /// Whether anything but its own driver can end it; if so, [`kicked`](Connection::kicked) is to be watched.
    pub fn may_be_kicked(&self) -> bool {
        self.inner.session.as_ref().is_some_and(Session::may_be_kicked)
    }

    /// Returns when the connection must end: a filter says no when asked again, or the time it allowed is over.
    pub fn kicked(&self) -> impl Future<Output = Kick> + Send + use<> {
        let kicked = self.inner.session.as_ref().map(Session::kicked);
        async move {
            match kicked {
                Some(kicked) => kicked.await,
                None => std::future::pending().await,
            }
        }
    }

    /// Admits a publisher: `name` as the peer sent it, with its query; `mode` is `live`, `record` or `append`.
    ///
    /// # Errors
    /// The name is none or taken, has no application, a bound is reached, or a filter says no or sends the peer elsewhere.
    pub async fn publish(&self, name: &str, mode: &str) -> Result<Publication, Refusal> {
        self.publish_by(name, mode, true).await
    }

    /// As [`publish`](Connection::publish), of frames that have been through the application's media filters.
    pub(crate) async fn publish_filtered(&self, name: &str) -> Result<Publication, Refusal> {
        self.publish_by(name, "live", false).await
    }

    async fn publish_by(&self, name: &str, mode: &str, filters: bool) -> Result<Publication, Refusal> {
        let asked = Asked::Publish;
        let (route, key) = self.inner.route(asked, name)?;
        self.inner.passes(asked, &key)?;
        let tags = self.inner.tags(&route).await?;
        let replace = route.app.on_duplicate == OnDuplicate::Replace && !self.inner.internal;
        let takes_over = replace && self.inner.shared.streams.is_replaceable(&StreamName::new(&key.app, &key.name));
        let conn = self.shared_info();
        let request = PublishRequest { conn, key, mode: mode.to_owned(), takes_over };
        let grant = match self.inner.internal {
            true => Grant::default(),
            false => {
                let mut question = self.inner.question(Role::Publishing, &request.key, &tags);
                let decision = route.chain.on_publish(&request, question.reaches()).await;
                question.answered(asked, decision).await?
            }
        };
        let mut admitted = self.inner.begin(asked, route, request.key, grant, tags)?;
        self.inner.keeps_off(&mut admitted)?;
        let came = match self.inner.internal {
            // What stands behind a pull waits for the stream; it has not been there.
            true => self.inner.fetched.get().cloned().unwrap_or_default(),
            false => self.inner.via.clone(),
        };
        let via = self.inner.here(asked, &came, &mut admitted)?;
        let streams = &self.inner.shared.streams;
        let limits = admitted.route.app.gop_cache;
        let publisher = match replace {
            true => {
                let goes_on = !admitted.route.app.reconnect_window.is_zero();
                streams.replace(admitted.name.clone(), limits, goes_on)
            }
            false => streams.publish(admitted.name.clone(), limits),
        };
        let publisher = publisher.map_err(|e| {
            admitted.session.ends_by(EndReason::Failed);
            full(asked, &admitted.name, e)
        })?;
        let Admitted { id, key, route, mut grant, session, .. } = admitted;
        let published = Published {
            id,
            key: self.inner.configured(&key),
            push_to: std::mem::take(&mut grant.push_to),
            via: via.clone(),
            publisher: self.shared_info(),
            tags: grant.tags.clone(),
            egress: route.app.egress_names(),
            derived_from: self.inner.derived_from(),
        };
        let shown = self.inner.shared.show(published);
        if let Some(pass) = &self.inner.pass {
            pass.streams();
        }
        let app = if filters { route.app.clone() } else { App { media: Vec::new(), ..route.app.clone() } };
        Ok(Publication::begin(id, key, &app, &grant, session, publisher, self.clone()).shown(shown, via))
    }

    /// Admits a player: `name` as the peer sent it, with its query. Times as the peer sent them: a start of -2000, -1000,
    /// -2 or -1 and any position mean the live stream; a duration above 0 ends the session, all else does not. Where in the
    /// live stream it begins, the application says, or the argument `start` of the query: `key`, `next-key`, `live`,
    /// `buffered:3s`.
    ///
    /// Waits for a publisher as long as the application's `play_wait`; dropping the future gives up.
    ///
    /// # Errors
    /// As [`publish`](Connection::publish), or no publisher came (`NetStream.Play.StreamNotFound`).
    pub async fn play(&self, name: &str, start_ms: i64, duration_ms: i64) -> Result<Subscription, Refusal> {
        let asked = Asked::Play;
        let (route, key) = self.inner.route(asked, name)?;
        self.inner.passes(asked, &key)?;
        let tags = self.inner.tags(&route).await?;
        // How long a pass is good for, nobody but the house says.
        let duration_ms = if self.inner.pass.is_some() { -1 } else { duration_ms };
        let request = PlayRequest { conn: self.shared_info(), key, start_ms, duration_ms };
        let mut grant = match self.inner.internal {
            true => Grant::default(),
            false => {
                let mut question = self.inner.question(Role::Playing, &request.key, &tags);
                let decision = route.chain.on_play(&request, question.reaches()).await;
                question.answered(asked, decision).await?
            }
        };
        if let Ok(wanted @ 1..) = u64::try_from(duration_ms) {
            grant.max_duration_ms = Some(grant.max_duration_ms.map_or(wanted, |most| most.min(wanted)));
        }
        let mut admitted = self.inner.begin(asked, route, request.key, grant, tags)?;
        let via = self.inner.here(asked, &self.inner.via, &mut admitted)?;
        if let Some(stream) = self.inner.relayed(&admitted.name)
            && stream.meets(&self.inner.via)
        {
            admitted.session.ends_by(EndReason::Failed);
            return Err(looped(asked, &admitted.name, &self.inner.info, Loop::Closed));
        }
        let own = self.inner.internal && self.inner.pass.is_none();
        let wait = if own { Duration::ZERO } else { admitted.route.app.play_wait };
        let hevc = match own {
            true => None,
            false => admitted.route.app.hevc.form(&admitted.key.query, &self.inner.info),
        };
        let asked_for = admitted.key.query.iter().find(|(name, _)| name == "start");
        let start = asked_for.and_then(|(_, text)| name::start(text)).unwrap_or(admitted.route.app.start);
        let egress = match self.inner.internal {
            // The way out to another server or to an encoder of the house is no viewer.
            true => None,
            false => self.inner.egress(&mut admitted)?,
        };
        let streams = &self.inner.shared.streams;
        let subscriber = streams.subscribe_from(admitted.name.clone(), start).map_err(|e| {
            admitted.session.ends_by(EndReason::Failed);
            full(asked, &admitted.name, e)
        })?;
        let Admitted { id, key, name, session, .. } = admitted;
        let player = (!self.inner.internal).then(|| {
            let wanted = Wanted { key: self.inner.configured(&key), via };
            (self.inner.shared.demand.watch(name.clone()), wanted)
        });
        let played = Subscription::begin(id, &name, session, subscriber, wait, self.clone(), player).await?;
        if let Some(pass) = &self.inner.pass {
            pass.streams();
        }
        let played = played.shown(hevc);
        match egress {
            Some(egress) => played.through(egress).await,
            None => Ok(played),
        }
    }
}

impl Connection {
    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }
}

/// Takes a place among the connections.
fn place(shared: &Arc<Shared>) -> Result<Place, Refusal> {
    if shared.is_closing() {
        return Err(refused(Asked::Connect, "the server is shutting down"));
    }
    let limit = shared.routes().connections;
    shared.take_place(limit).ok_or_else(|| {
        tracing::warn!(limit, "too many connections");
        refused(Asked::Connect, "the server has as many connections as it allows")
    })
}

fn path(key: &StreamKey) -> StreamName {
    StreamName::new(&key.app, &key.name)
}

fn refused(asked: Asked, why: impl Into<String>) -> Refusal {
    Refusal { disconnect: asked == Asked::Connect, ..Refusal::new(asked.denied(), why) }
}

fn looped(asked: Asked, name: &StreamName, info: &ConnectionInfo, found: Loop) -> Refusal {
    tracing::warn!(stream = %name, peer = info.peer_ip, "refused: {found}");
    refused(asked, found.to_string())
}

fn full(asked: Asked, name: &StreamName, error: fanout::Error) -> Refusal {
    match error {
        fanout::Error::Busy => Refusal::new("NetStream.Publish.BadName", format!("`{name}` has a publisher already")),
        bound => {
            tracing::warn!(stream = %name, "refused: {bound}");
            refused(asked, bound.to_string())
        }
    }
}
