//! Thread owners.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use super::call::{self, CallOptions, Numbers, call};
use super::client::Client;
use crate::host::error::refused;
use crate::host::options::{Options, wrong};
use crate::host::value::to_js;
use crate::protocol::thread_owner::{read, request};

/// Reads the owner of one thread. The values are JavaScript's, unchecked.
pub async fn thread_owner(client: Rc<Client>, recipient: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let options = Options::new("options", &options, &[call::OPTIONS], |_| None)?;
    let options = CallOptions::read(&options)?;
    read_owner(client, &recipient, options).await
}

/// The same, with everything in one object.
pub async fn thread_owner_of(value: JsValue) -> Result<JsValue, JsValue> {
    let known: &[&[&str]] = &[call::OPTIONS, &["recipient"]];
    let client = Client::new(&value, known)?;
    let all = Options::new("options", &value, &[known, &[super::client::OPTIONS]].concat(), |_| None)?;
    let recipient = all.value("recipient", A_RECIPIENT)?.unwrap_or(JsValue::UNDEFINED);
    read_owner(Rc::new(client), &recipient, CallOptions::read(&all)?).await
}

const A_RECIPIENT: &str = "the ID of a person as a string (a number would lose digits)";

async fn read_owner(client: Rc<Client>, recipient: &JsValue, options: CallOptions) -> Result<JsValue, JsValue> {
    let recipient = recipient.as_string().ok_or_else(|| wrong("recipient", A_RECIPIENT, recipient))?;
    let request = request(&client.settings, &recipient).map_err(refused)?;
    let answered = call(&client, &options, &request, Numbers::Exact).await?;
    match read(&recipient, &answered.body) {
        Some(owner) => Ok(to_js(&owner)),
        None => Err(answered.unexpected("expected a thread owner; got JSON of another shape")),
    }
}
