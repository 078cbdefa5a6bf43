//! What a backend's response means.

use guest_sdk::http::Response;

/// See the module.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    Yes,
    /// Yes, and the rest of the world knows the stream by this name.
    Rename(String),
    /// To this rtmp:// or rtmps:// URL.
    Elsewhere(String),
    /// No, with the backend's own words if it has any.
    No(String),
    /// It is no answer.
    Broken(String),
}

/// A denial, or a backend that is out of order: then nobody has said no.
pub(crate) fn no(response: &Response) -> Answer {
    match response.status() {
        500.. => Answer::Broken(format!("the backend is out of order: status {}", response.status())),
        _ => Answer::No(words(response)),
    }
}

/// What an encoder is shown, in bytes at most.
const MOST_WORDS: usize = 200;

/// The backend's words, if its body is one line of plain text, or JSON with a text that is meant for people.
pub(crate) fn words(response: &Response) -> String {
    let body = response.text();
    let said = match serde_json::from_str::<serde_json::Value>(&body) {
        Ok(json) => {
            let field = |name| json.get(name).and_then(|text| text.as_str()).map(str::to_owned);
            ["reason", "message", "msg", "error", "desc"].into_iter().find_map(field)
        }
        Err(_) if body.trim_start().starts_with('<') => None,
        Err(_) => body.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned),
    };
    let mut said: String = said.unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    while said.len() > MOST_WORDS {
        said.pop();
    }
    match said.trim() {
        "" => "refused by the authorization server".to_owned(),
        said => said.to_owned(),
    }
}
