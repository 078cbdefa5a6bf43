//! What becomes of a whole message.

use super::{ServerConnection, data};
use crate::aggregate;
use crate::command::Command;
use crate::control::{Control, UserControl};
use crate::error::{Cause, Error, Place};
use crate::event::{Event, MediaMessage};
use crate::id::MessageStreamId;
use crate::message::{MediaKind, Message, MessageType};
use crate::server::{Gate, Outcome, Phase};

impl ServerConnection {
    /// Handles one message, or gives it back if it has to wait for an answer of the driver.
    pub(super) fn dispatch(&mut self, message: Message) -> Result<Option<Message>, Error> {
        if let Some(control) = self.decode_control(&message) {
            self.control_message(control, self.place(&message))?;
            return Ok(None);
        }
        if message.kind.is_control() {
            return Ok(None);
        }
        if matches!(self.session.phase(), Phase::ConnectAsked { .. }) {
            return Ok(Some(message));
        }
        match message.kind {
            MessageType::COMMAND | MessageType::COMMAND_AMF3 => self.command_message(&message)?,
            MessageType::AUDIO | MessageType::VIDEO | MessageType::DATA | MessageType::DATA_AMF3 => {
                return Ok(self.media_message(message));
            }
            MessageType::AGGREGATE => match self.session.gate(message.stream) {
                Gate::Wait => return Ok(Some(message)),
                Gate::Pass(stream) => {
                    let parts = aggregate::Reader::new(message.payload, message.timestamp);
                    self.aggregate = Some(Box::new((stream, parts)));
                }
                Gate::Refuse => self.refuse_media(&message),
            },
            MessageType::SHARED_OBJECT | MessageType::SHARED_OBJECT_AMF3 => {
                self.ignore_at(&message, Cause::OutOfPlace("shared objects are not kept here"));
            }
            MessageType(other) => self.ignore_at(&message, Cause::UnknownMessageType(other)),
        }
        Ok(None)
    }

    /// One message out of an aggregate.
    pub(super) fn part(&mut self, stream: MessageStreamId, part: Result<aggregate::Part, Error>) {
        match part {
            Ok(part) => {
                let message = Message {
                    chunk_stream: crate::chunk::DATA,
                    stream,
                    kind: part.kind,
                    timestamp: part.timestamp,
                    payload: part.payload,
                };
                match part.kind {
                    // The stream publishes, or the aggregate would not have come this far; if it ended since, it is
                    // refused like any media that comes late.
                    MessageType::AUDIO | MessageType::VIDEO | MessageType::DATA | MessageType::DATA_AMF3 => {
                        self.media_message(message);
                    }
                    MessageType(other) => self.ignore_at(&message, Cause::UnknownMessageType(other)),
                }
            }
            Err(error) => self.ignore(Error { place: Place { message_stream: Some(stream), ..error.place }, ..error }),
        }
    }

    fn decode_control(&mut self, message: &Message) -> Option<Control> {
        match Control::decode(message) {
            Ok(control) => control,
            Err(error) => {
                let place = self.place(message);
                self.ignore(Error { place, ..error });
                None
            }
        }
    }

    fn control_message(&mut self, control: Control, place: Place) -> Result<(), Error> {
        match control {
            Control::SetChunkSize(size) => {
                self.reader.set_chunk_size(size).map_err(|error| Error { place, ..error })?;
            }
            Control::Abort(chunk_stream) => self.reader.abort(chunk_stream),
            Control::Acknowledgement(sequence) => self.window.acknowledge(sequence),
            Control::WindowAckSize(bytes) => self.window.set_peer_window(bytes),
            Control::PeerBandwidth { window, limit } => {
                if let Some(bytes) = self.window.limit(window, limit) {
                    self.control(Control::WindowAckSize(bytes));
                }
            }
            Control::User(UserControl::PingRequest(value)) => self.output.pong(value),
            Control::User(UserControl::SetBufferLength { stream, ms }) => {
                self.emit(Event::BufferLength { stream, ms });
            }
            Control::User(UserControl::Other { event }) => {
                self.ignore(Error { cause: Cause::UnknownUserControl(event), place });
            }
            // What only servers say, and answers to our pings: that they came is all they tell.
            Control::User(_) => {}
        }
        Ok(())
    }

    fn command_message(&mut self, message: &Message) -> Result<(), Error> {
        let place = self.place(message);
        let command = match Command::decode(message, &self.config.limits) {
            Ok(command) => command,
            Err(error) => {
                let error = Error { place: Place { byte: place.byte, ..error.place }, ..error };
                // Garbage instead of connect is not RTMP; garbage later is survived, unless it was made to hurt.
                if error.cause.is_limit() || self.session.phase() == Phase::New {
                    return Err(error);
                }
                self.ignore(error);
                return Ok(());
            }
        };
        let mut outcome = Outcome::default();
        self.session.command(message.stream, command, &mut outcome);
        self.settle(outcome, place);
        Ok(())
    }

    /// Passes media on, or gives it back if its publish is not answered yet.
    fn media_message(&mut self, message: Message) -> Option<Message> {
        let stream = match self.session.gate(message.stream) {
            Gate::Pass(stream) => stream,
            Gate::Wait => return Some(message),
            Gate::Refuse => {
                self.refuse_media(&message);
                return None;
            }
        };
        let (kind, payload) = match message.kind {
            MessageType::AUDIO => (MediaKind::Audio, message.payload),
            MessageType::VIDEO => (MediaKind::Video, message.payload),
            _ => match data::normalize(&message, &self.config.limits) {
                Ok(Some(payload)) => (MediaKind::Data, payload),
                Ok(None) => return None,
                Err(error) => {
                    let place = Place { body: error.place.body, ..self.place(&message) };
                    self.ignore(Error { place, ..error });
                    return None;
                }
            },
        };
        self.emit(Event::Message(MediaMessage { stream, kind, timestamp: message.timestamp, payload }));
        None
    }

    fn refuse_media(&mut self, message: &Message) {
        self.ignore_at(message, Cause::OutOfPlace("media on a stream that does not publish"));
    }

    fn ignore_at(&mut self, message: &Message, cause: Cause) {
        let place = self.place(message);
        self.ignore(Error { cause, place });
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
