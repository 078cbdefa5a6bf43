//! Reading AMF0, with AMF3 values where the sender switches.

use super::marker as m;
use super::value::{Fields, Text, Value};
use crate::amf3;
use crate::cursor::Cursor;
use crate::error::{Cause, Error, Place};
use crate::limits::Limits;

/// Reads the values of one message body.
#[derive(Debug)]
pub struct Decoder<'a> {
    cursor: Cursor<'a>,
    budget: Budget,
    /// Where each object that can be referred to starts. A reference reads it again from there: nothing is cloned, and a
    /// cycle runs into the depth limit.
    objects: Vec<usize>,
    amf3: amf3::Tables,
    switched: bool,
}

/// What one message may still use.
#[derive(Debug)]
pub(crate) struct Budget {
    limits: Limits,
    elements: u32,
    depth: u32,
    repeated: usize,
    /// How many references are being followed.
    following: u32,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Self {
        Budget { limits: *limits, elements: 0, depth: 0, repeated: 0, following: 0 }
    }

    /// One more value or field.
    pub(crate) fn element(&mut self) -> Result<(), Cause> {
        self.elements = self.elements.saturating_add(1);
        if self.elements > self.limits.amf_elements {
            return Err(Cause::AmfElements(self.limits.amf_elements));
        }
        Ok(())
    }

    pub(crate) fn enter(&mut self) -> Result<(), Cause> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > self.limits.amf_depth {
            return Err(Cause::AmfDepth(self.limits.amf_depth));
        }
        Ok(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    pub(crate) fn follow(&mut self) {
        self.following = self.following.saturating_add(1);
    }

    pub(crate) fn unfollow(&mut self) {
        self.following = self.following.saturating_sub(1);
    }

    pub(crate) fn is_following(&self) -> bool {
        self.following > 0
    }

    /// Bytes that a reference makes appear again.
    pub(crate) fn repeat(&mut self, bytes: usize) -> Result<(), Cause> {
        self.repeated = self.repeated.saturating_add(bytes);
        if self.repeated > self.limits.amf_repeated_bytes {
            return Err(Cause::AmfRepeated(self.limits.amf_repeated_bytes));
        }
        Ok(())
    }

    /// Text just read: it counts as repeated if a reference led to it.
    pub(crate) fn text(&mut self, bytes: &[u8]) -> Result<Text, Cause> {
        if self.is_following() {
            self.repeat(bytes.len())?;
        }
        Ok(bytes.into())
    }
}

impl<'a> Decoder<'a> {
    /// A decoder at the start of `body`.
    pub fn new(body: &'a [u8], limits: &Limits) -> Self {
        Decoder {
            cursor: Cursor::new(body),
            budget: Budget::new(limits),
            objects: Vec::new(),
            amf3: amf3::Tables::default(),
            switched: false,
        }
    }

    /// Whether a value so far was written in AMF3.
    pub fn switched_to_amf3(&self) -> bool {
        self.switched
    }

    /// Bytes read so far.
    pub fn position(&self) -> usize {
        self.cursor.position()
    }

    /// The next value; `None` at the end of the body.
    ///
    /// # Errors
    /// The body is cut off, breaks the format or exceeds a limit; the place is the offset within the body.
    pub fn read(&mut self) -> Result<Option<Value>, Error> {
        if self.cursor.is_empty() {
            return Ok(None);
        }
        match self.value() {
            Ok(value) => Ok(Some(value)),
            Err(cause) => Err(Error { cause, place: Place { body: Some(self.cursor.position()), ..Place::default() } }),
        }
    }

    fn value(&mut self) -> Result<Value, Cause> {
        self.budget.element()?;
        let marker = self.cursor.u8().ok_or(Cause::AmfTruncated)?;
        let cut = Cause::AmfTruncated;
        Ok(match marker {
            m::NUMBER => Value::Number(self.cursor.f64().ok_or(cut)?),
            m::BOOLEAN => Value::Boolean(self.cursor.u8().ok_or(cut)? != 0),
            m::STRING => Value::String(self.short()?),
            m::LONG_STRING => Value::String(self.long()?),
            m::XML_DOCUMENT => Value::Xml(self.long()?),
            m::NULL => Value::Null,
            m::UNDEFINED => Value::Undefined,
            m::UNSUPPORTED => Value::Unsupported,
            m::DATE => Value::Date {
                unix_ms: self.cursor.f64().ok_or(cut)?,
                zone: self.cursor.i16().ok_or(Cause::AmfTruncated)?,
            },
            m::OBJECT | m::ECMA_ARRAY | m::STRICT_ARRAY | m::TYPED_OBJECT => {
                if !self.budget.is_following() {
                    self.objects.push(self.cursor.position().saturating_sub(1));
                }
                self.budget.enter()?;
                let value = self.object(marker)?;
                self.budget.leave();
                value
            }
            m::REFERENCE => {
                let index = self.cursor.u16().ok_or(cut)?;
                let Some(start) = self.objects.get(usize::from(index)) else {
                    return Err(Cause::AmfReference(index.into()));
                };
                let back = self.cursor.position();
                self.cursor.seek(*start);
                self.budget.enter()?;
                self.budget.follow();
                let value = self.value()?;
                self.budget.unfollow();
                self.budget.leave();
                self.cursor.seek(back);
                value
            }
            m::AVMPLUS => {
                self.switched = true;
                self.amf3.read(&mut self.cursor, &mut self.budget)?
            }
            other => return Err(Cause::AmfMarker(other)),
        })
    }

    /// What follows the marker of a value that holds others.
    fn object(&mut self, marker: u8) -> Result<Value, Cause> {
        match marker {
            m::STRICT_ARRAY => {
                let count = self.cursor.u32().ok_or(Cause::AmfTruncated)?;
                let mut values = Vec::new();
                for _ in 0..count {
                    values.push(self.value()?);
                }
                Ok(Value::StrictArray(values))
            }
            m::ECMA_ARRAY => {
                // The count is a hint only (AMF0 §2.10); the end marker decides.
                self.cursor.u32().ok_or(Cause::AmfTruncated)?;
                Ok(Value::EcmaArray(self.fields()?))
            }
            m::TYPED_OBJECT => {
                let class = self.short()?;
                Ok(Value::TypedObject { class, fields: self.fields()? })
            }
            _ => Ok(Value::Object(self.fields()?)),
        }
    }

    fn fields(&mut self) -> Result<Fields, Cause> {
        let mut fields = Vec::new();
        loop {
            let key = self.short()?;
            // An empty name may be a real one; only with the marker behind it does it end the object.
            if key.as_bytes().is_empty() && self.cursor.rest().first() == Some(&m::OBJECT_END) {
                self.cursor.take(1);
                return Ok(fields);
            }
            self.budget.element()?;
            fields.push((key, self.value()?));
        }
    }

    fn short(&mut self) -> Result<Text, Cause> {
        let length = self.cursor.u16().ok_or(Cause::AmfTruncated)?;
        let bytes = self.cursor.take(length.into()).ok_or(Cause::AmfTruncated)?;
        self.budget.text(bytes)
    }

    fn long(&mut self) -> Result<Text, Cause> {
        let length = self.cursor.u32().and_then(|n| usize::try_from(n).ok()).ok_or(Cause::AmfTruncated)?;
        let bytes = self.cursor.take(length).ok_or(Cause::AmfTruncated)?;
        self.budget.text(bytes)
    }
}

/// All values of a body.
///
/// # Errors
/// As [`Decoder::read`].
pub fn decode_all(body: &[u8], limits: &Limits) -> Result<Vec<Value>, Error> {
    let mut decoder = Decoder::new(body, limits);
    let mut values = Vec::new();
    while let Some(value) = decoder.read()? {
        values.push(value);
    }
    Ok(values)
}

/// The string that a body starts with, and where the next value starts; without reading further.
pub fn first_text(body: &[u8]) -> Option<(&[u8], usize)> {
    let mut cursor = Cursor::new(body);
    if cursor.u8()? != m::STRING {
        return None;
    }
    let length = cursor.u16()?;
    let text = cursor.take(length.into())?;
    Some((text, cursor.position()))
}
