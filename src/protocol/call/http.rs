//! A request as it is sent, and a response as it arrived.

use crate::protocol::json::Json;

/// The headers that are read, with spaces between.
pub const HEADERS: &str = "date facebook-api-version instagram-api-version x-fb-trace-id x-fb-request-id retry-after x-app-usage x-page-usage \
    x-business-use-case-usage";

/// How the body of a response is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// As the engine reads JSON, without a look at the text: for long lists.
    AsParsed,
    /// Integers that are too long for a double become strings, exact to the last digit.
    Exact,
}

/// A request with its secrets, as it is sent.
#[derive(Default)]
pub struct HttpRequest {
    /// HTTP method.
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// The value of the `Authorization` header, where the token travels in it: not beside a form, which carries the token
    /// itself.
    pub authorization: Option<String>,
    /// A form, percent-encoded.
    pub form: Option<String>,
}

/// A response as it arrived.
pub trait HttpResponse {
    /// What its body is read into.
    type Body: Json;
    /// HTTP status; 0 for a redirect that a browser hides.
    fn status(&self) -> u16;
    /// A header, if there is one and the runtime lets it be read (CORS can hide it).
    fn header(&self, name: &str) -> Option<String>;
    /// All of `HEADERS` that there are, each name before its value, one to a line.
    fn headers(&self) -> String;
    /// Whether the body is longer than what was read of it.
    fn is_cut(&self) -> bool;
    /// The body, if it is JSON.
    fn body(&self, numbers: Numbers) -> Option<Self::Body>;
    /// The start of the body as a string, for what is only shown of it.
    fn start(&self) -> String;
    /// Reads a date as the host does, in milliseconds since 1970; `NaN` where it is none.
    fn date_ms(text: &str) -> f64;
}
