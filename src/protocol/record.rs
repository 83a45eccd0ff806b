//! Plain objects on their way out: metadata, owners, events, the details of errors.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::protocol::secret::Secrets;

/// A plain object. What has no value is left out of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record(Vec<(&'static str, Value)>);

/// A value of one of its members, or an item of a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// A string.
    Text(String),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Flag(bool),
    /// An array.
    List(Vec<Value>),
    /// A plain object.
    Record(Record),
}

impl Record {
    /// Adds a text.
    pub fn text(&mut self, name: &'static str, value: Option<&str>) -> &mut Self {
        self.add(name, value.map(|text| Value::Text(text.to_owned())))
    }

    /// Adds a string without any of these secrets.
    pub fn redacted(&mut self, name: &'static str, value: Option<&str>, secrets: &Secrets) -> &mut Self {
        self.text(name, value.map(|text| secrets.redact(text)).as_deref())
    }

    /// Adds a number.
    pub fn number(&mut self, name: &'static str, value: Option<f64>) -> &mut Self {
        self.add(name, value.map(Value::Number))
    }

    /// Adds `true` or `false`.
    pub fn flag(&mut self, name: &'static str, value: Option<bool>) -> &mut Self {
        self.add(name, value.map(Value::Flag))
    }

    /// Adds a list.
    pub fn list(&mut self, name: &'static str, items: Vec<Value>) -> &mut Self {
        self.add(name, Some(Value::List(items)))
    }

    /// Adds a list of strings.
    pub fn texts(&mut self, name: &'static str, strings: &[String]) -> &mut Self {
        let mut items = Vec::new();
        for string in strings {
            items.push(Value::Text(string.clone()));
        }
        self.list(name, items)
    }

    /// Adds `null` where the latest member was left out.
    pub fn or_null(&mut self, name: &'static str) -> &mut Self {
        if self.0.last().is_none_or(|(latest, _)| *latest != name) {
            self.add(name, Some(Value::Null));
        }
        self
    }

    fn add(&mut self, name: &'static str, value: Option<Value>) -> &mut Self {
        if let Some(value) = value {
            self.0.push((name, value));
        }
        self
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::List(items) => serializer.collect_seq(items),
            Self::Record(record) => record.serialize(serializer),
        }
    }
}
