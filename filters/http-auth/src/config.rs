//! The operator's settings.

use std::collections::BTreeMap;

use guest_sdk::{Config, Fault};
use serde::Deserialize;

/// Whom to ask, how, and what if nobody answers.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) format: Format,
    pub(crate) urls: Urls,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) recheck_ms: Option<u32>,
    pub(crate) timeout_ms: u32,
    pub(crate) on_failure: OnFailure,
    pub(crate) rtmp_location: RtmpLocation,
}

/// Whose backends are spoken to.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Format {
    NginxRtmp,
    Srs,
    Mediamtx,
}

/// Whom to ask about what; what has no URL is not asked about.
#[derive(Debug)]
pub(crate) struct Urls {
    pub(crate) connect: Option<String>,
    pub(crate) disconnect: Option<String>,
    pub(crate) publish: Option<String>,
    pub(crate) play: Option<String>,
    /// For sessions that go on; only nginx-rtmp has a call of its own for it.
    pub(crate) update: Option<String>,
    pub(crate) done: Option<String>,
}

/// What holds when the backend cannot be asked.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnFailure {
    /// Nobody gets in, and who is in goes at the next recheck.
    #[default]
    Deny,
    /// Nobody gets in, and who is in stays.
    Keep,
    /// Everybody gets in.
    Allow,
}

/// What a publisher's redirect to an rtmp:// URL means.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RtmpLocation {
    /// The encoder is told to go there.
    #[default]
    Redirect,
    /// The stream is taken, and pushed there as well: what nginx-rtmp does.
    Push,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    format: Format,
    url: Option<String>,
    on_connect: Option<String>,
    on_disconnect: Option<String>,
    on_publish: Option<String>,
    on_play: Option<String>,
    on_update: Option<String>,
    on_done: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    recheck: Option<String>,
    #[serde(default = "three_seconds")]
    timeout: String,
    #[serde(default)]
    on_failure: OnFailure,
    rtmp_location: Option<RtmpLocation>,
}

fn three_seconds() -> String {
    "3s".into()
}

fn wrong(what: impl Into<String>) -> Fault {
    Fault::InvalidConfig(what.into())
}

/// A duration as the router's own file has them, in milliseconds.
fn duration(at: &str, text: &str, least: u32, most: u32) -> Result<u32, Fault> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let factor: Option<u32> = match unit {
        "ms" => Some(1),
        "s" => Some(1000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let ms = factor.and_then(|factor| number.parse::<u32>().ok()?.checked_mul(factor));
    let expected =
        || wrong(format!("{at}: expected a time such as \"10s\" (units ms, s, m, h) of {least}ms to {}s", most / 1000));
    ms.filter(|ms| (least..=most).contains(ms)).ok_or_else(expected)
}

/// A URL that the router's outbound calls know. Whether it is granted only a call tells.
fn url(at: &str, url: Option<String>) -> Result<Option<String>, Fault> {
    match url {
        Some(url)
            if !["http://", "https://"].iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme)) =>
        {
            Err(wrong(format!("{at}: expected a URL that begins with http:// or https://")))
        }
        url => Ok(url),
    }
}

impl Settings {
    pub(crate) fn read(config: &Config) -> Result<Settings, Fault> {
        let table: Table = config.parse()?;
        let whole = url("url", table.url)?;
        let publish = url("on_publish", table.on_publish)?.or_else(|| whole.clone());
        let play = url("on_play", table.on_play)?.or_else(|| whole.clone());
        if publish.is_none() && play.is_none() {
            return Err(wrong("url: missing; expected the backend's URL, or `on_publish` or `on_play`"));
        }
        let urls = Urls {
            connect: url("on_connect", table.on_connect)?,
            disconnect: url("on_disconnect", table.on_disconnect)?,
            update: url("on_update", table.on_update)?,
            done: url("on_done", table.on_done)?,
            publish,
            play,
        };
        let known = |at: &str, given: bool, by: &[Format]| match given && !by.contains(&table.format) {
            true => Err(wrong(format!("{at}: the format has no such call"))),
            false => Ok(()),
        };
        known("on_connect", urls.connect.is_some(), &[Format::NginxRtmp, Format::Srs])?;
        known("on_disconnect", urls.disconnect.is_some(), &[Format::NginxRtmp, Format::Srs])?;
        known("on_done", urls.done.is_some(), &[Format::NginxRtmp, Format::Srs])?;
        known("on_update", urls.update.is_some(), &[Format::NginxRtmp])?;
        known("rtmp_location", table.rtmp_location.is_some(), &[Format::NginxRtmp])?;
        let recheck_ms = table.recheck.map(|text| duration("recheck", &text, 100, 86_400_000)).transpose()?;
        if urls.update.is_some() && recheck_ms.is_none() {
            return Err(wrong("recheck: missing; expected how often `on_update` is asked, such as \"10s\""));
        }
        Ok(Settings {
            format: table.format,
            urls,
            headers: table.headers,
            recheck_ms,
            timeout_ms: duration("timeout", &table.timeout, 100, 60_000)?,
            on_failure: table.on_failure,
            rtmp_location: table.rtmp_location.unwrap_or_default(),
        })
    }
}
