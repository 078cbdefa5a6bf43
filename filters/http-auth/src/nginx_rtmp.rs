//! The calls of nginx-rtmp's notify module: a form in, a status out.

use guest_sdk::Role;
use guest_sdk::http::{Request, Response, form};

use crate::answer::{Answer, no};
use crate::event::{Event, What};

/// Names that are the router's own: a peer's argument of the same name does not stand beside it.
const OWN: [&str; 18] = [
    "app",
    "flashver",
    "swfurl",
    "tcurl",
    "pageurl",
    "addr",
    "epoch",
    "clientid",
    "call",
    "name",
    "type",
    "start",
    "duration",
    "reset",
    "time",
    "timestamp",
    "recorder",
    "path",
];

/// The form, in nginx-rtmp's order, with the arguments of the stream's name behind it.
pub(crate) fn request(url: &str, event: &Event<'_>, unix_ms: u64) -> Request {
    let conn = event.conn;
    let (id, epoch) = (conn.id.to_string(), (unix_ms as u32).to_string());
    let mut fields = vec![
        ("app", event.app().to_owned()),
        ("flashver", conn.agent.clone()),
        ("swfurl", event.property("swfUrl").to_owned()),
        ("tcurl", conn.tc_url.clone()),
        ("pageurl", event.property("pageUrl").to_owned()),
        ("addr", conn.peer_ip.clone()),
    ];
    match event.what {
        What::Connect => fields.extend([("epoch", epoch), ("call", "connect".to_owned())]),
        _ => fields.extend([("clientid", id), ("call", call(event).to_owned())]),
    }
    if !event.name().is_empty() {
        // Of an update the times stand before the name.
        if let What::Update { seconds, .. } = event.what {
            fields.extend([("time", seconds.to_string()), ("timestamp", seconds.saturating_mul(1000).to_string())]);
        }
        fields.push(("name", event.name().to_owned()));
    }
    match event.what {
        What::Publish { mode } => fields.push(("type", mode.to_owned())),
        What::Play { start_ms, duration_ms } => {
            // nginx-rtmp prints negative times as the unsigned numbers that they are in its memory.
            let wrapped = |ms: i64| (ms as u32).to_string();
            fields.extend([
                ("start", wrapped(start_ms)),
                ("duration", wrapped(duration_ms)),
                ("reset", "0".to_owned()),
            ]);
        }
        _ => {}
    }
    let own = fields.iter().map(|(k, v)| (*k, v.as_str()));
    let arguments = event.key.map(|key| key.query.as_slice()).unwrap_or_default();
    let arguments = arguments.iter().filter(|(name, _)| !is_own(name)).map(|(k, v)| (k.as_str(), v.as_str()));
    let body = form(own.chain(arguments));
    Request::post(url).header("content-type", "application/x-www-form-urlencoded").body(body)
}

/// Whether a backend could take an argument for one of ours. PHP, for one, reads ` addr`, `addr[]` and `addr` as one name, and the last
/// one counts.
fn is_own(name: &str) -> bool {
    let name = name.split(['[', '\0']).next().unwrap_or_default();
    OWN.iter().any(|own| own.eq_ignore_ascii_case(name.trim()))
}

fn call(event: &Event<'_>) -> &'static str {
    match (&event.what, event.role()) {
        (What::Connect, _) => "connect",
        (What::Publish { .. }, _) => "publish",
        (What::Play { .. }, _) => "play",
        (What::Update { .. }, Role::Playing) => "update_play",
        (What::Update { .. }, _) => "update_publish",
        (What::Done { .. }, Role::Publishing) => "publish_done",
        (What::Done { .. }, Role::Playing) => "play_done",
        (What::Done { .. }, Role::Connecting) => "disconnect",
    }
}

/// 2xx yes, 3xx yes under another name or elsewhere, anything else no.
pub(crate) fn answer(response: &Response) -> Answer {
    match response.status() {
        200..300 => Answer::Yes,
        300..400 => location(response.header("location").unwrap_or_default().trim()),
        _ => no(response),
    }
}

fn location(to: &str) -> Answer {
    let starts = |scheme: &str| to.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    if starts("rtmp://") || starts("rtmps://") {
        return Answer::Elsewhere(to.to_owned());
    }
    // Frameworks make a whole URL of a name: its last part is meant then.
    let path = to.split(['?', '#']).next().unwrap_or_default();
    let name = if starts("http://") || starts("https://") {
        path.splitn(4, '/').nth(3).unwrap_or_default().rsplit('/').next().unwrap_or_default()
    } else {
        path.trim_start_matches('/')
    };
    if name.is_empty() { Answer::Yes } else { Answer::Rename(name.to_owned()) }
}
