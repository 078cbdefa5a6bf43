//! The NetStreams of one connection.

use crate::id::MessageStreamId;
use crate::stream::NetStream;

/// NetStreams by their ids, in order. Nearly every connection has one: a list of exactly as many is the smallest map.
#[derive(Debug, Default)]
pub(super) struct Streams(Vec<(u32, NetStream)>);

impl Streams {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn get(&self, id: MessageStreamId) -> Option<&NetStream> {
        self.at(id).ok().and_then(|at| self.0.get(at)).map(|(_, stream)| stream)
    }

    pub(super) fn get_mut(&mut self, id: MessageStreamId) -> Option<&mut NetStream> {
        self.at(id).ok().and_then(|at| self.0.get_mut(at)).map(|(_, stream)| stream)
    }

    /// Makes an idle stream if there is none of this id.
    pub(super) fn make(&mut self, id: MessageStreamId) {
        if let Err(at) = self.at(id) {
            self.0.reserve_exact(1);
            self.0.insert(at, (id.0, NetStream::Idle));
        }
    }

    /// The smallest id from 1 on that is free.
    pub(super) fn free_id(&self) -> MessageStreamId {
        let taken = |id: &u32| self.get(MessageStreamId(*id)).is_some();
        MessageStreamId((1..u32::MAX).find(|id| !taken(id)).unwrap_or(u32::MAX))
    }

    pub(super) fn remove(&mut self, id: MessageStreamId) -> Option<NetStream> {
        self.at(id).ok().map(|at| self.0.remove(at).1)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (MessageStreamId, &NetStream)> {
        self.0.iter().map(|(id, stream)| (MessageStreamId(*id), stream))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = (MessageStreamId, &mut NetStream)> {
        self.0.iter_mut().map(|(id, stream)| (MessageStreamId(*id), stream))
    }

    /// Where the stream stands, or would stand.
    fn at(&self, id: MessageStreamId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&id.0, |(id, _)| *id)
    }
}
