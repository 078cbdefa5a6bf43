//! Why TLS did not come about, in words for operators.

use std::io;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError, InvalidMessage};

use super::Fingerprint;

/// Why there is no TLS with a server.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// Nobody that is trusted has issued the certificate.
    #[error("the certificate is signed by an authority that is not trusted here: {issuer}{}; the certificate's own fingerprint is {fingerprint}", if *.itself { " (the server itself)" } else { "" })]
    Untrusted {
        /// Who signed it.
        issuer: String,
        /// Whether that is the server itself.
        itself: bool,
        /// Of the server's certificate.
        fingerprint: Fingerprint,
    },
    /// It is too late.
    #[error("the certificate has expired{}", ago(.0))]
    Expired(Option<Duration>),
    /// It is too early, or one of the clocks is wrong.
    #[error("the certificate is not valid yet: compare the clocks of both machines")]
    NotYet,
    /// It is for other names.
    #[error("the certificate is not for {wanted} but for {}", names(.has))]
    WrongName {
        /// What was asked for.
        wanted: String,
        /// What it is for.
        has: Vec<String>,
    },
    /// It is not the one with the fingerprint.
    #[error("the certificate is another one than expected: its fingerprint is {0}")]
    Fingerprint(Fingerprint),
    /// It cannot be used.
    #[error("the certificate cannot be used: {0}")]
    Certificate(String),
    /// What is to be trusted cannot be used.
    #[error("{0}")]
    Trust(String),
    /// The server speaks something else.
    #[error("what answers does not speak TLS: is it rtmp:// rather than rtmps://, or is the port another one?")]
    NotTls,
    /// The server breaks it off and says why.
    #[error("the server breaks it off: {0}")]
    Alert(String),
    /// The server breaks it off without a word, or the network does.
    #[error("the server closed the connection in the middle of the handshake ({0}); a server without TLS does so, too")]
    Cut(io::ErrorKind),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(rustls::Error::InvalidCertificate(CertificateError::Other(other))) => {
                other.0.downcast_ref::<Failure>().cloned().unwrap_or_else(|| Failure::Certificate(other.to_string()))
            }
            Some(rustls::Error::InvalidCertificate(error)) => Failure::Certificate(error.to_string()),
            Some(rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType)) => Failure::NotTls,
            Some(rustls::Error::AlertReceived(alert)) => Failure::Alert(alert_in_words(*alert)),
            Some(other) => Failure::Other(other.to_string()),
            None => Failure::Cut(error.kind()),
        }
    }
}

fn alert_in_words(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::HandshakeFailure
        | AlertDescription::ProtocolVersion
        | AlertDescription::InsufficientSecurity => {
            format!("it knows neither TLS 1.2 nor 1.3 in a way that we do ({alert:?})")
        }
        AlertDescription::UnrecognisedName => "it does not know the name that it was asked for".to_owned(),
        AlertDescription::CertificateRequired => "it asks for a certificate of ours, and we have none".to_owned(),
        other => format!("{other:?}"),
    }
}

fn ago(since: &Option<Duration>) -> String {
    match since.map(|since| since.as_secs() / 3600) {
        None => String::new(),
        Some(0) => " less than an hour ago".to_owned(),
        Some(hours @ 1..48) => format!(" {hours} hours ago"),
        Some(hours) => format!(" {} days ago", hours / 24),
    }
}

fn names(names: &[String]) -> String {
    if names.is_empty() { "no name at all".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_expired_says_when() {
        let said = |hours: u64| Failure::Expired(Some(Duration::from_secs(hours * 3600 + 5))).to_string();
        assert_eq!(said(0), "the certificate has expired less than an hour ago");
        assert_eq!(said(47), "the certificate has expired 47 hours ago");
        assert_eq!(said(72), "the certificate has expired 3 days ago");
        assert_eq!(Failure::Expired(None).to_string(), "the certificate has expired");
    }
}
