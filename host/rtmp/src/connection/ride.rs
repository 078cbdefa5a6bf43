//! Leaving a player to the walk over its stream's players, and taking it back.

use std::task::Context;

use super::close::Phase;
use super::{Connection, Role};

impl Connection {
    /// Boards if the connection has nothing to do but to pass frames on to one player who has all there is; `false`: there
    /// is something to do after all.
    pub(super) fn board(&mut self, cx: &mut Context<'_>) -> bool {
        let idle = matches!(self.phase, Phase::Running) && self.outbox.len() == 0 && !self.proto.has_output();
        if !idle {
            return true;
        }
        let stream = match &mut self.streams[..] {
            [] => {
                self.proto.rest();
                self.outbox.rest();
                return true;
            }
            [stream] => stream,
            _ => return true,
        };
        let Role::Plays(player, _) = &mut stream.role else { return true };
        self.proto.rest();
        let (Some(position), Some(socket)) = (player.may_ride(), self.link.shared()) else { return true };
        self.outbox.rest();
        player.rest();
        let form = player.form(self.proto.chunk_size());
        player.seat().board(position, form, socket, cx.waker());
        self.riding = true;
        // A turn may have passed the seat by just before.
        if player.is_behind(position) {
            self.get_off();
            return false;
        }
        true
    }

    /// Takes the player back, with what came to it on the ride. Whatever the connection does, it does on foot.
    pub(super) fn get_off(&mut self) {
        if !std::mem::take(&mut self.riding) {
            return;
        }
        let [stream] = &mut self.streams[..] else { return };
        let Role::Plays(player, _) = &mut stream.role else { return };
        let ridden = player.seat().get_off();
        player.rode(&ridden);
        let waiting: usize = ridden.rest.iter().map(|m| m.len()).sum();
        self.proto.external_sent(usize::try_from(ridden.bytes).unwrap_or(usize::MAX).saturating_add(waiting));
        self.outbox.written_elsewhere(ridden.bytes);
        self.traffic.rode(ridden.bytes, ridden.messages);
        for message in ridden.rest {
            self.outbox.push(message);
        }
    }
}
