//! MediaMTX' HTTP authentication (`authHTTPAddress`): JSON in, a status out.

use guest_sdk::Role;
use guest_sdk::http::{Request, Response};
use serde_json::json;

use crate::answer::{Answer, no};
use crate::event::Event;

pub(crate) fn request(url: &str, event: &Event<'_>) -> Request {
    let argument = |name: &str| event.key.and_then(|key| key.argument(name)).unwrap_or_default();
    let token = [argument("jwt"), argument("token")].into_iter().find(|token| !token.is_empty()).unwrap_or_default();
    Request::post(url).json(&json!({
        "user": argument("user"),
        "password": argument("pass"),
        "token": token,
        "ip": event.conn.peer_ip,
        "action": if event.role() == Role::Playing { "read" } else { "publish" },
        "path": format!("{}/{}", event.app(), event.name()),
        "protocol": "rtmp",
        // Backends expect a UUID.
        "id": format!("00000000-0000-4000-8000-{:012x}", event.conn.id & 0xffff_ffff_ffff),
        "query": event.query(),
        "userAgent": event.conn.agent,
    }))
}

/// 2xx yes, anything else no.
pub(crate) fn answer(response: &Response) -> Answer {
    if response.is_success() { Answer::Yes } else { no(response) }
}
