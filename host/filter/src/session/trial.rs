//! A new generation of a session filter on probation: a question that it fails at is put to the one before. No answer of either is
//! no answer at all: `on_failure` holds.

use std::sync::Arc;

use super::Decision;
use super::pool::Ask;
use crate::Filter;
use crate::failure::Failure;
use crate::generation::Generation;
use crate::warnings::{Pass, Warning};

/// The generation before this one, while this one is on probation.
pub(super) fn before(filter: &Filter, generation: &Generation) -> Option<Arc<Generation>> {
    let (lineup, spec) = (filter.lineup(), filter.spec());
    let on_trial = lineup.newest.as_ref().is_some_and(|g| g.id == generation.id)
        && lineup.since.elapsed() < spec.swap.probation
        && spec.swap.pin.is_none();
    if !on_trial {
        return None;
    }
    lineup.base.iter().chain(&lineup.before).find(|g| g.id != generation.id && !g.is_bad()).cloned()
}

/// Puts a question that a generation on probation failed at to the one before. If that answers, the new one is to blame.
/// Which it was, and what it said.
pub(super) async fn ask_before(
    filter: &Filter,
    generation: &Arc<Generation>,
    ask: Ask<'_>,
    failure: &Failure,
) -> Option<(Arc<Generation>, Decision)> {
    let before = before(filter, generation)?;
    let decision = before.session.as_ref()?.ask(ask).await.ok()?;
    let (name, hook) = (filter.name(), ask.hook().name());
    let (from, to) = (&generation.label, &before.label);
    if let Some(Pass { held_back }) = filter.counters_inner().warnings.pass(Warning::AskedAgain, filter.clock()) {
        tracing::warn!(target: "filter", filter = name, hook, from, to, why = %failure, held_back, "the generation before answered in its place");
    }
    filter.left(generation, &failure.to_string());
    Some((before, decision))
}
