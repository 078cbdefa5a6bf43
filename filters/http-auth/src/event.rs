//! What is asked or told, whoever's words it is put in.

use guest_sdk::{ConnectionInfo, PlayRequest, PublishRequest, Role, SessionRef, StreamKey, Summary};

/// One thing that happens to a session.
pub(crate) struct Event<'a> {
    pub(crate) conn: &'a ConnectionInfo,
    /// Of a connection there is none.
    pub(crate) key: Option<&'a StreamKey>,
    pub(crate) what: What<'a>,
}

pub(crate) enum What<'a> {
    Connect,
    Publish {
        mode: &'a str,
    },
    Play {
        start_ms: i64,
        duration_ms: i64,
    },
    /// It goes on, for so many seconds now.
    Update {
        role: Role,
        seconds: u64,
    },
    /// It is over.
    Done {
        role: Role,
        summary: &'a Summary,
    },
}

impl<'a> Event<'a> {
    pub(crate) fn connect(conn: &'a ConnectionInfo) -> Event<'a> {
        Event { conn, key: None, what: What::Connect }
    }

    pub(crate) fn publish(request: &'a PublishRequest) -> Event<'a> {
        Event { conn: &request.conn, key: Some(&request.key), what: What::Publish { mode: &request.mode } }
    }

    pub(crate) fn play(request: &'a PlayRequest) -> Event<'a> {
        let what = What::Play { start_ms: request.start_ms, duration_ms: request.duration_ms };
        Event { conn: &request.conn, key: Some(&request.key), what }
    }

    pub(crate) fn update(session: &'a SessionRef, seconds: u64) -> Event<'a> {
        let what = What::Update { role: session.role, seconds };
        Event { conn: &session.conn, key: session.key.as_ref(), what }
    }

    pub(crate) fn done(session: &'a SessionRef, summary: &'a Summary) -> Event<'a> {
        let what = What::Done { role: session.role, summary };
        Event { conn: &session.conn, key: session.key.as_ref(), what }
    }

    pub(crate) fn role(&self) -> Role {
        match self.what {
            What::Connect => Role::Connecting,
            What::Publish { .. } => Role::Publishing,
            What::Play { .. } => Role::Playing,
            What::Update { role, .. } | What::Done { role, .. } => role,
        }
    }

    /// The application: the stream's own, which is the connection's.
    pub(crate) fn app(&self) -> &'a str {
        self.key.map_or(&self.conn.app, |key| &key.app)
    }

    pub(crate) fn name(&self) -> &'a str {
        self.key.map_or("", |key| &key.name)
    }

    /// The arguments behind the stream's name, as a URL has them.
    pub(crate) fn query(&self) -> String {
        let query = self.key.map(|key| key.query.as_slice()).unwrap_or_default();
        guest_sdk::http::form(query.iter().map(|(k, v)| (k.as_str(), v.as_str())))
    }

    /// A property of the connect command.
    pub(crate) fn property(&self, name: &str) -> &'a str {
        self.conn.extra.iter().find(|(k, _)| k == name).map_or("", |(_, v)| v.as_str())
    }
}
