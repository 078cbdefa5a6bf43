//! One try: to pull, to push.

use router::{Connection, ConnectionInfo, Refusal, Router, Subscription, Via};
use rtmp::dial::{self, End, Target};

use crate::Kind;
use crate::status::Board;

/// What a relay is made of, whichever way it goes.
pub(crate) struct Work {
    pub(crate) kind: Kind,
    pub(crate) router: Router,
    /// The local stream: application and name.
    pub(crate) path: String,
    /// Which servers stand behind it, this one included.
    pub(crate) via: Via,
}

impl Work {
    /// Connects, and returns when that has ended. A push without a stream ends with [`End::LocalEnded`].
    pub(crate) async fn attempt(&self, target: &Target, board: &Board) -> End {
        let connection = match self.connection(target) {
            Ok(connection) => connection,
            Err(refusal) => return End::NotAdmitted(refusal),
        };
        if self.kind == Kind::Pull {
            return dial::pull(target, &connection, &self.path, &board.progress).await;
        }
        match self.subscribe(&connection).await {
            Ok(mut subscription) => dial::push(target, &mut subscription, &board.progress).await,
            Err(refusal) if refusal.code == "NetStream.Play.StreamNotFound" => End::LocalEnded,
            Err(refusal) => End::NotAdmitted(refusal),
        }
    }

    /// A subscription for one connection, which begins with the headers and a key frame.
    async fn subscribe(&self, connection: &Connection) -> Result<Subscription, Refusal> {
        connection.play(&self.path, -1000, -1).await
    }

    /// The way in, in the name of the other server.
    fn connection(&self, target: &Target) -> Result<Connection, Refusal> {
        let url = &target.url;
        let info = ConnectionInfo {
            id: self.router.connection_id(),
            protocol: if url.tls { "rtmps" } else { "rtmp" }.to_owned(),
            peer_ip: url.host.clone(),
            peer_port: url.port,
            agent: format!("Weir {}", self.kind),
            ..ConnectionInfo::default()
        };
        self.router.internal(info, self.via.clone())
    }
}
