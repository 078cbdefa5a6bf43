//! The HTTP callbacks of SRS: JSON in, a code out.

use guest_sdk::Role;
use guest_sdk::http::{Request, Response};
use serde_json::{Value, json};

use crate::answer::{Answer, no, words};
use crate::event::{Event, What};

/// What SRS calls the virtual host that is not configured by name.
const DEFAULT_VHOST: &str = "__defaultVhost__";

pub(crate) fn request(url: &str, event: &Event<'_>) -> Request {
    let conn = event.conn;
    let vhost = event.key.and_then(|key| key.argument("vhost")).unwrap_or(DEFAULT_VHOST);
    let mut body = json!({
        "server_id": "weir",
        "action": action(event),
        "client_id": conn.id.to_string(),
        "ip": conn.peer_ip,
        "vhost": vhost,
        "app": event.app(),
        "tcUrl": conn.tc_url,
    });
    let mut put = |name: &str, value: Value| body[name] = value;
    if event.key.is_some() {
        let query = event.query();
        let of = if vhost == DEFAULT_VHOST { "" } else { vhost };
        put("stream", event.name().into());
        put("param", if query.is_empty() { String::new() } else { format!("?{query}") }.into());
        put("stream_url", format!("{of}/{}/{}", event.app(), event.name()).into());
    }
    match event.what {
        What::Connect | What::Play { .. } => put("pageUrl", event.property("pageUrl").into()),
        What::Done { role: Role::Connecting, summary } => {
            put("send_bytes", summary.bytes_out.into());
            put("recv_bytes", summary.bytes_in.into());
        }
        _ => {}
    }
    Request::post(url).json(&body)
}

fn action(event: &Event<'_>) -> &'static str {
    match (&event.what, event.role()) {
        (What::Connect, _) => "on_connect",
        (What::Done { .. }, Role::Publishing) => "on_unpublish",
        (What::Done { .. }, Role::Playing) => "on_stop",
        (What::Done { .. }, Role::Connecting) => "on_close",
        // SRS has no call for a session that goes on: it is asked about as if it began.
        (_, Role::Playing) => "on_play",
        _ => "on_publish",
    }
}

/// Status 200 with the body `0` or `{"code": 0}`, and nothing else, is a yes.
pub(crate) fn answer(response: &Response) -> Answer {
    if response.status() != 200 {
        return no(response);
    }
    match serde_json::from_slice::<Value>(response.body()) {
        Ok(Value::Number(code)) => decide(code.as_i64(), response),
        Ok(Value::Object(object)) => decide(object.get("code").and_then(Value::as_i64), response),
        _ => decide(None, response),
    }
}

fn decide(code: Option<i64>, response: &Response) -> Answer {
    match code {
        Some(0) => Answer::Yes,
        Some(code) => match response.body().first() {
            Some(b'{') => Answer::No(words(response)),
            _ => Answer::No(format!("refused by the authorization server with code {code}")),
        },
        None => Answer::Broken("the backend's answer is neither a number nor JSON with a `code`".to_owned()),
    }
}
