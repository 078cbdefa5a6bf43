//! What becomes of a whole message.

use super::{ClientConnection, Outcome, Request};
use crate::aggregate;
use crate::client::Event;
use crate::client::answer::Answer;
use crate::connection::data;
use crate::control::{Control, UserControl};
use crate::error::{Cause, Error, Place};
use crate::event::MediaMessage;
use crate::message::{MediaKind, Message, MessageType};

impl ClientConnection {
    pub(super) fn dispatch(&mut self, message: Message) -> Result<(), Error> {
        let place = self.place(&message);
        match Control::decode(&message) {
            Ok(Some(control)) => return self.control(control, place),
            Ok(None) => {}
            Err(error) => {
                self.ignore(Error { place, ..error });
                return Ok(());
            }
        }
        match message.kind {
            MessageType::COMMAND | MessageType::COMMAND_AMF3 => self.command(&message, place)?,
            MessageType::AUDIO | MessageType::VIDEO | MessageType::DATA | MessageType::DATA_AMF3 => self.media(message),
            MessageType::AGGREGATE => {
                self.aggregate = Some((message.stream, aggregate::Reader::new(message.payload, message.timestamp)));
            }
            MessageType::SHARED_OBJECT | MessageType::SHARED_OBJECT_AMF3 => {}
            MessageType(other) => self.ignore(Error { cause: Cause::UnknownMessageType(other), place }),
        }
        Ok(())
    }

    /// The parts of an aggregate, as far as there is room for events.
    pub(super) fn parts(&mut self) {
        while !self.is_full()
            && let Some((stream, mut parts)) = self.aggregate.take()
        {
            let Some(part) = parts.next() else { return };
            self.aggregate = Some((stream, parts));
            match part {
                Ok(part) => {
                    let media = matches!(
                        part.kind,
                        MessageType::AUDIO | MessageType::VIDEO | MessageType::DATA | MessageType::DATA_AMF3
                    );
                    if media {
                        self.media(Message {
                            chunk_stream: crate::chunk::DATA,
                            stream,
                            kind: part.kind,
                            timestamp: part.timestamp,
                            payload: part.payload,
                        });
                    }
                }
                Err(error) => {
                    self.ignore(Error { place: Place { message_stream: Some(stream), ..error.place }, ..error });
                }
            }
        }
    }

    fn control(&mut self, control: Control, place: Place) -> Result<(), Error> {
        match control {
            Control::SetChunkSize(size) => {
                self.reader.set_chunk_size(size).map_err(|error| Error { place, ..error })?;
            }
            Control::Abort(chunk_stream) => self.reader.abort(chunk_stream),
            Control::Acknowledgement(sequence) => self.window.acknowledge(sequence),
            Control::WindowAckSize(bytes) => self.window.set_peer_window(bytes),
            Control::PeerBandwidth { window, limit } => {
                if let Some(bytes) = self.window.limit(window, limit) {
                    self.request(&Request::Control(Control::WindowAckSize(bytes)));
                }
            }
            Control::User(UserControl::PingRequest(value)) => self.output.pong(value),
            // Stream 0 is the connection itself, whose begin says nothing.
            Control::User(UserControl::StreamBegin(stream)) if stream.0 != 0 => self.emit(Event::StreamBegin(stream)),
            Control::User(UserControl::StreamEof(stream)) => self.emit(Event::StreamEof(stream)),
            Control::User(UserControl::StreamDry(stream)) => self.emit(Event::StreamDry(stream)),
            Control::User(_) => {}
        }
        Ok(())
    }

    fn command(&mut self, message: &Message, place: Place) -> Result<(), Error> {
        let answer = match Answer::decode(message, &self.config.limits) {
            Ok(answer) => answer,
            Err(error) => {
                let error = Error { place: Place { byte: place.byte, ..error.place }, ..error };
                if error.cause.is_limit() || !self.is_connected() {
                    return Err(error);
                }
                self.ignore(error);
                return Ok(());
            }
        };
        let mut outcome = Outcome::default();
        self.session.answer(message.stream, answer, self.now, &mut outcome);
        self.settle(outcome, place);
        Ok(())
    }

    fn media(&mut self, message: Message) {
        let place = self.place(&message);
        let mut outcome = Outcome::default();
        let stream = self.session.media(message.stream, &mut outcome);
        self.settle(outcome, place);
        let Some(stream) = stream else {
            let cause = Cause::OutOfPlace("media on a stream that does not play");
            return self.ignore(Error { cause, place });
        };
        let (kind, payload) = match message.kind {
            MessageType::AUDIO => (MediaKind::Audio, message.payload),
            MessageType::VIDEO => (MediaKind::Video, message.payload),
            _ => match data::normalize(&message, &self.config.limits) {
                Ok(Some(payload)) => (MediaKind::Data, payload),
                Ok(None) => return,
                Err(error) => {
                    let place = Place { body: error.place.body, ..place };
                    return self.ignore(Error { place, ..error });
                }
            },
        };
        self.emit(Event::Message(MediaMessage { stream, kind, timestamp: message.timestamp, payload }));
    }

    fn place(&self, message: &Message) -> Place {
        Place {
            byte: Some(self.reader.offset()),
            chunk_stream: Some(message.chunk_stream),
            message_stream: Some(message.stream),
            body: None,
        }
    }
}
