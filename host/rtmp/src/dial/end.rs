//! Why a dialled connection ended.

use std::fmt;
use std::io;
use std::time::Duration;

use router::{Kick, Refusal};
use rtmp_proto::client::Url;

use super::redirect::RedirectError;
use super::tls;

/// Why a pull or push ended. The text is for operators: it says who did what.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum End {
    /// push: the local stream's publisher is gone, and its last frame has been sent.
    #[error("the local stream has ended")]
    LocalEnded,
    /// The local router ended the publication or subscription.
    #[error("ended by this server: {0}")]
    Kicked(Kick),
    /// pull: the local router does not take the stream.
    #[error("this server does not take the stream: {0}")]
    NotAdmitted(Refusal),
    /// The server refused connect, publish or play, or ended what it had admitted with an error.
    #[error("the server refuses: {}", said(.code, .description))]
    Refused {
        /// The status code, such as `NetStream.Publish.BadName`; may be empty.
        code: String,
        /// The server's words.
        description: String,
    },
    /// The server asks for a login that the URL does not hold, or does not take the one it holds.
    #[error("the server asks for a login: {0}")]
    Login(String),
    /// The server ended it in good order.
    #[error("the server ended it{}{}", if .code.is_empty() && .description.is_empty() { " " } else { ": " }, said(.code, .description))]
    RemoteEnded {
        /// The status code, such as `NetStream.Play.UnpublishNotify`; empty if it only closed the connection.
        code: String,
        /// The server's words.
        description: String,
    },
    /// The server asked to connect again, more often in a row than is followed.
    #[error("the server asks again and again to connect anew, now to {url}")]
    Reconnect {
        /// Where it wants us.
        url: Box<Url>,
    },
    /// The server sent us elsewhere, and there is no going there.
    #[error("redirected: {0}")]
    Redirect(#[from] RedirectError),
    /// Something did not happen in time.
    #[error("{0} within {1:?}")]
    Timeout(Stage, Duration),
    /// The host's name stands for no address.
    #[error("cannot look up {host}: {why}")]
    Unresolved {
        /// The name.
        host: String,
        /// The system's reason.
        why: String,
    },
    /// No address of the host takes a connection.
    #[error("cannot connect to {address}: {why}")]
    Unreachable {
        /// The address tried last.
        address: String,
        /// The system's reason.
        why: String,
    },
    /// TLS did not come about.
    #[error("TLS: {0}")]
    Tls(#[from] tls::Failure),
    /// The network failed.
    #[error("the connection broke: {}", words(*.0))]
    Io(io::ErrorKind),
    /// The server broke the protocol or a limit.
    #[error("the server broke the protocol: {0}")]
    Protocol(Box<rtmp_proto::Error>),
}

/// What was waited for in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// The look-up of the host's name.
    Resolve,
    /// A TCP connection.
    Connect,
    /// The handshake of TLS.
    Tls,
    /// The handshake of RTMP.
    Handshake,
    /// The answer to connect.
    ConnectAnswer,
    /// The answer to publish or play.
    Answer,
    /// Media.
    Media,
    /// Room for what we have to say.
    Write,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Resolve => "the host's name was not looked up",
            Stage::Connect => "no address of the server took a connection",
            Stage::Tls => "the server did not finish the TLS handshake",
            Stage::Handshake => "the server did not finish the RTMP handshake",
            Stage::ConnectAnswer => "the server did not answer connect",
            Stage::Answer => "the server did not answer publish or play",
            Stage::Media => "the server sent no media",
            Stage::Write => "the server took nothing of what was sent",
        })
    }
}

/// Who has to change something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nobody: it was over.
    Nobody,
    /// This server, or its configuration.
    Us,
    /// The other server, or what it was asked for.
    Server,
    /// What lies between.
    Network,
}

/// Whether to dial again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Not before something changes here: there is nothing to send.
    No,
    /// Soon: what went wrong may be over at once.
    Soon,
    /// With patience: the answer will be the same until somebody changes something.
    Later,
}

impl End {
    /// Who has to change something.
    pub fn fault(&self) -> Fault {
        match self {
            End::LocalEnded | End::RemoteEnded { .. } | End::Reconnect { .. } => Fault::Nobody,
            End::Kicked(_) | End::NotAdmitted(_) | End::Login(_) => Fault::Us,
            End::Tls(tls::Failure::Trust(_)) => Fault::Us,
            End::Tls(tls::Failure::Cut(_)) => Fault::Network,
            End::Refused { .. } | End::Redirect(_) | End::Tls(_) | End::Protocol(_) => Fault::Server,
            End::Timeout(..) | End::Unresolved { .. } | End::Unreachable { .. } | End::Io(_) => Fault::Network,
        }
    }

    /// Whether to dial again.
    pub fn retry(&self) -> Retry {
        match self {
            End::LocalEnded => Retry::No,
            End::RemoteEnded { .. }
            | End::Reconnect { .. }
            | End::Timeout(..)
            | End::Unresolved { .. }
            | End::Unreachable { .. }
            | End::Tls(tls::Failure::Cut(_))
            | End::Io(_) => Retry::Soon,
            End::Kicked(_)
            | End::NotAdmitted(_)
            | End::Refused { .. }
            | End::Login(_)
            | End::Redirect(_)
            | End::Tls(_)
            | End::Protocol(_) => Retry::Later,
        }
    }
}

/// Code and description, or the one that there is.
fn said(code: &str, description: &str) -> String {
    match (code, description) {
        ("", "") => "without a word".to_owned(),
        (one, "") | ("", one) => one.to_owned(),
        (code, description) => format!("{code}: {description}"),
    }
}

fn words(kind: io::ErrorKind) -> String {
    match kind {
        io::ErrorKind::ConnectionReset => "the server reset it".to_owned(),
        io::ErrorKind::BrokenPipe => "the server closed it while we were sending".to_owned(),
        other => other.to_string(),
    }
}
