//! Asks an HTTP backend who may publish and play, in the words of nginx-rtmp, SRS or MediaMTX.
//!
//! It fails closed: a wrong configuration keeps the filter from being loaded, and without an answer `on_failure` holds, which is no
//! unless the operator says otherwise.

mod answer;
mod config;
mod event;
mod mediamtx;
mod nginx_rtmp;
mod srs;

use guest_sdk::{
    Config, ConnectionInfo, Decision, Description, Fault, Grant, PlayRequest, PublishRequest, Redirection, Role,
    SessionFilter, SessionRef, StreamKey, Summary, clock, http, log,
};

use crate::answer::Answer;
use crate::config::{Format, OnFailure, RtmpLocation, Settings};
use crate::event::{Event, What};

/// Asks a backend.
pub struct HttpAuth {
    settings: Settings,
}

/// When the session began, in unix time: what a recheck tells the backend.
const SINCE: &str = "http-auth-since";

impl HttpAuth {
    fn url(&self, event: &Event<'_>) -> Option<&str> {
        let urls = &self.settings.urls;
        let own = |role| if role == Role::Playing { &urls.play } else { &urls.publish };
        let url = match event.what {
            What::Connect => &urls.connect,
            What::Done { role: Role::Connecting, .. } => &urls.disconnect,
            What::Done { .. } => &urls.done,
            What::Update { role, .. } if urls.update.is_none() => own(role),
            What::Update { .. } => &urls.update,
            What::Publish { .. } | What::Play { .. } => own(event.role()),
        };
        url.as_deref()
    }

    fn send(&self, url: &str, event: &Event<'_>) -> Result<http::Response, http::Error> {
        let request = match self.settings.format {
            Format::NginxRtmp => nginx_rtmp::request(url, event, clock::unix_ms()),
            Format::Srs => srs::request(url, event),
            Format::Mediamtx => mediamtx::request(url, event),
        };
        let headers = self.settings.headers.iter();
        let request = headers.fold(request, |request, (name, value)| request.header(name, value));
        request.timeout_ms(self.settings.timeout_ms).send()
    }

    fn ask(&self, event: &Event<'_>) -> Decision {
        let Some(url) = self.url(event) else { return Decision::Abstain };
        let answer = match self.send(url, event) {
            Err(error) => Answer::Broken(error.to_string()),
            Ok(response) => match self.settings.format {
                Format::NginxRtmp => nginx_rtmp::answer(&response),
                Format::Srs => srs::answer(&response),
                Format::Mediamtx => mediamtx::answer(&response),
            },
        };
        let goes_on = matches!(event.what, What::Update { .. });
        match answer {
            Answer::Yes => self.allow(event, |_| {}),
            // A stream does not change its name while it runs.
            Answer::Rename(_) | Answer::Elsewhere(_) if goes_on || event.key.is_none() => self.allow(event, |_| {}),
            Answer::Rename(name) => {
                let app = event.app().to_owned();
                self.allow(event, |grant| grant.rename = Some(StreamKey { app, name, query: Vec::new() }))
            }
            Answer::Elsewhere(url) => match (event.role(), self.settings.rtmp_location) {
                (Role::Publishing, RtmpLocation::Push) => self.allow(event, |grant| grant.push_to.push(url)),
                _ => Decision::Redirect(Redirection { url, permanent: false }),
            },
            Answer::No(reason) => {
                log::write(
                    log::Level::Info,
                    "refused by the backend",
                    &[("ip", &event.conn.peer_ip), ("reason", &reason)],
                );
                Decision::deny(reason)
            }
            Answer::Broken(why) => self.without_answer(event, goes_on, &why),
        }
    }

    fn allow(&self, event: &Event<'_>, with: impl FnOnce(&mut Grant)) -> Decision {
        let mut grant = Grant { recheck_ms: self.settings.recheck_ms, ..Grant::default() };
        // Of connections nobody is asked again.
        if event.key.is_none() {
            grant.recheck_ms = None;
        } else if grant.recheck_ms.is_some() && !matches!(event.what, What::Update { .. }) {
            grant.tags.push((SINCE.into(), (clock::unix_ms() / 1000).to_string()));
        }
        with(&mut grant);
        Decision::Allow(grant)
    }

    fn without_answer(&self, event: &Event<'_>, goes_on: bool, why: &str) -> Decision {
        log::warn(&format!("the backend did not answer: {why}"));
        match self.settings.on_failure {
            OnFailure::Allow => self.allow(event, |_| {}),
            OnFailure::Keep if goes_on => self.allow(event, |_| {}),
            // What is wrong with the backend is no business of a peer.
            _ => Decision::deny("authorization is not available"),
        }
    }
}

impl SessionFilter for HttpAuth {
    fn describe() -> Description {
        let summary = "Asks an HTTP backend who may publish and play, as nginx-rtmp, SRS and MediaMTX do.";
        Description::new("http-auth", env!("CARGO_PKG_VERSION"), summary)
            .with_config_schema(include_str!("../config.schema.json"))
    }

    fn configure(config: Config) -> Result<HttpAuth, Fault> {
        Settings::read(&config).map(|settings| HttpAuth { settings })
    }

    fn on_connect(&mut self, connection: &ConnectionInfo) -> Decision {
        self.ask(&Event::connect(connection))
    }

    fn on_publish(&mut self, request: &PublishRequest) -> Decision {
        self.ask(&Event::publish(request))
    }

    fn on_play(&mut self, request: &PlayRequest) -> Decision {
        self.ask(&Event::play(request))
    }

    fn on_recheck(&mut self, session: &SessionRef) -> Decision {
        // Asked for another filter's sake.
        if self.settings.recheck_ms.is_none() || session.key.is_none() {
            return Decision::Abstain;
        }
        let now = clock::unix_ms() / 1000;
        let since = session.tags.iter().find(|(name, _)| name == SINCE).and_then(|(_, since)| since.parse().ok());
        self.ask(&Event::update(session, now.saturating_sub(since.unwrap_or(now))))
    }

    fn on_close(&mut self, session: &SessionRef, summary: &Summary) {
        let event = Event::done(session, summary);
        if let Some(url) = self.url(&event)
            && let Err(error) = self.send(url, &event)
        {
            log::warn(&format!("the backend was not told of an end: {error}"));
        }
    }
}

guest_sdk::export_session!(HttpAuth);
