//! AMF3 values with their three reference tables (AMF3 §2.2).

use crate::amf0::{Budget, Fields, Text, Value};
use crate::cursor::Cursor;
use crate::error::Cause;

/// Type markers (AMF3 §3.1).
mod marker {
    pub(super) const UNDEFINED: u8 = 0x00;
    pub(super) const NULL: u8 = 0x01;
    pub(super) const FALSE: u8 = 0x02;
    pub(super) const TRUE: u8 = 0x03;
    pub(super) const INTEGER: u8 = 0x04;
    pub(super) const DOUBLE: u8 = 0x05;
    pub(super) const STRING: u8 = 0x06;
    pub(super) const XML_DOCUMENT: u8 = 0x07;
    pub(super) const DATE: u8 = 0x08;
    pub(super) const ARRAY: u8 = 0x09;
    pub(super) const OBJECT: u8 = 0x0A;
    pub(super) const XML: u8 = 0x0B;
    pub(super) const BYTE_ARRAY: u8 = 0x0C;
    pub(super) const VECTOR_INT: u8 = 0x0D;
    pub(super) const VECTOR_UINT: u8 = 0x0E;
    pub(super) const VECTOR_DOUBLE: u8 = 0x0F;
    pub(super) const VECTOR_OBJECT: u8 = 0x10;
    pub(super) const DICTIONARY: u8 = 0x11;
}
use marker as m;

/// Classes that write themselves as one value (Flex).
const WRAPPERS: [&str; 3] =
    ["flex.messaging.io.ArrayCollection", "flex.messaging.io.ArrayList", "flex.messaging.io.ObjectProxy"];

/// The reference tables of one message.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    strings: Vec<Text>,
    traits: Vec<Traits>,
    /// Where each object starts, and its marker; a reference reads it again from there.
    objects: Vec<(u8, usize)>,
}

/// What an object's class says about its fields.
#[derive(Clone, Debug)]
struct Traits {
    class: Text,
    dynamic: bool,
    externalizable: bool,
    sealed: Vec<Text>,
}

/// A length or count of the inline form, or an index into a table.
enum Head {
    Inline(usize),
    Reference(usize),
}

fn cut<T>(value: Option<T>) -> Result<T, Cause> {
    value.ok_or(Cause::AmfTruncated)
}

/// An unsigned integer of 29 bits in one to four bytes (AMF3 §1.3.1).
fn u29(cursor: &mut Cursor<'_>) -> Result<u32, Cause> {
    let mut value = 0u32;
    for _ in 0..3 {
        let byte = cut(cursor.u8())?;
        value = (value << 7) | u32::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Ok((value << 8) | u32::from(cut(cursor.u8())?))
}

/// A 29-bit header whose lowest bit tells inline from reference.
fn head(cursor: &mut Cursor<'_>) -> Result<Head, Cause> {
    let header = u29(cursor)?;
    let rest = usize::try_from(header >> 1).unwrap_or(usize::MAX);
    Ok(if header & 1 == 1 { Head::Inline(rest) } else { Head::Reference(rest) })
}

fn nothing(index: usize) -> Cause {
    Cause::AmfReference(u32::try_from(index).unwrap_or(u32::MAX))
}

impl Tables {
    /// One value.
    pub(crate) fn read(&mut self, cursor: &mut Cursor<'_>, budget: &mut Budget) -> Result<Value, Cause> {
        budget.element()?;
        let marker = cut(cursor.u8())?;
        self.after(marker, cursor, budget)
    }

    /// The value behind its marker.
    fn after(&mut self, marker: u8, cursor: &mut Cursor<'_>, budget: &mut Budget) -> Result<Value, Cause> {
        Ok(match marker {
            m::UNDEFINED => Value::Undefined,
            m::NULL => Value::Null,
            m::FALSE => Value::Boolean(false),
            m::TRUE => Value::Boolean(true),
            // 29 bits with a sign: shift it to the top and back.
            m::INTEGER => Value::Number(f64::from(u29(cursor)?.cast_signed() << 3 >> 3)),
            m::DOUBLE => Value::Number(cut(cursor.f64())?),
            m::STRING => Value::String(self.string(cursor, budget)?),
            m::XML_DOCUMENT..=m::DICTIONARY => {
                let start = cursor.position();
                let count = match head(cursor)? {
                    Head::Reference(index) => return self.follow(index, cursor, budget),
                    Head::Inline(count) => count,
                };
                if !budget.is_following() {
                    self.objects.push((marker, start));
                }
                budget.enter()?;
                let value = self.complex(marker, count, cursor, budget)?;
                budget.leave();
                value
            }
            other => return Err(Cause::AmfMarker(other)),
        })
    }

    /// Reads an earlier object once more.
    fn follow(&mut self, index: usize, cursor: &mut Cursor<'_>, budget: &mut Budget) -> Result<Value, Cause> {
        let (marker, start) = *self.objects.get(index).ok_or_else(|| nothing(index))?;
        let back = cursor.position();
        cursor.seek(start);
        budget.enter()?;
        budget.follow();
        budget.element()?;
        let value = self.after(marker, cursor, budget)?;
        budget.unfollow();
        budget.leave();
        cursor.seek(back);
        Ok(value)
    }

    /// The inline form of a value that can be referred to; `count` is what its header says.
    fn complex(
        &mut self,
        marker: u8,
        count: usize,
        cursor: &mut Cursor<'_>,
        budget: &mut Budget,
    ) -> Result<Value, Cause> {
        match marker {
            m::DATE => Ok(Value::Date { unix_ms: cut(cursor.f64())?, zone: 0 }),
            m::XML_DOCUMENT | m::XML => Ok(Value::Xml(budget.text(cut(cursor.take(count))?)?)),
            m::BYTE_ARRAY => Ok(Value::String(budget.text(cut(cursor.take(count))?)?)),
            m::ARRAY => self.array(count, cursor, budget),
            m::DICTIONARY => self.dictionary(count, cursor, budget),
            m::OBJECT => self.object(count, cursor, budget),
            _ => self.vector(marker, count, cursor, budget),
        }
    }

    fn array(&mut self, count: usize, cursor: &mut Cursor<'_>, budget: &mut Budget) -> Result<Value, Cause> {
        let mut fields = self.dynamic_fields(cursor, budget)?;
        let mut dense = Vec::new();
        for _ in 0..count {
            dense.push(self.read(cursor, budget)?);
        }
        if fields.is_empty() {
            return Ok(Value::StrictArray(dense));
        }
        fields.extend(dense.into_iter().enumerate().map(|(index, value)| (Text::from(index.to_string()), value)));
        Ok(Value::EcmaArray(fields))
    }

    fn dictionary(&mut self, count: usize, cursor: &mut Cursor<'_>, budget: &mut Budget) -> Result<Value, Cause> {
        // Whether the keys are held weakly does not matter to a reader.
        cut(cursor.u8())?;
        let mut fields = Vec::new();
        for _ in 0..count {
            let key = match self.read(cursor, budget)? {
                Value::String(text) => text,
                Value::Number(n) => Text::from(n.to_string()),
                Value::Boolean(b) => Text::from(b.to_string()),
                _ => Text::from("[object]"),
            };
            fields.push((key, self.read(cursor, budget)?));
        }
        Ok(Value::EcmaArray(fields))
    }

    fn vector(
        &mut self,
        marker: u8,
        count: usize,
        cursor: &mut Cursor<'_>,
        budget: &mut Budget,
    ) -> Result<Value, Cause> {
        // Whether the length is fixed does not matter to a reader.
        cut(cursor.u8())?;
        if marker == m::VECTOR_OBJECT {
            self.string(cursor, budget)?;
        }
        let mut values = Vec::new();
        for _ in 0..count {
            values.push(match marker {
                m::VECTOR_OBJECT => self.read(cursor, budget)?,
                _ => {
                    budget.element()?;
                    Value::Number(match marker {
                        m::VECTOR_INT => f64::from(cut(cursor.u32())?.cast_signed()),
                        m::VECTOR_UINT => f64::from(cut(cursor.u32())?),
                        m::VECTOR_DOUBLE => cut(cursor.f64())?,
                        other => return Err(Cause::AmfMarker(other)),
                    })
                }
            });
        }
        Ok(Value::StrictArray(values))
    }

    /// An object; `header` is the rest of its 29-bit header, which describes the class (AMF3 §3.12).
    fn object(&mut self, header: usize, cursor: &mut Cursor<'_>, budget: &mut Budget) -> Result<Value, Cause> {
        let traits = self.traits(header, cursor, budget)?;
        if traits.externalizable {
            if WRAPPERS.iter().any(|name| traits.class == **name) {
                return self.read(cursor, budget);
            }
            return Err(Cause::AmfExternalizable(traits.class.to_printable()));
        }
        let mut fields = Vec::new();
        for name in traits.sealed {
            budget.element()?;
            fields.push((name, self.read(cursor, budget)?));
        }
        if traits.dynamic {
            fields.append(&mut self.dynamic_fields(cursor, budget)?);
        }
        let class = traits.class;
        Ok(if class.as_bytes().is_empty() { Value::Object(fields) } else { Value::TypedObject { class, fields } })
    }

    fn traits(&mut self, header: usize, cursor: &mut Cursor<'_>, budget: &mut Budget) -> Result<Traits, Cause> {
        if header & 1 == 0 {
            let index = header >> 1;
            let traits = self.traits.get(index).ok_or_else(|| nothing(index))?.clone();
            let names = traits.sealed.iter().fold(0usize, |sum, name| sum.saturating_add(name.as_bytes().len()));
            budget.repeat(names.saturating_add(traits.class.as_bytes().len()))?;
            // The names are cloned before the values come: a class of many fields must not be had for free.
            for _ in &traits.sealed {
                budget.element()?;
            }
            return Ok(traits);
        }
        let externalizable = header & 2 != 0;
        let dynamic = header & 4 != 0;
        let class = self.string(cursor, budget)?;
        let mut sealed = Vec::new();
        if !externalizable {
            for _ in 0..header >> 3 {
                budget.element()?;
                sealed.push(self.name(cursor, budget)?);
            }
        }
        let traits = Traits { class, dynamic, externalizable, sealed };
        if !budget.is_following() {
            self.traits.push(traits.clone());
        }
        Ok(traits)
    }

    /// Names and values up to the empty name.
    fn dynamic_fields(&mut self, cursor: &mut Cursor<'_>, budget: &mut Budget) -> Result<Fields, Cause> {
        let mut fields = Vec::new();
        loop {
            let name = self.name(cursor, budget)?;
            if name.as_bytes().is_empty() {
                return Ok(fields);
            }
            budget.element()?;
            fields.push((name, self.read(cursor, budget)?));
        }
    }

    /// A field name: text that AMF0 can carry as one.
    fn name(&mut self, cursor: &mut Cursor<'_>, budget: &mut Budget) -> Result<Text, Cause> {
        let text = self.string(cursor, budget)?;
        if text.as_bytes().len() > usize::from(u16::MAX) {
            return Err(Cause::AmfTruncated);
        }
        Ok(text)
    }

    fn string(&mut self, cursor: &mut Cursor<'_>, budget: &mut Budget) -> Result<Text, Cause> {
        match head(cursor)? {
            Head::Reference(index) => {
                let text = self.strings.get(index).ok_or_else(|| nothing(index))?;
                budget.repeat(text.as_bytes().len())?;
                Ok(text.clone())
            }
            Head::Inline(length) => {
                let text = budget.text(cut(cursor.take(length))?)?;
                // The empty string is never referred to (AMF3 §1.3.2).
                if !text.as_bytes().is_empty() && !budget.is_following() {
                    self.strings.push(text.clone());
                }
                Ok(text)
            }
        }
    }
}
