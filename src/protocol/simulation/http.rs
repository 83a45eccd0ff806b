//! JSON that is cheap to hand on, and responses made of it.

use std::rc::Rc;

use serde_json::Value;

use crate::protocol::call::http::{HttpResponse, Numbers};
use crate::protocol::json::{Entries, Json};

/// A JSON value.
#[derive(Debug, Clone)]
pub enum Node {
    /// `null`, and what an abort or a function of the caller's throws.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(Rc<str>),
    /// An array.
    List(Rc<[Node]>),
    /// An object.
    Object(Rc<[(Rc<str>, Node)]>),
}

impl Node {
    /// A string.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Rc::from(text.as_ref()))
    }

    /// An object.
    pub fn object<const COUNT: usize>(members: [(&str, Self); COUNT]) -> Self {
        Self::Object(members.into_iter().map(|(name, value)| (Rc::from(name), value)).collect())
    }

    /// An array.
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(items.into_iter().collect())
    }
}

impl From<Value> for Node {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Flag(flag),
            Value::Number(number) => Self::Number(number.as_f64().unwrap_or_default()),
            Value::String(text) => Self::text(text),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => {
                Self::Object(members.into_iter().map(|(name, value)| (Rc::from(name), value.into())).collect())
            }
        }
    }
}

impl Json for Node {
    fn parse(text: &str) -> Option<Self> {
        serde_json::from_str::<Value>(text).ok().map(Self::from)
    }
    fn get(&self, name: &str) -> Option<Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(known, _)| **known == *name).map(|(_, value)| value.clone())
    }
    fn members(&self) -> Vec<(String, Self)> {
        let Self::Object(members) = self else { return Vec::new() };
        members.iter().map(|(name, value)| (name.to_string(), value.clone())).collect()
    }
    fn items(&self) -> Option<Vec<Self>> {
        let Self::List(items) = self else { return None };
        Some(items.to_vec())
    }
    fn text(&self) -> Option<String> {
        let Self::Text(text) = self else { return None };
        Some(text.to_string())
    }
    fn number(&self) -> Option<f64> {
        let Self::Number(number) = self else { return None };
        Some(*number)
    }
    fn boolean(&self) -> Option<bool> {
        let Self::Flag(flag) = self else { return None };
        Some(*flag)
    }
    fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
    fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }
}

impl Entries for Node {
    fn length(&self) -> Option<u32> {
        let Self::List(items) = self else { return None };
        Some(items.len() as u32)
    }
    fn have_ids(&self) -> bool {
        let Self::List(items) = self else { return false };
        items.iter().all(|item| item.get("id").is_some())
    }
    fn times(&self, field: &str) -> Vec<f64> {
        let Self::List(items) = self else { return Vec::new() };
        items.iter().map(|item| item.get(field).and_then(|time| time.number()).unwrap_or(f64::NAN)).collect()
    }
}

/// A response as it arrived.
#[derive(Debug, Clone)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body, if it is JSON.
    pub body: Option<Node>,
    /// Whether the body is longer than is read.
    pub is_cut: bool,
}

impl Response {
    /// A response with a body and no headers.
    pub fn new(status: u16, body: Option<Node>) -> Self {
        Self { status, headers: Vec::new(), body, is_cut: false }
    }

    /// An error of Graph's.
    pub fn error(status: u16, code: i64) -> Self {
        let error = Node::object([("code", Node::Number(code as f64)), ("message", Node::text("scripted"))]);
        Self::new(status, Some(Node::object([("error", error)])))
    }

    /// Adds a header.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }
}

impl HttpResponse for Response {
    type Body = Node;
    fn status(&self) -> u16 {
        self.status
    }
    fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }
    fn headers(&self) -> String {
        self.headers.iter().map(|(name, value)| format!("{name} {value}\n")).collect()
    }
    fn is_cut(&self) -> bool {
        self.is_cut
    }
    fn body(&self, _: Numbers) -> Option<Node> {
        self.body.clone()
    }
    fn start(&self) -> String {
        "a scripted body".to_owned()
    }
    fn date_ms(text: &str) -> f64 {
        text.parse().unwrap_or(f64::NAN)
    }
}
