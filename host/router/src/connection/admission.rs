//! What a connection asks for: which application and stream it is, what the filters say to it, and whether the house may do it.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use fanout::StreamKey as StreamName;
use filter::session::{Attributes, ConnectionInfo, EndReason, Grant, Role, SessionRef, StreamKey};
use filter::{SessionChain, Viewer};
use tracing::{Span, info_span};

use super::{Admitted, Inner, Known, looped, path, refused};
use crate::egress::Egress;
use crate::name;
use crate::pass::{Good, Holder};
use crate::question::Question;
use crate::refusal::{Asked, Kick, Refusal};
use crate::router::{Place, Shared};
use crate::session::Session;
use crate::settings::{Route, Routes};
use crate::via::Via;

impl Inner {
    pub(super) fn new(shared: Arc<Shared>, info: ConnectionInfo, app: String, via: Via, place: Place) -> Inner {
        Inner {
            shared,
            info: Arc::new(info),
            app,
            session: None,
            admitted: Mutex::default(),
            internal: false,
            pass: None,
            via,
            fetched: OnceLock::new(),
            given: OnceLock::new(),
            _place: place,
        }
    }

    /// Where a stream that has been at `via` has been when it is here too.
    pub(super) fn here(&self, asked: Asked, via: &Via, admitted: &mut Admitted) -> Result<Via, Refusal> {
        let path = admitted.name.as_str();
        // The house's own play is not another place, but the way out of this one.
        let here =
            if self.internal && asked == Asked::Play { Ok(via.clone()) } else { via.then(self.shared.mark(path)) };
        here.map_err(|found| {
            admitted.session.ends_by(EndReason::Failed);
            looped(asked, &admitted.name, &self.info, found)
        })
    }

    /// Whether the pass, if it came by one, is good for this.
    pub(super) fn passes(&self, asked: Asked, key: &StreamKey) -> Result<(), Refusal> {
        let fits = match self.pass.as_ref().map(Holder::good) {
            None => true,
            Some(Good::Play(name)) => asked == Asked::Play && *name == path(key),
            Some(Good::Publish { name, .. }) => asked == Asked::Publish && *name == path(key),
        };
        if fits { Ok(()) } else { Err(refused(asked, "this address is good for something else")) }
    }

    /// Refuses a publisher that would take a name which the house keeps for what it makes.
    pub(super) fn keeps_off(&self, admitted: &mut Admitted) -> Result<(), Refusal> {
        let own = matches!(self.pass.as_ref().map(Holder::good), Some(Good::Publish { .. }));
        match self.shared.passes.reserved_for(&admitted.name) {
            Some(from) if !own => {
                admitted.session.ends_by(EndReason::Failed);
                let why = format!("`{}` is kept for what is made from `{from}`", admitted.name);
                Err(Refusal::new("NetStream.Publish.BadName", why))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn derived_from(&self) -> Option<StreamName> {
        match self.pass.as_ref().map(Holder::good) {
            Some(Good::Publish { derived_from, .. }) => Some(derived_from.clone()),
            _ => None,
        }
    }

    /// Where a stream of this node has been, if it is another server that asks for it.
    pub(crate) fn relayed(&self, name: &StreamName) -> Option<Via> {
        if self.via.is_empty() || self.internal {
            return None;
        }
        self.shared.published_as(name).map(|stream| stream.via.clone())
    }

    /// A public name, with the application as it is configured.
    pub(crate) fn configured(&self, key: &StreamKey) -> StreamKey {
        let path = path(key);
        let app = self.shared.routes().find(&key.app).map_or_else(|| key.app.clone(), |route| route.name.clone());
        let name = path.as_str().strip_prefix(&app).unwrap_or(path.as_str()).trim_start_matches('/').to_owned();
        StreamKey { app, name, query: key.query.clone() }
    }

    /// A viewer's own filters, if the application has such.
    pub(super) fn egress(&self, admitted: &mut Admitted) -> Result<Option<Egress>, Refusal> {
        let Admitted { id, key, asked_for, name, route, grant, session } = admitted;
        // A filter that was placed elsewhere since the stream began is still where it was: it must see each frame once.
        let filters = match self.shared.published_as(name) {
            Some(stream) => route.app.placed(&stream.egress),
            None => route.app.egress.clone(),
        };
        if filters.is_empty() {
            return Ok(None);
        }
        let (conn, tags) = (Arc::clone(&self.info), grant.tags.clone());
        let viewer = Viewer { id: *id, conn, key: asked_for.clone(), tags };
        let egress = Egress::seated(&filters, viewer, key, &self.shared).map_err(|full| {
            session.ends_by(EndReason::Limit);
            tracing::warn!(stream = %name, "refused: {full}");
            refused(Asked::Play, "the server filters for as many viewers as it may: try again later")
        })?;
        Ok(Some(egress))
    }

    /// The application and the stream that a name stands for.
    pub(super) fn route(&self, asked: Asked, name: &str) -> Result<(Arc<Route>, StreamKey), Refusal> {
        if self.shared.is_closing() {
            return Err(refused(asked, "the server is shutting down"));
        }
        let key = name::stream(&self.app, name, &self.info.tc_url).map_err(|e| refused(asked, e.to_string()))?;
        let routes = self.shared.routes();
        match routes.find(&key.app) {
            Some(route) => Ok((route, key)),
            // One segment: what the connect command named, and nothing behind it.
            None if key.app.is_empty() => Err(refused(asked, name::Error::Empty.to_string())),
            None => Err(no_app(asked, &routes, &key.app)),
        }
    }

    /// What the application's filters said to the connect command; asks them if it was another's that were asked.
    pub(super) async fn tags(&self, route: &Arc<Route>) -> Result<Attributes, Refusal> {
        if self.internal {
            return Ok(self.given.get().cloned().unwrap_or_default());
        }
        let known = self.admitted().iter().find(|known| known.app == route.name).map(|known| known.tags.clone());
        if let Some(tags) = known {
            return Ok(tags);
        }
        let Grant { tags, .. } = self.ask_connect(route).await?;
        let grant = Grant { tags, ..Grant::default() };
        let told = (!route.chain.is_empty()).then(|| {
            let who = self.who(Role::Connecting, None, None, grant.tags.clone());
            let (shared, chain) = (Arc::clone(&self.shared), route.chain.clone());
            Session::begin(shared, chain, Asked::Connect, who, &grant, Span::current())
        });
        self.knows(route, &grant, told);
        Ok(grant.tags)
    }

    pub(super) async fn ask_connect(&self, route: &Arc<Route>) -> Result<Grant, Refusal> {
        let who = self.who(Role::Connecting, None, None, Attributes::new());
        let mut question = Question::new(&self.shared, who);
        let decision = route.chain.on_connect(&self.info, question.reaches()).await;
        question.answered(Asked::Connect, decision).await
    }

    pub(super) fn knows(&self, route: &Arc<Route>, grant: &Grant, told: Option<Session>) {
        let known = Known { app: route.name.clone(), tags: grant.tags.clone(), _told: told };
        let mut admitted = self.admitted();
        match admitted.iter_mut().find(|other| other.app == known.app) {
            Some(other) => *other = known,
            None => {
                admitted.reserve_exact(1);
                admitted.push(known);
            }
        }
    }

    fn admitted(&self) -> MutexGuard<'_, Vec<Known>> {
        self.admitted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A question about a stream, before it is put.
    pub(super) fn question(&self, role: Role, key: &StreamKey, tags: &Attributes) -> Question {
        Question::new(&self.shared, self.who(role, None, Some(key.clone()), tags.clone()))
    }

    pub(super) fn who(&self, role: Role, stream: Option<u64>, key: Option<StreamKey>, tags: Attributes) -> SessionRef {
        SessionRef { conn: Arc::clone(&self.info), role, stream, key, tags }
    }

    /// Begins a session on the terms of `grant`. From here on its end is told to the filters, whatever becomes of it.
    pub(super) fn begin(
        &self,
        asked: Asked,
        route: Arc<Route>,
        key: StreamKey,
        mut grant: Grant,
        tags: Attributes,
    ) -> Result<Admitted, Refusal> {
        let id = self.shared.next_id();
        grant.tags = tags.into_iter().chain(grant.tags).collect();
        let public = renamed(&key, grant.rename.as_ref()).map_err(|e| {
            tracing::error!(app = route.name, "a session filter renamed a stream to what is no name: {e}");
            refused(asked, "authorization is not available")
        });
        let (role, span) = match (&public, asked) {
            (Ok(key), Asked::Publish) => {
                (Role::Publishing, info_span!("publish", conn = self.info.id, id, stream = %path(key)))
            }
            (Ok(key), _) => (Role::Playing, info_span!("play", conn = self.info.id, id, stream = %path(key))),
            (Err(_), Asked::Publish) => (Role::Publishing, Span::current()),
            (Err(_), _) => (Role::Playing, Span::current()),
        };
        let who = self.who(role, Some(id), Some(key.clone()), grant.tags.clone());
        let chain = if self.internal { SessionChain::default() } else { route.chain.clone() };
        let mut session = Session::begin(Arc::clone(&self.shared), chain, asked, who, &grant, span);
        if let Some(pass) = &self.pass {
            let revoked = pass.revoked();
            session.ends_when(async move {
                revoked.await;
                Kick::new(asked.denied(), "this address is not good any more", EndReason::SourceEnded)
            });
        }
        match public {
            Ok(public) => {
                let name = StreamName::new(&public.app, &public.name);
                Ok(Admitted { id, key: public, asked_for: key, name, route, grant, session })
            }
            Err(refusal) => {
                session.ends_by(EndReason::Failed);
                Err(refusal)
            }
        }
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// The connection's own session, which counts what its publications and subscriptions carry.
    pub(crate) fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }
}

/// The public name. A rename without an application stays in the one that was asked for.
fn renamed(key: &StreamKey, rename: Option<&StreamKey>) -> Result<StreamKey, name::Error> {
    let Some(to) = rename else { return Ok(key.clone()) };
    let app = if to.app.is_empty() { &key.app } else { &to.app };
    let renamed = StreamKey { app: name::path(app)?, name: name::path(&to.name)?, query: key.query.clone() };
    if renamed.name.is_empty() { Err(name::Error::Empty) } else { Ok(renamed) }
}

pub(super) fn no_app(asked: Asked, routes: &Routes, app: &str) -> Refusal {
    tracing::info!(app, known = routes.names(), "no such application");
    let why = format!(
        "there is no application `{app}` here: use one that the server has, or add [apps.{app}] to its configuration"
    );
    match asked {
        Asked::Connect => Refusal { disconnect: true, ..Refusal::new("NetConnection.Connect.InvalidApp", why) },
        _ => refused(asked, why),
    }
}
