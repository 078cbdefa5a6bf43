//! The filters that are asked on connect, publish and play, in order.

use std::sync::Arc;

use super::pool::Ask;
use super::trial;
use super::{Attributes, ConnectionInfo, Decision, Denial, Grant, PlayRequest, PublishRequest, SessionRef, Summary};
use crate::generation::Generation;
use crate::spec::SessionFailure;
use crate::warnings::{Pass, Warning};
use crate::{Filter, origin};

/// The filters that a question has reached and that have not said no: they may have counted it, and are to be told when nothing
/// comes of it, be it that a later one says no or that the peer does not wait for the answer.
#[derive(Debug, Default)]
pub struct Reached {
    filters: Vec<(Arc<Filter>, Arc<Generation>)>,
    /// What they have left so far.
    tags: Attributes,
}

impl Reached {
    /// Whether nobody is to be told.
    pub fn is_empty(&self) -> bool {
        self.filters.is_empty()
    }

    /// Tells each of them, in the generation that was asked, that it is over. `who.tags` are those from before the question.
    pub async fn close(self, mut who: SessionRef, how: Summary) {
        who.tags.extend(self.tags);
        for (filter, generation) in self.filters {
            tell(&filter, &generation, Ask::Close(&who, &how)).await;
        }
    }
}

/// Filters in the order in which they are asked. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct SessionChain {
    filters: Arc<[Arc<Filter>]>,
}

impl SessionChain {
    /// These filters, asked in this order.
    pub fn new(filters: Vec<Arc<Filter>>) -> SessionChain {
        SessionChain { filters: filters.into() }
    }

    /// Whether nobody is asked.
    pub fn is_empty(&self) -> bool {
        self.filters.is_empty()
    }

    /// The connect command. If nothing comes of it, who is in `reached` is to be told; if a session does,
    /// [`on_close`](SessionChain::on_close) tells all of them at its end.
    pub async fn on_connect(&self, info: &ConnectionInfo, reached: &mut Reached) -> Decision {
        self.ask(Ask::Connect(info), reached).await
    }

    /// The publish command; `reached` as for [`on_connect`](SessionChain::on_connect).
    pub async fn on_publish(&self, req: &PublishRequest, reached: &mut Reached) -> Decision {
        self.ask(Ask::Publish(req), reached).await
    }

    /// The play command; `reached` as for [`on_connect`](SessionChain::on_connect).
    pub async fn on_play(&self, req: &PlayRequest, reached: &mut Reached) -> Decision {
        self.ask(Ask::Play(req), reached).await
    }

    /// Asked again, `recheck_ms` after an allowance. Anything but a denial or a redirect means go on.
    pub async fn on_recheck(&self, who: &SessionRef) -> Decision {
        self.ask(Ask::Recheck(who), &mut Reached::default()).await
    }

    /// A session that was allowed is over. Filters that fail are in the log, nowhere else.
    pub async fn on_close(&self, who: &SessionRef, how: Summary) {
        for filter in self.filters.iter() {
            let ask = Ask::Close(who, &how);
            if let Some(generation) = filter.target(|| ask.key(), None) {
                tell(filter, &generation, ask).await;
            }
        }
    }

    /// Asks one after the other: terms of an allowance add up, a denial or a redirect is the end, and if all abstain so does the
    /// chain. A filter that cannot answer denies, unless its `on_failure` says otherwise.
    async fn ask(&self, ask: Ask<'_>, reached: &mut Reached) -> Decision {
        let mut terms: Option<Grant> = None;
        for filter in self.filters.iter() {
            match self.answer(filter, ask, reached).await {
                Decision::Abstain => {}
                Decision::Allow(grant) => {
                    reached.tags.extend(grant.tags.iter().cloned());
                    merge(terms.get_or_insert_default(), grant);
                }
                end => {
                    tracing::debug!(target: "filter", filter = filter.name(), hook = ask.hook().name(), "it said {end:?}");
                    return end;
                }
            }
        }
        terms.map_or(Decision::Abstain, Decision::Allow)
    }

    async fn answer(&self, filter: &Arc<Filter>, ask: Ask<'_>, reached: &mut Reached) -> Decision {
        let generation = filter.target(|| ask.key(), None);
        let why = match generation.as_ref().map(|g| (g, &g.session)) {
            None => "it is not loaded".to_owned(),
            Some((_, None)) => "it has no session hooks".to_owned(),
            // In a box: what a guest may wait for is deep, and so would be all that waits for it.
            Some((generation, Some(pool))) => {
                // Before the answer: who is asked and not waited for any more may have counted it already, and so may who fails.
                reached.filters.push((filter.clone(), generation.clone()));
                match Box::pin(pool.ask(ask)).await {
                    Ok(decision) => {
                        if let Some(why) = pool.too_many_faults()
                            && trial::before(filter, generation).is_some()
                        {
                            filter.condemn(generation, &why);
                        }
                        return answered(filter, decision, reached);
                    }
                    Err(failure) => match Box::pin(trial::ask_before(filter, generation, ask, &failure)).await {
                        Some((before, decision)) => {
                            if let Some((_, asked)) = reached.filters.last_mut() {
                                *asked = before;
                            }
                            return answered(filter, decision, reached);
                        }
                        None => failure.to_string(),
                    },
                }
            }
        };
        let warnings = &filter.counters_inner().warnings;
        match filter.spec().on_failure.session {
            SessionFailure::Allow => {
                if let Some(Pass { held_back }) = warnings.pass(Warning::Unheard, filter.clock()) {
                    tracing::warn!(target: "filter", filter = filter.name(), held_back, "allowed without being asked: {why}");
                }
                Decision::Allow(Grant::default())
            }
            SessionFailure::Deny => {
                if let Some(Pass { held_back }) = warnings.pass(Warning::Unheard, filter.clock()) {
                    let hook = ask.hook().name();
                    tracing::warn!(target: "filter", filter = filter.name(), hook, held_back, "denied: {why}");
                }
                // What is wrong with the router's filters is no business of a peer.
                Decision::Deny(Denial { reason: "authorization is not available".into(), ..Denial::default() })
            }
        }
    }
}

/// Who says no itself has nothing to be told of.
fn answered(filter: &Filter, decision: Decision, reached: &mut Reached) -> Decision {
    if matches!(decision, Decision::Deny(_) | Decision::Redirect(_)) {
        reached.filters.pop();
    }
    granted(filter, decision)
}

/// Tells one filter of an end.
async fn tell(filter: &Filter, generation: &Generation, ask: Ask<'_>) {
    let Some(pool) = &generation.session else { return };
    let Some(_turn) = pool.turn_to_end().await else { return };
    if let Err(failure) = Box::pin(pool.ask(ask)).await
        && let Some(Pass { held_back }) = filter.counters_inner().warnings.pass(Warning::Failed, filter.clock())
    {
        tracing::warn!(target: "filter", filter = filter.name(), held_back, "it failed in {failure}");
    }
}

/// Leaves out of an allowance what the operator has not granted.
fn granted(filter: &Filter, decision: Decision) -> Decision {
    let Decision::Allow(mut grant) = decision else { return decision };
    if !grant.push_to.is_empty() {
        let spec = filter.spec();
        grant.push_to.retain(|url| {
            let may = spec.grants.may_push(url);
            if !may {
                // The rest of the URL may be a key.
                let to = origin::of(url).unwrap_or_else(|| "what is no rtmp:// or rtmps:// URL".to_owned());
                tracing::warn!(target: "filter", filter = filter.name(), "not granted: push:{to}");
            }
            may
        });
    }
    Decision::Allow(grant)
}

/// Later filters win, tags add up.
fn merge(terms: &mut Grant, later: Grant) {
    let Grant { rename, tags, max_kbps, max_duration_ms, recheck_ms, push_to } = later;
    terms.rename = rename.or(terms.rename.take());
    terms.max_kbps = max_kbps.or(terms.max_kbps);
    terms.max_duration_ms = max_duration_ms.or(terms.max_duration_ms);
    terms.recheck_ms = recheck_ms.or(terms.recheck_ms);
    terms.tags.extend(tags);
    if !push_to.is_empty() {
        terms.push_to = push_to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_of_later_filters_win_and_tags_add_up() {
        let mut terms = Grant {
            tags: vec![("user".into(), "1".into())],
            max_kbps: Some(100),
            recheck_ms: Some(500),
            push_to: vec!["rtmp://a/b".into()],
            ..Grant::default()
        };
        let later = Grant { tags: vec![("plan".into(), "gold".into())], max_kbps: Some(900), ..Grant::default() };
        merge(&mut terms, later);
        assert_eq!((terms.max_kbps, terms.recheck_ms, terms.tags.len()), (Some(900), Some(500), 2));
        assert_eq!(terms.push_to, ["rtmp://a/b"]);
    }
}
