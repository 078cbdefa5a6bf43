//! The generations of one filter: the newest, those before it that ran well, and those that are known to be bad.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use crate::generation::{Generation, Identity};
use crate::rollout::{Rollout, Swap};
use crate::session::StreamKey;

/// Bad generations that are remembered; the oldest is forgotten.
const MOST_BAD: usize = 64;

/// Which generations there are. A value: a change makes another.
#[derive(Clone, Debug)]
pub(crate) struct Lineup {
    /// What runs, or what streams go over to.
    pub(crate) newest: Option<Arc<Generation>>,
    /// While a rollout is not for all: what the others run.
    pub(crate) base: Option<Arc<Generation>>,
    /// What ran before, newest first.
    pub(crate) before: Vec<Arc<Generation>>,
    /// Since when the newest is.
    pub(crate) since: Instant,
}

impl Default for Lineup {
    fn default() -> Lineup {
        Lineup { newest: None, base: None, before: Vec::new(), since: Instant::now() }
    }
}

impl Lineup {
    /// All of them, the newest first; one may occur twice.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<Generation>> {
        self.newest.iter().chain(&self.base).chain(&self.before)
    }

    pub(crate) fn find(&self, fits: impl Fn(&Identity) -> bool) -> Option<Arc<Generation>> {
        self.all().find(|g| fits(&g.identity)).cloned()
    }

    /// Another generation is the newest.
    pub(crate) fn with(&self, generation: Arc<Generation>, swap: &Swap) -> Lineup {
        let mut before: Vec<_> = self.newest.iter().chain(&self.before).cloned().collect();
        before.retain(|g| g.id != generation.id && !g.is_bad());
        before.truncate(swap.keep.max(1));
        let base = match swap.rollout {
            Rollout::Percent(_) => self.base.clone().or_else(|| self.newest.clone()),
            Rollout::All | Rollout::New => None,
        };
        let base = base.filter(|g| g.id != generation.id);
        Lineup { newest: Some(generation), base, before, since: Instant::now() }
    }

    /// The operator changed how generations are rolled out.
    pub(crate) fn adjusted(&self, swap: &Swap) -> Lineup {
        let mut lineup = self.clone();
        lineup.before.truncate(swap.keep.max(1));
        lineup.base = match swap.rollout {
            Rollout::Percent(_) => self.base.clone().or_else(|| self.before.first().cloned()),
            Rollout::All | Rollout::New => None,
        };
        lineup
    }

    /// Without a generation that is bad: the one before it is the newest again. None if there is none to go back to.
    pub(crate) fn without(&self, bad: &Generation) -> Option<Lineup> {
        if self.newest.as_ref().is_none_or(|g| g.id != bad.id) {
            return None;
        }
        let back = self.base.iter().chain(&self.before).find(|g| g.id != bad.id && !g.is_bad())?.clone();
        let before = self.before.iter().filter(|g| g.id != back.id && g.id != bad.id).cloned().collect();
        // What ran before is not on trial: nothing is behind it to go back to at once.
        Some(Lineup { newest: Some(back), base: None, before, since: self.since })
    }

    /// What a stream or session of this name is to run; `mine` is what it runs.
    pub(crate) fn target(
        &self,
        rollout: Rollout,
        key: impl FnOnce() -> StreamKey,
        mine: Option<&Arc<Generation>>,
    ) -> Option<Arc<Generation>> {
        match (rollout, &self.base) {
            (Rollout::New, _) => mine.filter(|g| !g.is_bad()).or(self.newest.as_ref()).cloned(),
            (Rollout::Percent(_), Some(base)) if !rollout.covers(&key()) => Some(base.clone()),
            _ => self.newest.clone(),
        }
    }
}

/// Generations that were left because they failed, by what makes them one, and why.
#[derive(Debug, Default)]
pub(crate) struct Bad(VecDeque<(Identity, String)>);

impl Bad {
    pub(crate) fn note(&mut self, identity: Identity, why: &str) {
        self.forgive(&identity);
        if self.0.len() >= MOST_BAD {
            self.0.pop_front();
        }
        self.0.push_back((identity, why.to_owned()));
    }

    pub(crate) fn why(&self, identity: &Identity) -> Option<&str> {
        self.0.iter().find(|(bad, _)| bad == identity).map(|(_, why)| why.as_str())
    }

    /// The operator wants it all the same.
    pub(crate) fn forgive(&mut self, identity: &Identity) {
        self.0.retain(|(bad, _)| bad != identity);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_generations_are_remembered_to_a_bound_and_forgiven() {
        let identity = |n: u8| Identity { bytes: [n; 32], settings: [0; 32] };
        let mut bad = Bad::default();
        for n in 0..=MOST_BAD as u8 {
            bad.note(identity(n), "it traps");
        }
        assert_eq!((bad.why(&identity(0)), bad.why(&identity(1))), (None, Some("it traps")));
        bad.note(identity(1), "it is slow");
        assert_eq!(bad.why(&identity(1)), Some("it is slow"));
        bad.forgive(&identity(1));
        assert_eq!(bad.why(&identity(1)), None);
    }
}
