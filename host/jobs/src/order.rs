//! A rendition that was checked: what will run.

use std::collections::BTreeMap;
use std::sync::Arc;

use filter::planner::Rendition;

use crate::profile::Profile;

/// Bytes of a suffix, as of the streams that media filters make.
const MOST_SUFFIX_BYTES: usize = 64;

/// One encoder of one stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Behind the parent's name.
    pub suffix: String,
    /// The profile's name, for the log.
    pub name: String,
    /// How it runs.
    pub profile: Arc<Profile>,
    /// Values of all placeholders.
    pub params: BTreeMap<String, String>,
    /// Higher goes first.
    pub priority: u8,
}

/// Why a rendition is not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The name of what would be made.
    #[error("`{0}` is no suffix: expected 1 to {MOST_SUFFIX_BYTES} letters, digits, `-`, `_` and `.`")]
    Suffix(String),
    /// There is none of that name.
    #[error("there is no [profiles.{0}]{1}")]
    Profile(String, String),
    /// The profile has no such placeholder.
    #[error("profile `{0}` has no parameter `{1}`{2}")]
    Unknown(String, String, String),
    /// It is given twice.
    #[error("parameter `{0}` is there twice")]
    Twice(String),
    /// It has no default.
    #[error("profile `{0}` needs the parameter `{1}`: {2}")]
    Missing(String, String, String),
    /// It is not what the profile allows. The value is a guest's: it is shown escaped.
    #[error("parameter `{0}` of profile `{1}`: {2:?} is not {3}")]
    Value(String, String, String, String),
}

impl Order {
    /// Checks a rendition against the profiles there are.
    ///
    /// # Errors
    /// It names what there is not, or values that its profile does not allow.
    pub fn new(rendition: &Rendition, profiles: &BTreeMap<String, Arc<Profile>>) -> Result<Order, Refused> {
        let Rendition { suffix, profile: name, params: given, priority } = rendition;
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if !(1..=MOST_SUFFIX_BYTES).contains(&suffix.len()) || !suffix.chars().all(fits) {
            return Err(Refused::Suffix(shown(suffix)));
        }
        let profile = profiles
            .get(name)
            .ok_or_else(|| Refused::Profile(shown(name), hint(name, profiles.keys().map(String::as_str))))?;
        let mut params: BTreeMap<String, String> = BTreeMap::new();
        for (param, value) in given {
            let Some(of) = profile.params.get(param) else {
                let known = profile.params.keys().map(String::as_str);
                return Err(Refused::Unknown(name.clone(), shown(param), hint(param, known)));
            };
            if !of.allowed.fits(value) {
                let allowed = of.allowed.to_string();
                return Err(Refused::Value(param.clone(), name.clone(), shown(value), allowed));
            }
            if params.insert(param.clone(), value.clone()).is_some() {
                return Err(Refused::Twice(param.clone()));
            }
        }
        for (param, of) in &profile.params {
            if params.contains_key(param) {
                continue;
            }
            let default = of
                .default
                .clone()
                .ok_or_else(|| Refused::Missing(name.clone(), param.clone(), of.allowed.to_string()))?;
            params.insert(param.clone(), default);
        }
        let (suffix, name, profile) = (suffix.clone(), name.clone(), Arc::clone(profile));
        Ok(Order { suffix, name, profile, params, priority: *priority })
    }
}

impl Order {
    /// Whether the same program would run with the same arguments; whose turn it is when makes no difference to it.
    pub(crate) fn runs_as(&self, other: &Order) -> bool {
        (&self.suffix, &self.name, &self.profile, &self.params)
            == (&other.suffix, &other.name, &other.profile, &other.params)
    }
}

/// A guest's text in a message: not too long.
fn shown(text: &str) -> String {
    const MOST: usize = 64;
    let cut: String = text.chars().take(MOST).collect();
    let cut = if cut.len() < text.len() { format!("{cut}…") } else { cut };
    cut.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

fn hint<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let known: Vec<&str> = known.collect();
    let near = known.iter().map(|known| (strsim::damerau_levenshtein(name, known), known)).min();
    match near {
        Some((distance, near)) if distance <= 2.max(name.len() / 3) => format!("; did you mean `{near}`?"),
        _ if known.is_empty() => "; there are none".to_owned(),
        _ => format!("; there are {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::param::{Allowed, Param};

    fn profiles() -> BTreeMap<String, Arc<Profile>> {
        let height = Param { allowed: Allowed::Range(2, 4320), default: None };
        let preset = Param { allowed: Allowed::OneOf(vec!["fast".into()]), default: Some("fast".into()) };
        let params = BTreeMap::from([("height".to_owned(), height), ("preset".to_owned(), preset)]);
        BTreeMap::from([("h264".to_owned(), Arc::new(Profile { params, ..Profile::default() }))])
    }

    fn checked(suffix: &str, profile: &str, params: &[(&str, &str)]) -> Result<Order, String> {
        let params = params.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let rendition = Rendition { suffix: suffix.into(), profile: profile.into(), params, priority: 3 };
        Order::new(&rendition, &profiles()).map_err(|refused| refused.to_string())
    }

    #[test]
    fn a_rendition_gets_the_defaults_of_its_profile() {
        let order = checked("_240p", "h264", &[("height", "240")]).unwrap();
        assert_eq!(order.params["height"], "240");
        assert_eq!((order.params["preset"].as_str(), order.priority), ("fast", 3));
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (suffix, profile, params, why) in [
            ("", "h264", &[][..], "`` is no suffix"),
            ("_a/b", "h264", &[], "`_a/b` is no suffix"),
            ("_a?b", "h264", &[], "`_a?b` is no suffix"),
            ("_a", "h265", &[], "there is no [profiles.h265]; did you mean `h264`?"),
            ("_a", "h264", &[], "profile `h264` needs the parameter `height`: a whole number from 2 to 4320"),
            ("_a", "h264", &[("heigth", "2")], "has no parameter `heigth`; did you mean `height`?"),
            ("_a", "h264", &[("input", "rtmp://x")], "has no parameter `input`"),
            ("_a", "h264", &[("height", "2"), ("height", "4")], "`height` is there twice"),
            ("_a", "h264", &[("height", "2 -vf x")], "\"2 -vf x\" is not a whole number"),
            ("_a", "h264", &[("height", "-f")], "\"-f\" is not a whole number"),
        ] {
            let refused = checked(suffix, profile, params).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
        assert!(!checked("_a\n", "h264", &[]).unwrap_err().contains('\n'));
    }
}
