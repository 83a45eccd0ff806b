//! A request as data: what is asked, how it is written as a URL, and the form that may be shown.

use crate::protocol::text::{concat, join_piece, percent_encoded};

/// A path with its parameters; token and proof are no part of it.
#[derive(Debug, PartialEq, Eq)]
pub struct Request {
    path: String,
    parameters: Vec<(&'static str, String)>,
    is_form: bool,
}

impl Request {
    /// A GET without parameters. The path is one that `Settings` made.
    pub fn get(path: String) -> Self {
        Self { path, parameters: Vec::new(), is_form: false }
    }

    /// A POST of a form: its parameters, secrets included, travel in the body.
    pub fn form(path: String) -> Self {
        Self { is_form: true, ..Self::get(path) }
    }

    /// Adds a parameter, if it has a value.
    pub fn set(&mut self, name: &'static str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.parameters.push((name, value.into()));
        }
    }

    /// HTTP method.
    pub fn method(&self) -> &'static str {
        if self.is_form { "POST" } else { "GET" }
    }

    /// Whether the parameters travel in the body.
    pub fn is_form(&self) -> bool {
        self.is_form
    }

    /// Path and query as sent, without token and proof: what errors and events may show.
    pub fn target(&self) -> String {
        self.with_query(&[])
    }

    /// The whole URL. `secrets` are parameters like any other, but in this form alone.
    pub fn url(&self, base_url: &str, secrets: &[(&'static str, &str)]) -> String {
        concat(&[base_url, &self.with_query(secrets)])
    }

    /// The body of a form.
    pub fn body(&self, secrets: &[(&'static str, &str)]) -> Option<String> {
        self.is_form.then(|| self.encoded(secrets))
    }

    fn with_query(&self, secrets: &[(&'static str, &str)]) -> String {
        let query = if self.is_form { String::new() } else { self.encoded(secrets) };
        let separator = if query.is_empty() { "" } else { "?" };
        concat(&[&self.path, separator, &query])
    }

    fn encoded(&self, secrets: &[(&'static str, &str)]) -> String {
        let mut out = String::new();
        for (name, value) in &self.parameters {
            write_parameter(name, value, &mut out);
        }
        for (name, value) in secrets {
            write_parameter(name, value, &mut out);
        }
        out
    }
}

fn write_parameter(name: &str, value: &str, out: &mut String) {
    join_piece(out, "&", name);
    out.push('=');
    percent_encoded(value, out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_in_the_url_alone() {
        let mut request = Request::get("/v25.0/1/conversations".to_owned());
        request.set("limit", Some("5"));
        request.set("after", None::<String>);
        assert_eq!(request.target(), "/v25.0/1/conversations?limit=5");
        assert_eq!(
            request.url("https://graph.facebook.com", &[("access_token", "12|ab")]),
            "https://graph.facebook.com/v25.0/1/conversations?limit=5&access_token=12%7Cab"
        );
    }

    #[test]
    fn a_form_keeps_everything_out_of_the_url() {
        let mut request = Request::form("/v25.0/".to_owned());
        request.set("batch", Some("[]"));
        let secrets = [("access_token", "12|ab")];
        assert_eq!(request.target(), "/v25.0/");
        assert_eq!(request.url("https://graph.facebook.com", &secrets), "https://graph.facebook.com/v25.0/");
        assert_eq!(request.body(&secrets).as_deref(), Some("batch=%5B%5D&access_token=12%7Cab"));
        assert_eq!(Request::get("/v25.0/me".to_owned()).body(&secrets), None);
    }

    #[test]
    fn without_parameters_there_is_no_question_mark() {
        assert_eq!(Request::get("/v25.0/me/x".to_owned()).target(), "/v25.0/me/x");
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_value_stays_one_value(value in ".*", other in ".*") {
            let mut request = Request::get("/v25.0/1/edge".to_owned());
            request.set("a", Some(value.clone()));
            request.set("b", Some(other.clone()));
            let target = request.target();
            let (path, query) = target.split_once('?').unwrap();
            prop_assert_eq!(path, "/v25.0/1/edge");
            let read: Vec<(String, String)> = query.split('&').map(|pair| {
                let (name, value) = pair.split_once('=').unwrap();
                (name.to_owned(), percent_decode_str(value).decode_utf8().unwrap().into_owned())
            }).collect();
            prop_assert_eq!(read, vec![("a".to_owned(), value), ("b".to_owned(), other)]);
            prop_assert!(target.is_ascii() && !target.contains('#'));
        }
    }
}
