//! Payloads that a guest keeps: `output.packet`. They are of the stream in whose call they were made, and count there.

use filter_wit::media::weir::filter::output;
use media::Body;
use wasmtime::component::Resource;

use super::derived::Step;
use crate::host::State;
use crate::limits::overstep;

/// What a kept packet costs at least, so that empty ones are bounded too.
pub(super) const LEAST_PACKET: usize = 256;

/// What a guest let go of in a call of another stream: a garbage collector does not know of streams. Its owner hears of it with its
/// next call.
pub(crate) enum Stray {
    /// So many bytes of packets.
    Packets { owner: u64, bytes: usize },
    /// A stream beside the owner's that was open.
    Derived { owner: u64, stream: u64 },
}

impl Stray {
    fn owner(&self) -> u64 {
        match self {
            Stray::Packets { owner, .. } | Stray::Derived { owner, .. } => *owner,
        }
    }
}

fn weight(payload: &Body) -> usize {
    payload.len().max(LEAST_PACKET)
}

impl State {
    /// A packet of the stream at the desk.
    pub(crate) fn keep(&mut self, payload: Body) -> wasmtime::Result<Resource<output::Packet>> {
        let most = self.guest.limits.retained_bytes;
        let bytes = self.desk.output.kept_bytes.saturating_add(weight(&payload));
        if bytes > most {
            return Err(overstep(format!("more than {most} bytes kept in packets")));
        }
        let handle = self.packets.put(self.desk.id, payload)?;
        self.desk.output.kept_bytes = bytes;
        Ok(Resource::new_own(handle))
    }

    pub(super) fn packet(&self, packet: &Resource<output::Packet>) -> wasmtime::Result<&Body> {
        self.packets.find(self.desk.id, packet.rep())
    }

    pub(super) fn let_go_of_packet(&mut self, packet: &Resource<output::Packet>) {
        let Some((owner, payload)) = self.packets.remove(packet.rep()) else { return };
        let weight = weight(&payload);
        if owner == self.desk.id {
            self.desk.output.kept_bytes = self.desk.output.kept_bytes.saturating_sub(weight);
            return;
        }
        let known = self.strays.iter_mut().find_map(|stray| match stray {
            Stray::Packets { owner: of, bytes } if *of == owner => Some(bytes),
            _ => None,
        });
        match known {
            Some(bytes) => *bytes += weight,
            None => self.strays.push(Stray::Packets { owner, bytes: weight }),
        }
    }

    /// The stream at the desk hears of what the guest let go of in calls of others.
    #[cold]
    pub(crate) fn settle_strays(&mut self) {
        let output = &mut self.desk.output;
        for stray in self.strays.extract_if(.., |stray| stray.owner() == self.desk.id) {
            match stray {
                Stray::Packets { bytes, .. } => output.kept_bytes = output.kept_bytes.saturating_sub(bytes),
                Stray::Derived { stream, .. } => output.staged().derived.push(Step::Close { stream }),
            }
        }
    }

    /// A stream has left the instance: nothing of it stays.
    pub(crate) fn forget(&mut self, desk: u64) {
        self.packets.leave(desk);
        self.derived.leave(desk);
        self.strays.retain(|stray| stray.owner() != desk);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::Desk;

    fn state() -> State {
        crate::host::tests::state(|guest| guest.limits.retained_bytes = 1000)
    }

    #[test]
    fn packets_count_until_they_are_dropped_and_numbers_are_used_again() {
        let mut it = state();
        let a = it.keep(Body::from(vec![0; 600])).unwrap();
        assert!(it.keep(Body::from(vec![0; 600])).is_err());
        let empty = it.keep(Body::new()).unwrap();
        assert_eq!(it.desk.output.kept_bytes, 600 + LEAST_PACKET);
        it.let_go_of_packet(&a);
        let b = it.keep(Body::from(vec![1; 700])).unwrap();
        assert_eq!((a.rep(), b.rep(), empty.rep()), (0, 0, 1));
        assert_eq!(it.packet(&b).unwrap().len(), 700);
    }

    #[test]
    fn each_stream_has_its_own_packets_and_its_own_bytes() {
        let mut it = state();
        let mut other = Desk::new(None);
        let mine = it.keep(Body::from(vec![1; 900])).unwrap();
        std::mem::swap(&mut it.desk, &mut other);
        let theirs = it.keep(Body::from(vec![2; 900])).unwrap();
        assert!(it.packet(&mine).unwrap_err().to_string().contains("of another stream"));
        assert_eq!(it.packet(&theirs).unwrap().len(), 900);
        // A garbage collector does not know of streams.
        it.let_go_of_packet(&mine);
        assert_eq!(it.desk.output.kept_bytes, 900);
        std::mem::swap(&mut it.desk, &mut other);
        assert_eq!(it.desk.output.kept_bytes, 900, "until its next call");
        it.settle_strays();
        assert_eq!((it.desk.output.kept_bytes, it.strays.len()), (0, 0));
        // A stream that is over leaves nothing but dead handles.
        it.forget(other.id);
        std::mem::swap(&mut it.desk, &mut other);
        assert!(it.packet(&theirs).is_err());
        it.let_go_of_packet(&theirs);
        assert!(it.strays.is_empty());
    }
}
